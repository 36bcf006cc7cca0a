"""``run`` and ``init``: setting a monitor up, and letting it watch."""

from __future__ import annotations

import asyncio
from contextlib import ExitStack
from pathlib import Path

import structlog
from rich.text import Text

from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, print_json, progress_bar
from monitor.config import Config
from monitor.daemon.database_gate import open_patiently
from monitor.daemon.keeping import Absorbing
from monitor.daemon.logging import configure_logging
from monitor.daemon.round import new_poller, poll_all
from monitor.daemon.run import Daemon
from monitor.manners.timing import GROUPING
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Transition
from monitor.notify.send import Sent, send_due
from monitor.pipeline.absorb import tick
from monitor.pipeline.arrival import Absorbed
from monitor.problem import Problem, Unusable
from monitor.report.terminal import transition_text
from monitor.report.wording import count, day
from monitor.starter import UNIT_NAME, write_starter, write_unit
from monitor.store.database import Store
from monitor.store.sole_daemon import AnotherDaemon, sole_daemon


def init(context: Context, folder: Path, systemd: bool, output: Format) -> int:
    try:
        written = write_starter(folder)
        written += [write_unit(folder)] if systemd else []
    except OSError as error:
        raise Unusable(
            [Problem(str(error.filename or folder), 0, 0, f"cannot be written: {error.strerror}")]
        ) from error
    if output is Format.JSON:
        print_json([{"file": str(file.path), "kept": file.kept} for file in written])
        return Exit.DONE
    for file in written:
        state = "kept, it was there already" if file.kept else "written"
        context.console.print(Text.assemble((f"  {file.path}", "bold"), f"  {state}"))
    into = "" if folder == Path() else f"cd {folder} && "
    context.console.print(Text(f"\nNext: {into}monitor run --once", style="bold"))
    if systemd:
        context.console.print(Text(f"Then: the first lines of {folder / UNIT_NAME} say how to install it"))
    return Exit.DONE


def run(context: Context, once: bool, serve: bool, output: Format) -> int:
    if once and serve:
        raise Unusable([Problem("--serve", 0, 0, "goes on for ever and --once does not; leave one of them out")])
    config = context.config()
    rules = context.rules()
    if not config.feeds:
        raise Unusable([Problem(str(config.file), 0, 0, "names no feeds; `monitor feeds add URL` adds one")])
    configure_logging(config.log)
    store = context.store(config) if once else open_patiently(config)
    try:
        if once:
            return asyncio.run(_once(context, config, rules, store, output))
        with sole_daemon(store) as right, ExitStack() as stack:
            daemon = Daemon(store, rules, config, right)
            if serve:
                _serve(stack, store, config, daemon)
            asyncio.run(daemon.run())
        return Exit.DONE
    finally:
        store.close()


def work(context: Context) -> int:
    """Be one of many workers of a database, until told to stop. Raises :class:`Unusable`."""
    config = context.config()
    if not config.database_url.startswith("postgresql"):
        said = "many workers share a PostgreSQL database, and this is a SQLite file; `monitor run` watches with it"
        raise Unusable([Problem(str(config.file), 0, 0, f"`database` {said}")])
    try:
        from monitor.daemon.work import Worker
    except ModuleNotFoundError as error:
        said = f"workers need the package {error.name}; install the extra: condition-monitor[workers]"
        raise Unusable([Problem(str(config.file), 0, 0, said)]) from error
    rules = context.rules()
    if not config.feeds:
        raise Unusable([Problem(str(config.file), 0, 0, "names no feeds; `monitor feeds add URL` adds one")])
    configure_logging(config.log)
    store = open_patiently(config)
    try:
        asyncio.run(Worker(store, rules, config).run())
        return Exit.DONE
    finally:
        store.close()


def _serve(stack: ExitStack, store: Store, config: Config, daemon: Daemon) -> None:
    """The dashboard beside the daemon, in the same process and from the same database."""
    from monitor.commands.serve import serving_dashboard
    from monitor.web.board import Board

    board = Board(store, config, utc_now)
    address = stack.enter_context(serving_dashboard(board, None, daemon.pulse.health, daemon.pulse.page))
    structlog.get_logger("monitor.web").info("dashboard", address=address)


async def _once(context: Context, config: Config, rules: CompiledRules, store: Store, output: Format) -> int:
    progress = progress_bar(context.console, quiet=output is Format.JSON)
    with progress:
        task = progress.add_task("polling", total=len(config.feeds), last="")
        absorbing = Absorbing(store, rules)
        changed = await absorbing.put_in_force(rules)

        def done(absorbed: Absorbed) -> None:
            progress.update(task, advance=1, last=absorbed.url[-60:].replace("[", "("))

        async with new_poller(store, absorbing, config) as poller:
            polled = await poll_all(poller, config.feeds, done)
        for absorbed in polled:
            changed.extend(absorbed.transitions)
        changed.extend(await asyncio.to_thread(tick, store, utc_now()))
        told = await asyncio.to_thread(_tell, store, config)
    changed.sort(key=lambda entry: entry.seq)
    if output is Format.JSON:
        print_json(_round_record(polled, changed, told))
    else:
        _show_round(context, polled, changed, rules.consequences)
        _show_told(context, told)
    return Exit.DONE


def _tell(store: Store, config: Config) -> list[Sent]:
    """Tell people of what has changed, unless a daemon does so already. The round is over: nothing more will come that
    could stand in the same message."""
    if not config.notify:
        return []
    try:
        with sole_daemon(store):
            return list(send_due(store, config, lambda: utc_now() + GROUPING))
    except AnotherDaemon:
        return []


def _show_told(context: Context, told: list[Sent]) -> None:
    for sent in told:
        said = f"  not told: {sent.error}" if sent.error else f"  told of {count(sent.changes, 'status change')}"
        sign = ("✘ ", "red") if sent.error else ("✔ ", "green")
        context.console.print(Text.assemble(sign, (sent.target, "bold"), said), soft_wrap=True)


def _round_record(polled: list[Absorbed], changed: list[Transition], told: list[Sent]) -> dict[str, object]:
    fields = ("url", "outcome", "received", "new", "edited", "evidence", "error")
    return {
        "feeds": [{name: getattr(absorbed, name) for name in fields} for absorbed in polled],
        "transitions": [entry.record() for entry in changed],
        "notifications": [{"target": s.target, "changes": s.changes, "error": s.error} for s in told],
    }


def _show_round(
    context: Context, polled: list[Absorbed], changed: list[Transition], consequences: frozenset[str]
) -> None:
    console = context.console
    signs = {"failed": ("✘ ", "red"), "waiting": ("◌ ", "yellow")}
    for absorbed in polled:
        if absorbed.outcome in signs:
            sign = signs[absorbed.outcome]
            console.print(Text.assemble(sign, (absorbed.url, "bold"), f"  {absorbed.error}"), soft_wrap=True)
    for entry in changed:
        console.print(
            Text.assemble(
                (f"{day(entry.holds_from)}  ", "bright_black"),
                (f"{entry.condition}  ", "bold"),
                transition_text(entry, consequences),
            )
        )
    failed = sum(absorbed.outcome == "failed" for absorbed in polled)
    received, new, edited, found = (
        sum(getattr(a, name) for a in polled) for name in ("received", "new", "edited", "evidence")
    )
    console.print(
        Text(
            f"{count(len(polled), 'feed')} polled, {failed} failed · "
            f"{count(received, 'item')} received, {new:,} new, {edited:,} edited · "
            f"evidence found {count(found, 'time')} · {count(len(changed), 'status change')}",
            style="bright_black",
        )
    )
