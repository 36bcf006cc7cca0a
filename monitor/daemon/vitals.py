"""How the daemon is, from what it knows of itself. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

# A fetch is cut off long before; what runs for longer hangs.
_HANGS = timedelta(minutes=10)
# No poll has begun that was due so long ago: the scheduler stands still.
_STANDS_STILL = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Vitals:
    """``running`` is what runs, since when; ``next_due`` is when the next work is planned. Times are UTC."""

    started: datetime
    database_error: str
    running: Mapping[str, datetime]
    next_due: datetime | None
    missed: int = 0
    failed: int = 0


def stands_still(vitals: Vitals, now: datetime) -> bool:
    """Whether work that was due long ago has not begun: nothing but a new start mends that."""
    return vitals.next_due is not None and now - vitals.next_due > _STANDS_STILL


def ailments(vitals: Vitals, now: datetime) -> list[str]:
    """What is wrong with the daemon, in words; nothing for one that is well. Feeds that fail are not its fault."""
    found = []
    if vitals.database_error:
        found.append(f"waiting for the database: {vitals.database_error}")
    hanging = sorted(name for name, since in vitals.running.items() if now - since > _HANGS)
    found += [f"{name} has been running for more than {_HANGS.seconds // 60} minutes" for name in hanging]
    if stands_still(vitals, now):
        found.append(f"the scheduler stands still: work was due at {vitals.next_due:%Y-%m-%d %H:%M} UTC")
    return found
