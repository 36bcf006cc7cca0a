"""The grammatical form of a deed word, as far as it decides who did it and which cues govern it."""

from __future__ import annotations

from enum import StrEnum

from monitor.match.lookup.patterns import Place
from monitor.match.sentence.annotated_sentence import (
    CHAIN,
    View,
    finite_looking,
    is_finite_past,
    is_no_longer,
    light,
    previous_word,
)
from monitor.syntax.tree import Tree
from monitor.text.lexicon import words
from monitor.text.stems import is_gerund, is_past_participle
from monitor.text.tokens import Token

_PLURAL_ENDINGS = ("tions", "ments", "ances", "ities")
NOUN_ENDINGS = ("tion", "sion", "ment", "ance", "ence", "ure", "al", "ity", "ness", "age", *_PLURAL_ENDINGS)
# Verbs, too, in spite of their ending.
_NOT_NOUNS = frozenset(
    {"mention", "question", "commence", "sentence", "advance", "finance", "experience", "ensure", "secure", "implement"}
)
# Before a word that could be a verb, these make it a noun.
_OPENS_NOUN = frozenset({"the", "a", "an", "this", "its", "their", "no", "'s"})
_PARTICLES = frozenset({"in", "up", "down", "out", "off", "back", "away", "over"})
_BEFORE_ADJECTIVE = frozenset({"DET", "ADJ", "ADP", "NUM", "VERB", "PART", "CCONJ"})
_VERBAL = frozenset({"VERB", "AUX", "ADJ"})
# Adjectives that tell what was done to somebody.
_STATES = frozenset({"present", "stuck", "unable"})
_HAVE = frozenset({"have", "has", "had", "having", "'ve", "'s", "'d"})
# Auxiliaries that a bare verb follows.
_BARE = frozenset({"will", "would", "shall", "should", "must", "may", "might", "can", "could", "do", "ought"})


class Form(StrEnum):
    """The grammatical form of a deed word, as far as it decides who did it and which cues govern it."""

    FINITE = "finite"
    BASE = "base"
    INFINITIVE = "infinitive"
    GERUND = "gerund"
    PASSIVE = "passive"
    NOMINAL = "nominal"


def form_of(view: View, deed: Place) -> Form:
    """The form of a deed, by its ending, its auxiliaries and the tree of its sentence."""
    head = view.tokens[deed.start]
    before = previous_word(view, deed.start)
    left = view.tokens[before] if before is not None else None
    auxiliaries = auxiliaries_before(view, deed.start)
    if is_gerund(head.norm):
        return _form_of_gerund(view, deed, left, auxiliaries)
    if left is not None and left.norm == "to":
        return Form.INFINITIVE
    if not auxiliaries and _is_noun(view, deed, left):
        return Form.NOMINAL
    if auxiliaries & _BARE:
        return Form.PASSIVE if is_past_participle(head.norm) and "be" in auxiliaries else Form.BASE
    if not finite_looking(head) and _shares_to(view, deed.start):
        return Form.INFINITIVE
    if not finite_looking(head) and not auxiliaries and _follows_let(view, deed.start):
        return Form.BASE
    if is_past_participle(head.norm) or head.norm in _STATES:
        return Form.PASSIVE if _is_passive(view, deed, auxiliaries) else Form.FINITE
    return Form.BASE if auxiliaries - {"have"} else Form.FINITE


def _form_of_gerund(view: View, deed: Place, left: Token | None, auxiliaries: frozenset[str]) -> Form:
    behind = view.tokens[deed.start + 1 : deed.start + 2]
    compound = len(deed.inner) > 1 and deed.end - deed.start == len(deed.inner)
    if compound and behind[0].stem not in words("preposition"):
        return Form.NOMINAL  # "training camps"
    if "be" in auxiliaries:
        return Form.FINITE
    # "the reopening", "immediate reopening of"
    named = (left is not None and left.norm in _OPENS_NOUN) or (bool(behind) and behind[0].norm == "of")
    return Form.NOMINAL if named else Form.GERUND


