"""A sentence as the engine looks at it: words, names, cues and grammar, and where its clauses end.

There is nothing to download, and the answer never changes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from monitor.match.lookup.actors import ActorIndex, Mention
from monitor.syntax.parser import parse
from monitor.syntax.tree import Tree
from monitor.text.cue_table import Cue, CueHit
from monitor.text.lexicon import words
from monitor.text.sentences import Sentence
from monitor.text.stems import is_gerund, is_irregular_past
from monitor.text.tokens import Token

# How many words may stand between a cue and what it governs.
NEAR, CHAIN, FAR = 4, 8, 28
# Pronouns that may be the subject of a verb and mean somebody named before.
THIRD_PERSON = frozenset({"they", "it", "he", "she"})
_AMOUNTS = {("at", "least"), ("at", "most"), ("more", "than"), ("fewer", "than"), ("less", "than"), ("up", "to")}
# A figure, with its currency or without: "5", "$17", "rs10".
_FIGURE = re.compile(r"[$€£¥₹]|[a-z]{0,3}\d")
# A bracket holds no more words than this if it only adds a note and no clause.
_LONGEST_NOTE = 6


@dataclass(frozen=True)
class View:
    """A sentence as seen by a ruleset, with everything about it that does not depend on a signal."""

    sentence: Sentence
    actors: ActorIndex
    # Where no word of any name stands, none need be looked for.
    may_name: bool = True

    @cached_property
    def mentions(self) -> tuple[Mention, ...]:
        """The actors it names, in order."""
        return self.actors.mentions(self.tokens) if self.may_name else ()

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        return self.sentence.tokens

    @cached_property
    def tree(self) -> Tree:
        """How its words hang together; each name is one word of it."""
        named = self.by_place
        written = [token.norm.capitalize() if place in named else token.norm for place, token in enumerate(self.tokens)]
        names = [(mention.start, mention.end) for mention in self.mentions if mention.end - mention.start > 1]
        ends = {mention.end for mention in self.mentions}
        # "Westland reverses", "Westland to end": what says how a deed is meant, right behind a name, is a verb.
        verbs = [hit.start for hit in self.before if hit.start in ends and self.tokens[hit.start].norm.endswith("s")]
        return parse(written, verbs, names, headline=self.sentence.line == 0)

    @cached_property
    def by_place(self) -> Mapping[int, Mention]:
        """The mention that a token is part of."""
        return {place: mention for mention in self.mentions for place in range(mention.start, mention.end)}

    @cached_property
    def before(self) -> tuple[CueHit, ...]:
        """Cues that stand before what they govern."""
        return self._cues("before")

    @cached_property
    def after(self) -> tuple[CueHit, ...]:
        """Cues that stand behind what they govern."""
        return self._cues("after")

    def _cues(self, side: str) -> tuple[CueHit, ...]:
        """Without those inside a name: a party called "New Hope" hopes for nothing by its name alone."""
        return tuple(
            hit
            for hit in self.sentence.cues(side)
            if hit.start not in self.by_place and hit.end - 1 not in self.by_place
        )

    def mention_at(self, place: int) -> Mention | None:
        return self.by_place.get(place)

    def cues_at(self, place: int) -> tuple[CueHit, ...]:
        return tuple(hit for hit in self.before if hit.start == place)


@dataclass(frozen=True, slots=True)
class Names:
    """The actors that a whole item names; who they are is looked up when somebody asks."""

    views: Sequence[View]

    def __contains__(self, actor: object) -> bool:
        return any(mention.actor == actor for view in self.views for mention in view.mentions)


def is_boundary(view: View, place: int) -> bool:
    """Whether a clause ends at this token, commas and coordination aside."""
    token = view.tokens[place]
    if not token.is_word:
        return token.norm in words("marks") and not (
            (token.norm == "-" and _sets_off_a_part(view, place)) or _brackets_a_note(view, place)
        )
    gerund = is_gerund(token.norm) and token.norm != "following"
    if gerund and place and view.tokens[place - 1].norm == ",":
        return any(hit.cue is Cue.REPORT for hit in view.cues_at(place))  # "..., adding that"
    if token.norm == "as":
        if place + 1 < len(view.tokens) and view.tokens[place + 1].norm in ("well", "part", "saying"):
            return False
        return not any(token.stem in words("taken_as") for token in view.tokens[max(0, place - 8) : place])
    if token.norm == "once" and place + 1 < len(view.tokens) and view.tokens[place + 1].norm in ("again", "more"):
        return False
    if token.norm == "but" and place and view.tokens[place - 1].norm == "all":
        return False  # "all but wiped out"
    return token.stem in words("boundary")


def opening_bracket(view: View, closing: int) -> int | None:
    """The bracket that opens a short note closed at ``closing``: "the council (UNSC)"."""
    if view.tokens[closing].norm == ")":
        for here in range(closing - 1, max(-1, closing - _LONGEST_NOTE - 2), -1):
            if view.tokens[here].norm == "(":
                return here
    return None


def _brackets_a_note(view: View, place: int) -> bool:
    closing = range(place, min(len(view.tokens), place + _LONGEST_NOTE + 2))
    return any(
        opening_bracket(view, k) == place or (k == place and opening_bracket(view, k) is not None) for k in closing
    )


def _sets_off_a_part(view: View, dash: int) -> bool:
    """Whether a dash opens or closes "- including women -", which is no clause."""
    tokens = view.tokens
    opens = [k for k in range(max(0, dash - CHAIN), dash + 1) if tokens[k].norm == "-"]
    return any(k + 1 < len(tokens) and tokens[k + 1].stem in words("part") for k in opens)


def light(token: Token) -> bool:
    """A word that may stand inside a verb group without being its subject or object."""
    return (
        token.stem in words("auxiliary")
        or token.stem in words("adverb")
        or token.norm in ("to", "not", '"', "'")
        or (token.norm.endswith("ly") and len(token.norm) > 4)
    )


def previous_word(view: View, place: int) -> int | None:
    """The nearest token to the left that is no adverb, negation or quotation mark."""
    here = place - 1
    while here >= 0:
        token = view.tokens[here]
        adverb = token.stem in words("adverb") or (token.norm.endswith("ly") and len(token.norm) > 4)
        if not adverb and token.norm not in ('"', "'") and not is_no_longer(view, here):
            return here
        here -= 1
    return None


def is_no_longer(view: View, place: int) -> bool:
    """Whether the "no" of "no longer" stands here, which is no determiner."""
    return view.tokens[place].norm == "no" and [t.norm for t in view.tokens[place + 1 : place + 2]] == ["longer"]


def is_organ(view: View, place: int) -> bool:
    """Whether the token names a hand or a voice of whoever rules: "the ministry", but not "a rights group"."""
    outsider = place > 0 and view.tokens[place - 1].stem in words("outsider")
    return view.tokens[place].stem in words("organ") and not outsider


def past_amount(view: View, place: int) -> int:
    """Past "at least", "more than", "up to": words that say of a number no more than that it follows."""
    pair = tuple(token.norm for token in view.tokens[place : place + 2])
    return place + 2 if pair in _AMOUNTS else place


def is_amount(view: View, place: int) -> bool:
    """Whether an amount begins here, and no party: "by 5 per cent", "by Rs10", "by $17 million", "by a third"."""
    token, *behind = view.tokens[place : place + 2]
    if token.norm in ("a", "one", "two", "three") and behind:
        token = behind[0]
    return bool(_FIGURE.match(token.norm)) or token.stem in words("share")


def finite_looking(token: Token) -> bool:
    return is_finite_past(token) or (token.norm.endswith("s") and not token.norm.endswith("ss"))


def is_finite_past(token: Token) -> bool:
    """Whether a word can be a verb in the past."""
    return token.norm.endswith("ed") or is_irregular_past(token.norm)


def is_going_back(view: View, hit: CueHit) -> bool:
    """ "backtrack on", "go back on": a reversal that undoes what was promised."""
    return view.tokens[hit.start].stem in words("goes_back") and hit.end - hit.start > 1


def headline_colon(view: View) -> int | None:
    """The colon behind the speaker of a headline."""
    if view.sentence.line:
        return None
    return next((k for k, token in enumerate(view.tokens[:8]) if token.norm == ":"), None)
