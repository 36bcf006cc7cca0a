"""The report in every format, read by what people read such files with."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import feedparser
import icalendar
import pytest
from commandline import Monitor

from monitor.clock import utc_now
from monitor.feeds.parse import parse_feed

ATOM = "{http://www.w3.org/2005/Atom}"
RULESET = "uk-taliban-recognition"

Report = Callable[..., str]


@pytest.fixture
def report(kept_demo: Path, monitor: Monitor) -> Report:
    """``report("csv", "--as-of", "2022-12-24")``"""

    def run(kind: str, *options: str) -> str:
        ran = monitor("-c", str(kept_demo / "config.toml"), "report", "--format", kind, *options)
        assert ran.code == 0, ran.err
        return ran.out

    return run


def test_the_page_is_one_light_file_that_needs_nothing_else(report: Report) -> None:
    page = report("html", "--as-of", "2022-12-24")
    assert len(page.encode()) < 300_000
    assert "What recognition requires is not met: 0 of 3 conditions met" in page
    assert "3 changes away; the nearest: safe-passage" in page
    assert not re.search(r"""(src|href)=["']?(//|https?://(?!example\.org))""", page.replace(' xmlns="http', ""))
    assert not re.search(r"@import|url\((?!#)", page)
    assert re.findall(r"<script[^>]*>", page) == ['<script type="application/ld+json">']
    for said in ("Boris Johnson", "Head of the log", "How well we looked", "grade B", "<mark>", "<svg viewBox"):
        assert said in page, said


def test_the_page_tells_pending_from_confirmed_and_unknown_from_both(report: Report) -> None:
    page = report("html", "--as-of", "2021-09-18")
    assert 'fill="url(#pending-' in page
    assert "? unknown" in page
    assert "not watched before 17 Aug 2021" in page


def test_changes_are_told_since_a_day(report: Report) -> None:
    assert "What changed from 17 Dec 2022 to 24 Dec 2022" in report("html", "--as-of", "2022-12-24")
    page = report("html", "--as-of", "2022-04-01", "--since", "2021-09-01")
    changes = page[page.index("What changed from 1 Sep 2021 to 1 Apr 2022") :]
    assert "18 Sep 2021" in changes[: changes.index("</table>")]
    assert "Aug 2022" not in changes[: changes.index("</table>")]


def test_mail_has_short_lines_and_no_markup(report: Report) -> None:
    text = report("text", "--as-of", "2022-12-24")
    assert all(len(line) <= 76 for line in text.splitlines() if "://" not in line)
    assert "WITHHELD, pending since 2 Sep 2021" in text.replace("\n", " ")
    assert "<" not in text.replace("->", "")


def test_a_spreadsheet_gets_the_evidence_and_the_log(report: Report) -> None:
    pieces = list(csv.DictReader(io.StringIO(report("csv", "--as-of", "2022-12-24"))))
    assert {piece["stance"] for piece in pieces} >= {"breach", "fulfilment", "pledge", "denial", "demand"}
    assert all(piece["at"] < "2022-12-25" for piece in pieces)
    assert {piece["status_rests_on_it"] for piece in pieces} == {"yes", "no"}
    entries = list(csv.DictReader(io.StringIO(report("csv", "--table", "transitions"))))
    assert [int(entry["seq"]) for entry in entries] == list(range(1, len(entries) + 1))


def test_the_record_for_machines_is_the_overview_and_the_marks(report: Report) -> None:
    record = json.loads(report("json", "--as-of", "2022-12-24"))
    assert record["rulesets"][0]["consequence"]["due"] is False
    assert len(record["log_head"]["hash"]) == 64


