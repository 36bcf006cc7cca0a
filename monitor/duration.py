"""Time spans as people write them: ``30m``, ``36h``, ``90d``, ``2w``."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer

_DURATION = re.compile(r"(\d{1,5})\s*([smhdw])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}


def parse_duration(value: object) -> timedelta:
    """The span that a text such as ``90d`` means. Raises ``ValueError``; a span of nothing is none."""
    if isinstance(value, timedelta):
        return value
    match = _DURATION.fullmatch(str(value).strip())
    if match is None or int(match.group(1)) == 0:
        raise ValueError("expected a time span such as 30m, 36h, 90d or 2w")
    return timedelta(**{_UNITS[match.group(2)]: int(match.group(1))})


def show_duration(span: timedelta) -> str:
    """The shortest text that :func:`parse_duration` reads as ``span`` (whole seconds)."""
    seconds = int(span.total_seconds())
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60)):
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


Duration = Annotated[timedelta, BeforeValidator(parse_duration), PlainSerializer(show_duration)]
