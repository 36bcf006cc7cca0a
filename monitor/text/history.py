"""Whether words date what is told to a time long gone."""

from __future__ import annotations

from functools import cache

from monitor.text.cue_table import end_of_phrase
from monitor.text.lexicon import long_past, phrase
from monitor.text.tokens import Token


@cache
def _history() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Phrases about a time long past by their first stem."""
    table: dict[str, list[tuple[str, ...]]] = {}
    for text in long_past():
        stems = phrase(text)
        table.setdefault(stems[0], []).append(stems)
    return {first: tuple(found) for first, found in table.items()}


def tells_of_the_past(tokens: tuple[Token, ...]) -> bool:
    """Whether a phrase among ``tokens`` dates what is told to a time long gone."""
    table = _history()
    return any(
        end_of_phrase(tokens, place, stems) is not None
        for place, token in enumerate(tokens)
        if token.stem in table
        for stems in table[token.stem]
    )
