"""Reports made of titles that were written to do harm, read by the programs that people read reports with."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

import feedparser
import pytest
from commandline import Monitor
from loopback import Answer, FeedServer
from markdown_it import MarkdownIt

DEED = "Taliban ban women from universities"
TITLES = [
    f"{DEED} <script>alert(1)</script>",
    f"{DEED} <img src=x onerror=alert(1)>",
    f"{DEED} [a bank](javascript:alert(1)) ![x](https://evil.example/pixel)",
    f"{DEED} | a | b | c |",
    f"{DEED} `code` **bold** # heading",
    f"{DEED} \x1b]8;;https://evil.example\x07click\x1b]8;;\x07 \x1b[2J\x9b31m",
    f"{DEED} \u202egnp.exe\u2066",
    f"{DEED} [bold red]markup[/] [link=https://evil.example]x[/link]",
    f'=cmd|"/c calc"!A1 {DEED}',
]


@pytest.fixture
def poisoned(workspace: Path, server: FeedServer, monitor: Monitor) -> Path:
    items = [{"id": str(n), "title": title, "url": "https://example.org/1"} for n, title in enumerate(TITLES)]
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "<b>\x1b[31mFeed</b>", "items": items}
    server.answers["/feed.xml"] = Answer(json.dumps(feed).encode(), headers={"Content-Type": "application/feed+json"})
    assert monitor("run", "--once").code == 0
    return workspace


COMMANDS = [
    ("status",),
    ("status", "womens-rights"),
    ("report",),
    ("log",),
    ("feeds", "list"),
    ("doctor",),
    ("explain", TITLES[5]),
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_no_title_drives_a_terminal(poisoned: Path, monitor: Monitor, command: tuple[str, ...]) -> None:
    shown = monitor(*command).out
    assert not [char for char in shown if not char.isprintable() and char != "\n"]


def test_no_title_becomes_markup_in_a_report(poisoned: Path, monitor: Monitor) -> None:
    report = monitor("report").out
    page = MarkdownIt("commonmark", {"html": True}).enable("table").render(report)
    assert DEED in page
    # A title that is plain text may show what looks like markup; none of it may be markup.
    for harm in ("<script", "<img", 'href="javascript', "<strong>bold", "<code>code", "<h1>heading"):
        assert harm not in page, harm
    assert not [tag for tag in re.findall(r"<[^>]*>", page) if "onerror" in tag]
    assert "evil.example" not in "".join(part for part in page.split('"') if part.startswith("http"))
    rows = [line for line in page.splitlines() if line.startswith("<td")]
    assert not [row for row in rows if row.strip() == "<td>b</td>"]


def test_no_title_becomes_a_formula_in_a_spreadsheet(poisoned: Path, monitor: Monitor) -> None:
    for table in ("evidence", "transitions"):
        text = monitor("report", "--format", "csv", "--table", table).out
        cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
        assert cells
        assert not [cell for cell in cells if cell.lstrip().startswith(("=", "+", "-", "@"))]
        assert not [cell for cell in cells if any(not char.isprintable() for char in cell)]
    assert "'=cmd|" in monitor("report", "--format", "csv").out


def test_no_title_becomes_markup_in_the_page_or_breaks_its_records(poisoned: Path, monitor: Monitor) -> None:
    page = monitor("report", "--format", "html").out
    assert DEED in page
    for harm in ("<script>", "<img", 'href="javascript', "onerror=alert(1)>"):
        assert harm not in page, harm
    (block,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    json.loads(block)


def test_no_title_breaks_the_feed_or_the_mail(poisoned: Path, monitor: Monitor) -> None:
    feed = feedparser.parse(monitor("report", "--format", "atom").out)
    assert not feed.bozo
    for entry in feed.entries:
        assert not re.search(r"<(script|img|a href=.javascript)", entry.content[0].value)
    for kind in ("text", "ics"):
        shown = monitor("report", "--format", kind).out
        assert not [char for char in shown if not char.isprintable() and char not in "\r\n"]
