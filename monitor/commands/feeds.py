"""``feeds list``, ``add`` and ``check``."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from rich.text import Text

from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, print_json, write_whole
from monitor.config import Config, FeedConfig, parse_config
from monitor.duration import show_duration
from monitor.feeds.document import NotAFeed
from monitor.feeds.fetch import fetch, new_session
from monitor.feeds.host_gate import HostGate
from monitor.feeds.parse import parse_feed
from monitor.feeds.plain_text import one_line
from monitor.manners.health import health
from monitor.manners.host import host_of
from monitor.manners.state import FeedState
from monitor.model import DateMark
from monitor.problem import Problem, Unusable
from monitor.publishers.owner import OnePublisher, owner_of, owners
from monitor.report.feed_health import HEALTH_SIGNS, feed_owners, feed_record, health_note
from monitor.report.terminal import simple_table
from monitor.report.wording import count, day, minute
from monitor.store.feeds import feed_states
from monitor.store.quarantine import held_by_feed

# So many characters are shown of a date that cannot be read.
_LONGEST_DATE = 60


def list_feeds(context: Context, output: Format) -> int:
    config = context.config()
    now = utc_now()
    with context.reading(config) as connection:
        states = feed_states(connection)
        held = held_by_feed(connection)
    rows = [(feed, states.get(feed.url, FeedState(feed.url))) for feed in config.feeds]
    owned = feed_owners(config, states)
    if output is Format.JSON:
        print_json([feed_record(config, feed, state, owned[feed.url], held[feed.url], now) for feed, state in rows])
        return Exit.DONE
    table = simple_table(
        ("Feed", "Grade", "Every", "Last poll", "Items", "Health"),
        [
            (
                Text.assemble((owned[feed.url].name or "unnamed", "bold"), (f"\n{feed.url}", "bright_black")),
                feed.grade,
                show_duration(state.usual_interval(config.pace(feed).shortest)),
                minute(state.polled_at),
                f"{state.items_seen:,}",
                _health(feed, state, held[feed.url], now),
            )
            for feed, state in rows
        ],
    )
    context.console.print(table)
    for one in owners(owned.items(), config.known_publishers()):
        if len(one.feeds) > 1:
            context.console.print(count_as_one(one), soft_wrap=True)
    return Exit.DONE


def count_as_one(one: OnePublisher) -> str:
    """Which feeds count as one publisher, in words."""
    return f"{count(len(one.feeds), 'feed')} count as one publisher, {one.name}: {', '.join(one.feeds)}"


def _health(feed: FeedConfig, state: FeedState, held: int, now: datetime) -> Text:
    kind = health(state, feed.quiet_after, now)
    sign, colour = HEALTH_SIGNS[kind]
    more = health_note(state, kind)
    text = Text(f"{sign} {kind.value}{more}", style=colour)
    if state.address:
        text.append(f"\nmoved to {state.address}: put that into the settings", style="yellow")
    if held:
        text.append(f"\n{count(held, 'entry', 'entries')} in quarantine", style="yellow")
    return text


def add(context: Context, url: str, publisher: str, interval: str | None, grade: str, output: Format) -> int:
    """Append a feed to the configuration file, leaving everything else in it as it is."""
    config = context.config()
    if any(feed.url == url for feed in config.feeds):
        raise Unusable([Problem(str(config.file), 0, 0, f"feed {url} is there already")])
    settings = {"url": url, "publisher": publisher, "interval": interval or "", "grade": grade}
    feeds = append_feeds(context.config_path, [settings])
    if output is Format.JSON:
        print_json({"file": str(context.config_path), **feeds[-1].model_dump(mode="json")})
        return Exit.DONE
    context.console.print(Text.assemble(("✔ ", "green"), f"added {url} to {context.config_path}"))
    known = config.known_publishers()
    for one in owners([(feed.url, owner_of(feed.url, feed.publisher, known)) for feed in feeds], known):
        if len(one.feeds) > 1 and url in one.feeds:
            context.console.print(Text.assemble(("◆ ", "yellow"), count_as_one(one)), soft_wrap=True)
    return Exit.DONE


def append_feeds(path: Path, feeds: Iterable[Mapping[str, str]]) -> tuple[FeedConfig, ...]:
    """Append feeds to the configuration file at ``path``, and return all that it then has. Raises :class:`Unusable`,
    and then the file is as before."""
    text = path.read_text("utf-8").rstrip("\n") + "\n"
    for settings in feeds:
        lines = ["", "[[feeds]]", *(f"{key} = {_toml(value)}" for key, value in settings.items() if value), ""]
        text += "\n".join(lines)
    found = parse_config(text, path, {}).feeds
    write_whole(path, text)
    return found


def _toml(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in escaped) + '"'


@dataclass(frozen=True, slots=True)
class _Checked:
    feed: FeedConfig
    title: str
    items: int
    newest: str
    problem: str
    unread_dates: tuple[str, ...] = ()

    @property
    def warning(self) -> str:
        """What of it cannot be read, in words; nothing if all can."""
        if not self.unread_dates:
            return ""
        entries = count(len(self.unread_dates), "entry", "entries")
        written = self.unread_dates[0][:_LONGEST_DATE]
        return f"{entries}: the date cannot be read, as in “{written}”; deeds wait until they are dated"


def check(context: Context, urls: list[str], output: Format) -> int:
    """Fetch feeds now, store nothing, and say what each one is."""
    config = context.config_or_default() or Config(root=Path())
    known = {feed.url: feed for feed in config.feeds}
    feeds = [known.get(url) or _feed(url) for url in urls] if urls else list(config.feeds)
    checked = asyncio.run(_check_all(config, feeds))
    if output is Format.JSON:
        names = ("title", "items", "newest", "problem", "unread_dates")
        print_json([{"url": c.feed.url, **{name: getattr(c, name) for name in names}} for c in checked])
    else:
        table = simple_table(
            ("", "Feed", "Items", "Newest"),
            [
                (
                    Text("✘", style="red") if c.problem else Text("✔", style="green"),
                    Text.assemble(
                        (c.problem, "red") if c.problem else (c.title, "bold"),
                        (f"\n{c.warning}" if c.warning else "", "yellow"),
                        (f"\n{c.feed.url}", "bright_black"),
                    ),
                    str(c.items),
                    c.newest,
                )
                for c in checked
            ],
        )
        context.console.print(table)
    return Exit.FOUND if any(c.problem for c in checked) else Exit.DONE


def _feed(url: str) -> FeedConfig:
    try:
        return FeedConfig(url=url)
    except ValueError as error:
        raise Unusable([Problem(url, 0, 0, "is not a feed's address; write https://… or a path to a file")]) from error


async def _check_all(config: Config, feeds: list[FeedConfig]) -> list[_Checked]:
    gate = HostGate(config.fetch.host_concurrency, config.fetch.host_spacing)
    async with new_session(config) as session:

        async def one(feed: FeedConfig) -> _Checked:
            now = utc_now()
            async with gate.turn(host_of(feed.url) or feed.url):
                fetched = await fetch(session, config, feed, now)
            if fetched.error:
                return _Checked(feed, "", 0, "—", fetched.error)
            try:
                parsed = await asyncio.to_thread(
                    parse_feed, fetched.body, feed.url, now, feed.publisher, fetched.headers
                )
            except NotAFeed as error:
                return _Checked(feed, "", 0, "—", str(error))
            dated = (item.published for item in parsed.items if item.published and item.date_mark is DateMark.GIVEN)
            newest, title = max(dated, default=None), parsed.title or feed.publisher
            unread_dates = tuple(one_line(written) for written in parsed.unread_dates)
            return _Checked(feed, title, len(parsed.items), day(newest), "", unread_dates)

        return list(await asyncio.gather(*(one(feed) for feed in feeds)))
