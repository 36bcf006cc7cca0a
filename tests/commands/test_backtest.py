"""Commands on a monitor that has lived through the timeline, once its rules are edited: backtest, history."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from commandline import Monitor
from databases import ENGINE, url_in

from monitor.store.database import open_store

DAYS = ("2022-01-20", "2022-02-23", "2022-03-05", "2022-06-20")


def edit(folder: Path, old: str, new: str) -> None:
    file = folder / "rules" / "northland.yaml"
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def days(monitor: Monitor) -> dict[str, Any]:
    """The statuses of some days, in the working directory."""
    return _days_in(monitor, Path())


def test_a_backtest_of_the_same_rules_finds_nothing(desk: Path, monitor: Monitor) -> None:
    ran = monitor("rules", "backtest")
    assert ran.code == 0
    assert "0 conditions with other statuses" in ran.out


EDITS = {
    "a signal that lasts longer": ("lasts: 30d", "lasts: 60d"),
    "a word more": ("does: [open, reopen]", "does: [open, reopen, promise]"),
    "a word less": ("does: [close, shut, block]", "does: [close, block]"),
    "another confirmation": ("    form: prohibits\n", "    form: prohibits\n    confirm: {publishers: 3}\n"),
    "a signal renamed": ("id: shelling", "id: bombardment"),
    "a reversal dropped": ("        reverses: [crossing-closed]\n", ""),
}


@pytest.mark.parametrize("name", EDITS)
def test_a_backtest_foretells_exactly_what_the_rules_then_do(
    desk: Path, monitor: Monitor, tmp_path_factory: pytest.TempPathFactory, name: str
) -> None:
    edit(desk, *EDITS[name])
    before = days(monitor)
    ran = monitor("rules", "backtest", "--format", "json")
    foretold = {c["condition"]: c["days"] for c in json.loads(ran.out)["conditions"] if c["condition"] != "talks"}
    assert days(monitor) == before, "a backtest changes nothing"

    # A fresh run of the same items under the edited rules.
    fresh = tmp_path_factory.mktemp("fresh")
    shutil.copytree(desk / "rules", fresh / "rules")
    shutil.copy(desk / "config.toml", fresh)
    if ENGINE == "sqlite":
        shutil.copy(desk / "monitor.db", fresh)
    store = open_store(url_in(fresh))
    from monitor.clock import utc_now
    from monitor.match.lookup.compiled import CompiledRules
    from monitor.pipeline.absorb import read_waiting
    from monitor.rules.read import read_rule_book

    read_waiting(store, CompiledRules(read_rule_book([fresh / "rules"], fresh).rulesets), utc_now())
    store.close()
    after = _days_in(monitor, fresh)
    for day, statuses in before.items():
        for condition, status in statuses.items():
            now = _foretold(foretold.get(condition, []), day, status)
            assert now == after[day][condition], f"{condition} on {day}"
    assert ran.code == (1 if json.loads(ran.out)["conditions"] else 0)


def _days_in(monitor: Monitor, folder: Path) -> dict[str, Any]:
    return {
        day: {
            row["condition"]: f"{row['status']} {row['phase']}"
            for row in json.loads(
                monitor("--config", str(folder / "config.toml"), "status", "--as-of", day, "--format", "json").out
            )["rulesets"][0]["conditions"]
        }
        for day in DAYS
    }


def _foretold(differences: list[dict[str, Any]], day: str, status: str) -> str:
    moment = f"{day}T23:59:59+00:00"
    for difference in differences:
        if difference["from"] <= moment and (difference["until"] is None or moment < difference["until"]):
            return f"{difference['after']['status']} {difference['after']['phase']}"
    return status


def test_a_signal_that_is_renamed_is_named_in_the_log_with_what_rested_on_it(desk: Path, monitor: Monitor) -> None:
    edit(desk, "id: shelling", "id: bombardment")
    (desk / "config.toml").write_text('[[feeds]]\nurl = "empty.xml"\npublisher = "Nobody"\n')
    before = days(monitor)
    assert monitor("run", "--once").code == 0
    assert days(monitor) == before
    added = json.loads(monitor("log", "--format", "json").out)[15:]
    assert added
    assert {entry["cause"] for entry in added} == {"rules"}
    assert all("upheld" in entry["reason"] and "signal `shelling` is gone" in entry["reason"] for entry in added)
    assert monitor("log", "verify", "--rebuild").code == 0


def test_the_version_of_the_rules_behind_an_entry_can_be_read(desk: Path, monitor: Monitor) -> None:
    edit(desk, "lasts: 30d", "lasts: 60d")
    (desk / "config.toml").write_text('[[feeds]]\nurl = "empty.xml"\npublisher = "Nobody"\n')
    assert monitor("run", "--once").code == 0
    first, second = json.loads(monitor("rules", "history", "--format", "json").out)
    entries = json.loads(monitor("log", "--format", "json").out)
    assert {entry["rules_digest"] for entry in entries} == {first["digest"], second["digest"]}
    for version, lasts in ((first, "30d"), (second, "60d")):
        shown = json.loads(monitor("rules", "history", "--show", version["digest"][:12]).out)
        assert shown["conditions"]["ceasefire"]["signals"][0]["lasts"] == lasts
        assert version["digest"][:12] in monitor("rules", "history").out
    assert monitor("rules", "history", "--show", "nonsense").code == 2


def test_a_day_to_come_is_foretold_and_says_so(desk: Path, monitor: Monitor) -> None:
    assert "still to come: if no more news arrives" in " ".join(monitor("status", "--as-of", "2099-01-01").out.split())


def test_a_backtest_shows_what_would_differ(desk: Path, monitor: Monitor) -> None:
    edit(desk, "does: [close, shut, block]", "does: [close, block]")
    ran = monitor("rules", "backtest")
    assert ran.code == 1
    for expected in ("crossing", "breached (pending)", "- 4 Jan 2022", "shuts crossing", "Nothing was stored"):
        assert expected in ran.out
    assert "the rules in the folder are not the ones in force" in " ".join(monitor("status").out.split())


def test_a_backtest_against_the_rules_of_a_day(desk: Path, monitor: Monitor) -> None:
    assert monitor("rules", "backtest", "--against", "2022-05-01").code == 0
    none = monitor("rules", "backtest", "--against", "2021-05-01")
    assert none.code == 2
    assert "no rules were in force on 2021-05-01" in none.err
