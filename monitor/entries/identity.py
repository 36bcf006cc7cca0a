"""Which known item is an entry? Decided over all that an entry carries: its guid, link, title, text and date.

Feeds use one guid for several entries, make a new guid on every fetch, and move to another site. So no field decides
alone. The guid and the link are *names* of an entry. Two entries are the same

- where a name agrees, and their words or their date agree as well, or nothing but the title is known to differ; or
- where no name agrees, but title, text and date are exactly equal.

A name that stands at several entries of a feed is the name of none. Within one document every entry is its own.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from monitor.entries.words import are_alike

NEW = "new when it came: nothing known of its feed was like it"


@dataclass(frozen=True, slots=True)
class EntryFields:
    """What an entry is recognised by.

    ``id`` is the item's; of an entry that just came, the one that it would get as a new item. ``guid`` and ``link`` are
    whatever is equal for equal guids and links, and empty for none. ``published`` is the entry's own date (UTC),
    ``None`` where it has none that can be read.
    """

    id: str
    guid: str
    link: str
    title: str
    text: str
    published: datetime | None


@dataclass(frozen=True, slots=True)
class Recognition:
    """``known`` is the id of the item that an entry is, ``None`` for a new one; ``by`` says why, in words."""

    known: str | None
    by: str


def recognise(
    entries: Sequence[EntryFields], known: Sequence[EntryFields], present: Collection[str] = ()
) -> list[Recognition]:
    """What each of the ``entries`` of one document is, among the ``known`` items of its feed.

    ``present`` are the ids of items that stand in the same document and were recognised before. Entries that agree most
    are matched first, and no item is matched twice.
    """
    guids = _names_of_several((e.guid for e in entries), ((k.guid, k.id in present) for k in known))
    links = _names_of_several((e.link for e in entries), ((k.link, k.id in present) for k in known))

    def compare(place: int, order: int) -> _Comparison:
        entry = entries[place]
        return _compare(entry, known[order], entry.guid in guids, entry.link in links)

    candidates = _Candidates([(order, one) for order, one in enumerate(known) if one.id not in present], guids, links)
    pairs = []
    for place, entry in enumerate(entries):
        for orders in candidates.of(entry):
            fields = compare(place, orders[0])
            if fields.are_enough:
                pairs.append((-fields.score, place, orders[0], orders))
    found: dict[int, Recognition] = {}
    taken: set[int] = set()
    for _, place, _, orders in sorted(pairs, key=lambda pair: pair[:3]):
        while orders and orders[0] in taken:
            orders.popleft()
        if orders and place not in found:
            order = orders[0]
            taken.add(order)
            found[place] = Recognition(known[order].id, compare(place, order).told(entries[place], known[order]))
    return [found.get(place, Recognition(None, NEW)) for place in range(len(entries))]


class _Candidates:
    """The items that an entry may be, by their places: a feed may have thousands, and most have nothing in common with
    it."""

    def __init__(self, known: Sequence[tuple[int, EntryFields]], guids: set[str], links: set[str]) -> None:
        """``guids`` and ``links`` are those that are the names of none."""
        self._by_guid = {one.guid: order for order, one in known if one.guid and one.guid not in guids}
        self._by_link = {one.link: order for order, one in known if one.link and one.link not in links}
        self._by_words: dict[tuple[object, ...], deque[int]] = {}
        for order, one in known:
            if one.published is not None:
                self._by_words.setdefault(_words_and_date(one), deque()).append(order)

    def of(self, entry: EntryFields) -> Iterator[deque[int]]:
        """Each item that has a name of ``entry``, and all of those together that have its words and its date: which of
        them it is makes no difference."""
        named = {self._by_guid.get(entry.guid), self._by_link.get(entry.link)}
        yield from (deque((order,)) for order in sorted(order for order in named if order is not None))
        if alike := self._by_words.get(_words_and_date(entry)):
            yield alike


def _words_and_date(entry: EntryFields) -> tuple[object, ...]:
    return entry.title.casefold(), entry.text, entry.published


def _names_of_several(coming: Iterable[str], known: Iterable[tuple[str, bool]]) -> set[str]:
    """The names that stand at more than one entry: in this document, or among what is known of the feed."""
    here, before = Counter(coming), Counter[str]()
    for name, is_here in known:
        before[name] += 1
        here[name] += is_here
    return {name for name, times in here.items() if times > 1 or before[name] > 1}


@dataclass(frozen=True, slots=True)
class _Comparison:
    """Which fields of two entries agree. ``texts_differ`` and ``dates_differ`` are false where one has none; of names,
    ``one_differs`` says that both entries have one of which they differ."""

    guid: bool
    link: bool
    title: bool
    text: bool
    date: bool
    words_are_equal: bool
    texts_differ: bool
    dates_differ: bool
    one_differs: bool

    @property
    def are_enough(self) -> bool:
        """Whether the entries are the same."""
        if not (self.guid or self.link):
            return self.words_are_equal and self.date
        if self.title or self.text:
            # A page that carries one statement after the other gives all of them its link and its title.
            return (self.guid and not self.one_differs) or not (self.texts_differ and self.dates_differ)
        # The title alone has changed, as far as anybody can tell.
        is_all = not (self.texts_differ or self.dates_differ)
        return (self.date or is_all) and not self.one_differs

    @property
    def score(self) -> int:
        return 2 * self.guid + 2 * self.link + self.title + self.text + self.date + self.words_are_equal

    def told(self, entry: EntryFields, known: EntryFields) -> str:
        """What agreed, in words, and whether the guid did not."""
        names = ("guid", "link", "title", "text", "date")
        agreed = [name for name in names if getattr(self, name)]
        told = f"its {', '.join(agreed[:-1])} and {agreed[-1]}" if len(agreed) > 1 else f"its {agreed[0]}"
        if entry.guid and known.guid and not self.guid:
            same = entry.guid == known.guid
            told += "; its guid stands at several entries" if same else "; its guid had changed"
        return told


def _compare(entry: EntryFields, known: EntryFields, guid_of_several: bool, link_of_several: bool) -> _Comparison:
    guid = bool(entry.guid) and entry.guid == known.guid and not guid_of_several
    link = bool(entry.link) and entry.link == known.link and not link_of_several
    dated = entry.published is not None and known.published is not None
    same_date = dated and entry.published == known.published
    differs = (entry.guid and known.guid and entry.guid != known.guid) or (
        entry.link and known.link and entry.link != known.link
    )
    equal = (entry.title.casefold(), entry.text) == (known.title.casefold(), known.text)
    if not (guid or link):
        # Most known items have nothing in common with an entry: their words need not be compared.
        agree = equal and same_date
        return _Comparison(guid, link, agree, agree, agree, equal, not equal, not same_date, bool(differs))
    have_texts = bool(entry.text) and bool(known.text)
    text = have_texts and are_alike(entry.text, known.text)
    return _Comparison(
        guid=guid,
        link=link,
        title=are_alike(entry.title, known.title),
        text=text,
        date=same_date and _has_time_of_day(entry),
        words_are_equal=equal,
        texts_differ=have_texts and not text,
        dates_differ=dated and not same_date,
        one_differs=bool(differs),
    )


def _has_time_of_day(entry: EntryFields) -> bool:
    """A date without a time of day is shared by all that came out on that day."""
    moment = entry.published
    return moment is not None and (moment.hour, moment.minute, moment.second) != (0, 0, 0)