def _is_noun(view: View, deed: Place, left: Token | None) -> bool:
    """Whether a deed without an auxiliary is told by a noun."""
    together = deed.inner if deed.inner[-1] - deed.start < len(deed.inner) else (deed.start,)
    named = [k for k in together if view.tokens[k].stem not in words("preposition")] or [deed.start]
    place = named[-1]
    head = view.tokens[place]
    if head.norm.endswith(NOUN_ENDINGS) and head.norm not in _NOT_NOUNS and len(head.norm) > 5:
        return True
    if any(view.tokens[k].norm in _PARTICLES for k in together[1:]):
        return False  # "rein in", "call off"
    tags, left_stem = view.tree.tags, left.stem if left is not None else ""
    if is_finite_past(head) or (len(together) > 1 and tags[deed.start] == "VERB") or left_stem in words("bare_after"):
        return False  # "turned back", "made compulsory"
    # "bomber kills 13"; "land ferries": of a compound, the deed would be the noun behind.
    counted = head.norm.endswith("s") and tags[deed.end : deed.end + 1] in (("NUM",), ("DET",))
    acts = counted or (view.tree.labels[place], view.tree.heads[place]) == ("compound", deed.end)
    opened = left is not None and left.norm in _OPENS_NOUN
    opened = opened or any(token.norm in ("on", "of") for token in view.tokens[deed.end : deed.end + 1])
    return opened or (tags[place] not in _VERBAL and not acts)


def _is_passive(view: View, deed: Place, auxiliaries: frozenset[str]) -> bool:
    """Headlines drop the auxiliary: "Women banned from universities" against "Army banned women"."""
    if auxiliaries & words("passive_auxiliary") or view.tokens[deed.start].norm in _STATES:
        return True
    if "have" in auxiliaries:
        return False
    by = any(token.norm == "by" for token in view.tokens[deed.end : deed.end + CHAIN])
    tree = view.tree
    if _stands_before_noun(view, deed.start) and not _opens_noun(view, deed.start):
        return False  # "police detained dozens", whatever the tree takes it for
    return is_passive(view, deed.start) or (by and not tree.children(deed.start, "obj"))


def is_passive(view: View, verb: int) -> bool:
    """Whether a verb tells what was done to its subject; a bare participle does, as in headlines and behind a noun."""
    tree = view.tree
    if tree.is_passive(verb):
        # "convicted a man" is none, whatever its form looks like.
        return bool(tree.children(verb, "aux:pass")) or not tree.children(verb, "obj")
    if tree.forms[verb] != "VBN" or tree.children(verb, "obj"):
        return False
    shares = [verb]
    while tree.labels[shares[-1]] == "conj" and tree.heads[shares[-1]] >= 0:
        shares.append(tree.heads[shares[-1]])
    return not any(view.tokens[kid].norm in _HAVE for one in shares for kid in tree.children(one, "aux"))


def _shares_to(view: View, place: int) -> bool:
    """ "to exploit and use", "to safeguard women and protect": a bare verb that goes on with an infinitive."""
    tree: Tree = view.tree
    while tree.labels[place] == "conj" and tree.heads[place] >= 0:
        place = tree.heads[place]
        if any(kid < place and view.tokens[kid].norm == "to" for kid in tree.children(place)):
            return True
    return False


def _follows_let(view: View, place: int) -> bool:
    """ "let them leave": a bare verb that somebody lets or makes somebody do."""
    return any(token.stem in words("bare_after") for token in view.tokens[max(0, place - CHAIN) : place])


def auxiliaries_before(view: View, place: int) -> frozenset[str]:
    """Stems of the auxiliaries in the verb group that ends before ``place``."""
    found = set()
    here = place - 1
    while here >= 0 and (light(view.tokens[here]) or is_no_longer(view, here)) and view.tokens[here].norm != "to":
        if view.tokens[here].stem in words("auxiliary"):
            found.add(view.tokens[here].stem)
        here -= 1
    return frozenset(found)


def is_attribute(view: View, deed: Place, form: Form) -> bool:
    """ "freed two detained journalists", "a close relative", "made it clear that": it describes, and is no deed."""
    start, end = deed.start, deed.end
    if end - start > 1 or form is Form.INFINITIVE:
        return False
    token = view.tokens[start]
    describes = _stands_before_noun(view, start) and _opens_noun(view, start)
    if token.norm in words("also_adjective"):
        return describes or any(t.norm in ("that", "whether") for t in view.tokens[end : end + 1])
    return describes and is_past_participle(token.norm)


def _stands_before_noun(view: View, place: int) -> bool:
    return view.tree.labels[place] == "amod" and view.tree.heads[place] > place


def _opens_noun(view: View, place: int) -> bool:
    """Whether a word like "detained" follows what opens a noun: "two detained journalists", not "police detained"."""
    before = previous_word(view, place)
    if before is None or view.tokens[before].stem in words("ordering"):
        return False  # "ordered shut"
    return view.tree.tags[before] in _BEFORE_ADJECTIVE or view.tokens[before].stem in words("determiner")
