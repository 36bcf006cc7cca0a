"""Kinds of sentences that were once read wrongly, each with several of its kind, on two invented countries."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Item
from monitor.rules.read import read_rule_book

HERE = Path(__file__).parent

# What each sentence says: "condition:stance"; "condition:none", nothing of this condition; "none", nothing at all.
# A text without a full stop is a headline.
KINDS = {
    "objects and subjects across coordination, and participles behind a comma": [
        ("Northland imposed a tax on sugar and cut subsidies on fuel.", "economy:fulfilment"),
        ("Northland cut fuel subsidies and imposed a levy on sugar last week.", "economy:fulfilment"),
        ("The Union praised Northland for revoking sanctions and removing controls.", "sanctions:fulfilment"),
        ("Northland repealed the trade act, ending sanctions on Southland.", "sanctions:fulfilment"),
        ("Northland kept the tariff and Southland cut subsidies.", "none"),
        ("Northland's cabinet met on Monday and raised the price of bread.", "economy:fulfilment"),
    ],
    'what follows "as" is of the same clause': [
        ("A retired general was appointed as head of the central bank in Northland.", "offices:breach"),
        ("Northland appointed a foreigner as director of the tax office.", "offices:breach"),
        ("Northland named a general chief of the harbour agency.", "offices:breach"),
        ("The bill was adopted as law by Northland on Tuesday.", "economy:fulfilment"),
    ],
    "purpose and condition clauses are no deeds": [
        ("Once adopted, the law will apply in all of Northland.", "none"),
        ("The bill, once adopted by Northland, will go to the courts.", "none"),
        ("Reforms are necessary to restore aid to Northland, the Union said.", "sanctions:none"),
        ("An audit is a condition of the removal of soldiers from Northland's towns.", "offices:none"),
        ("If the law is adopted, Northland will receive a loan.", "none"),
    ],
    "a deed that a noun or a verb governs": [
        ("Northland blocks adoption of the budget", "economy:breach"),
        ("Northland vows increase in price of bread", "economy:pledge"),
        ("Northland failed in an attempt to end sanctions.", "none"),
    ],
    "lists of demands": [
        (
            "The Union's demands, presented in March, included the removal of the generals by Northland.",
            "offices:demand",
        ),
    ],
    "quoted imperatives": [
        ("Rein in militants, Southland tells Northland", "force:demand"),
        ('"Lift the sanctions," Southland tells Northland', "sanctions:demand"),
        ("Recognise us, Northland tells Europe", "recognition:none"),
        ("Sack the general, Union urges Northland", "offices:demand"),
    ],
    "what is forbidden to others, withheld or not meant": [
        ("Southland withheld recognition from Northland.", "recognition:breach"),
        ("The talks should not be seen as recognition of the government of Northland.", "recognition:none"),
        ("The visit does not mean recognition of Northland, Southland said.", "recognition:none"),
    ],
    "who does it and to whom": [
        ("A Southland attack on a Northland office killed two.", "none"),
        ("Southland shelled the Northland border.", "none"),
        ("Northland said Southland had shelled its villages.", "none"),
        ("Northland accused Southland of attacking its tankers.", "none"),
        ("Southland accused Northland of attacking its tankers.", "force:breach"),
        ("Northland and the Southland army agreed a ceasefire.", "force:fulfilment"),
        ("Northland announced a ceasefire in Southland.", "force:fulfilment"),
        ("Northland forces shelled the Southland town of Aro.", "force:breach"),
        ("Southland soldiers were attacked by Northland near a border village.", "force:breach"),
        ("Northland soldiers were attacked near a border village by Southland.", "none"),
        ("Subsidies were cut by $17 million in Northland.", "economy:fulfilment"),
        ("Northland cut fuel subsidies by $17 million.", "economy:fulfilment"),
        ("A strike on a town by Southland was condemned by Northland.", "none"),
    ],
    "verb and noun": [
        ("Northland suspended trade with Southland.", "sanctions:breach"),
        ("Northland suspended support to Southland.", "sanctions:breach"),
        ("Northland suspended visits with Southland.", "sanctions:breach"),
        ("Northland suspended talks with Southland on March 24.", "sanctions:breach"),
    ],
    "what is undone, and demands in the passive": [
        ("Northland was urged by Southland to lift sanctions.", "sanctions:demand"),
        ("Northland launched raids to detain journalists.", "force:breach"),
    ],
    "cues do not reach backwards over a clause": [
        ("Northland shelled a border village, raising fears of a wider war.", "force:breach"),
        ("Northland lifted the sanctions following an appeal by the Union.", "sanctions:fulfilment"),
        ("Northland attacked a convoy, prompting calls for a truce.", "force:breach"),
        ("Northland detained a journalist, which the Union had warned against.", "force:breach"),
    ],
    "whose deed it is": [
        ("Southland's government raised the price of bread, Northland traders said.", "none"),
        ("The Government of Southland cut subsidies, Northland media said.", "none"),
        ("The price of bread was raised by Rs10 in Northland.", "economy:fulfilment"),
        ("The journalist was kidnapped in Northland in 2012.", "none"),
        ("Southland threatened to shell Northland's army offices.", "none"),
    ],
    "obstruction and plans": [
        ("Northland will block the adoption of the budget.", "economy:threat"),
    ],
    "names that hold deed words": [
        ("Northland passed the Sanctions Removal Act in 2019, a museum of the town says.", "none"),
        ("Two directors said Northland traders were happy.", "none"),
    ],
}
ROWS = [(kind, text, expected) for kind, rows in KINDS.items() for text, expected in rows]


@cache
def rules() -> CompiledRules:
    return CompiledRules(read_rule_book([HERE / "kinds.yaml"], HERE / "none").rulesets)


@pytest.mark.parametrize(("kind", "text", "expected"), ROWS)
def test_a_sentence_of_its_kind_reads_right(kind: str, text: str, expected: str) -> None:
    body = text.endswith((".", "?"))
    item = Item(
        id="x", title="" if body else text, text=text if body else "", published=datetime(2026, 11, 1, tzinfo=UTC)
    )
    condition, _, stance = expected.partition(":")
    found = {(name, str(read)) for name, read in read_item(rules(), item).pairs}
    if expected != "none":
        found = {(name, read) for name, read in found if name == condition}
    assert found == (set() if stance in ("", "none") else {(condition, stance)}), kind
