"""The status log as a chain: numbering and sealing entries, and finding the first that does not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest

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


def first_break(records: Iterable[Mapping[str, object]]) -> tuple[int, str] | None:
    """The number of the first entry that was altered, dropped or moved, and what is wrong with it.

    ``records`` are entries as :meth:`~monitor.model.Transition.record` gives them. The hash of an entry is the SHA-256
    of all its other keys as JSON with sorted keys, no spaces and UTF-8 text as it is; ``previous_hash`` is one of them.
    """
    previous, expected = GENESIS, 1
    for entry in records:
        seq = entry.get("seq")
        if seq != expected:
            return expected, f"entry {expected} is missing or out of order; entry {seq} stands in its place"
        if entry.get("previous_hash") != previous:
            return expected, f"entry {expected} does not follow the entry before it"
        if digest(canonical_json({key: value for key, value in entry.items() if key != "hash"})) != entry.get("hash"):
            return expected, f"entry {expected} was altered after it was written"
        previous, expected = str(entry["hash"]), expected + 1
    return None


def first_difference(written: Sequence[Transition], rebuilt: Sequence[Transition]) -> tuple[int, str] | None:
    """The number of the first entry at which a log is not the one that its inputs entail, and what is wrong."""
    for stands, should in zip_longest(written, rebuilt):
        if stands is None:
            return (
                should.seq,
                f"entry {should.seq} is missing: {should.condition} {should.after.value} is not in the log",
            )
        if should is None:
            return stands.seq, f"entry {stands.seq} follows from no evidence, rule or review"
        if stands != should:
            return stands.seq, f"entry {stands.seq} is not what the evidence, rules and reviews entail"
    return None
