"""Learning to tag and to parse: both read training sentences and learn where they go wrong."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from monitor.syntax.features import State
from monitor.syntax.parser import LONGEST, Reader
from monitor.syntax.tagger import BEFORE, Sight, kinds_of
from monitor.syntax.train.perceptron import Perceptron, Worth
from monitor.syntax.train.treebank import Sentence, projective

Averages = dict[Any, dict[int, float]]
Say = Callable[[str], None]
_MARGIN = 60


def learn_tags(
    sentences: Sequence[Sentence], tags: Sequence[str], kinds: dict[str, str], rounds: int, seed: int, say: Say
) -> Averages:
    """The tagger's weights."""
    numbers = {tag: number for number, tag in enumerate(tags)}
    chance, worth = random.Random(seed), Worth(3)
    fixed: list[list[tuple[str, ...]]] = []
    for sentence in sentences:
        sight, rows = _sight(sentence, kinds), []
        last = second = BEFORE
        for at, tag in enumerate(sentence.tags):
            row = tuple(feature for _, make in sight.fixed(at) for feature in make())
            worth.count(row)
            worth.count(sight.by_tags(at, last, second))
            second, last = last, tag
            sight.met(tag)
            rows.append(row)
        fixed.append(rows)
    perceptron, order = Perceptron(len(tags), worth), list(range(len(sentences)))
    for turn in range(rounds):
        chance.shuffle(order)
        wrong = total = 0
        for which in order:
            sentence = sentences[which]
            sight = _sight(sentence, kinds)
            last = second = BEFORE
            for at, row in enumerate(fixed[which]):
                features = (*row, *sight.by_tags(at, last, second))
                scores = perceptron.scores(features)
                best = scores.index(max(scores))
                right = numbers[sentence.tags[at]]
                total += 1
                if best != right:
                    wrong += 1
                    perceptron.learn(features, right, best)
                second, last = last, tags[best]
                sight.met(last)
        say(f"tags, round {turn + 1}: {1 - wrong / total:.4f} right")
    return perceptron.averages()


def _sight(sentence: Sentence, kinds: dict[str, str]) -> Sight:
    return Sight(sentence.words, kinds_of(sentence.words, kinds), sentence.headline)


class Task:
    """One sentence to parse, with the tree it should get."""

    def __init__(self, sentence: Sentence, heads: Sequence[int]) -> None:
        self.sentence = sentence
        size = len(heads)
        self.heads = [head if head >= 0 else size for head in heads]
        self.labels = sentence.labels
        self.furthest = [-1] * (size + 1)
        self.left: list[list[int]] = [[] for _ in range(size + 1)]
        for at, head in enumerate(self.heads):
            self.furthest[head] = at
            if at < head:
                self.left[head].append(at)

    def best(self, state: State) -> tuple[bool, bool, bool]:
        """Whether hanging right, shifting and hanging left lose no arc that can still be made (a dynamic oracle)."""
        heads, stack, i = self.heads, state.stack, state.next
        top, below = stack[-1], stack[-2] if len(stack) > 1 else -1
        if i == state.size:
            return True, False, False
        if heads[i] == top:
            return False, True, False
        if heads[top] == i:
            return False, False, True
        done = self.furthest[top] < i
        right = below >= 0 and done and heads[top] < i
        left = done and heads[top] <= i and heads[top] != below
        shift = (heads[i] >= i or heads[i] not in stack) and not any(kid in stack for kid in self.left[i])
        if not (right or shift or left):
            return below >= 0, True, True
        return right, shift, left


def tasks(sentences: Sequence[Sentence]) -> list[Task]:
    """Of the sentences that are not too long and can be parsed without crossing arcs."""
    found = []
    for sentence in sentences:
        heads = projective(sentence.heads) if len(sentence.words) <= LONGEST else None
        if heads is not None:
            found.append(Task(sentence, heads))
    return found


def choose_actions(work: Sequence[Task]) -> list[tuple[str, str]]:
    """All ways to hang a word that the trees need, the usual ones in the lowest lanes."""
    left: Counter[str] = Counter()
    right: Counter[str] = Counter()
    for task in work:
        for at, head in enumerate(task.heads):
            if head < len(task.labels):
                (left if head > at else right)[task.labels[at]] += 1
    return [
        *(("right", label) for label, n in right.most_common() if n >= 10),
        ("shift", ""),
        *(("left", label) for label, n in left.most_common() if n >= 10),
    ]


class ParserSchool:
    """Learns one parser."""

    def __init__(self, work: Sequence[Task], reader: Reader, actions: Sequence[tuple[str, str]], seed: int) -> None:
        self._work, self._reader, self._seed = work, reader, seed
        self._shift = actions.index(("shift", ""))
        self._number = {action: number for number, action in enumerate(actions)}
        self._worth = Worth(3)
        self._perceptron = Perceptron(len(actions), self._worth)
        self._follow = False
        self._good: list[int] = []
        self._count = [0, 0]

    def learn(self, rounds: int, say: Say) -> Averages:
        """Read all sentences so often; from the second time on go wrong as the parser does, and learn from there."""
        for task in self._work:
            self._walk(task, self._see)
        chance, order = random.Random(self._seed), list(range(len(self._work)))
        for turn in range(rounds):
            chance.shuffle(order)
            self._follow, self._count = turn > 0, [0, 0]
            for which in order:
                self._walk(self._work[which], self._try)
            say(f"trees, round {turn + 1}: {1 - self._count[1] / self._count[0]:.4f} right")
        return self._perceptron.averages()

    def _walk(self, task: Task, choose: Callable[[Task, State], int]) -> None:
        sentence = task.sentence
        state = self._reader.state(sentence.words, sentence.found, sentence.headline)
        while state.next < state.size or len(state.stack) > 1:
            if state.stack:
                self._reader.act(state, choose(task, state))
            else:
                state.shift()

    def _right(self, task: Task, state: State, scores: Sequence[int]) -> int:
        """The best-scored of the actions that lose nothing."""
        right, shift, left = task.best(state)
        top, here = state.stack[-1], self._shift
        good: list[int] = [here] if shift else []
        for may, kind, head, lanes in (
            (right, "right", state.stack[-2] if len(state.stack) > 1 else -1, range(here)),
            (left, "left", state.next, range(here + 1, len(scores))),
        ):
            if may:
                named = self._number.get((kind, task.labels[top])) if task.heads[top] == head else None
                good.append(max(lanes, key=scores.__getitem__) if named is None else named)
        self._good = good
        return max(good, key=scores.__getitem__)

    def _see(self, task: Task, state: State) -> int:
        self._worth.count(state.features())
        self._worth.count(state.next_features())
        return self._right(task, state, [0] * len(self._number))

    def _try(self, task: Task, state: State) -> int:
        features = state.features() + state.next_features()
        scores = self._perceptron.scores(features)
        good = self._right(task, state, scores)
        best = self._reader.best(state, scores)
        self._count[0] += 1
        rival = best
        if best == good:
            # A narrow victory is a mistake as well.
            others = list(scores)
            others[good] = -1
            rival = self._reader.best(state, others)
            if scores[good] - scores[rival] > _MARGIN or rival in self._good:
                return best
        self._count[1] += best != good
        self._perceptron.learn(features, good, rival)
        return best if self._follow else good
