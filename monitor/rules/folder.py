"""The state of the folders that rules are read from, to see that somebody has written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

# Name, size and time of every file.
Signature = tuple[tuple[str, int, int], ...]


def folder_signature(folders: Iterable[Path]) -> Signature:
    """The same for as long as no rule file of the folders was written, added or taken away."""
    return tuple(sorted(mark for folder in folders for mark in _files(folder)))


def _files(folder: Path) -> Iterator[tuple[str, int, int]]:
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
