"""Deeds told from words: the plain cases, by construction of the sentence."""

from __future__ import annotations

import pytest
from schools import RULES, findings, stances

from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Asserter, Item, Stance
from monitor.rules.ruleset import Ruleset


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # who did what to whom, in every voice
        ("The Taliban banned girls from school.", "breach"),
        ("Girls were banned from school by the Taliban.", "breach"),
        ("Taliban ban girls from school", "breach"),
        ("Girls barred from school in Kabul", "breach"),
        ("The Taliban's ban on girls' schools angered many.", "breach"),
        ("The Taliban, who had promised much, banned girls from school.", "breach"),
        ("Afghan girls return to school", "fulfilment"),
        ("The Taliban have reopened girls' schools.", "fulfilment"),
        # reversal and failure
        ("The Taliban lifted the ban on girls' schools.", "fulfilment"),
        ("The ban on girls in Kabul schools was lifted.", "fulfilment"),
        ("Girls are no longer barred from school in Kabul.", "fulfilment"),
        ("The Taliban refused to let girls return to school.", "breach"),
        ("The Taliban failed to reopen girls' schools.", "breach"),
        ("The Taliban have not reopened girls' schools.", "breach"),
        ("The Taliban reversed their decision to reopen girls' schools.", "breach"),
        ("The Taliban stopped short of reopening girls' schools.", "breach"),
        # words
        ("The Taliban promised to reopen girls' schools.", "pledge"),
        ("Taliban to reopen girls' schools", "pledge"),
        ("The Taliban will reopen girls' schools.", "pledge"),
        ("The Taliban promised to lift the ban on girls' schools.", "pledge"),
        ("The Taliban vowed not to ban girls from school.", "pledge"),
        ("The Taliban threatened to ban girls from school.", "threat"),
        ("The Taliban will ban girls from university.", "threat"),
        ("The UN urged the Taliban to reopen girls' schools.", "demand"),
        ("Taliban urged to let girls return to school", "demand"),
        ("The Taliban must reopen girls' schools, the UK says.", "demand"),
        ("The UN called on the Taliban to lift the ban on girls' schools.", "demand"),
        ("The Taliban denied that they had banned girls from school.", "denial"),
        ("The Taliban deny banning girls from school.", "denial"),
        ("The Taliban rejected a report that girls had been banned from school.", "denial"),
    ],
)
def test_one_stance(text: str, expected: str) -> None:
    assert stances(text) == {Stance(expected)}


@pytest.mark.parametrize(
    "text",
    [
        "Iran barred women from university.",
        "The Pakistani Taliban shut a girls' school in Swat.",
        "Pakistan bans Afghan girls from schools.",
        "Girls were barred from school by the Pakistani Taliban.",
        "Will the Taliban let girls return to school?",
        "The Taliban may ban girls from school.",
        "If the Taliban ban girls from school, donors will leave.",
        "Fears that the Taliban will ban girls from school",
        "During their first rule in the 1990s the Taliban banned girls from school.",
        "Girls banned from school in Iran, says Kabul newspaper",
        "A school for girls opened a library.",
    ],
)
def test_neither_deed_nor_word(text: str) -> None:
    assert stances(text) == set()


def test_one_text_may_hold_both_sides() -> None:
    text = "Girls return to some schools in Kabul, but they remain barred from university."
    assert stances(text) == {Stance.FULFILMENT, Stance.BREACH}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Girls had been barred from school in Kabul. The Taliban reopened girls' schools.", {"fulfilment"}),
        ("Girls are barred from school in Kabul. The Taliban reopened girls' schools.", {"fulfilment", "breach"}),
        ("An official said girls had been barred from school in Kabul.", {"breach"}),
        ("Hours after the Taliban barred girls from school, a minister reopened girls' schools.", {"fulfilment"}),
        ("Hours after the Taliban barred girls from school, it rained.", {"breach"}),
    ],
)
def test_what_had_been_so_before_it_was_reversed_is_over(text: str, expected: set[str]) -> None:
    assert {stance.value for stance in stances(text)} == expected


