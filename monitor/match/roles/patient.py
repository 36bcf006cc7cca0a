"""Who suffers a deed: whether its subject does it to what the rule asks for, or to something else.

A rule asks what a deed is done to; a verb with an object of its own behind it is done to that.
"""

from __future__ import annotations

from monitor.match.lookup.actors import Naming
from monitor.match.sentence.annotated_sentence import View, past_amount
from monitor.match.sentence.clauses import Clause
from monitor.match.sentence.verb_groups import Form
from monitor.text.lexicon import words


def acts_itself(view: View, clause: Clause, objects: frozenset[int]) -> bool:
    """Whether what the rule asks for stands only before the verb, which then acts on something else."""
    # What a verb and its particle enclose is done to, too: "accepts the army as the lawful government".
    if clause.form is Form.NOMINAL or any(place > clause.deed.start for place in objects):
        return False
    return takes_object(view, clause, objects) or _is_of_a_place(view, clause.deed.end)


def _is_of_a_place(view: View, place: int) -> bool:
    """ "recognise Northland embassies": a place that only describes a plural noun behind it."""
    mention = view.mention_at(place) if place < len(view.tokens) else None
    if mention is None or mention.naming is not Naming.CONTEXT or mention.end >= len(view.tokens):
        return False
    noun = view.tokens[mention.end]
    return noun.is_word and noun.norm.endswith("s") and not noun.norm.endswith("ss") and noun.norm != "'s"


def takes_object(view: View, clause: Clause, objects: frozenset[int]) -> bool:
    """Whether a noun that the rule does not ask for follows the verb at once: then its subject acts."""
    after = clause.deed.end
    if after < clause.end and view.tokens[after].norm in ("their", "its", "his", "our"):
        return False
    after = past_amount(view, after)
    counted = False
    while after < clause.end and (
        view.tokens[after].stem in words("determiner") | words("adverb") | words("number")
        or view.tokens[after].norm[:1].isdigit()
    ):
        counted = view.tokens[after].stem in words("number") or view.tokens[after].norm.isdigit()
        after += 1
    if counted and (after >= clause.end or view.tokens[after].norm in ("in", "at", "near", "outside", "of")):
        return True  # "kills seven in a raid", "capture three of the towns"
    if after >= clause.end or after in objects or not view.tokens[after].is_word:
        return False
    mention = view.mention_at(after)
    if mention is not None and mention.naming is Naming.CONTEXT:
        return False  # "left the capital": a place
    token = view.tokens[after]
    closed = words("preposition") | words("coordination") | words("auxiliary") | words("pronoun") | words("boundary")
    closed |= words("complement") | {"unless"}
    return (
        token.stem not in closed
        and token.stem not in words("time") | words("measure") | {"over"}  # "closed two years ago", "travel over"
        and not token.norm.endswith("ly")
        and not any(after <= place <= after + 2 for place in objects)
    )


def is_done_to(view: View, clause: Clause, who: str) -> bool:
    """ "Troops arrest army and rebel officials": whoever stands right behind the verb does not do it."""
    behind = view.mention_at(clause.deed.end) if clause.deed.end < clause.end else None
    return behind is not None and behind.actor == who and behind.naming is Naming.NAME
