"""Cues that a construction gives and no phrase: "without girls", "only foreigners", "called the report baseless"."""

from __future__ import annotations

from itertools import pairwise

from monitor.match.cues.modality import Reading
from monitor.match.lookup.patterns import Place
from monitor.match.roles.attributed_source import Speaker
from monitor.match.roles.predication import Case
from monitor.match.sentence.annotated_sentence import CHAIN, FAR, NEAR, View, headline_colon, light
from monitor.match.sentence.clauses import Clause, is_outside
from monitor.match.sentence.verb_groups import Form
from monitor.model import Asserter
from monitor.text.cue_table import Cue, CueHit, cue_table
from monitor.text.lexicon import words

# Cues that may stand behind a clause and speak about the whole of it.
_OUTER = frozenset({Cue.DENIAL, Cue.PROMISE, Cue.THREAT, Cue.DEMAND, Cue.UNREAL})
# So far behind what it is about, in words, a report may be called false.
_VERDICT = 20
# Two words that put off what stands before them, or advise against it: "is a long way off", "would be a mistake".
_HELD_OFF = frozenset({"way off", "far off", "way away", "years away", "months away", "nowhere in"}) | frozenset(
    {"a mistake", "be premature", "is premature", "be wrong"}
)
# What opens the terms on which something is granted.
_TERMS = frozenset({"if", "when", "with"})
_ON_CONDITION = frozenset({"if", "when", "once", "after", "unless"})


def inner_constructions(case: Case, reading: Reading) -> list[CueHit]:
    """Those that speak about the deed itself, and so apply before its governing cues."""
    view, clause = case.view, case.clause
    return [
        *(_left_out(view, clause, case.main) or _nothing_of_it(view, clause, case.objects)),
        *_only(case, reading),
        *_nobody_hit(view, clause),
        *_not_yet(view, clause, reading),
        *_time_behind(view, clause),
        *_not_thought_so(view, clause),
        *_by_anybody(view, clause),
    ]


def outer_constructions(view: View, clause: Clause, hits: list[CueHit]) -> list[CueHit]:
    """Those behind the deed that speak about all the governing cues ``hits`` have made of it."""
    return [
        *_none_to_come(view, clause, hits),
        *_weighed(view, clause),
        *_depends(view, clause),
        *_needed(view, clause),
        *_outer_cues(view, clause),
    ]


def _left_out(view: View, clause: Clause, main: Place | None) -> list[CueHit]:
    """ "schools reopen without girls": the deed is done, but not to whom the rule asks about."""
    if main is None or main.start < clause.deed.end:
        return []
    for place in range(max(clause.deed.end, main.start - 3), main.start):
        following = [token.norm for token in view.tokens[place : place + 2]]
        omitted = following == ["no", "mention"] or (following[0] == "no" and place + 1 == main.start)
        if view.tokens[place].norm == "without" or omitted:
            return [CueHit(Cue.NEGATION, place, place + 1)]
    return []


def _nothing_of_it(view: View, clause: Clause, objects: frozenset[int]) -> list[CueHit]:
    """ "the land poses no threat": one of the things that the deed is done to is named only to be ruled out."""
    behind = [k for k in sorted(objects) if k > clause.deed.end]
    none = (k - 1 for k in behind if view.tokens[k - 1].norm == "no" or _is_contrasted(view, k))
    return [CueHit(Cue.NEGATION, place, place + 1) for place in none][:1]


def _is_contrasted(view: View, place: int) -> bool:
    """ "works from Southland, not Northland soil"."""
    return [token.norm for token in view.tokens[max(0, place - 2) : place]] == [",", "not"]


def _only(case: Case, reading: Reading) -> list[CueHit]:
    view, clause = case.view, case.clause
    if on_terms := _only_with(view, clause, reading):
        return on_terms
    return [*_only_these(view, reading, case.objects), *_only_if(view, clause, case.speaker)]


def _only_these(view: View, reading: Reading, objects: frozenset[int]) -> list[CueHit]:
    """ "only foreigners can leave": what is granted to a few is withheld from the rest."""
    for place, token in enumerate(view.tokens[:-1]):
        few = any(k in objects for k in (place + 1, place + 2)) and not view.tokens[place + 1].norm[:1].isdigit()
        the = place > 0 and view.tokens[place - 1].stem in words("determiner")
        if token.norm == "only" and few and not the and reading.good:
            return [CueHit(Cue.NEGATION, place, place + 1)]
    return []


