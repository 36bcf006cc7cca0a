"""From a document to a draft: who demands what of whom, in which words."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from commandline import Monitor
from hypothesis import given
from hypothesis import strategies as st

from monitor.draft.demand import find_demands


def told(text: str) -> list[tuple[str, str, str]]:
    """Speaker, party and quote of every demand."""
    return [(demand.speaker, demand.party, demand.quote) for demand in find_demands(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Prime Minister Ada Berg has said that if the junta wants recognition – and the release of its gold – it "
            "must allow aid to pass, keep the border open, and respect the rights of villagers and herders.",
            [
                ("Ada Berg", "the junta", "allow aid to pass"),
                ("Ada Berg", "the junta", "keep the border open"),
                ("Ada Berg", "the junta", "respect the rights of villagers and herders"),
            ],
        ),
        (
            "Foreign Minister Jo Lind said that her country would not lift the sanctions unless the junta frees all "
            "prisoners.",
            [("Jo Lind", "the junta", "frees all prisoners")],
        ),
        (
            "The Mediation Council called on Northland to withdraw its guns, exchange prisoners and open the road.",
            [
                ("Mediation Council", "Northland", "withdraw its guns"),
                ("Mediation Council", "Northland", "exchange prisoners"),
                ("Mediation Council", "Northland", "open the road"),
            ],
        ),
        (
            "The Council demanded that the parties observe a ceasefire and let convoys through.",
            [("Council", "the parties", "observe a ceasefire"), ("Council", "the parties", "let convoys through")],
        ),
        (
            "“If Southland wants our loan, it must hold elections,” President Max Frey told reporters. “They have to "
            "pay the farmers.”",
            [("Max Frey", "Southland", "hold elections"), ("Max Frey", "Southland", "pay the farmers")],
        ),
        (
            "The conditions for the loan are a balanced budget and an independent court.",
            [("", "", "a balanced budget and an independent court")],
        ),
        (
            "Kim Lee, the envoy, said Northland needs to stop its tests before talks can begin.",
            [("Kim Lee", "Northland", "stop its tests before talks can begin")],
        ),
        (
            "Northland has been urged to let people leave as Foreign Minister Lind admitted that nobody knew how many.",
            [("", "Northland", "let people leave")],
        ),
        (
            "Westland will not restore aid until the junta hands back power, Secretary of State Ann Blue said.",
            [("Ann Blue", "the junta", "hands back power")],
        ),
        (
            "Sanctions will be lifted only if Northland withdraws its troops, President Una von der Lee said.",
            [("Una von der Lee", "Northland", "withdraws its troops")],
        ),
        (
            "Union leaders agreed that Southland must align its laws if it wants to join.",
            [("", "Southland", "align its laws if it wants to join")],
        ),
        (
            "Chief Jan Stone said approval was conditional on Southland extraditing suspects.",
            [("Jan Stone", "Southland", "extraditing suspects")],
        ),
        (
            "Unless Northland lets inspectors in, there will be no deal, the president warned.",
            [("", "Northland", "lets inspectors in")],
        ),
        (
            "In return for debt relief, Southland must publish its loans and reform its mines.",
            [("", "Southland", "publish its loans"), ("", "Southland", "reform its mines")],
        ),
        ("It rained in the capital. The minister opened a bridge and said it was a fine bridge.", []),
    ],
)
def test_demands_are_found_with_who_says_so_and_of_whom(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert told(text) == expected


def test_a_speaker_is_known_by_the_fullest_form_of_the_name() -> None:
    lines = ("Minister Ada Berg arrived.", "Ms Berg said the junta must free the prisoners.", "She expects it to pay.")
    found = find_demands("\n\n".join(lines))
    assert [(d.speaker, d.role) for d in found] == [("Ada Berg", "Minister")] * 2
    assert found[1].party == "the junta"


def test_own_words_are_told_from_reported_ones_and_the_prize_is_named() -> None:
    direct, reported = find_demands(
        "“If Southland wants our loan, it must hold elections,” President Max Frey said.\n\n"
        "He said Southland must also pay."
    )
    assert (direct.direct, direct.prize, reported.direct) == (True, "our loan", False)


@given(st.text(alphabet="If it must, “free” the X and Y.\n–unless", max_size=300))
def test_every_span_is_its_quote_and_nothing_makes_it_stumble(text: str) -> None:
    for demand in find_demands(text):
        assert text[demand.span.start : demand.span.end] == demand.quote
        assert demand.quote.strip()


def test_hostile_text_costs_linear_time() -> None:
    started = time.process_time()
    find_demands("if the junta wants to be, " * 4_000)
    find_demands("A" * 50_000 + " must " + "free, " * 10_000)
    find_demands("Minister " * 10_000)
    assert time.process_time() - started < 20


ARTICLE = """\
Northland far from recognition, minister says

Prime Minister Ada Berg has said that if the junta wants recognition, it must allow aid to pass, keep the border
open, and respect the rights of herders.

It rained in the capital.
"""


def test_a_draft_passes_the_check_and_its_quotes_stand_in_the_document(folder: Path, monitor: Monitor) -> None:
    (folder / "article.txt").write_text(ARTICLE.replace("border\nopen", "border open"))
    ran = monitor("rules", "draft", "article.txt", "--name", "northland", "--publisher", "Post")
    assert ran.code == 0, ran.err
    assert "Prime Minister Ada Berg to the junta: “allow aid to pass”" in ran.out
    checked = monitor("rules", "check", "--source-text", "article.txt")
    assert checked.code == 0, checked.out
    assert "0 errors, 3 warnings" in checked.out
    rules = (folder / "rules" / "northland.yaml").read_text()
    assert "requires: allow-aid-pass and keep-border-open and respect-rights-herders" in rules
    assert "DRAFT" in rules
    again = monitor("rules", "draft", "article.txt", "--name", "northland")
    assert again.code == 2
    assert "is there already" in again.err


def test_a_web_page_is_drafted_from_its_bare_text(folder: Path, monitor: Monitor) -> None:
    paragraphs = "".join(f"<p>{line}</p>" for line in ARTICLE.replace("border\nopen", "border open").split("\n\n"))
    (folder / "page.html").write_text(f"<html><body><script>it must run</script>{paragraphs}</body></html>")
    assert monitor("rules", "draft", "page.html").code == 0
    assert monitor("rules", "check", "--source-text", "page.txt").code == 0


def test_a_document_without_demands_is_drafted_into_nothing(folder: Path, monitor: Monitor) -> None:
    (folder / "rain.txt").write_text("It rained.\n")
    ran = monitor("rules", "draft", "rain.txt")
    assert ran.code == 1
    assert "No demand" in ran.out
    assert not (folder / "rules").exists()
    shown = monitor("rules", "draft", "rain.txt", "--format", "json")
    assert json.loads(shown.out) == []
    missing = monitor("rules", "draft", "nothing.txt")
    assert (missing.code, "cannot be read" in missing.err) == (2, True)
