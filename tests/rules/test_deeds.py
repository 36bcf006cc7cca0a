"""The families of deeds in rules/shared/deeds.yaml: each pole is found in every example of its own."""

from __future__ import annotations

from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Item
from monitor.rules.read import read_rule_book

DEEDS = Path(__file__).parents[2] / "rules" / "shared" / "deeds.yaml"
ABOUT_A_FAMILY = {"family", "about", "ontology"}
# Words without a class of things are read only where the addressee is named.
PARTIES = ["Northland", "Southland", "Coastal Republic", "Harbour Front"]


@cache
def data() -> dict[str, Any]:
    yaml = YAML()
    yaml.preserve_quotes = True
    loaded: dict[str, Any] = yaml.load(DEEDS.read_text("utf-8"))
    return loaded


def families() -> list[str]:
    return [family["family"] for family in data()["deeds"]]


def rules_for(family: dict[str, Any], folder: Path) -> CompiledRules:
    """A ruleset with a signal for each pole, whoever does it."""
    things = [data()["things"][family["about"]]] if "about" in family else []
    signals = [
        {
            "id": pole,
            "stance": "breach",
            "who": "anyone",
            "does": [word for kind in ("verbs", "nouns", "headlines") for word in words.get(kind, ())],
            **({"what": things} if things else {}),
        }
        for pole, words in family.items()
        if pole not in ABOUT_A_FAMILY
    ]
    ruleset = {
        "ruleset": "deeds",
        "title": "Deeds",
        "issuer": "envoys",
        "addressee": "northland",
        "consequence": {"id": "aid", "title": "Aid", "requires": "deeds"},
        "actors": {"northland": {"names": PARTIES}, "envoys": {"names": ["envoys"]}},
        "conditions": {"deeds": {"title": "Deeds", "signals": signals}},
    }
    out = StringIO()
    YAML().dump(ruleset, out)
    (folder / "deeds.yaml").write_text(out.getvalue(), "utf-8")
    return CompiledRules(read_rule_book([folder / "deeds.yaml"], folder / "none").rulesets)


def found(rules: CompiledRules, text: str) -> set[str]:
    body = text.endswith((".", "?", "!"))
    item = Item(id="x", title="" if body else text, text=text if body else "")
    readout = read_item(rules, item)
    return {finding.signal for finding in (*readout.findings, *readout.shadowed)}


@pytest.mark.parametrize("name", families())
def test_a_deed_is_found_in_its_examples(name: str, tmp_path: Path) -> None:
    family = next(one for one in data()["deeds"] if one["family"] == name)
    rules = rules_for(family, tmp_path)
    poles = [pole for pole in family if pole not in ABOUT_A_FAMILY]
    missed = [text for pole in poles for text in family[pole]["examples"] if pole not in found(rules, text)]
    assert missed == []


def test_a_name_of_a_pole_stands_once_and_every_class_of_things_exists() -> None:
    poles = [pole for family in data()["deeds"] for pole in family if pole not in ABOUT_A_FAMILY]
    assert len(poles) == len(set(poles)) == 2 * len(families())
    assert {family["about"] for family in data()["deeds"] if "about" in family} <= set(data()["things"])
