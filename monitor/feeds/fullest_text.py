"""Which of the texts that an entry carries is the one to read: the one that says the most, whatever its markup."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from monitor.feeds.plain_text import plain_text

_ADDRESS = re.compile(r"https?://\S+")
# Dots at the very end, or dots in brackets with little behind them: what that is can be in any language.
_CUT_OFF = re.compile(r"\W*\u2026\W*\Z|\s*[\[(]\s?\u2026\s?[\])].{0,200}\Z")
# Boilerplate stands at the end, in this many characters. No text ends in more pieces of it.
_END = 600
_MOST_PIECES = 5


def fullest_text(candidates: Iterable[str]) -> str:
    """Of pieces of markup the one that says the most, as plain text; empty if none says anything.

    Addresses and what ``boilerplate.toml`` lists say nothing. A text that is cut off loses against the whole of it.
    """
    texts = [*filter(None, dict.fromkeys(candidates))]
    if len(texts) < 2:
        return plain_text(texts[0]) if texts else ""
    best = ""
    # The longest first: mostly it is the one, and freeing a text of markup is most of the work of reading an entry.
    for markup in sorted(texts, key=len, reverse=True):
        # No text is longer than its markup.
        if best and (_least_weight(best) > len(markup) or _weight(best)[0] > len(markup)):
            break
        text = plain_text(markup)
        best = _fuller(best, text) if best else text
    return best


def _fuller(one: str, other: str) -> str:
    """Of two texts the one that says more, or else the first."""
    shorter, longer = (one, other) if len(one) < len(other) else (other, one)
    return longer if _is_part(shorter, longer) else max(one, other, key=_weight)


def _is_part(shorter: str, longer: str) -> bool:
    """Whether a text is in another as it stands or, if it is cut off, up to there."""
    if shorter in longer:
        return True
    begun = shorter.replace("...", "\u2026").rpartition("\u2026")[0].rstrip(" [(")
    return bool(begun) and longer.replace("...", "\u2026").startswith(begun)


def _least_weight(text: str) -> int:
    """What :func:`_weight` comes to at least, at a glance."""
    return 0 if "://" in text else len(text) - text.count(" ") - _END


def _weight(text: str) -> tuple[int, bool]:
    """How many characters there are to read in ``text``, and whether it is whole. Not every script parts words."""
    text = text.replace("...", "\u2026")
    end = _without_boilerplate(text[-_END:])
    whole = _CUT_OFF.sub("", end) if "\u2026" in end else end
    told = text[:-_END] + whole
    if "://" in told:
        told = _ADDRESS.sub("", told)
    return len(told) - told.count(" "), whole == end


def _without_boilerplate(end: str) -> str:
    for _ in range(_MOST_PIECES):
        shorter = next((cut for pattern in _may_end(end) if (cut := pattern.sub("", end)) != end), end)
        if shorter == end:
            break
        end = shorter
    return end


def _may_end(text: str) -> list[re.Pattern[str]]:
    """The phrases of boilerplate, the longest first, with which a text may end: most texts end with none of them."""
    lowered = text.lower()
    place = len(lowered)
    while place and not (lowered[place - 1].isalnum() or lowered[place - 1] == "_"):
        place -= 1
    endings, openings, phrases = _boilerplate()
    if not lowered.endswith(endings, 0, place) and not any(map(lowered.__contains__, openings)):
        return []
    return [pattern for parts, pattern in phrases if all(part in lowered for part in parts)]


@cache
def _boilerplate() -> tuple[tuple[str, ...], tuple[str, ...], tuple[tuple[list[str], re.Pattern[str]], ...]]:
    """Phrases of boilerplate in lower case: those that stand as they are, what the others begin with, and of all, the
    longest first, the parts and what finds it at a text's end."""
    listed = tomllib.loads((files("monitor.feeds") / "boilerplate.toml").read_text("utf-8"))
    phrases = sorted((phrase for phrases in listed.values() for phrase in phrases), key=len, reverse=True)
    parts = [list(filter(None, map(str.strip, phrase.split("*")))) for phrase in phrases]
    return (
        tuple(phrase for phrase in phrases if "*" not in phrase),
        tuple({part[0] for phrase, part in zip(phrases, parts, strict=True) if "*" in phrase}),
        tuple((part, _at_the_end(phrase)) for phrase, part in zip(phrases, parts, strict=True)),
    )


def _at_the_end(phrase: str) -> re.Pattern[str]:
    words = ".{1,200}?".join(map(re.escape, phrase.split("*")))
    return re.compile(rf"(?<!\w){words}\W*\Z", re.IGNORECASE)
