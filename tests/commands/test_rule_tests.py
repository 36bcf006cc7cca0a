"""``rules test``: tests that an analyst writes beside the rules."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree.ElementTree import parse

import pytest
from commandline import Monitor
from replayed import HERE

GOOD = """\
ruleset: northland
texts:
  - text: The army of Northland shelled a village
    expect: {ceasefire: breach}
  - text: The army of Northland promised not to shell villages
    summary: It also closed the border crossing on Monday.
    expect: {ceasefire: pledge, crossing: [breach]}
  - text: It rained
    expect: none
timelines:
  - name: a crossing that was closed, told late by one paper and taken back by another
    items:
      - {id: a, published: 2022-01-03, publisher: Herald, title: The army of Northland closed the border crossing}
      - {published: 2022-01-04, arrives: 2022-01-06, publisher: Post, title: Northland army shuts crossing}
      - {id: a, published: 2022-01-03, arrives: 2022-02-01, publisher: Herald, title: "Withdrawn: an error"}
    statuses:
      - {as_of: 2022-01-03, known_at: 2022-01-05, crossing: breached pending, ceasefire: unknown}
      - {as_of: 2022-01-05, known_at: 2022-01-10, crossing: breached confirmed}
      - {as_of: 2022-01-05, crossing: breached pending}
"""


@pytest.fixture
def desk(folder: Path) -> Path:
    (folder / "rules").mkdir()
    shutil.copy(HERE / "rules.yaml", folder / "rules" / "northland.yaml")
    return folder


def write(desk: Path, text: str) -> None:
    (desk / "rules" / "northland.test.yaml").write_text(text)


def test_tests_that_hold(desk: Path, monitor: Monitor) -> None:
    write(desk, GOOD)
    ran = monitor("rules", "test")
    assert (ran.code, ran.out) == (0, "✔ 4 tests: 4 hold, 0 do not\n")


def test_a_test_that_does_not_hold_is_shown_like_a_diff_with_the_reasoning(desk: Path, monitor: Monitor) -> None:
    write(desk, GOOD.replace("{ceasefire: pledge, crossing: [breach]}", "{ceasefire: [pledge, breach]}"))
    ran = monitor("rules", "test")
    assert ran.code == 1
    for expected in (
        "northland.test.yaml:5", "  - breach, pledge", "  + pledge", "“promised”: promise", "  - none", "  + breach",
    ):  # fmt: skip
        assert expected in ran.out
    write(desk, GOOD.replace("as_of: 2022-01-05, crossing: breached pending", "as_of: 2022-01-05, crossing: met"))
    ran = monitor("rules", "test")
    assert ran.code == 1
    assert "crossing on 2022-01-05" in ran.out
    assert "  + breached pending" in ran.out


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("ruleset: northland\n", 1, "tests nothing"),
        (GOOD.replace("ruleset: northland", "ruleset: northlant"), 1, "did you mean `northland`"),
        (GOOD.replace("{ceasefire: breach}", "{cease-fire: breach}"), 4, "did you mean `ceasefire`"),
        (GOOD.replace("{ceasefire: breach}", "{ceasefire: broken}"), 4, "fulfilment"),
        (GOOD.replace("{ceasefire: breach}", "{}"), 4, "expects nothing"),
        (GOOD.replace("    expect: none\n", ""), 8, "`expect` is missing"),
        (GOOD.replace("expect: none", "expects: none"), 9, "did you mean `expect`"),
        (GOOD.replace("{as_of: 2022-01-05, crossing: breached pending}", "{as_of: 2022-01-05}"), 19, "expects nothing"),
        (GOOD.replace("{as_of: 2022-01-05, crossing", "{crossing"), 19, "needs the day"),
        (GOOD.replace("crossing: breached confirmed", "crossing: broken"), 18, "expected a status"),
        (GOOD.replace("crossing: breached confirmed", "crosing: met"), 18, "did you mean `crossing`"),
        (GOOD.replace("published: 2022-01-04", "published: yesterday"), 14, "such as 2022-03-31"),
        (GOOD.replace("publisher: Post, ", ""), 14, "`publisher` is missing"),
        ("ruleset: [northland\n", 2, "not valid YAML"),
    ],
)
def test_a_test_that_asserts_nothing_or_names_nothing_is_a_mistake(
    desk: Path, monitor: Monitor, text: str, line: int, said: str
) -> None:
    write(desk, text)
    ran = monitor("rules", "test", "--format", "json")
    assert ran.code == 2
    problems = json.loads(ran.out)["problems"]
    assert any(problem["line"] == line and said in problem["message"] for problem in problems), problems


def test_nothing_to_test_is_not_a_success(desk: Path, monitor: Monitor) -> None:
    ran = monitor("rules", "test")
    assert ran.code == 2
    assert "nothing to test" in ran.out


def test_coverage_lists_the_signals_that_no_test_reaches(desk: Path, monitor: Monitor) -> None:
    write(desk, GOOD)
    assert json.loads(monitor("rules", "test", "--coverage", "--format", "json").out)["unreached"] == {
        "northland": ["crossing/crossing-opened"]
    }
    assert "2 of 3 signals reached" in monitor("rules", "test", "--coverage").out


def test_junit_for_ci(desk: Path, monitor: Monitor) -> None:
    write(desk, GOOD.replace("{ceasefire: breach}", "none"))
    assert monitor("rules", "test", "--junit", "results.xml").code == 1
    (suite,) = parse(desk / "results.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("4", "1")
    (failure,) = suite.iter("failure")
    assert failure.get("message") == "ceasefire: expected none, found breach"


def test_the_shipped_rules_hold_all_their_tests_and_every_signal_is_reached(folder: Path, monitor: Monitor) -> None:
    assert monitor("init").code == 0
    ran = json.loads(monitor("rules", "test", "--coverage", "--format", "json").out)
    assert (ran["failed"], ran["problems"]) == ([], [])
    assert ran["tests"] > 300
    assert ran["unreached"] == {"uk-taliban-recognition": []}
