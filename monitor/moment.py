"""Moments as people and files write them. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, time

# What a day alone means where something is looked at as it stood on that day.
END_OF_DAY = time(23, 59, 59)


def parse_moment(text: str, of_a_day: time = time()) -> datetime:
    """An ISO 8601 date and time, in UTC unless it says otherwise, or a date, which means ``of_a_day``.

    Raises ``ValueError``.
    """
    moment = datetime.fromisoformat(text)
    if len(text) <= len("2021-09-09"):
        return datetime.combine(moment, of_a_day, UTC)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
