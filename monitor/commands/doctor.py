"""``doctor``: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

from rich.text import Text
from sqlalchemy import make_url, text

from monitor.assess.log import first_break
from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, print_json
from monitor.commands.feeds import count_as_one
from monitor.config import Config
from monitor.manners.health import Health, health
from monitor.manners.state import FeedState
from monitor.problem import Unusable
from monitor.proof.examples import check_examples
from monitor.publishers.owner import owner_of, owners
from monitor.report.feed_health import health_note
from monitor.report.overview import read_account
from monitor.report.wording import count, day
from monitor.rules.check import check_rule_book
from monitor.store.database import Store, StoreError
from monitor.store.feeds import feed_states
from monitor.store.items import undated_since
from monitor.store.outbox import delivery
from monitor.store.quarantine import quarantined
from monitor.store.sole_daemon import AnotherDaemon, sole_daemon
from monitor.store.transitions import read_log
from monitor.store.unassessed import lines_of_unassessed

# Fewer publishers than this confirm nothing.
_FEWEST_PUBLISHERS = 2
# So far back are dates looked at that cannot be read.
_OF_LATE = timedelta(days=30)
# With less room than this, bytes, a database may not take another day.
_LITTLE = 200_000_000
_CURES = {
    Health.FAILING: "look at it with `monitor feeds check`; correct or remove it in the configuration",
    Health.MISSING: "find its new address, or remove it in the configuration",
    Health.RETIRED: "remove it in the configuration; its publisher says it will not come back",
    Health.QUIET: "look whether its publisher still writes; `quiet_after` says how long it may be quiet",
}


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; ``cure`` is empty when it is well. ``advice`` is no fault."""

    name: str
    found: str
    cure: str = ""
    advice: bool = False

    @property
    def well(self) -> bool:
        return self.advice or not self.cure


def doctor(context: Context, output: Format) -> int:
    checks = list(_checks(context))
    if output is Format.JSON:
        print_json([{"check": c.name, "well": c.well, "found": c.found, "cure": c.cure} for c in checks])
    else:
        for check in checks:
            sign = Text("✔ ", style="green") if check.well else Text("✘ ", style="red")
            context.console.print(Text.assemble(sign, (f"{check.name:<14}", "bold"), check.found), soft_wrap=True)
            if check.cure:
                context.console.print(Text(f"  {'':<14}→ {check.cure}", style="yellow"), soft_wrap=True)
    return Exit.DONE if all(check.well for check in checks) else Exit.FOUND


def _checks(context: Context) -> Iterator[Check]:
    try:
        config = context.config()
    except Unusable as error:
        yield Check("configuration", str(error), "mend the file at that line, or run `monitor init` for a fresh one")
        return
    yield Check("configuration", f"{config.file} is valid")
    yield from _secrets(config)
    yield from _permissions(config)
    yield _rules(context)
    yield _feeds(config)
    yield from _publishers(config)
    yield _dashboard(config)
    yield from _disk(config)
    try:
        store = context.store(config)
    except StoreError as error:
        yield Check("database", str(error), "check the path, its permissions and the disk, or the server's address")
        return
    try:
        yield from _stored(context, config, store)
    finally:
        store.close()


def _rules(context: Context) -> Check:
    book = context.rule_book()
    problems = [problem for problem in check_rule_book(book) if problem.level == "error"]
    if not problems:
        problems = [p for file in book.rules for p in check_examples(file) if p.level == "error"]
    if problems:
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        return Check("rules", f"{problems[0]}{more}", "mend it; `monitor rules check` lists every problem")
    if not book.rules:
        return Check("rules", "there are none", "`monitor init` writes rules to start from")
    return Check("rules", f"{count(len(book.rules), 'ruleset')} checked: no error, and every example holds")


def _feeds(config: Config) -> Check:
    if not config.feeds:
        return Check("feeds", "none is configured", "add one with `monitor feeds add URL`")
    if not config.fetch.contact and any(not feed.is_file for feed in config.feeds):
        cure = "set `contact` under [fetch] to an address at which publishers can reach you"
        return Check("feeds", f"{len(config.feeds)} configured; publishers cannot tell who asks", cure, advice=True)
    return Check("feeds", f"{len(config.feeds)} configured")


