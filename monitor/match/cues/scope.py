"""Which cues govern a deed: ConText's scopes (Harkema et al. 2009), bounded by clauses and by what a cue can take."""

from __future__ import annotations

from itertools import pairwise

from monitor.match.cues.headline_future import headline_future
from monitor.match.cues.inherited import inherited_cues
from monitor.match.cues.scope_table import is_in_scope, stretch
from monitor.match.sentence.annotated_sentence import (
    CHAIN,
    FAR,
    NEAR,
    THIRD_PERSON,
    View,
    finite_looking,
    is_finite_past,
    is_going_back,
    light,
)
from monitor.match.sentence.clauses import Clause
from monitor.match.sentence.verb_groups import Form, auxiliaries_before
from monitor.text.cue_table import Cue, CueHit
from monitor.text.lexicon import words
from monitor.text.stems import is_gerund, is_past_participle
from monitor.text.tokens import Token

# These act only inside the verb group of the deed, or on its object.
_WITHIN_THE_VERB = frozenset({Cue.FUTURE, Cue.FAILURE, Cue.PREVENTION, Cue.REVERSAL, Cue.NEGATION, Cue.THREAT})
# No cue governs a deed further behind it than this many words.
_REACH = 2 * FAR


def governing_cues(view: View, clause: Clause, objects: frozenset[int]) -> list[CueHit]:
    """Cues that govern the deed, the nearest first; ``objects`` are the tokens that fill its ``what``."""
    inner = set(clause.deed.inner)
    found: list[CueHit] = []
    if clause.form is Form.NOMINAL:
        found.extend(_undone_after(view, clause))
    near = [h for h in view.before if max(clause.start, clause.deed.start - _REACH) <= h.start < clause.deed.start]
    for hit in sorted(near, key=lambda h: (-h.start, not h.needs_not)):
        if hit.cue is Cue.REVERSAL and hit.end >= clause.deed.end and is_going_back(view, hit):
            found.append(hit)  # "break promise on": the promise itself
        if hit.end > clause.deed.start or hit.start in clause.skipped:
            continue
        if any(other.start == hit.start and other.cue not in (Cue.REPORT, Cue.CAUSATION) for other in found):
            continue
        if inner.isdisjoint(range(hit.start, hit.end)) and _reaches(view, clause, hit):
            found.append(hit)
    found.extend(_bound_not_to(view, found))
    found.extend(inherited_cues(view, clause))
    if clause.form is Form.INFINITIVE and clause.deed.start == 1:
        found.append(CueHit(Cue.UNREAL, 0, 1))  # "To recognise it will be hard", "To reopen roads, the army must"
    future = headline_future(view, clause, objects)
    if future is not None:
        found.append(CueHit(Cue.FUTURE, future, future + 1))
    if clause.asked is not None and not any(hit.cue is Cue.DEMAND for hit in found):
        found.append(CueHit(Cue.DEMAND, clause.asked, clause.asked + 1))
    return _nobody_first(view, found)


def _bound_not_to(view: View, hits: list[CueHit]) -> list[CueHit]:
    """ "committed not to let rebels use it": the promise stands before its "not", away from its "to"."""
    for hit in hits:
        before, behind = view.tokens[hit.start - 1 : hit.start], view.tokens[hit.end : hit.end + 1]
        if hit.cue is Cue.NEGATION and [t.stem for t in before] == ["commit"] and [t.norm for t in behind] == ["to"]:
            return [CueHit(Cue.PROMISE, hit.start - 1, hit.start)]
    return []


def _nobody_first(view: View, hits: list[CueHit]) -> list[CueHit]:
    """ "Nobody will be allowed": a negated subject negates the deed, not its future; "no plans to" is no future."""
    for number, hit in enumerate(hits):
        if hit.cue is Cue.NEGATION and _is_determiner_no(view, hit):
            plan = hits[number - 1] if number else None
            noun = plan is not None and view.tokens[plan.start].stem not in words("auxiliary")
            near = plan is not None and plan.start - hit.end in (0, 1)  # "no plans to", "no specified schedule to"
            if plan is not None and noun and plan.cue is Cue.FUTURE and near:
                return [*hits[: number - 1], *hits[number:]]
            first = next((k for k, other in enumerate(hits[:number]) if other.cue is Cue.FUTURE), number)
            return [*hits[:first], hit, *hits[first:number], *hits[number + 1 :]]
    return hits


