"""Who asks whom: whether a cue is a demand on the addressee, its own order to its people, or neither."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from monitor.match.lookup.actors import Mention, Naming
from monitor.match.roles.attributed_source import Speaker
from monitor.match.roles.attribution import Agent, Hands
from monitor.match.roles.predication import Case
from monitor.match.roles.syntactic_roles import doer_of, party_of
from monitor.match.sentence.annotated_sentence import CHAIN, FAR, NEAR, THIRD_PERSON, View
from monitor.match.sentence.clauses import Clause
from monitor.match.sentence.verb_groups import Form
from monitor.model import Asserter, Stance
from monitor.rules.ruleset import ANYONE
from monitor.text.cue_table import Cue, CueHit
from monitor.text.lexicon import words
from monitor.text.stems import is_gerund, is_past_participle

# Between a verb of seeking and what is sought, beside a name.
_SEEKS = frozenset({"for", "from", "the", "some", "any", "more", "new", "firm", "clear", "concrete"})


def as_meant(case: Case, found: CueHit, good: bool) -> CueHit:
    """The cue ``found`` with the class it has here, seen from who asks and who is asked.

    ``good`` tells whether the deed read so far is good.
    """
    hit = _as_demand(case.view, case.clause, found, case.agent, case.addressee)
    if hit.cue is Cue.DEMAND:
        hit = replace(hit, cue=_asked_of_whom(case, hit))
    if hit.cue in (Cue.DEMAND, Cue.UNREAL) and case.who == case.addressee and _is_told_by(case, hit):
        return replace(hit, cue=Cue.CAUSATION)
    meaning = _MEANINGS.get(hit.cue)
    return replace(hit, cue=meaning(case, hit, good)) if meaning else hit


def _asked_of_whom(case: Case, hit: CueHit) -> Cue:
    view = case.view
    asked = view.tokens[hit.end].norm if hit.end < len(view.tokens) else ""
    if asked in ("us", "me") and view.mention_at(hit.end) is None:
        return Cue.REPORT  # "he asked us to tell them that"
    if case.who == ANYONE and view.tokens[hit.start].stem in words("condition"):
        return Cue.UNREAL  # "a precondition for recognising it": what is held out is not asked for
    if not _asks_others(case, hit):
        return Cue.DEMAND
    orders = view.tokens[hit.start].stem in words("ordering")  # "told airlines not to": its own order
    own_people = any(hit.end <= place < case.clause.deed.start for place in case.objects)  # "asked women to return"
    return Cue.CAUSATION if orders or own_people else Cue.UNREAL


def _demand_means(case: Case, hit: CueHit, good: bool) -> Cue:
    return Cue.CAUSATION if _decrees(case.view, hit, case.speaker, case.objects) else Cue.DEMAND


def _promise_means(case: Case, hit: CueHit, good: bool) -> Cue:
    view, verb = case.view, case.view.tokens[hit.start].stem
    harm = not good and case.clause.form is Form.NOMINAL
    if harm and verb == "offer":
        return Cue.CAUSATION  # "offered the rebels shelter": a harm that is offered is done
    if harm and verb == "reassur":
        return Cue.UNREAL  # "reassured envoys over raids": nobody promises what others fear
    if _is_held_to(view, hit):
        return Cue.DEMAND
    others = case.own is Stance.MENTION and _promised_by_others(view, case.speaker, case.addressee)
    return Cue.UNREAL if others else Cue.PROMISE


def _unreal_means(case: Case, hit: CueHit, good: bool) -> Cue:
    view, by_itself = case.view, case.speaker.asserter is Asserter.ADDRESSEE
    if good and _permits(view, hit, case.speaker, case.agent, case.objects):
        return Cue.PROMISE
    if not good and _is_discussed(view, case.clause, hit, case.addressee):
        return Cue.REPORT
    own = hit.start > 0 and view.tokens[hit.start - 1].norm in ("its", "their", "our")
    if good and by_itself and own and view.tokens[hit.start].stem in words("wish"):
        return Cue.PROMISE  # "the army announced its desire to respect the truce"
    if not good and by_itself and view.tokens[hit.end - 1].stem in words("evidence"):
        return Cue.NEGATION  # "there is no sign that rebels are there, the army says"
    return Cue.UNREAL


def _threat_means(case: Case, hit: CueHit, good: bool) -> Cue:
    """ "The UN warned of": nobody threatens with what somebody else may do."""
    return Cue.UNREAL if case.speaker.asserter in (Asserter.OTHER, Asserter.ISSUER) else Cue.THREAT


def _future_means(case: Case, hit: CueHit, good: bool) -> Cue:
    """ "Organisers said women would be excluded": their own plan, or a guess."""
    others = case.speaker.asserter in (Asserter.OTHER, Asserter.ISSUER) and case.agent.hands is Hands.PLACED
    forecast = _is_forecast(case.view, hit, case.who, good, case.addressee, case.objects)
    return Cue.UNREAL if forecast or (others and not good) else Cue.FUTURE


def _negation_means(case: Case, hit: CueHit, good: bool) -> Cue:
    return Cue.UNREAL if not good and _is_reason(case.view, case.clause, hit) else Cue.NEGATION


_MEANINGS: dict[Cue, Callable[[Case, CueHit, bool], Cue]] = {
    Cue.DEMAND: _demand_means,
    Cue.PROMISE: _promise_means,
    Cue.UNREAL: _unreal_means,
    Cue.THREAT: _threat_means,
    Cue.FUTURE: _future_means,
    Cue.NEGATION: _negation_means,
}


def _is_reason(view: View, clause: Clause, hit: CueHit) -> bool:
    """ "held women for not covering": what somebody is held to have left undone is nobody's denial."""
    before = view.tokens[hit.start - 1].norm if hit.start else ""
    return before in ("for", "over") and clause.form is not Form.FINITE


