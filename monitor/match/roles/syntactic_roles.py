"""Who does what a deed tells, by the grammar of its sentence.

The subject of an active clause does it, also where the verb shares it with another one ("closed the port and left") or
takes it over ("agreed to close", "accused the army of shelling"). Of a passive it is whoever "by" names; of a noun its
owner, whoever "by" names, or a name before it ("a Southland attack").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from monitor.match.lookup.actors import Mention, Naming
from monitor.match.lookup.patterns import Place
from monitor.match.sentence.annotated_sentence import View
from monitor.match.sentence.verb_groups import is_passive
from monitor.syntax.tree import SUBJECTS, Tree
from monitor.text.cue_table import Cue
from monitor.text.lexicon import words
from monitor.text.stems import stem

_RELATIVE = frozenset({"who", "that", "which"})
# "accused it of shelling", "kept them from leaving", "praised it for opening": the object does what the gerund tells.
_OF_THE_OBJECT = frozenset({"of", "from", "for", "against"})
# Verbs of which the subject, not the object, does what the infinitive tells.
_BINDS_SUBJECT = frozenset({"promis", "vow", "threaten", "pledg"})
_OWN = frozenset({"its", "their", "his", "her"})
_ANNOUNCES = stem("announce")
_AMOUNTS = frozenset({"percent", "cent", "pc", "%"})
_AIMED_AT = frozenset({"on", "against", "at", "upon"})
# What stands behind one of these is what a clause answers.
_ANSWERS = frozenset({"over", "after", "amid", "despite", "following", "because", "before", "since", "as", "for"})
_CLAUSES = frozenset({"acl", "acl:relcl", "advcl", "ccomp", "parataxis"})
_BY, _OF = frozenset({"by"}), frozenset({"of"})
_SAME_SUBJECT = frozenset({"by", "after", "before", "while", "when", "without", "since", "despite"})
_TELLS = frozenset({Cue.REPORT, Cue.DENIAL, Cue.DEMAND, Cue.UNREAL, Cue.PROMISE, Cue.THREAT})
_CONTROLS = (Cue.DEMAND, Cue.CAUSATION, Cue.PREVENTION)
_CALLED_FOR = frozenset({"for", "on", "upon"})
_CALLED_BY = frozenset({"on", "upon", "to", "for", "with"})
_PARTS = ("flat", "compound", "nmod:poss", "amod", "appos")


class Role(StrEnum):
    """What a party is to a deed."""

    DOER = "doer"
    DONE_TO = "done to"


@dataclass(frozen=True, slots=True)
class Part:
    """The noun phrase that has a role in a deed: the token that heads it, and which role that is."""

    head: int
    role: Role


def head_of(view: View, deed: Place) -> int:
    """The word of a deed that governs the others: its verb, if it has one."""
    tree, inside = view.tree, deed.inner
    verbs = [place for place in inside if tree.tags[place] == "VERB"]
    return min(verbs or inside, key=lambda place: sum(1 for _ in tree.ancestors(place)))


def is_verb(view: View, place: int) -> bool:
    return view.tree.tags[place] == "VERB"


def doer_of(view: View, place: int) -> int | None:
    """The token that heads whoever does what the word at ``place`` tells; ``None`` where the sentence does not say."""
    if is_verb(view, place):
        return _agent_of_passive(view, place) if is_passive(view, place) else subject_of(view, place)
    return _doer_of_noun(view, place)


def done_to(view: View, verb: int) -> int | None:
    """The token that heads what an active verb is done to, or the subject of a passive one."""
    tree = view.tree
    if is_passive(view, verb):
        subject = next(iter(tree.children(verb, *SUBJECTS)), None)
        return tree.heads[verb] if subject is None and tree.labels[verb] == "acl" else subject
    return next(iter(tree.children(verb, "obj", "iobj")), None)


def subject_of(view: View, verb: int) -> int | None:
    """The token that heads the subject of a verb, its own or one that it shares or takes over."""
    tree = view.tree
    if (beside := _beside_gerund(view, verb)) is not None:
        return beside
    seen: set[int] = set()
    while verb not in seen:
        seen.add(verb)
        own = _own_subject(tree, verb)
        above, label = tree.heads[verb], tree.labels[verb]
        if own is not None:
            relative = view.tokens[own].norm in _RELATIVE and label == "acl:relcl"
            return above if relative else own
        if above < 0:
            return None
        if label in ("acl", "acl:relcl"):
            return above if label == "acl:relcl" or _is_described(view, verb, above) else None
        if label == "xcomp" or (label in ("advcl", "ccomp") and _has_no_subject(view, verb)):
            taken = _controller(view, verb, above)
            if taken is not None or not _shares_subject(view, verb):
                return taken
        elif label != "conj":
            return None
        elif tree.tags[above] != "VERB":
            # A verb goes on with a verb, even where the tree has it hang on something near that.
            above = next((place for place in tree.ancestors(above) if tree.tags[place] == "VERB"), above)
        verb = above
    return None


def _is_described(view: View, verb: int, noun: int) -> bool:
    """ "Soldiers shelling towns", but "a charge of shelling"; "pressed the army to leave", but "a plan to leave"."""
    tree = view.tree
    describes = tree.forms[verb] == "VBG" and not tree.children(verb, "mark", "case")
    asked = tree.forms[verb] == "VB" and party_of(view, noun) is not None and tree.labels[noun] == "obj"
    return describes or asked


def _beside_gerund(view: View, verb: int) -> int | None:
    """The name right before a gerund, or before its preposition: "the army shelling", "accused the army of shelling".

    What stands so near is not left to the tree, which often has such a gerund hang on something else.
    """
    if view.tree.forms[verb] != "VBG" or verb < 1:
        return None
    before = verb - 1
    if view.tokens[before].norm in _OF_THE_OBJECT and before > 0:
        before -= 1
    mention = view.mention_at(before)
    return before if mention is not None and mention.naming is Naming.NAME else None


def _own_subject(tree: Tree, verb: int) -> int | None:
    """The nearest before the verb: "UN: rebels shelled" has two; or else one behind it."""
    subjects = tree.children(verb, *SUBJECTS, "csubj")
    before = [place for place in subjects if place < verb]
    return before[-1] if before else next(iter(subjects), None)


def _shares_subject(view: View, verb: int) -> bool:
    """Whether a verb may have the subject of the one above: "after opening", but not "measures, also in closing".

    What direct speech asks for has another one: "Lift the ban, envoys tell army".
    """
    if view.tree.labels[verb] == "ccomp" and verb < view.tree.heads[verb] and view.tree.forms[verb] in ("VB", "VBP"):
        return False
    marks = {view.tokens[kid].norm for kid in view.tree.children(verb, "mark", "case")}
    return view.tree.forms[verb] != "VBG" or marks <= _SAME_SUBJECT


def _has_no_subject(view: View, verb: int) -> bool:
    return view.tree.forms[verb] in ("VBG", "VB")


def _controller(view: View, verb: int, above: int) -> int | None:
    """The object of the verb above, where that does what the lower verb tells: "ordered the army to leave"."""
    tree, tokens = view.tree, view.tokens
    called_on = _called_on(view, above)
    asked = next(iter(tree.children(above, "obj", "iobj")), called_on)
    if asked is None or not above < asked < verb or tokens[above].stem in _BINDS_SUBJECT:
        return None
    marks = {tokens[kid].norm for kid in tree.children(verb, "mark", "case")}
    if tree.forms[verb] == "VBG":
        return asked if marks & _OF_THE_OBJECT else None
    # "pressed the army to leave", but "summoned the envoy to complain"
    asks = tokens[above].stem in words("ordering") or any(
        hit.cue in _CONTROLS for hit in view.before if hit.start <= above < hit.end
    )
    # "looking for army promises to leave"
    near = asked == called_on == verb - 2 and _has_case(view, asked, _CALLED_FOR)
    return asked if asks or near or tree.labels[verb] == "xcomp" else None


def _called_on(view: View, verb: int) -> int | None:
    """The party behind a preposition that somebody else's verb turns to: "called on the army to leave"."""
    for kid in view.tree.children(verb, "obl", "nmod"):
        if _has_case(view, kid, _CALLED_BY) and party_of(view, kid) is not None:
            return kid
    return None


