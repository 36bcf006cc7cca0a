"""Labelled items from JSON Lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from monitor.evaluation.score import Labelled
from monitor.model import Item, Pair, Stance
from monitor.moment import parse_moment
from monitor.problem import Problem, Unusable


def read_labelled(path: Path) -> list[Labelled]:
    """The labelled items in ``path``. Raises :class:`Unusable` with every line that cannot be used."""
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable([Problem(str(path), 0, 0, f"cannot be read: {error}")]) from error
    labelled, problems = [], []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            try:
                labelled.append(_labelled(json.loads(line)))
            except (ValueError, TypeError, KeyError) as error:
                problems.append(Problem(str(path), number, 1, f"is no labelled item: {error}"))
    if not labelled and not problems:
        problems.append(Problem(str(path), 0, 0, "holds no labelled items"))
    if problems:
        raise Unusable(problems)
    return labelled


def _labelled(record: Any) -> Labelled:
    if not isinstance(record, dict) or not isinstance(record.get("title"), str):
        raise TypeError("expected an object with `title`, `must` and perhaps `summary`, `may`, `published`")
    published = record.get("published")
    item = Item(
        id=str(record.get("id", "")),
        title=record["title"],
        text=str(record.get("summary") or ""),
        publisher=str(record.get("publisher") or ""),
        published=parse_moment(published) if published else None,
    )
    return Labelled(item, _pairs(record["must"]), _pairs(record.get("may", [])))


def _pairs(texts: list[str]) -> frozenset[Pair]:
    out = set()
    for text in texts:
        condition, _, stance = text.partition(":")
        out.add((condition, Stance(stance)))
    return frozenset(out)
