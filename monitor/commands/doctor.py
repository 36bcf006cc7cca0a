"""``doctor``: what is wrong with this installation, and how to mend it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from rich.text import Text

from monitor.assess.log import first_break
from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, print_json
from monitor.config import Config
from monitor.match.examples import check_examples
from monitor.problem import Unusable
from monitor.report.overview import read_account
from monitor.report.wording import count, day
from monitor.rules.check import check_rule_book
from monitor.store.database import Store, StoreError
from monitor.store.transitions import read_log


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
    yield _rules(context)
    yield _feeds(config)
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


def _stored(context: Context, config: Config, store: Store) -> Iterator[Check]:
    probes: list[Callable[[], Iterator[Check]]] = [
        lambda: _writable(store),
        lambda: _log(store),
        lambda: _health(context, config, store),
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
    with store.write():
        pass
    yield Check("database", f"{store.shown_url} opens and can be written to")


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


def _health(context: Context, config: Config, store: Store) -> Iterator[Check]:
    rulesets = context.usable_rule_book().rulesets
    with store.read() as connection:
        account = read_account(connection, rulesets, config, utc_now())
    for state in account.failing:
        cure = "look at it with `monitor feeds check`; correct or remove it in the configuration"
        yield Check("feed", f"{state.url} fails since {day(state.failing_since)}: {state.error}", cure)
    if account.items.waiting:
        yield Check("items", f"{account.items.waiting:,} wait to be read by these rules", "run `monitor run --once`")
    else:
        yield Check("items", f"{account.items.items:,} received, none waiting to be read")