def _is_forecast(view: View, hit: CueHit, who: str, good: bool, addressee: str, objects: frozenset[int]) -> bool:
    """What others will do is a forecast and nobody's threat; what "girls hope to" do is nobody's plan."""
    verb = view.tokens[hit.start].stem
    if hit.start - 1 in objects and verb in words("wishing"):
        return True
    return not good and (verb == "expect" or who not in (addressee, ANYONE))


def _as_demand(view: View, clause: Clause, hit: CueHit, agent: Agent, addressee: str) -> CueHit:
    """Who is told to do something by somebody else is asked to: "the Council told the army to withdraw".

    So is who gets something on a condition only: "will only work with the army if it withdraws", and of whom another
    state hopes it: "China hopes the army will withdraw".
    """
    if hit.cue is Cue.UNREAL and view.tokens[hit.start].norm == "if" and _has_only(view, hit.start):
        return replace(hit, cue=Cue.DEMAND)
    if hit.cue is Cue.UNREAL and agent.hands is Hands.OWN and agent.start >= hit.end and _hopes_of_another(view, hit):
        return replace(hit, cue=Cue.DEMAND)
    by = view.tokens[hit.end - 1].norm == "by"  # "teachers ordered by the army to": it orders
    told = hit.cue is Cue.CAUSATION and view.tokens[hit.start].stem in words("ordering") and not by
    if told and _is_told(view, hit, addressee):
        return replace(hit, cue=Cue.DEMAND)
    if told and any(m.actor == addressee and _is_told_to(view, clause, hit, m) for m in view.mentions):
        return replace(hit, cue=Cue.DEMAND)
    behind, to = ([t.norm for t in view.tokens[k : clause.deed.start]] for k in (hit.end, agent.end))
    if told and agent.hands is Hands.OWN and hit.end <= agent.start and "to" in to and "that" not in behind:
        return replace(hit, cue=Cue.DEMAND)
    return hit


