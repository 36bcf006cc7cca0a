"""The names of states, organisations and roles in rules/shared: complete, and none stands for two."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from monitor.text.lexicon import phrase

SHARED = Path(__file__).parents[2] / "rules" / "shared"
NAMES = ("name", "other_names", "people", "capital", "parliament", "short")


def entries(kind: str) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = tomllib.loads((SHARED / f"{kind}s.toml").read_text("utf-8"))[kind]
    return loaded


def names_of(entry: dict[str, Any]) -> set[str]:
    listed = [entry.get(key, []) for key in NAMES]
    return {name for one in listed for name in ([one] if isinstance(one, str) else one)}


def test_every_member_of_the_united_nations_is_there() -> None:
    assert len(entries("state")) >= 193 + 2
    assert [entry["name"] for entry in entries("state") if not entry.get("people")] == ["Vatican"]


@pytest.mark.parametrize("kind", ["state", "organisation"])
def test_no_name_stands_for_two(kind: str) -> None:
    seen: dict[str, str] = {}
    doubles = []
    for entry in entries(kind):
        for name in names_of(entry):
            if name in seen:
                doubles.append((name, seen[name], entry["name"]))
            seen[name] = entry["name"]
    assert doubles == []


def test_no_organisation_has_the_name_of_a_state() -> None:
    states = {name for entry in entries("state") for name in names_of(entry)}
    assert [entry["name"] for entry in entries("organisation") if names_of(entry) & states] == []


def test_each_role_has_an_example_with_a_word_of_its_own() -> None:
    for role in entries("role"):
        example = phrase(role["example"])
        words = [phrase(word) for word in role["words"]]
        found = [word for word in words for k in range(len(example)) if example[k : k + len(word)] == word]
        assert found, role["id"]
