"""Signals in other languages: the deed and its objects in one sentence, in any script.

The engine knows cue words only in English, so what it finds in another language is taken as it stands: the stance is
the signal's own. A word listed under ``unless`` (a promise, a denial, "not") in the sentence makes it no finding.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from monitor.match.lookup.patterns import expand
from monitor.model import Asserter, Finding, Item, Span, Step
from monitor.rules.ruleset import ANYONE, Ruleset, Signal
from monitor.text.language import is_unspaced, plain, stem_of
from monitor.text.sentences import sentence_spans

# Latin apostrophes part words ("l'école"); in other scripts words keep whatever stands in them.
_BREAKS = re.compile(r"[\s'\u2019\u00b4/\u2010-\u2015-]+")
_ENDS = re.compile(r"(?<=[\u061f\u06d4\u3002\u0964\uff01\uff1f])")


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    plain: str
    stem: str


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A pattern: words by stem, or in double quotes by their plain form; in unspaced scripts the text as it stands."""

    text: str
    words: tuple[str, ...]
    exact: bool


class ForeignSignal:
    """A signal of another language, ready to be looked for in sentences of that language."""

    def __init__(self, ruleset: Ruleset, condition: str, signal: Signal) -> None:
        self.ruleset, self.condition, self.signal = ruleset.ruleset, condition, signal
        terms = ruleset.terms
        self._deeds = _phrases(expand(signal.does, terms), signal.lang)
        self._groups = [
            _phrases(expand((entry,) if isinstance(entry, str) else entry, terms), signal.lang) for entry in signal.what
        ]
        self._unless = _phrases(expand(signal.unless, terms), signal.lang)
        actor = ruleset.actors.get(signal.who or ruleset.addressee)
        hands = (*actor.names, *actor.context) if actor and signal.who != ANYONE else ()
        self._hands = _phrases(hands, signal.lang)

    def find(self, item: Item) -> Iterator[Finding]:
        """The first sentence of the item in which the signal stands."""
        body = item.body
        all_words = _words_of(body, 0, len(body), self.signal.lang)
        if self._hands and next(_places(body, all_words, self._hands), None) is None:
            return
        for start, end in _sentences(body):
            words = [word for word in all_words if start <= word.start < end]
            if next(_places(body[:end], words, self._unless, start), None) is not None:
                continue
            found = [next(_places(body[:end], words, part, start), None) for part in (self._deeds, *self._groups)]
            spans = tuple(span for span in found if span is not None)
            if len(spans) == len(found):
                yield self._finding(body, Span(start, end), spans)
                return

    def _finding(self, body: str, sentence: Span, spans: tuple[Span, ...]) -> Finding:
        signal = self.signal
        steps = [Step("deed", spans[0].of(body), spans[0], f"in {signal.lang}")]
        steps += [Step("object", span.of(body), span, f"in {signal.lang}") for span in spans[1:]]
        steps.append(Step("note", "", None, f"taken as it stands: no cue words are known in {signal.lang}"))
        return Finding(
            ruleset=self.ruleset,
            condition=self.condition,
            signal=signal.id,
            stance=signal.stance,
            asserted_by=Asserter.NARRATOR,
            speaker="",
            quote=sentence.of(body),
            span=sentence,
            deed=spans[:1],
            words=tuple(sorted(spans, key=lambda span: span.start)),
            steps=tuple(steps),
        )


def _sentences(body: str) -> Iterator[tuple[int, int]]:
    for start, end, _ in sentence_spans(body):
        at = start
        for part in _ENDS.split(body[start:end]):
            if part.strip():
                yield at, at + len(part)
            at += len(part)


def _phrases(texts: Iterable[str], language: str) -> list[_Phrase]:
    stem = stem_of(language)
    out = []
    for text in texts:
        exact = text.startswith('"') and text.endswith('"')
        bare = text.strip('"')
        words = tuple((plain if exact else stem)(word) for word in _split(bare))
        if words:
            out.append(_Phrase(bare, words, exact))
    return out


def _split(text: str) -> list[str]:
    return [word for raw in _BREAKS.split(text) if (word := _trimmed(raw)[0])]


def _trimmed(raw: str) -> tuple[str, int]:
    """A word without the punctuation around it, and how much was cut off before it."""
    first, last = 0, len(raw)
    while first < last and unicodedata.category(raw[first])[0] in "PS":
        first += 1
    while last > first and unicodedata.category(raw[last - 1])[0] in "PS":
        last -= 1
    return raw[first:last], first


def _words_of(body: str, start: int, end: int, language: str) -> list[_Word]:
    stem = stem_of(language)
    out = []
    at = start
    for raw in re.split(f"({_BREAKS.pattern})", body[start:end]):
        word, skipped = _trimmed(raw)
        if word and not _BREAKS.fullmatch(raw):
            first = at + skipped
            out.append(_Word(first, first + len(word), plain(word), stem(word)))
        at += len(raw)
    return out


def _places(text: str, words: Sequence[_Word], phrases: Iterable[_Phrase], start: int = 0) -> Iterator[Span]:
    """Where one of the phrases stands in a text, from ``start`` on; ``words`` are the words there."""
    for phrase in phrases:
        if is_unspaced(phrase.text):
            at = text.find(phrase.text, start)
            if at >= 0:
                yield Span(at, at + len(phrase.text))
            continue
        length = len(phrase.words)
        for place in range(len(words) - length + 1):
            run = words[place : place + length]
            if tuple(word.plain if phrase.exact else word.stem for word in run) == phrase.words:
                yield Span(run[0].start, run[-1].end)
