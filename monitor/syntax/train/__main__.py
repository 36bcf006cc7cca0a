"""Train the weights: ``python -m monitor.syntax.train TREEBANK.conllu.gz [--seed N] [--runs N] [--to FILE]``.

The same treebank and seed give the same file. It takes some fifteen minutes on an idle core.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from monitor.syntax.parser import Reader
from monitor.syntax.tagger import Tagger, kinds_of
from monitor.syntax.train.headlines import Headlines
from monitor.syntax.train.learn import Averages, ParserSchool, Say, choose_actions, learn_tags, tasks
from monitor.syntax.train.lexicon import Lexicon, choose_tags, lexicon
from monitor.syntax.train.packing import packed, small
from monitor.syntax.train.treebank import Sentence, as_the_monitor_splits, read
from monitor.syntax.weights import FILE, FIRST_KNOWN, Model, Table

_TAG_ROUNDS, _TREE_ROUNDS = 6, 6
# So many features are kept at most; weights below a share of a great one are left out: what is left reads as well and
# loads fast. A great weight becomes LEVELS.
TAGS_KEPT, TAGS_LEAST = 87_000, 0.04
TREES_KEPT, TREES_LEAST = 349_000, 0.09
LEVELS = 40


def material(path: Path, seed: int) -> tuple[list[Sentence], list[Sentence]]:
    """The sentences of a treebank, and headlines made from them."""
    chance = random.Random(seed)
    sentences = [as_the_monitor_splits(sentence, chance) for sentence in read(path)]
    headlines = Headlines(sentences, chance)
    return sentences, [made for sentence in sentences for made in headlines.of(sentence)]


def tagger_of(averages: Averages, tags: Sequence[str]) -> Tagger:
    """A tagger with these weights."""
    return Tagger(tags, table(small([averages], TAGS_KEPT, TAGS_LEAST, LEVELS), len(tags)))


def table(weights: dict[object, dict[int, int]], lanes: int) -> Table:
    """Weights as the tagger and the parser want them."""
    rows = {feature: sum(weight << 16 * lane for lane, weight in row.items()) for feature, row in weights.items()}
    return Table(rows, lanes)


def find_tags(
    sentences: Sequence[Sentence], tags: Sequence[str], kinds: dict[str, str], seed: int, say: Say
) -> Averages:
    """The tagger's weights; gives each sentence the tags that a tagger finds which has learned from the other half."""
    for half in (0, 1):
        say(f"tags of half {half}")
        others = [sentence for at, sentence in enumerate(sentences) if at % 2 != half]
        tagger = tagger_of(learn_tags(others, tags, kinds, _TAG_ROUNDS - 2, seed, say), tags)
        for sentence in sentences[half::2]:
            sentence.found = tagger.tag(sentence.words, kinds_of(sentence.words, kinds), sentence.headline)
    say("tags of all")
    return learn_tags(sentences, tags, kinds, _TAG_ROUNDS, seed, say)


def untrained(tags: Sequence[str], actions: Sequence[tuple[str, str]], lexicon: Lexicon) -> Model:
    """A model that knows words but has no weights."""
    known = {word: number for number, word in enumerate(lexicon.known, FIRST_KNOWN)}
    nothing = Table({}, 1)
    return Model(tuple(tags), tuple(actions), lexicon.kinds, lexicon.lemmas, known, nothing, nothing)


def main(arguments: Sequence[str]) -> None:
    """Train and write the file."""
    parser = argparse.ArgumentParser(prog="python -m monitor.syntax.train", description="Train the parser's weights.")
    parser.add_argument("treebank", type=Path, help="sentences in CoNLL-U, may be gzipped")
    parser.add_argument("--seed", type=int, default=1, help="of every choice by chance (1)")
    parser.add_argument("--runs", type=int, default=2, help="parsers that are trained and averaged (2)")
    parser.add_argument("--to", type=Path, default=Path(__file__).parent.parent / FILE, help="the file to write")
    wanted = parser.parse_args(arguments)
    begun = time.monotonic()

    def say(what: str) -> None:
        sys.stderr.write(f"{time.monotonic() - begun:6.0f} s  {what}\n")

    sentences, headlines = material(wanted.treebank, wanted.seed)
    everything = [*sentences, *headlines]
    tags = choose_tags(everything)
    words = lexicon(sentences)
    say(f"{len(sentences)} sentences, {len(headlines)} headlines, {len(tags)} tags, {len(words.known)} words")
    tagging = find_tags(everything, tags, words.kinds, wanted.seed, say)
    work = tasks(everything)
    actions = choose_actions(work)
    reader = Reader(untrained(tags, actions, words))
    runs = [
        ParserSchool(work, reader, actions, wanted.seed + run).learn(_TREE_ROUNDS, say) for run in range(wanted.runs)
    ]
    file = packed(
        tags,
        actions,
        words,
        small([tagging], TAGS_KEPT, TAGS_LEAST, LEVELS),
        small(runs, TREES_KEPT, TREES_LEAST, LEVELS),
    )
    wanted.to.write_bytes(file)
    say(f"{wanted.to}: {len(file):,} bytes")


if __name__ == "__main__":
    main(sys.argv[1:])
