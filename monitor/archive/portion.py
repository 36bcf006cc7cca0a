"""An archive in portions: what one process reads in one go, and what is never read twice."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

import fsspec
from fsspec.core import has_magic

from monitor.model import digest
from monitor.problem import Problem, Unusable

# Bytes of a file of lines that make a portion.
_BLOCK = 16_000_000
_PACKED = (".gz", ".bz2", ".xz", ".zip", ".zst")


class Format(StrEnum):
    """How the records of a file are written down."""

    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"
    WARC = "warc"
    GDELT = "gdelt"


_ENDINGS = {
    ".gkg.csv": Format.GDELT,
    ".jsonl": Format.JSONL,
    ".ndjson": Format.JSONL,
    ".csv": Format.CSV,
    ".tsv": Format.CSV,
    ".parquet": Format.PARQUET,
    ".warc": Format.WARC,
}


@dataclass(frozen=True, slots=True)
class Portion:
    """Part of a file: from ``start`` on ``length`` bytes of lines, or row groups of Parquet; the whole file else.

    ``address`` is a path, or whatever fsspec can open; ``mark`` is another when the file is another, and ``weight`` is
    about how many bytes there are to read.
    """

    address: str
    format: Format
    mark: str
    start: int
    length: int
    weight: int

    def key(self, archive: str, rules_digest: str) -> str:
        """The name of this portion, read for an archive with these rules."""
        return digest(archive, rules_digest, self.address, self.mark, f"{self.start}:{self.length}")


def portions_of(addresses: Iterable[str]) -> list[Portion]:
    """All portions of the files at ``addresses``, which may hold ``*``, ``?`` and ``[…]``, in order.

    Raises :class:`~monitor.problem.Unusable` with every address that cannot be used.
    """
    portions: list[Portion] = []
    problems: list[Problem] = []
    for address in addresses:
        try:
            portions += [portion for file in _files(address) for portion in _of_file(*file)]
        except (OSError, ValueError, ImportError) as error:
            problems.append(Problem(address, 0, 0, str(error)))
    if problems:
        raise Unusable(problems)
    return portions


def _files(address: str) -> list[tuple[str, str, int]]:
    """The files that an address stands for: where, with what mark, of how many bytes. Raises ``ValueError`` if none."""
    system, path = fsspec.url_to_fs(address)
    found = sorted(system.glob(path)) if has_magic(path) else [path]
    files = [file for file in found if system.isfile(file)]
    if not files:
        raise ValueError("is no file, and stands for none")
    return [
        (system.unstrip_protocol(file).removeprefix("file://"), str(system.ukey(file)), int(system.size(file) or 0))
        for file in files
    ]


def _of_file(address: str, mark: str, size: int) -> Iterator[Portion]:
    kind, packed = format_of(address)
    if kind is Format.PARQUET:
        yield from _row_groups(address, mark)
    elif kind is Format.JSONL and not packed:
        for start in range(0, max(size, 1), _BLOCK):
            length = min(_BLOCK, size - start)
            yield Portion(address, kind, mark, start, length, length)
    else:
        yield Portion(address, kind, mark, 0, size, size)


def format_of(address: str) -> tuple[Format, bool]:
    """The format of a file by the end of its name, and whether it is packed. Raises ``ValueError``."""
    name = address.lower()
    ending = next((end for end in _PACKED if name.endswith(end)), "")
    plain = name.removesuffix(ending)
    found = next((kind for end, kind in _ENDINGS.items() if plain.endswith(end)), None)
    if found is None:
        known = ", ".join(_ENDINGS)
        raise ValueError(f"is of no kind that can be read; its name should end in {known}, perhaps packed (.gz)")
    return found, bool(ending)


def _row_groups(address: str, mark: str) -> Iterator[Portion]:
    import pyarrow
    from pyarrow import parquet

    try:
        with fsspec.open(address, "rb") as file:
            about = parquet.ParquetFile(file).metadata
    except pyarrow.ArrowException as error:
        raise ValueError(f"is no Parquet file: {error}") from error
    for number in range(about.num_row_groups):
        yield Portion(address, Format.PARQUET, mark, number, 1, about.row_group(number).total_byte_size)