def _is_told(view: View, hit: CueHit, addressee: str) -> bool:
    """ "Army told to withdraw", "the army was ordered to": in the passive its subject is asked to act."""
    if not is_past_participle(view.tokens[hit.start].norm) or view.tokens[hit.end].norm != "to":
        return False
    passive = hit.start > 0 and view.tokens[hit.start - 1].stem in words("passive_auxiliary")
    # A capital stands for who rules there where it is told something, and "people in the capital" do not.
    own = (m for m in view.mentions if m.actor == addressee)
    told = {m.end for m in own if m.naming is Naming.NAME or (m.start == 0 and m.end == 1)}
    return hit.start - passive in told


def _is_told_to(view: View, clause: Clause, hit: CueHit, mention: Mention) -> bool:
    """ "tells the army to stop rebels from using its soil": who stands right behind the verb is asked to act."""
    # Its rulers are it, where only the place is named: "tells the Westland government to".
    rulers = view.tokens[mention.end].stem in words("heads") if mention.end < clause.deed.start else False
    to = mention.end + rulers
    near = (mention.naming is Naming.NAME or rulers) and 0 <= mention.start - hit.end <= 2
    return near and to < clause.deed.start and view.tokens[to].norm == "to"


def _hopes_of_another(view: View, hit: CueHit) -> bool:
    """A state's or a body's hope, spoken to a party, is what it asks of it."""
    noun = hit.start > 0 and view.tokens[hit.start - 1].stem == "express"  # "Islamabad on Monday expressed hope that"
    hopes, near = view.tokens[hit.start].stem == "hope", CHAIN if noun else 2
    return hopes and any(0 <= hit.start - m.end <= near and m.naming is Naming.NAME for m in view.mentions)


def _is_held_to(view: View, hit: CueHit) -> bool:
    """ "will hold the army to its promise", "looks for army promises": who is held to it, or bidden to, is asked."""
    tokens = view.tokens
    noun = tokens[hit.start].norm.endswith("s") and not is_gerund(tokens[hit.start].norm)
    sought = [k for k in range(max(0, hit.start - NEAR), hit.start) if tokens[k].stem in words("seeking")]
    between = range(sought[-1] + 1, hit.start) if sought else range(0)
    if noun and sought and all(view.mention_at(k) or tokens[k].norm in _SEEKS for k in between):
        return True
    to = next((k for k in range(hit.start - 1, max(0, hit.start - NEAR), -1) if view.tokens[k].norm == "to"), 0)
    return any(token.stem == "hold" for token in view.tokens[max(0, to - FAR) : to])


def _permits(view: View, hit: CueHit, speaker: Speaker, agent: Agent, objects: frozenset[int]) -> bool:
    """ "Girls may return, the army said": what whoever rules says that others may do, it permits."""
    may = view.tokens[hit.start].norm == "may" and any(place < hit.start for place in objects)
    return may and speaker.asserter is Asserter.ADDRESSEE and agent.hands is Hands.PLACED


def _is_discussed(view: View, clause: Clause, hit: CueHit, addressee: str) -> bool:
    """ "Envoys discuss the army's ban": what somebody has decreed and others talk about is in force."""
    if view.tokens[hit.start].stem not in words("discussing") or clause.form not in (Form.NOMINAL, Form.INFINITIVE):
        return False
    decreed = clause.form is Form.NOMINAL or view.tokens[clause.deed.start - 2].stem in words("rule")
    between = range(hit.end, clause.deed.start)
    return decreed and any(
        m.actor == addressee and m.naming is Naming.NAME and m.start in between for m in view.mentions
    )


def _promised_by_others(view: View, speaker: Speaker, addressee: str) -> bool:
    """ "Washington guarantees safe passage": a topic that somebody else promises, where the addressee is not named."""
    named = any(m.actor == addressee and m.naming is Naming.NAME for m in view.mentions)
    return not named and speaker.asserter in (Asserter.OTHER, Asserter.ISSUER)