def _agent_of_passive(view: View, verb: int) -> int | None:
    return next((kid for kid in view.tree.children(verb, "obl:agent", "obl") if _has_case(view, kid, _BY)), None)


def _has_case(view: View, place: int, prepositions: frozenset[str]) -> bool:
    return any(view.tokens[case].norm in prepositions for case in view.tree.children(place, "case"))


def is_bidden(view: View, verb: int) -> bool:
    """Whether whoever does it was made to by somebody else: "ordered the agencies to dismiss", "were told to leave"."""
    tree = view.tree
    above = tree.heads[verb]
    while above >= 0 and tree.labels[verb] == "conj":
        verb, above = above, tree.heads[above]
    if above < 0 or tree.labels[verb] not in ("xcomp", "advcl", "ccomp") or tree.forms[verb] != "VB":
        return False
    if tree.labels[verb] == "ccomp":
        # The tree may take "ordered the agencies to dismiss" for a clause of its own.
        return any(view.tokens[kid].norm == "to" for kid in tree.children(verb))
    return is_passive(view, above) or _controller(view, verb, above) is not None


def own_object(view: View, verb: int, deed: Place) -> int | None:
    """The token that heads what an active verb is done to, if that is something else than its subject.

    It stands right behind the verb. An amount is no such thing ("fell 95 per cent"), nor is what belongs to the subject
    ("the schools opened their gates") or to the deed itself ("have a place").
    """
    tree = view.tree
    thing = done_to(view, verb)
    if thing is None or thing in deed.inner or thing < verb:
        return None
    inside = phrase(view, thing)
    if any(
        tree.tags[place] not in ("ADV", "PART") and place not in deed.inner for place in range(verb + 1, inside.start)
    ):
        return None
    owned = any(view.tokens[kid].norm in _OWN for kid in tree.children(thing, "nmod:poss"))
    amount = tree.tags[thing] in ("NUM", "SYM") or view.tokens[thing].norm in _AMOUNTS
    return None if owned or amount else thing


