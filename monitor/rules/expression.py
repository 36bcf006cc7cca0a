"""The boolean expression that a consequence requires: ``safe-passage and (womens-rights or not war)``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitor.model import Status

_WORD = re.compile(r"\s*(?:(?P<mark>[()])|(?P<word>[^\s()]+))")


class BadExpression(ValueError):
    """The expression cannot be read; the message says where."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A tree of ``and``, ``or``, ``not`` over condition ids; a leaf has a ``name`` and no ``parts``."""

    operator: str
    parts: tuple[Expression, ...] = ()
    name: str = ""

    def names(self) -> tuple[str, ...]:
        """Condition ids in the order they stand in."""
        if self.operator == "name":
            return (self.name,)
        return tuple(dict.fromkeys(name for part in self.parts for name in part.names()))

    def value(self, statuses: Mapping[str, bool | None]) -> bool | None:
        """Kleene's three-valued logic: ``None`` is unknown."""
        if self.operator == "name":
            return statuses.get(self.name)
        values = [part.value(statuses) for part in self.parts]
        if self.operator == "not":
            return None if values[0] is None else not values[0]
        decisive = self.operator == "or"
        if decisive in values:
            return decisive
        return None if None in values else not decisive


def truth(status: Status, confirmed: bool) -> bool | None:
    """What a condition's status is worth in an expression: only a confirmed ``met`` is true."""
    if status is Status.MET and confirmed:
        return True
    return False if status in (Status.BREACHED, Status.CONTESTED) else None


def parse_expression(text: str) -> Expression:
    """Read ``text``; ``not`` binds tighter than ``and``, ``and`` than ``or``. Raises :class:`BadExpression`."""
    words = [m.group("mark") or m.group("word") for m in _WORD.finditer(text)]
    tree, rest = _either(words)
    if rest:
        raise BadExpression(f"`{rest[0]}` was not expected here; join conditions with `and` or `or`")
    return tree


def _either(words: list[str]) -> tuple[Expression, list[str]]:
    part, words = _both(words)
    parts = [part]
    while words and words[0] == "or":
        part, words = _both(words[1:])
        parts.append(part)
    return (parts[0] if len(parts) == 1 else Expression("or", tuple(parts))), words


def _both(words: list[str]) -> tuple[Expression, list[str]]:
    part, words = _single(words)
    parts = [part]
    while words and words[0] == "and":
        part, words = _single(words[1:])
        parts.append(part)
    return (parts[0] if len(parts) == 1 else Expression("and", tuple(parts))), words


def _single(words: list[str]) -> tuple[Expression, list[str]]:
    if not words:
        raise BadExpression("ends too early; a condition's id was expected")
    word, rest = words[0], words[1:]
    if word == "not":
        part, rest = _single(rest)
        return Expression("not", (part,)), rest
    if word == "(":
        tree, rest = _either(rest)
        if not rest or rest[0] != ")":
            raise BadExpression("has a `(` that is never closed")
        return tree, rest[1:]
    if word in ("and", "or", ")"):
        raise BadExpression(f"has `{word}` where a condition's id was expected")
    return Expression("name", name=word), rest
