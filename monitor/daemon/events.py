"""What the daemon says of its work: one structured line for each poll and each status change."""

from __future__ import annotations

from collections.abc import Iterable

import structlog

from monitor.model import Transition
from monitor.pipeline.arrival import Absorbed


def log_transitions(log: structlog.stdlib.BoundLogger, transitions: Iterable[Transition]) -> None:
    """One structured line for each status change."""
    for entry in transitions:
        log.info(
            "status changed",
            ruleset=entry.ruleset,
            condition=entry.condition,
            before=entry.before.value,
            after=entry.after.value,
            phase=entry.phase.value,
            holds_from=entry.holds_from.isoformat(),
            cause=entry.cause.value if entry.cause else "",
            reason=entry.reason,
            entry=entry.seq,
        )


def log_poll(log: structlog.stdlib.BoundLogger, absorbed: Absorbed) -> None:
    """One line for a poll, and one for each status change that it brought."""
    next_at = absorbed.next_at.isoformat(timespec="seconds") if absorbed.next_at else ""
    if absorbed.outcome == "failed":
        log.warning("feed failed", feed=absorbed.url, error=absorbed.error, next_at=next_at)
    elif absorbed.outcome == "waiting":
        log.info("feed waits", feed=absorbed.url, why=absorbed.error, next_at=next_at)
    else:
        log.info(
            "feed polled",
            feed=absorbed.url,
            outcome=absorbed.outcome,
            received=absorbed.received,
            new=absorbed.new,
            edited=absorbed.edited,
            evidence=absorbed.evidence,
            next_at=next_at,
        )
    log_transitions(log, absorbed.transitions)
