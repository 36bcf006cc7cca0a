"""The clause around a deed: where it begins and ends."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.match.lookup.patterns import Place
from monitor.match.sentence.annotated_sentence import (
    CHAIN,
    NEAR,
    View,
    finite_looking,
    is_boundary,
    is_finite_past,
    light,
    opening_bracket,
)
from monitor.match.sentence.condition_lists import condition_list
from monitor.match.sentence.verb_groups import Form, form_of
from monitor.text.cue_table import Cue, CueHit
from monitor.text.lexicon import words
from monitor.text.stems import is_gerund, is_past_participle

# "..., the army said in a statement on Monday": what may follow a verb that speaks about all that went before.
_TAIL = 8
# Modals that go on to govern a bare verb behind a comma.
_MODALS = frozenset({"will", "would", "shall", "should", "must", "may", "might", "can", "could"})


@dataclass(frozen=True, slots=True)
class Clause:
    """A deed in its clause: tokens ``[start, end)`` of the sentence.

    ``skipped`` are tokens of parentheses inside it; ``shared`` tells that the deed is coordinated with an earlier
    verb; ``relative`` that it stands in a relative clause; ``asked`` is the noun of a list of conditions that holds it.
    """

    deed: Place
    form: Form
    start: int
    end: int
    skipped: frozenset[int]
    shared: int | None
    relative: bool
    asked: int | None = None


def clause_around(view: View, deed: Place) -> Clause:
    """The clause of a deed."""
    form = form_of(view, deed)
    start, skipped, shared, relative = _clause_start(view, deed, form)
    asked = condition_list(view)
    if asked is not None and asked.start > deed.start:
        asked = None
    start = max(start, asked.start) if asked else start
    if form is Form.FINITE and shared is not None and not finite_looking(view.tokens[deed.start]):
        modal = any(token.norm in _MODALS for token in view.tokens[start:shared])
        asks = [h.end for h in view.before if h.cue is Cue.DEMAND and start <= h.start < shared]
        bidden = any(token.norm == "to" for token in view.tokens[asks[0] : shared]) if asks else False
        form = Form.BASE if modal or bidden else form  # "will make a break, crack down", "asked it to go, and free us"
    end = deed.end
    while end < len(view.tokens) and not is_boundary(view, end):
        end += 1
    return Clause(deed, form, start, end, skipped, shared, relative, asked.noun if asked else None)


def _clause_start(view: View, deed: Place, form: Form) -> tuple[int, frozenset[int], int | None, bool]:
    tokens = view.tokens
    skipped: set[int] = set()
    shared: int | None = None
    edge = deed.start
    here = deed.start - 1
    while here >= 0:
        token = tokens[here]
        bracket = opening_bracket(view, here)
        if bracket is not None:
            skipped.update(range(bracket, here + 1))
            here = bracket - 1
            continue
        closing = here if token.norm == "," else here - 1
        inside = any(hit.start < here < hit.end - 1 for hit in view.before)  # the "or" of "whether or not"
        coordinates = token.stem in words("coordination") and token.is_word and not inside
        if (token.norm == "," or coordinates) and (aside := _aside(view, closing)) is not None:
            skipped.update(range(aside, here + 1))
            here = aside - 1
            continue
        if token.norm == "," or coordinates:
            if form is Form.GERUND and edge - here == 2 and tokens[here + 1].stem in words("part"):
                # "urged it to change course, including reopening schools": as much a part as an infinitive would be.
                form = Form.INFINITIVE
                edge = here
                here -= 1
                continue
            if not all(light(tokens[k]) for k in range(here + 1, edge)):
                listed = view.mention_at(here - 1) is not None and edge - here <= 3  # "the army and police banned"
                listed = listed or (_joins_names(view, here) and not tokens[deed.start].capital)
                if (
                    listed
                    or _is_inside_a_list(view, form, here + 1, edge)
                    or (shared is not None and form is Form.FINITE)
                ):
                    edge = here
                    here -= 1
                    continue
                if not _opens_with_bare_verb(view, here + 1):
                    break
                shared = edge = here
                here -= 1
                continue
            comma = _parenthesis_start(view, here) if token.norm == "," and form is not Form.BASE else None
            if comma is not None:
                skipped.update(range(comma, here + 1))
                here = edge = comma
            elif token.norm == "," and form in (Form.FINITE, Form.PASSIVE) and finite_looking(tokens[deed.start]):
                break
            else:
                shared = here if shared is None else shared
                edge = here
        elif token.norm == "who" and (over := _relative_end(view, here, deed, form)) is not None:
            skipped.update(range(here, over))
            edge = here
        elif token.stem in words("relative") and not (here and tokens[here - 1].norm in ("of", "in", "on")):
            return here, frozenset(skipped), shared, True
        elif is_boundary(view, here):
            opening = next((hit for hit in view.before if hit.start <= here < hit.end), None)
            return (opening.start if opening else here + 1), frozenset(skipped), shared, False
        here -= 1
    return here + 1, frozenset(skipped), shared, False


def _relative_end(view: View, who: int, deed: Place, form: Form) -> int | None:
    """Where a relative clause with a verb of its own ends: "those who work there | will be barred"."""
    tokens = view.tokens
    group = deed.start
    while group > who + 1 and light(tokens[group - 1]) and tokens[group - 1].norm != "to":
        group -= 1
    group = next((k for k in range(group, deed.start) if tokens[k].stem in words("auxiliary")), deed.start)
    verb, opens, before = tokens[who + 1], tokens[group], tokens[group - 1]
    own = verb.norm not in _MODALS and verb.stem not in words("determiner") and view.mention_at(who + 1) is None
    modal = opens.norm in _MODALS or (group < deed.start and opens.stem in words("auxiliary"))
    ends = modal and form in (Form.FINITE, Form.BASE, Form.PASSIVE) and group > who + 2
    if not (own and ends) or before.norm in (",", "to") or not before.is_word:
        return None
    says = (Cue.REPORT, Cue.PROMISE, Cue.DEMAND, Cue.DENIAL)
    inside = range(who + 1, group)
    held = any(hit.start in inside and hit.cue in says for hit in view.before)
    return None if held or any(tokens[k].stem in words("coordination") for k in inside) else group


def _joins_names(view: View, place: int) -> bool:
    """ "Red Guard and Blue Front militants", "Red Guard or al-Nur fighters": two proper names with an "and" between."""
    tokens = view.tokens
    if not tokens[place].is_word or not 0 < place < len(tokens) - 2:
        return False
    lower = view.mention_at(place - 1) and view.mention_at(place + 1) and tokens[place + 2].capital
    return tokens[place - 1].capital and (tokens[place + 1].capital or bool(lower))


def _is_inside_a_list(view: View, form: Form, start: int, edge: int) -> bool:
    """Whether the words after a comma or an "and" belong to a list of nouns and not to a clause of their own.

    A clause of its own has a finite verb; before an infinitive or a noun there can only be more of the same list.
    """
    if form is Form.INFINITIVE:
        told = any(is_finite_past(t) or t.stem in words("auxiliary") for t in view.tokens[start:edge])
        return (
            view.tokens[start].norm[:1].isdigit() or edge - start <= CHAIN or (not told and edge - start <= 2 * CHAIN)
        )
    inside = range(start, edge)
    if edge - start > NEAR + 1 or any(view.tokens[k].stem in words("auxiliary") for k in inside):
        return False
    return form is Form.BASE or (form is Form.NOMINAL and not any(view.mention_at(k) for k in inside))


def _opens_with_bare_verb(view: View, place: int) -> bool:
    """ "must allow passage, prevent attacks ...": a bare verb after a comma goes on with the list of what must be."""
    while place < len(view.tokens) and (view.tokens[place].norm == "and" or light(view.tokens[place])):
        place += 1
    verbs = (Cue.PREVENTION, Cue.REVERSAL, Cue.FAILURE, Cue.CAUSATION)
    return any(hit.cue in verbs for hit in view.cues_at(place)) and not finite_looking(view.tokens[place])


def _aside(view: View, closing: int) -> int | None:
    """The comma that opens "..., Monday, ..." or "..., including women, ..." closed at ``closing``."""
    tokens = view.tokens
    if closing < 2 or tokens[closing].norm != ",":
        return None
    for here in range(closing - 2, max(-1, closing - CHAIN - 1), -1):
        if tokens[here].norm == ",":
            first = tokens[here + 1].stem
            short = first in words("time") and here == closing - 2
            return here if short or first in words("part") else None
    return None


def _parenthesis_start(view: View, closing: int) -> int | None:
    """The comma that opens a parenthesis closed at ``closing`` ("The army, who had promised so, banned ...")."""
    tokens = view.tokens
    for here in range(closing - 2, max(-1, closing - 22), -1):
        if tokens[here].norm == ",":
            first = tokens[here + 1]
            opens = first.stem in words("relative") | words("preposition") | words("boundary") | words("determiner")
            return here if here > 0 and (opens or is_gerund(first.norm) or is_past_participle(first.norm)) else None
    return None


def is_outside(view: View, clause: Clause, hit: CueHit) -> bool:
    """Whether a cue behind the deed speaks about the whole clause ("..., the army denies")."""
    if is_gerund(view.tokens[hit.start].norm):
        object_of_it = view.tokens[hit.end] if hit.end < len(view.tokens) else None
        if view.tokens[hit.start - 1].is_word:
            return False  # "protesters demanding": it only describes them
        if object_of_it is not None and object_of_it.is_word and view.tokens[hit.start - 1].norm == ",":
            return False  # "..., denying the rebels a seat": what is done besides, to something else
    behind_it = [token.norm for token in view.tokens[hit.end : hit.end + CHAIN]]
    if hit.cue is Cue.DENIAL and behind_it[:1] == ["the"] and "of" in behind_it:
        return False  # "..., while others denied the presence of rebels": something else is denied
    if view.tokens[hit.start - 1].norm == "to":
        return False  # "..., warning that rebels continue to threaten the coast": no verb of saying
    if hit.cue is Cue.UNREAL and hit.end < len(view.tokens) and view.tokens[hit.end].stem in words("determiner"):
        return False  # "..., and fears a new influx": something else is feared
    if hit.cue is Cue.PROMISE and view.tokens[hit.start - 1].stem in words("determiner"):
        return False  # "..., contrary to the promise of": a thing, and nobody who promises
    marks = [k for k in range(clause.deed.end, hit.start) if view.tokens[k].norm in (",", ":", "-", '"')]
    if not marks or any(view.tokens[k].norm == "that" for k in range(marks[-1], hit.start)):
        return False  # "..., a move that threatens to": it only describes what went before
    behind = 0
    while hit.end + behind < len(view.tokens) and view.tokens[hit.end + behind].is_word:
        behind += 1
    if behind > _TAIL or hit.start - marks[-1] > _TAIL + 4:
        return False
    opens = view.tokens[marks[-1] + 1]
    if hit.cue is not Cue.REPORT and opens.is_word and opens.stem in words("boundary"):
        return False  # "..., as Washington vows to": a clause of its own
    if hit.cue is Cue.DEMAND and opens.stem in words("relative") and hit.start == marks[-1] + 2:
        return False  # "..., which is essential to farming": it only describes the last thing named
    if hit.cue is Cue.DEMAND and any(
        view.tokens[k].norm == "to" for k in range(hit.end + 1, min(hit.end + 5, len(view.tokens)))
    ):
        return False  # "..., and teachers urged the army to": it asks for something else
    # "the army, which left the talks, has promised aid": an auxiliary alone goes on with the subject before the comma
    own_subject = any(
        view.tokens[k].is_word and view.tokens[k].stem not in words("auxiliary")
        for k in range(marks[-1] + 1, hit.start)
    )
    inverted = hit.cue is Cue.REPORT and view.tokens[hit.start - 1].norm == '"'  # '...," said the general'
    return own_subject or inverted or any(hit.end <= m.start <= hit.end + 2 for m in view.mentions)
