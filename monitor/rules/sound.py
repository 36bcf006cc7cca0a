"""Rules without an error, read once: reading and checking ten thousand signals takes seconds, loading them does not.

What was found sound is kept in a cache by the digest of the files' bytes and the version of the monitor. Whatever is
not there as it should be is read from the files.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from monitor import __version__
from monitor.problem import Problem, Unusable
from monitor.rules.ruleset import Ruleset, Source

if TYPE_CHECKING:
    from monitor.rules.read import RuleBook

# As many versions of rules are kept; the oldest go first.
_KEPT = 8


@dataclass(frozen=True, slots=True)
class SoundRules:
    """Rulesets and the sources they rest on, by name; without the places where everything stands in its file."""

    rulesets: tuple[Ruleset, ...]
    sources: Mapping[str, Source]


def cache_folder() -> Path:
    """Where programs of this user keep what can be made again (XDG Base Directory Specification)."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "condition-monitor"


def sound_rules(rules: Sequence[Path], seeds: Path, cache: Path | None = None) -> SoundRules:
    """The rules of files or folders and the sources in ``seeds``; kept in the folder ``cache``, where one is given.

    Raises :class:`Unusable` if any file has an error: a broken rule is never skipped.
    """
    file = _kept_at(rules, seeds, cache) if cache is not None else None
    found = _load(file) if file is not None else None
    if found is None:
        found = _read(rules, seeds)
        if file is not None:
            _keep(file, found)
    return found


def _read(rules: Sequence[Path], seeds: Path) -> SoundRules:
    # Slow to load, and mostly not needed.
    from monitor.rules.read import read_rule_book

    book = read_rule_book(list(rules), seeds)
    sound_or_not(book, rules)
    return SoundRules(book.rulesets, book.sources_by_name())


def sound_or_not(book: RuleBook, rules: Sequence[Path]) -> None:
    """Raises :class:`Unusable` for a book with an error in it, or without a rule; ``rules`` is where it comes from."""
    from monitor.rules.check import check_rule_book

    errors = [problem for problem in check_rule_book(book) if problem.level == "error"]
    if errors:
        raise Unusable(errors)
    if not book.rules:
        where = ", ".join(str(path) for path in rules)
        raise Unusable([Problem(where, 0, 0, "holds no rules; `monitor init` writes some to start from")])


def _kept_at(rules: Sequence[Path], seeds: Path, cache: Path) -> Path | None:
    """Where these rules are kept: the same for as long as no file that they could be read from says anything else.

    ``None`` for single files, which may include others from anywhere around them, and for what cannot be read.
    """
    if not all(folder.is_dir() for folder in rules):
        return None
    told = sha256(__version__.encode())
    try:
        for folder in (*rules, seeds):
            for path in sorted(one for one in folder.rglob("*.y*ml") if one.is_file()):
                told.update(b"\0" + str(path).encode() + b"\0" + path.read_bytes())
    except OSError:
        # Reading the rules will say what is wrong, and where.
        return None
    return cache / f"{told.hexdigest()[:32]}.jsonl"


def _load(file: Path) -> SoundRules | None:
    try:
        with file.open("rb") as lines:
            written, resting_on = map(int, next(lines).split())
            rulesets = [Ruleset.model_validate_json(next(lines)) for _ in range(written)]
            sources = [Source.model_validate_json(next(lines)) for _ in range(resting_on)]
    except (OSError, ValueError, StopIteration):
        return None
    return SoundRules(tuple(rulesets), {source.source: source for source in sources})


def _keep(file: Path, sound: SoundRules) -> None:
    # One a line, after a line that says how many there are: a line at a time is little to hold in memory.
    parts = (*sound.rulesets, *sound.sources.values())
    lines = [f"{len(sound.rulesets)} {len(sound.sources)}"]
    lines += [part.model_dump_json(by_alias=True, exclude_defaults=True) for part in parts]
    partial = file.with_suffix(f".{os.getpid()}")
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        partial.write_text("\n".join(lines) + "\n", "utf-8")
        partial.replace(file)
        others = sorted(file.parent.glob("*.json*"), key=lambda one: one.stat().st_mtime, reverse=True)
        for old in others[_KEPT:]:
            old.unlink(missing_ok=True)
    except OSError:
        # A cache that cannot be written is none; the rules were read all the same.
        with suppress(OSError):
            partial.unlink()
