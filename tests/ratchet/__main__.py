"""The ratchet: switch off every guard of the given files, one at a time, and list those that no test notices.

    python tests/ratchet [--tests PATH ...] [--jobs N] FILE-OR-FOLDER ...

A guard that no test notices is written for nobody: give it a test that fails without it, or delete it. Exits with 1 if
there is one. The tests run once to see which of them each guard has a say in; then, for each guard, only those run, in
a child process of their own, until one fails.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from _pytest.runner import runtestprotocol

sys.path.insert(0, str(Path(__file__).parent))

from guards import HIT, Guard, guards_of, switched_off, watched
from patching import patch

ROOT = Path(__file__).resolve().parents[2]


class Ratchet:
    """A plugin that takes the place of pytest's loop over the tests."""

    def __init__(self, files: Sequence[Path], jobs: int) -> None:
        self.sources = {str(file.relative_to(ROOT)): file.read_text("utf-8") for file in files}
        self.guards = [guard for path, source in self.sources.items() for guard in guards_of(path, source)]
        self.jobs = jobs
        self.unnoticed: list[Guard] = []
        self.failing: list[str] = []

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        began = time.monotonic()
        swayed = self._swayed(session)
        if not self.failing:
            self.unnoticed = self._unnoticed(session.items, swayed)
            took = time.monotonic() - began
            print(f"{len(self.guards)} guards, {len(self.unnoticed)} noticed by no test, in {took:.0f} s")
        return True

    def _swayed(self, session: pytest.Session) -> dict[str, list[int]]:
        """For each guard, by path and line, the numbers of the tests in which it holds at least once."""
        out = _in_child(lambda: self._record(session))
        if isinstance(out[0], str):
            self.failing = list(out)
            return {}
        return dict(out)

    def _record(self, session: pytest.Session) -> list[Any]:
        current = [0]
        seen: defaultdict[str, set[int]] = defaultdict(set)

        def hit(where: str, holds: object) -> object:
            if holds:
                seen[where].add(current[0])
            return holds

        for path, source in self.sources.items():
            module = importlib.import_module(path.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
            vars(module)[HIT] = hit
            patch(module, watched(path, source))
        failing = []
        for number, (item, following) in enumerate(_in_turn(session.items)):
            current[0] = number
            if _fails(item, following):
                failing.append(item.nodeid)
        return failing or [(where, sorted(tests)) for where, tests in seen.items()] or [("", [])]

    def _unnoticed(self, items: Sequence[pytest.Item], swayed: dict[str, list[int]]) -> list[Guard]:
        waiting = list(self.guards)
        running: dict[int, Guard] = {}
        unnoticed: list[Guard] = []
        while waiting or running:
            while waiting and len(running) < self.jobs:
                guard = waiting.pop()
                tests = [items[number] for number in swayed.get(f"{guard.path}:{guard.line}", ())]
                if not tests:
                    unnoticed.append(guard)
                    continue
                running[self._start(guard, tests)] = guard
            if running:
                child, status = os.wait()
                guard = running.pop(child)
                if os.waitstatus_to_exitcode(status) == 0:
                    unnoticed.append(guard)
        return sorted(unnoticed, key=lambda guard: (guard.path, guard.line))

    def _start(self, guard: Guard, tests: Sequence[pytest.Item]) -> int:
        child = os.fork()
        if child:
            return child
        try:
            path = guard.path
            module = importlib.import_module(path.removesuffix(".py").replace("/", "."))
            patch(module, switched_off(path, self.sources[path], guard.line))
            os._exit(int(any(_fails(item, following) for item, following in _in_turn(tests))))
        except BaseException:
            os._exit(2)


def _in_turn(items: Sequence[pytest.Item]) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """Each test with the one after it, for which pytest leaves standing what both need."""
    return zip(items, (*items[1:], None), strict=True)


def _fails(item: pytest.Item, following: pytest.Item | None) -> bool:
    return any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def _in_child(act: Any) -> list[Any]:
    """What ``act`` returns, in a process of its own, so that nothing stays behind in this one."""
    import pickle

    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        with os.fdopen(writing, "wb") as pipe:
            pickle.dump(act(), pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        out: list[Any] = pickle.load(pipe)
    os.waitpid(child, 0)
    return out


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="ratchet", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path, metavar="FILE-OR-FOLDER")
    parser.add_argument("--tests", nargs="+", default=["tests/match", "tests/text", "tests/evaluation"])
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args(arguments)
    os.chdir(ROOT)
    files = [file for path in asked.paths for file in (sorted(path.rglob("*.py")) if path.is_dir() else [path])]
    ratchet = Ratchet([file.resolve() for file in files], asked.jobs)
    options = ["-q", "-n", "0", "-p", "no:cacheprovider", "-p", "no:randomly", "--no-header", *asked.tests]
    pytest.main(options, plugins=[ratchet])
    for nodeid in ratchet.failing:
        print(f"fails with every guard in place: {nodeid}")
    for guard in ratchet.unnoticed:
        print(guard)
    return int(bool(ratchet.unnoticed or ratchet.failing))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
