"""Whose deed it is.

A deed counts for an actor when the actor does it, or when nobody else does and the report lies in the actor's hands:
its name or its place stands there, and no other place is nearer.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from monitor.match.lookup.actors import Mention, Naming
from monitor.match.roles.agent_by_syntax import by_grammar, is_done_to_it
from monitor.match.roles.attribution import Agent, Hands, Surroundings, hands_of, placed
from monitor.match.roles.coreference import of_first_person, of_pronoun, of_relative
from monitor.match.roles.patient import (
    acts_itself,
    is_done_to,
    takes_object,
)
from monitor.match.roles.syntactic_roles import is_in_clause
from monitor.match.sentence.annotated_sentence import (
    THIRD_PERSON,
    View,
    is_amount,
    is_boundary,
    is_organ,
)
from monitor.match.sentence.clauses import Clause
from monitor.match.sentence.verb_groups import Form
from monitor.rules.ruleset import ANYONE
from monitor.text.cue_table import Cue
from monitor.text.lexicon import words
from monitor.text.stems import is_gerund, is_past_participle

# Verbs whose subject speaks of somebody else's deed.
_ENDS_AGENT = frozenset({Cue.REPORT, Cue.DEMAND, Cue.UNREAL})
# Before one of these another noun phrase ends: "sanctions officials over a crackdown".
_ENDS_NOUN = frozenset({"on", "over", "after", "about", "against", "for", "with", "amid", "despite", "at"})


def find_agent(view: View, clause: Clause, who: str, objects: frozenset[int], around: Surroundings) -> Agent:
    """Whose deed the clause tells, seen from actor ``who``; ``objects`` are the tokens that fill its ``what``.

    ``around.things`` are further tokens that could have filled it.
    """
    told = by_grammar(view, clause, who, objects)
    if told is not None and (told.hands is Hands.FOREIGN or is_in_clause(view, clause.deed, objects)):
        return told
    agent = _by_nearness(view, clause, who, objects, around)
    if agent.hands is Hands.OWN and is_done_to_it(view, clause, agent):
        return Agent(Hands.FOREIGN, agent.start, agent.end, "it is done to it")
    return agent


def _by_nearness(view: View, clause: Clause, who: str, objects: frozenset[int], around: Surroundings) -> Agent:
    """Whose deed it is by what stands near: for where the grammar does not say."""
    if who == ANYONE:
        if clause.form is not Form.PASSIVE and acts_itself(view, clause, objects):
            return Agent(Hands.FOREIGN, clause.start, clause.deed.start, "its subject does it to something else")
        here = (mention for near in (*around.earlier[-1:], view) for mention in near.mentions)
        if not objects and not any(m.actor == around.home and m.naming is Naming.NAME for m in here):
            return Agent(Hands.NOWHERE, 0, 0, "neither it nor the sentence before names the addressee")
        return Agent(Hands.OWN, 0, 0, "anybody's deed counts")
    behind_comma = clause.form is Form.FINITE and clause.start > 0 and view.tokens[clause.start - 1].norm == ","
    apart = behind_comma and bool(objects) and all(place < clause.start for place in objects)
    if apart and takes_object(view, clause, objects):  # "bans poppies, increases patrols"
        return Agent(Hands.FOREIGN, clause.start, clause.deed.start, "its subject does it to something else")
    by = _by_phrase(view, clause)
    if by is not None and clause.form in (Form.PASSIVE, Form.NOMINAL):
        return _judge_by(view, clause, by, who, objects, around)
    if clause.form is Form.NOMINAL:
        owner = _named_behind(view, _of(view, clause), who)
        if owner is not None:
            return hands_of(owner, who, "is named as its owner")
    return _from_the_left(view, clause, who, objects, around)


def _named_behind(view: View, preposition: int | None, who: str) -> Mention | None:
    """The actor ``who`` behind a preposition: "the rebels' ties with the army", "the presence of rebels"."""
    if preposition is None:
        return None
    near = (m for m in view.mentions if m.actor == who and m.naming is Naming.NAME)
    return next((m for m in near if 0 < m.start - preposition <= 2), None)


def _of(view: View, clause: Clause) -> int | None:
    """The "of" right behind a noun, or behind two: "the arrival and residence of"."""
    behind = [
        token.norm
        for token in view.tokens[clause.deed.end : min(clause.end, clause.deed.end + 4)]
        if token.norm not in ('"', "'")
    ]
    if behind[:1] == ["of"] or (behind[:1] == ["and"] and behind[2:3] == ["of"]):
        return next(k for k in range(clause.deed.end, clause.end) if view.tokens[k].norm == "of")
    return None


def _by_phrase(view: View, clause: Clause) -> tuple[int, int] | None:
    """Tokens of the noun phrase after "by"."""
    tokens = view.tokens
    for here in range(clause.deed.end, min(clause.end, clause.deed.end + 14)):
        if tokens[here].norm == "," and clause.form is Form.NOMINAL:
            return None  # "attacks across the border, a charge denied by the army"
        if tokens[here].norm == "by" and _has_own_by(view, clause, here):
            return None  # "barred unless accompanied by a driver"
        if tokens[here].norm == "by" and here + 1 < len(tokens):
            following = tokens[here + 1]
            if is_gerund(following.norm) or is_amount(view, here + 1):
                return None
            end = here + 1
            while end < len(tokens) and end < here + 7 and not is_boundary(view, end) and tokens[end].norm != ",":
                if end > here + 1 and tokens[end].stem in words("preposition"):
                    break
                end += 1
            return here + 1, end
    return None


def _has_own_by(view: View, clause: Clause, by: int) -> bool:
    """Whether another participle stands between the deed and "by": "barred from trips led by women"."""
    verb, before = view.tokens[by - 1], view.tokens[by - 2]
    coordinated = before.norm in ("and", "or", ",") or before.stem in words("adverb")
    return by - 1 > clause.deed.end and is_past_participle(verb.norm) and not coordinated


def _judge_by(
    view: View, clause: Clause, by: tuple[int, int], who: str, objects: frozenset[int], around: Surroundings
) -> Agent:
    start, end = by
    for mention in view.mentions:
        if start <= mention.start < end:
            return hands_of(mention, who, "is named as the agent")
    if any(k in objects for k in range(start, end)):
        return _from_the_left(view, clause, who, objects, around)
    if any(view.tokens[k].stem in words("organ") for k in range(start, end)):
        return placed(view, clause, who, around, "an authority without a name did it")
    if any(view.tokens[k].stem in words("pronoun") for k in range(start, end)):
        return of_pronoun(view, clause, start, who, around)
    return Agent(Hands.FOREIGN, start, end, "somebody else is named as the agent")


@dataclass(slots=True)
class _Met:
    """What stands left of a deed and is no name: an organ, a thing that the rule asks for, some other noun."""

    organ: bool = False
    thing: bool = False
    unknown: bool = False


def _from_the_left(view: View, clause: Clause, who: str, objects: frozenset[int], around: Surroundings) -> Agent:
    """Look leftwards from the deed for its subject, possessor or governor's subject."""
    met = _Met()
    return (
        _of_the_gerund(view, clause, who)
        or _named_on_the_left(view, clause, who, objects, around, met)
        or _without_a_name(view, clause, who, objects, around, met)
    )


