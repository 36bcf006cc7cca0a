"""Every mistake in a rule file is named with its line, and with a way out."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.problem import Problem
from monitor.rules.check import check_rule_book, check_source_text
from monitor.rules.read import read_rule_book
from monitor.starter import starter_folder

SOURCE = """\
source: speech
title: A speech
publisher: PA
published: 2021-08-30
sha256: 64a66f4ba16a1d0c2c5e66ac1b5c9b6e5ea55c6ab3e9f7b76e9c0b0c3df8d8b1
statements:
  asked:
    speaker: A minister
    role: Minister
    reported: direct
    quote: open the schools
    span: [10, 26]
"""
RULES = """\
ruleset: test
title: A test
source: speech
issuer: uk
addressee: regime
consequence:
  id: aid
  title: Aid
  requires: schools
actors:
  regime: {names: [Taliban]}
terms:
  women: [woman, girl]
conditions:
  schools:
    title: Schools are open
    statement: asked
    signals:
      - id: closed
        stance: breach
        does: [shut]
        what: [$women]
        lasts: until-reversed
"""


def check(tmp_path: Path, rules: str, source: str = SOURCE) -> list[Problem]:
    (tmp_path / "rules").mkdir(exist_ok=True)
    (tmp_path / "seeds").mkdir(exist_ok=True)
    (tmp_path / "rules" / "test.yaml").write_text(rules)
    (tmp_path / "seeds" / "speech.yaml").write_text(source)
    return check_rule_book(read_rule_book([tmp_path / "rules"], tmp_path / "seeds"))


def test_a_sound_file_has_no_problems(tmp_path: Path) -> None:
    assert check(tmp_path, RULES) == []


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ("title: A test", "titel: A test", 2, "did you mean `title`"),
        ("addressee: regime", "addressee: regimes", 5, "did you mean `regime`"),
        ("source: speech", "source: speach", 3, "did you mean `speech`"),
        ("statement: asked", "statement: ask", 17, "did you mean `asked`"),
        ("requires: schools", "requires: school", 9, "did you mean `schools`"),
        ("requires: schools", "requires: schools and", 9, "ends too early"),
        ("requires: schools", "requires: (schools", 9, "never closed"),
        ("stance: breach", "stance: broken", 20, "fulfilment"),
        ("what: [$women]", "what: [$woman]", 22, "did you mean `$women`"),
        ("does: [shut]", "does: shut", 21, "expected a list"),
        ("does: [shut]", "does: ['!']", 21, "holds no word"),
        ("lasts: until-reversed", "lasts: 3 moons", 23, "90d"),
        ("lasts: until-reversed", "reverses: [opened]", 23, "names no signal"),
        ("lasts: until-reversed", "who: regim", 23, "did you mean `regime`"),
        ("women: [woman, girl]", "women: [$women]", 13, "contains itself"),
        ("does: [shut]", "does: [1999]", 21, "entry 1 of `does` expected text, found `1999`; put it in single quotes"),
        ("does: [shut]", "does: [shut, true]", 21, "entry 2 of `does` expected text"),
        ("does: [shut]", "does: []", 21, "`does` needs at least one entry"),
        ("does: [shut]", "does: [shut", 22, "what began on line 21 is not closed or lacks a comma"),
        ("title: A test", "title: A test: again", 2, "a text with a colon in it needs quotes"),
        ("title: A test", "title: @test", 2, "put the text in quotes"),
        ("title: A test", "title: 'A test", 2, "a quote that opens here is never closed"),
        ("title: A test", "title: *test", 2, "an asterisk begins an alias"),
        ("title: A test", "title A test", 2, "a key and its value are parted by a colon and a space"),
        ("title: A test", "  title: A test", 2, "not valid YAML"),
        ("title: A test", "title: 5", 2, "put it in single quotes"),
        ("statement: asked", "by: soon", 17, "such as 2022-03-31"),
        ("statement: asked", "by: 2022-02-30", 17, "such as 2022-03-31"),
        ("id: closed", "id: Closed!", 19, "lower case"),
        ("    title: Schools are open", "    title: Schools are open\n    title: Again", 17, "second time"),
        ("issuer: uk", "issuer: [uk", 5, "not valid YAML"),
        ("issuer: uk", "\tissuer: uk", 4, "not valid YAML"),
    ],
)
def test_a_mistake_is_named_with_its_line_and_its_cure(
    tmp_path: Path, old: str, new: str, line: int, said: str
) -> None:
    assert old in RULES
    problems = check(tmp_path, RULES.replace(old, new, 1))
    assert any(said in p.message for p in problems), problems
    assert any(p.line == line for p in problems), problems
    assert all(p.file.endswith("test.yaml") for p in problems)


def test_all_problems_are_named_in_one_run(tmp_path: Path) -> None:
    broken = RULES.replace("$women]", "$wimmin]").replace("statement: asked", "statement: ask")
    assert len([p for p in check(tmp_path, broken) if p.level == "error"]) == 2


def test_a_hope_is_never_required(tmp_path: Path) -> None:
    problems = check(tmp_path, RULES.replace("    statement: asked", "    statement: asked\n    kind: hope"))
    assert any("hopes are never required" in p.message for p in problems)


def test_a_span_of_the_wrong_length_is_found_without_the_text(tmp_path: Path) -> None:
    problems = check(tmp_path, RULES, SOURCE.replace("[10, 26]", "[10, 27]"))
    assert [(p.line, "17 characters long" in p.message) for p in problems] == [(12, True)]


@pytest.mark.parametrize(
    ("text", "sound"), [("We said: open the schools, now", False), ("We asked: open the schools, now", True)]
)
def test_quotes_are_proved_against_the_full_text(tmp_path: Path, text: str, sound: bool) -> None:
    import hashlib

    document = tmp_path / "speech.txt"
    document.write_text(text)
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = SOURCE.replace("64a66f4ba16a1d0c2c5e66ac1b5c9b6e5ea55c6ab3e9f7b76e9c0b0c3df8d8b1", digest)
    check(tmp_path, RULES, source)
    book = read_rule_book([tmp_path / "rules"], tmp_path / "seeds")
    problems = check_source_text(book, document)
    assert (problems == []) is sound
    if not sound:
        assert problems[0].line == 12
        assert "it stands at [9, 25]" in problems[0].message


def test_a_text_of_no_source_is_said_to_be_that(tmp_path: Path) -> None:
    check(tmp_path, RULES)
    document = tmp_path / "other.txt"
    document.write_text("something else")
    problems = check_source_text(read_rule_book([tmp_path / "rules"], tmp_path / "seeds"), document)
    assert "text of no source" in problems[0].message


@pytest.mark.parametrize(
    "hostile",
    [
        "a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
        "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c]\ne: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d]\nf: [*e,*e,*e,*e,*e,*e,*e,*e,*e]\n",
        "[" * 500 + "]" * 500,
        "a: !!python/object/apply:os.system ['true']\n",
        "? [a, b]\n: c\n",
        "\x00",
        "",
        "just text",
        "- a\n- b\n",
    ],
)
def test_hostile_yaml_is_refused_and_never_raises(tmp_path: Path, hostile: str) -> None:
    assert any(problem.level == "error" for problem in check(tmp_path, hostile))


def test_double_quotes_mean_the_letter(tmp_path: Path) -> None:
    check(tmp_path, RULES.replace("does: [shut]", 'does: ["shut", close]'))
    (file,) = read_rule_book([tmp_path / "rules"], tmp_path / "seeds").rules
    assert file.ruleset.conditions["schools"].signals[0].does == ('"shut"', "close")


def test_the_digest_names_the_meaning_and_not_the_layout(tmp_path: Path) -> None:
    def digest(text: str) -> str:
        check(tmp_path, text)
        return read_rule_book([tmp_path / "rules"], tmp_path / "seeds").rulesets[0].digest

    first = digest(RULES)
    assert digest("# a comment\n" + RULES.replace("[woman, girl]", "\n    - woman\n    - girl")) == first
    assert digest(RULES.replace("girl]", "girls]")) != first


def test_the_shipped_rules_have_no_problem_and_every_signal_is_proved_both_ways() -> None:
    from monitor.proof.examples import check_examples

    book = read_rule_book([starter_folder() / "rules"], starter_folder() / "seeds")
    assert check_rule_book(book) == []
    assert [problem for file in book.rules for problem in check_examples(file)] == []
    for ruleset in book.rulesets:
        for _, signal in ruleset.signals():
            found = [example for example in signal.examples if example.expect != "none"]
            assert len(found) >= 2, signal.id
            assert len(found) < len(signal.examples), signal.id
