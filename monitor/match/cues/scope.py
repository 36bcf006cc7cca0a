"""Which cues govern a deed: ConText's scopes (Harkema et al. 2009), bounded by clauses and by what a cue can take."""

from __future__ import annotations

from itertools import pairwise

from monitor.match.cues.headline_future import headline_future
from monitor.match.cues.inherited import inherited_cues
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
from monitor.match.sentence.verb_groups import NOUN_ENDINGS, Form, auxiliaries_before
from monitor.text.lexicon import Cue, CueHit, words
from monitor.text.stems import is_gerund, is_past_participle
from monitor.text.tokens import Token

# A promise binds to what is still to come, and one of these opens it.
_BINDS = frozenset({"to", "will", "would", "shall", "can", "could", "may", "not", "of", "never", "no"})
# These act only inside the verb group of the deed, or on its object.
_WITHIN_THE_VERB = frozenset({Cue.FUTURE, Cue.FAILURE, Cue.PREVENTION, Cue.REVERSAL, Cue.NEGATION, Cue.THREAT})
# No cue governs a deed further behind it than this many words.
_REACH = 2 * FAR
# Between a reversal and what it undoes none of these may stand: then something else is undone.
_UNDOES_NOT = frozenset({"by", "with", "in", "at", "from", "that", "as", "for", "over", "amid"})


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
    if _starts_anew(view, range(hit.end, clause.deed.start)):
        return False
    gap = len(between)
    if hit.needs_not and not _is_warned_off(between):
        return False
    if hit.cue in (Cue.THREAT, Cue.UNREAL, Cue.DEMAND) and _presupposes(view, clause, hit):
        return False
    infinitive = view.tokens[hit.end - 1].norm == "to"  # "people wishing to flee were stopped"
    if infinitive and gap and clause.form is Form.PASSIVE and not auxiliaries_before(view, clause.deed.start):
        return False  # "left people who wanted to flee stuck": the infinitive has a verb of its own
    ensured = hit.cue in (Cue.PROMISE, Cue.DEMAND) and any(token.norm == "that" for token in between)
    within = (infinitive and not ensured) or hit.cue in _WITHIN_THE_VERB  # "committed to ensuring that it is not used"
    if within and not _is_determiner_no(view, hit) and _has_own_subject(between):
        return False
    bid = hit.cue is Cue.UNREAL and view.tokens[hit.end - 1].norm == "for" and "being" not in [t.norm for t in between]
    if bid and clause.form is Form.PASSIVE:
        return False  # "the army's bid for a seat was rejected": that much is no bid
    complement = any(token.norm == "that" for token in between)
    nominal = clause.form is Form.NOMINAL
    to_verb = any(token.norm == "to" for token in between) or view.tokens[hit.end - 1].norm == "to"
    match hit.cue:
        case Cue.NEGATION:
            if view.tokens[hit.start].norm == "without" and not (nominal or clause.form is Form.GERUND):
                return False  # "women without an escort were stopped"
            if any(token.norm in ("unless", "until") for token in between):
                return False  # "no aid unless they reopen it"
            permits = clause.form in (Form.INFINITIVE, Form.PASSIVE) and to_verb and _permits(view, hit)
            first = hit.start <= clause.start + 1
            nobody = first and not nominal and _is_determiner_no(view, hit)  # "none of the states"
            if nobody and clause.shared is not None:
                return gap <= FAR  # "no farmer was asked to the talks or consulted"
            said = gap - sum(token.stem in words("determiner") for token in between)  # "not used for any such activity"
            return not complement and said <= (NEAR if nominal else 2 * CHAIN if permits or nobody else CHAIN)
        case Cue.FAILURE:
            promises = any(other.cue is Cue.PROMISE and 0 <= other.start - hit.end <= 1 for other in view.before)
            if promises:
                return gap <= FAR  # "refused to guarantee that they would"
            return not complement and gap <= CHAIN and (to_verb or nominal or clause.form is Form.GERUND)
        case Cue.PREVENTION:
            besides = [h for h in view.before if h.cue is Cue.PREVENTION and hit.end < h.start < clause.deed.start]
            if any(_is_behind_a_comma(view, other) for other in besides):
                return False  # "restricts women's rights, preventing them from studying": one beside the other
            kept_from = any(token.norm == "from" for token in between)
            if nominal:
                near_noun = gap <= NEAR and view.tokens[hit.start].stem in words("preventing")
                opening = [view.tokens[hit.end - 1].norm, *(token.norm for token in between)]
                opening = [norm for norm in opening if norm != "the"]
                return (opening[-1] in ("from", "of") and len(opening) < 3) or (near_noun and not kept_from)
            opens = clause.deed.start - 1
            while opens > hit.end and light(view.tokens[opens]):
                opens -= 1
            if view.tokens[opens].norm == ",":
                return False  # "barred women from school, further closing doors"
            described = view.mention_at(hit.end) or is_past_participle(view.tokens[hit.start].norm)
            if described and hit.start and view.tokens[hit.start - 1].stem in words("determiner"):
                return False  # "the banned rebels operating in": it describes them
            if kept_from:
                rest = [token.norm for token in between]
                rest = rest[rest.index("from") :]
                does = len(rest) > 1 and is_gerund(rest[1])  # "kept from being used for launching attacks"
                because = rest[-1] in ("for", "over") and not does  # "banned from universities for violating rules"
                bare = clause.form is Form.PASSIVE and "being" not in rest  # "a law barring us from school changed"
                return len(rest) <= CHAIN and "by" not in rest and not (because or complement or bare)
            apart = complement or any(token.norm == "by" or token.stem in words("part") for token in between)
            being = clause.form is Form.PASSIVE and any(token.norm == "being" for token in between)
            return 0 < gap <= CHAIN and (being or clause.form is Form.GERUND) and not apart  # "prevent its being used"
        case Cue.REVERSAL:
            if view.tokens[hit.start].norm == "no":  # "no longer" stands before a verb
                return gap <= NEAR and not complement
            frees = view.tokens[hit.start].stem == "exempt"  # "exempted nurses from the ban"
            undone = gap <= CHAIN and (_undoes(clause, between, to_verb) or (frees and nominal))
            return undone or (gap <= 2 * CHAIN and _goes_back(view, clause, hit, between))
        case Cue.FUTURE | Cue.THREAT:
            if any(token.stem in words("persisting") for token in between):
                return False  # "will remain closed" tells what is
            if _is_purpose(view, hit):
                return False
            because = view.tokens[hit.start].norm == "due"
            named = clause.form in (Form.NOMINAL, Form.GERUND)
            if because and (named or view.tokens[clause.deed.end - 1].norm.endswith(NOUN_ENDINGS)):
                return False  # "due to gender-based persecution", "due to its ties with rebels"
            if nominal and any(token.stem in words("upholding") for token in between):
                return False  # "will enforce its ban": it is in force
            undone = _stands_between(view, clause, hit, Cue.REVERSAL)
            lets = _stands_between(view, clause, hit, Cue.CAUSATION)
            near = NEAR if undone or lets else 2  # "threatens to lift the ban", "would not permit the use of"
            return gap <= (near if nominal else FAR) and clause.form is not Form.FINITE and not complement
        case Cue.PROMISE:
            before = view.tokens[hit.start - 1] if hit.start else None
            if before is not None and is_gerund(view.tokens[hit.start].norm) and before.is_word:
                closed = words("coordination") | words("preposition") | words("pronoun") | words("boundary")
                speaks = (
                    view.mention_at(hit.start - 1) is not None
                    or light(before)
                    or before.stem in words("organ") | closed
                )
                if not speaks:
                    return False  # "institutions offering education": it only describes them
            noun = before is not None and before.stem in words("determiner")
            if noun and view.tokens[clause.deed.start - 1].norm == ",":
                return False  # "broke its promise to reopen roads, closing them": the breaking goes on
            if nominal:
                return gap <= CHAIN
            opened = any(token.norm in _BINDS for token in (view.tokens[hit.end - 1], *between))
            on = gap == 1 and between[0].norm == "on"  # "army pledge on withdrawing"
            part = bool(between) and between[-1].stem in words("part")  # "promised reforms, including reopening"
            return clause.form is not Form.FINITE and (opened or on or part) and gap <= FAR
        case Cue.DEMAND:
            verb = view.tokens[clause.deed.start]
            finite = view.tokens[clause.deed.start - 1].norm in ("is", "are", "was", "were")
            if finite and clause.form is Form.PASSIVE and view.tokens[hit.end - 1].norm == "for":
                return False  # "the group responsible for the bombing was crushed"
            undone = _stands_between(view, clause, hit, Cue.REVERSAL)
            ruled = clause.form is Form.GERUND and view.tokens[clause.deed.start - 1].stem in words("rule")
            if ruled and not undone:
                return False  # "have to comply with an order requiring them to": it is in force
            opens = view.tokens[hit.start].norm in ("unless", "until")  # "no match unless the army reverses its ban"
            if clause.form is Form.FINITE and finite_looking(verb) and not opens:
                asked = bool(between) and between[0].norm == "that" and not is_finite_past(verb)
                rulers = len(between) > 1 and between[-1].norm == "that" and between[-2].stem in words("heads")
                if rulers and not is_finite_past(verb):
                    return gap <= FAR  # "called on them to form a government that respects rights"
                return asked and gap <= CHAIN  # "demanded that it cuts ties"
            return gap <= FAR
        case Cue.UNREAL:
            modal = view.tokens[hit.start].norm in ("may", "might", "could")
            if modal:
                finite = clause.form in (Form.FINITE, Form.NOMINAL) and finite_looking(view.tokens[clause.deed.start])
                return not (finite or nominal or complement)
            if _announces_itself(view, hit):
                return False
            if view.tokens[hit.start].norm == "decision" and clause.form is not Form.GERUND:
                return False  # "the decision on the ban"; "a decision on recognising it" is still to be taken
            undone = _stands_between(view, clause, hit, Cue.REVERSAL)
            still_to_be = any(token.stem in words("becoming") for token in between)  # "worry about it becoming a base"
            far = not nominal or undone or still_to_be or view.tokens[hit.start].norm in ("whether", "if")
            return gap <= (FAR if far else 3)  # "no sign that the army cut ties"
        case _:
            return True


