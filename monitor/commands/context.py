"""What the commands share: settings, rules, the store, the console, and the way records are printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sqlalchemy import Connection

from monitor.config import Config, load_config
from monitor.problem import Problem, Unusable
from monitor.rules.sound import SoundRules, cache_folder, sound_or_not, sound_rules
from monitor.starter import starter_folder
from monitor.store.database import Store, open_store

if TYPE_CHECKING:
    # Slow to load, and not every command reads rules from their files.
    from monitor.match.lookup.compiled import CompiledRules
    from monitor.rules.read import RuleBook


class Format(StrEnum):
    """How records are printed."""

    TEXT = "text"
    JSON = "json"


class Exit:
    """Exit codes of every command."""

    DONE = 0
    FOUND = 1
    WRONG = 2


@dataclass(frozen=True, slots=True)
class Context:
    """The configuration file that was named, or the default one, and where to print."""

    config_path: Path
    named: bool
    console: Console

    def config(self) -> Config:
        """The settings. Raises :class:`Unusable` when there are none."""
        return load_config(self.config_path)

    def config_or_default(self) -> Config | None:
        """The settings, or ``None`` where no configuration file is and none was named."""
        return self.config() if self.named or self.config_path.exists() else None

    def rule_book(self, paths: list[Path] | None = None) -> RuleBook:
        """Rules from ``paths``, else from the configured folder, else from ``rules/`` here, else the starter rules."""
        from monitor.rules.read import read_rule_book

        return read_rule_book(*self._folders(paths))

    def _folders(self, paths: list[Path] | None) -> tuple[list[Path], Path]:
        """The rule files, or folders of them, and the folder of their sources."""
        config = self.config_or_default()
        if config is not None:
            rules, seeds = config.rules_path, config.sources_path
        elif Path("rules").is_dir():
            rules, seeds = Path("rules"), Path("seeds")
        else:
            rules, seeds = starter_folder() / "rules", starter_folder() / "seeds"
        if not paths:
            return [rules], seeds
        beside = next((p.parent.parent / "seeds" for p in paths if (p.parent.parent / "seeds").is_dir()), seeds)
        return paths, seeds if seeds.is_dir() and config is not None else beside

    def sound_rules(self, paths: list[Path] | None = None) -> SoundRules:
        """Rules without an error and their sources. Raises :class:`Unusable` as :meth:`usable_rule_book` does."""
        return sound_rules(*self._folders(paths), cache_folder())

    def rules(self, paths: list[Path] | None = None) -> CompiledRules:
        """Compiled rules. Raises :class:`Unusable` as :meth:`usable_rule_book` does."""
        from monitor.match.lookup.compiled import CompiledRules

        config = self.config_or_default()
        return CompiledRules(self.sound_rules(paths).rulesets, config.known_publishers() if config else None)

    def usable_rule_book(self, paths: list[Path] | None = None) -> RuleBook:
        """Rules without an error. Raises :class:`Unusable` if any file has one: a broken rule is never skipped."""
        book = self.rule_book(paths)
        sound_or_not(book, self._folders(paths)[0])
        return book

    def store(self, config: Config) -> Store:
        """The database of the settings. Raises :class:`~monitor.store.database.StoreError`."""
        return open_store(config.database_url)

    @contextmanager
    def reading(self, config: Config) -> Iterator[Connection]:
        """The database of the settings, opened for one look. Raises as :meth:`store` does."""
        with closing(self.store(config)) as store, store.read() as connection:
            yield connection


def progress_bar(console: Console, quiet: bool) -> Progress:
    """A bar for long work, on a terminal only and gone when the work is done."""
    return Progress(
        TextColumn("[bold]{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[last]}", style="bright_black"),
        console=console,
        disable=quiet or not console.is_terminal,
        transient=True,
    )


def write_whole(path: Path, text: str) -> None:
    """Write a file whole or not at all. Raises :class:`Unusable`, and then what was there before still is."""
    partial = path.with_name(path.name + ".new")
    try:
        partial.write_text(text, "utf-8", newline="")
        partial.replace(path)
    except OSError as error:
        raise Unusable([Problem(str(path), 0, 0, f"cannot be written: {error.strerror or error}")]) from error


def as_json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def print_json(value: Any) -> None:
    sys.stdout.write(as_json(value))


def print_json_line(value: Any) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def print_problems(console: Console, problems: Iterable[Problem]) -> None:
    """Problems one a line, the place first, so that editors can jump there."""
    for problem in problems:
        colour = "red" if problem.level == "error" else "yellow"
        place = f"{problem.file}:{problem.line}:{problem.column}" if problem.line else problem.file
        console.print(place, style="bold", end="", markup=False, highlight=False, soft_wrap=True)
        console.print(f": [{colour}]{problem.level}[/]: ", end="", highlight=False)
        console.print(problem.message, markup=False, highlight=False, soft_wrap=True)
