"""The grammatical form of a deed word, as far as it decides who did it and which cues govern it."""

from __future__ import annotations

from enum import StrEnum

from monitor.match.lookup.patterns import Place
from monitor.match.sentence.annotated_sentence import (
    CHAIN,
    NEAR,
    View,
    finite_looking,
    is_boundary,
    is_finite_past,
    is_no_longer,
    light,
    past_amount,
    previous_word,
)
from monitor.text.cue_table import Cue
from monitor.text.lexicon import words
from monitor.text.stems import is_gerund, is_past_participle
from monitor.text.tokens import Token

_ENDINGS_IN_THE_PLURAL = ("tions", "ments", "ances", "ities")
NOUN_ENDINGS = ("tion", "sion", "ment", "ance", "ence", "ure", "al", "ity", "ness", "age", *_ENDINGS_IN_THE_PLURAL)
# Verbs, too, in spite of their ending.
_NOT_NOUNS = frozenset(
    {"mention", "question", "commence", "sentence", "advance", "finance", "experience", "ensure", "secure", "implement"}
)
# These end like plurals.
_SHORT = frozenset({"as", "its", "his", "this", "us", "is", "was", "has", "'s"})
# What may follow a passive participle at once.
_OPENS = frozenset({"from", "by", "in", "at", "until", "for", "to", "on", "under", "without", "with", "inside"})
# Words of a deed that begins with "no" by which it is a clause, and no thing that is not there.
_OF_A_CLAUSE = frozenset({"to", "is", "are", "has", "have", "of", "can"})
# Before a name, these make the word behind it a noun.
_ONE_MORE = frozenset({"a", "an", "another", "new"})
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


def form_of(view: View, deed: Place, subjects: frozenset[int]) -> Form:
    """The form of a deed; ``subjects`` are tokens known to name its object or its actor."""
    tokens = view.tokens
    head = tokens[deed.start]
    before = previous_word(view, deed.start)
    left = tokens[before] if before is not None else None
    if left is not None and left.norm == "to" and not is_gerund(head.norm):
        return Form.INFINITIVE
    if before is not None and left is not None and left.norm in ("and", "or") and _follows_infinitive(view, before):
        return Form.FINITE if finite_looking(head) or is_gerund(head.norm) else Form.INFINITIVE
    bare = not finite_looking(head) and not is_gerund(head.norm)
    if bare and before is not None and tokens[before].norm == "and" and _goes_on_with_to(view, before):
        return Form.INFINITIVE
    auxiliaries = auxiliaries_before(view, deed.start)
    compound = len(deed.inner) > 1 and deed.end - deed.start == len(deed.inner)
    if compound and is_gerund(head.norm) and tokens[deed.start + 1].stem not in words("preposition"):
        return Form.NOMINAL  # "training camps"
    if is_gerund(head.norm):
        if "be" in auxiliaries:
            return Form.FINITE
        named = left is not None and (left.norm in ("the", "a", "'s") or _is_described(view, before, deed.end))
        return Form.NOMINAL if named else Form.GERUND
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


def _is_described(view: View, before: int | None, behind: int) -> bool:
    """ "the immediate reopening of": a gerund with an article, an adjective and an "of" is a noun."""
    article = before is not None and before > 0 and view.tokens[before - 1].norm in ("the", "a", "an")
    return article and behind < len(view.tokens) and view.tokens[behind].norm == "of"


def _follows_infinitive(view: View, place: int) -> bool:
    """ "to exploit and use": a bare verb coordinated with an infinitive."""
    return place >= 2 and view.tokens[place - 2].norm == "to"


def _goes_on_with_to(view: View, place: int) -> bool:
    """ "to safeguard women and protect": an infinitive with its object stands before the "and"."""
    stretch = range(max(0, place - NEAR - 1), place)
    opened = next((k for k in stretch if view.tokens[k].norm == "to"), None)
    return opened is not None and not any(
        is_boundary(view, k) or view.tokens[k].norm == "," or view.mention_at(k) for k in range(opened, place)
    )


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