def _named_on_the_left(
    view: View, clause: Clause, who: str, objects: frozenset[int], around: Surroundings, met: _Met
) -> Agent | None:
    """The nearest name or pronoun that may be the subject; what else is passed is noted in ``met``."""
    here = clause.deed.start
    while (here := here - 1) >= clause.start:
        mention = view.mention_at(here)
        if here in clause.skipped:
            continue
        if clause.form is Form.NOMINAL and view.tokens[here].norm in _ENDS_NOUN:
            return None
        if mention is not None:
            agent = _judge_mention(view, clause, mention, who, objects, around, met.organ)
            if agent is not None:
                return agent
            met.thing = met.thing or not objects.isdisjoint(range(mention.start, mention.end))
            here = mention.start
        elif here not in objects and _ends_agent(view, here):
            return None
        elif here in objects or here in around.things:
            met.thing = True
            met.organ = met.organ or (clause.form is Form.GERUND and is_organ(view, here))  # "policies violating"
        elif is_organ(view, here):
            met.organ = True
        elif (agent := _meant_by_pronoun(view, clause, here, who, around)) is not None:
            return agent
        else:
            met.unknown = met.unknown or (view.tokens[here].is_word and _is_content(view, here))
    return None


def _meant_by_pronoun(view: View, clause: Clause, place: int, who: str, around: Surroundings) -> Agent | None:
    norm = view.tokens[place].norm
    if norm == "we":
        return of_first_person(view, clause, place, who, around)
    # "accused them of persecuting"
    accused = norm in ("them", "him") and clause.form is Form.GERUND and clause.deed.start - place == 2
    return of_pronoun(view, clause, place, who, around) if accused or norm in THIRD_PERSON else None


