"""Which signals a text could match, told by a few look-ups: however many signals there are, most of them cost nothing.

An inverted index: each signal is filed once, under the words of that one of its required lists whose words are the
rarest. A text that holds none of them cannot match; one that does is asked for the rest of what the signal requires.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from monitor.match.lookup.patterns import PatternSet, to_the_letter
from monitor.text.stems import stem
from monitor.text.tokens import word_forms

# A spelling is remembered with what it means to the rules. A stream of news has this many; hostile ones have no end,
# and spell words of any length.
_MOST_SPELLINGS = 30_000
_LONGEST_SPELLING = 40
# In place of a meaning. A spelling without a word, such as a dash, does not part the words around it.
_NOTHING, _NO_WORD, _SEVERAL, _TOO_LONG = "", " ", "  ", "   "
_NONE: frozenset[str] = frozenset()
# After so many texts it is known which words are rare.
_LISTENED_TO = 1_000


class _Meanings(dict[str, str]):
    """What each spelling means to the rules: the key, among those of all patterns, that it is a form of, or nothing.

    A spelling may be a form of several ("army's" of "army" and of "'s"): they are in ``several``.
    """

    def __init__(self, keys: frozenset[str]) -> None:
        super().__init__()
        self.keys_of_patterns = keys
        self.several: dict[str, frozenset[str]] = {}

    def __missing__(self, spelling: str) -> str:
        if len(spelling) > _LONGEST_SPELLING:
            return _TOO_LONG
        forms = word_forms(spelling)
        meanings = self._of_forms(forms)
        meaning = next(iter(meanings), _NOTHING if forms else _NO_WORD)
        if len(meanings) > 1:
            self.several[spelling] = meanings
            meaning = _SEVERAL
        self[spelling] = meaning
        return meaning

    def _of_forms(self, forms: Iterable[str]) -> frozenset[str]:
        return self.keys_of_patterns & {key for form in forms for key in (stem(form), to_the_letter(form))}

    def of(self, text: str) -> Heard:
        """What the words of a text mean."""
        # No token reaches over white space, so what stands between means what it means by itself.
        spellings = text.split()
        sequence = list(map(self.__getitem__, spellings))
        words, scattered = set(sequence), _NONE
        if _SEVERAL in words:
            scattered = scattered.union(*(self.several[spelling] for spelling in self.several.keys() & set(spellings)))
            words |= scattered
        if _TOO_LONG in words:
            long = (spelling for spelling in set(spellings) if len(spelling) > _LONGEST_SPELLING)
            scattered = scattered.union(*(self._of_forms(word_forms(spelling)) for spelling in long))
            words |= scattered
        return Heard(words, sequence, scattered)


class Heard(NamedTuple):
    """The keys of patterns that stand in a text, and what each of its spellings means in their order; ``scattered`` are
    keys that may stand at places which ``sequence`` does not show."""

    words: set[str]
    sequence: list[str]
    scattered: frozenset[str]


class _Filed(NamedTuple):
    """A pattern, by how many words any two of its own may be parted, and the numbers of the signals it is filed for."""

    keys: tuple[str, ...]
    gap: int
    signals: list[int]

    def is_near(self, heard: Heard) -> bool:
        """Whether its words, which all stand in the text, also stand in their order and close enough together."""
        if len(self.keys) == 1 or not heard.scattered.isdisjoint(self.keys):
            return True
        said = heard.sequence
        if _NO_WORD in heard.words:
            said = [meaning for meaning in said if meaning != _NO_WORD]
        places = _places(said, self.keys[0], 0, len(said))
        for key in self.keys[1:]:
            places = [after for place in places for after in _places(said, key, place + 1, place + self.gap + 2)]
        return bool(places)


def _places(said: list[str], key: str, start: int, end: int) -> list[int]:
    """Where ``key`` stands in ``said[start:end]``."""
    found = []
    # Counted first: that there is one more is told quicker so than by not finding it.
    for _ in range(said[start:end].count(key)):
        found.append(said.index(key, start))
        start = found[-1] + 1
    return found


class SignalIndex:
    """``required`` are the lists of patterns that each signal requires all of, by the signal's number; ``others`` are
    words to be found as well.

    How rare a word is, the news itself tells: until enough of it was heard, a word that many signals use is taken for
    one that many texts hold. That changes how quick an answer is, never the answer; many threads may ask.
    """

    def __init__(self, required: Sequence[Sequence[PatternSet]], others: frozenset[str] = frozenset()) -> None:
        self._required = required
        patterns = [pattern for lists in required for listed in lists for pattern in listed.patterns]
        uses = Counter(key for pattern in patterns for key in pattern.keys)
        self._meanings = _Meanings(others.union(uses))
        self._under = self._file(uses)
        self._listening = _LISTENED_TO
        self._heard: Counter[str] = Counter()

    def _file(self, frequency: Counter[str]) -> dict[str, dict[str, list[_Filed]]]:
        """Each pattern under its rarest word and then the next rarest, or the same again if it has only one."""
        load: dict[PatternSet, int] = {}
        filed: dict[PatternSet, list[int]] = {}
        for number, lists in enumerate(self._required):
            for listed in lists:
                if listed not in load:
                    load[listed] = sum(min(frequency[key] for key in pattern.keys) for pattern in listed.patterns)
            filed.setdefault(min(lists, key=load.__getitem__), []).append(number)
        under: dict[str, dict[str, list[_Filed]]] = {}
        for listed, numbers in filed.items():
            for pattern in listed.patterns:
                first, second = (sorted(pattern.keys, key=lambda key: (frequency[key], -len(key))) * 2)[:2]
                entry = _Filed(pattern.keys, listed.gap, numbers)
                under.setdefault(first, {}).setdefault(second, []).append(entry)
        return under

    def words_in(self, text: str) -> set[str]:
        """The keys of patterns that stand in ``text``; others may be among them that are no key."""
        return self._hear(text).words

    def _hear(self, text: str) -> Heard:
        # Others may be in the midst of using what is remembered: it is left to them, and a new one begun.
        if len(self._meanings) > _MOST_SPELLINGS:
            self._meanings = _Meanings(self._meanings.keys_of_patterns)
        return self._meanings.of(text)

    def candidates(self, text: str) -> list[int]:
        """Numbers of the signals that ``text`` could match, in their order."""
        heard = self._hear(text)
        words, under = heard.words, self._under
        possible: set[int] = set()
        for first in under.keys() & words:
            seconds = under[first]
            if words.isdisjoint(seconds):
                continue
            for second in seconds.keys() & words:
                for entry in seconds[second]:
                    if words.issuperset(entry.keys) and entry.is_near(heard):
                        possible.update(entry.signals)
        if self._listening > 0:
            self._listen(words)
        if not possible:
            return []
        stands: dict[PatternSet, bool] = {}
        return sorted(number for number in possible if self._all_stand(self._required[number], words, stands))

    def _listen(self, words: Iterable[str]) -> None:
        self._heard.update(words)
        self._listening -= 1
        if self._listening <= 0:
            self._under = self._file(self._heard)
            self._heard.clear()

    @staticmethod
    def _all_stand(lists: Iterable[PatternSet], words: set[str], stands: dict[PatternSet, bool]) -> bool:
        for listed in lists:
            if listed not in stands:
                stands[listed] = listed.can_stand_in(words)
            if not stands[listed]:
                return False
        return True