@pytest.mark.parametrize("wanted", [(), (RULESET,), ("safe-passage",), (f"{RULESET}/recognition",)])
def test_the_feed_is_what_validators_and_readers_want(report: Report, wanted: tuple[str, ...]) -> None:
    text = report("atom", *wanted)
    feed = ElementTree.fromstring(text.encode())
    entries = feed.findall(f"{ATOM}entry")
    assert entries
    for element in (feed, *entries):
        for required in ("id", "title", "updated"):
            assert len(element.findall(ATOM + required)) == 1
        assert re.fullmatch(r"urn:uuid:[0-9a-f-]{36}", str(element.findtext(f"{ATOM}id")))
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", str(element.findtext(f"{ATOM}updated")))
    assert feed.findtext(f"{ATOM}author/{ATOM}name")
    ids = [entry.findtext(f"{ATOM}id") for entry in entries]
    assert len(set(ids)) == len(ids)
    moments = [entry.findtext(f"{ATOM}updated") for entry in entries]
    assert len(set(moments)) == len(moments)
    assert feed.findtext(f"{ATOM}updated") == max(str(entry.findtext(f"{ATOM}updated")) for entry in entries)
    read = feedparser.parse(text)
    assert not read.bozo
    assert len(read.entries) == len(entries)
    assert len(parse_feed(text.encode(), "https://example.org/feed.atom", utc_now()).items) == len(entries)


def test_the_feed_keeps_its_names_and_tells_the_newest_first(report: Report) -> None:
    once, again = (ElementTree.fromstring(report("atom").encode()) for _ in range(2))
    assert [e.findtext(f"{ATOM}id") for e in once] == [e.findtext(f"{ATOM}id") for e in again]
    told = [str(entry.findtext(f"{ATOM}updated")) for entry in once.findall(f"{ATOM}entry")]
    assert told == sorted(told, reverse=True)
    names = {
        ElementTree.fromstring(report("atom", part).encode()).findtext(f"{ATOM}id") for part in (RULESET, "recognition")
    }
    assert len(names) == 2


def test_a_feed_of_nothing_is_refused_with_what_is_near(kept_demo: Path, monitor: Monitor) -> None:
    ran = monitor("-c", str(kept_demo / "config.toml"), "report", "--format", "atom", "safe-pasage")
    assert ran.code == 2
    assert "did you mean `safe-passage`" in ran.err


def test_claim_reviews_rate_what_is_known_and_nothing_else(report: Report) -> None:
    found = json.loads(report("claimreview", "--as-of", "2022-12-24"))
    assert found["@context"] == "https://schema.org"
    reviews = {review["claimReviewed"]: review for review in found["@graph"]}
    women = reviews["The rights of women and girls are respected"]
    assert women["@type"] == "ClaimReview"
    assert women["reviewRating"] == {
        "@type": "Rating", "bestRating": 5, "worstRating": 1, "alternateName": "breached, confirmed", "ratingValue": 1,
    }  # fmt: skip
    assert women["itemReviewed"]["author"]["name"] == "Boris Johnson"
    assert "ratingValue" not in reviews["A refugee crisis is prevented"]["reviewRating"]


def test_deadlines_go_into_a_calendar(folder: Path, monitor: Monitor) -> None:
    assert monitor("init").code == 0
    rules = folder / "rules" / f"{RULESET}.yaml"
    rules.write_text(
        rules.read_text().replace(
            "    title: People who wish to leave", "    by: 2031-03-31\n    title: People who wish to leave"
        )
    )
    calendar = icalendar.Calendar.from_ical(monitor("report", "--format", "ics").out)
    (event,) = calendar.events
    assert event.decoded("dtstart") == date(2031, 3, 31)
    assert event["summary"] == "Deadline: People who wish to leave are given safe passage"
    assert event["uid"] == f"deadline-{RULESET}-safe-passage@condition-monitor"


def test_what_will_fade_is_in_the_calendar_too(report: Report) -> None:
    calendar = icalendar.Calendar.from_ical(report("ics", "--as-of", "2022-12-24"))
    fading = {str(event["summary"]): event.decoded("dtstart") for event in calendar.events}
    assert fading["Without more news unknown: Afghanistan is never again a base for international terrorists"]


def test_a_file_is_written_whole_or_the_reason_said(kept_demo: Path, tmp_path: Path, monitor: Monitor) -> None:
    config = ("-c", str(kept_demo / "config.toml"))
    assert monitor(*config, "report", "--format", "html", "-o", str(tmp_path / "a.html")).code == 0
    assert (tmp_path / "a.html").read_text().rstrip().endswith("</html>")
    ran = monitor(*config, "report", "-o", str(tmp_path / "nowhere" / "a.md"))
    assert ran.code == 2
    assert "cannot be written: No such file or directory" in ran.err
