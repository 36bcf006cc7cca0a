"""Noticing changed rules: read whole or not at all, and only when nobody is writing any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.config import Config
from monitor.match.compiled import CompiledRules
from monitor.problem import Problem, Unusable
from monitor.rules.check import check_rule_book
from monitor.rules.read import RuleBook, read_rule_book

_Signature = tuple[tuple[str, int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What is in the folders now: rules to use, or the problems that forbid it."""

    rules: CompiledRules | None
    problems: tuple[Problem, ...] = ()


class RuleWatch:
    """Watches the folders of rules and sources of a configuration."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._known = self._signature()
        self._before = self._known

    def look(self) -> Found | None:
        """What is in the folders, if that has changed and stayed as it is since the last look; else ``None``."""
        now = self._signature()
        settled, self._before = now == self._before, now
        if now == self._known or not settled:
            return None
        return self.read()

    def read(self) -> Found:
        """What is in the folders, changed or not."""
        self._known = self._before = self._signature()
        try:
            book = read_rule_book([self._config.rules_path], self._config.sources_path)
            problems = _errors(book)
        except Unusable as error:
            return Found(None, error.problems)
        if problems:
            return Found(None, problems)
        return Found(CompiledRules(book.rulesets))

    def _signature(self) -> _Signature:
        """Name, size and time of every file, which is enough to see that somebody has written."""
        return tuple(sorted(self._files()))

    def _files(self) -> Iterator[tuple[str, int, int]]:
        for folder in (self._config.rules_path, self._config.sources_path):
            for path in folder.rglob("*.y*ml") if folder.is_dir() else _alone(folder):
                try:
                    stat = path.stat()
                except OSError:
                    # Gone between the listing and the look; the next look will say the same or not.
                    continue
                yield str(path), stat.st_size, stat.st_mtime_ns


def _alone(path: Path) -> Iterator[Path]:
    if path.exists():
        yield path


def _errors(book: RuleBook) -> tuple[Problem, ...]:
    errors = [problem for problem in check_rule_book(book) if problem.level == "error"]
    if not errors and not book.rules:
        errors = [Problem("rules", 0, 0, "there are none left")]
    return tuple(errors)
