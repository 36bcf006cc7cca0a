"""The rules against labelled sentences of our own: floors under every score, on three subjects.

A change that lowers a score below its floor is a regression; the floors are a little under what was measured when the
sets were made. See `monitor evaluate` for the scores and every mistake.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import monitor
from monitor.commands.labelled import read_labelled
from monitor.evaluation.keyword_baseline import keyword_pairs
from monitor.evaluation.score import Labelled, Scores, score
from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.rules.check import check_rule_book
from monitor.rules.read import read_rule_book

HERE = Path(__file__).parent
OTHER_SUBJECTS = ("ethiopia-ceasefire", "georgia-visa")


def rules_for(subject: str, starter: CompiledRules) -> CompiledRules:
    if subject not in OTHER_SUBJECTS:
        return starter
    book = read_rule_book([HERE / "rules" / f"{subject}.yaml"], HERE / "none")
    assert [problem for problem in check_rule_book(book) if problem.level == "error"] == []
    return CompiledRules(book.rulesets)


def evaluate_rules(rules: CompiledRules, labelled: list[Labelled]) -> Scores:
    return score((one, read_item(rules, one.item).pairs) for one in labelled)


@pytest.mark.parametrize("subject", ["uk-taliban-recognition", *OTHER_SUBJECTS])
def test_the_scores_do_not_fall(subject: str, starter_rules: CompiledRules) -> None:
    scores = evaluate_rules(rules_for(subject, starter_rules), read_labelled(HERE / f"{subject}.jsonl"))
    assert scores.pairs.f1 >= 0.93
    assert scores.pairs.precision >= 0.97
    assert scores.pairs.recall >= 0.88
    assert scores.deeds.f1 >= 0.94
    assert scores.relevance.f1 >= 0.95
    assert scores.words_for_deeds.count <= 0.02 * scores.words_for_deeds.of
    assert scores.false_alarms.count <= 0.02 * scores.false_alarms.of
    for name, tally in scores.conditions.items():
        assert tally.f1 >= 0.9, name
    for stance, tally in scores.stances.items():
        assert tally.f1 >= 0.85, stance


def test_the_own_set_is_large_and_half_of_the_work_is_saying_no() -> None:
    labelled = read_labelled(HERE / "uk-taliban-recognition.jsonl")
    assert len(labelled) >= 150
    assert sum(not one.must for one in labelled) >= 60


@pytest.mark.parametrize("subject", OTHER_SUBJECTS)
def test_another_subject_takes_less_than_sixty_lines(subject: str) -> None:
    assert len((HERE / "rules" / f"{subject}.yaml").read_text("utf-8").splitlines()) < 60


def test_a_keyword_alert_made_from_the_same_rules_does_far_worse(starter_rules: CompiledRules) -> None:
    labelled = read_labelled(HERE / "uk-taliban-recognition.jsonl")
    ours = evaluate_rules(starter_rules, labelled)
    theirs = score((one, keyword_pairs(starter_rules, one.item)) for one in labelled)
    assert ours.pairs.f1 > theirs.pairs.f1 + 0.15
    assert ours.words_for_deeds.count < theirs.words_for_deeds.count
    assert ours.false_alarms.count < theirs.false_alarms.count


def test_nothing_in_the_code_is_about_one_subject(starter_rules: CompiledRules) -> None:
    """Names of the shipped rules' actors stand in rules, data on places, and the demo, never in Python."""
    actors = [actor for ruleset in starter_rules.rulesets for actor in ruleset.actors.values()]
    names = {name for actor in actors for name in (*actor.names, *actor.context, *actor.unlike)}
    names -= {"UK", "Britain", "British", "London"}  # any example may name a state
    code = [path for path in Path(monitor.__file__).parent.rglob("*.py") if "demo" not in path.parts]
    assert len(code) > 50
    pattern = re.compile(r"\b(?:" + "|".join(map(re.escape, sorted(names))) + r")\b")
    assert {str(path): found for path in code if (found := pattern.findall(path.read_text("utf-8")))} == {}
