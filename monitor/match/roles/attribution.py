"""In whose hands a deed lies: an actor's own, its ground, somebody else's, or nobody's."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from monitor.match.lookup.actors import Mention
from monitor.match.sentence.annotated_sentence import CHAIN, Names, View
from monitor.match.sentence.clauses import Clause, is_outside
from monitor.match.sentence.verb_groups import Form
from monitor.text.cue_table import Cue
from monitor.text.lexicon import bodies, words

# Stems of what opens the cause of something.
_CAUSES = (["due", "to"], ["becaus", "of"], ["result", "from"], ["link", "to"], ["caus", "by"], ["trigger", "by"])


class Hands(StrEnum):
    """Whose deed it is, as seen from the actor that a signal asks for."""

    OWN = "own"
    PLACED = "placed"
    FOREIGN = "foreign"
    NOWHERE = "nowhere"


@dataclass(frozen=True, slots=True)
class Agent:
    """The verdict, the tokens that name the agent (empty when it is only placed), and the reason in words."""

    hands: Hands
    start: int
    end: int
    reason: str


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the whole item and the sentences before contribute: the actor of a pronoun, and whose ground it is.

    ``things`` are tokens that could fill a ``what`` of the signal, ``earlier`` the sentences before, the last one last;
    ``home`` is the addressee, on whose ground every other actor of the ruleset may act.
    """

    last_named: Mention | None
    names: Names
    things: frozenset[int] = frozenset()
    earlier: tuple[View, ...] = ()
    home: str = ""


def hands_of(mention: Mention, who: str, how: str) -> Agent:
    """Whose hands a named doer's are, seen from actor ``who``."""
    own = mention.actor == who
    return Agent(Hands.OWN if own else Hands.FOREIGN, mention.start, mention.end, how)


def placed(view: View, clause: Clause, who: str, around: Surroundings, why: str) -> Agent:
    """Nobody else does it: it counts if the report lies in the actor's hands."""
    if who not in around.names:
        return Agent(Hands.NOWHERE, 0, 0, "nothing places the report in the actor's hands")
    end = _told_where(view, clause)
    start = _after_who_asks(view, clause)
    near = [m for m in view.mentions if start <= m.start < end and not _is_body(view, m)]
    for mention in near:
        if mention.actor not in (who, around.home) and _causes(view, clause, mention):
            return Agent(Hands.FOREIGN, mention.start, mention.end, "somebody else caused it")
    own = any(m.actor == who for m in near)
    behind = clause.deed.end + (view.tokens[min(clause.deed.end, clause.end - 1)].stem in words("preposition"))
    if any(m.actor == who and m.start == behind and m.start in around.things for m in near):
        return Agent(Hands.PLACED, 0, 0, why)  # "flew out of the capital and got asylum in Lisbon"
    leaves = any(m.actor == who and _is_left(view, m) for m in near)
    for mention in near:
        place = mention.start - 1
        if place > 0 and view.tokens[place].norm in ("a", "an", "the"):
            place -= 1
        before = view.tokens[place] if mention.start else None
        particle = place in clause.deed.inner  # "rein in the rebels"
        at_place = before is not None and before.stem in words("place") and not particle
        if mention.actor not in (who, around.home) and (
            (at_place and mention.start > clause.start and not leaves) or (not own and _describes(view, mention))
        ):
            return Agent(Hands.FOREIGN, mention.start, mention.end, "it happened on other ground")
    return Agent(Hands.PLACED, 0, 0, why)


def _causes(view: View, clause: Clause, mention: Mention) -> bool:
    """ "stranded due to a Southland decree", "approved for Southland visas": what another did or gives."""
    before = [token.stem for token in view.tokens[max(clause.deed.end, mention.start - CHAIN) : mention.start]]
    while before and before[-1] in words("determiner") | words("adverb") | {"recent", "new"}:
        before.pop()
    thing = mention.end < len(view.tokens) and view.tokens[mention.end].is_word
    given = clause.form is Form.PASSIVE and before == ["for"]
    return thing and (given or before[-2:] in _CAUSES)


def _after_who_asks(view: View, clause: Clause) -> int:
    """Where the clause goes on behind whoever asks: "the Iranian minister asked the group to" is told of no Iran."""
    asked = [h.end for h in view.before if h.cue is Cue.DEMAND and clause.start < h.start < clause.deed.start]
    to = bool(asked) and any(token.norm == "to" for token in view.tokens[asked[0] : clause.deed.start])
    return asked[0] if to else clause.start


def _is_left(view: View, mention: Mention) -> bool:
    """ "A flight out of the capital landed in Lisbon": who comes from its ground was there, wherever he arrives."""
    before = [token.norm for token in view.tokens[max(0, mention.start - 2) : mention.start]]
    return before[-1:] == ["from"] or before == ["out", "of"]


def _told_where(view: View, clause: Clause) -> int:
    """Where the clause ends, or whoever tells of it begins: "the roads are open, the army told envoys in Lisbon"."""
    for comma in range(clause.deed.end, clause.end):
        follows = range(comma + 1, comma + 6)
        if view.tokens[comma].norm == "," and any(
            hit.cue is Cue.REPORT and hit.start in follows and is_outside(view, clause, hit) for hit in view.after
        ):
            return comma
    return clause.end


def _is_body(view: View, mention: Mention) -> bool:
    """ "in UN offices": nothing happens on the ground of a body without land."""
    return tuple(token.norm for token in view.tokens[mention.start : mention.end]) in bodies()


def _describes(view: View, mention: Mention) -> bool:
    """Whether the name stands as an adjective before a noun ("Iranian women"), and so says where we are."""
    if mention.end >= len(view.tokens) or (
        mention.start and view.tokens[mention.start - 1].norm in ("to", "for", "by")
    ):
        return False
    following = view.tokens[mention.end]
    return (
        following.is_word
        and following.stem not in words("preposition") | words("auxiliary")
        and (view.tokens[mention.end - 1].norm.endswith(("an", "ian", "i", "ish", "ese", "ch")))
    )
