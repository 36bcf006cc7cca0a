"""The clause around a deed: where it begins and ends, and what form the deed has.

Clauses are found from closed word classes alone; there is no parser to download and the answer never changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from monitor.match.actors import Mention
from monitor.match.patterns import Place
from monitor.text.lexicon import Cue, CueHit, words
from monitor.text.sentences import Sentence
from monitor.text.stems import is_gerund, is_irregular_past, is_past_participle
from monitor.text.tokens import Token

_NOUN_ENDINGS = ("tion", "sion", "ment", "ance", "ence", "ure", "al", "ity", "ness", "age", "tions", "ments", "ances")
# Verbs, too, in spite of their ending.
_NOT_NOUNS = frozenset(
    {"mention", "question", "commence", "sentence", "advance", "finance", "experience", "ensure", "secure", "implement"}
)
# What may follow a passive participle at once.
_OPENS = frozenset({"from", "by", "in", "at", "until", "for", "to", "on", "under", "without", "with", "inside"})
# How many words may stand between a cue and what it governs.
NEAR, CHAIN, FAR = 4, 8, 28
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


@dataclass(frozen=True, slots=True)
class View:
    """A sentence with everything about it that does not depend on a signal."""

    sentence: Sentence
    mentions: tuple[Mention, ...]
    before: tuple[CueHit, ...]
    after: tuple[CueHit, ...]
    by_place: Mapping[int, Mention]

    @property
    def tokens(self) -> tuple[Token, ...]:
        return self.sentence.tokens

    def mention_at(self, place: int) -> Mention | None:
        return self.by_place.get(place)

    def cues_at(self, place: int) -> tuple[CueHit, ...]:
        return tuple(hit for hit in self.before if hit.start == place)


@dataclass(frozen=True, slots=True)
class Clause:
    """A deed in its clause: tokens ``[start, end)`` of the sentence.

    ``skipped`` are tokens of parentheses inside it; ``shared`` tells that the deed is coordinated with an earlier
    verb; ``relative`` that it stands in a relative clause.
    """

    deed: Place
    form: Form
    start: int
    end: int
    skipped: frozenset[int]
    shared: int | None
    relative: bool


def is_boundary(view: View, place: int) -> bool:
    """Whether a clause ends at this token, commas and coordination aside."""
    token = view.tokens[place]
    if not token.is_word:
        return token.norm in words("marks")
    if is_gerund(token.norm) and place and view.tokens[place - 1].norm == ",":
        return any(hit.cue is Cue.REPORT for hit in view.cues_at(place))  # "..., adding that"
    if token.norm == "as":
        if place + 1 < len(view.tokens) and view.tokens[place + 1].norm in ("well", "part", "saying"):
            return False
        return not any(token.stem in words("taken_as") for token in view.tokens[max(0, place - 8) : place])
    return token.stem in words("boundary")


def light(token: Token) -> bool:
    """A word that may stand inside a verb group without being its subject or object."""
    return (
        token.stem in words("auxiliary")
        or token.stem in words("adverb")
        or token.norm in ("to", "not", '"', "'")
        or (token.norm.endswith("ly") and len(token.norm) > 4)
    )


def previous_word(view: View, place: int) -> int | None:
    """The nearest token to the left that is no adverb, negation or quotation mark."""
    here = place - 1
    while here >= 0:
        token = view.tokens[here]
        adverb = token.stem in words("adverb") or (token.norm.endswith("ly") and len(token.norm) > 4)
        if not adverb and token.norm not in ('"', "'"):
            return here
        here -= 1
    return None


def form_of(view: View, deed: Place, subjects: frozenset[int]) -> Form:
    """The form of a deed; ``subjects`` are tokens known to name its object or its actor."""
    tokens = view.tokens
    head = tokens[deed.start]
    before = previous_word(view, deed.start)
    left = tokens[before] if before is not None else None
    if left is not None and left.norm == "to" and not is_gerund(head.norm):
        return Form.INFINITIVE
    auxiliaries = auxiliaries_before(view, deed.start)
    compound = len(deed.inner) > 1 and deed.end - deed.start == len(deed.inner)
    if compound and is_gerund(head.norm) and tokens[deed.start + 1].stem not in words("preposition"):
        return Form.NOMINAL  # "training camps"
    if is_gerund(head.norm):
        if "be" in auxiliaries:
            return Form.FINITE
        return Form.NOMINAL if left is not None and (left.norm in ("the", "a", "'s")) else Form.GERUND
    if _is_noun(view, deed, left, before, auxiliaries, subjects):
        return Form.NOMINAL
    if auxiliaries & _BARE:
        return Form.PASSIVE if is_past_participle(head.norm) and "be" in auxiliaries else Form.BASE
    if not auxiliaries and not finite_looking(head) and _follows_let(view, deed.start):
        return Form.BASE
    if is_past_participle(head.norm) or head.norm in ("present", "stuck", "unable"):
        passive = auxiliaries & words("passive_auxiliary")
        if passive:
            return Form.PASSIVE
        if "have" in auxiliaries:
            return Form.FINITE
        return Form.PASSIVE if _reads_as_passive(view, deed, before, subjects) else Form.FINITE
    return Form.BASE if auxiliaries - {"have"} else Form.FINITE


def _follows_let(view: View, place: int) -> bool:
    """ "let them leave": a bare verb that somebody lets or makes somebody do."""
    return any(token.stem in words("bare_after") for token in view.tokens[max(0, place - CHAIN) : place])


def auxiliaries_before(view: View, place: int) -> frozenset[str]:
    """Stems of the auxiliaries in the verb group that ends before ``place``."""
    found = set()
    here = place - 1
    while here >= 0 and light(view.tokens[here]) and view.tokens[here].norm != "to":
        if view.tokens[here].stem in words("auxiliary"):
            found.add(view.tokens[here].stem)
        here -= 1
    return frozenset(found)


def _is_noun(
    view: View,
    deed: Place,
    left: Token | None,
    before: int | None,
    auxiliaries: frozenset[str],
    subjects: frozenset[int],
) -> bool:
    head = view.tokens[deed.inner[-1] if deed.inner[-1] - deed.start < len(deed.inner) else deed.start]
    following = view.tokens[deed.end] if deed.end < len(view.tokens) else None
    if head.norm.endswith(_NOUN_ENDINGS) and head.norm not in _NOT_NOUNS and len(head.norm) > 5 and not auxiliaries:
        return True
    if (
        view.tokens[deed.end - 1].norm in ("on", "of")
        and len(deed.inner) > 1
        and not finite_looking(view.tokens[deed.start])
    ):
        return not auxiliaries  # "a ban on"
    if is_finite_past(head) or auxiliaries & (_BARE | {"have"}):
        return False
    if left is None:
        return following is not None and following.norm in ("on", "of", "against")
    if left.norm == "'s" or left.stem in words("determiner"):
        return True
    if following is not None and following.norm in ("on", "of") and len(deed.inner) == 1:
        return True
    if left.norm in (
        "of",
        "on",
        "by",
        "for",
        "against",
        "with",
        "about",
        "from",
        "despite",
        "over",
        "after",
        "under",
        "in",
    ):
        return not is_gerund(head.norm)
    if before is None or not left.is_word:
        return False
    if view.mention_at(before) is not None:
        behind = following is not None and following.stem in words("preposition") and following.norm != "to"
        return behind and head.norm.endswith("s") and not head.norm.endswith("ss")  # "guerrilla attacks from"
    plural = left.norm.endswith("s") or left.norm in ("women", "people", "men", "children", "police")
    third_person = head.norm.endswith("s") and not head.norm.endswith("ss")
    closed = left.stem in words("pronoun") | words("relative") | words("organ") | words("coordination")
    return not (plural or third_person or closed or left.stem in words("complement") | words("boundary")) and bool(
        before in subjects
    )


def _reads_as_passive(view: View, deed: Place, before: int | None, subjects: frozenset[int]) -> bool:
    """Headlines drop the auxiliary: "Women banned from universities" against "Taliban banned women"."""
    tokens = view.tokens
    after = deed.end
    if len(deed.inner) > 1 and tokens[deed.end - 1].norm in _OPENS:
        after = deed.end - 1  # "barred from"
    while after < len(tokens) and (
        tokens[after].stem in words("adverb") or tokens[after].norm.endswith("ly") or tokens[after].norm in ('"', "'")
    ):
        after += 1
    if after < len(tokens):
        token = tokens[after]
        opens = token.norm in _OPENS
        if token.is_word and not opens and not is_boundary(view, after) and token.stem not in words("coordination"):
            return False
    if before is None:
        return True
    mention = view.mention_at(before)
    return mention is None or before in subjects


def is_attribute(view: View, clause: Clause, things: frozenset[int]) -> bool:
    """ "freed two detained journalists", "must release jailed writers": a participle that only describes its noun."""
    start, end = clause.deed.start, clause.deed.end
    tokens = view.tokens
    if (
        clause.form is not Form.FINITE
        or end - start > 1
        or not is_past_participle(tokens[start].norm)
        or end not in things
    ):
        return False
    if start == 0 or auxiliaries_before(view, start):
        return False
    left = tokens[start - 1]
    opens = words("determiner") | words("preposition") | words("number")
    if left.norm[:1].isdigit() or (left.stem in opens and left.norm != "that"):
        return True
    known = view.mention_at(start - 1) or start - 1 in things or left.stem in words("organ") | words("pronoun")
    if (
        known
        or start < 2
        or not left.is_word
        or left.stem in words("adverb") | words("relative") | words("coordination")
    ):
        return False
    before = tokens[start - 2]
    verb = before.norm == "to" or before.stem in words("auxiliary")
    third_person = left.norm.endswith("s") and (view.mention_at(start - 2) is not None or before.stem in words("organ"))
    return verb or third_person


def clause_around(view: View, deed: Place, subjects: frozenset[int]) -> Clause:
    """The clause of a deed."""
    form = form_of(view, deed, subjects)
    start, skipped, shared, relative = _clause_start(view, deed, form)
    end = deed.end
    while end < len(view.tokens) and not is_boundary(view, end):
        end += 1
    return Clause(deed, form, start, end, skipped, shared, relative)


def _clause_start(view: View, deed: Place, form: Form) -> tuple[int, frozenset[int], int | None, bool]:
    tokens = view.tokens
    skipped: set[int] = set()
    shared: int | None = None
    edge = deed.start
    here = deed.start - 1
    while here >= 0:
        token = tokens[here]
        if token.norm == "," or (token.stem in words("coordination") and token.is_word):
            if not all(light(tokens[k]) for k in range(here + 1, edge)):
                listed = view.mention_at(here - 1) is not None and edge - here <= 3  # "the army and police banned"
                if (
                    listed
                    or _is_inside_a_list(view, form, here + 1, edge)
                    or (shared is not None and form is Form.FINITE)
                ):
                    here -= 1
                    continue
                if not _opens_with_bare_verb(view, here + 1):
                    break
                shared = edge = here
                here -= 1
                continue
            comma = _parenthesis_start(view, here) if token.norm == "," and form is not Form.BASE else None
            if comma is not None:
                skipped.update(range(comma, here + 1))
                here = edge = comma
            elif token.norm == "," and form in (Form.FINITE, Form.PASSIVE) and finite_looking(tokens[deed.start]):
                break
            else:
                shared = here if shared is None else shared
                edge = here
        elif token.stem in words("relative") and not (here and tokens[here - 1].norm in ("of", "in", "on")):
            return here, frozenset(skipped), shared, True
        elif is_boundary(view, here):
            opening = next((hit for hit in view.before if hit.start <= here < hit.end), None)
            return (opening.start if opening else here + 1), frozenset(skipped), shared, False
        here -= 1
    return here + 1, frozenset(skipped), shared, False


def _is_inside_a_list(view: View, form: Form, start: int, edge: int) -> bool:
    """Whether the words after a comma or an "and" belong to a list of nouns and not to a clause of their own.

    A clause of its own has a finite verb; before an infinitive or a noun there can only be more of the same list.
    """
    if form is Form.INFINITIVE:
        return view.tokens[start].norm[:1].isdigit() or edge - start <= CHAIN
    inside = range(start, edge)
    if edge - start > NEAR + 1 or any(view.tokens[k].stem in words("auxiliary") for k in inside):
        return False
    return form is Form.BASE or (form is Form.NOMINAL and not any(view.mention_at(k) for k in inside))


def finite_looking(token: Token) -> bool:
    return is_finite_past(token) or (token.norm.endswith("s") and not token.norm.endswith("ss"))


def _opens_with_bare_verb(view: View, place: int) -> bool:
    """ "must allow passage, prevent attacks ...": a bare verb after a comma goes on with the list of what must be."""
    while place < len(view.tokens) and (view.tokens[place].norm == "and" or light(view.tokens[place])):
        place += 1
    verbs = (Cue.PREVENTION, Cue.REVERSAL, Cue.FAILURE, Cue.CAUSATION)
    return any(hit.cue in verbs for hit in view.cues_at(place)) and not finite_looking(view.tokens[place])


def is_finite_past(token: Token) -> bool:
    """Whether a word can be a verb in the past."""
    return token.norm.endswith("ed") or is_irregular_past(token.norm)


def _parenthesis_start(view: View, closing: int) -> int | None:
    """The comma that opens a parenthesis closed at ``closing`` ("The Taliban, who had promised so, banned ...")."""
    tokens = view.tokens
    for here in range(closing - 2, max(-1, closing - 22), -1):
        if tokens[here].norm == ",":
            first = tokens[here + 1]
            opens = first.stem in words("relative") | words("preposition") | words("boundary") | words("determiner")
            return here if here > 0 and (opens or is_gerund(first.norm) or is_past_participle(first.norm)) else None
    return None