def _decrees(view: View, hit: CueHit, speaker: Speaker, objects: frozenset[int]) -> bool:
    """ "Women should go back to work, the army said": what the addressee says its people must do, it decrees."""
    modal = view.tokens[hit.start].norm in ("must", "should", "have")
    return modal and speaker.asserter is Asserter.ADDRESSEE and any(place < hit.start for place in objects)


def _is_told_by(case: Case, hit: CueHit) -> bool:
    """ "The army warned women to stay at home", "women are asked by the army to": what it makes its people do."""
    view, clause, objects, addressee = case.view, case.clause, case.objects, case.addressee
    told = view.tokens[hit.start].stem in words("warning") and not _calls_for(view, hit)
    # It may be one of the deed's own words: a rule may ask for "not to go".
    to = next((k for k in range(hit.end, clause.deed.end) if view.tokens[k].norm == "to"), None)
    if not told or to is None:
        return False
    if any(hit.end <= place < to for place in objects):
        named = [m for m in view.mentions if clause.start <= m.start < hit.start and m.naming is Naming.NAME]
        return bool(named) and named[-1].actor == addressee
    by = {k + 1 for k in range(hit.end, len(view.tokens) - 1) if view.tokens[k].norm == "by"}
    passive = hit.start > 0 and view.tokens[hit.start - 1].stem in words("passive_auxiliary")
    if passive and not by and view.tokens[hit.start].stem in words("ordering"):
        return any(place < hit.start for place in objects)  # "women were told not to"
    named_behind = any(m.actor == addressee and (m.start in by or m.start - 1 in by) for m in view.mentions)
    return any(place < hit.start for place in objects) and named_behind


def _has_only(view: View, place: int) -> bool:
    return any(token.norm == "only" for token in view.tokens[max(0, place - FAR) : place])


def _asks_others(case: Case, hit: CueHit) -> bool:
    """Whether the addressee itself is the one who asks: then nobody asks anything of it."""
    view, agent, addressee = case.view, case.agent, case.addressee
    if agent.hands is Hands.OWN and agent.end == 0:
        return False
    if view.tokens[hit.start].stem in words("auxiliary") | words("duty") or _calls_for(view, hit):
        return False
    # "the army was urged to", "wrote to the army, asking it to"
    asked = any(token.norm in ("to", "it", "them", "him") for token in view.tokens[hit.end : hit.end + 1])
    if asked or _asks_its_own(view, hit, addressee):
        return False
    if view.tokens[hit.start].stem in words("setting"):
        return False  # "recognition hinges on", "no aid until": what is held out is asked for
    asking = next((k for k in range(hit.start, hit.end) if view.tree.tags[k] in ("VERB", "NOUN")), hit.start)
    asker = doer_of(view, asking)
    if asker is not None and view.tokens[asker].norm in THIRD_PERSON:
        return case.speaker.asserter is Asserter.ADDRESSEE
    party = party_of(view, asker) if asker is not None else None
    return party is not None and party.actor == addressee and party.naming is Naming.NAME


def _calls_for(view: View, hit: CueHit) -> bool:
    """ "An army officer calls for the roads to be opened": he orders nobody."""
    return view.tokens[hit.start].stem == "call" and view.tokens[hit.end - 1].norm == "for"


def _asks_its_own(view: View, hit: CueHit, addressee: str) -> bool:
    """ "A minister called on the army's leadership to": one of its own asks the addressee itself."""
    asked = range(hit.end, min(len(view.tokens) - 1, hit.end + NEAR))
    named = {m.end for m in view.mentions if m.actor == addressee and m.naming is Naming.NAME and m.start in asked}
    ends = named | {k + 1 for k in asked if view.tokens[k].stem in words("heads")}
    return any(view.tokens[end].norm == "to" for end in ends if end < len(view.tokens))
