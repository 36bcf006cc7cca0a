"""What a clause says of its deed: cues from the inside out, then whether it is a question or history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from monitor.match.cues.constructions import inner_constructions, outer_constructions
from monitor.match.cues.modality import Mode, Reading, apply_cue, plain_reading, stance_of
from monitor.match.cues.requests import as_meant
from monitor.match.cues.scope import governing_cues
from monitor.match.discourse.denials import points_back
from monitor.match.lookup.actors import Naming
from monitor.match.roles.predication import Case
from monitor.match.sentence.annotated_sentence import (
    CHAIN,
    THIRD_PERSON,
    View,
    finite_looking,
    headline_colon,
    is_boundary,
    is_finite_past,
    is_organ,
)
from monitor.match.sentence.clauses import Clause
from monitor.match.sentence.verb_groups import Form
from monitor.model import Asserter, Stance
from monitor.rules.ruleset import ANYONE
from monitor.text.cue_table import Cue, CueHit
from monitor.text.history import tells_of_the_past
from monitor.text.lexicon import words
from monitor.text.stems import is_gerund

_SILENT = frozenset({Cue.REPORT, Cue.CAUSATION})
_ASKED = frozenset({Stance.FULFILMENT, Stance.BREACH, Stance.PLEDGE, Stance.THREAT, Stance.DEMAND})
# A question that begins with one of these takes the deed for granted.
_HOW = frozenset({"how", "why", "what"})
# A deed this many years before the item is told as history.
_YEARS = 2


@dataclass(frozen=True, slots=True)
class Applied:
    """A cue that changed the reading, and what it made of it."""

    hit: CueHit
    effect: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """A stance with the cues that led to it, in the order they were applied, and a last word if there was one."""

    stance: Stance
    cues: tuple[Applied, ...]
    note: str = ""


def judge(case: Case) -> Verdict:
    """The stance of a deed under all the cues that speak about it."""
    view, clause, speaker = case.view, case.clause, case.speaker
    reading = plain_reading(case.own, clause.form is Form.NOMINAL)
    applied: list[Applied] = []
    hits = governing_cues(view, clause, case.objects)
    refused = _is_refused(case, reading, hits)
    inner = inner_constructions(case, reading)
    for found in (*inner, *hits, *outer_constructions(view, clause, hits)):
        hit = _here(case, as_meant(case, found, reading.good), reading)
        supposed = any(cue.hit.cue is Cue.UNREAL and view.tokens[cue.hit.start].norm == "if" for cue in applied)
        if supposed and hit.cue is Cue.DEMAND:
            continue  # "fears pressure if it recognises": nobody asks for what is only supposed
        if hit.cue in _SILENT or (refused and hit.cue is Cue.FUTURE):
            continue
        after = _denied(case, hit, reading) if hit.cue is Cue.DENIAL else _under(case, hit, reading)
        if after != reading:
            applied.append(Applied(hit, f"{'good' if after.good else 'bad'}, {after.mode.value}"))
        reading = after
    if speaker.asserter is not Asserter.NARRATOR and _is_imperative(view, clause, hits):
        # "Recognise us, the army tells Europe": what the addressee asks of others is nobody's demand on it.
        asked = Cue.UNREAL if speaker.asserter is Asserter.ADDRESSEE else Cue.DEMAND
        reading = apply_cue(asked, replace(reading, nominal=False))
    stance = stance_of(reading, speaker.asserter is Asserter.ADDRESSEE)
    note = ""
    if stance in _ASKED and _is_question(view):
        stance, note = Stance.MENTION, "it is a question"
    elif stance.is_deed and _is_history(view, clause, case.published):
        stance, note = Stance.MENTION, "it is history"
    return Verdict(stance, tuple(applied), note)


def _is_refused(case: Case, reading: Reading, hits: list[CueHit]) -> bool:
    """Whether what somebody will not do is told as a refusal: "will not release its reserves"."""
    view, speaker = case.view, case.speaker
    told = any(hit.cue is Cue.REPORT for hit in (*view.before, *view.after))  # "stops flights, says none will go"
    narrated = speaker.asserter is Asserter.NARRATOR and not told
    by_others = case.who == ANYONE or narrated or speaker.asserter in (Asserter.OTHER, Asserter.ISSUER)
    withheld = case.who == ANYONE and any(view.tokens[k].norm == "not" for k in case.clause.deed.inner)
    return (reading.good and by_others and _is_refusal(view, hits)) or withheld


def _here(case: Case, hit: CueHit, reading: Reading) -> CueHit:
    """The cue as it counts beside what was read so far."""
    view = case.view
    if hit.cue is Cue.DENIAL and _withholds(view, case.clause, hit):
        return replace(hit, cue=Cue.NEGATION)
    if hit.cue is Cue.UNREAL and view.tokens[hit.start].stem in words("worry"):
        if reading.mode is Mode.DEMANDED:
            return replace(hit, cue=Cue.REPORT)  # "raised concern that rebels should not be let in": it is asked for
        if reading.mode is Mode.ABSENT and _is_subjunctive(view, case.clause):
            return replace(hit, cue=Cue.DEMAND)  # "conveyed its concern that the land not be used"
    return hit


def _denied(case: Case, hit: CueHit, reading: Reading) -> Reading:
    """The reading under a denial: somebody else's is not the addressee's word."""
    view, clause, speaker = case.view, case.clause, case.speaker
    if _answers_another(case, hit) or _is_not_denied(view, hit):
        return reading
    own_words = speaker.asserter is Asserter.ADDRESSEE and speaker.start < speaker.end <= hit.start
    if own_words or _denied_by(case, hit):
        return _under(case, hit, reading)
    if reading.mode is Mode.ABSENT and speaker.asserter is not Asserter.ADDRESSEE:
        return replace(reading, good=False, mode=Mode.DEED)  # "rejects the claim that it shells nobody"
    if _is_charge(view, hit, clause):
        return _under(case, replace(hit, cue=Cue.UNREAL), reading)  # "rebels reject claims that they are based there"
    contests = view.tokens[hit.start].stem in words("denies_doing") and clause.form is not Form.NOMINAL
    return _under(case, hit, reading) if contests and not reading.good else reading


def _under(case: Case, hit: CueHit, reading: Reading) -> Reading:
    """The reading under a cue, and under the "not" or "against" that it may need."""
    view = case.view
    if hit.cue is Cue.FAILURE and view.tokens[hit.start].stem in words("ignoring"):
        if hit.start and view.tokens[hit.start - 1].stem in words("relative"):
            return reading  # "punished those who defied the ban"
        if reading.mode is Mode.DEMANDED:
            reading = replace(reading, mode=Mode.DEED)  # "ignored calls to": what was asked for is not done
    off = hit.needs_not and any(t.norm == "against" for t in view.tokens[hit.end : case.clause.deed.start])
    return apply_cue(hit.cue, apply_cue(Cue.NEGATION, reading) if off else reading)  # "warned against shelling"


def _is_subjunctive(view: View, clause: Clause) -> bool:
    """ "that the land not be used": a negation before a bare "be"."""
    before = [token.norm for token in view.tokens[max(0, clause.deed.start - 3) : clause.deed.start]]
    return before[-2:] == ["not", "be"] and not any(norm in words("auxiliary") for norm in before[:-2])


def is_denied_clause(view: View, clause: Clause) -> bool:
    """ "Deny" with a whole clause behind it contests; with a thing behind it, it withholds."""
    if not any(h.cue is Cue.DENIAL and h.start == clause.deed.start for h in view.before):
        return False
    head = view.tokens[clause.deed.start].stem
    if clause.deed.end < clause.end and is_gerund(view.tokens[clause.deed.end].norm):
        return head in words("denies_doing")
    behind = view.tokens[clause.deed.end : clause.deed.end + CHAIN] if head in words("denies_doing") else ()
    of = next((k for k, token in enumerate(behind) if token.norm == "of"), 0)
    if of > 1 and behind[0].norm == "the" and behind[of - 1].stem not in words("granted"):
        return True  # "denied the sudden closing of roads"; "denied the right of passage" withholds it
    return any(
        view.tokens[k].stem in words("auxiliary") or view.tokens[k].norm == "that"
        for k in range(clause.deed.end, clause.end)
    )


def _withholds(view: View, clause: Clause, hit: CueHit) -> bool:
    """ "agreed to deny a haven to", "deny rebels a haven": what is denied to somebody is not given him."""
    between = view.tokens[hit.end : clause.deed.start]
    if clause.form is Form.NOMINAL and len(between) > 1 and between[-1].norm in ("a", "any"):
        return view.tokens[hit.start].stem in words("denies_doing") and not any(
            t.stem in words("preposition") for t in between
        )
    denied = view.tokens[hit.start].norm == "deny" and clause.deed.end < clause.end
    near = all(token.stem in words("determiner") for token in between)
    return denied and near and view.tokens[clause.deed.end].norm == "to"


def _is_imperative(view: View, clause: Clause, hits: list[CueHit]) -> bool:
    """ "Reopen the roads, mediators tell army": a headline that begins with what somebody wants done."""
    colon = headline_colon(view)
    opening = next((k for k, token in enumerate(view.tokens) if token.is_word), 0)
    places = [opening] if colon is None or colon >= clause.deed.start else [opening, colon + 1]
    return any(_begins_bare(view, clause, hits, place) for place in places)


def _begins_bare(view: View, clause: Clause, hits: list[CueHit], place: int) -> bool:
    first, *rest = view.tokens[place : place + 2]
    if view.sentence.line or finite_looking(first) or is_gerund(first.norm):
        return False
    if rest and rest[0].stem in words("preposition") and place + 1 not in clause.deed.inner:
        return False
    closed = words("adverb") | words("determiner") | words("preposition")
    verb = clause.deed.start == place and clause.form is Form.FINITE and first.stem not in closed
    lets = first.norm in ("let", "allow")
    return verb or any(hit.start == place and (hit.cue is Cue.REVERSAL or lets) for hit in hits)


def _is_refusal(view: View, hits: list[CueHit]) -> bool:
    """ "They will not let them leave", said by anybody else, tells a refusal and not a plan."""
    cues = {hit.cue for hit in hits}
    modal = any(view.tokens[h.start].norm in ("will", "would") for h in hits if h.cue is Cue.FUTURE)
    return modal and Cue.NEGATION in cues and not cues & {Cue.PROMISE, Cue.THREAT}


def _denied_by(case: Case, hit: CueHit) -> bool:
    """Whether it is the addressee who denies: anybody else's denial is not the addressee's word."""
    view, addressee, around = case.view, case.addressee, case.around
    low = hit.start
    while low > 0 and (not is_boundary(view, low - 1) or headline_colon(view) == low - 1):
        low -= 1
    high = hit.start if hit.start < case.clause.deed.start else min(len(view.tokens), hit.end + 5)
    mentions = [m for m in view.mentions if low <= m.start < high and m.naming is Naming.NAME]
    if any(m.actor == addressee for m in mentions):
        return True
    if mentions:
        return False
    pronoun = any(view.tokens[k].norm in THIRD_PERSON for k in range(low, high))
    organ = any(is_organ(view, k) for k in range(low, high))
    return (organ or pronoun) and addressee in around.names


def _answers_another(case: Case, hit: CueHit) -> bool:
    """ "The envoys accuse the army of shelling, a charge it denies": they say so still; the answer is found apart."""
    view, speaker = case.view, case.speaker
    others = speaker.asserter in (Asserter.OTHER, Asserter.ISSUER) and speaker.start < speaker.end
    if others and any(token.norm == ";" for token in view.tokens[case.clause.deed.end : hit.start]):
        return True  # "Army shells towns, envoys say; army rejects report"
    if not others or not speaker.end <= case.clause.deed.start < hit.start:
        return False
    if hit.end < len(view.tokens) and view.tokens[hit.end].norm == "by":
        return False  # "a charge denied by the army"
    behind = view.tokens[max(case.clause.deed.end, hit.start - CHAIN) : hit.start]
    return any(points_back(token) for token in behind)


def _is_not_denied(view: View, hit: CueHit) -> bool:
    """ "The army has not denied that it shelled them"."""
    denies = view.tokens[hit.start].stem in words("denies_doing")
    return denies and hit.start > 0 and view.tokens[hit.start - 1].norm == "not"


def _is_charge(view: View, hit: CueHit, clause: Clause) -> bool:
    """Whether what is contested is a report of the deed, and not the deed itself."""
    behind = view.tokens[hit.end : min(hit.end + CHAIN, clause.deed.start)]
    return any(token.stem in words("charge") for token in behind)


def _is_question(view: View) -> bool:
    """Whether the sentence asks if it is so; "a ban, but at what price?" takes it for granted."""
    comma = max((k for k, token in enumerate(view.tokens) if token.norm == ","), default=-1)
    if comma > 0 and any(token.norm in _HOW for token in view.tokens[comma:]):
        return False
    first = next((t for t in view.tokens if t.is_word), None)
    return view.tokens[-1].norm == "?" and first is not None and first.norm not in _HOW


def _is_history(view: View, clause: Clause, published: datetime | None) -> bool:
    """A deed dated years before the item, or told as of another time, is history."""
    places = [k for k in range(clause.start, _own_time_from(view, clause)) if k not in clause.skipped]
    opening = view.tokens[: clause.start] if view.tokens[0].norm == "when" else ()  # "When they last ruled, ..."
    if tells_of_the_past(tuple(view.tokens[k] for k in places)) or tells_of_the_past(tuple(opening)):
        return True
    if published is None:
        return False
    before_when = clause.start - 1 if clause.start and view.tokens[clause.start - 1].norm == "when" else 0
    told_when = range(max(0, before_when - CHAIN), before_when)  # "from 1996 to 2001, when girls were barred"
    if any(_is_past_year(view.tokens[k].norm, published) for k in told_when):
        return True
    for place in dict.fromkeys([*range(min(4, len(view.tokens))), *places]):
        if not place or not _is_past_year(view.tokens[place].norm, published):
            continue
        dated = view.tokens[place - 1].norm in ("in", "of", "during", "early", "late", "back", "by")
        told_of_another = any(is_finite_past(t) for t in view.tokens[clause.deed.end : place])
        if dated and not told_of_another:
            return True
    return False


def _own_time_from(view: View, clause: Clause) -> int:
    """Where a clause begins behind the deed that has a time of its own: "a penalty that was usual then", ", citing"."""
    for place in range(clause.deed.end, clause.end - 1):
        if view.tokens[place].norm == "," and is_gerund(view.tokens[place + 1].norm):
            return place
        that = view.tokens[place].stem in words("relative") or view.tokens[place].norm == "that"
        if that and view.tokens[place + 1].norm in ("was", "were", "had"):
            return place
    return clause.end


def _is_past_year(norm: str, published: datetime) -> bool:
    """ "1996", "1990s": a year long before the item."""
    digits = norm.removesuffix("s")
    return len(digits) == 4 and digits.isdecimal() and 1900 <= int(digits) <= published.year - _YEARS
