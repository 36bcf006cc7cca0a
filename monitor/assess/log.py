"""The status log: which transitions a history adds to it, and whether its chain of hashes is whole."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from monitor.assess.standing import Standing
from monitor.model import Phase, Status, Transition, canonical_json, digest

GENESIS = "0" * 64


def changes(
    steps: Sequence[Standing],
    last: Transition | None,
    *,
    ruleset: str,
    condition: str,
    rules_digest: str,
    recorded: datetime,
) -> list[Transition]:
    """Entries, not yet chained, after which the log of a condition ends where ``steps`` ends.

    ``last`` is the condition's latest entry. What was written is never changed: when late news alters the past, one
    entry with the present standing is added and says so.
    """
    since = last.holds_from if last else None
    before = (last.after, last.phase) if last else (Status.UNKNOWN, Phase.CONFIRMED)
    fresh = [step for step in steps if step.holds_from is not None and (since is None or step.holds_from > since)]
    current = steps[-1]
    late = ""
    if not fresh and (current.status, current.phase) != before:
        fresh, late = [current], "; late news or changed rules"
    out: list[Transition] = []
    for step in fresh:
        if (step.status, step.phase) == before:
            continue
        entry = Transition(
            seq=0,
            ruleset=ruleset,
            condition=condition,
            before=before[0],
            after=step.status,
            phase=step.phase,
            holds_from=step.holds_from or recorded,
            recorded=recorded,
            reason=step.reason + late,
            evidence=step.evidence,
            rules_digest=rules_digest,
            previous_hash="",
            hash="",
        )
        out.append(entry)
        before = (step.status, step.phase)
    return out


def chain(entries: Iterable[Transition], head: tuple[int, str]) -> list[Transition]:
    """Number and seal entries, in the order in which they hold, behind ``head``.

    ``head`` is the sequence number and hash of the log's latest entry, or 0 and :data:`GENESIS`.
    """
    seq, previous = head
    out = []
    for entry in sorted(entries, key=lambda e: e.holds_from):
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