def _publishers(config: Config) -> Iterator[Check]:
    """How many publishers there are to confirm a status, and which feeds count as one."""
    if not config.feeds:
        return
    known = config.known_publishers()
    owned = [(feed.url, owner_of(feed.url, feed.publisher, known)) for feed in config.feeds]
    listed = owners(owned, known)
    carriers = len(owned) - sum(len(one.feeds) for one in listed)
    found = f"{count(len(listed), 'publisher')} in {count(len(owned) - carriers, 'feed')}"
    if carriers:
        found += f", and {count(carriers, 'feed')} of aggregators"
    cure = ""
    if len(listed) < _FEWEST_PUBLISHERS and not carriers:
        found += ": no status can be confirmed by one alone"
        cure = "add feeds of other publishers: most conditions ask for two"
    shared = [count_as_one(one) for one in listed if len(one.feeds) > 1]
    yield Check("publishers", "; ".join([found, *shared]), cure, advice=True)


def _dashboard(config: Config) -> Check:
    """Whether the dashboard would start as it is set, and who would get in."""
    from monitor.web.access import Access, where_to_listen

    host, port = where_to_listen(config, None)
    try:
        access = Access(config, host)
    except Unusable as error:
        return Check("dashboard", str(error), "set a way in under [serve], or listen on 127.0.0.1")
    if config.serve.user_header:
        who = f"whom the proxy names in {config.serve.user_header}"
    else:
        who = "who has the token" if access.asks_for_token else "everybody on this machine"
    return Check("dashboard", f"would listen on {host}:{port} for {who}")


def _secrets(config: Config) -> Iterator[Check]:
    """Whether every secret can be read, and by nobody else."""
    names = [feed.secret for feed in config.feeds if feed.secret] + [target.url for target in config.notify]
    names += [config.serve.token] if config.serve.token else []
    for name in dict.fromkeys(names):
        kind, _, where = name.partition(":")
        try:
            config.secret(name)
        except Unusable as error:
            cure = f"export {where}=…" if kind == "env" else f"write it into {config.root / where}"
            yield Check("secret", error.problems[0].message, f"{cure}, where the daemon runs")
            continue
        if kind == "file" and (config.root / where).stat().st_mode & 0o077:
            path = config.root / where
            yield Check("secret", f"{path} can be read by other users of this machine", f"chmod 600 {path}")


def _permissions(config: Config) -> Iterator[Check]:
    """Whoever can write the rules decides what the monitor says."""
    places = [place for place in (config.file, config.rules_path, config.sources_path) if place and place.exists()]
    for place in places:
        if place.stat().st_mode & 0o002:
            yield Check("permissions", f"{place} can be changed by anybody on this machine", f"chmod o-w {place}")


def _disk(config: Config) -> Iterator[Check]:
    url = make_url(config.database_url)
    if url.get_backend_name() != "sqlite" or not url.database:
        return
    folder = Path(url.database).parent
    if not folder.is_dir():
        yield Check("disk", f"{folder} does not exist", f"mkdir -p {folder}")
        return
    free = shutil.disk_usage(folder).free
    if not os.access(folder, os.W_OK):
        cure = "give it to the user that runs the monitor, or move `database`"
        yield Check("disk", f"{folder} cannot be written to", cure)
    elif free < _LITTLE:
        cure = "make room; while the disk is full the monitor waits"
        yield Check("disk", f"only {free // 1_000_000:,} MB are free in {folder}", cure)
    else:
        yield Check("disk", f"{free / 1_000_000_000:,.1f} GB are free")


def _stored(context: Context, config: Config, store: Store) -> Iterator[Check]:
    probes: list[Callable[[], Iterator[Check]]] = [
        lambda: _writable(store),
        lambda: _daemon(config, store),
        lambda: _log(store),
        lambda: _feed_health(config, store),
        lambda: _dates(store),
        lambda: _told(config, store),
        lambda: _read(context, config, store),
    ]
    for probe in probes:
        try:
            yield from probe()
        except StoreError as error:
            yield Check(
                "database", str(error), "check its permissions, the disk's free space and other programs using it"
            )
        except Unusable:
            return


