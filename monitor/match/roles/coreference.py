"""Whom a word that only points back stands for: "they", "we", the subject of a relative clause."""

from __future__ import annotations

from monitor.match.lookup.actors import Mention, Naming
from monitor.match.roles.attribution import Agent, Hands, Surroundings, hands_of, placed
from monitor.match.sentence.annotated_sentence import NEAR, View
from monitor.match.sentence.clauses import Clause
from monitor.text.cue_table import Cue, CueHit
from monitor.text.lexicon import words


def of_pronoun(view: View, clause: Clause, place: int, who: str, around: Surroundings) -> Agent:
    """Whom "they" means: the actor if the sentence names it before, or else who was named last."""
    earlier = [m for m in view.mentions if m.end <= place and m.start <= clause.start + 1 and m.naming is Naming.NAME]
    own = [m for m in earlier if m.actor == who] or _asked_of(view, place)
    named = own[-1] if own else (around.last_named or (earlier[-1] if earlier else None))
    if named is None:
        return placed(view, clause, who, around, "a pronoun that names nobody")
    agent = hands_of(named, who, "is who the pronoun means")
    return Agent(agent.hands, place, place + 1, agent.reason)


def _asked_of(view: View, pronoun: int) -> list[Mention]:
    """ "assurances from the army that it will": it means whoever gives them."""
    mention = view.mention_at(pronoun - 2) if pronoun > 1 and view.tokens[pronoun - 1].norm == "that" else None
    before = [token.norm for token in view.tokens[max(0, mention.start - 2) : mention.start]] if mention else []
    return [mention] if mention is not None and ("from" in before or "of" in before) else []


def of_first_person(view: View, clause: Clause, place: int, who: str, around: Surroundings) -> Agent:
    """ "We stop nobody, the army says": whoever is named beside it says so of himself."""
    behind = [m for m in view.mentions if m.start >= clause.deed.end and m.naming is Naming.NAME]
    before = [m for m in view.mentions if m.end <= place and m.naming is Naming.NAME]
    says = [h for h in view.after if h.cue is Cue.REPORT]
    beside = before or [m for m in behind if any(_speaks(view, m, hit) for hit in says)][:1] or behind
    named = beside[-1] if beside else around.last_named
    if named is None:
        return Agent(Hands.FOREIGN, place, place + 1, "whoever speaks here is not named")
    agent = hands_of(named, who, "is who speaks")
    return Agent(agent.hands, place, place + 1, agent.reason)


def _speaks(view: View, mention: Mention, hit: CueHit) -> bool:
    """Whether a name stands beside a verb of saying, with no mark between: "the army's chief said", "said the army"."""
    first, second = sorted(((mention.start, mention.end), (hit.start, hit.end)))
    between = view.tokens[first[1] : second[0]]
    return len(between) <= NEAR and all(token.is_word for token in between)


def of_relative(view: View, clause: Clause, who: str, objects: frozenset[int], around: Surroundings) -> Agent:
    """Whom a relative clause is about: the nearest name before it."""
    for here in range(clause.start - 1, max(-1, clause.start - 10), -1):
        mention = view.mention_at(here)
        if mention is not None and here not in objects:
            if mention.actor == who:
                return placed(view, clause, who, around, "the clause is about its ground")
            return hands_of(mention, who, "is whom the clause is about")
        if here in objects or view.tokens[here].stem in words("organ"):
            break
    return placed(view, clause, who, around, "nobody else is named as doing it")