def test_a_pronoun_means_whoever_was_named() -> None:
    assert stances(
        "Protests in Kabul after the Taliban shut schools", "They banned girls from university as well."
    ) == {Stance.BREACH}


@pytest.mark.parametrize(
    ("text", "asserter"),
    [
        ("The Taliban banned girls from school.", Asserter.NARRATOR),
        ("The Taliban say they have reopened girls' schools.", Asserter.ADDRESSEE),
        ("The UK says the Taliban banned girls from school.", Asserter.ISSUER),
        ("The Taliban banned girls from school, Amnesty International says.", Asserter.OTHER),
        ("Taliban told to reopen girls' schools", Asserter.NARRATOR),
        ("The UN rejects the Taliban's claim that no girl is banned from school.", Asserter.OTHER),
    ],
)
def test_who_says_so(text: str, asserter: Asserter) -> None:
    assert {f.asserted_by for f in findings(text)} == {asserter}


def test_the_quote_is_a_slice_of_the_text_and_its_words_stand_in_it() -> None:
    item = Item(id="x", title="News", text="It rained. The Taliban banned girls from school. It snowed.")
    (finding,) = read_item(RULES, item).findings
    assert finding.quote == "The Taliban banned girls from school."
    assert finding.span.of(item.body) == finding.quote
    assert {word.of(item.body) for word in finding.words} == {"banned", "girls", "school"}


def test_a_near_miss_says_what_was_missing() -> None:
    readout = read_item(RULES, Item(id="x", title="Iran barred women from university."), closely=True)
    assert not readout.findings
    assert any("Iran" in near.missing for near in readout.near_misses)


def test_what_gave_way_to_the_rest_of_the_item_says_why() -> None:
    before = "Girls had been barred from school in Kabul. The Taliban reopened girls' schools."
    announced = Item(id="x", title="Taliban reopen girls' schools", text="The Taliban will reopen girls' schools.")
    assert any("reversed" in near.missing for near in read_item(RULES, Item(id="x", title=before)).near_misses)
    assert any("promises" in near.missing for near in read_item(RULES, announced).near_misses)


def test_an_exact_word_does_not_match_its_inflections() -> None:
    ruleset = RULES.rulesets[0].model_copy(deep=True)
    data = ruleset.model_dump(by_alias=True)
    data["conditions"]["schools"]["signals"][0]["does"] = ['"shut"']
    exact = CompiledRules([Ruleset.model_validate(data)])
    assert read_item(exact, Item(id="x", title="The Taliban shut girls' schools.")).findings
    assert not read_item(exact, Item(id="x", title="The Taliban are shutting girls' schools.")).findings


@pytest.mark.parametrize(
    ("answer", "denied"),
    [
        (". The Taliban dismissed the report as propaganda.", True),
        (". Kabul has rejected the accusation.", True),
        (". The Taliban deny this.", True),
        (". The Taliban called the claims baseless.", True),
        (". It snowed. The Taliban denied the allegation.", True),
        (". The Taliban did not deny the report.", False),
        (". The Taliban rejected a report on the harvest.", False),
        (". Tehran rejected the accusation.", False),
        (". Kabul residents dismissed the report.", False),
        (". The Taliban called the report useful.", False),
        (", a charge the Taliban deny.", True),
        (", which Kabul denies.", True),
        (", while Kabul denies the claims.", True),
        (", but the Taliban have rejected it.", True),
        (", a charge Tehran denies.", False),
        (", while Kabul denies it is hungry.", False),
    ],
)
def test_an_answer_to_what_was_reported_is_a_denial_beside_the_report(answer: str, denied: bool) -> None:
    body = f"The UN accuses the Taliban of banning girls from school{answer}"
    assert stances("News", body) == ({Stance.BREACH, Stance.DENIAL} if denied else {Stance.BREACH})


def test_nothing_is_denied_where_nothing_was_reported() -> None:
    assert stances("News", "The Taliban dismissed the report as propaganda.") == set()
    assert stances("News", "The Taliban say they banned girls from school. The Taliban deny this.") == {Stance.BREACH}
