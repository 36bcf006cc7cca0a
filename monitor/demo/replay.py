"""``monitor demo``: dated items from a real HTTP server on loopback into a real SQLite file, day by day."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from itertools import groupby
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from aiohttp import web
from rich.console import Console
from rich.table import Table
from rich.text import Text

from monitor.config import Config, FeedConfig, FetchConfig
from monitor.daemon.keeping import Absorbing
from monitor.daemon.round import Poller, new_poller
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Evidence, Stance
from monitor.pipeline.arrival import Absorbed
from monitor.report.overview import Overview, read_overview
from monitor.report.terminal import transition_text
from monitor.report.wording import STANCE_COLOURS, day
from monitor.rules.read import read_rule_book
from monitor.rules.yaml_document import read_yaml
from monitor.starter import starter_folder, write_starter
from monitor.store.database import Store, open_store
from monitor.store.evidence import evidence_for

TRY_NEXT = (
    'monitor explain "The Taliban promised to reopen girls\' schools."',
    "monitor init my-monitor",
    "cd my-monitor && monitor run --once && monitor status",
)
_NOTE = "A summary written for this demo; the event was reported by {publisher}."
# The feed's server was the demo's own and has gone: to be looked at, not to be polled.
_SETTINGS = """\
# What `monitor demo` left: its feed was served by the demo itself and answers no more, so there is nothing to run here.
# `monitor serve`, `monitor report` and `monitor status --as-of 2022-12-24` look around in it.
[[feeds]]
url = "{url}"
grade = "B"
interval = "365d"
"""


@dataclass(frozen=True, slots=True)
class DemoItem:
    date: date
    publisher: str
    title: str
    text: str


def demo_items() -> list[DemoItem]:
    """The bundled timeline in order."""
    timeline: Any = read_yaml(Path(__file__).parent / "timeline.yaml").value
    return [
        DemoItem(date.fromisoformat(entry["date"]), entry["publisher"], entry["title"], entry["text"])
        for entry in timeline["items"]
    ]


def demo_feed(items: Iterable[DemoItem]) -> str:
    """RSS 2.0 of the items; each names its publisher as its source."""
    entries = "".join(
        f"<item><title>{escape(item.title)}</title>"
        f"<description>{escape(item.text)} {escape(_NOTE.format(publisher=item.publisher))}</description>"
        f"<guid isPermaLink='false'>demo-{item.date}-{escape(item.publisher)}-{escape(item.title)}</guid>"
        f"<source url='https://example.org/'>{escape(item.publisher)}</source>"
        f"<pubDate>{format_datetime(_moment(item.date, 8))}</pubDate></item>"
        for item in items
    )
    return f"<?xml version='1.0'?><rss version='2.0'><channel><title>Demo timeline</title>{entries}</channel></rss>"


def _moment(when: date, hour: int) -> datetime:
    return datetime.combine(when, time(hour), UTC)


def replay(console: Console, folder: Path | None = None) -> Overview:
    """Replay the timeline on ``console``; the overview is as of its last day. What the monitor then knows is kept in
    ``folder``, if one is given, with settings and rules for a look around."""
    book = read_rule_book([starter_folder() / "rules"], starter_folder() / "seeds")
    rules = CompiledRules(book.rulesets)
    with tempfile.TemporaryDirectory(prefix="monitor-demo-") as passing:
        store = open_store(f"sqlite:///{(folder or Path(passing)).resolve() / 'monitor.db'}")
        try:
            overview, feed = asyncio.run(_replay(console, rules, store))
        finally:
            store.close()
    if folder is not None:
        (folder / "config.toml").write_text(_SETTINGS.format(url=feed.url), "utf-8")
        write_starter(folder)
    return overview


async def _replay(console: Console, rules: CompiledRules, store: Store) -> tuple[Overview, FeedConfig]:
    items = demo_items()
    shown: list[DemoItem] = []
    today = [_moment(items[0].date, 18)]

    async def serve(_request: web.Request) -> web.Response:
        return web.Response(text=demo_feed(shown), content_type="application/rss+xml")

    server = web.Application()
    server.router.add_get("/timeline.xml", serve)
    runner = web.AppRunner(server)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        port = runner.addresses[0][1]
        # The demo looks only on days with news, so its feed is never late.
        feed = FeedConfig(url=f"http://127.0.0.1:{port}/timeline.xml", grade="B", interval=timedelta(days=365))
        # The demo's own server, and nobody else's patience to try.
        here = FetchConfig(allow_addresses=(ip_network("127.0.0.1"),), host_spacing=0)
        config = Config(feeds=(feed,), fetch=here)
        console.print(
            Text.assemble(
                ("What the UK demanded of the Taliban in August 2021, and what was reported since\n", "bold"),
                (f"{len(items)} summaries, served by a feed on {feed.url}, polled day by day.\n", "bright_black"),
            )
        )
        keeping = Absorbing(store, rules, clock=lambda: today[0])
        async with new_poller(store, keeping, config, clock=lambda: today[0]) as poller:
            for when, group in groupby(items, key=lambda item: item.date):
                new = list(group)
                shown.extend(new)
                today[0] = _moment(when, 18)
                await _one_day(console, rules, store, poller, feed, new, today[0])
        with store.read() as connection:
            return read_overview(connection, rules.rulesets, config, today[0]), feed
    finally:
        await runner.cleanup()


async def _one_day(
    console: Console,
    rules: CompiledRules,
    store: Store,
    poller: Poller,
    feed: FeedConfig,
    new: list[DemoItem],
    now: datetime,
) -> None:
    absorbed = await poller.poll(feed)
    with store.read() as connection:
        found = [
            piece
            for ruleset in rules.rulesets
            for name in ruleset.standing()
            for piece in evidence_for(connection, ruleset.ruleset, name)
            if piece.recorded == now
        ]
    console.print(_day_table(new, found))
    for line in _moves(absorbed, now, rules.consequences):
        console.print(line)


def _day_table(new: list[DemoItem], found: list[Evidence]) -> Table:
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(width=12, style="bright_black", no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(ratio=1)
    for number, item in enumerate(new):
        stances = {(e.condition, e.stance) for e in found if e.title == item.title}
        meaning = Text()
        for condition, stance in sorted(stances):
            meaning.append(f"{condition} ", style="bold")
            meaning.append(f"{stance.value}  ", style=STANCE_COLOURS[stance])
        if not stances:
            meaning.append("bears on nothing", style=STANCE_COLOURS[Stance.MENTION])
        when = f"{day(_moment(item.date, 0))}" if number == 0 else ""
        table.add_row(when, Text.assemble((f"{item.publisher}: ", "bold"), item.title), meaning)
    return table


def _moves(absorbed: Absorbed, now: datetime, consequences: frozenset[str]) -> Iterable[Text]:
    for entry in absorbed.transitions:
        earlier = "" if entry.holds_from.date() == now.date() else f" since {day(entry.holds_from)}"
        yield Text.assemble(
            "             └ ",
            (f"{entry.condition}: ", "bold"),
            transition_text(entry, consequences),
            (earlier, "bright_black"),
        )