def _doer_of_noun(view: View, noun: int) -> int | None:
    tree = view.tree
    for kid in tree.children(noun, "nmod:poss"):
        return kid
    for kid in tree.children(noun, "nmod", "obl:agent"):
        if _has_case(view, kid, _BY):
            return kid
    for kid in tree.children(noun, "compound", "amod"):
        if kid < noun and view.mention_at(kid) is not None:
            return kid
    return None


def is_in_clause(view: View, deed: Place, places: Iterable[int]) -> bool:
    """Whether words stand in the clause of a deed itself, and not in another one that hangs on it or holds it."""
    tree, head = view.tree, head_of(view, deed)
    return all(
        place in deed.inner or not any(tree.labels[step] in _CLAUSES for step in (*tree.path(place, head)[0][:-1],))
        for place in places
    )


def giver_of(view: View, noun: int) -> int | None:
    """The token that heads the subject of the verb that a noun of deed is the object of: "sent aid", "launched a raid".

    Not where the verb speaks of somebody else's deed ("condemned the raid"), undoes it or suffers it ("faces raids").
    """
    tree = view.tree
    while tree.labels[noun] in ("compound", "conj") or (tree.labels[noun] == "nmod" and _is_told_of(view, noun)):
        noun = tree.heads[noun]
    verb = tree.heads[noun]
    object_of = tree.labels[noun] == "obj" or (tree.labels[noun] == "obl" and _has_case(view, noun, _AIMED_AT))
    if verb < 0 or tree.tags[verb] != "VERB" or not object_of:
        return None
    if _only_speaks(view, verb):
        return None
    # Whoever is only to do it may be somebody else: "called on the army to launch raids".
    unsure = is_passive(view, verb) or tree.forms[verb] == "VB"
    return None if unsure else subject_of(view, verb)


