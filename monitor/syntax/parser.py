"""Trees of sentences: a greedy transition parser over tagged words."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from functools import cache

from monitor.syntax.features import WORDS, State, plain, what_comes
from monitor.syntax.tagger import Tagger, kinds_of
from monitor.syntax.tree import Tree
from monitor.syntax.weights import CAPITAL, DIGIT, LOWER, NOBODY, Model, model

# A longer sentence is cut, at a mark if there is one in its second half: time stays linear.
LONGEST = 120
_CUTS = frozenset(WORDS["cuts"]["marks"])
# What a word has hanging on it, as far as it matters to the rest: bits.
_FLAGS: dict[str, int] = WORDS["flags"]


def parse(
    words: Sequence[str], verbs: Collection[int] = (), names: Iterable[tuple[int, int]] = (), headline: bool = False
) -> Tree:
    """The tree of a sentence's tokens, as they are written (marks are tokens; so is the "n't" or "not" of "isn't").

    ``verbs`` are positions of words that may be verbs, whatever else they are; ``names`` are spans ``(start, end)``,
    none over another, of words that are one name, of which the first is the head; ``headline`` says that it is one.
    Raises ``ValueError`` for spans that cannot be.
    """
    spans, verbs, end = sorted(names), frozenset(verbs), 0
    for start, stop in spans:
        if not end <= start < stop <= len(words):
            raise ValueError(f"names must be spans of the sentence's {len(words)} words, none over another: {spans}")
        end = stop
    # A name is read as one word, its last, and then stands where it begins.
    first = {end - 1: start for start, end in spans}
    hidden = {at for start, end in spans for at in range(start, end - 1)}
    read = [at for at in range(len(words)) if at not in hidden]
    of_names = {number for number, at in enumerate(read) if at in first}
    of_verbs = {number for number, at in enumerate(read) if at in verbs} - of_names
    tags, heads, labels = _in_pieces([words[at] for at in read], of_verbs, of_names, headline)
    rows = {at: ("PROPN|NNP", start, "flat") for start, end in spans for at in range(start + 1, end)}
    place = [first.get(at, at) for at in read]
    for at, tag, head, label in zip(place, tags, heads, labels, strict=True):
        rows[at] = (tag, place[head] if head >= 0 else -1, label)
    ordered = [rows[at] for at in range(len(words))]
    return Tree(
        tuple(tag.partition("|")[0] for tag, _, _ in ordered),
        tuple(tag.partition("|")[2] for tag, _, _ in ordered),
        tuple(head for _, head, _ in ordered),
        tuple(label for _, _, label in ordered),
    )


def _in_pieces(
    words: Sequence[str], verbs: Collection[int], names: Collection[int], headline: bool
) -> tuple[list[str], list[int], list[str]]:
    """Tags, heads and labels; all pieces but the first hang on the first."""
    reader = _reader()
    tags: list[str] = []
    heads: list[int] = []
    labels: list[str] = []
    kinds = kinds_of(words, reader.model.kinds, verbs)
    for start, end in pieces(words):
        part, here = words[start:end], {at - start for at in range(start, end) if at in names}
        found = reader.tagger.tag(part, kinds[start:end], headline, here)
        above, under = reader.attach(part, found, headline)
        if start:
            under[above.index(-1)] = "parataxis"
        heads += [head + start if head >= 0 else heads.index(-1) if start else -1 for head in above]
        tags += found
        labels += under
    return tags, heads, labels


def pieces(words: Sequence[str]) -> list[tuple[int, int]]:
    """Spans of at most ``LONGEST`` words."""
    found, start = [], 0
    while len(words) - start > LONGEST:
        whole = start + LONGEST
        end = next((at for at in range(whole, start + LONGEST // 2, -1) if words[at - 1] in _CUTS), whole)
        found.append((start, end))
        start = end
    return [*found, (start, len(words))] if start < len(words) else found


class Reader:
    """Reads sentences of at most ``LONGEST`` words with the weights of a model."""

    def __init__(self, model: Model) -> None:
        self.model, self.tagger = model, Tagger(model.tags, model.tagging)
        self._tag_numbers = {tag: number for number, tag in enumerate(model.tags, 2)}
        self._shift = model.actions.index(("shift", ""))
        labels = sorted({label for _, label in model.actions})
        self._does = [(kind, label, labels.index(label), _FLAGS.get(label, 0)) for kind, label in model.actions]

    def state(self, words: Sequence[str], tags: Sequence[str], headline: bool) -> State:
        """Where parsing begins. A word is known by its lemma if it is a verb or a noun."""
        known = []
        for word, tag in zip(words, tags, strict=True):
            low = plain(word)
            if tag.startswith(("VERB", "NOUN")):
                low = self.model.lemmas.get(tag[0] + low, low)
            unknown = DIGIT if low[:1] == "0" else CAPITAL if word[:1].isupper() else LOWER
            known.append(self.model.known.get(low, unknown))
        numbers = [self._tag_numbers[tag] for tag in tags]
        return State([*known, NOBODY, 0, 0, 0], [*numbers, NOBODY, 0, 0, 0], what_comes(tags), int(headline))

    def best(self, state: State, scores: Sequence[int]) -> int:
        """The number of the best action that can be done here."""
        if state.next == state.size:
            scores = scores[: self._shift]
        elif len(state.stack) == 1:
            return scores.index(max(scores[self._shift :]), self._shift)
        return scores.index(max(scores))

    def act(self, state: State, action: int) -> str:
        """Do an action; returns the label it gives, if any."""
        kind, label, number, flag = self._does[action]
        if kind == "shift":
            state.shift()
        else:
            state.hang(kind == "left", number, flag)
        return label

    def attach(self, words: Sequence[str], tags: Sequence[str], headline: bool) -> tuple[list[int], list[str]]:
        """Heads and labels of tagged words."""
        state, table = self.state(words, tags, headline), self.model.parsing
        labels, coming, seen = ["root"] * len(words), 0, -1
        while state.next < state.size or len(state.stack) > 1:
            if not state.stack:
                state.shift()
                continue
            if seen != state.next:
                seen, coming = state.next, table.total(state.next_features())
            top = state.stack[-1]
            label = self.act(state, self.best(state, table.scores(table.total(state.features()) + coming)))
            labels[top] = label or labels[top]
        return state.heads[: state.size], labels


@cache
def _reader() -> Reader:
    return Reader(model())
