"""The schemas that editors use say what the monitor itself says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from commandline import Monitor
from jsonschema import Draft202012Validator

from monitor.rules.yaml_document import parse_yaml, read_yaml

ROOT = Path(__file__).parent.parent.parent
FILES = {
    "ruleset": ROOT / "rules" / "ruleset.schema.json",
    "tests": ROOT / "rules" / "tests.schema.json",
    "source": ROOT / "seeds" / "source.schema.json",
}


def validator(of: str) -> Draft202012Validator:
    schema = json.loads(FILES[of].read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("of", FILES)
def test_the_shipped_schemas_are_those_that_the_command_prints(monitor: Monitor, of: str) -> None:
    assert monitor("rules", "schema", of).out == FILES[of].read_text("utf-8")


@pytest.mark.parametrize(
    ("of", "file"),
    [
        ("ruleset", "rules/uk-taliban-recognition.yaml"),
        ("ruleset", "tests/history/rules.yaml"),
        ("ruleset", "tests/evaluation/rules/ethiopia-ceasefire.yaml"),
        ("source", "seeds/uk-taliban-recognition-2021-08-30.yaml"),
        ("tests", "rules/uk-taliban-recognition.test.yaml"),
    ],
)
def test_sound_files_are_valid(of: str, file: str) -> None:
    assert list(validator(of).iter_errors(read_yaml(ROOT / file).value)) == []


SIGNAL = "{id: s, stance: breach, does: [shell]}"
RULES = """\
ruleset: r
title: R
issuer: i
addressee: a
consequence: {id: t, title: T, requires: c}
actors: {a: {names: [A]}}
conditions: {c: {title: C, signals: [SIGNAL]}}
"""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("title: R\n", ""),
        ("title: R\n", "titel: R\n"),
        ("stance: breach", "stance: broken"),
        ("does: [shell]", "does: []"),
        ("does: [shell]", "does: shell"),
        ("does: [shell]", "does: [shell], lasts: 3 moons"),
        ("does: [shell]", "does: [shell], lasts: forever"),
        ("{title: C,", "{title: C, by: [soon],"),
        ("{title: C,", "{title: C, form: forbids,"),
        ("{title: C,", "{title: C, confirm: {publishers: 0},"),
    ],
)
def test_broken_files_are_not(old: str, new: str) -> None:
    text = RULES.replace("SIGNAL", SIGNAL)
    assert old in text
    sound: Any = parse_yaml(text, "r.yaml").value
    broken: Any = parse_yaml(text.replace(old, new), "r.yaml").value
    assert list(validator("ruleset").iter_errors(sound)) == []
    assert list(validator("ruleset").iter_errors(broken)) != []


def test_every_key_is_described_and_the_starter_files_point_to_their_schema(folder: Path, monitor: Monitor) -> None:
    schema = json.loads(FILES["ruleset"].read_text("utf-8"))
    for part in (schema, *schema["$defs"].values()):
        for key, value in part.get("properties", {}).items():
            assert value.get("description"), key
    monitor("init")
    for file in (*folder.glob("rules/*.yaml"), *folder.glob("seeds/*.yaml")):
        first = file.read_text("utf-8").splitlines()[0]
        assert first.startswith("# yaml-language-server: $schema="), file
        assert (file.parent / first.split("=", 1)[1]).is_file()