def _nobody_hit(view: View, clause: Clause) -> list[CueHit]:
    """ "blocks nobody from leaving": a deed done to nobody is not done."""
    after = clause.deed.end
    following = [token.norm for token in view.tokens[after : after + 2]]
    return [CueHit(Cue.NEGATION, after, after + 1)] if following[:1] == ["nobody"] or following == ["no", "one"] else []


def _not_yet(view: View, clause: Clause, reading: Reading) -> list[CueHit]:
    """ "will consult others before recognising it": a good deed that something else comes before is not done."""
    before = clause.deed.start - 1
    if clause.form is Form.GERUND and reading.good and before >= 0 and view.tokens[before].norm == "before":
        return [CueHit(Cue.UNREAL, before, before + 1)]
    return []


def _only_if(view: View, clause: Clause, speaker: Speaker) -> list[CueHit]:
    """ "would only recognise it if": what somebody else holds out on a condition is not promised."""
    only = next((k for k in range(clause.start, clause.deed.start) if view.tokens[k].norm == "only"), None)
    behind = (token.norm for token in view.tokens[clause.deed.end :])
    if only is None or speaker.asserter is Asserter.ADDRESSEE or not any(norm in _ON_CONDITION for norm in behind):
        return []
    return [CueHit(Cue.UNREAL, only, only + 1)]


def _only_with(view: View, clause: Clause, reading: Reading) -> list[CueHit]:
    """ "lets farmers travel only with a permit": what is granted on such terms is withheld from whoever has none.

    So is what they "will only be allowed to do when" they have one.
    """
    verbs = range(clause.start, clause.deed.start + 1)
    grants = next((k for k in reversed(verbs) if view.tokens[k].stem in words("granting")), None)
    if grants is None or not reading.good:
        return []
    for place in range(clause.deed.end, clause.end - 1):
        if view.tokens[place].norm == "only" and view.tokens[place + 1].norm in _TERMS:
            return [CueHit(Cue.NEGATION, place, place + 2)]
    place = grants - 1 - (view.tokens[grants - 1].norm == "be")
    on_terms = any(token.norm in _TERMS for token in view.tokens[clause.deed.end :])
    only = place >= 0 and view.tokens[place].norm == "only" and on_terms
    return [CueHit(Cue.NEGATION, place, place + 1)] if only else []


def _time_behind(view: View, clause: Clause) -> list[CueHit]:
    """ "resumes issuing passports tomorrow": a time to come behind the deed."""
    end = next((k for k in range(clause.deed.end, clause.end) if view.tokens[k].norm == ","), clause.end)
    behind = [h for h in view.after if h.cue is Cue.FUTURE and clause.deed.end <= h.start < end]
    return [h for h in behind if not _is_any_time(view, h)]


def _is_any_time(view: View, hit: CueHit) -> bool:
    """ "will not recognise it anytime soon": a time to come that only a negation takes."""
    before = [token.norm for token in view.tokens[max(0, hit.start - 2) : hit.start]]
    return before[-1:] == ["anytime"] or before == ["any", "time"]


def _not_thought_so(view: View, clause: Clause) -> list[CueHit]:
    """ "does not consider roads and bridges to be closed": a negation that an "and" keeps out of the clause."""
    start = clause.deed.start
    if [token.norm for token in view.tokens[max(0, start - 2) : start]] != ["to", "be"]:
        return []
    thought = [k for k in range(max(0, start - FAR), start) if view.tokens[k].stem in words("considering")]
    before = [h for h in view.before if h.cue is Cue.NEGATION and h.end <= clause.start and h.end in thought]
    return before[-1:]


def _by_anybody(view: View, clause: Clause) -> list[CueHit]:
    """ "use of its land by any state is unacceptable": what nobody in particular does is only spoken of."""
    if clause.form is Form.NOMINAL:
        for place in range(clause.deed.end, clause.end - 1):
            if view.tokens[place].norm == "by" and view.tokens[place + 1].norm.startswith("any"):
                return [CueHit(Cue.UNREAL, place, place + 2)]
    return []


