"""The kind of each word: an averaged perceptron that goes from left to right."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from functools import partial

from monitor.syntax import features
from monitor.syntax.features import FINITE_FORMS, WORDS, plain
from monitor.syntax.weights import Table

BEFORE = "<s>"
_BEHIND = "</s>"
# So many groups of features are remembered with what they weigh.
_REMEMBERED = 20_000
_VERBS = frozenset("vzdeg")
Groups = Iterator[tuple[tuple[str, ...], Callable[[], list[str]]]]


def kinds_of(words: Sequence[str], lexicon: Mapping[str, str], verbs: Collection[int] = ()) -> list[str]:
    """What each word may be; of an unknown one its ending. ``verbs`` are positions of words that may be verbs."""
    found = []
    for at, word in enumerate(words):
        low = plain(word)
        by_ending = next(str(kinds) for ending, kinds in WORDS["endings"].items() if low.endswith(ending))
        kinds = lexicon.get(low) or ("m" if low[:1] == "0" else "?" + by_ending)
        if at in verbs:
            of_verbs = "".join(letter for letter in kinds if letter in _VERBS) or by_ending
            kinds = of_verbs + "".join(letter for letter in kinds if letter not in _VERBS)
        found.append(kinds)
    return found


class Sight:
    """A sentence as the tagger sees it, with the number of finite verbs met so far."""

    def __init__(self, words: Sequence[str], kinds: Sequence[str], headline: bool) -> None:
        self._low = [*map(plain, words), _BEHIND]
        self._manner = features.manner(words, headline)
        self._words = [BEFORE, BEFORE, *words, _BEHIND, _BEHIND]
        self._kinds = ["", "", *kinds, "", ""]
        self._verbs = features.verbs_behind(kinds)
        self._finite = 0

    def fixed(self, at: int) -> Groups:
        """What does not hang on tags: names of groups of features, with how to make them."""
        word, kinds = self._words[at + 2], self._kinds[at + 2]
        yield (word, kinds, self._manner), partial(features.word_features, word, kinds, self._manner)
        for place, by in (("P1", 1), ("P2", 0), ("N1", 3), ("N2", 4)):
            word, kinds = self._words[at + by], self._kinds[at + by]
            yield (place, word, kinds), partial(features.neighbour_features, word, kinds, place)
        yield tuple(self._kinds[at + 1 : at + 5]), partial(features.kinds_features, self._kinds, at)

    def by_tags(self, at: int, last: str, second: str) -> list[str]:
        """What the tags of the two words before show."""
        verbs = f"{min(self._finite, 1)}{self._verbs[at]}"
        kinds, behind = self._kinds[at + 2 : at + 4]
        return features.tag_features(self._low[at], self._low[at + 1], kinds, behind, last, second, verbs)

    def met(self, tag: str) -> None:
        """The next word has this tag."""
        self._finite += tag.partition("|")[2] in FINITE_FORMS


class Tagger:
    """Tags words with the weights of ``table``."""

    def __init__(self, tags: Sequence[str], table: Table) -> None:
        self._tags, self._table = tags, table
        self._totals: dict[tuple[str, ...], int] = {}

    def tag(self, words: Sequence[str], kinds: Sequence[str], headline: bool, names: Collection[int] = ()) -> list[str]:
        """The tag of each word ("VERB|VBN"); ``names`` are positions of names."""
        sight, table, found = Sight(words, kinds, headline), self._table, [BEFORE, BEFORE]
        for at in range(len(words)):
            tag = "PROPN|NNP"
            if at not in names:
                total = sum(self._total(key, make) for key, make in sight.fixed(at))
                scores = table.scores(total + table.total(sight.by_tags(at, found[-1], found[-2])))
                tag = self._tags[scores.index(max(scores))]
            found.append(tag)
            sight.met(tag)
        return found[2:]

    def _total(self, key: tuple[str, ...], make: Callable[[], list[str]]) -> int:
        total = self._totals.get(key)
        if total is None:
            if len(self._totals) >= _REMEMBERED:
                self._totals.clear()
            total = self._totals[key] = self._table.total(make())
        return total
