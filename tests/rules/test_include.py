"""Rules made of several files, every mistake named in the file where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.rules.check import check_rule_book
from monitor.rules.read import RuleBook, read_rule_book

RULES = """\
ruleset: test
title: A test
include: [shared/words.yaml, shared/parties.yaml]
issuer: uk
addressee: army
consequence: {id: talks, title: Talks, requires: crossing}
actors:
  guard: {names: [Border Guard]}
terms:
  gates: [gate]
conditions:
  crossing:
    title: The crossing is open
    signals:
      - {id: closed, stance: breach, does: [shut], what: [$gates, $people]}
"""
WORDS = """\
# words for everyone
terms:
  gates: [crossing, border]
  people: [villager, herder]
"""
PARTIES = """\
actors:
  army:
    names: [Northland army]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    (tmp_path / "rules" / "shared").mkdir(parents=True)
    for name, text in (("test", RULES), ("shared/words", WORDS), ("shared/parties", PARTIES)):
        (tmp_path / "rules" / f"{name}.yaml").write_text(text)
    return tmp_path / "rules"


def book(rules: Path) -> RuleBook:
    return read_rule_book([rules], rules.parent / "seeds")


def problems(rules: Path) -> list[str]:
    found = check_rule_book(book(rules))
    return [f"{Path(p.file).relative_to(rules)}:{p.line}: {p.message}" for p in found]


def test_what_is_included_is_used_and_what_the_ruleset_says_itself_counts(rules: Path) -> None:
    assert problems(rules) == []
    (ruleset,) = book(rules).rulesets
    assert ruleset.terms == {"gates": ("gate",), "people": ("villager", "herder")}
    assert set(ruleset.actors) == {"guard", "army"}


def test_the_meaning_of_rules_does_not_depend_on_how_they_are_split(rules: Path) -> None:
    (split,) = book(rules).rulesets
    whole = RULES.replace("include: [shared/words.yaml, shared/parties.yaml]\n", "")
    whole = whole.replace("terms:\n", "terms:\n  people: [villager, herder]\n")
    whole = whole.replace("actors:\n", "actors:\n  army: {names: [Northland army]}\n")
    (rules / "test.yaml").write_text(whole)
    assert book(rules).rulesets[0].digest == split.digest


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("shared/words", "herder", "$herders", "shared/words.yaml:4: unknown list `$herders`"),
        ("shared/parties", "names:", "name:", "shared/parties.yaml:3: `name` is not a key that belongs here"),
        ("shared/words", "terms:", "term:", "shared/words.yaml:2: `term` cannot be included; did you mean `terms`"),
        ("shared/words", "  people:", "  people: [x]\n  people:", "shared/words.yaml:5: `people` stands here a second"),
        ("test", "words.yaml", "word.yaml", "test.yaml:3: there is no file `shared/word.yaml`; did you mean `shared/w"),
        ("test", "shared/words.yaml", "../secret.yaml", "test.yaml:3: `../secret.yaml` lies outside the rules folder"),
        ("test", "shared/words.yaml", "/etc/passwd", "test.yaml:3: `/etc/passwd` lies outside the rules folder"),
        ("test", "[shared/words.yaml, shared/parties.yaml]", "words.yaml", "test.yaml:3: `include` expected a list"),
        ("shared/words", "terms:", "include: [x.yaml]\nterms:", "shared/words.yaml:2: `include` cannot be included"),
    ],
)
def test_a_mistake_is_named_in_the_file_where_it_stands(rules: Path, file: str, old: str, new: str, said: str) -> None:
    path = rules / f"{file}.yaml"
    (rules.parent / "secret.yaml").write_text("terms: {people: [secret]}\n")
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new, 1))
    assert any(found.startswith(said) for found in problems(rules)), problems(rules)


def test_a_link_out_of_the_rules_folder_is_not_followed(rules: Path) -> None:
    (rules.parent / "secret.yaml").write_text("terms: {people: [secret]}\n")
    (rules / "shared" / "words.yaml").unlink()
    (rules / "shared" / "words.yaml").symlink_to(rules.parent / "secret.yaml")
    assert any("lies outside the rules folder" in found for found in problems(rules))