def _without_a_name(
    view: View, clause: Clause, who: str, objects: frozenset[int], around: Surroundings, met: _Met
) -> Agent:
    """Whose deed it is where no name stands left of it."""
    told = clause.form in (Form.FINITE, Form.BASE)
    nobody = not met.organ and not met.thing
    if clause.relative and nobody:
        return of_relative(view, clause, who, objects, around)
    if met.unknown and nobody and clause.shared is None and (told or clause.form is Form.GERUND):
        return Agent(Hands.FOREIGN, clause.start, clause.deed.start, "its subject is somebody else")
    near = {clause.deed.start - 1, clause.deed.start - 2}
    beside = clause.form is Form.GERUND and bool(near & objects)  # "rebels targeting towns", "rebel units targeting"
    if met.thing and not met.organ and (beside or told) and takes_object(view, clause, objects):
        return Agent(Hands.FOREIGN, clause.start, clause.deed.start, "its subject does it to something else")
    if told and is_done_to(view, clause, who):
        return Agent(Hands.FOREIGN, clause.deed.start, clause.deed.end, "it is done to it")
    return placed(view, clause, who, around, "nobody else is named as doing it")


def _of_the_gerund(view: View, clause: Clause, who: str) -> Agent | None:
    """ "X broke the truce by shelling towns": the subject of the whole clause."""
    start = clause.deed.start
    if clause.form is not Form.GERUND or start == 0:
        return None
    if answering := _of_the_charge(view, clause, who):
        return answering
    if view.tokens[start - 1].norm == ",":  # "The army posted guards at the camp in the capital, preventing"
        opening = [m for m in view.mentions if m.start <= 1 and m.naming is Naming.NAME and m.end < start - 1]
        return hands_of(opening[0], who, "is the subject of the whole sentence") if opening else None
    quoted = start > 1 and view.tokens[start - 1].norm in ('"', "'")  # 'broke the truce by "sheltering" rebels'
    if view.tokens[start - 1 - quoted].norm != "by":
        return None
    named = [m for m in view.mentions if clause.start <= m.start < clause.deed.start]
    named = [m for m in named if m.actor != who or m.naming is Naming.NAME]  # "islanders escaped by chartering planes"
    own = next((m for m in named if m.actor == who), None)
    return hands_of(own or named[0], who, "does it") if named else None


def _of_the_charge(view: View, clause: Clause, who: str) -> Agent | None:
    """ "The army rejects Southland's charge of shelling towns": whoever answers a charge is charged with it."""
    start = clause.deed.start
    if start < 2 or view.tokens[start - 1].norm != "of" or view.tokens[start - 2].stem not in words("charge"):
        return None
    denies = next((h for h in view.before if h.cue is Cue.DENIAL and clause.start < h.start < start), None)
    named = [m for m in view.mentions if m.naming is Naming.NAME and denies is not None and m.end <= denies.start]
    return hands_of(named[-1], who, "answers the charge") if named else None


def _ends_agent(view: View, place: int) -> bool:
    """Whether a cue at this token is somebody else's verb, so that no agent can be found beyond it."""
    cue = next((h for h in view.before if h.start <= place < h.end and h.cue in _ENDS_AGENT), None)
    return cue is not None and view.tokens[place].stem not in words("auxiliary")


