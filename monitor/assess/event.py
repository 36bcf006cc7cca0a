"""Which reports tell of one event: the same deed, day and place, or the same story.

A report joins the event before it that it is most like, if it tells of the same day and is like enough: they have words
in common, of which rare ones weigh more. Reports that name different places are never joined. When in doubt a report
stays alone, because a wrong join hides an event. ``tests/assess/test_event.py`` measures what this achieves.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from itertools import chain, groupby
from typing import Any

from monitor.model import READING_LENGTH, Evidence, Stance
from monitor.text.stems import stem

# A report that names no day tells of the last hours: a morning paper of yesterday, an evening paper of today.
LAST_HOURS = timedelta(hours=12)
# A day that a report names may have begun where it was written before it begins in UTC.
_AHEAD = timedelta(hours=10)
# For so long the only event of its signal needs no words in common with a report that names no other place.
FRESH = timedelta(hours=6)
# The share of words in common that a report needs with an event of its day: of its signal, or of another one.
SAME_SIGNAL, OTHER_SIGNAL = 0.1, 0.4
# A name in more than this share of the events, and in so many at least, is a party and no place.
PARTY_SHARE, PARTY_EVENTS = 0.5, 3
# "Last month" tells of too many days to say which event is meant.
VAGUE_DAYS = 16
_WORD = re.compile(r"[^\W\d_][\w’'-]*|\d+(?:[.,]\d+)*")
_SENTENCE = re.compile(r"(?<=[.!?:;])\s+|\n")
_POSSESSIVE = re.compile(r"[’']s?(?![\w’'-])")

# The words of a name, in lower case: ("san", "marino").
Name = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grouping:
    """What a person decided: whether ``piece`` and ``other`` (ids of evidence) tell of one event.

    The later of the two moves. Of decisions that contradict each other the last one holds.
    """

    piece: str
    other: str
    together: bool
    reviewer: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """One happening, with the reports that tell of it in the order of their time.

    ``id`` is the reading of the first report. ``reasons`` says of each report, by its id, why it belongs here.
    """

    id: str
    stance: Stance
    reports: tuple[Evidence, ...]
    reasons: Mapping[str, str]

    @property
    def articles(self) -> int:
        return len({piece.item for piece in self.reports})

    @property
    def publishers(self) -> int:
        return len({piece.organisation or piece.publisher for piece in self.reports})

    @property
    def first(self) -> datetime:
        """When the first report was published, in UTC."""
        return self.reports[0].at

    @property
    def last(self) -> datetime:
        """When the last report was published, in UTC."""
        return self.reports[-1].at


def group_events(evidence: Iterable[Evidence], decided: Sequence[Grouping] = ()) -> list[Event]:
    """The events that the evidence tells of, in the order of their first reports.

    Evidence of different rulesets, conditions or stances is never grouped together. All pieces of one article are one
    event unless ``decided``, in the order of the reviews, splits them. Reports published later never change how the
    earlier ones are grouped.
    """
    kinds: defaultdict[tuple[str, str, Stance], list[Evidence]] = defaultdict(list)
    for piece in sorted(evidence, key=_in_order):
        kinds[piece.ruleset, piece.condition, piece.stance].append(piece)
    found = [event for pieces in kinds.values() for event in _Grouper(decided).events(pieces)]
    return sorted(found, key=lambda event: _in_order(event.reports[0]))


def _in_order(piece: Evidence) -> tuple[datetime, str, str]:
    return piece.at, piece.item, piece.id


@dataclass(frozen=True, slots=True)
class _Text:
    """The stems of the words of a text, its names, and those of them that stand where places do.

    ``opening`` are single words with a capital that open a sentence: names, if they are known as such.
    """

    words: frozenset[str]
    names: frozenset[Name]
    places: frozenset[Name]
    opening: frozenset[Name]


@dataclass(frozen=True, slots=True)
class _Report:
    """What one article says of what happened, when (days as ordinals) and where."""

    at: datetime
    days: range
    signals: frozenset[str]
    words: frozenset[str]
    names: frozenset[Name]


@dataclass(slots=True, eq=False)
class _Open:
    """An event that further reports may join, and what they have said of it so far."""

    last: datetime
    # Each is a stretch of time in which it happened, more than one if a copy or a review says so.
    days: list[range] = field(default_factory=list)
    signals: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    names: set[Name] = field(default_factory=set)
    pieces: list[Evidence] = field(default_factory=list)
    reasons: dict[str, str] = field(default_factory=dict)


class _Grouper:
    """Groups the evidence of one condition and stance, and remembers how frequent words and names have been so far."""

    def __init__(self, decided: Sequence[Grouping]) -> None:
        self.decided: defaultdict[str, list[tuple[str, Grouping]]] = defaultdict(list)
        for decision in reversed(decided):
            one, other = decision.piece[:READING_LENGTH], decision.other[:READING_LENGTH]
            self.decided[one].append((other, decision))
            self.decided[other].append((one, decision))
        self.open: list[_Open] = []
        # The events by day, and by the reading, item or story of a report.
        self.by_day: defaultdict[int, list[_Open]] = defaultdict(list)
        self.by_key: defaultdict[tuple[str, str], list[_Open]] = defaultdict(list)
        self.frequency: Counter[str | Name] = Counter()
        self.place_words: set[str] = set()

    def events(self, pieces: Sequence[Evidence]) -> list[Event]:
        """The events of pieces in the order of their time."""
        for _, same_article in groupby(pieces, key=lambda piece: (piece.at, piece.item)):
            article = list(same_article)
            report = self._report(article)
            for piece in article:
                self._place(piece, report)
        return [Event(one.pieces[0].reading, one.pieces[0].stance, tuple(one.pieces), one.reasons) for one in self.open]

    def _report(self, article: Sequence[Evidence]) -> _Report:
        """What the pieces of one article and time say. What they say of places is remembered."""
        at, title = article[0].at, article[0].title
        quote = "\n".join(dict.fromkeys(piece.quote for piece in article if piece.quote != title))
        text = _read(f"{title}\n{quote}")
        self.place_words.update(word for name in text.places for word in name)
        names = text.names | {name for name in text.opening if self.frequency[name]}
        # Every report of a signal has the words that name it.
        said = {stem(word) for piece in article for word in f"{piece.signal}-{piece.condition}".split("-")}
        last_hours = range((at - LAST_HOURS).toordinal(), at.toordinal() + 1)
        days = _days_told(quote, at) or _days_told(title, at) or last_hours
        comparable = days if len(days) <= VAGUE_DAYS else range(0)
        return _Report(at, comparable, frozenset(piece.signal for piece in article), text.words - said, names)

    def _place(self, piece: Evidence, report: _Report) -> None:
        event, reason = self._event_of(piece, report)
        if event is None:
            event = _Open(report.at)
            self.open.append(event)
        event.pieces.append(piece)
        event.reasons[piece.id] = reason
        event.last = report.at
        if any(_common(days, report.days) for days in event.days):
            event.days = [_common(days, report.days) or days for days in event.days]
        else:
            event.days.append(report.days)
        event.signals.add(piece.signal)
        self.frequency.update(report.words - event.words)
        self.frequency.update(report.names - event.names)
        event.words |= report.words
        event.names |= report.names
        for key in [("reading", piece.reading), ("item", piece.item), ("story", piece.story)]:
            self.by_key[key].append(event)
        for day in chain(*event.days):
            if event not in self.by_day[day]:
                self.by_day[day].append(event)

    def _event_of(self, piece: Evidence, report: _Report) -> tuple[_Open | None, str]:
        """The event that a piece belongs to, none if it is the first report of one, and why."""
        apart: list[_Open] = []
        alone = "the first report"
        for other, decision in self.decided.get(piece.reading, ()):
            review = f"{decision.reviewer}'s review" if decision.reviewer else "a review"
            for event in self.by_key.get(("reading", other), ()):
                if not decision.together:
                    apart.append(event)
                    alone = f"told apart by {review}"
                elif event not in apart:
                    return event, f"joined by {review}"
        for event in self.by_key.get(("item", piece.item), ()):
            if event not in apart:
                what = "passage" if piece.signal in event.signals else "signal"
                return event, f"another {what} of the same article"
        for event in self.by_key.get(("story", piece.story), ()) if piece.story else ():
            if event not in apart:
                return event, "a copy of the same story"
        likes = max(self._alike(report, apart), key=lambda found: found[0], default=None)
        return likes[1:] if likes else (None, alone)

    def _alike(self, report: _Report, apart: Collection[_Open]) -> Iterator[tuple[float, _Open, str]]:
        """How like each event is that a report may belong to, the event, and why it may be the same."""
        # What happened the day before may still be in the news: it counts among what the report may tell of.
        near = dict.fromkeys(chain(*(self.by_day.get(day, ()) for day in (report.days.start - 1, *report.days))))
        of_signal = sum(not report.signals.isdisjoint(event.signals) for event in near)
        weights = {word: self._weight(word) for word in report.words} if near else {}
        places = self._places(report.names)
        for event in near:
            days = next(filter(None, (_common(days, report.days) for days in event.days)), None)
            if event in apart or not days:
                continue
            share = self._share(weights, event.words)
            same_signal = not report.signals.isdisjoint(event.signals)
            needed = SAME_SIGNAL if same_signal else OTHER_SIGNAL
            if same_signal and of_signal == 1 and report.at - event.last <= FRESH and self._knows(event, report.names):
                needed = 0.0
            if share < needed:
                continue
            its_places = self._places(event.names)
            shared = _same_place(places, its_places)
            if shared or not places or not its_places:
                what = "same deed" if same_signal else "same happening"
                where = f" at {' '.join(shared).title()}" if shared else "" if share else ", the only one of its time"
                yield share + bool(shared) + same_signal / 3, event, f"{what} on {_in_words(days)}{where}"

    def _is_party(self, name: Name) -> bool:
        return self.frequency[name] >= max(PARTY_EVENTS, PARTY_SHARE * len(self.open))

    def _places(self, names: Iterable[Name]) -> list[Name]:
        """The names of places among names: those once seen behind "in" and the like, but for the parties."""
        return [name for name in names if not self.place_words.isdisjoint(name) and not self._is_party(name)]

    def _knows(self, event: _Open, names: Iterable[Name]) -> bool:
        return all(self._is_party(name) or any(_within(name, known) for known in event.names) for name in names)

    def _weight(self, word: str) -> float:
        return math.log(1 + len(self.open) / (self.frequency.get(word) or 1))

    def _share(self, weights: Mapping[str, float], words: set[str]) -> float:
        """The share of the words of the shorter text that both contain, from 0 to 1, rare words weighing more."""
        common = math.fsum(weights[word] for word in words.intersection(weights))
        if not common:
            return 0.0
        return common / math.fsum(weights.values() if len(weights) <= len(words) else map(self._weight, words))


def _common(one: range, other: range) -> range:
    return range(max(one.start, other.start), min(one.stop, other.stop))


def _in_words(days: range) -> str:
    ends = [date.fromordinal(day) for day in dict.fromkeys((days[0], days[-1]))]
    return " to ".join(f"{day.day} {day:%B}" for day in ends)


def _within(one: Name, other: Name) -> bool:
    return set(one) <= set(other) or set(other) <= set(one)


def _same_place(ones: Collection[Name], others: Collection[Name]) -> Name:
    """The first place by alphabet that both name; none if two of them share a word only ("Old Town", "New Town")."""
    pairs = [(one, other) for one in ones for other in others if not set(one).isdisjoint(other)]
    return min((min(pair, key=len) for pair in pairs), default=()) if all(_within(*pair) for pair in pairs) else ()


# Some 6 kB each. What is in the news is grouped again and again.
@lru_cache(maxsize=2_000)
def _read(text: str) -> _Text:
    sentences = [_WORD.findall(sentence) for sentence in _SENTENCE.split(_POSSESSIVE.sub("", text))]
    found = [each for tokens in sentences for each in _names(tokens)]
    return _Text(
        words=frozenset(word for tokens in sentences for word in _stems(tokens)),
        names=frozenset(name for start, name, _ in found if start > 0 or len(name) > 1),
        places=frozenset(name for _, name, is_place in found if is_place),
        opening=frozenset(name for start, name, _ in found if start == 0 and len(name) == 1),
    )


def _stems(tokens: Iterable[str]) -> set[str]:
    lexicon = _lexicon()
    words = set(map(str.lower, tokens)) - lexicon["passed_over"]
    return {lexicon["number"].get(word) or stem(word) for word in words}


def _names(tokens: Sequence[str]) -> Iterator[tuple[int, Name, bool]]:
    """The names in a sentence: where each begins, its words, and whether it stands where places do.

    In a headline whose words all have capitals, only what stands where places do is taken for a name.
    """
    lexicon = _lexicon()
    lower = [token.lower() for token in tokens]
    capital = [token[0].isupper() and token.lower() not in lexicon["passed_over"] for token in tokens]
    all_capitals = sum(capital) > 3 and sum(capital) > 0.7 * sum(len(token) > 3 for token in tokens)
    start = 0
    for is_name, run in groupby(capital):
        end = start + len(list(run))
        if is_name:
            before = lower[max(0, start - 2) : start]
            near = [word for word in before if word in lexicon["before_place"]]
            is_place = bool(near) and (before[-1] in near or before[-1] not in lexicon["passed_over"])
            if is_place or not all_capitals:
                yield start, tuple(lower[start:end]), is_place
        start = end


def _days_told(text: str, at: datetime) -> range | None:
    """The days on which a text says that something happened: a date says it better than a weekday or a count."""
    latest = (at + _AHEAD).date()
    told = (days for read in (_dates, _weekdays, _days_back, _counts) for days in read(text, latest, at.date()))
    return next(told, None)


def _dates(text: str, latest: date, _: date) -> Iterator[range]:
    lexicon = _lexicon()
    for match in lexicon["date"].finditer(text):
        month = lexicon["months"].index((match["month"] or match["month_first"]).lower()) + 1
        for year in [int(match["year"])] if match["year"] else [latest.year, latest.year - 1]:
            # There is no 31 June; and without a year, "from 1 July", written in June, is no day of last year.
            with suppress(ValueError):
                day = date(year, month, int(match["day"] or match["day_last"]))
                if timedelta(0) <= latest - day and (match["year"] or latest - day < timedelta(183)):
                    yield range(day.toordinal(), day.toordinal() + 1)


def _weekdays(text: str, latest: date, _: date) -> Iterator[range]:
    lexicon = _lexicon()
    for match in lexicon["weekday"].finditer(text):
        day = latest.toordinal() - (latest.weekday() - lexicon["weekdays"].index(match[0].lower())) % 7
        yield range(day, day + 1)


def _days_back(text: str, _: date, today: date) -> Iterator[range]:
    lexicon = _lexicon()
    for match in lexicon["back"].finditer(text):
        fewest, most = lexicon["days_back"][match[0].lower()]
        yield range(today.toordinal() - most, today.toordinal() - fewest + 1)


def _counts(text: str, _: date, today: date) -> Iterator[range]:
    lexicon = _lexicon()
    for match in lexicon["counted"].finditer(text):
        count = match["count"].lower()
        number = min(int(lexicon["number"].get(count, count if count.isdecimal() else 1)), 100)
        days, rounded = lexicon["units"][match["unit"].lower()]
        first, last = (today.toordinal() - number * each for each in (days + rounded, days - rounded))
        yield range(first, last + 1)


@cache
def _lexicon() -> Mapping[str, Any]:
    """The lists of ``event_words.toml``, and the patterns that they make."""
    lists = tomllib.loads((files("monitor.assess") / "event_words.toml").read_text("utf-8"))
    month, weekday = ("|".join(map(str.capitalize, lists[name])) for name in ("months", "weekdays"))
    back, unit, number, points = ("|".join(lists[name]) for name in ("days_back", "units", "numbers", "points_back"))
    day = r"(?:st|nd|rd|th)?"
    return {
        **lists,
        "before_place": frozenset(lists["before_place"]),
        "passed_over": frozenset(lists["empty"] + lists["weekdays"] + lists["months"]),
        "number": {word: str(number) for number, word in enumerate(lists["numbers"])},
        "date": re.compile(
            rf"\b(?:(?P<day>\d{{1,2}}){day}(?: of)? (?P<month>{month})"
            rf"|(?P<month_first>{month}) (?P<day_last>\d{{1,2}}){day})\b(?:,? (?P<year>\d{{4}})\b)?"
        ),
        "weekday": re.compile(rf"\b(?:{weekday})\b"),
        "back": re.compile(rf"\b(?:{back})\b", re.IGNORECASE),
        "counted": re.compile(
            rf"\b(?P<count>an?|the|\d+|{number})[ -](?P<unit>{unit})s? (?:{points})\b", re.IGNORECASE
        ),
    }