def _writable(store: Store) -> Iterator[Check]:
    with store.write() as connection:
        sound = connection.scalar(text("PRAGMA quick_check(1)")) if store.engine.dialect.name == "sqlite" else "ok"
    if sound == "ok":
        yield Check("database", f"{store.shown_url} is sound and can be written to")
    else:
        yield Check("database", f"{store.shown_url} is damaged: {sound}", "restore it from a backup")


def _daemon(config: Config, store: Store) -> Iterator[Check]:
    try:
        with sole_daemon(store):
            pass
    except AnotherDaemon:
        where = f"; it answers at http://{config.daemon.listen}/healthz" if config.daemon.listen else ""
        yield Check("daemon", f"it runs{where}")
        return
    yield Check("daemon", "none runs on this database", "start it with `monitor run`", advice=True)


def _log(store: Store) -> Iterator[Check]:
    with store.read() as connection:
        entries = read_log(connection)
    broken = first_break(entry.record() for entry in entries)
    if broken:
        yield Check("status log", broken[1], "restore the database from a backup; somebody or something altered it")
    else:
        yield Check("status log", f"{count(len(entries), 'entry', 'entries')}, the chain is whole")
    now = utc_now()
    if entries and entries[-1].recorded > now:
        yield Check(
            "clock",
            f"the log's last entry lies in the future ({day(entries[-1].recorded)})",
            "set this machine's clock",
        )
    else:
        yield Check("clock", f"{now:%Y-%m-%d %H:%M} UTC")


def _feed_health(config: Config, store: Store) -> Iterator[Check]:
    now = utc_now()
    with store.read() as connection:
        states = feed_states(connection)
        held = [entry for entry in quarantined(connection) if entry.released is None]
    for feed in config.feeds:
        state = states.get(feed.url, FeedState(feed.url))
        kind = health(state, feed.quiet_after, now)
        if kind in _CURES:
            yield Check("feed", f"{feed.url} is {kind.value}{health_note(state, kind)}", _CURES[kind])
        if state.address:
            yield Check("feed", f"{feed.url} has moved", f"put {state.address} in its place", advice=True)
    if held:
        cure = "look at them with `monitor feeds quarantine`"
        yield Check("quarantine", f"{count(len(held), 'entry', 'entries')} set aside as error pages", cure, advice=True)


def _dates(store: Store) -> Iterator[Check]:
    """Items of late whose dates cannot be read: their deeds count for nothing until they are dated."""
    now = utc_now()
    with store.read() as connection:
        undated = undated_since(connection, now - _OF_LATE)
    for feed, number in undated.items():
        found = f"{count(number, 'item')} of {feed} in {_OF_LATE.days} days: the date cannot be read, so deeds wait"
        cure = f"`monitor feeds check {feed}` shows how it is written; `monitor review date` dates what waits"
        yield Check("dates", found, cure, advice=True)


def _told(config: Config, store: Store) -> Iterator[Check]:
    for target in config.notify:
        with store.read() as connection:
            state = delivery(connection, target.name)
        if state is not None and state.error:
            cure = f"mend what it says, then try `monitor notify test {target.name}`"
            yield Check("notification", f"{target.name}: {state.error}", cure)
    if config.notify and find_spec("apprise") is None:
        cure = "pip install 'condition-monitor[notify]'"
        yield Check("notification", "the package that sends messages is not installed", cure)


def _read(context: Context, config: Config, store: Store) -> Iterator[Check]:
    rulesets = context.usable_rule_book().rulesets
    with store.read() as connection:
        account = read_account(connection, rulesets, config, utc_now())
        in_line = lines_of_unassessed(connection)
    if account.items.waiting:
        yield Check("items", f"{account.items.waiting:,} wait to be read by these rules", "run `monitor run --once`")
    else:
        yield Check("items", f"{account.items.items:,} received, none waiting to be read")
    for archive, number in in_line.items():
        if archive:
            cure = f"run `monitor backfill` with `--name {archive!r}` again: it was interrupted"
            yield Check("archive", f"{count(number, 'item')} of {archive} wait to be assessed", cure)
        else:
            cure = "a worker that leads assesses it within a second: start `monitor worker`"
            yield Check("workers", f"{count(number, 'item')} wait to be assessed", cure, advice=True)