def governing_subject(view: View, noun: int) -> int | None:
    """The token that heads the subject of the clause that holds a noun of deed: "the Union gave much for road aid".

    Not where the clause speaks of the deed, suffers it or answers it ("froze its projects over the ban").
    """
    tree, tokens = view.tree, view.tokens
    place = noun
    for above in tree.ancestors(noun):
        if any(tokens[kid].norm in _ANSWERS for kid in tree.children(place, "case", "mark", "advmod")):
            return None
        acts = tree.tags[above] == "VERB"
        if _only_speaks(view, above, _TELLS if acts else frozenset({Cue.DEMAND})):
            return None  # "condemned the raid", "gave the army a deadline to leave"
        if acts:
            if is_passive(view, above):
                return None
            subject = _own_subject(tree, above)
            if subject is not None or tree.labels[above] == "acl:relcl":
                return subject if subject is not None and subject < noun else None
        place = above
    return None


def _only_speaks(view: View, verb: int, classes: frozenset[Cue] = frozenset(Cue)) -> bool:
    """Whether a verb tells of somebody else's deed, undoes it or suffers it: "condemned the raid", "faces raids"."""
    cues = any(hit.start <= verb < hit.end and hit.cue in classes for hit in view.before)
    return (cues and view.tokens[verb].stem != _ANNOUNCES) or view.tokens[verb].stem in words("suffering")


def _is_told_of(view: View, noun: int) -> bool:
    """Whether a noun stands behind another one that it goes on with: "a wave of arrests", "an attack on targets"."""
    return _has_case(view, noun, _AIMED_AT | {"of"})


def party_of(view: View, head: int) -> Mention | None:
    """The party that a noun phrase names: by its head, or by a name that stands with it ("Southland's army")."""
    tree = view.tree
    mention = view.mention_at(head)
    if mention is not None:
        return mention
    for kid in tree.children(head, *_PARTS):
        found = view.mention_at(kid) or (party_of(view, kid) if tree.labels[kid] != "appos" else None)
        if found is not None:
            return found
    for kid in tree.children(head, "nmod"):
        if _has_case(view, kid, _OF):
            return party_of(view, kid)
    # "Westland armed forces": the tree may take the name for a second subject.
    before = phrase(view, head).start - 1
    beside = view.mention_at(before) if before >= 0 else None
    both = before >= 0 and tree.labels[before] in SUBJECTS and tree.labels[head] in SUBJECTS
    return beside if beside is not None and both and tree.heads[before] == tree.heads[head] else None


def beside(view: View, verb: int, doer: int) -> Iterator[Mention | None]:
    """The parties that do it together with whoever is named: "the army and the police agreed"."""
    tree = view.tree
    subjects = [place for place in tree.children(verb, "nsubj") if place < doer]
    joined = [place for place in subjects if any(t.norm == "and" for t in view.tokens[place:doer])]
    return (party_of(view, place) for place in (*joined, *tree.children(doer, "conj")) if place < verb)


def phrase(view: View, head: int) -> range:
    """The tokens of a noun phrase, without the clauses that hang on it."""
    tree: Tree = view.tree
    first = last = head
    stack = [head]
    while stack:
        for kid in tree.children(stack.pop()):
            if tree.labels[kid] in ("det", "amod", "compound", "flat", "nmod:poss", "nummod", "case", "conj"):
                first, last = min(first, kid), max(last, kid)
                stack.append(kid)
    return range(first, last + 1)


def is_named(mention: Mention | None) -> bool:
    return mention is not None and mention.naming is Naming.NAME