def _judge_mention(
    view: View,
    clause: Clause,
    mention: Mention,
    who: str,
    objects: frozenset[int],
    around: Surroundings,
    organ: bool,
) -> Agent | None:
    """Whether a name to the left of the deed is its agent; ``None``: look further."""
    joined = mention.start > 1 and view.tokens[mention.start - 1].norm in ("and", "or")
    beside = view.mention_at(mention.start - 2) if joined else None
    if beside is not None and beside.actor == who and beside.naming is Naming.NAME:
        return hands_of(beside, who, "does it")  # "the army and the police banned"
    aimed_at = mention.start > 0 and view.tokens[mention.start - 1].norm in ("on", "against")
    if mention.actor == who and aimed_at and clause.form is Form.FINITE:
        return None  # "an attack on the army kills three"
    if mention.actor == who:
        return hands_of(mention, who, "does it") if mention.naming is Naming.NAME else None
    if clause.form in (Form.INFINITIVE, Form.BASE) and clause.start < mention.start < (clause.shared or 0):
        return None  # "to expel rebels, and free the drivers": what an earlier verb is done to
    if clause.form is Form.PASSIVE or _is_ordered(view, clause, mention):
        return None  # a passive's subject is no agent, nor is who is told to act
    opens = mention.start - (mention.start > 0 and view.tokens[mention.start - 1].norm == "the")
    in_phrase = opens > 0 and view.tokens[opens - 1].stem in words("preposition")
    if in_phrase:
        possessed = mention.end < len(view.tokens) and view.tokens[mention.end].norm == "'s"
        owns = possessed and clause.form is Form.NOMINAL and mention.naming is Naming.NAME
        return hands_of(mention, who, "does it") if owns else None
    if organ or not _modifies(view, mention, objects, clause, around.things):
        return hands_of(mention, who, "does it")
    return None


def _is_content(view: View, place: int) -> bool:
    token = view.tokens[place]
    if any(h.start <= place < h.end for h in view.before):
        return False
    light = words("auxiliary") | words("adverb") | words("determiner") | words("preposition") | words("coordination")
    if token.stem in light or token.stem in words("complement") or token.norm in ("'s", "to"):
        return False
    if token.norm.endswith("ly") or token.norm[:1].isdigit():
        return False
    opens = place - (place > 0 and view.tokens[place - 1].norm in ("their", "its"))  # "for their actions"
    return not (opens > 0 and view.tokens[opens - 1].stem in words("preposition"))


def _modifies(view: View, mention: Mention, objects: frozenset[int], clause: Clause, things: frozenset[int]) -> bool:
    """Whether the name only describes what the deed is done to ("Pakistani girls barred"; not "US travel ban")."""
    if clause.form is Form.NOMINAL:
        return False
    if any(place in objects for place in range(mention.start, mention.end)):
        return True
    return any(place in things for place in range(mention.end, min(mention.end + 2, clause.deed.start)))


def _is_ordered(view: View, clause: Clause, mention: Mention) -> bool:
    """ "ordered aid groups to stop", "promised Washington to": who is ordered or promised is not whose deed it is."""
    between = range(mention.end, clause.deed.start)
    if any(
        verb.stem in words("ordering") and is_past_participle(verb.norm) and following.norm == "to"
        for verb, following in pairwise(view.tokens[mention.end : clause.deed.start])
    ):
        return True  # "airlines were told to stop"
    behind = view.tokens[mention.end : min(mention.end + 2, clause.deed.start)]
    assured = any(token.norm in ("that", "will", "would") for token in behind)
    if assured and any(h.cue in (Cue.PROMISE, Cue.REPORT) and 0 <= mention.start - h.end <= 1 for h in view.before):
        return True  # "assured Washington that", "told his Russian counterpart that", "Army tells envoys will not"
    if not any(view.tokens[k].norm == "to" for k in between):
        return any(
            h.cue is Cue.CAUSATION
            and clause.start <= h.start
            and 0 <= mention.start - h.end <= 3
            and view.tokens[h.start].stem == "let"
            for h in view.before
        )
    return any(
        h.cue in (Cue.CAUSATION, Cue.PROMISE) and clause.start <= h.start and 0 <= mention.start - h.end <= 6
        for h in view.before
    )
