"""Averages as small whole numbers in one file."""

from __future__ import annotations

import json
import struct
import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from monitor.syntax.train.learn import Averages
from monitor.syntax.train.lexicon import Lexicon


def small(runs: Sequence[Averages], most: int, least: float, levels: int) -> dict[Any, dict[int, int]]:
    """The mean of several runs in whole numbers up to 127, of the ``most`` features with the greatest weights.

    A weight that few exceed (one in ten thousand) becomes ``levels``; below the share ``least`` of it, it is left out.
    """
    summed: dict[Any, dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for run in runs:
        for feature, row in run.items():
            into = summed[feature]
            for lane, weight in row.items():
                into[lane] += weight / len(runs)
    sizes = sorted(abs(weight) for row in summed.values() for weight in row.values())
    great = sizes[int(len(sizes) * 0.9999)]
    greatest = sorted(summed, key=lambda feature: (-max(map(abs, summed[feature].values())), feature))
    found: dict[Any, dict[int, int]] = {}
    for feature in sorted(greatest[:most]):
        row = {lane: weight for lane, weight in sorted(summed[feature].items()) if abs(weight) >= least * great}
        whole = {lane: max(-127, min(127, round(weight * levels / great))) for lane, weight in row.items()}
        kept = {lane: weight for lane, weight in whole.items() if weight}
        if kept:
            found[feature] = kept
    return found


def _in_one(sections: Iterable[bytes]) -> bytes:
    """One file of several sections."""
    squeezed = [zlib.compress(section, 9) for section in sections]
    return b"".join(len(section).to_bytes(4, "little") + section for section in squeezed)


def _rows(table: dict[Any, dict[int, int]], lanes: int) -> tuple[bytes, bytes]:
    """For each feature the number of its row, and all rows that differ, 128 added to each weight."""
    places: dict[bytes, int] = {}
    which = []
    for row in table.values():
        dense = bytearray(b"\x80" * lanes)
        for lane, weight in row.items():
            dense[lane] = weight + 128
        which.append(places.setdefault(bytes(dense), len(places)))
    return struct.pack(f"<{len(which)}I", *which), b"".join(places)


def packed(
    tags: Sequence[str],
    actions: Iterable[tuple[str, str]],
    lexicon: Lexicon,
    tagging: dict[str, dict[int, int]],
    parsing: dict[int, dict[int, int]],
) -> bytes:
    """The file that monitor.syntax.weights reads."""
    kinds: dict[str, list[str]] = defaultdict(list)
    for word, kind in lexicon.kinds.items():
        kinds[kind].append(word)
    actions = list(actions)
    said = {
        "tags": list(tags),
        "actions": actions,
        "kinds": {kind: " ".join(words) for kind, words in sorted(kinds.items())},
        "lemmas": [f"{form} {lemma}" for form, lemma in lexicon.lemmas.items()],
        "known": lexicon.known,
    }
    return _in_one(
        [
            json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode(),
            "\n".join(tagging).encode(),
            *_rows(tagging, len(tags)),
            struct.pack(f"<{len(parsing)}Q", *parsing),
            *_rows(parsing, len(actions)),
        ]
    )
