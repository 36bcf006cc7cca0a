"""The clause around a deed: where it begins and ends."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.match.lookup.patterns import Place
from monitor.match.sentence.annotated_sentence import (
    CHAIN,
    View,
    finite_looking,
    is_boundary,
)
from monitor.match.sentence.condition_lists import condition_list
from monitor.match.sentence.verb_groups import Form, form_of
from monitor.syntax.tree import SUBJECTS
from monitor.text.cue_table import Cue, CueHit
from monitor.text.lexicon import words
from monitor.text.stems import is_gerund

# "..., the army said in a statement on Monday": what may follow a verb that speaks about all that went before.
_TAIL = 8
_VERBAL = frozenset({"VERB", "AUX", "ADJ"})
_ADVERBIAL = frozenset({"acl", "acl:relcl", "advcl"})
# Clauses inside another one that tell something of their own.
_ASIDE = _ADVERBIAL | {"parataxis"}
# Modals that go on to govern a bare verb behind a comma.
_MODALS = frozenset({"will", "would", "shall", "should", "must", "may", "might", "can", "could"})


@dataclass(frozen=True, slots=True)
class Clause:
    """A deed in its clause: tokens ``[start, end)`` of the sentence.

    ``skipped`` are tokens of parentheses inside it; ``shared`` tells that the deed is coordinated with an earlier
    verb; ``relative`` that it stands in a relative clause; ``asked`` is the noun of a list of conditions that holds it.
    """

    deed: Place
    form: Form
    start: int
    end: int
    skipped: frozenset[int]
    shared: int | None
    relative: bool
    asked: int | None = None


def clause_around(view: View, deed: Place) -> Clause:
    """The clause of a deed."""
    form = form_of(view, deed)
    start, skipped, shared, relative = _clause_start(view, deed)
    asked = condition_list(view)
    if asked is not None and asked.start > deed.start:
        asked = None
    if asked:  # each thing on the list stands for itself
        start = max(start, asked.start, 1 + (_joint(view, asked.start, deed.start) or 0))
    if form is Form.FINITE and shared is not None and not finite_looking(view.tokens[deed.start]):
        modal = any(token.norm in _MODALS for token in view.tokens[start:shared])
        asks = [h.end for h in view.before if h.cue is Cue.DEMAND and start <= h.start < shared]
        bidden = any(token.norm == "to" for token in view.tokens[asks[0] : shared]) if asks else False
        form = Form.BASE if modal or bidden else form  # "will make a break, crack down", "asked it to go, and free us"
    end = deed.end
    while end < len(view.tokens) and not is_boundary(view, end):
        end += 1
    return Clause(deed, form, start, end, skipped, shared, relative, asked.noun if asked else None)


@dataclass(frozen=True, slots=True)
class _Climb:
    """The way from a deed up to the word that heads its clause, and what was met on it."""

    way: tuple[int, ...]
    shared: int | None
    relative: bool


def _clause_start(view: View, deed: Place) -> tuple[int, frozenset[int], int | None, bool]:
    """Where the clause begins, the tokens of other clauses inside it, the comma or "and" that joins the deed to an
    earlier verb, and whether it is a relative clause."""
    tree, end = view.tree, deed.start
    climb = _climb(view, end)
    head = climb.way[-1]
    # The tree of a headline is not sure enough to part it.
    whole = view.sentence.line == 0 and tree.labels[head] in ("root", "conj", "parataxis")
    first = 0 if whole else tree.span(head)[0]
    start = next((_past(view, k) for k in range(end - 1, first - 1, -1) if is_boundary(view, k)), first)
    if start == end and tree.labels[head] == "advcl":
        # "No aid until the army withdraws": the tree has lost its subject.
        start = next((_past(view, k) for k in range(end - 1, -1, -1) if is_boundary(view, k)), start)
    skipped: set[int] = set()
    for place in range(start, end):
        low, high = tree.span(place)
        aside = tree.labels[place] in _ASIDE or _opens_sentence(view, place)
        if aside and place not in climb.way and not low <= end < high:
            skipped.update(range(max(low, start), min(high, end)))
    opening = next((k for k in range(start, end) if view.tokens[k].is_word), end)
    relative = climb.relative or view.tokens[opening].stem in words("relative")
    return start, frozenset(skipped), climb.shared, relative


def _climb(view: View, deed: int) -> _Climb:
    """Up the tree from a deed, as far as its clause goes: through what a verb asks for, lets happen or goes on with."""
    tree = view.tree
    way, shared = [deed], None
    while tree.heads[way[-1]] >= 0:
        place = way[-1]
        label, above = tree.labels[place], tree.heads[place]
        if label == "acl:relcl" and view.tokens[_first_word(view, place)].norm != "that":
            return _Climb(tuple(way), shared, relative=True)
        if label == "advcl" and _is_apart(view, place, deed):
            break
        if label in ("conj", "parataxis"):
            own = any(subject < deed for subject in tree.children(place, *SUBJECTS))
            if (own and tree.tags[place] in _VERBAL) or (label == "parataxis" and tree.forms[place] != "VB"):
                break
            if shared is None and tree.tags[above] in ("VERB", "AUX"):
                shared = _joint(view, above, min(place, deed))
        way.append(above)
    return _Climb(tuple(way), shared, relative=False)


def _past(view: View, boundary: int) -> int:
    """Where a clause begins that a boundary opens; a cue may be one or hold one: "unless they leave", "say when"."""
    return next((hit.start for hit in view.before if hit.start <= boundary < hit.end), boundary + 1)


def _opens_sentence(view: View, place: int) -> bool:
    """ "After many attempts to end the war, the army shelled": what leads up to the clause."""
    low, high = view.tree.span(place)
    return (
        view.tree.labels[place] == "obl" and low == 0 and any(t.norm == "," for t in view.tokens[high - 1 : high + 1])
    )


def _is_apart(view: View, verb: int, deed: int) -> bool:
    """Whether an adverbial clause tells something of its own: "..., closing roads", "after the army closed roads".

    "From leaving", "to leave" and "say when they leave" only complete the verb above; what goes on after what is still
    to be done is still to be done: "asked it to lift the ban, allowing women to work".
    """
    tree = view.tree
    above, first = tree.heads[verb], _first_word(view, verb)
    marks = [kid for kid in tree.children(verb) if kid < deed and tree.labels[kid] in ("mark", "case")]
    opening = [kid for kid in marks if view.tokens[kid].stem in words("boundary")]
    if opening:
        return opening[0] - 1 != above
    to = view.tokens[verb - 1].norm == "to"
    completes = to or bool(marks)
    gerund = tree.forms[verb] == "VBG"
    behind_comma = gerund and any(view.tokens[k].norm == "," for k in range(max(0, first - 1), first))
    return not completes and (behind_comma or not gerund) and not (gerund and tree.forms[above] == "VB")


def _first_word(view: View, head: int) -> int:
    low, high = view.tree.span(head)
    return next((k for k in range(low, high) if view.tokens[k].is_word), head)


def _joint(view: View, first: int, second: int) -> int | None:
    """The last comma, "and" or "or" between two verbs."""
    joints = [k for k in range(first + 1, second) if view.tokens[k].norm in (",", "and", "or")]
    return joints[-1] if joints else None


def _below(view: View, deed: Place, place: int) -> tuple[int, ...]:
    """The words from ``place`` up to the deed, where it hangs on it; none where it does not."""
    way = (place, *view.tree.ancestors(place))
    return way[: way.index(deed.start)] if deed.start in way else ()


def is_outside(view: View, clause: Clause, hit: CueHit) -> bool:
    """Whether a cue behind the deed speaks about the whole clause ("..., the army denies")."""
    if _says_what_came_of_it(view, clause, hit) or _takes_something_else(view, hit):
        return False
    marks = [k for k in range(clause.deed.end, hit.start) if view.tokens[k].norm in (",", ":", "-", '"')]
    if not marks or any(view.tokens[k].norm == "that" for k in range(marks[-1], hit.start)):
        return False  # "..., a move that threatens to": it only describes what went before
    behind = next((k for k in range(hit.end, len(view.tokens)) if not view.tokens[k].is_word), len(view.tokens))
    far = behind - hit.end > _TAIL or hit.start - marks[-1] > _TAIL + 4
    if far or _opens_its_own_clause(view, hit, marks[-1]):
        return False
    # "the army, which left the talks, has promised aid": an auxiliary alone goes on with the subject before the comma
    own_subject = any(
        view.tokens[k].is_word and view.tokens[k].stem not in words("auxiliary")
        for k in range(marks[-1] + 1, hit.start)
    )
    inverted = hit.cue is Cue.REPORT and view.tokens[hit.start - 1].norm == '"'  # '...," said the general'
    return own_subject or inverted or any(hit.end <= m.start <= hit.end + 2 for m in view.mentions)


def _says_what_came_of_it(view: View, clause: Clause, hit: CueHit) -> bool:
    """ "..., raising fears of a war"; "protesters demanding"; "..., denying the rebels a seat": it hangs on the deed,
    only describes somebody, or is done besides."""
    below, tree = _below(view, clause.deed, hit.start), view.tree
    if any(tree.labels[step] in _ADVERBIAL and not tree.children(step, *SUBJECTS) for step in below):
        return True
    if not is_gerund(view.tokens[hit.start].norm) or view.tokens[hit.start].norm == "according":
        return False
    before, behind = view.tokens[hit.start - 1], view.tokens[hit.end : hit.end + 1]
    return before.is_word or (bool(behind) and behind[0].is_word and before.norm == ",")


def _takes_something_else(view: View, hit: CueHit) -> bool:
    """ "..., while others denied the presence of rebels", "..., and fears a new influx", "..., urged the army to"."""
    behind = [token.norm for token in view.tokens[hit.end : hit.end + CHAIN]]
    if hit.cue is Cue.DENIAL:
        return behind[:1] == ["the"] and "of" in behind
    if hit.cue is Cue.UNREAL:
        return bool(behind) and view.tokens[hit.end].stem in words("determiner")
    return hit.cue is Cue.DEMAND and "to" in behind[1:5]


def _opens_its_own_clause(view: View, hit: CueHit, mark: int) -> bool:
    """ "..., as Washington vows to", "..., which is essential to farming"."""
    opens = view.tokens[mark + 1]
    if hit.cue is not Cue.REPORT and opens.is_word and opens.stem in words("boundary"):
        return True
    return hit.cue is Cue.DEMAND and opens.stem in words("relative") and hit.start == mark + 2
