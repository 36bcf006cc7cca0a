"""Every row of the page that says what moves a status, run."""

from __future__ import annotations

from importlib.resources import files

import pytest
from histories import at, known, told

from monitor.assess.standing import history
from monitor.model import Cause

PAGE = (files("monitor.assess") / "semantics.md").read_text("utf-8")


def table(heading: str) -> list[list[str]]:
    """The rows of the table under a heading of the page."""
    section = PAGE.split(f"## {heading}\n")[1].split("\n## ")[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


_SIDES = {
    ("fulfilments", "none"): "",
    ("fulfilments", "reported"): "1 visit A",
    ("fulfilments", "corroborated"): "1 visit A, 1 visit B",
    ("breaches", "none"): "",
    ("breaches", "reported"): "1 incident C",
    ("breaches", "corroborated"): "1 incident C, 1 incident D",
}


@pytest.mark.parametrize(("good", "bad", "status"), table("The table of statuses"))
def test_the_table_of_statuses(good: str, bad: str, status: str) -> None:
    reports = f"{_SIDES['fulfilments', good]},{_SIDES['breaches', bad]}"
    last = history(known(reports), at(2))[-1]
    assert f"{last.status.value} {last.phase.value}" == (status if status != "unknown" else "unknown confirmed")


def test_the_table_of_statuses_is_complete() -> None:
    assert len({(good, bad) for good, bad, _ in table("The table of statuses")}) == 9


@pytest.mark.parametrize(("shown", "reports", "statuses"), table("Worked examples"))
def test_the_worked_examples(shown: str, reports: str, statuses: str) -> None:
    expected = [status.strip() for status in statuses.split(",") if status.strip()]
    assert told(history(known(reports), at(200))) == expected, shown


def test_every_cause_is_explained() -> None:
    explained = {row[0].split(" (")[0] for row in table("The two clocks")}
    assert explained == {cause.value for cause in Cause}
