"""A sentence as a tree: each word's kind, the word it hangs on, and as what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

SUBJECTS = ("nsubj", "nsubj:pass")


@dataclass(frozen=True)
class Tree:
    """A frozen tree over the tokens of a sentence, named by their positions, which start at 0.

    ``tags`` are the word classes of Universal Dependencies ("VERB"), ``forms`` the finer ones of the Penn Treebank
    ("VBN"), ``heads`` the position each word hangs on (-1: none, it is the root) and ``labels`` as what it hangs there
    ("nsubj", "obj", "root"). A sentence without a word has no root; every other has one.
    """

    tags: tuple[str, ...]
    forms: tuple[str, ...]
    heads: tuple[int, ...]
    labels: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.heads)

    @cached_property
    def _children(self) -> tuple[tuple[int, ...], ...]:
        found: list[list[int]] = [[] for _ in self.heads]
        for at, head in enumerate(self.heads):
            if head >= 0:
                found[head].append(at)
        return tuple(map(tuple, found))

    @cached_property
    def _spans(self) -> tuple[tuple[int, int], ...]:
        first, last = list(range(len(self))), list(range(1, len(self) + 1))
        downward = [self.root] if self.heads else []
        for at in downward:  # grows while it is walked
            downward.extend(self._children[at])
        for at in downward[:0:-1]:
            head = self.heads[at]
            first[head], last[head] = min(first[head], first[at]), max(last[head], last[at])
        return tuple(zip(first, last, strict=True))

    @property
    def root(self) -> int:
        """The word on which all others hang; -1 if there is no word."""
        return self.heads.index(-1) if self.heads else -1

    def children(self, at: int, *labels: str) -> tuple[int, ...]:
        """What hangs on a word directly, from left to right; only as one of ``labels``, if any are given."""
        kids = self._children[at]
        return tuple(kid for kid in kids if self.labels[kid] in labels) if labels else kids

    def span(self, at: int) -> tuple[int, int]:
        """The first position of the phrase that a word heads, and the one past its last."""
        return self._spans[at]

    def ancestors(self, at: int) -> Iterator[int]:
        """The word that a word hangs on, the one that this hangs on, and so on up to the root."""
        while (at := self.heads[at]) >= 0:
            yield at

    def path(self, start: int, end: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """The way between two words: from ``start`` up to the word above both, and from there down to ``end``.

        The word above both closes the first part and is not in the second.
        """
        up = (start, *self.ancestors(start))
        down = (end, *self.ancestors(end))
        meeting = next(at for at in up if at in down)
        return up[: up.index(meeting) + 1], down[: down.index(meeting)][::-1]

    def is_passive(self, verb: int) -> bool:
        """Whether the verb's subject is whom it is done to; also of a bare participle, as in headlines."""
        return any(self.labels[kid] in ("nsubj:pass", "aux:pass") for kid in self._children[verb])
