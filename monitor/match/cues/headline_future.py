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
    verb = clause.deed.start
    if clause.form is Form.GERUND:
        start = next((h.start for h in view.before if h.cue is Cue.CAUSATION and h.end == verb), None)
        if start is None:
            return None
        verb = start
    elif clause.form is Form.NOMINAL:
        denies = [hit.start for hit in view.before if hit.cue is Cue.DENIAL and 0 <= verb - hit.end <= 2]
        if not denies:
            return None
        verb = denies[-1]  # "army to deny rebels a haven"
    elif view.tokens[verb - 1].norm == "be" and clause.form in (Form.PASSIVE, Form.BASE):
        verb -= 1  # "passports to be issued", "drivers to be able to cross"
    elif clause.form is Form.BASE:
        lets = [k for k in range(max(0, verb - CHAIN), verb) if view.tokens[k].norm == "let"]
        if not lets:
            return None
        verb = lets[-1]
    elif clause.form is not Form.INFINITIVE:
        return None
    to = previous_word(view, verb)
    subject = previous_word(view, to) if to is not None and view.tokens[to].norm == "to" else None
    if to is None or subject is None or subject < clause.start or not view.tokens[subject].is_word:
        return None
    stretch = range(clause.start, to)
    for hit in view.before:  # "Army to allow lorries to leave": what it is still to allow is still to come
        if hit.cue is Cue.CAUSATION and clause.start < hit.start - 1 and hit.end <= to:
            named = view.mention_at(hit.start - 2) is not None or view.tokens[hit.start - 2].stem in words("organ")
            if view.tokens[hit.start - 1].norm == "to" and named:
                return hit.start - 1
    if any(view.tokens[k].norm in _SETTLED or _ORDINAL.fullmatch(view.tokens[k].norm) for k in stretch):
        return None
    opened = range(max(0, to - FAR), to)
    if view.tokens[verb].norm == "be" and any(view.tokens[k].stem in words("considering") for k in opened):
        return None
    silent = {Cue.REPORT, Cue.UNREAL, Cue.DENIAL} | ({Cue.CAUSATION} if view.tokens[verb].norm == "be" else set())
    if any(hit.start in stretch and (hit.cue not in silent or _orders(view, hit)) for hit in view.before):
        return None
    if clause.form is Form.INFINITIVE and any(_is_verb_of_its_own(view, k) for k in stretch):
        return (
            None  # "the army has given crews a day to leave", "sent troops to close roads": no verb but the infinitive
        )
    named = view.mention_at(subject) is not None or view.tokens[subject].stem in words("organ") | words("pronoun")
    described = (  # "lorries with permits to be let through"
        clause.form is Form.PASSIVE
        and any(place in objects for place in stretch)
        and not any(view.tokens[k].stem in words("auxiliary") for k in stretch)
    )
    return to if named or described or subject in objects else None


def _is_verb_of_its_own(view: View, place: int) -> bool:
    token = view.tokens[place]
    return token.norm in ("has", "have", "had") or (is_finite_past(token) and view.tree.tags[place] == "VERB")


def _orders(view: View, hit: CueHit) -> bool:
    """ "ordered roads to be closed" tells of an order in force."""
    return hit.cue is Cue.CAUSATION and view.tokens[hit.start].norm == "ordered"
