"""How well sentences are read as trees, against a gold text in CoNLL-U; how fast, and what loading takes.

    python tests/benchmarks/syntax.py [GOLD.conllu] [--headlines HEADLINES.jsonl]

Without a gold text a few sentences of the project's own are read: that shows that it runs, and measures little. A text
to measure on is the English Parallel Universal Dependencies treebank (universaldependencies.org), fetched by hand.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from rich.table import Table
from side_by_side import CONSOLE

from monitor.syntax.features import plain
from monitor.syntax.parser import parse
from monitor.syntax.train.treebank import Sentence, read
from monitor.syntax.tree import SUBJECTS, Tree
from monitor.text.tokens import tokenise

OWN = Path(__file__).parent / "syntax_sentences.conllu"
HEADLINES = Path(__file__).parent.parent / "syntax" / "headlines.jsonl"
CLAUSES = ("advcl", "acl", "acl:relcl", "ccomp", "xcomp")
_NEGATING = ("not", "never", "no")
Found = set[tuple[object, ...]]

_LOADING = """
import time
from pathlib import Path
def used(what):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(what)) / 1e3
import json, zlib, hashlib, struct, importlib.resources
from monitor.syntax import parser
before, begun = used("VmRSS"), time.perf_counter()
parser.parse(["Ships", "sail", "."])
taken = time.perf_counter() - begun
print(taken, used("VmRSS") - before, used("VmHWM") - before)
"""


def gold_tree(sentence: Sentence) -> Tree:
    """What the treebank says, as the parser would say it."""
    kinds, forms = zip(*(tag.split("|") for tag in sentence.tags), strict=True)
    return Tree(kinds, forms, tuple(sentence.heads), tuple(sentence.labels))


def _verbs(tree: Tree) -> list[int]:
    return [at for at, tag in enumerate(tree.tags) if tag == "VERB"]


def _hanging(tree: Tree, labels: Sequence[str]) -> Found:
    return {(verb, kid) for verb in _verbs(tree) for kid in tree.children(verb, *labels)}


def _agents(tree: Tree, words: Sequence[str]) -> Found:
    return {
        (verb, kid)
        for verb in _verbs(tree)
        if tree.forms[verb] == "VBN"
        for kid in tree.children(verb, "obl", "obl:agent")
        if any(plain(words[case]) == "by" for case in tree.children(kid, "case"))
    }


def _negated(tree: Tree, words: Sequence[str]) -> Found:
    return {
        (verb, kid)
        for verb in _verbs(tree)
        for kid in tree.children(verb, "advmod", "det")
        if plain(words[kid]) in _NEGATING
    }


QUESTIONS: dict[str, Callable[[Tree, Sequence[str]], Found]] = {
    "subjects of verbs": lambda tree, _: _hanging(tree, SUBJECTS),
    "objects": lambda tree, _: _hanging(tree, ("obj",)),
    "passives": lambda tree, _: {(verb,) for verb in _verbs(tree) if tree.is_passive(verb)},
    "passives with a subject": lambda tree, _: {(verb,) for verb in _verbs(tree) if tree.children(verb, "nsubj:pass")},
    "agents of passives": _agents,
    "negation": _negated,
    "clauses, same label": lambda tree, _: {
        (tree.heads[at], at, label) for at, label in enumerate(tree.labels) if label in CLAUSES
    },
    "clauses, any label": lambda tree, _: {
        (tree.heads[at], at) for at, label in enumerate(tree.labels) if label in CLAUSES
    },
    **{
        label: lambda tree, _, label=label: {(tree.heads[at], at) for at, one in enumerate(tree.labels) if one == label}
        for label in (*CLAUSES, "conj")
    },
}


def measured(sentences: Sequence[Sentence], trees: Sequence[Tree]) -> dict[str, tuple[int, int, int]]:
    """For each question how many answers are right, how many were given, and how many there are in the gold text."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for sentence, tree in zip(sentences, trees, strict=True):
        gold = gold_tree(sentence)
        pairs: Iterable[tuple[str, Found, Found]] = (
            ("word classes", _each(gold.tags), _each(tree.tags)),
            ("attachments", _each(gold.heads), _each(tree.heads)),
            *((name, ask(gold, sentence.words), ask(tree, sentence.words)) for name, ask in QUESTIONS.items()),
        )
        for name, true, given in pairs:
            for place, number in enumerate((len(true & given), len(given), len(true))):
                counts[name][place] += number
    return {name: (right, given, true) for name, (right, given, true) in counts.items()}