def _undone_after(view: View, clause: Clause) -> list[CueHit]:
    """ "The ban was lifted", "the ban must be lifted": a noun's own verb stands behind it."""
    deed = clause.deed
    for hit in view.after:
        if hit.cue is Cue.REVERSAL and deed.end <= hit.start < min(clause.end, deed.end + CHAIN + NEAR):
            between = view.tokens[deed.end : hit.start]
            if any(token.norm == "," for token in between) or hit.start in deed.inner or _acts_on(view, hit):
                return []
            modals = [h for h in view.before if deed.end <= h.start and h.end <= hit.start]
            plain = [h for h in modals if h.cue in (Cue.NEGATION, Cue.FUTURE, Cue.DEMAND, Cue.UNREAL, Cue.FAILURE)]
            return [hit, *reversed(plain)]
    return []


def _starts_anew(view: View, places: range) -> bool:
    """Whether another clause begins: "while it is committed to peace, *it* shells", "pledges aid, *seeks* peace"."""
    commas = (k + 1 for k in places[:-1] if view.tokens[k].norm == ",")
    return any(view.tokens[k].norm in THIRD_PERSON | {"we"} or _is_finite_cue(view, k) for k in commas)


def _is_finite_cue(view: View, place: int) -> bool:
    """A verb in the third person that says how something is meant: "seeks", "urges"."""
    return view.tokens[place].norm.endswith("s") and any(hit.cue is Cue.DEMAND for hit in view.cues_at(place))


def _acts_on(view: View, hit: CueHit) -> bool:
    """ "The restriction ends one of the last hopes": a verb with an object of its own undoes that."""
    after = view.tokens[hit.end] if hit.end < len(view.tokens) else None
    finite = view.tokens[hit.start].norm.endswith("s")
    return finite and after is not None and (after.stem in words("determiner") | words("number") or after.norm == "one")


def _reaches(view: View, clause: Clause, hit: CueHit) -> bool:
    """Whether a cue to the left of a deed governs it, by its class and the deed's form."""
    between = [
        view.tokens[k] for k in range(hit.end, clause.deed.start) if k not in clause.skipped and view.tokens[k].is_word
    ]
    if clause.shared is not None and hit.end <= clause.shared and not _shares(view, clause, hit):
        return False
    if hit.needs_not and not _is_warned_off(between):
        return False
    ends = _starts_anew(view, range(hit.end, clause.deed.start)) or _ends_with_its_verb(view, clause, hit, between)
    return (
        not ends and not _means_something_else(view, clause, hit) and is_in_scope(hit.cue, stretch(view, clause, hit))
    )


def _ends_with_its_verb(view: View, clause: Clause, hit: CueHit, between: list[Token]) -> bool:
    """Whether a verb before the deed is what the cue governs: "left people who wanted to flee stuck"."""
    last = view.tokens[hit.end - 1].norm
    if last == "to" and between and clause.form is Form.PASSIVE and not auxiliaries_before(view, clause.deed.start):
        return True
    if hit.cue is Cue.UNREAL and last == "for" and clause.form is Form.PASSIVE:
        return "being" not in [token.norm for token in between]  # "the army's bid for a seat was rejected"
    # "committed to ensuring that it is not used"
    ensured = hit.cue in (Cue.PROMISE, Cue.DEMAND) and any(token.norm == "that" for token in between)
    within = (last == "to" and not ensured) or hit.cue in _WITHIN_THE_VERB
    return within and not _is_determiner_no(view, hit) and _has_own_subject(between)


def _means_something_else(view: View, clause: Clause, hit: CueHit) -> bool:
    if hit.cue in (Cue.THREAT, Cue.UNREAL, Cue.DEMAND) and _presupposes(view, clause, hit):
        return True
    announced = hit.cue is Cue.UNREAL and _announces_itself(view, hit)
    return announced or (hit.cue in (Cue.FUTURE, Cue.THREAT) and _is_purpose(view, hit))


def _is_purpose(view: View, hit: CueHit) -> bool:
    """ "Laws intended to deny women rights", "a ban meant to keep them out": a measure serves its purpose already."""
    before = view.tokens[hit.start - 1].stem if hit.start else ""
    return view.tokens[hit.start].norm in ("intended", "meant", "designed", "aimed") and before in words("rule")


