"""From an item to what it says of the conditions.

For each sentence and each signal that could stand in it: find the deed and what it is done to, see whose deed it is,
apply the cues that govern it, and note every step, so that ``monitor explain`` can show the reasoning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from monitor.match.discourse.announced import without_announced
from monitor.match.discourse.appeals import find_appeals
from monitor.match.discourse.denials import find_answers
from monitor.match.discourse.overtaken import without_overtaken
from monitor.match.lookup.compiled import CompiledRules
from monitor.match.sentence.annotated_sentence import View
from monitor.match.sentence.verb_groups import Form
from monitor.match.signal_reader import NearMiss, sight
from monitor.model import Finding, Item, Pair, Span, Stance
from monitor.text.language import language_of
from monitor.text.sentences import Sentence, sentence_spans

# Why a finding gives way to another one about the same deed, in the headline or below it.
_TWICE = {
    Stance.FULFILMENT: "a headline tells it as done, the text only promises it",
    Stance.THREAT: "the text announces it, the headline tells it as done",
}


@dataclass(frozen=True, slots=True)
class Readout:
    """All that was found in an item; ``shadowed`` findings gave way to others of the same condition."""

    findings: tuple[Finding, ...] = ()
    shadowed: tuple[Finding, ...] = ()
    near_misses: tuple[NearMiss, ...] = ()

    @property
    def evidence(self) -> list[Finding]:
        """The findings that claim something; a mention claims nothing."""
        return [finding for finding in self.findings if finding.stance is not Stance.MENTION]

    @property
    def pairs(self) -> frozenset[Pair]:
        """The condition and stance of every piece of evidence."""
        return frozenset((finding.condition, finding.stance) for finding in self.evidence)


def read_item(rules: CompiledRules, item: Item, closely: bool = False) -> Readout:
    """What ``item`` says of the conditions. A signal and stance count once an item, at their first place.

    Read ``closely``, the near misses include deeds in hands that the rules do not ask for; the findings are the same.
    """
    body = item.body
    foreign = _in_other_languages(rules, item)
    candidates = rules.candidates_in_any_hands(body) if closely else rules.candidates(body)
    if not candidates:
        return Readout(tuple(foreign))
    sentences = _sentences(body)
    words = [rules.words_in(sentence.text) for sentence in sentences]
    findings: list[Finding] = []
    near_misses: list[NearMiss] = []
    for ruleset in {compiled.ruleset.ruleset: None for compiled in candidates}:
        actors = rules.actors[ruleset]
        views = [
            View(sentence, actors, not rules.name_words.isdisjoint(here))
            for sentence, here in zip(sentences, words, strict=True)
        ]
        own = [compiled for compiled in candidates if compiled.ruleset.ruleset == ruleset]
        sightings = [
            sight(compiled, item, views, number)
            for compiled in own
            for number, here in enumerate(words)
            if compiled.deeds.can_stand_in(here)
        ]
        read = [finding for sighting in sightings for finding in sighting.findings]
        addressee, issuer = own[0].ruleset.addressee, own[0].ruleset.issuer
        findings += read
        findings += find_answers(item, views, read, addressee)
        findings += find_appeals(item, views, read, addressee, issuer)
        near_misses += (near_miss for sighting in sightings for near_miss in sighting.near_misses)
    current = without_overtaken(findings, body, candidates)
    meant = without_announced(current, item, candidates)
    specific = _most_specific(meant)
    kept = _first_of_each([*specific, *foreign])
    found = {(f.ruleset, f.condition, f.signal) for f in kept if f.stance is not Stance.MENTION}
    near = [n for n in dict.fromkeys(near_misses) if (n.ruleset, n.condition, n.signal) not in found]
    near += [
        _told_of(one, "it was so before: the item tells that it was reversed") for one in findings if one not in current
    ]
    near += [_told_of(one, _TWICE[one.stance]) for one in current if one not in meant]
    shadowed = [finding for finding in findings if finding not in specific]
    return Readout(tuple(kept), tuple(shadowed), tuple(near))


def _told_of(finding: Finding, missing: str) -> NearMiss:
    return NearMiss(finding.ruleset, finding.condition, finding.signal, finding.quote, missing)


def _in_other_languages(rules: CompiledRules, item: Item) -> list[Finding]:
    """What signals in the item's language find; where its language cannot be told, those of every language look."""
    if not rules.foreign:
        return []
    language = language_of(item.body)
    signals = rules.foreign.get(language, []) if language else [s for listed in rules.foreign.values() for s in listed]
    return [finding for signal in signals for finding in signal.find(item)]


def _sentences(body: str) -> list[Sentence]:
    """The sentences of a text; one that stands there again word for word is not read again."""
    seen: set[str] = set()
    out = []
    for start, end, line in sentence_spans(body):
        text = body[start:end]
        if text not in seen:
            seen.add(text)
            out.append(Sentence(start, end, line, text))
    return out


def _most_specific(findings: Sequence[Finding]) -> list[Finding]:
    """Where signals of one condition find the same deed, the most specific ones are meant.

    A longer phrase that says something else wins ("will not recognise" over "recognise"), and so does a signal that
    names more of what the deed is done to.
    """
    beside: dict[tuple[str, str, Span], list[Finding]] = {}
    for finding in findings:
        beside.setdefault((finding.ruleset, finding.condition, finding.span), []).append(finding)
    return [
        finding
        for group in beside.values()
        for finding in group
        if not any(_is_more_specific(other, finding) for other in group)
    ]


def _is_more_specific(one: Finding, other: Finding) -> bool:
    deed, other_deed = set(one.deed), set(other.deed)
    objects, other_objects = (sum(step.role == "object" for step in finding.steps) for finding in (one, other))
    if one.stance is not other.stance:
        # "become a safe haven": the noun of the one is what the verb of the other already tells of
        told = _is_noun(other) and not _is_noun(one) and not other_deed.isdisjoint(set(one.words) - deed)
        return (told or other_deed < deed) and one.stance is not Stance.MENTION
    return objects > other_objects and not deed.isdisjoint(other_deed)


def _is_noun(finding: Finding) -> bool:
    return any(step.role == "deed" and step.note == Form.NOMINAL for step in finding.steps)


def _first_of_each(findings: Sequence[Finding]) -> list[Finding]:
    kept: dict[tuple[str, str, str, Stance], Finding] = {}
    for finding in sorted(findings, key=lambda f: f.span.start):
        kept.setdefault((finding.ruleset, finding.condition, finding.signal, finding.stance), finding)
    return list(kept.values())
