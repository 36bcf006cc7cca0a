"""Moments as people and files write them."""

from __future__ import annotations

from datetime import UTC, datetime, time

from monitor.problem import Problem, Unusable

# What a day alone means where something is looked at as it stood on that day.
END_OF_DAY = time(23, 59, 59)


def parse_moment(text: str) -> datetime:
    """An ISO 8601 date (its midnight) or date and time, in UTC unless it says otherwise. Raises ``ValueError``."""
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def parse_option(text: str | None, option: str, of_a_day: time = time()) -> datetime | None:
    """The moment that ``option`` names, if it was given; a date alone means ``of_a_day``. Raises :class:`Unusable`."""
    if text is None:
        return None
    try:
        moment = parse_moment(text)
    except ValueError as error:
        message = f"`{text}` is not a date; write 2021-09-09 or 2021-09-09T12:00"
        raise Unusable([Problem(option, 0, 0, message)]) from error
    return datetime.combine(moment, of_a_day, UTC) if len(text) <= 10 else moment
