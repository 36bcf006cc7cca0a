"""Lists of what somebody asks for: "five conditions: free passage; no haven for rebels", "its benchmarks include"."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.match.sentence.annotated_sentence import CHAIN, View
from monitor.text.lexicon import words

# So far behind its noun, in words, a list may be opened by a colon: "conditions on which the bloc will engage:".
_COLON = 12
# Behind "its conditions are" one of these tells how they stand, and not what they are.
_HOW_THEY_STAND = frozenset({"not", "met", "unmet", "fulfilled", "dire", "clear", "unclear", "no"})


@dataclass(frozen=True, slots=True)
class ConditionList:
    """The noun that calls it one (a token), and the token that its first item begins with."""

    noun: int
    start: int


def condition_list(view: View) -> ConditionList | None:
    """The list of conditions in a sentence, if it holds one."""
    tokens = view.tokens
    for noun, token in enumerate(tokens):
        plural = token.norm.endswith(("s", "a"))
        if not plural or not (_is_set(view, noun) if token.stem in words("asked_for") else _is_recalled(view, noun)):
            continue
        for place in range(noun + 1, min(len(tokens) - 1, noun + _COLON)):
            here = tokens[place]
            near = place <= noun + CHAIN
            if here.norm == "," and tokens[place + 1].norm == "including":
                continue
            if here.norm == ":" or (near and here.stem == "includ"):
                return ConditionList(noun, place + 1)
            if near and here.norm in ("are", "were"):
                return None if tokens[place + 1].norm in _HOW_THEY_STAND else ConditionList(noun, place + 1)
            if not here.is_word or here.norm in ("that", "to") or here.stem in words("boundary"):
                break  # "demands that women are allowed" is a verb with a clause
    return None


def _is_set(view: View, noun: int) -> bool:
    """Whether somebody sets these conditions: "its five conditions", "conditions for"; not "conditions in the camp"."""
    tokens = view.tokens
    before = tokens[max(0, noun - 3) : noun]
    counted = any(t.norm.isdigit() or t.stem in words("number") or t.norm in ("'s", "its", "their") for t in before)
    behind = tokens[noun + 1].norm if noun + 1 < len(tokens) else ""
    return counted or tokens[noun].stem != "condit" or behind in ("for", "set", "laid")


def _is_recalled(view: View, noun: int) -> bool:
    """ "those commitments include": what somebody was held to before."""
    demonstrative = noun > 0 and view.tokens[noun - 1].norm in ("those", "these", "such")
    return demonstrative and view.tokens[noun].stem in words("held_to")
