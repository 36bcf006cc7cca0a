"""The dates of a document's entries, read together: what one of them proves holds for the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from monitor.feeds.dates import day_comes_first, parse_date
from monitor.feeds.document import Entry

# A date in words can take the library some milliseconds: of no document are more than so many read.
_MOST = 500
_WRITTEN = re.compile(
    rb"<(?:pubDate|published|updated|issued|modified|dc:date|date)\b[^<>]{0,200}>(?:<!\[CDATA\[)?([^<>]{6,100})<",
    re.IGNORECASE,
)


def dated(entries: Sequence[Entry], document: bytes = b"", language: str = "") -> list[Entry]:
    """``entries`` with the dates that could not be read by the standards alone; ``published`` is ``None`` for one that
    cannot be read for sure.

    Whether 3/4/2024 is in March or in April is decided by all the dates of the ``document`` and the feed's
    ``language``, not only by those of the entries that are read now.
    """
    waiting = [entry.written_date for entry in entries if entry.published is None and entry.written_date]
    if not waiting:
        return list(entries)
    day_first = day_comes_first(_all_dates(waiting, document), language)
    moments = {written: parse_date(written, day_first) for written in dict.fromkeys(waiting[:_MOST])}
    return [
        replace(entry, published=moments.get(entry.written_date)) if entry.published is None else entry
        for entry in entries
    ]


def _all_dates(waiting: Iterable[str], document: bytes) -> Iterator[str]:
    yield from waiting
    for written in _WRITTEN.findall(document):
        yield written.decode("utf-8", "replace")
