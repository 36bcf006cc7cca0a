"""Measuring several ways to do one thing in one run: in turns, so that whatever the machine does hits them alike."""

from __future__ import annotations

import gc
import os
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar

from rich.console import Console
from rich.table import Table

CONSOLE = Console()
# Whether only to show that everything runs: small sizes, and figures that mean nothing.
TOY = os.environ.get("MONITOR_BENCHMARK") == "toy"
_Size = TypeVar("_Size")


def size(usual: _Size, toy: _Size) -> _Size:
    """How much of something to measure on."""
    return toy if TOY else usual


@dataclass(frozen=True, slots=True)
class Timings:
    """Seconds that each of several runs took for ``count`` things."""

    seconds: tuple[float, ...]
    count: int

    @property
    def rate(self) -> float:
        """Things a second, by the median run."""
        return self.count / statistics.median(self.seconds)

    @property
    def each(self) -> float:
        """Seconds a thing, by the median run."""
        return statistics.median(self.seconds) / self.count

    @property
    def spread(self) -> str:
        """The slowest and the fastest run as rates."""
        return f"{self.count / max(self.seconds):,.0f} – {self.count / min(self.seconds):,.0f}"


def take_turns(ways: Mapping[str, Callable[[], object]], count: int, rounds: int = 7) -> dict[str, Timings]:
    """Time each of ``ways`` (doing ``count`` things) once a round, after one round that only warms up."""
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for number in range(size(rounds, 1) + 1):
        for name, do in ways.items():
            gc.collect()
            begun = time.perf_counter()
            do()
            if number:
                taken[name].append(time.perf_counter() - begun)
    return {name: Timings(tuple(seconds), count) for name, seconds in taken.items()}


def ratio(ours: Timings, theirs: Timings) -> tuple[float, float, float]:
    """How many times as fast ``ours`` is: the median of the rounds' ratios, the lowest and the highest."""
    each = [b / a for a, b in zip(ours.seconds, theirs.seconds, strict=True)]
    return statistics.median(each), min(each), max(each)


def show(title: str, results: Mapping[str, Timings], unit: str, ours: str) -> None:
    """A table of rates, and how many times as fast as each peer we are."""
    table = Table(title=title, title_justify="left")
    table.add_column("way")
    for heading in (f"{unit} a second", "slowest – fastest", "µs each", f"{ours} is as fast"):
        table.add_column(heading, justify="right")
    for name, timings in results.items():
        if name == ours:
            said = ""
        else:
            middle, low, high = ratio(results[ours], timings)
            said = f"{middle:.2f} × ({low:.2f} – {high:.2f})"
        table.add_row(name, f"{timings.rate:,.0f}", timings.spread, f"{timings.each * 1e6:,.1f}", said)
    CONSOLE.print(table)
