"""What people would otherwise use: a keyword alert with polarity words, to measure against (``evaluate --baseline``).

An item bears on a condition when a word of ``does`` and one of every ``what`` list stand anywhere in it together with
the addressee's name or place; a cue word anywhere decides the stance. No sentences, no scopes, no agents.
"""

from __future__ import annotations

from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Item, Pair, Stance
from monitor.rules.ruleset import ANYONE
from monitor.text.cue_table import Cue, cue_table
from monitor.text.tokens import tokenise

_FLIPPED = {Stance.FULFILMENT: Stance.BREACH, Stance.BREACH: Stance.FULFILMENT}
_WORDS = ((Cue.DENIAL, Stance.DENIAL), (Cue.DEMAND, Stance.DEMAND), (Cue.PROMISE, Stance.PLEDGE))


def keyword_pairs(rules: CompiledRules, item: Item) -> frozenset[Pair]:
    """The pairs that a keyword alert made from ``rules`` would raise for ``item``."""
    tokens = tokenise(item.body)
    cues = {hit.cue for hit in cue_table().find(tokens, "before")}
    out: set[Pair] = set()
    for compiled in rules.candidates(item.body):
        named = {mention.actor for mention in rules.actors[compiled.ruleset.ruleset].mentions(tokens)}
        if compiled.who != ANYONE and compiled.who not in named:
            continue
        if not all(next(part.find(tokens), None) for part in (compiled.deeds, *compiled.groups)):
            continue
        stance = compiled.signal.stance
        if cues & {Cue.REVERSAL, Cue.FAILURE}:
            stance = _FLIPPED.get(stance, stance)
        stance = next((word for cue, word in _WORDS if cue in cues), stance)
        if stance is not Stance.MENTION:
            out.add((compiled.condition, stance))
    return frozenset(out)
