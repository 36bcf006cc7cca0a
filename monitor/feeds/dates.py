"""When an entry of a feed says that it was published. Pure.

The standard spellings are read by patterns, which is quick. Other languages go to the dateparser library, which is
loaded on first need. It gets neither the zone nor a choice: zones are read here, and a reading counts only if it
accounts for every number that was written.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

_LONGEST = 100
_WIDEST_OFFSET = timedelta(hours=14)
# RFC 2822: years of two digits below this are of this century.
_CENTURY_TURNS_AT = 50
_MONTHS_OF_A_YEAR = 12
_FEWEST_NUMBERS, _MOST_NUMBERS = 2, 6
_NOON = 12
_END_OF_DAY = 24

_ENGLISH = "january february march april may june july august september october november december"
_MONTHS = {name: number for number, name in enumerate(_ENGLISH.split(), 1)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}

_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s*)?"
_NAME = rf"(?P<name>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\b\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_YEAR = r"(?P<year>\d{4})"
_CLOCK = (
    r"(?P<hour>\d{1,2}):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d+)?)?"
    r"(?:\s*(?P<half>[ap])\.?m\b\.?)?"
)
_BASIC_CLOCK = r"(?P<hour>\d\d)(?P<minute>\d\d)(?:(?P<second>\d\d)(?:[.,]\d+)?)?"
_ZONE = r"\s*(?P<zone>.*)"
_AFTER = rf"(?:(?:T|,?\s+(?:-\s+|at\s+)?){_CLOCK}{_ZONE})?"
_STANDARD = [
    re.compile(_WEEKDAY + pattern, re.ASCII | re.IGNORECASE)
    for pattern in (
        # Tue, 12 Mar 2024 15:30:00 +0100
        rf"{_DAY}[\s-]+{_NAME},?[\s-]+(?P<year>\d{{4}}|\d\d){_AFTER}",
        # 2024-03-12T15:30:00+01:00, 2024/3/12
        rf"{_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}}){_AFTER}",
        # 20240312T153000Z
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?:[T\s]{_BASIC_CLOCK}{_ZONE})?",
        # 12/03/2024 15:30
        rf"(?P<former>\d{{1,2}})(?P<mark>[-/.])(?P<latter>\d{{1,2}})(?P=mark){_YEAR}{_AFTER}",
        # March 12, 2024 3:30 PM
        rf"{_NAME}\s+{_DAY},?\s+{_YEAR}{_AFTER}",
        # Tue Mar 12 15:30:00 CET 2024
        rf"{_NAME}\s+{_DAY}\s+{_CLOCK}(?:\s+(?P<zone>\S+))?\s+{_YEAR}",
    )
]
# The spellings of mail and of the web, exactly as their standards have them: most feeds use one of the two.
_MAIL = re.compile(
    rf"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), )?(\d{{1,2}}) ({'|'.join(name[:3].title() for name in _ENGLISH.split())}) "
    r"(\d{4}) (\d\d:\d\d:\d\d) (?:GMT|UTC|([+-](?:0\d|1[0-3])[0-5]\d))",
    re.ASCII,
)
_WEB = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-](?:0\d|1[0-3]):[0-5]\d)", re.ASCII)
# The same dates within words, in any script: 2024. 3. 12., 2024年3月12日, 12.03.2024.
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4}) ?[-/.年년] ?(\d{1,2}) ?[-/.月월] ?(\d{1,2})(?!\d)(?: ?[日일]|\.)?")
_YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(?!\d)")
# 15h30, 15時30分00秒
_CLOCK_IN_WORDS = re.compile(r"(?<!\d)(\d{1,2}) ?[hH時时點点시] ?(\d{1,2})(?!\d)(?: ?[分분](?: ?(\d{1,2}) ?[秒초])?)?")
_MIDNIGHT_AT_END_OF_DAY = re.compile(r"\b24:00(?::00)?\b")
_LEAP_SECOND = re.compile(r"(?<=:\d\d):60\b")

# The name that may follow a number, "+0100 (CET)" or "+0000 UTC", says nothing that the number does not say.
_OFFSET = re.compile(
    r"(?:GMT|UTC|UT)?\s*([+-])(\d{1,2})(?::?(\d\d))?(?:\s*\([^()]*\)|\s+[A-Z]{2,5})?", re.ASCII | re.IGNORECASE
)
_PLACE = re.compile(r"[A-Z][A-Za-z_]+(?:/[A-Za-z0-9_+-]+)+", re.ASCII)
_IN_BRACKETS = re.compile(r"\(([^()]*)\)")
# In other languages a word for the clock or for the half of the day may stand between a clock and the zone.
_ZONE_AT_END = re.compile(
    r"(?P<rest>.*\d[:.]\d\d(?:\s?[^\W\d_]{1,10})??)\s*"
    rf"(?P<zone>\(?(?:{_OFFSET.pattern}|{_PLACE.pattern}|(?!AM\b|PM\b)[A-ZА-Я]{{1,5}})\)?)"
)
_NUMBER = re.compile(r"\d+")
_MINUS = "\u2212"
# They join or part letters within words of Persian and Hindi; other invisible characters only set the direction.
_JOINERS = "\u200c\u200d"


def parse_date(written: str, day_first: bool = True) -> datetime | None:
    """The time in UTC that a feed's date tells, or ``None`` where it cannot be read for sure.

    A date without a zone is taken as UTC, a date without a time as midnight; fractions of a second are left out.
    ``day_first`` says how to read a date of numbers alone, such as 05/04/2024; :func:`day_comes_first` finds out. Never
    raises.
    """
    if len(written) > _LONGEST:
        return None
    return parse_standard_date(written, day_first) or _read_other(written, day_first)


def parse_standard_date(written: str, day_first: bool = True) -> datetime | None:
    """The same of dates in a spelling of the standards, or in English or numbers: a matter of microseconds."""
    if len(written) > _LONGEST:
        return None
    text = written.strip()
    return _read_usual(text) or _read_standard(text, day_first)


def is_in_numbers(written: str) -> bool:
    """Whether a date may depend on whether the day or the month comes first."""
    return bool(_YEAR_LAST.search(written))


def day_comes_first(dates: Iterable[str], language: str = "") -> bool:
    """Whether the dates of one document put the day before the month where they are numbers alone.

    A number above 12 proves it. Where none does, or the dates contradict each other, the feed's ``language`` (a tag
    such as ``en-US``) decides; without it the day comes first.
    """
    proven = set()
    for written in dates:
        found = _YEAR_LAST.search(_plain(written)) if len(written) <= _LONGEST else None
        if found and (order := _proven_order(int(found[1]), int(found[3]))) is not None:
            proven.add(order)
    if len(proven) == 1:
        return proven.pop()
    return language.strip().replace("_", "-").lower() not in _knowledge()["languages"]["month_first"]


def _read_usual(text: str) -> datetime | None:
    """A date of mail or of the web, in less than half the time that the patterns for all spellings take."""
    if found := _MAIL.fullmatch(text):
        day, month, year, clock, offset = found.groups()
        text = f"{year}-{_MONTHS[month.lower()]:02}-{day:0>2}T{clock}{offset or 'Z'}"
    elif found := _WEB.fullmatch(text):
        text = found[1] + found[2]
    else:
        return None
    try:
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        # 24:00, or a leap second, or no date at all.
        return None


def _read_standard(text: str, day_first: bool) -> datetime | None:
    for pattern in _STANDARD:
        if found := pattern.fullmatch(text):
            parts = found.groupdict()
            day, clock, zone = _day(parts, day_first), _clock(parts), _zone(parts["zone"] or "")
            return _in_utc(day, clock, zone) if day and clock is not None and zone else None
    return None


def _day(parts: dict[str, str], day_first: bool) -> date | None:
    if "former" in parts:
        day, month = _day_and_month(int(parts["former"]), int(parts["latter"]), day_first)
    else:
        day = int(parts["day"])
        month = _MONTHS[parts["name"].lower()] if "name" in parts else int(parts["month"])
    year = int(parts["year"])
    if len(parts["year"]) == len("24"):
        year += 2000 if year < _CENTURY_TURNS_AT else 1900
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _day_and_month(former: int, latter: int, day_first: bool) -> tuple[int, int]:
    proven = _proven_order(former, latter)
    return (former, latter) if (day_first if proven is None else proven) else (latter, former)


def _proven_order(former: int, latter: int) -> bool | None:
    """Whether the day comes first, where one of two numbers cannot be a month."""
    if (former > _MONTHS_OF_A_YEAR) == (latter > _MONTHS_OF_A_YEAR):
        return None
    return former > _MONTHS_OF_A_YEAR


def _clock(parts: dict[str, str]) -> timedelta | None:
    """The time since midnight: feeds write 24:00 for the next midnight and 60 for a leap second."""
    if not parts["hour"]:
        return timedelta()
    hour, minute, second = int(parts["hour"]), int(parts["minute"]), int(parts["second"] or 0)
    if hour > _END_OF_DAY or minute > 59 or second > 60 or (hour == _END_OF_DAY and (minute or second)):
        return None
    if half := parts.get("half"):
        if hour > (_NOON if half in "aA" else _END_OF_DAY - 1):
            return None
        # Some feeds write 15:30 PM: that is half past three.
        hour = hour % _NOON + (_NOON if half in "pP" else 0)
    return timedelta(0, hour * 3600 + minute * 60 + min(second, 59))


def _in_utc(day: date, clock: timedelta, zone: tzinfo) -> datetime | None:
    try:
        moment = datetime(day.year, day.month, day.day, tzinfo=zone) + clock
        return moment if zone is UTC else moment.astimezone(UTC)
    except OverflowError:
        # The very first or last day that the calendar of Python has.
        return None


@lru_cache(maxsize=512)
@lru_cache(maxsize=256)
def _zone(text: str) -> tzinfo | None:
    """The zone that a text names: UTC for an empty one, ``None`` for one that is not known."""
    text = text.strip()
    if inner := _IN_BRACKETS.fullmatch(text):
        text = inner[1]
    if not text:
        return UTC
    if offset := _OFFSET.fullmatch(text):
        sign, hours, minutes = offset.groups()
        distance = timedelta(hours=int(hours), minutes=int(minutes or 0))
        if int(minutes or 0) > 59 or distance > _WIDEST_OFFSET:
            return None
        return timezone(-distance if sign == "-" else distance)
    if _PLACE.fullmatch(text):
        return _zone_of_place(text)
    meant = _knowledge()["zones"].get(text.upper())
    return _zone(meant) if meant else None


def _zone_of_place(name: str) -> tzinfo | None:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        # A folder of the zone database, such as America/Argentina, is an OSError.
        return None


@lru_cache(maxsize=1024)
def _read_other(written: str, day_first: bool) -> datetime | None:
    """What no pattern fits as it stands: other digits, spaces, orders and languages."""
    text = _with_numbers_as_usual(_plain(written), day_first)
    if moment := _read_standard(text, day_first):
        return moment
    zone: tzinfo | None = UTC
    if found := _ZONE_AT_END.fullmatch(text):
        text, zone = found["rest"], _zone(found["zone"])
    text, midnights = _MIDNIGHT_AT_END_OF_DAY.subn("00:00", text)
    text = _LEAP_SECOND.sub(":59", text)
    moment = _read_by_library(text) if zone and _has_numbers_of_a_date(text) else None
    if moment is None or zone is None or not _accounts_for(moment, text):
        return None
    clock = timedelta(days=min(midnights, 1), hours=moment.hour, minutes=moment.minute, seconds=moment.second)
    return _in_utc(moment.date(), clock, zone)


def _plain(text: str) -> str:
    """ASCII digits, single spaces, no invisible marks."""
    if text.isascii():
        return " ".join(text.split())
    seen = (c for c in text if c in _JOINERS or unicodedata.category(c) != "Cf")
    plain = "".join(str(unicodedata.decimal(c, c)) for c in seen)
    return " ".join(plain.replace(_MINUS, "-").split())


def _with_numbers_as_usual(text: str, day_first: bool) -> str:
    """A date of numbers as 2024-03-12, so that nobody has to guess its order, and a clock as 15:30:00."""

    def year_last(found: re.Match[str]) -> str:
        day, month = _day_and_month(int(found[1]), int(found[3]), day_first)
        return f" {found[4]}-{month:02}-{day:02} "

    def clock(found: re.Match[str]) -> str:
        return " " + ":".join(number.zfill(2) for number in found.groups() if number)

    text = _YEAR_FIRST.sub(lambda found: f" {found[1]}-{found[2]:0>2}-{found[3]:0>2} ", text)
    return " ".join(_CLOCK_IN_WORDS.sub(clock, _YEAR_LAST.sub(year_last, text)).split())


def _has_numbers_of_a_date(text: str) -> bool:
    """A whole year and a day at least, a date and a clock at most: the library takes long over anything else."""
    numbers = _NUMBER.findall(text)
    return _FEWEST_NUMBERS <= len(numbers) <= _MOST_NUMBERS and any(len(number) == len("2024") for number in numbers)


def _accounts_for(moment: datetime, text: str) -> bool:
    """Whether a reading uses every number of a text, the day and the whole year among them, and adds none.

    So "12-14 mars 2024", "24 mars 12" and "12 mars 2024, morning" are not sure.
    """
    day = moment.date().isoformat()
    numbers = [int(number) for number in _NUMBER.findall(text.replace(day, " ", 1))]
    if day not in text:
        # The month has a name.
        if moment.day not in numbers or moment.year not in numbers:
            return False
        numbers.remove(moment.day)
        numbers.remove(moment.year)
    clock = [moment.hour, moment.minute, moment.second]
    if numbers and numbers[0] == (moment.hour % _NOON or _NOON) and (len(numbers) > 1 or moment.hour):
        # A word for the half of the day stands beside it. Alone, 12 is no midnight.
        clock[0] = numbers[0]
    return numbers + [0] * (len(clock) - len(numbers)) == clock


def _read_by_library(text: str) -> datetime | None:
    """What dateparser reads, without a zone; ``None`` also where it saw a zone, for none should be left in the text."""
    try:
        moment = _library().get_date_data(text).date_obj
    except Exception:
        # It was written for dates, and these are any strings from outside: what it raises on them is not documented.
        return None
    return moment if isinstance(moment, datetime) and moment.tzinfo is None else None


@cache
def _library() -> Any:
    # Loading it with its languages takes about a second and 25 MB, and most feeds never need it.
    from dateparser.date import DateDataParser

    return DateDataParser(
        locales=_knowledge()["languages"]["read"],
        # Else a reading would depend on what was read before.
        try_previous_locales=False,
        settings={
            # Neither "yesterday" nor a number of seconds is a date that is told.
            "PARSERS": ["absolute-time"],
            "STRICT_PARSING": True,
            "REQUIRE_PARTS": ["day", "month", "year"],
            # A date of numbers alone reaches it as year, month and day.
            "DATE_ORDER": "YMD",
            "PREFER_LOCALE_DATE_ORDER": False,
            # Neither the zone of the machine nor today's date plays a part.
            "TIMEZONE": "UTC",
            "RELATIVE_BASE": datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None),
        },
    )


@cache
def _knowledge() -> dict[str, Any]:
    return tomllib.loads((files("monitor.feeds") / "zones.toml").read_text("utf-8"))