def _none_to_come(view: View, clause: Clause, hits: list[CueHit]) -> list[CueHit]:
    """ "No attack will come from its soil": what a noun denies is of the future where its verb is."""
    none = any(hit.cue is Cue.NEGATION and view.tokens[hit.start].norm == "no" for hit in hits)
    verb = [h for h in view.before if h.cue is Cue.FUTURE and h.start == clause.deed.end]
    return verb if none and clause.form is Form.NOMINAL else []


def _weighed(view: View, clause: Clause) -> list[CueHit]:
    """ "Recognising it is an option", "recognition not a priority", "would be a mistake": weighed, and not done yet."""
    behind = view.tokens[clause.deed.end : min(clause.end, clause.deed.end + 2 * CHAIN)]
    headline = view.sentence.line == 0  # "Recognising it difficult, envoy says"
    said = next(
        (
            k
            for k, token in enumerate(behind)
            if token.stem == "be" or token.norm in ("not", "no") or (headline and token.stem in words("weighing"))
        ),
        len(behind),
    )
    norms = [token.norm for token in behind[said:]]
    held_off = any(" ".join(pair) in _HELD_OFF for pair in pairwise(norms))
    weighed = any(token.stem in words("weighing") for token in behind[said : said + CHAIN])
    if clause.form not in (Form.GERUND, Form.NOMINAL) or not (weighed or held_off):
        return []
    negated = held_off or "not" in norms or "no" in norms
    place = clause.deed.end + said
    return [CueHit(Cue.NEGATION if negated else Cue.UNREAL, place, place + 1)]


def _depends(view: View, clause: Clause) -> list[CueHit]:
    """ "Recognition hinges on their conduct": what depends on something is still to come."""
    if clause.form is not Form.NOMINAL:
        return []
    behind = range(clause.deed.end, min(clause.end, clause.deed.end + 2 * CHAIN))
    return [CueHit(Cue.UNREAL, k, k + 1) for k in behind if view.tokens[k].stem in ("depend", "hing")][:1]


def _needed(view: View, clause: Clause) -> list[CueHit]:
    """ "Lifting the rules that bar us is key", "passage is a must", "made passage a condition": it is asked for."""
    before = view.tokens[clause.start : clause.deed.start]
    opens = all(token.stem in words("determiner") or light(token) or not token.is_word for token in before)
    reach = NEAR if clause.form is Form.NOMINAL else FAR if clause.form is Form.GERUND and opens else 0
    for place in range(clause.deed.end, min(len(view.tokens), clause.deed.end + reach) - 1):
        token, behind = view.tokens[place], view.tokens[place + 1]
        if token.norm == "a" and behind.stem in words("condition"):
            return [CueHit(Cue.DEMAND, place, place + 2)]
        if token.stem == "be":
            said = next((t for t in view.tokens[place + 1 :] if t.stem not in words("determiner")), behind)
            return [CueHit(Cue.DEMAND, place, place + 2)] if said.stem in words("needed") else []
    return []


def _outer_cues(view: View, clause: Clause) -> list[CueHit]:
    called = _called_false(view, clause)
    if called is not None:
        return [called]
    return [h for h in view.after if h.cue in _OUTER and h.start >= clause.deed.end and is_outside(view, clause, h)]


def _called_false(view: View, clause: Clause) -> CueHit | None:
    """ "called the report on the camps baseless": the verdict of whoever contests it, behind the deed."""
    before = view.tokens[clause.start : clause.deed.start]
    signed = any(token.norm == ":" for token in view.tokens[-NEAR:-1])  # "report on the camps baseless: army"
    called = headline_colon(view) or signed or any(token.stem in words("called") for token in before)
    claimed = any(token.stem in words("charge") for token in view.tokens[: clause.deed.start])
    for place in range(clause.deed.end, min(len(view.tokens), clause.deed.end + _VERDICT)):
        before_it = view.tokens[place - 1]
        contests = view.tokens[place].stem in cue_table().contesting and (
            called or (claimed and before_it.stem == "be")
        )
        untrue = claimed and before_it.norm == "not" and view.tokens[place].norm == "true"
        if contests or untrue:  # "claims that they shell towns are false", "are not true"
            return CueHit(Cue.DENIAL, place, place + 1)
    return None