def _presupposes(view: View, clause: Clause, hit: CueHit) -> bool:
    """ "threatened the army over shelling": what somebody is threatened or warned over has happened."""
    between = [other for other in view.before if hit.end < other.start < clause.deed.start]
    over = view.tokens[hit.end].norm in ("over", "about", "at")
    if hit.cue is Cue.UNREAL and over and any(other.cue is Cue.PROMISE for other in between):
        return True  # "worried over the army's promise to": the promise was made
    if view.tokens[hit.end].stem == "pose":
        return True  # "the risk posed by rebels based there": they are there
    decided = next((k for k in range(hit.end, clause.deed.start - 1) if _is_decided(view, k)), hit.end)
    if hit.cue is Cue.DEMAND and any(view.tokens[k].norm == "against" for k in range(hit.end, decided)):
        return True  # "called for a campaign against its decision to": it was taken
    about = any(view.tokens[k].norm in ("about", "over") for k in range(hit.end, clause.deed.start))
    if about and clause.form is Form.PASSIVE and not auxiliaries_before(view, clause.deed.start):
        return True  # "asked about two drivers held by the army", "worried over them": they are held
    worried = hit.cue is Cue.UNREAL and view.tokens[hit.start].stem in words("worry")
    verbs = view.tokens[hit.end : clause.deed.start + 1]
    still_to_be = any(token.stem in words("becoming") or token.norm == "being" for token in verbs)
    if about and worried and clause.form is Form.GERUND and not still_to_be:
        return True  # "concern about rebels hiding there"
    prevented = [other.start for other in view.before if other.cue is Cue.PREVENTION and other.start >= hit.end]
    return any(
        view.tokens[place].norm in ("over", "for") and is_gerund(view.tokens[place + 1].norm)
        for place in range(hit.end + (hit.cue is Cue.DEMAND), min([clause.deed.start, *prevented]))
    )


def _is_decided(view: View, place: int) -> bool:
    return view.tokens[place].stem in words("rule") and view.tokens[place + 1].norm == "to"


def _is_warned_off(between: list[Token]) -> bool:
    """ "warned the army not to", "warned against": a warning that asks for something."""
    norms = [token.norm for token in between]
    return "against" in norms or any(pair == ("not", "to") for pair in pairwise(norms))


def _has_own_subject(between: list[Token]) -> bool:
    """Whether a verb group with a subject of its own stands between a cue and the deed: then the cue ends before it.

    "planes chartered by people seeking to flee have been unable to leave": the seeking is not the planes'.
    """
    for number, token in enumerate(between):
        finite = token.stem in ("have", "be") and token.norm not in ("be", "been", "being", "having")
        if finite and any(not light(before) for before in between[:number]):
            return True
    return False


def _announces_itself(view: View, hit: CueHit) -> bool:
    """ "The army warned it will attack", "warned the rebels it will", are no worries about somebody else."""
    behind = hit.end
    while behind < len(view.tokens) and view.tokens[behind].stem in words("determiner") - {"that"}:
        behind += 1
    warned = view.mention_at(behind)
    behind = warned.end if warned else hit.end
    following = [token.norm for token in view.tokens[behind : behind + 3] if token.norm != "that"]
    return view.tokens[hit.start].stem == "warn" and following[:1] in (["it"], ["they"], ["he"])


def _is_determiner_no(view: View, hit: CueHit) -> bool:
    not_one = view.tokens[hit.start].norm == "not" and hit.end - hit.start > 1
    return not_one or view.tokens[hit.start].norm in ("no", "without", "neither", "none", "nobody", "nothing")


def _shares(view: View, clause: Clause, hit: CueHit) -> bool:
    """Whether a cue before a coordination still governs the last of the coordinated verbs.

    "promised to respect rights, seek peace and reopen schools" does; "promised reforms and banned girls" does not.
    """
    if _is_determiner_no(view, hit) or view.tokens[hit.start].stem == "hope":
        return True  # "no farmer was asked or consulted", "hopes they will stop and withdraw"
    verb = view.tokens[clause.deed.start]
    if view.tokens[hit.end - 1].norm in ("if", "unless") and not is_finite_past(verb):
        return True  # "if the army honours the truce and withdraws"
    shared = clause.shared or 0
    if finite_looking(verb) and clause.form in (Form.FINITE, Form.PASSIVE):
        first = shared > 0 and is_past_participle(view.tokens[shared - 1].norm)  # "was planned and controlled"
        helped = auxiliaries_before(view, clause.deed.start) or (first and auxiliaries_before(view, shared - 1))
        return clause.form is Form.PASSIVE and bool(helped)
    if verb.stem in words("auxiliary"):
        return False  # "should not be sold and must consent"
    if any(token.norm in ("will", "would") for token in view.tokens[shared : clause.deed.start]):
        return False  # "wants peace and will reopen schools"
    chained = [view.tokens[k].norm for k in range(hit.end - 1, min(hit.end + CHAIN, shared))]
    modal = view.tokens[hit.start].stem in words("auxiliary")
    demanded = hit.cue is Cue.DEMAND  # "demands they reopen schools, lift bans"
    return modal or demanded or "to" in chained or clause.form in (Form.NOMINAL, Form.GERUND)