def _is_noun(
    view: View,
    deed: Place,
    left: Token | None,
    before: int | None,
    auxiliaries: frozenset[str],
    subjects: frozenset[int],
) -> bool:
    together = deed.inner if deed.inner[-1] - deed.start < len(deed.inner) else (deed.start,)
    named = [view.tokens[k] for k in together if view.tokens[k].stem not in words("preposition")]  # "action against"
    head = (named or [view.tokens[deed.start]])[-1]
    following = view.tokens[deed.end] if deed.end < len(view.tokens) else None
    if head.norm.endswith(NOUN_ENDINGS) and head.norm not in _NOT_NOUNS and len(head.norm) > 5 and not auxiliaries:
        return True
    if head.stem in words("only_noun") and not auxiliaries:
        return True
    verbs = _OF_A_CLAUSE & {token.norm for token in view.tokens[deed.start : deed.end]}
    if view.tokens[deed.start].norm == "no" and not verbs and not is_no_longer(view, deed.start):
        return True  # "no rebels"; not "no plans to"
    undone = any(h.cue is Cue.REVERSAL and h.end == deed.start and h.end - h.start == 1 for h in view.before)
    onto = view.tokens[deed.end - 1].norm in ("on", "of")
    if undone and len(deed.inner) > 1 and (onto or not finite_looking(view.tokens[deed.start])):
        return True  # "end child labour", "lift bans on"
    if view.tokens[deed.start].norm.endswith("tions") and not auxiliaries:
        return True  # "exemptions from"
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
    if left.norm == "that" and head.norm.endswith("s") and not head.norm.endswith("ss"):
        return False  # "a rule that allows"
    if left.norm == "that" and deed.start > 1 and view.tokens[deed.start - 2].stem in words("organ"):
        return False  # "laws that ban women"
    if left.norm == "'s" or left.stem in words("determiner") or _is_owned(view, deed.start):
        return True
    if following is not None and following.norm in ("on", "of") and len(deed.inner) == 1:
        return True
    one_from = following is not None and following.norm == "from" and len(deed.inner) == 1
    acts = one_from and any(finite_looking(token) for token in view.tokens[deed.end + 1 : deed.end + NEAR])
    if acts and not left.norm.endswith("s"):
        return True  # "rocket strike from the north kills three"
    if left.stem in words("seeking") and finite_looking(left):
        return not is_gerund(head.norm)  # "wants guarantees that"
    if left.stem in words("takes_a_word"):
        return not is_gerund(head.norm)
    if left.stem in words("before_noun"):
        return not is_gerund(head.norm)
    if before is None or not left.is_word:
        return False
    if not finite_looking(head) and _follows_let(view, deed.start):
        return False  # "will not let anyone use its soil"
    if _is_qualified(view, deed.start):
        return True
    if (name := view.mention_at(before)) is not None:
        opening = [token.norm for token in view.tokens[max(0, name.start - 2) : name.start]]
        if not _ONE_MORE.isdisjoint(opening):
            return True  # "an army law says", "comply with a new army order"
        behind = following is not None and following.stem in words("preposition") and following.norm != "to"
        return behind and head.norm.endswith("s") and not head.norm.endswith("ss")  # "guerrilla attacks from"
    plural = left.norm.endswith("s") or left.stem in words("person")
    third_person = head.norm.endswith("s") and not head.norm.endswith("ss")
    closed = left.stem in words("pronoun") | words("relative") | words("organ") | words("coordination")
    return not (plural or third_person or closed or left.stem in words("complement") | words("boundary")) and bool(
        before in subjects
    )


def _is_owned(view: View, place: int) -> bool:
    """ "by Norway's travel ban": a noun behind an owner and one word that qualifies it and can be no subject."""
    owner, qualifies = view.tokens[max(0, place - 2) : place][:1], view.tokens[place - 1]
    subject = qualifies.norm.endswith("s") or qualifies.stem in words("organ") | words("person") | words("adverb")
    owned = bool(owner) and owner[0].norm == "'s" and qualifies.is_word and not finite_looking(view.tokens[place])
    return owned and not subject and qualifies.stem not in words("auxiliary")