def _stands_between(view: View, clause: Clause, hit: CueHit, cue: Cue) -> bool:
    return any(other.cue is cue and hit.end <= other.start < clause.deed.start for other in view.before)


def _is_purpose(view: View, hit: CueHit) -> bool:
    """ "Laws intended to deny women rights", "a ban meant to keep them out": a measure serves its purpose already."""
    before = view.tokens[hit.start - 1].stem if hit.start else ""
    return view.tokens[hit.start].norm in ("intended", "meant", "designed", "aimed") and before in words("rule")


def _is_behind_a_comma(view: View, hit: CueHit) -> bool:
    return view.tokens[hit.start - 1].norm == ","


def _permits(view: View, hit: CueHit) -> bool:
    """ "will not allow its soil to be used", "nobody will be allowed to use its soil to launch attacks": what is not
    permitted may be named at length before its verb."""
    behind = range(hit.end, hit.end + (NEAR + 1 if _is_determiner_no(view, hit) else 1))
    return any(other.cue is Cue.CAUSATION for place in behind for other in view.cues_at(place))


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


def _undoes(clause: Clause, between: list[Token], to_verb: bool) -> bool:
    """A reversal takes a noun or a gerund as its object, or a decision to do something."""
    blocked = any(t.norm in _UNDOES_NOT or t.norm == "to" or t.stem in words("part") for t in between)
    if clause.form in (Form.NOMINAL, Form.GERUND):
        return not blocked
    decision = [t.norm for t in between if t.norm != "to"]
    lets = clause.form is Form.BASE and "let" in decision  # "reversed a decision to let girls return"
    return (lets or clause.form is Form.INFINITIVE) and to_verb and bool(decision) and not set(decision) & _UNDOES_NOT


def _goes_back(view: View, clause: Clause, hit: CueHit, between: list[Token]) -> bool:
    """ "backtracked on its announcement that roads would open": a promise broken, whatever clause holds it."""
    return (
        is_going_back(view, hit) and clause.form is not Form.FINITE and any(token.norm in _BINDS for token in between)
    )


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
