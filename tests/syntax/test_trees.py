"""Sentences as trees: what hangs on what, in plain sentences and in headlines."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.syntax.parser import LONGEST, parse
from monitor.syntax.tree import SUBJECTS, Tree
from monitor.text.tokens import tokenise

HEADLINES = Path(__file__).parent / "headlines.jsonl"


class Read:
    """A sentence, asked by its words; each word that is asked for stands in it once."""

    def __init__(self, text: str, headline: bool = False, verbs: str = "", names: tuple[str, ...] = ()) -> None:
        self.words = text.split()
        spans = []
        for name in names:
            start = self.words.index(name.split()[0])
            spans.append((start, start + len(name.split())))
        self.tree: Tree = parse(self.words, [self.at(word) for word in verbs.split()], spans, headline)

    def at(self, word: str) -> int:
        return self.words.index(word)

    def hanging(self, word: str, *labels: str) -> list[str]:
        return [self.words[kid] for kid in self.tree.children(self.at(word), *labels)]

    def subjects(self, verb: str) -> list[str]:
        return self.hanging(verb, *SUBJECTS)

    def head(self, word: str) -> tuple[str, str]:
        at = self.at(word)
        above = self.tree.heads[at]
        return (self.words[above] if above >= 0 else "", self.tree.labels[at])

    def phrase(self, word: str) -> str:
        start, end = self.tree.span(self.at(word))
        return " ".join(self.words[start:end])


def test_who_does_what_in_an_active_clause() -> None:
    read = Read("The harbour master closed the old port on Monday .")
    assert read.tree.root == read.at("closed")
    assert read.subjects("closed") == ["master"]
    assert read.hanging("closed", "obj") == ["port"]
    assert read.phrase("port") == "the old port"
    assert not read.tree.is_passive(read.at("closed"))


def test_a_passive_has_a_subject_to_whom_it_is_done_and_an_agent() -> None:
    read = Read("Two ferries were stopped by the harbour police .")
    assert read.hanging("stopped", "nsubj:pass") == ["ferries"]
    assert read.hanging("stopped", "obl", "obl:agent") == ["police"]
    assert read.tree.is_passive(read.at("stopped"))


@pytest.mark.parametrize(
    ("headline", "subject", "verb"),
    [
        ("Minister accused of hiding report", "Minister", "accused"),
        ("Tourists rescued from mountain hut", "Tourists", "rescued"),
        ("Five Sailors Found on Island", "Sailors", "Found"),
    ],
)
def test_a_bare_participle_in_a_headline_is_a_passive(headline: str, subject: str, verb: str) -> None:
    read = Read(headline, headline=True)
    assert read.hanging(verb, "nsubj:pass") == [subject]
    assert read.tree.is_passive(read.at(verb))


@pytest.mark.parametrize("text", ["Farmers Sell Old Horses in Denmark", "FARMERS SELL OLD HORSES IN DENMARK"])
def test_capitals_do_not_make_names_of_verbs(text: str) -> None:
    read = Read(text, headline=True)
    verb = text.split()[1]
    assert read.subjects(verb) == [text.split()[0]]
    assert read.tree.root == read.at(verb)


def test_to_in_a_headline_tells_of_what_is_to_come() -> None:
    read = Read("Denmark to build new bridge", headline=True)
    assert read.subjects("build") == ["Denmark"]
    assert read.hanging("build", "obj") == ["bridge"]
    assert read.head("to") == ("build", "aux")
    assert read.tree.root == read.at("build")


def test_a_relative_clause_hangs_on_its_noun() -> None:
    read = Read("The farmers who grow rice want higher prices .")
    assert read.head("grow") == ("farmers", "acl:relcl")
    assert read.subjects("want") == ["farmers"]


def test_verbs_and_objects_are_joined() -> None:
    read = Read("The company built a mill and sold the farm .")
    assert read.head("sold") == ("built", "conj")
    assert read.hanging("sold", "obj") == ["farm"]
    read = Read("The museum bought paintings and coins .")
    assert read.head("coins") == ("paintings", "conj")


def test_whoever_agrees_to_do_something_does_it() -> None:
    read = Read("The owners agreed to withdraw the ship .")
    assert read.head("withdraw") == ("agreed", "xcomp")
    assert read.hanging("withdraw", "obj") == ["ship"]


def test_what_is_said_hangs_on_the_saying() -> None:
    read = Read('" The bridge is closed , " the mayor said .')
    assert read.head("closed") == ("said", "ccomp")
    assert read.subjects("said") == ["mayor"]
    read = Read("The mayor said that the bakers had raised prices .")
    assert read.head("raised") == ("said", "ccomp")
    assert read.subjects("raised") == ["bakers"]


def test_a_negation_hangs_on_its_verb() -> None:
    read = Read("The council did n't open the pool .")
    assert read.head("n't") == ("open", "advmod")


def test_most_headlines_have_their_main_frame() -> None:
    """A guard against bad weights; the benchmark tells exactly how many, and demands more."""
    right = 0
    for line in HEADLINES.read_text("utf-8").splitlines():
        told = json.loads(line)
        words = [told["text"][token.start : token.end] for token in tokenise(told["text"])]
        tree = parse(words, headline=True)
        verb = words.index(told["verb"]) if told["verb"] in words else [w.lower() for w in words].index(told["verb"])
        right += [words[kid] for kid in tree.children(verb, *SUBJECTS)] == [told["subject"]]
    assert right >= 48


def test_a_word_that_may_be_a_verb_is_more_likely_one() -> None:
    text = "Envoys parley border plans"
    assert Read(text, headline=True, verbs="parley").tree.tags[1] == "VERB"
    assert Read(text, headline=True).tree.tags[1] != "VERB"
    # It only may be one.
    assert Read("The parley ended .", verbs="parley").tree.tags[1] != "VERB"


def test_a_name_is_one_noun_whatever_its_words_are() -> None:
    read = Read("Workers Strike Fund pays farmers .", names=("Workers Strike Fund",))
    assert read.subjects("pays") == ["Workers"]
    assert read.phrase("Workers") == "Workers Strike Fund"
    assert read.tree.tags[:3] == ("PROPN",) * 3
    assert [read.head(word) for word in ("Strike", "Fund")] == [("Workers", "flat")] * 2


@pytest.mark.parametrize("names", [[(0, 2), (1, 3)], [(2, 2)], [(-1, 1)], [(2, 4)]])
def test_names_that_cannot_be_are_refused(names: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="names must be spans"):
        parse(["Bank", "of", "Oslo"], names=names)


def test_the_way_between_two_words() -> None:
    read = Read("The mayor said that the bakers had raised prices .")
    up, down = read.tree.path(read.at("bakers"), read.at("mayor"))
    assert [read.words[at] for at in up] == ["bakers", "raised", "said"]
    assert [read.words[at] for at in down] == ["mayor"]
    assert read.tree.path(2, 2) == ((2,), ())
    assert [read.words[at] for at in read.tree.ancestors(read.at("prices"))] == ["raised", "said"]


def test_nothing_has_no_tree() -> None:
    tree = parse([])
    assert (len(tree), tree.root) == (0, -1)


def check(tree: Tree, size: int) -> None:
    assert len(tree) == len(tree.tags) == len(tree.forms) == len(tree.labels) == size
    assert tree.heads.count(-1) == min(1, size)
    for at in range(size):
        assert len(set(tree.ancestors(at)) | {at}) == sum(1 for _ in tree.ancestors(at)) + 1 <= size
        start, end = tree.span(at)
        assert start <= at < end
        assert (tree.labels[at] == "root") == (tree.heads[at] == -1)


WORDS = st.sampled_from(
    ["the", "port", "\u00c9cole", "closed", "to", "and", ",", "\u201c", "who", "that", "5%", "n't", ".", "\u0645"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(WORDS | st.text(min_size=1, max_size=5), max_size=25), st.booleans(), st.data())
def test_every_list_of_words_has_one_root_and_no_circle(words: list[str], headline: bool, data: st.DataObject) -> None:
    positions = st.integers(0, len(words))
    start, end = sorted((data.draw(positions), data.draw(positions)))
    names = [(start, end)] if start < end else []
    check(parse(words, data.draw(st.sets(positions)), names, headline), len(words))


@settings(max_examples=5, deadline=None)
@given(st.lists(WORDS, min_size=LONGEST + 1, max_size=3 * LONGEST))
def test_a_long_sentence_has_one_root_too(words: list[str]) -> None:
    check(parse(words, names=[(LONGEST - 2, LONGEST + 1)]), len(words))
