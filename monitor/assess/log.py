"""The status log as a chain: numbering and sealing entries, and finding the first that does not hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from monitor.model import Transition, canonical_json, digest

GENESIS = "0" * 64


def chain(entries: Iterable[Transition], head: tuple[int, str]) -> list[Transition]:
    """Number and seal entries behind ``head``, in the order in which they were recorded.

    ``head`` is the sequence number and hash of the log's latest entry, or 0 and :data:`GENESIS`. Entries of one moment
    stand in the order of ruleset, condition and the time they hold from.
    """
    seq, previous = head
    out = []
    for entry in sorted(entries, key=lambda e: (e.recorded, e.ruleset, e.condition, e.holds_from)):
        seq += 1
        numbered = replace(entry, seq=seq, previous_hash=previous)
        sealed = replace(numbered, hash=digest(canonical_json(numbered.content())))
        out.append(sealed)
        previous = sealed.hash
    return out


def first_break(entries: Iterable[Transition]) -> tuple[int, str] | None:
    """The sequence number of the first entry that was altered, dropped or moved, and what is wrong with it."""
    previous, expected = GENESIS, 1
    for entry in entries:
        if entry.seq != expected:
            return expected, f"entry {expected} is missing or out of order; entry {entry.seq} stands in its place"
        if entry.previous_hash != previous:
            return entry.seq, f"entry {entry.seq} does not follow the entry before it"
        if digest(canonical_json(entry.content())) != entry.hash:
            return entry.seq, f"entry {entry.seq} was altered after it was written"
        previous, expected = entry.hash, expected + 1
    return None
