"""Who suffers a deed: whether its subject does it to what the rule asks for, or to something else.

A rule asks what a deed is done to; a verb with an object of its own behind it is done to that.
"""

from __future__ import annotations

from monitor.match.lookup.actors import Naming
from monitor.match.sentence.annotated_sentence import CHAIN, NEAR, View, past_amount
from monitor.match.sentence.clauses import Clause
from monitor.match.sentence.verb_groups import NOUN_ENDINGS, Form
from monitor.text.lexicon import words
from monitor.text.stems import is_gerund


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


def makes_a_rule(view: View, clause: Clause, objects: frozenset[int]) -> bool:
    """ "approves a law barring women from parks": what is behind the rule is done by the rule, not by who makes it."""
    if clause.form in (Form.PASSIVE, Form.NOMINAL) or not objects:
        return False
    first = min(objects)
    near = range(clause.deed.end, min(first, clause.deed.end + NEAR + 2))
    behind = 1 + next((k for k in near if view.tokens[k].stem in words("rule")), first)
    opens = view.tokens[behind : behind + 1] if behind < first else []
    return any(token.norm in ("that", "which", "to") or is_gerund(token.norm) for token in opens)


def is_done_to_others(view: View, clause: Clause, objects: frozenset[int]) -> bool:
    """ "a rebel strike that killed ten soldiers", "rebel activities targeting the south": the subject of a clause of
    its own, which does it to something else.
    """
    start = clause.deed.start
    before = view.tokens[start - 1] if start else None
    relative = clause.form is Form.FINITE and before is not None and before.norm in ("that", "who")
    describes = clause.form is Form.GERUND and before is not None and before.norm.endswith(NOUN_ENDINGS)
    end = clause.deed.end
    whose = relative and end < len(view.tokens) and view.tokens[end].norm == "our"  # "rebels who kill our soldiers"
    takes = whose or takes_object(view, clause, objects)
    return (relative or describes) and all(place < start for place in objects) and takes


def has_counted_subject(view: View, clause: Clause, objects: frozenset[int]) -> bool:
    """ "a rebel attack that left dozens killed": those who are counted right before a participle suffer it."""
    before = view.tokens[clause.deed.start - 1] if clause.deed.start else None
    counted = before is not None and (before.stem in words("number") or before.norm.isdigit())
    return clause.form is Form.PASSIVE and counted and all(place < clause.deed.start - 1 for place in objects)


def is_done_to(view: View, clause: Clause, who: str) -> bool:
    """ "Troops arrest army and rebel officials": whoever stands right behind the verb does not do it."""
    behind = view.mention_at(clause.deed.end) if clause.deed.end < clause.end else None
    return behind is not None and behind.actor == who and behind.naming is Naming.NAME


def suffers(view: View, clause: Clause, subject_ends: int) -> bool:
    """ "Agencies have faced curbs": between subject and noun stands a verb of bearing, so others do what it names."""
    between = view.tokens[max(subject_ends, clause.deed.start - CHAIN) : clause.deed.start]
    return any(token.stem in words("suffering") for token in between)
