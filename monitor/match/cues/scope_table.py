"""How far each class of cue reaches, read from ``scopes.toml``: which deeds to its right it can govern."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from monitor.match.sentence.annotated_sentence import View, finite_looking, is_finite_past
from monitor.match.sentence.clauses import Clause
from monitor.match.sentence.verb_groups import Form
from monitor.text.cue_table import Cue, CueHit
from monitor.text.lexicon import words
from monitor.text.stems import stem
from monitor.text.tokens import Token

_FORMS = {
    Form.NOMINAL: "noun",
    Form.GERUND: "gerund",
    Form.INFINITIVE: "infinitive",
    Form.PASSIVE: "passive",
    Form.BASE: "base",
}


@dataclass(frozen=True, slots=True)
class ScopeRow:
    """A line of the file: conditions that all hold where a cue of the class governs a deed, and its example.

    An empty set asks nothing. Words are stems, or forms behind an equals sign.
    """

    cue: Cue
    reach: int
    forms: frozenset[str]
    words: frozenset[str]
    not_words: frozenset[str]
    needs: frozenset[str]
    opens: frozenset[str]
    not_after: frozenset[str]
    follows: frozenset[str]
    next: frozenset[str]
    ends_at: frozenset[str]
    first: bool
    apart: bool
    example: str
    reads: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """A cue, a deed to its right, and what stands between them."""

    form: str
    opening: Token
    closing: Token
    before: Token | None
    between: tuple[Token, ...]
    follows: frozenset[str]
    next: frozenset[str]
    first: bool

    @property
    def gap(self) -> int:
        """How many words stand between, articles and the like aside."""
        return sum(token.is_word and token.stem not in words("determiner") for token in self.between)

    @property
    def last(self) -> Token:
        """The word before the deed, "the" aside; the cue's own where nothing stands between."""
        return next((token for token in reversed(self.between) if token.norm != "the"), self.closing)


def stretch(view: View, clause: Clause, hit: CueHit) -> Stretch:
    """What stands between ``hit`` and the deed of ``clause``, asides left out."""
    places = [k for k in range(hit.end, clause.deed.start) if k not in clause.skipped]
    inside = [other for other in view.before if hit.end <= other.start < clause.deed.start]
    return Stretch(
        form=_FORMS.get(clause.form) or _tense(view.tokens[clause.deed.start]),
        opening=view.tokens[hit.start],
        closing=view.tokens[hit.end - 1],
        before=view.tokens[hit.start - 1] if hit.start else None,
        between=tuple(view.tokens[k] for k in places),
        follows=frozenset(other.cue.value for other in inside),
        next=frozenset(other.cue.value for other in inside if other.start - hit.end <= 1),
        first=hit.start <= clause.start + 1,
    )


def is_in_scope(cue: Cue, found: Stretch) -> bool:
    """Whether a row lets a cue of this class govern the deed."""
    return any(_admits(row, found) for row in scope_table()[cue])


@cache
def scope_table() -> dict[Cue, tuple[ScopeRow, ...]]:
    """The rows by class."""
    data = tomllib.loads((files("monitor.match.cues") / "scopes.toml").read_text("utf-8"))
    return {cue: tuple(_row(cue, line) for line in data.get(cue.value, ())) for cue in Cue}


def _admits(row: ScopeRow, found: Stretch) -> bool:
    return (
        found.gap <= row.reach
        and (not row.forms or found.form in row.forms)
        and (not row.words or _is_one(found.opening, row.words))
        and not _is_one(found.opening, row.not_words)
        and (not row.needs or any(_is_one(token, row.needs) for token in (found.closing, *found.between)))
        and (not row.opens or _is_one(found.last, row.opens))
        and not _is_one(found.before, row.not_after)
        and (not row.follows or bool(found.follows & row.follows))
        and (not row.next or bool(found.next & row.next))
        and (not row.first or found.first)
        and (not row.apart or bool(found.between))
        and not any(_is_one(token, row.ends_at) for token in found.between)
    )


def _is_one(token: Token | None, listed: frozenset[str]) -> bool:
    return token is not None and bool(listed) and (token.stem in listed or f"={token.norm}" in listed)


def _tense(verb: Token) -> str:
    if is_finite_past(verb):
        return "past"
    return "third" if finite_looking(verb) else "present"


def _row(cue: Cue, line: dict[str, Any]) -> ScopeRow:
    return ScopeRow(
        cue=cue,
        reach=line["reach"],
        forms=frozenset(line.get("forms", ())),
        words=_stems(line.get("words", ())),
        not_words=_stems(line.get("not_words", ())),
        needs=_stems(line.get("needs", ())),
        opens=_stems(line.get("opens", ())),
        not_after=_stems(line.get("not_after", ())),
        follows=frozenset(line.get("follows", ())),
        next=frozenset(line.get("next", ())),
        ends_at=_stems(line.get("ends_at", ())),
        first=line.get("first", False),
        apart=line.get("apart", False),
        example=line["example"],
        reads=line["reads"],
    )


def _stems(listed: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(_stem(one) for one in listed))


def _stem(one: str) -> frozenset[str]:
    if one.startswith("@"):
        return words(one[1:])
    return frozenset({one if one.startswith("=") or not one.isalpha() else stem(one)})
