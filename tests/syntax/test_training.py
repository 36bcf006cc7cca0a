"""Training: the same weights from the same sentences, which read those sentences right; headlines of sentences."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest

from monitor.syntax.parser import Reader
from monitor.syntax.tagger import kinds_of
from monitor.syntax.train.headlines import Headlines, third_person
from monitor.syntax.train.treebank import Sentence, as_the_monitor_splits, projective, read
from monitor.syntax.weights import unpack

OWN = Path(__file__).parent.parent / "benchmarks" / "syntax_sentences.conllu"


def train(treebank: Path, to: Path, seed: str) -> bytes:
    subprocess.run(
        [sys.executable, "-m", "monitor.syntax.train", str(treebank), "--runs", "1", "--to", str(to)],
        env=os.environ | {"PYTHONHASHSEED": seed},
        check=True,
        capture_output=True,
    )
    return to.read_bytes()


def test_training_gives_the_same_file_and_reads_what_it_was_trained_on(tmp_path: Path) -> None:
    treebank = tmp_path / "toy.conllu"
    treebank.write_text(OWN.read_text("utf-8") * 12, "utf-8")
    first = train(treebank, tmp_path / "first.bin", "1")
    assert train(treebank, tmp_path / "second.bin", "2") == first
    model = unpack(first)
    reader = Reader(model)
    right = total = 0
    for sentence in read(OWN):
        tags = reader.tagger.tag(sentence.words, kinds_of(sentence.words, model.kinds), False)
        assert tags == sentence.tags
        heads, _ = reader.attach(sentence.words, tags, False)
        right += sum(map(int.__eq__, heads, sentence.heads))
        total += len(heads)
    assert right >= 0.9 * total


def made(wanted: str) -> list[Sentence]:
    """Many headlines of the sentence in which a word stands."""
    sentences = list(read(OWN))
    headlines = Headlines(sentences, random.Random(5))
    sentence = next(sentence for sentence in sentences if wanted in sentence.words)
    return [headline for _ in range(200) for headline in headlines.of(sentence)]


def test_headlines_are_trees_without_articles() -> None:
    for headline in made("bridge"):
        assert headline.headline
        assert headline.heads.count(-1) == 1
        assert not {"a", "an", "the"} & {word.lower() for word in headline.words}


@pytest.mark.parametrize(
    ("of", "told"),
    [
        ("bridge", "Council opens new bridge"),
        ("bridge", "New bridge opened by council"),
        ("ferries", "Two ferries stopped by harbour master"),
        ("storm", "Storm to come"),
    ],
)
def test_a_sentence_becomes_headlines(of: str, told: str) -> None:
    without_not = {" ".join(word for word in headline.words if word != "not") for headline in made(of)}
    assert told.lower() in {text.lower() for text in without_not}


def test_half_of_the_sentences_lose_hyphens_and_join_percentages() -> None:
    def sentence() -> Sentence:
        words, tags = (
            ["A", "5", "%", "pay", "-", "rise"],
            ["DET|DT", "NUM|CD", "SYM|NN", "NOUN|NN", "PUNCT|HYPH", "NOUN|NN"],
        )
        labels = ["det", "nummod", "nmod", "compound", "punct", "root"]
        return Sentence(words, words, tags, [5, 2, 5, 5, 5, -1], labels)

    chance = random.Random(1)
    seen = {" ".join(as_the_monitor_splits(sentence(), chance).words) for _ in range(20)}
    assert seen == {"A 5 % pay - rise", "A 5% pay rise"}


def test_arcs_that_cross_hang_higher() -> None:
    assert projective([-1, 0, 1]) == [-1, 0, 1]
    assert projective([-1, 0, 0, 1]) == [-1, 0, 0, 0]


@pytest.mark.parametrize(("lemma", "form"), [("carry", "carries"), ("say", "says"), ("reach", "reaches"), ("be", "is")])
def test_the_third_person(lemma: str, form: str) -> None:
    assert third_person(lemma) == form
