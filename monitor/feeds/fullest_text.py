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
    best = ""
    # The longest first: mostly it is the one, and freeing a text of markup is most of the work of reading an entry.
    for markup in sorted(filter(None, dict.fromkeys(candidates)), key=len, reverse=True):
        if best and _says_more(best, markup):
            break
        text = plain_text(markup)
        best = _fuller(best, text) if best else text
    return best


def _says_more(text: str, markup: str) -> bool:
    """Whether it is plain before looking that ``text`` says more than any text of that length could."""
    return len(text) > 2 * (len(markup) + _END) and "://" not in text


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


def _weight(text: str) -> tuple[int, bool]:
    """How many characters there are to read in ``text``, and whether it is whole. Not every script parts words."""
    text = text.replace("...", "\u2026")
    end = _without_boilerplate(text[-_END:])
    whole = _CUT_OFF.sub("", end)
    told = _ADDRESS.sub("", text[:-_END] + whole)
    return len(told) - told.count(" "), whole == end


def _without_boilerplate(end: str) -> str:
    for _ in range(_MOST_PIECES):
        lowered = end.lower()
        found = (pattern for parts, pattern in _boilerplate() if all(part in lowered for part in parts))
        shorter = next((cut for pattern in found if (cut := pattern.sub("", end)) != end), end)
        if shorter == end:
            break
        end = shorter
    return end


@cache
def _boilerplate() -> tuple[tuple[list[str], re.Pattern[str]], ...]:
    """Each phrase of boilerplate, the longest first: its parts in lower case, and what finds it at a text's end."""
    listed = tomllib.loads((files("monitor.feeds") / "boilerplate.toml").read_text("utf-8"))
    phrases = sorted((phrase for phrases in listed.values() for phrase in phrases), key=len, reverse=True)
    return tuple((list(filter(None, map(str.strip, phrase.split("*")))), _at_the_end(phrase)) for phrase in phrases)


def _at_the_end(phrase: str) -> re.Pattern[str]:
    words = ".{1,200}?".join(map(re.escape, phrase.split("*")))
    return re.compile(rf"(?<!\w){words}\W*\Z", re.IGNORECASE)