def _each(values: Iterable[object]) -> Found:
    return set(enumerate(values))


def frame_is_right(headline: dict[str, object], tree: Tree, words: Sequence[str]) -> bool:
    """Whether verb, subject, object and voice are all as they should be, and nothing more."""
    low = [word.lower() for word in words]
    verb = low.index(str(headline["verb"]).lower())
    above = [tree.labels[at] for at in (verb, *tree.ancestors(verb))]
    subjects = [low[kid] for kid in tree.children(verb, *SUBJECTS)]
    objects = [low[kid] for kid in tree.children(verb, "obj")]
    return (
        tree.tags[verb] == "VERB"
        and all(label in ("root", "ccomp", "parataxis") for label in above)
        and subjects == [str(headline["subject"]).lower()]
        and objects == ([str(headline["object"]).lower()] if headline["object"] else [])
        and tree.is_passive(verb) == headline["passive"]
    )


def headlines_right(path: Path) -> tuple[int, list[str]]:
    """How many headlines there are, and those whose main frame is wrong."""
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    wrong = []
    for headline in lines:
        text = headline["text"]
        words = [text[token.start : token.end] or token.norm for token in tokenise(text)]
        tree = parse(words, headline=True)
        if not frame_is_right(headline, tree, words):
            rows = zip(words, tree.forms, tree.labels, tree.heads, strict=True)
            wrong.append(" ".join(f"{w}/{f}/{label}>{words[h] if h >= 0 else ''}" for w, f, label, h in rows))
    return len(lines), wrong


def main(gold: Path, headlines: Path, show: bool) -> None:
    sentences = list(read(gold))
    parse(["Ships", "sail", "."])
    begun = time.process_time()
    trees = [parse(sentence.words) for sentence in sentences]
    taken = time.process_time() - begun
    table = Table(title=f"{gold.name}, {len(sentences)} sentences", title_justify="left")
    for heading in ("", "precision", "recall", "F1", "in the gold text"):
        table.add_column(heading, justify="right" if heading else "left")
    for name, (right, given, true) in measured(sentences, trees).items():
        parts = (right / max(1, given), right / max(1, true), 2 * right / max(1, given + true))
        table.add_row(name, *(f"{part:.3f}" for part in parts), str(true))
    CONSOLE.print(table)
    number = sum(len(sentence.words) for sentence in sentences)
    CONSOLE.print(f"{len(sentences) / taken:.0f} sentences and {number / taken:,.0f} words a second on one core")
    done = subprocess.run([sys.executable, "-c", _LOADING], check=True, capture_output=True, text=True)
    seconds, kept, most = map(float, done.stdout.split())
    CONSOLE.print(f"first sentence after {seconds:.2f} s; {kept:.0f} MB more, {most:.0f} MB for a moment")
    total, wrong = headlines_right(headlines)
    CONSOLE.print(f"headlines: main frame right in {total - len(wrong)} of {total}")
    for line in wrong if show else ():
        CONSOLE.print(line, markup=False, highlight=False)


if __name__ == "__main__":
    arguments = argparse.ArgumentParser()
    arguments.add_argument("gold", type=Path, nargs="?", default=OWN)
    arguments.add_argument("--headlines", type=Path, default=HEADLINES)
    arguments.add_argument("--show", action="store_true", help="show headlines that are read wrong")
    given = arguments.parse_args()
    main(given.gold, given.headlines, given.show)
