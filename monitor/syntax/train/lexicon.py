"""What the treebank says of single words: what each may be, its lemma, and which are worth a number."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from monitor.syntax.features import plain
from monitor.syntax.train.headlines import regular_forms
from monitor.syntax.train.treebank import LISTS, Sentence

# A tag that fewer words have than one in so many is rare.
_RARE = 4_800
_SEEN_OFTEN = 4
_SHARE = 0.06
_VERBS = "vzdeg"


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words with their possible kinds, lemmas by "V" or "N" and form, and the words that get numbers."""

    kinds: dict[str, str]
    lemmas: dict[str, str]
    known: list[str]


def letter(tag: str) -> str:
    """The kind of a tag."""
    kinds = LISTS["kinds"]
    return str(kinds.get(tag) or kinds.get(tag.partition("|")[0], "x"))


def choose_tags(sentences: Sequence[Sentence]) -> list[str]:
    """Gives each rare tag up for the usual one of its class; returns the tags that are left, the usual first."""
    count = Counter(tag for sentence in sentences for tag in sentence.tags)
    at_least = count.total() // _RARE
    often = [tag for tag, n in count.most_common() if n >= at_least]
    usual: dict[str, str] = {}
    for tag in often:
        usual.setdefault(tag.partition("|")[0], tag)
    for sentence in sentences:
        sentence.tags = [tag if tag in often else usual.get(tag.partition("|")[0], often[0]) for tag in sentence.tags]
    return often


def lexicon(sentences: Sequence[Sentence]) -> Lexicon:
    """Of sentences as they stand in the treebank."""
    of_word: dict[str, Counter[str]] = defaultdict(Counter)
    of_form: dict[str, Counter[str]] = defaultdict(Counter)
    verbs: Counter[str] = Counter()
    nouns: Counter[str] = Counter()
    for sentence in sentences:
        for word, lemma, tag in zip(sentence.words, sentence.lemmas, sentence.tags, strict=True):
            low = plain(word)
            of_word[low][letter(tag)] += 1
            if tag.startswith(("VERB", "NOUN")) and lemma != "_":
                of_form[tag[0] + low][lemma.lower()] += 1
                (verbs if tag[0] == "V" else nouns)[lemma.lower()] += 1
    lemmas = {form: found.most_common(1)[0][0] for form, found in sorted(of_form.items())}
    common = sorted(lemma for lemma, n in verbs.items() if n >= 2 and lemma.isalpha() and len(lemma) > 2)
    forms: dict[str, str] = defaultdict(str)

    def may_be(form: str, kinds: str) -> None:
        forms[form] += "".join(kind for kind in kinds if kind not in forms[form])

    for form, lemma in lemmas.items():
        if form[0] == "V" and verbs[lemma] >= 2:
            may_be(form[1:], "".join(kind for kind, _ in of_word[form[1:]].most_common() if kind in _VERBS))
    for lemma in common:
        for form, kinds in regular_forms(lemma).items():
            if form == lemma or "V" + form not in lemmas:
                lemmas.setdefault("V" + form, lemma)
                may_be(form, kinds)
    for lemma, n in nouns.items():
        if n >= 2 and lemma.isalpha():
            may_be(lemma, "n")
            may_be(lemma + "s", "s")
    return Lexicon(_kinds(of_word, forms), *_known(sentences, lemmas))


def _kinds(of_word: dict[str, Counter[str]], forms: dict[str, str]) -> dict[str, str]:
    found = {}
    for word in sorted(set(of_word) | set(forms)):
        count = of_word.get(word, Counter())
        total = sum(count.values())
        if total >= _SEEN_OFTEN:
            seen = "".join(kind for kind, n in count.most_common() if n >= _SHARE * total)
            # A form that is mostly a noun is a verb at times, seen or not.
            found[word] = seen + "".join(kind for kind in forms.get(word, "") if kind in _VERBS and kind not in seen)
        elif forms.get(word):
            found[word] = "~" + "".join(sorted(forms[word]))
    return {word: kinds for word, kinds in found.items() if kinds and not word.startswith("0")}


def _known(sentences: Sequence[Sentence], lemmas: dict[str, str]) -> tuple[dict[str, str], list[str]]:
    count: Counter[str] = Counter()
    for sentence in sentences:
        for word, tag in zip(sentence.words, sentence.tags, strict=True):
            low = plain(word)
            count[lemmas.get(tag[0] + low, low) if tag.startswith(("VERB", "NOUN")) else low] += 1
    known = sorted(word for word, n in count.items() if n >= 3)
    kept = set(known)
    return {form: lemma for form, lemma in lemmas.items() if lemma in kept and form[1:] != lemma}, known
