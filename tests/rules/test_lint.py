"""Rules that are allowed and still look like a mistake; rules that mean harm; the forms that problems take."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from commandline import Monitor
from loopback import FeedServer

from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Item
from monitor.rules.check import check_rule_book
from monitor.rules.read import read_rule_book

RULES = """\
ruleset: test
title: A test
issuer: uk
addressee: regime
consequence: {id: aid, title: Aid, requires: schools}
actors:
  regime: {names: [Northland]}
terms:
  women: [woman, girl]
  pupils: [$women, boy]
conditions:
  schools:
    title: Schools are open
    signals:
      - {id: closed, stance: breach, does: [shut, bar], what: [$pupils]}
      - {id: opened, stance: fulfilment, does: [reopen], what: [$women]}
"""


def found(tmp_path: Path, text: str) -> list[str]:
    (tmp_path / "rules").mkdir(exist_ok=True)
    (tmp_path / "rules" / "test.yaml").write_text(text)
    problems = check_rule_book(read_rule_book([tmp_path / "rules"], tmp_path / "seeds"))
    return [f"{p.line} {p.level}: {p.message}" for p in problems]


def test_sound_rules_are_not_complained_about(tmp_path: Path) -> None:
    assert found(tmp_path, RULES) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "does: [reopen], what: [$women]",
            "does: [say]",
            "16 warning: `say` stands in most news; say to what under `what`, or use a phrase",
        ),
        ("does: [shut, bar]", "does: [shut, bar, shut]", "15 warning: `shut` stands here a second time"),
        ("[woman, girl]", "[woman, girl, woman]", "9 warning: `woman` stands here a second time"),
        (
            "      - {id: opened",
            "      - {id: narrow, stance: breach, does: [bar], what: [[girl]]}\n      - {id: opened",
            "16 warning: signal `narrow` is shadowed: whatever it finds, `closed` finds as well",
        ),
        (
            "      - {id: opened",
            "      - {id: again, stance: breach, does: [bar, shut], what: [$pupils]}\n      - {id: opened",
            "16 warning: signal `again` is shadowed: whatever it finds, `closed` finds as well",
        ),
        ("  pupils:", "  places: [Kabul]\n  pupils:", "10 warning: no signal uses list `$places`"),
        ("[woman, girl]", "[]", "9 error: list `$women` is empty, so nothing can match it"),
        ("what: [$pupils]", "what: [[]]", "15 error: is an empty list, so nothing can match it"),
    ],
)
def test_what_looks_like_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in RULES
    assert said in found(tmp_path, RULES.replace(old, new, 1))


@pytest.mark.parametrize(
    ("old", "new", "line", "word", "said"),
    [
        ("[Northland]", "[Nоrthland]", 7, "Nоrthland", "Latin and Cyrillic letters: “о” (2nd letter) is Cyrillic"),
        ("[Northland]", "[North], context: [Nοrth]", 7, "Nοrth", "Latin and Greek letters: “ο” (2nd letter) is Greek"),
        ("[Northland]", "[North], not: [South Рort]", 7, "Рort", "Latin and Cyrillic letters: “Р” (1st letter) is"),
        ("girl]", "gіrl]", 9, "gіrl", "“і” (2nd letter) is Cyrillic"),
        ("girl]", "суд, cуд]", 9, "cуд", "Cyrillic and Latin letters: “c” (1st letter) is Latin"),
        ("does: [shut,", 'does: ["all shuт",', 15, "shuт", "“т” (4th letter) is Cyrillic"),
        ("what: [$women]", "what: [[mаn]]", 16, "mаn", "“а” (2nd letter) is Cyrillic"),
        ("what: [$women]", "what: [$women], lang: fr, unless: [pаs]", 16, "pаs", "“а” (2nd letter) is Cyrillic"),
        (
            "what: [$women]",
            "what: [$women], examples: [{text: A schооl reopens, expect: fulfilment}]",
            16,
            "schооl",
            "“о” (4th letter) is Cyrillic",
        ),
    ],
)
def test_a_letter_of_another_alphabet_is_named_with_its_line(
    tmp_path: Path, old: str, new: str, line: int, word: str, said: str
) -> None:
    assert old in RULES
    [problem] = [p for p in found(tmp_path, RULES.replace(old, new, 1)) if "mixes" in p]
    assert problem.startswith(f"{line} warning: `{word}` mixes ")
    assert said in problem
    assert problem.endswith("; type the word again")


@pytest.mark.parametrize(
    "words",
    ["α-decay, №5, Covid-19", "Ελλάδα, Россия, Հայաստան", "Köln, 20µm, Ōsaka", "東京タワー, K팝, Tシャツ", "суд court"],
)
def test_words_of_several_scripts_that_belong_together_are_no_mistake(tmp_path: Path, words: str) -> None:
    assert found(tmp_path, RULES.replace("[woman, girl]", f"[{words}]", 1)) == []


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("Northland]", "North\u00adland]", "7 warning: `Northland` holds an invisible character, U+00AD (soft hyphen)"),
        ("girl]", "\u200egirl]", "9 warning: `girl` holds an invisible character, U+200E (left-to-right mark)"),
        ("[shut,", '["shut\u200b",', '15 warning: `"shut"` holds an invisible character, U+200B (zero width space)'),
    ],
)
def test_an_invisible_character_is_named_and_does_no_harm(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in RULES
    assert found(tmp_path, RULES.replace(old, new, 1)) == [f"{said}; type the word again"]


def test_a_rule_pasted_with_invisible_characters_finds_what_it_says(tmp_path: Path) -> None:
    text = "Northland shut the school for girls."
    pasted = (
        RULES.replace("Northland", "North\u00adland")
        .replace("[shut,", '["sh\u200but",')
        .replace("girl]", "gi\u00adrl]")
    )
    for number, rules in enumerate((RULES, pasted)):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / "test.yaml").write_text(rules)
        book = read_rule_book([folder], tmp_path / "seeds")
        [finding] = read_item(CompiledRules(book.rulesets), Item(id="1", title=text)).evidence
        assert finding.signal == "closed"


def test_a_narrower_signal_that_lasts_longer_or_reverses_is_not_shadowed(tmp_path: Path) -> None:
    own = (
        "      - {id: narrow, stance: breach, does: [bar], what: [[girl]], lasts: until-reversed}\n      - {id: opened"
    )
    assert found(tmp_path, RULES.replace("      - {id: opened", own)) == []


LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param(LAUGHS, "too large or too deeply nested", id="aliases that explode"),
        pytest.param("ruleset: " + "[" * 500 + "]" * 500, "nested", id="nested lists"),
        pytest.param("ruleset: " + "[" * 100_000, "nested", id="a hundred thousand brackets"),
        pytest.param("ruleset: " + "{a: [" * 50_000 + "]}" * 50_000, "nested", id="brackets in brackets"),
        pytest.param("ruleset: &a [*a]", "", id="an alias to itself"),
        pytest.param("!!python/object/apply:os.system ['touch hacked']", "", id="code in a tag"),
        pytest.param("ruleset: !!python/name:os.system ''", "", id="a name in a tag"),
        pytest.param("x" * 3_000_000, "larger than 2 MB", id="a large file"),
        pytest.param("ruleset: \x00\x01", "", id="control characters"),
        pytest.param("- " * 50_000, "", id="fifty thousand dashes"),
        pytest.param("? [a, b]\n: c", "not a plain word", id="a key that is a list"),
        pytest.param("a: 1\n---\nb: 2", "", id="two documents"),
    ],
)
def test_rules_that_mean_harm_are_refused_quickly_and_do_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    started = time.process_time()
    problems = found(tmp_path, text)
    assert time.process_time() - started < 10
    assert problems
    assert any(said in problem for problem in problems), problems
    assert not (tmp_path / "hacked").exists()


def test_a_pattern_of_any_words_is_matched_in_linear_time(folder: Path, monitor: Monitor) -> None:
    """No rule can make reading slow: there are no regular expressions to write."""
    (folder / "rules").mkdir()
    words = ", ".join(f"a a a a a a a a b{n}" for n in range(200))
    (folder / "rules" / "test.yaml").write_text(RULES.replace("does: [shut, bar]", f"does: [{words}]"))
    (folder / "items.jsonl").write_text(json.dumps({"title": "Northland girls", "summary": "a " * 9_000}) + "\n")
    started = time.process_time()
    assert monitor("match", "items.jsonl", "--rules", "rules").code == 0
    assert time.process_time() - started < 10


def test_problems_as_github_shows_them(folder: Path, monitor: Monitor) -> None:
    (folder / "rules").mkdir()
    (folder / "rules" / "test.yaml").write_text(RULES.replace("what: [$pupils]", "what: [$pupil]"))
    ran = monitor("rules", "check", "--format", "github")
    assert ran.code == 2
    assert "::error file=rules/test.yaml,line=15,col=" in ran.out
    assert "::unknown list `$pupil`; did you mean `$pupils`?" in ran.out


def test_signals_that_never_found_anything_in_the_archive(
    workspace: Path, server: FeedServer, monitor: Monitor, starter_rules: CompiledRules
) -> None:
    server.serve({"guid": "1", "title": "Taliban ban women from universities"})
    assert monitor("run", "--once").code == 0
    ran = monitor("rules", "check", "--archive", "--format", "json")
    silent = {p["message"].split("`")[1] for p in json.loads(ran.out) if "has found nothing" in p["message"]}
    assert ran.code == 0
    assert silent == {signal.id for rules in starter_rules.rulesets for _, signal in rules.signals()} - {
        "schooling-ban"
    }
    assert "schooling-ban" not in silent
