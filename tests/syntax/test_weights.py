"""The weights: small, read late, the same everywhere; and how much work a long text is."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from importlib.resources import files

import pytest

from monitor.syntax import features
from monitor.syntax.parser import LONGEST, parse, pieces
from monitor.syntax.weights import FILE, digest

MIB = 2**20
_TREES = """
import hashlib
from monitor.syntax.parser import parse
text = "Two ferries were stopped by the harbour police , who said that n\u00f6 captain had asked to leave ."
trees = [parse(text.split(), {3}, [(6, 8)], headline) for headline in (False, True)]
print(hashlib.sha256(repr(trees).encode()).hexdigest())
"""


def test_the_file_is_small_and_says_what_it_was_made_from() -> None:
    folder = files("monitor.syntax")
    assert len((folder / FILE).read_bytes()) <= 6 * MIB
    notice = (folder / "NOTICE.md").read_text("utf-8")
    assert "English Web Treebank" in notice
    assert "Attribution-ShareAlike 4.0" in notice
    assert "GUM" in notice


def test_the_digest_is_that_of_the_file() -> None:
    assert digest() == hashlib.sha256((files("monitor.syntax") / FILE).read_bytes()).hexdigest()


def test_a_sentence_has_the_same_tree_in_every_process() -> None:
    seen = {
        subprocess.run(
            [sys.executable, "-c", _TREES], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(seen) == 1


def test_weights_are_read_with_the_first_sentence_only() -> None:
    code = (
        "from monitor.syntax import parser, weights; assert not weights.model.cache_info().currsize; "
        "parser.parse(['Ships', 'sail']); parser.parse(['Ships', 'sink']); "
        "assert weights.model.cache_info().misses == 1"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


SHAPES = {
    "one word": ["buy"],
    "commas": [","],
    "nested": ["(", "the", "man", "who"],
    "coordination": ["boats", "and"],
    "clauses": ["he", "said", "that"],
    "no marks": ["the", "port", "to", "close"],
    "quotes": ['"'],
}


@pytest.mark.parametrize("shape", SHAPES)
def test_work_grows_with_the_length(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counted by how often the state of the parser is looked at."""

    def steps(size: int) -> int:
        looked = 0
        look = features.State.features

        def counted(state: features.State) -> tuple[int, ...]:
            nonlocal looked
            looked += 1
            return look(state)

        with monkeypatch.context() as patch:
            patch.setattr(features.State, "features", counted)
            parse((SHAPES[shape] * size)[:size])
        return looked

    few = steps(1_000)
    assert few <= 2 * 1_000
    assert steps(4_000) <= 4 * few + 2 * LONGEST


def test_pieces_are_cut_at_marks() -> None:
    words = ["word"] * 100 + [","] + ["word"] * 100
    assert pieces(words) == [(0, 101), (101, 201)]
    assert pieces(["word"] * 250) == [(0, 120), (120, 240), (240, 250)]
    assert pieces([]) == []
