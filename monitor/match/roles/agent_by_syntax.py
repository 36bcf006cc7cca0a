"""Whose deed it is where the grammar of its sentence says so, seen from the actor that a signal asks for."""

from __future__ import annotations

from monitor.match.lookup.actors import Naming
from monitor.match.roles.attribution import Agent, Hands, hands_of
from monitor.match.roles.syntactic_roles import (
    beside,
    doer_of,
    done_to,
    giver_of,
    governing_subject,
    head_of,
    is_bidden,
    is_verb,
    own_object,
    party_of,
    phrase,
)
from monitor.match.sentence.annotated_sentence import View
from monitor.match.sentence.clauses import Clause
from monitor.match.sentence.verb_groups import Form, is_passive
from monitor.syntax.tree import SUBJECTS
from monitor.text.lexicon import words


def by_grammar(view: View, clause: Clause, who: str, objects: frozenset[int]) -> Agent | None:
    """Whose deed it is, where the grammar of the sentence says so.

    Where the actor is not named, whatever others do on its ground may count.
    """
    if not any(mention.actor == who and mention.naming is Naming.NAME for mention in view.mentions):
        return None
    deed = head_of(view, clause.deed)
    doer = doer_of(view, deed)
    if doer is None:
        told = is_verb(view, deed) and clause.form not in (Form.INFINITIVE, Form.GERUND)
        return None if told else _by_giver(view, deed, who, objects)
    together = next((one for one in beside(view, deed, doer) if one is not None and one.actor == who), None)
    party = together or party_of(view, doer)
    if party is not None and party.actor == who and view.tree.labels[doer] in ("compound", "amod"):
        given = _by_giver(view, deed, who, objects)  # "Southland struck Northland targets"
        if given is not None:
            return given
    if party is not None and party.naming is Naming.NAME:
        # "Qatar flights took families out": the flights only bear a name. "Islanders left": they are what it is about.
        bears = not party.start <= doer < party.end
        is_thing = doer in objects and (bears or _is_on_its_ground(view, who))
        if party.actor != who and (is_thing or is_bidden(view, deed)):
            return None
        return hands_of(party, who, "does it")
    if party is None and view.tree.labels[deed] == "acl":
        given = _by_giver(view, doer, who, objects)  # "Southland put out a report accusing it"
        if given is not None:
            return given
    # "rebel activities targeting the south"; but an order barring trade is made by somebody.
    describes = view.tree.labels[deed] == "acl" and view.tokens[doer].stem not in words("rule")
    own = doer in view.tree.children(deed, *SUBJECTS) or describes
    if own and is_verb(view, deed) and not is_passive(view, deed) and not objects.isdisjoint(phrase(view, doer)):
        thing = own_object(view, deed, clause.deed)
        if thing is not None and objects.isdisjoint(phrase(view, thing)):
            return Agent(Hands.FOREIGN, doer, doer + 1, "its subject does it to something else")
    return None


def _by_giver(view: View, noun: int, who: str, objects: frozenset[int]) -> Agent | None:
    """ "Southland sent aid": whoever is named as the subject of its verb does what the noun tells."""
    giver = giver_of(view, noun)
    if giver is None and doer_of(view, noun) is None:
        giver = governing_subject(view, noun)
    party = party_of(view, giver) if giver is not None else None
    if party is None or party.naming is not Naming.NAME or party.actor == who:
        return None
    bears = giver in objects and not party.start <= giver < party.end
    return None if bears else hands_of(party, who, "gives it")


def _is_on_its_ground(view: View, who: str) -> bool:
    """Whether the sentence names the actor's ground: "rebels launched a raid from the capital"."""
    return any(mention.actor == who and mention.naming is Naming.CONTEXT for mention in view.mentions)


def is_done_to_it(view: View, clause: Clause, agent: Agent) -> bool:
    """ "The rebels were arrested in Southland": whoever stands near is the subject of a passive."""
    verb = head_of(view, clause.deed)
    if not is_verb(view, verb) or not view.tree.children(verb, "aux:pass"):
        return False
    subject = done_to(view, verb) if is_passive(view, verb) else None
    named = party_of(view, subject) if subject is not None else None
    return named is not None and named.start == agent.start < agent.end
