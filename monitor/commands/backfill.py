"""``backfill``: years of an archive, read as if the monitor had been there."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from monitor.clock import utc_now
from monitor.commands.context import Context, Exit, Format, print_json, print_problems
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Stance, Transition
from monitor.pipeline.absorb import read_waiting
from monitor.pipeline.archived import assess_archived
from monitor.pipeline.memory import Memory
from monitor.pipeline.staging import OtherRules
from monitor.problem import Problem, Unusable, did_you_mean
from monitor.report.wording import count
from monitor.store.database import Store
from monitor.store.unassessed import count_unassessed

if TYPE_CHECKING:
    from distributed import Client

    from monitor.archive.backfill import Archive
    from monitor.archive.portion import Portion


_LONGEST_NAME = 80


@dataclass(slots=True)
class _Account:
    """What came of the portions, and of the assessment."""

    records: int = 0
    items: int = 0
    read_before: int = 0
    unreadable: int = 0
    found: Counter[Stance] = field(default_factory=Counter)
    problems: list[Problem] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)


def backfill(
    context: Context,
    files: list[str],
    name: str,
    grade: str,
    fields: list[str],
    workers: int,
    scheduler: str,
    output: Format,
) -> int:
    try:
        from monitor.archive.backfill import Archive
        from monitor.archive.portion import portions_of
    except ModuleNotFoundError as error:
        said = f"archives need the package {error.name}; install the extra: condition-monitor[archives]"
        raise Unusable([Problem("backfill", 0, 0, said)]) from error
    if not 0 < len(name.strip()) <= _LONGEST_NAME or not name.isprintable():
        said = f"expected a name of up to {_LONGEST_NAME} characters, the same when the archive is gone on with"
        raise Unusable([Problem(f"--name {name[:90]!r}", 0, 0, said)])
    archive = Archive(name, grade, _names(fields))
    config = context.config()
    rules = context.rules()
    portions = portions_of(files)
    account = _Account()
    try:
        with closing(context.store(config)) as store, _progress(context, quiet=output is Format.JSON) as progress:
            account.transitions += read_waiting(store, rules, utc_now())
            with _processes(workers, scheduler) as client:
                _read(store, rules, archive, portions, client, progress, account)
            _assess(store, rules, archive, progress, account)
    except KeyboardInterrupt:
        Console(stderr=True).print("interrupted; the same command goes on from here", style="yellow")
        raise
    _show(context, archive, account, output)
    return Exit.FOUND if account.problems else Exit.DONE


def _names(fields: list[str]) -> dict[str, str]:
    from monitor.archive.record import NAMES

    names: dict[str, str] = {}
    for given in fields:
        mine, equals, theirs = given.partition("=")
        if not equals or not theirs or mine not in NAMES:
            said = f"expected FIELD=NAME with one of {', '.join(NAMES)}{did_you_mean(mine, list(NAMES))}"
            raise Unusable([Problem(f"--field {given}", 0, 0, said)])
        names[mine] = theirs
    return names


@contextmanager
def _processes(workers: int, scheduler: str) -> Iterator[Client]:
    """Processes of this machine, or the cluster whose scheduler is at an address."""
    from distributed import Client, LocalCluster

    if scheduler:
        try:
            client = Client(scheduler, timeout="10s")
        except (OSError, TimeoutError, ValueError) as error:
            raise Unusable([Problem(scheduler, 0, 0, f"no Dask scheduler answers there: {error}")]) from error
        with client:
            yield client
        return
    number = workers or os.cpu_count()
    # Whoever presses Ctrl-C means this process, which then stops the others; what fails in them is told here as well.
    interrupt = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        cluster = LocalCluster(n_workers=number, threads_per_worker=1, dashboard_address=None, silence_logs=50)
    finally:
        signal.signal(signal.SIGINT, interrupt)
    with cluster, Client(cluster) as client:
        yield client


def _progress(context: Context, quiet: bool) -> Progress:
    return Progress(
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[last]}", style="bright_black"),
        console=context.console,
        disable=quiet or not context.console.is_terminal,
        transient=True,
    )


def _read(
    store: Store,
    rules: CompiledRules,
    archive: Archive,
    portions: list[Portion],
    client: Client,
    progress: Progress,
    account: _Account,
) -> None:
    from monitor.archive.backfill import backfill as run

    task = progress.add_task("reading", total=sum(portion.weight for portion in portions), last="")
    try:
        for stored in run(store, rules, archive, portions, client, utc_now):
            address = stored.portion.address
            progress.update(task, advance=stored.portion.weight, last=Path(address).name[-40:].replace("[", "("))
            if stored.problem:
                account.problems.append(Problem(address, 0, 0, f"cannot be read: {stored.problem}"))
            elif stored.read is None:
                account.read_before += 1
            else:
                account.records += stored.read.records
                account.items += stored.new
                account.unreadable += stored.read.unreadable
                account.found.update(finding.stance for _, found in stored.read.found for finding in found)
                named = (Problem(address, 0, 0, f"{each.place}: {each.why}") for each in stored.read.named)
                account.problems += named
    except OtherRules as error:
        said = "other rules were put in force meanwhile; run the same again, and it goes on with those"
        raise Unusable([Problem("rules", 0, 0, said)]) from error


def _assess(store: Store, rules: CompiledRules, archive: Archive, progress: Progress, account: _Account) -> None:
    with store.read() as connection:
        total = count_unassessed(connection, archive.name)
    task = progress.add_task("assessing", total=total, last="")
    for assessed in assess_archived(store, rules, archive.name, utc_now, Memory()):
        progress.update(task, advance=assessed.items)
        account.transitions += assessed.transitions


def _show(context: Context, archive: Archive, account: _Account, output: Format) -> None:
    if output is Format.JSON:
        record = {
            "archive": archive.name,
            "records": account.records,
            "portions_read_before": account.read_before,
            "unreadable": account.unreadable,
            "items_stored": account.items,
            "findings": {stance.value: number for stance, number in sorted(account.found.items())},
            "transitions": [entry.record() for entry in account.transitions],
            "problems": [str(problem) for problem in account.problems],
        }
        print_json(record)
        return
    console = context.console
    before = f", {count(account.read_before, 'portion')} read before" if account.read_before else ""
    console.print(
        Text.assemble(
            ("✔ ", "green"),
            (archive.name, "bold"),
            f": {count(account.records, 'record')} read{before}, {count(account.items, 'item')} that bear on a "
            f"condition stored, {count(len(account.transitions), 'status change')} logged",
        ),
        soft_wrap=True,
    )
    if account.found:
        stances = " · ".join(f"{stance.value} {number:,}" for stance, number in account.found.most_common())
        pieces = count(account.found.total(), "piece")
        console.print(Text(f"  {pieces} of evidence: {stances}", style="bright_black"), soft_wrap=True)
    if account.unreadable:
        said = f"✘ {count(account.unreadable, 'record')} cannot be read; the first of them:"
        console.print(Text(said, style="red"), soft_wrap=True)
    print_problems(console, account.problems)
    console.print(Text("Next: monitor report, or monitor status --as-of DATE", style="bold"))
