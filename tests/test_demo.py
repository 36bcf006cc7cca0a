"""The tour."""

from __future__ import annotations

import json
from pathlib import Path

from commandline import Monitor

from monitor.demo.replay import demo_items
from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Item


def test_the_demo_shows_statuses_move_and_ends_with_what_to_try_next(folder: Path, monitor: Monitor) -> None:
    ran = monitor("demo")
    assert ran.code == 0
    for expected in ("safe-passage: unknown → ✘ breached", "bears on nothing", "granted", "Try next", "monitor init"):
        assert expected in ran.out
    assert list(folder.iterdir()) == []


def test_the_demo_and_init_speak_json_too(folder: Path, monitor: Monitor) -> None:
    (shown,) = json.loads(monitor("demo", "--format", "json").out)["rulesets"]
    assert shown["consequence"]["status"] == "met"
    assert {row["condition"] for row in shown["conditions"]} >= {"safe-passage", "counter-terrorism", "womens-rights"}
    first, again = (json.loads(monitor("init", "--format", "json").out) for _ in range(2))
    assert all(Path(file["file"]).is_file() for file in first)
    assert [file["kept"] for file in first] == [False] * len(first)
    assert [file["kept"] for file in again] == [True] * len(first)


def test_its_items_say_what_they_are(folder: Path) -> None:
    from monitor.demo.replay import demo_feed

    feed = demo_feed(demo_items())
    assert feed.count("A summary written for this demo") == len(demo_items())


def test_every_item_says_something_that_the_rules_understand(starter_rules: CompiledRules) -> None:
    silent = [
        item.title
        for item in demo_items()
        if not read_item(starter_rules, Item(id="x", title=item.title, text=item.text)).findings
    ]
    assert len(silent) <= 4
