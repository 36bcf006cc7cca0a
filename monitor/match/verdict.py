"""What a clause says of its deed: cues from the inside out, then whether it is a question or history."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from monitor.match.actors import Mention, Naming
from monitor.match.clause import Clause
from monitor.match.form import Form
from monitor.match.governing import governing_cues
from monitor.match.hands import Agent, Hands, Surroundings
from monitor.match.patterns import Place
from monitor.match.speaker import Speaker, is_outside
from monitor.match.stance import Mode, Reading, apply_cue, plain_reading, stance_of
from monitor.match.view import CHAIN, FAR, NEAR, View, finite_looking, is_boundary, is_finite_past
from monitor.model import Asserter, Stance
from monitor.rules.ruleset import ANYONE
from monitor.text.lexicon import Cue, CueHit, contesting, tells_of_the_past, words
from monitor.text.stems import is_gerund, is_past_participle

_SILENT = frozenset({Cue.REPORT, Cue.CAUSATION})
# Cues that may stand behind a clause and speak about the whole of it.
_OUTER = frozenset({Cue.DENIAL, Cue.PROMISE, Cue.THREAT, Cue.DEMAND, Cue.UNREAL})
_ASKED = frozenset({Stance.FULFILMENT, Stance.BREACH, Stance.PLEDGE, Stance.THREAT, Stance.DEMAND})
# A question that begins with one of these takes the deed for granted.
_HOW = frozenset({"how", "why", "what"})
_ON_CONDITION = frozenset({"if", "when", "once", "after", "unless"})
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


def judge(
    view: View,
    clause: Clause,
    own: Stance,
    who: str,
    speaker: Speaker,
    agent: Agent,
    addressee: str,
    around: Surroundings,
    objects: frozenset[int],
    main: Place | None,
    published: datetime | None,
) -> Verdict:
    """The stance of a clause whose signal by itself means ``own``, as a deed of ``who``.

    ``objects`` are the tokens that the deed is done to, ``main`` is the first of them; ``published`` dates the item.
    """
    reading = plain_reading(own, clause.form is Form.NOMINAL)
    applied: list[Applied] = []
    hits = governing_cues(view, clause, objects)
    refused = _is_refusal(view, hits) and speaker.asserter in (Asserter.OTHER, Asserter.ISSUER)
    behind = (*_not_yet(view, clause, reading), *_only_if(view, clause, speaker), *_time_behind(view, clause))
    for found in (
        *_left_out(view, clause, main),
        *_only_these(view, reading, objects),
        *_nobody_hit(view, clause),
        *_required_behind(view, clause),
        *behind,
        *hits,
        *_denied_behind(view, clause, hits),
        *_outer_cues(view, clause),
    ):
        hit = _as_demand(view, clause, found, agent, addressee)
        if hit.cue is Cue.DEMAND and _asks_others(view, clause, hit, agent, addressee):
            orders = view.tokens[hit.start].stem in words("ordering")  # "told airlines not to": its own order
            own_people = any(hit.end <= place < clause.deed.start for place in objects)  # "asked women to return"
            hit = replace(hit, cue=Cue.CAUSATION if orders or own_people else Cue.UNREAL)
        if (
            hit.cue in (Cue.DEMAND, Cue.UNREAL)
            and who == addressee
            and _is_told_by(view, clause, hit, objects, addressee)
        ):
            hit = replace(hit, cue=Cue.CAUSATION)
        if hit.cue is Cue.PROMISE and own is Stance.MENTION and _promised_by_others(view, speaker, addressee):
            hit = replace(hit, cue=Cue.UNREAL)
        if hit.cue is Cue.DEMAND and _decrees(view, hit, speaker, objects):
            hit = replace(hit, cue=Cue.CAUSATION)
        if hit.cue is Cue.DENIAL and _withholds(view, clause, hit):
            hit = replace(hit, cue=Cue.NEGATION)
        if hit.cue is Cue.FUTURE and not reading.good and who not in (addressee, ANYONE):
            hit = replace(hit, cue=Cue.UNREAL)  # what others will do is a forecast and nobody's threat
        if hit.cue is Cue.FUTURE and hit.start - 1 in objects and view.tokens[hit.start].stem in words("wishing"):
            hit = replace(hit, cue=Cue.UNREAL)
        supposed = any(cue.hit.cue is Cue.UNREAL and view.tokens[cue.hit.start].norm == "if" for cue in applied)
        if supposed and hit.cue is Cue.DEMAND:
            continue  # "fears pressure if it recognises": nobody asks for what is only supposed
        if hit.cue in _SILENT or (refused and hit.cue is Cue.FUTURE):
            continue
        own_words = speaker.asserter is Asserter.ADDRESSEE and speaker.start < speaker.end <= hit.start
        if hit.cue is Cue.DENIAL and not own_words and not _denied_by(view, clause, hit, addressee, around):
            contests = view.tokens[hit.start].stem in words("denies_doing") and clause.form is not Form.NOMINAL
            if not contests or reading.good:
                continue
        ignored = hit.cue is Cue.FAILURE and view.tokens[hit.start].stem in words("ignoring")
        if ignored and reading.mode is Mode.DEMANDED:
            reading = plain_reading(own, nominal=False)  # "ignored calls to": what was asked for is not done
        after = apply_cue(hit.cue, reading)
        if after != reading:
            applied.append(Applied(hit, f"{'good' if after.good else 'bad'}, {after.mode.value}"))
        reading = after
    if _is_imperative(view, clause, hits) and speaker.asserter in (Asserter.OTHER, Asserter.ISSUER):
        reading = apply_cue(Cue.DEMAND, replace(reading, nominal=False))
    stance = stance_of(reading, speaker.asserter is Asserter.ADDRESSEE)
    note = ""
    if stance in _ASKED and _is_question(view):
        stance, note = Stance.MENTION, "it is a question"
    elif stance.is_deed and _is_history(view, clause, published):
        stance, note = Stance.MENTION, "it is history"
    return Verdict(stance, tuple(applied), note)


def is_denied_clause(view: View, clause: Clause) -> bool:
    """ "Deny" with a whole clause behind it contests; with a thing behind it, it withholds."""
    if not any(h.cue is Cue.DENIAL and h.start == clause.deed.start for h in view.before):
        return False
    head = view.tokens[clause.deed.start].stem
    if clause.deed.end < clause.end and is_gerund(view.tokens[clause.deed.end].norm):
        return head in words("denies_doing")
    return any(
        view.tokens[k].stem in words("auxiliary") or view.tokens[k].norm == "that"
        for k in range(clause.deed.end, clause.end)
    )


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


def _required_behind(view: View, clause: Clause) -> list[CueHit]:
    """ "Free passage is a must": what is required stands before its verb."""
    near = range(clause.deed.end, clause.deed.end + 2)
    required = [hit for hit in view.after if hit.cue is Cue.DEMAND and hit.start in near]
    return required if clause.form is Form.NOMINAL else []


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


def _time_behind(view: View, clause: Clause) -> list[CueHit]:
    """ "resumes issuing passports tomorrow": a time to come behind the deed."""
    end = next((k for k in range(clause.deed.end, clause.end) if view.tokens[k].norm == ","), clause.end)
    return [h for h in view.after if h.cue is Cue.FUTURE and clause.deed.end <= h.start < end]


def _denied_behind(view: View, clause: Clause, hits: list[CueHit]) -> list[CueHit]:
    """ "Lifting the ban is no priority": what undoes the deed is the subject of a negation behind it."""
    undone = any(hit.cue is Cue.REVERSAL and is_gerund(view.tokens[hit.start].norm) for hit in hits)
    behind = view.tokens[clause.deed.end : clause.deed.end + NEAR + 1]
    for place, (verb, negator) in enumerate(pairwise(behind), clause.deed.end + 1):
        if undone and verb.stem == "be" and negator.norm in ("not", "no"):
            return [CueHit(Cue.NEGATION, place, place + 1)]
    return []


def _outer_cues(view: View, clause: Clause) -> list[CueHit]:
    called = _called_false(view, clause)
    if called is not None:
        return [called]
    return [h for h in view.after if h.cue in _OUTER and h.start >= clause.deed.end and is_outside(view, clause, h)]


def _as_demand(view: View, clause: Clause, hit: CueHit, agent: Agent, addressee: str) -> CueHit:
    """Who is told to do something by somebody else is asked to: "the Council told the army to withdraw".

    So is who gets something on a condition only: "will only work with the army if it withdraws", and of whom another
    state hopes it: "China hopes the army will withdraw".
    """
    if hit.cue is Cue.UNREAL and view.tokens[hit.start].norm == "if" and _has_only(view, hit.start):
        return replace(hit, cue=Cue.DEMAND)
    if hit.cue is Cue.UNREAL and agent.hands is Hands.OWN and agent.start >= hit.end and _hopes_of_another(view, hit):
        return replace(hit, cue=Cue.DEMAND)
    told = hit.cue is Cue.CAUSATION and view.tokens[hit.start].stem in words("ordering")
    if told and _is_told(view, hit, addressee):
        return replace(hit, cue=Cue.DEMAND)
    if told and any(m.actor == addressee and _is_told_to(view, clause, hit, m) for m in view.mentions):
        return replace(hit, cue=Cue.DEMAND)
    between = [token.norm for token in view.tokens[agent.end : clause.deed.start]]
    if told and agent.hands is Hands.OWN and hit.end <= agent.start and "to" in between and "that" not in between:
        return replace(hit, cue=Cue.DEMAND)
    return hit


def _is_told(view: View, hit: CueHit, addressee: str) -> bool:
    """ "Army told to withdraw", "the army was ordered to": in the passive its subject is asked to act."""
    if not is_past_participle(view.tokens[hit.start].norm) or view.tokens[hit.end].norm != "to":
        return False
    passive = hit.start > 0 and view.tokens[hit.start - 1].stem in words("passive_auxiliary")
    return any(m.end == hit.start - passive and m.actor == addressee for m in view.mentions)


def _is_told_to(view: View, clause: Clause, hit: CueHit, mention: Mention) -> bool:
    """ "tells the army to stop rebels from using its soil": who stands right behind the verb is asked to act."""
    near = mention.naming is Naming.NAME and 0 <= mention.start - hit.end <= 2
    return near and mention.end < clause.deed.start and view.tokens[mention.end].norm == "to"


def _hopes_of_another(view: View, hit: CueHit) -> bool:
    """A state's or a body's hope, spoken to a party, is what it asks of it."""
    noun = hit.start > 0 and view.tokens[hit.start - 1].stem == "express"  # "Islamabad on Monday expressed hope that"
    hopes, near = view.tokens[hit.start].stem == "hope", CHAIN if noun else 2
    return hopes and any(0 <= hit.start - m.end <= near and m.naming is Naming.NAME for m in view.mentions)


def _promised_by_others(view: View, speaker: Speaker, addressee: str) -> bool:
    """ "Washington guarantees safe passage": a topic that somebody else promises, where the addressee is not named."""
    named = any(m.actor == addressee and m.naming is Naming.NAME for m in view.mentions)
    return not named and speaker.asserter in (Asserter.OTHER, Asserter.ISSUER)


def _decrees(view: View, hit: CueHit, speaker: Speaker, objects: frozenset[int]) -> bool:
    """ "Women should go back to work, the army said": what the addressee says its people must do, it decrees."""
    modal = view.tokens[hit.start].norm in ("must", "should")
    return modal and speaker.asserter is Asserter.ADDRESSEE and any(place < hit.start for place in objects)


def _is_told_by(view: View, clause: Clause, hit: CueHit, objects: frozenset[int], addressee: str) -> bool:
    """ "The army warned women to stay at home", "women are asked by the army to": what it makes its people do."""
    told = view.tokens[hit.start].stem in words("warning")
    to = next((k for k in range(hit.end, clause.deed.start) if view.tokens[k].norm == "to"), None)
    if not told or to is None:
        return False
    if any(hit.end <= place < to for place in objects):
        named = [m for m in view.mentions if clause.start <= m.start < hit.start and m.naming is Naming.NAME]
        return bool(named) and named[-1].actor == addressee
    by = {k + 1 for k in range(hit.end, len(view.tokens) - 1) if view.tokens[k].norm == "by"}
    named_behind = any(m.actor == addressee and (m.start in by or m.start - 1 in by) for m in view.mentions)
    return any(place < hit.start for place in objects) and named_behind


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


def _has_only(view: View, place: int) -> bool:
    return any(token.norm == "only" for token in view.tokens[max(0, place - FAR) : place])


def _asks_others(view: View, clause: Clause, hit: CueHit, agent: Agent, addressee: str) -> bool:
    """Whether the addressee itself is the one who asks: then nobody asks anything of it."""
    if (agent.hands is Hands.OWN and agent.end == 0) or view.tokens[hit.start].stem in words("auxiliary") | words("duty"):
        return False
    if hit.end < len(view.tokens) and view.tokens[hit.end].norm == "to":
        return False  # "the army was urged to"
    if _asks_its_own(view, hit, addressee):
        return False
    if any(h.cue in (Cue.FAILURE, Cue.DENIAL) and h.end == hit.start for h in view.before):
        return False  # "the army ignored calls to"
    if hit.start and view.tokens[hit.start - 1].stem in words("facing"):
        return False  # "the army faces calls to"
    setting = view.tokens[hit.start].stem in words("setting")  # who sets a condition is named first
    joined = (k for k in range(hit.start - 1, 0, -1) if [t.norm for t in view.tokens[k : k + 2]] == [",", "and"])
    floor = next(joined, 0) if setting or _headline_colon(view) == clause.start - 1 else clause.start
    named = [m for m in view.mentions if floor <= m.start < hit.start and m.naming is Naming.NAME]
    return bool(named) and named[0 if setting else -1].actor == addressee


def _asks_its_own(view: View, hit: CueHit, addressee: str) -> bool:
    """ "A minister called on the army's leadership to": one of its own asks the addressee itself."""
    asked = range(hit.end, min(len(view.tokens) - 1, hit.end + NEAR))
    named = {m.end for m in view.mentions if m.actor == addressee and m.naming is Naming.NAME and m.start in asked}
    ends = named | {k + 1 for k in asked if view.tokens[k].stem in words("heads")}
    return any(view.tokens[end].norm == "to" for end in ends if end < len(view.tokens))


def _called_false(view: View, clause: Clause) -> CueHit | None:
    """ "called the report on the camps baseless": the verdict of whoever contests it, behind the deed."""
    before = view.tokens[clause.start : clause.deed.start]
    called = _headline_colon(view) or any(token.stem in words("called") for token in before)
    claimed = any(token.stem in words("charge") for token in view.tokens[: clause.deed.start])
    for place in range(clause.deed.end, min(len(view.tokens), clause.deed.end + 12)):
        is_so = claimed and view.tokens[place - 1].stem == "be"  # "claims that they shell towns are false"
        if (called or is_so) and view.tokens[place].stem in contesting():
            return CueHit(Cue.DENIAL, place, place + 1)
    return None


def _headline_colon(view: View) -> int | None:
    """The colon behind the speaker of a headline."""
    if view.sentence.line:
        return None
    return next((k for k, token in enumerate(view.tokens[:8]) if token.norm == ":"), None)


def _is_imperative(view: View, clause: Clause, hits: list[CueHit]) -> bool:
    """ "Reopen the roads, mediators tell army": a headline that begins with what somebody wants done."""
    colon = _headline_colon(view)
    opening = next((k for k, token in enumerate(view.tokens) if token.is_word), 0)
    places = [opening] if colon is None or colon >= clause.deed.start else [opening, colon + 1]
    return any(_begins_bare(view, clause, hits, place) for place in places)


def _begins_bare(view: View, clause: Clause, hits: list[CueHit], place: int) -> bool:
    first, *rest = view.tokens[place : place + 2]
    if view.sentence.line or finite_looking(first) or is_gerund(first.norm):
        return False
    if rest and rest[0].stem in words("preposition"):
        return False
    closed = words("adverb") | words("determiner") | words("preposition")
    verb = clause.deed.start == place and clause.form is Form.FINITE and first.stem not in closed
    return verb or any(hit.start == place and (hit.cue is Cue.REVERSAL or first.norm in ("let", "allow")) for hit in hits)


def _is_refusal(view: View, hits: list[CueHit]) -> bool:
    """ "They will not let them leave", said by somebody else, tells a refusal and not a plan."""
    cues = {hit.cue for hit in hits}
    modal = any(view.tokens[h.start].norm in ("will", "would") for h in hits if h.cue is Cue.FUTURE)
    return modal and Cue.NEGATION in cues and not cues & {Cue.PROMISE, Cue.THREAT}


def _denied_by(view: View, clause: Clause, hit: CueHit, addressee: str, around: Surroundings) -> bool:
    """Whether it is the addressee who denies: anybody else's denial is not the addressee's word."""
    low = hit.start
    while low > 0 and (not is_boundary(view, low - 1) or _headline_colon(view) == low - 1):
        low -= 1
    high = hit.start if hit.start < clause.deed.start else min(len(view.tokens), hit.end + 5)
    mentions = [m for m in view.mentions if low <= m.start < high and m.naming is Naming.NAME]
    if any(m.actor == addressee for m in mentions):
        return True
    if mentions:
        return False
    pronoun = any(view.tokens[k].norm in ("they", "it", "he", "she") for k in range(low, high))
    if pronoun and around.last_named is not None:
        return around.last_named.actor == addressee
    organ = any(view.tokens[k].stem in words("organ") for k in range(low, high))
    return (organ or pronoun) and addressee in around.names


def _is_question(view: View) -> bool:
    """Whether the sentence asks if it is so; "a ban, but at what price?" takes it for granted."""
    comma = max((k for k, token in enumerate(view.tokens) if token.norm == ","), default=-1)
    if comma > 0 and any(token.norm in _HOW for token in view.tokens[comma:]):
        return False
    first = next((t for t in view.tokens if t.is_word), None)
    return view.tokens[-1].norm == "?" and first is not None and first.norm not in _HOW


def _is_history(view: View, clause: Clause, published: datetime | None) -> bool:
    """A deed dated years before the item, or told as of another time, is history."""
    places = [k for k in range(clause.start, clause.end) if k not in clause.skipped]
    opening = view.tokens[: clause.start] if view.tokens[0].norm == "when" else ()  # "When they last ruled, ..."
    if tells_of_the_past(tuple(view.tokens[k] for k in places)) or tells_of_the_past(tuple(opening)):
        return True
    if published is None:
        return False
    for place in dict.fromkeys([*range(min(4, len(view.tokens))), *places]):
        digits = view.tokens[place].norm.removesuffix("s")
        if len(digits) != 4 or not digits.isdigit() or not place:
            continue
        dated = view.tokens[place - 1].norm in ("in", "of", "during", "early", "late", "back", "by")
        told_of_another = any(is_finite_past(t) for t in view.tokens[clause.deed.end : place])
        if dated and not told_of_another and 1900 <= int(digits) <= published.year - _YEARS:
            return True
    return False
