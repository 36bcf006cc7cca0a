"""Sentences of a treebank in CoNLL-U, made to look as the monitor's own words do."""

from __future__ import annotations

import gzip
import random
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from importlib.resources import files
from pathlib import Path

LISTS = tomllib.loads((files("monitor.syntax.train") / "lists.toml").read_text("utf-8"))


@dataclass(eq=False, slots=True)
class Node:
    """A word in its tree."""

    word: str
    lemma: str
    tag: str
    head: Node | None = None
    label: str = "root"

    @property
    def form(self) -> str:
        """The Penn tag."""
        return self.tag.partition("|")[2]

    @property
    def kind(self) -> str:
        """The universal tag."""
        return self.tag.partition("|")[0]


@dataclass(slots=True)
class Sentence:
    """A sentence with what stands in the treebank, and the tags that a tagger has found."""

    words: list[str]
    lemmas: list[str]
    tags: list[str]
    heads: list[int]
    labels: list[str]
    headline: bool = False
    found: list[str] = field(default_factory=list)

    def nodes(self) -> list[Node]:
        """The sentence as nodes that can be moved."""
        rows = zip(self.words, self.lemmas, self.tags, self.labels, strict=True)
        nodes = [Node(word, lemma, tag, None, label) for word, lemma, tag, label in rows]
        for node, head in zip(nodes, self.heads, strict=True):
            node.head = nodes[head] if head >= 0 else None
        return nodes

    @classmethod
    def of(cls, nodes: list[Node], headline: bool) -> Sentence:
        """Nodes in the order of their words."""
        place = {id(node): at for at, node in enumerate(nodes)}
        return cls(
            [node.word for node in nodes],
            [node.lemma for node in nodes],
            [node.tag for node in nodes],
            [place[id(node.head)] if node.head else -1 for node in nodes],
            [node.label for node in nodes],
            headline,
        )


def fold(label: str) -> str:
    """The label as the parser knows it."""
    label = str(LISTS["folded"].get(label, label))
    if label not in LISTS["labels"]:
        label = label.partition(":")[0]
    return label if label in LISTS["labels"] else "other"


def read(path: Path) -> Iterator[Sentence]:
    """All sentences of a file in CoNLL-U, compressed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        rows: list[list[str]] = []
        for line in (*lines, "\n"):
            if line.strip():
                row = line.rstrip("\n").split("\t")
                if row[0].isdigit():
                    rows.append(row)
            elif rows:
                yield _sentence(rows)
                rows = []


def _sentence(rows: list[list[str]]) -> Sentence:
    words = [row[1] for row in rows]
    for at, word in enumerate(words[1:], 1):
        if word.lower().replace("\u2019", "'") == "n't" and words[at - 1].lower() in LISTS["contracted"]:
            words[at - 1] = LISTS["contracted"][words[at - 1].lower()]
    return Sentence(
        words,
        [row[2] for row in rows],
        [f"{row[3]}|{row[4]}" for row in rows],
        [int(row[6]) - 1 for row in rows],
        [fold(row[7]) for row in rows],
    )


def as_the_monitor_splits(sentence: Sentence, chance: random.Random) -> Sentence:
    """Half of the sentences without the hyphens of compounds, and with "5%" as one word."""
    nodes = sentence.nodes()
    without = chance.random() < 0.5
    heads = {id(node.head) for node in nodes}
    kept: list[Node] = []
    for node in nodes:
        if without and node.form == "HYPH" and id(node) not in heads:
            continue
        if without and node.word == "%" and kept and kept[-1].head is node and kept[-1].kind == "NUM":
            number = kept.pop()
            node.word = node.lemma = number.word + "%"
            for other in nodes:
                other.head = node if other.head is number else other.head
        kept.append(node)
    return Sentence.of(kept, sentence.headline) if without else sentence


def projective(heads: Iterable[int]) -> list[int] | None:
    """Heads without crossing arcs: the shortest that crosses hangs one higher, until none does; None if it cannot."""
    heads = list(heads)
    for _ in range(50):
        crossing = _shortest_crossing(heads)
        if crossing is None:
            return heads
        above = heads[heads[crossing]]
        if above < 0:
            return None
        heads[crossing] = above
    return None


def _shortest_crossing(heads: list[int]) -> int | None:
    found, size = None, len(heads) + 1
    for at, head in enumerate(heads):
        if head < 0 or abs(head - at) >= size:
            continue
        for between in range(min(at, head) + 1, max(at, head)):
            up = between
            while up >= 0 and up != head:
                up = heads[up]
            if up < 0:
                found, size = at, abs(head - at)
                break
    return found
