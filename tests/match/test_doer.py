"""Who does what, by grammar: each question with sentences of its own, and deeds that change hands with the names."""

from __future__ import annotations

from functools import cache

import pytest

from monitor.match.item_reader import read_item
from monitor.match.lookup.actors import ActorIndex
from monitor.match.lookup.compiled import CompiledRules
from monitor.match.lookup.patterns import Place
from monitor.match.roles.syntactic_roles import doer_of, is_passive, own_object
from monitor.match.sentence.annotated_sentence import View
from monitor.model import Item
from monitor.rules.ruleset import Ruleset
from monitor.text.sentences import Sentence


@cache
def rules() -> CompiledRules:
    """Westland is watched for what it does to Eastland."""
    signals = [
        {"id": f"{word.replace(' ', '-')}", "stance": "breach", "does": [word], "what": [["Eastland"]], "lasts": "30d"}
        for word in (
            "target",
            "attack",
            "raid",
            "shell",
            "arrest",
            "blockade",
            "tax",
            "expel",
            "strike",
            "sue",
            "seize",
            "meet",
        )
    ]
    # A town that is no party of the rules.
    signals.append(
        {"id": "shell-town", "stance": "breach", "does": ["bombard"], "what": [["Southport"]], "lasts": "30d"}
    )
    return CompiledRules(
        [
            Ruleset.model_validate(
                {
                    "ruleset": "neighbours", "title": "Two neighbours", "issuer": "eastland", "addressee": "westland",
                    "consequence": {"id": "trade", "title": "Trade", "requires": "peace"},
                    "actors": {"westland": {"names": ["Westland"]}, "eastland": {"names": ["Eastland"]}},
                    "conditions": {"peace": {"title": "Peace", "signals": signals}},
                }
            )
        ]
    )  # fmt: skip


def seen(text: str, line: int = 1) -> View:
    actors: ActorIndex = rules().actors["neighbours"]
    return View(Sentence(0, len(text), line, text), actors)


def place_of(view: View, word: str) -> int:
    return next(place for place, token in enumerate(view.tokens) if token.norm == word.lower())


@pytest.mark.parametrize(
    ("text", "deed", "doer"),
    [
        # Its own subject, also one that others stand before or behind.
        ("Westland shelled the port.", "shelled", "Westland"),
        ("UN: Westland still sheltering rebels", "sheltering", "Westland"),
        ("The navy of Westland has seized two boats.", "seized", "navy"),
        # A subject that verbs share.
        ("Westland closed the border and expelled the envoys.", "expelled", "Westland"),
        ("Westland attacked a base in the hills overnight and killed ten soldiers.", "killed", "Westland"),
        # One that is taken over.
        ("Westland agreed to close the port.", "close", "Westland"),
        ("Eastland ordered the army to close the port.", "close", "army"),
        ("Eastland called on Westland to open the port.", "open", "Westland"),
        ("Eastland pressed Westland to open the port.", "open", "Westland"),
        ("Eastland accused Westland of shelling villages.", "shelling", "Westland"),
        ("Eastland warned Westland against closing the port.", "closing", "Westland"),
        ("Eastland welcomed the news of Westland opening the port.", "opening", "Westland"),
        ("Westland repealed the act, ending the dispute.", "ending", "Westland"),
        ("The council was wary of new measures, especially in closing the port.", "closing", ""),
        # A relative clause, a participle behind a noun, a clause that is reported.
        ("Soldiers who shelled the port were praised.", "shelled", "Soldiers"),
        ("Soldiers guarding the port were tired.", "guarding", "Soldiers"),
        ("Westland said Eastland had shelled its villages.", "shelled", "Eastland"),
        # Passives.
        ("The port was shelled by Westland.", "shelled", "Westland"),
        ("The port was shelled by night.", "shelled", "night"),
        ("The port was shelled.", "shelled", ""),
        # Nouns.
        ("Westland's attack shocked the region.", "attack", "Westland"),
        ("A Westland attack shocked the region.", "attack", "Westland"),
        ("An attack by Westland shocked the region.", "attack", "Westland"),
        ("The attack shocked the region.", "attack", ""),
    ],
)
def test_who_does_it(text: str, deed: str, doer: str) -> None:
    view = seen(text)
    found = doer_of(view, place_of(view, deed))
    assert (view.tokens[found].norm if found is not None else "") == doer.lower()


@pytest.mark.parametrize(
    ("text", "verb", "passive"),
    [
        ("The port was shelled.", "shelled", True),
        ("The port was shelled and taken.", "taken", True),
        ("Westland has shelled the port and burnt it.", "burnt", False),
        ("Westland had shelled the port.", "shelled", False),
        ("A court in Westland convicted a sailor.", "convicted", False),
        ("Two sailors arrested in Westland were freed.", "arrested", True),
    ],
)
def test_whether_it_was_done_to_the_subject(text: str, verb: str, passive: bool) -> None:
    view = seen(text)
    assert is_passive(view, place_of(view, verb)) is passive


@pytest.mark.parametrize(
    ("text", "verb", "thing"),
    [
        ("The navy seized two boats.", "seized", "boats"),
        ("The navy quickly seized two boats.", "seized", "boats"),
        # An amount, what the subject owns, what stands further away.
        ("Output fell 95 per cent.", "fell", ""),
        ("The schools opened their gates.", "opened", ""),
        ("The navy waited at the port.", "waited", ""),
    ],
)
def test_what_it_is_done_to(text: str, verb: str, thing: str) -> None:
    view = seen(text)
    place = place_of(view, verb)
    found = own_object(view, place, Place(place, place + 1, (place,)))
    assert (view.tokens[found].norm if found is not None else "") == thing


@pytest.mark.parametrize(
    "text",
    [
        "Westland attacked a base of Eastland at dawn.",
        "Westland raided an Eastland harbour and seized two boats of Eastland.",
        "A Westland court has taxed an Eastland bank.",
        "Westland's army shelled an Eastland town.",
        "The Westland navy blockaded the coast of Eastland.",
        "Westland said on Friday that it had shelled Eastland villages.",
        "Eastland said Westland had shelled Eastland villages.",
        "Eastland accused Westland of shelling Eastland villages.",
        "Westland launched a raid on Eastland targets.",
        "Westland arrested twelve Eastland sailors on Monday.",
        "Westland expelled the envoys of Eastland and closed the road.",
        "Westland attacked Eastland, killing ten soldiers.",
        "Westland armed forces launched a raid on Eastland targets, the ministry said.",
        "The port workers of Westland raided an Eastland harbour.",
        "Westland struck Eastland targets at dawn.",
        "Dozens of Westland sailors raided an Eastland harbour.",
    ],
)
def test_a_deed_changes_hands_with_the_names(text: str) -> None:
    def found(told: str) -> bool:
        return bool(read_item(rules(), Item(id="x", title="News", text=told)).evidence)

    exchanged = text.replace("Westland", "#").replace("Eastland", "Westland").replace("#", "Eastland")
    assert (found(text), found(exchanged)) == (True, False)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Westland bombarded Southport at dawn.", True),
        ("Southport gunners bombarded Westland villages at dawn.", False),
        ("Southport was bombarded by Westland.", True),
    ],
)
def test_the_subject_of_a_clause_with_an_object_is_not_whom_it_is_done_to(text: str, found: bool) -> None:
    assert bool(read_item(rules(), Item(id="x", title="News", text=text)).evidence) is found
