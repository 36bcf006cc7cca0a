"""The dates of a document's entries, read together: what one of them proves holds for the others."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from monitor.feeds.dates import day_comes_first, is_in_numbers, parse_date, parse_standard_date
from monitor.feeds.document import Entry

# A date in words can take the library some milliseconds: of no document are more than so many read.
_MOST = 500
_WRITTEN = re.compile(
    rb"<(?:pubDate|published|updated|issued|modified|dc:date|date)\b[^<>]{0,200}>(?:<!\[CDATA\[)?([^<>]{6,100})<",
    re.IGNORECASE,
)


def dates_of(entries: Sequence[Entry], document: bytes = b"", language: str = "") -> list[datetime | None]:
    """Of each entry the first of its dates that can be read for sure, in UTC.

    Whether 3/4/2024 is in March or in April is decided by all the dates of the ``document`` and the feed's
    ``language``, not only by those of the entries that are read now.
    """
    written = list(dict.fromkeys(date for entry in entries for date in entry.dates))
    day_first = not any(map(is_in_numbers, written)) or day_comes_first(_all_dates(written, document), language)
    moments = {date: parse_standard_date(date, day_first) for date in written}
    others = [date for date, moment in moments.items() if moment is None]
    moments |= {date: parse_date(date, day_first) for date in others[:_MOST]}
    return [next((moment for date in entry.dates if (moment := moments[date]) is not None), None) for entry in entries]


def _all_dates(read: Iterable[str], document: bytes) -> Iterator[str]:
    yield from read
    for written in _WRITTEN.findall(document):
        yield written.decode("utf-8", "replace")
