"""Which signals a text could match, told by a few look-ups: however many signals there are, most of them cost nothing.

An inverted index: each signal is filed once, under the words of that one of its required lists whose words are the
rarest. A text that holds none of them cannot match; one that does is asked for the rest of what the signal requires.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from monitor.match.patterns import PatternSet, to_the_letter
from monitor.text.stems import stem
from monitor.text.tokens import word_forms

# A spelling is remembered with what it means to the rules. A stream of news has this many; hostile ones have no end, and
# spell words of any length.
_MOST_SPELLINGS = 50_000
_LONGEST_SPELLING = 40


class _Meanings(dict[str, frozenset[str]]):
    """What each spelling means to the rules: those of ``words`` (keys of patterns) that it is a form of."""

    def __init__(self, words: frozenset[str]) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, spelling: str) -> frozenset[str]:
        forms = word_forms(spelling)
        meaning = self._words & ({stem(form) for form in forms} | {to_the_letter(form) for form in forms})
        if len(spelling) <= _LONGEST_SPELLING:
            if len(self) >= _MOST_SPELLINGS:
                self.clear()
            self[spelling] = meaning
        return meaning


class SignalIndex:
    """``required`` are the lists of patterns that each signal requires all of, by the signal's number."""

    def __init__(self, required: Sequence[Sequence[PatternSet]]) -> None:
        self._required = required
        patterns = [pattern for lists in required for listed in lists for pattern in listed.patterns]
        # Words that many signals use are taken for words that many texts hold.
        uses = Counter(key for pattern in patterns for key in pattern.keys)
        load: dict[PatternSet, int] = {}
        filed: dict[PatternSet, list[int]] = {}
        for number, lists in enumerate(required):
            for listed in lists:
                if listed not in load:
                    load[listed] = sum(min(uses[key] for key in pattern.keys) for pattern in listed.patterns)
            filed.setdefault(min(lists, key=load.__getitem__), []).append(number)
        # Under the rarest word of each pattern: the next rarest words, one of which must stand as well, and the patterns.
        self._under: dict[str, tuple[set[str], list[tuple[tuple[str, ...], list[int]]]]] = {}
        for listed, numbers in filed.items():
            for pattern in listed.patterns:
                first, second = (sorted(pattern.keys, key=lambda key: (uses[key], -len(key))) * 2)[:2]
                others, patterns_there = self._under.setdefault(first, (set(), []))
                others.add(second)
                patterns_there.append((pattern.keys, numbers))
        self._meanings = _Meanings(frozenset(uses))

    def candidates(self, text: str) -> list[int]:
        """Numbers of the signals that ``text`` could match, in their order."""
        # No token reaches over white space, so what stands between means what it means by itself.
        words = set().union(*map(self._meanings.__getitem__, set(text.split())))
        under = self._under
        possible: set[int] = set()
        for first in under.keys() & words:
            others, patterns = under[first]
            if not words.isdisjoint(others):
                for keys, numbers in patterns:
                    if words.issuperset(keys):
                        possible.update(numbers)
        stands: dict[PatternSet, bool] = {}
        return sorted(number for number in possible if self._all_stand(self._required[number], words, stands))

    @staticmethod
    def _all_stand(lists: Iterable[PatternSet], words: set[str], stands: dict[PatternSet, bool]) -> bool:
        for listed in lists:
            if listed not in stands:
                stands[listed] = listed.can_stand_in(words)
            if not stands[listed]:
                return False
        return True
