"""Cues that a clause goes on with from the clause before it: "if it lets people leave, and respects rights"."""

from __future__ import annotations

from monitor.match.sentence.annotated_sentence import View, finite_looking, light
from monitor.match.sentence.clauses import Clause
from monitor.match.sentence.verb_groups import Form
from monitor.text.cue_table import Cue, CueHit
from monitor.text.lexicon import words


def inherited_cues(view: View, clause: Clause) -> list[CueHit]:
    """Conditions, modals and negations before ``clause`` that hold in it as well."""
    return [*_condition_before(view, clause), *_modal_before(view, clause), *_nor_before(view, clause)]


def _condition_before(view: View, clause: Clause) -> list[CueHit]:
    """ "if it respects rights, and prevents attacks": a verb without a subject goes on with the condition before it."""
    opening = view.tokens[clause.start : clause.deed.start]
    if clause.start < 2 or not any(token.norm == "and" for token in view.tokens[clause.start - 1 : clause.start + 1]):
        return []
    verbs = [hit for hit in view.before if hit.start >= clause.start and hit.end <= clause.deed.start]
    bare = all(
        light(token)
        or token.norm == "and"
        or any(h.start <= k < h.end for h in verbs)
        or token.stem in words("determiner")
        for k, token in enumerate(opening, clause.start)
    )
    conditions = [h for h in view.before if h.end < clause.start and view.tokens[h.end - 1].norm in ("if", "unless")]
    return conditions[-1:] if bare else []


def _modal_before(view: View, clause: Clause) -> list[CueHit]:
    """ "should respect rights; set up a council; and let people leave": a bare verb in a list parted by semicolons."""
    if not clause.start or view.tokens[clause.start - 1].norm != ";":
        return []
    opens = clause.start
    while opens < clause.deed.start and (view.tokens[opens].norm == "and" or light(view.tokens[opens])):
        opens += 1
    itself = opens == clause.deed.start and clause.form in (Form.FINITE, Form.BASE)
    caused = clause.form in (Form.INFINITIVE, Form.BASE)  # "allow people to leave", "let people leave"
    lets = caused and any(hit.cue is Cue.CAUSATION for hit in view.cues_at(opens))
    if not (itself or lets) or finite_looking(view.tokens[opens]):
        return []
    modals = (h for h in view.before if h.end < clause.start and view.tokens[h.start].stem in words("auxiliary"))
    return [h for h in modals if h.cue in (Cue.DEMAND, Cue.FUTURE)][-1:]


def _nor_before(view: View, clause: Clause) -> list[CueHit]:
    """ "nor does the army let anyone use it", "neither Lisbon, nor others have recognised it"."""
    place = clause.start - 1
    negates = place >= 0 and view.tokens[place].norm == "nor" and clause.form is not Form.NOMINAL
    return [CueHit(Cue.NEGATION, place, place + 1)] if negates else []