def _is_qualified(view: View, place: int) -> bool:
    """ "a base for foreign terrorist attacks": only words that qualify a noun stand between it and its preposition."""
    for here in range(place - 1, max(-1, place - NEAR), -1):
        token = view.tokens[here]
        if token.stem in words("before_noun") or token.stem in words("takes_a_word"):
            return here < place - 1
        qualifies = token.is_word and (view.mention_at(here) is None or token.stem in words("armed"))
        if not qualifies or finite_looking(token) or token.stem in words("auxiliary") | words("person"):
            return False
    return False


def _reads_as_passive(view: View, deed: Place, before: int | None, subjects: frozenset[int]) -> bool:
    """Headlines drop the auxiliary: "Women banned from universities" against "Army banned women"."""
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
        counts = past_amount(view, after) > after  # "killed at least five"
        opens = (token.norm in _OPENS and not counts) or token.stem in words("time")
        if token.is_word and not opens and not is_boundary(view, after) and token.stem not in words("coordination"):
            return False
    if before is not None and tokens[before].norm in ("that", "who", "which") and before > 0:
        return False  # "a bomb that killed"
    if before is None or any(token.norm == "by" for token in tokens[after : after + CHAIN]):
        return True
    mention = view.mention_at(before)
    return mention is None or before in subjects


def _tells_what(view: View, place: int) -> bool:
    """ "made it clear that", "it is not clear whether": an adjective with a clause behind it."""
    behind = view.tokens[place + 1].norm if place + 1 < len(view.tokens) else ""
    before = view.tokens[max(0, place - 3) : place]
    clause = behind in ("that", "whether", "if", "who", "why", "how")
    return clause and any(token.stem in words("bare_after") | words("auxiliary") for token in before)


def _is_plural(view: View, place: int) -> bool:
    """A noun that ends like a plural."""
    norm = view.tokens[place].norm if place < len(view.tokens) else ""
    return norm.endswith("s") and not norm.endswith("ss") and norm not in _SHORT


def is_attribute(view: View, deed: Place, form: Form, things: frozenset[int]) -> bool:
    """ "freed two detained journalists", "must release jailed writers", "a close relative": it describes its noun."""
    start, end = deed.start, deed.end
    tokens = view.tokens
    if end - start == 1 and tokens[start].stem in words("also_adjective") and _tells_what(view, start):
        return True
    if (
        end - start == 1
        and tokens[start].norm in words("also_adjective")
        and end not in things
        and _is_plural(view, end)
    ):
        return True  # "clear assurances"
    if form is Form.NOMINAL and end - start == 1 and tokens[start].stem in words("also_adjective"):
        before = previous_word(view, start)
        describes = before is not None and tokens[before].norm in ("a", "the")
        while end < len(tokens) and tokens[end].norm in ("'", '"'):
            end += 1
        return describes and end < len(tokens) and tokens[end].is_word
    if form is not Form.FINITE or end - start > 1 or not is_past_participle(tokens[start].norm) or end not in things:
        return False
    if start == 0 or auxiliaries_before(view, start):
        return False
    left = tokens[start - 1]
    opens = words("determiner") | words("preposition") | words("number")
    if left.norm[:1].isdigit() or left.norm == "'s" or (left.stem in opens and left.norm != "that"):
        return True
    known = view.mention_at(start - 1) or start - 1 in things or left.stem in words("organ") | words("pronoun")
    if (
        known
        or start < 2
        or not left.is_word
        or left.stem in words("adverb") | words("relative") | words("coordination")
    ):
        return False
    second = tokens[start - 2]
    verb = second.norm == "to" or second.stem in words("auxiliary")
    third_person = left.norm.endswith("s") and (view.mention_at(start - 2) is not None or second.stem in words("organ"))
    return verb or third_person
