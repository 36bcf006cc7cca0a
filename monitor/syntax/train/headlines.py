"""Sentences turned into headlines: no articles, present for past, "to" for what is to come, bare participles."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from monitor.syntax.train.treebank import LISTS, Node, Sentence

_LONGEST, _SHORTEST = 18, 3
_NUMBERS = ("NNS", "NNPS")


class Headlines:
    """Makes headlines from the sentences of a treebank, with words of other sentences of it."""

    def __init__(self, sentences: Sequence[Sentence], chance: random.Random) -> None:
        self._chance = chance
        self._participles: dict[str, str] = {}
        participles: dict[str, Counter[str]] = defaultdict(Counter)
        subjects: Counter[tuple[str, str, str]] = Counter()
        objects: Counter[str] = Counter()
        nouns: Counter[str] = Counter()
        for sentence in sentences:
            for at, (word, lemma, tag) in enumerate(zip(sentence.words, sentence.lemmas, sentence.tags, strict=True)):
                if tag in ("VERB|VBN", "VERB|VBD"):
                    # The past tense stands in where no participle is seen.
                    participles[lemma][word.lower()] += 1000 if tag == "VERB|VBN" else 1
                if tag.startswith(("NOUN|NN", "PROPN|NNP")):
                    nouns[word.lower()] += 1
                    if sentence.labels[at].startswith("nsubj") and word.isalpha() and len(word) > 1:
                        subjects[word, lemma, tag] += 1
                if sentence.labels[at] == "obj" and sentence.tags[sentence.heads[at]].startswith("VERB"):
                    objects[sentence.lemmas[sentence.heads[at]]] += 1
        for lemma, forms in participles.items():
            self._participles[lemma] = forms.most_common(1)[0][0]
        self._subjects = sorted(subjects)
        # Verbs with objects whose forms are nouns as well.
        self._like_nouns = sorted(lemma for lemma, n in objects.items() if n > 1 and nouns[lemma] and lemma.isalpha())
        self._verbs = sorted(lemma for lemma, n in objects.items() if n > 1 and lemma.isalpha())

    def of(self, sentence: Sentence) -> Iterable[Sentence]:
        """Headlines from clauses of a sentence: none, one or two."""
        nodes = sentence.nodes()
        tops = [
            node
            for node in nodes
            if node.kind == "VERB"
            and any(
                kid.head is node and kid.label.startswith("nsubj") and kid.form not in ("WDT", "WP") for kid in nodes
            )
        ]
        self._chance.shuffle(tops)
        for top in tops[:2]:
            made = self._of_clause(sentence, nodes.index(top))
            if made:
                yield made

    def _of_clause(self, sentence: Sentence, at: int) -> Sentence | None:
        """A headline of the clause that one verb heads."""
        nodes = sentence.nodes()
        top = nodes[at]
        top.head, top.label = None, "root"
        chance = self._chance
        gone = {*LISTS["dropped"], *(() if chance.random() < 0.5 else ("conj", "advcl", "advmod"))}
        gone_kids = [node for node in nodes if node.head is top and node.label in gone]
        nodes = [node for node in nodes if self._under(node, top)]
        nodes = [node for node in nodes if not any(self._under(node, kid) for kid in gone_kids)]
        subject = next(node for node in nodes if node.head is top and node.label.startswith("nsubj"))
        nodes = self._other_subject(nodes, subject)
        thing = next((node for node in nodes if node.head is top and node.label == "obj"), None)
        if thing and thing.kind in ("NOUN", "PROPN") and subject.label == "nsubj" and chance.random() < 0.35:
            nodes = self._passive(nodes, top, subject, thing)
        else:
            nodes = self._present(nodes, top, subject)
        nodes = self._without_small_words(nodes)
        nodes = self._without_marks_at_ends(nodes)
        if not _SHORTEST <= len(nodes) <= _LONGEST or top not in nodes:
            return None
        if any(node.head is not None and not any(node.head is other for other in nodes) for node in nodes):
            return None
        if chance.random() < 0.1:
            nodes = self._attributed(nodes, top)
        self._write(nodes)
        return Sentence.of(nodes, True)

    @staticmethod
    def _under(node: Node | None, top: Node) -> bool:
        while node is not None and node is not top:
            node = node.head
        return node is top

    def _other_subject(self, nodes: list[Node], subject: Node) -> list[Node]:
        """Another subject for a pronoun, and now and then for a noun; without what described it."""
        pronoun = subject.kind not in ("NOUN", "PROPN")
        if not pronoun and self._chance.random() > 0.3:
            return nodes
        subject.word, subject.lemma, subject.tag = self._chance.choice(self._subjects)
        return [node for node in nodes if node is subject or not self._under(node, subject)]

    def _passive(self, nodes: list[Node], top: Node, subject: Node, thing: Node) -> list[Node]:
        """ "Police arrested a man in Oslo" as "Man arrested (by police) in Oslo"."""
        phrase = [node for node in nodes if self._under(node, thing)]
        doer = [node for node in nodes if self._under(node, subject)]
        moved = {id(node) for node in (*phrase, *doer)}
        rest = [node for node in nodes if id(node) not in moved]
        rest = [node for node in rest if not (node.head is top and node.label in ("aux", "aux:pass", "iobj"))]
        at = next(at for at, node in enumerate(rest) if node is top)
        thing.label = "nsubj:pass"
        top.word, top.tag = self._participles.get(top.lemma, _regular(top.lemma)), "VERB|VBN"
        agent: list[Node] = []
        if self._chance.random() < 0.25:
            subject.label = "obl:agent"
            agent = [Node("by", "by", "ADP|IN", subject, "case"), *doer]
        return [*phrase, top, *agent, *rest[at + 1 :]]

    def _present(self, nodes: list[Node], top: Node, subject: Node) -> list[Node]:
        """The verb in the present, or with "to", or as a bare participle."""
        chance = self._chance
        helpers = [node for node in nodes if node.head is top and node.label in ("aux", "aux:pass", "cop")]
        if any(node.lemma == "will" for node in helpers) and chance.random() < 0.7:
            for node in helpers:
                if node.lemma == "will":
                    node.word = node.lemma = "to"
                    node.tag = "PART|TO"
            return nodes
        if top.form == "VBN" and any(node.label == "aux:pass" for node in helpers):
            gone = helpers if all(node.lemma in ("be", "have", "get") for node in helpers) else []
            return self._less(nodes, gone) if chance.random() < 0.8 else nodes
        if top.form == "VBG" and helpers and all(node.lemma in ("be", "have") for node in helpers):
            return self._less(nodes, helpers) if chance.random() < 0.4 else nodes
        if top.form == "VBD" or (top.form == "VBN" and all(node.lemma == "have" for node in helpers)):
            nodes = self._less(nodes, helpers)
            top.tag = "VERB|VBD"
        if top.form in ("VBD", "VBZ", "VBP") and chance.random() < 0.9:
            if any(node.label == "aux" and node.head is top for node in nodes):
                return nodes
            hanging = {node.label for node in nodes if node.head is top}
            if (
                "obj" in hanging
                and hanging.isdisjoint(("ccomp", "xcomp", "iobj", "compound:prt"))
                and chance.random() < 0.45
            ):
                top.lemma = chance.choice((self._like_nouns if chance.random() < 0.6 else self._verbs) or [top.lemma])
            if chance.random() < 0.12:
                # What is to come.
                top.word, top.tag = top.lemma, "VERB|VB"
                at = next(at for at, node in enumerate(nodes) if node is top)
                return [*nodes[:at], Node("to", "to", "PART|TO", top, "aux"), *nodes[at:]]
            many = subject.form in _NUMBERS or any(node.head is subject and node.label == "conj" for node in nodes)
            top.word, top.tag = (top.lemma, "VERB|VBP") if many else (third_person(top.lemma), "VERB|VBZ")
        return nodes

    @staticmethod
    def _less(nodes: list[Node], gone: list[Node]) -> list[Node]:
        return [node for node in nodes if not any(node is other for other in gone)]

    def _without_small_words(self, nodes: list[Node]) -> list[Node]:
        heads = {id(node.head) for node in nodes}
        some = self._chance.random() < 0.5
        drop_copula = self._chance.random() < 0.3

        def goes(node: Node) -> bool:
            if id(node) in heads:
                return False
            low = node.word.lower()
            return (
                (node.label == "det" and low in LISTS["articles"])
                or (some and node.label == "nmod:poss" and node.kind == "PRON")
                or (drop_copula and node.label == "cop" and low in ("is", "are", "was", "were"))
            )

        return [node for node in nodes if not goes(node)]

    @staticmethod
    def _without_marks_at_ends(nodes: list[Node]) -> list[Node]:
        while nodes and nodes[-1].kind == "PUNCT":
            nodes = nodes[:-1]
        while nodes and nodes[0].kind == "PUNCT":
            nodes = nodes[1:]
        return nodes

    def _attributed(self, nodes: list[Node], top: Node) -> list[Node]:
        """ "..., officials say"."""
        word, lemma, tag = self._chance.choice(self._subjects)
        many = tag.endswith(_NUMBERS)
        verb = Node("say" if many else "says", "say", "VERB|VBP" if many else "VERB|VBZ")
        top.head, top.label = verb, "ccomp"
        return [*nodes, Node(",", ",", "PUNCT|,", verb, "punct"), Node(word, lemma, tag, verb, "nsubj"), verb]

    def _write(self, nodes: list[Node]) -> None:
        """Capitals: mostly of the first word only, at times of most words, of none, or everywhere."""
        way = self._chance.random()
        for at, node in enumerate(nodes):
            word = node.word
            if way < 0.25:
                node.word = word if word.lower() in LISTS["small"] and at else word[:1].upper() + word[1:]
            elif way < 0.28:
                node.word = word.lower()
            elif way < 0.31:
                node.word = word.upper()
            elif at == 0:
                node.word = word[:1].upper() + word[1:]


def third_person(lemma: str) -> str:
    """ "carries" of "carry"."""
    if lemma in ("be", "have"):
        return {"be": "is", "have": "has"}[lemma]
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        return lemma + "es"
    return lemma[:-1] + "ies" if lemma.endswith("y") and lemma[-2:-1] not in "aeiou" else lemma + "s"


def _regular(lemma: str) -> str:
    if lemma.endswith("y") and lemma[-2:-1] not in "aeiou":
        return lemma[:-1] + "ied"
    return lemma + ("d" if lemma.endswith("e") else "ed")


def regular_forms(lemma: str) -> dict[str, str]:
    """The regular forms of a verb, with the letter of their kind (see monitor.syntax.features)."""
    stem = lemma[:-1] if lemma.endswith("e") and not lemma.endswith("ee") else lemma
    return {lemma: "v", third_person(lemma): "z", _regular(lemma): "de", stem + "ing": "g"}
