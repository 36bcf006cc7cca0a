"""Moments as options of commands."""

from __future__ import annotations

from datetime import datetime, time

from monitor.moment import parse_moment
from monitor.problem import Problem, Unusable


def parse_option(text: str | None, option: str, of_a_day: time = time()) -> datetime | None:
    """The moment that ``option`` names, if it was given; a date alone means ``of_a_day``. Raises :class:`Unusable`."""
    if text is None:
        return None
    try:
        return parse_moment(text, of_a_day)
    except ValueError as error:
        message = f"`{text}` is not a date; write 2021-09-09 or 2021-09-09T12:00"
        raise Unusable([Problem(option, 0, 0, message)]) from error
