"""Backfilling: portions are read by Dask, on as many processes or machines as it has, and stored in their order.

What is found waits in line until the whole archive is in; then it is assessed as it happened, the oldest report first.
So it makes no difference how many have read, in which order they were done, or whether all of it was stopped and begun
again: what is stored of a portion is stored with the note that it is done, and the line is worked off in steps that are
the same each time.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from monitor.archive.portion import Portion
from monitor.archive.read import PortionRead, read_portion, rules_as_text
from monitor.match.lookup.compiled import CompiledRules
from monitor.pipeline.archived import Archived, take_in_archived
from monitor.store.backfilled import portions_done
from monitor.store.database import Store

if TYPE_CHECKING:
    from distributed import Client

# For each process that reads, so many portions are under way or wait to be stored.
_AHEAD = 3


@dataclass(frozen=True, slots=True)
class Archive:
    """An archive by its name, the grade of what it holds, and what its fields are called where that is unusual."""

    name: str
    grade: str
    names: Mapping[str, str]

    @property
    def feed(self) -> str:
        """What stands for the feed of its items."""
        return f"archive:{self.name}"


@dataclass(frozen=True, slots=True)
class Stored:
    """A portion that was stored just now, or had been before (``read`` is ``None`` then); ``problem`` is why its file
    could not be read."""

    portion: Portion
    read: PortionRead | None
    new: int = 0
    problem: str = ""


def backfill(
    store: Store,
    rules: CompiledRules,
    archive: Archive,
    portions: Sequence[Portion],
    client: Client,
    clock: Callable[[], datetime],
) -> Iterator[Stored]:
    """Read ``portions`` with the processes of ``client``, and store them one after another.

    Raises :class:`~monitor.store.database.StoreError`, and ``OtherRules`` if others are put in force meanwhile.
    """
    with store.read() as connection:
        done = portions_done(connection, archive.name)
    keys = {portion: portion.key(archive.name, rules.digest) for portion in portions}
    waiting = deque(portion for portion in portions if keys[portion] not in done)
    for portion in portions:
        if keys[portion] in done:
            yield Stored(portion, None)
    if not waiting:
        return
    # Sent once to each process, and not with each portion.
    text: Any = client.scatter(rules_as_text(rules), broadcast=True)
    begun: deque[tuple[Portion, Any]] = deque()
    most = _AHEAD * max(1, len(client.scheduler_info(n_workers=-1)["workers"]))
    while waiting or begun:
        while waiting and len(begun) < most:
            portion = waiting.popleft()
            asked = (portion, text, archive.feed, archive.names, clock())
            begun.append((portion, client.submit(read_portion, *asked, pure=False, retries=2)))
        portion, future = begun.popleft()
        try:
            read: PortionRead = future.result()
        except Exception as error:
            # A stranger's file: whatever it makes a library raise, it is named, and the others are read.
            yield Stored(portion, None, problem=f"{type(error).__name__}: {error}")
            continue
        taken = Archived(archive.name, archive.feed, archive.grade, keys[portion], read.records, read.found)
        yield Stored(portion, read, take_in_archived(store, rules, taken, clock()))
