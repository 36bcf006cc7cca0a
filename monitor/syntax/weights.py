"""The trained weights, read from one packed file beside this module when the first sentence is read.

All numbers are integers: the same sentence gives the same tree on every machine. The weights of one feature, one for
each class, are lanes of 16 bits in one big integer, so that the scores of all classes are one sum.
"""

from __future__ import annotations

import hashlib
import json
import struct
import sys
import zlib
from array import array
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import repeat
from typing import Any

FILE = "weights.bin"
# Lanes are unsigned when they are read: this lies above any negative sum.
_LIFT = 1 << 15
# So many rows are unpacked at a time.
_ROWS = 10_000
# What the parser knows of a word that has no number of its own, and of tags and words beyond the sentence.
NOBODY, LOWER, CAPITAL, DIGIT, FIRST_KNOWN = 1, 3, 4, 5, 6


class Table:
    """The weights of all features: :meth:`total` adds them up, :meth:`scores` takes a total apart by class."""

    def __init__(self, rows: Mapping[Any, int], lanes: int) -> None:
        """``rows`` are sums of ``weight << 16 * class``, for ``lanes`` classes."""
        self.rows, self._size = rows, 2 * lanes
        self._lift = sum(_LIFT << 16 * lane for lane in range(lanes))
        self._apart = struct.Struct(f"<{lanes}H").unpack

    def total(self, features: Iterable[Any]) -> int:
        """The summed weights of features; one that has none counts nothing."""
        return sum(map(self.rows.get, features, repeat(0)))

    def scores(self, total: int) -> tuple[int, ...]:
        """The score of each class; only their order has a meaning."""
        return self._apart((total + self._lift).to_bytes(self._size, "little"))


@dataclass(frozen=True, slots=True)
class Model:
    """All that was trained."""

    tags: tuple[str, ...]
    """Classes of the tagger: "VERB|VBN"."""
    actions: tuple[tuple[str, str], ...]
    """Classes of the parser: ("right", label) for each label, then ("shift", ""), then ("left", label)."""
    kinds: dict[str, str]
    """What a word may be, a letter for each, the usual first ("nv": a noun, at times a verb)."""
    lemmas: dict[str, str]
    """Of verbs ("V" before the form) and nouns ("N")."""
    known: dict[str, int]
    """The numbers of the words that the parser knows."""
    tagging: Table
    parsing: Table


def _sections(packed: bytes) -> Iterator[memoryview]:
    """All sections, still squeezed."""
    view = memoryview(packed)
    while view:
        end = 4 + int.from_bytes(view[:4], "little")
        yield view[4:end]
        view = view[end:]


def _numbers(kind: str, squeezed: memoryview) -> array[int]:
    found = array(kind, zlib.decompress(squeezed))
    if sys.byteorder == "big":
        found.byteswap()
    return found


def _table(keys: Iterable[Any], which: memoryview, rows: memoryview, lanes: int) -> Table:
    """Features that have the same weights share one row; a weight is a byte, 128 more than it is worth."""
    size, lift, shared = 2 * lanes, sum(128 << 16 * lane for lane in range(lanes)), []
    # Piece by piece: whole, the rows would take more memory for a moment than all that is kept.
    opened, left = zlib.decompressobj(), bytes(rows)
    while part := opened.decompress(left, _ROWS * lanes):
        left = opened.unconsumed_tail
        wide = bytearray(2 * len(part))
        wide[::2] = part
        shared += [int.from_bytes(wide[at : at + size], "little") - lift for at in range(0, len(wide), size)]
    return Table(dict(zip(keys, map(shared.__getitem__, _numbers("I", which)), strict=True)), lanes)


def unpack(packed: bytes) -> Model:
    """What :mod:`monitor.syntax.train` has packed."""
    said, texts, which_of_texts, rows_of_texts, keys, which, rows = _sections(packed)
    told = json.loads(zlib.decompress(said))
    tags, actions = told["tags"], [tuple(action) for action in told["actions"]]
    return Model(
        tags=tuple(tags),
        actions=tuple(actions),
        kinds={word: kind for kind, words in told["kinds"].items() for word in words.split()},
        lemmas=dict(pair.split() for pair in told["lemmas"]),
        known={word: number for number, word in enumerate(told["known"], FIRST_KNOWN)},
        tagging=_table(zlib.decompress(texts).decode().split("\n"), which_of_texts, rows_of_texts, len(tags)),
        parsing=_table(_numbers("Q", keys), which, rows, len(actions)),
    )


def _raw() -> bytes:
    return (files("monitor.syntax") / FILE).read_bytes()


@cache
def model() -> Model:
    """The weights that this version carries; read once, when they are first asked for."""
    return unpack(_raw())


@cache
def digest() -> str:
    """The name of the weights (64 hexadecimal digits): readings rest on them."""
    return hashlib.sha256(_raw()).hexdigest()
