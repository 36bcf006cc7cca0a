"""The future of headlines, which have no "will": "Army to reopen schools"."""

from __future__ import annotations

import re

from monitor.match.sentence.annotated_sentence import CHAIN, FAR, View, is_finite_past, previous_word
from monitor.match.sentence.clauses import Clause
from monitor.match.sentence.verb_groups import Form
from monitor.text.cue_table import Cue, CueHit
from monitor.text.lexicon import words

# "the first country to recognise it": an infinitive that only describes, and tells no future.
_SETTLED = frozenset(
    {"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "last", "only", "latest", "next", "right"}
)
_ORDINAL = re.compile(r"\d+(?:st|nd|rd|th)")


def headline_future(view: View, clause: Clause, objects: frozenset[int]) -> int | None:
    """The "to" of "Army to reopen schools": an infinitive with a subject and nothing that governs it."""
    verb = _verb_to_come(view, clause)
    if verb is None:
        return None
    to = previous_word(view, verb)
    subject = previous_word(view, to) if to is not None and view.tokens[to].norm == "to" else None
    if to is None or subject is None or subject < clause.start or not view.tokens[subject].is_word:
        return None
    if (allows := _to_of_allowing(view, clause, to)) is not None:
        return allows
    stretch = range(clause.start, to)
    if _is_governed(view, clause, verb, stretch):
        return None
    named = view.mention_at(subject) is not None or view.tokens[subject].stem in words("organ") | words("pronoun")
    described = (  # "lorries with permits to be let through"
        clause.form is Form.PASSIVE
        and any(place in objects for place in stretch)
        and not any(view.tokens[k].stem in words("auxiliary") for k in stretch)
    )
    return to if named or described or subject in objects else None


def _verb_to_come(view: View, clause: Clause) -> int | None:
    """The verb behind the "to": the deed's own, or the one by which it is allowed, let or denied."""
    verb = clause.deed.start
    if clause.form is Form.GERUND:
        return next((h.start for h in view.before if h.cue is Cue.CAUSATION and h.end == verb), None)
    if clause.form is Form.NOMINAL:  # "army to deny rebels a haven"
        denies = [hit.start for hit in view.before if hit.cue is Cue.DENIAL and 0 <= verb - hit.end <= 2]
        return denies[-1] if denies else None
    if view.tokens[verb - 1].norm == "be" and clause.form in (Form.PASSIVE, Form.BASE):
        return verb - 1  # "passports to be issued", "drivers to be able to cross"
    if clause.form is Form.BASE:
        lets = [k for k in range(max(0, verb - CHAIN), verb) if view.tokens[k].norm == "let"]
        return lets[-1] if lets else None
    return verb if clause.form is Form.INFINITIVE else None


def _to_of_allowing(view: View, clause: Clause, to: int) -> int | None:
    """ "Army to allow lorries to leave": what it is still to allow is still to come."""
    for hit in view.before:
        if hit.cue is Cue.CAUSATION and clause.start < hit.start - 1 and hit.end <= to:
            named = view.mention_at(hit.start - 2) is not None or view.tokens[hit.start - 2].stem in words("organ")
            if view.tokens[hit.start - 1].norm == "to" and named:
                return hit.start - 1
    return None


def _is_governed(view: View, clause: Clause, verb: int, stretch: range) -> bool:
    """Whether something before the "to" holds the infinitive, so that it tells no future."""
    to = stretch.stop
    if any(view.tokens[k].norm in _SETTLED or _ORDINAL.fullmatch(view.tokens[k].norm) for k in stretch):
        return True
    opened = range(max(0, to - FAR), to)
    be = view.tokens[verb].norm == "be"
    if be and any(view.tokens[k].stem in words("considering") for k in opened):
        return True
    silent = {Cue.REPORT, Cue.UNREAL, Cue.DENIAL} | ({Cue.CAUSATION} if be else set())
    if any(hit.start in stretch and (hit.cue not in silent or _orders(view, hit)) for hit in view.before):
        return True
    # "the army has given crews a day to leave", "sent troops to close roads": no headline has another verb
    return clause.form is Form.INFINITIVE and any(_is_verb_of_its_own(view, k) for k in stretch)


def _is_verb_of_its_own(view: View, place: int) -> bool:
    token = view.tokens[place]
    return token.norm in ("has", "have", "had") or (is_finite_past(token) and view.tree.tags[place] == "VERB")


def _orders(view: View, hit: CueHit) -> bool:
    """ "ordered roads to be closed" tells of an order in force."""
    return hit.cue is Cue.CAUSATION and view.tokens[hit.start].norm == "ordered"
