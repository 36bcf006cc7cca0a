"""A denial that points back: "The army rejected the report as propaganda."

What is contested stands in a sentence before, or earlier in the same one ("..., a charge the army denies"); the denial
itself holds no word of any signal.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from monitor.match.lookup.actors import Mention, Naming
from monitor.match.sentence.annotated_sentence import View, is_boundary, light
from monitor.model import Asserter, Finding, Item, Span, Stance, Step
from monitor.text.cue_table import Cue, cue_table
from monitor.text.lexicon import words
from monitor.text.tokens import Token

# How many sentences back the contested report may stand, and how many words behind the denying verb it is named.
_BACK, _REACH = 2, 4
# "rejected the report on the harvest": a report with its own subject is not the one before.
_OWN_SUBJECT = frozenset({"of", "on", "about", "that", "by", "from", "to"})
_POINTING = frozenset({"it", "this", "that"})


def find_answers(item: Item, views: Sequence[View], findings: Sequence[Finding], addressee: str) -> Iterator[Finding]:
    """The denials in ``item`` of breaches that somebody other than ``addressee`` reports before them.

    ``findings`` are those of one ruleset. A sentence in which a denial was found already answers for itself.
    """
    charges = [finding for finding in findings if _is_charge(finding)]
    for number, view in enumerate(views if charges else ()):
        charged = [told_in(before, charges) for before in reversed(views[max(0, number - _BACK) : number + 1])]
        contested = next(filter(None, charged), None)
        if contested is None or any(f.stance is Stance.DENIAL for f in told_in(view, findings)):
            continue
        told = max(deed.end for finding in contested for deed in finding.deed)  # offsets in the item's body
        said = _contests(view, addressee, told)
        if said is not None:
            yield from (_denial(item, view, said, finding) for finding in contested)


def points_back(token: Token) -> bool:
    """Whether a word before its subject names what was said: "..., *which* the army denies", "..., a *charge*"."""
    return token.norm == "which" or token.stem in words("charge")


def _is_charge(finding: Finding) -> bool:
    return finding.stance is Stance.BREACH and finding.asserted_by is not Asserter.ADDRESSEE


def told_in(view: View, findings: Iterable[Finding]) -> list[Finding]:
    """Those of ``findings`` that are of this sentence."""
    return [finding for finding in findings if finding.span.start == view.sentence.start]


def _contests(view: View, addressee: str, told: int) -> tuple[Mention, int, int] | None:
    """Who contests what ends at offset ``told``, the place of the verb, and that of the word that points back."""
    for place, token in enumerate(view.tokens):
        if token.start < told:
            continue
        denies = any(hit.cue is Cue.DENIAL for hit in view.cues_at(place))
        if not denies and token.stem not in words("called"):
            continue
        speaker = _subject(view, place, addressee)
        if speaker is None:
            continue
        before = _pointing_before(view, speaker)
        pointing = _pointing_back(view, place) if before is None else before
        if pointing is None:
            continue
        if denies or any(t.stem in cue_table().contesting for t in view.tokens[pointing + 1 : pointing + 1 + _REACH]):
            return speaker, place, pointing
    return None


def _subject(view: View, verb: int, addressee: str) -> Mention | None:
    """The addressee, or its seat ("Rome rejects"), as the subject of the verb; ``None`` where the verb is negated."""
    low = verb
    while low > 0 and not is_boundary(view, low - 1):
        low -= 1
    if any(low <= hit.start < verb and hit.cue in (Cue.NEGATION, Cue.FAILURE, Cue.DEMAND) for hit in view.before):
        return None
    named = [mention for mention in view.mentions if low <= mention.start < verb]
    if not named or named[-1].actor != addressee:
        return None
    subject = named[-1]
    opens = subject.start == low or _pointing_before(view, subject) is not None
    alone = opens and all(light(token) for token in view.tokens[subject.end : verb])
    return subject if subject.naming is Naming.NAME or alone else None


def _pointing_before(view: View, subject: Mention) -> int | None:
    place = subject.start - 1
    if place > 0 and view.tokens[place].norm == "the":
        place -= 1
    return place if place >= 0 and points_back(view.tokens[place]) else None


def _pointing_back(view: View, verb: int) -> int | None:
    for place in range(verb + 1, min(verb + 1 + _REACH, len(view.tokens))):
        token = view.tokens[place]
        following = view.tokens[place + 1].norm if place + 1 < len(view.tokens) else ""
        if token.stem in words("charge"):
            return None if following in _OWN_SUBJECT else place
        if token.norm in _POINTING and following in ("", ".", ",", "as"):
            return place
        if is_boundary(view, place) or token.norm == ",":
            return None
    return None


def _denial(item: Item, view: View, said: tuple[Mention, int, int], contested: Finding) -> Finding:
    mention, verb, pointing = said
    tokens, sentence = view.tokens, view.sentence
    who = Span(tokens[mention.start].start, tokens[mention.end - 1].end)
    denying, pointed = (Span(tokens[k].start, tokens[k].end) for k in (verb, pointing))
    steps = (
        Step("deed", pointed.of(item.body), pointed, f"what was said before: “{contested.quote}”"),
        Step("cue", denying.of(item.body), denying, f"{Cue.DENIAL.value} over “{pointed.of(item.body)}”"),
        Step("speaker", who.of(item.body), who, Asserter.ADDRESSEE.value),
    )
    return replace(
        contested,
        stance=Stance.DENIAL,
        asserted_by=Asserter.ADDRESSEE,
        speaker=who.of(item.body),
        quote=item.body[sentence.start : sentence.end],
        span=Span(sentence.start, sentence.end),
        deed=(pointed,),
        words=(denying, pointed),
        steps=steps,
    )
