"""What is allowed and still looks like a mistake: signals that cannot add anything, words that match everything.

Each lint is a small function from a rule file to warnings, as in ``check.py``.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from monitor.problem import Problem
from monitor.rules.read import RuleFile
from monitor.rules.ruleset import ANYONE, Ruleset, Signal
from monitor.rules.yaml_document import ValuePath
from monitor.text.invisible import first_invisible, without_invisible

# Words that stand in most news, whatever it is about. Alone they tell nothing apart.
# fmt: off
_EVERYWHERE = frozenset({
    "be", "have", "do", "say", "tell", "make", "get", "go", "take", "come", "see", "know", "think", "give", "find",
    "use", "want", "call", "ask", "need", "work", "try", "report", "announce",
    "add", "include", "become", "begin", "show", "hear", "let", "keep", "put", "mean", "leave", "start", "turn",
    "move", "people", "person", "man", "woman", "child", "country",
    "government", "official", "minister", "state", "city", "year", "day", "time", "group", "leader", "news",
    "world", "president", "statement", "week", "month",
})
# fmt: on
# Alphabets with letters that look the same. A letter's Unicode name begins with that of its alphabet.
_ALPHABETS = frozenset({"Latin", "Greek", "Cyrillic", "Armenian", "Coptic", "Cherokee"})
_LETTERS = re.compile(r"[^\W\d_]+")


def lint(file: RuleFile) -> Iterator[Problem]:
    """Every warning about a rule file that holds together."""
    for find in (_broad, _repeated, _redundant, _unused, _mixed, _invisible):
        yield from find(file)


def _broad(file: RuleFile) -> Iterator[Problem]:
    """A deed that most news would match, with nothing to narrow it."""
    for place, _, signal in file.signals():
        if signal.what:
            continue
        for number, entry in enumerate(signal.does):
            for word in sorted(_words(file.ruleset, (entry,))):
                if word.strip('"').casefold() in _EVERYWHERE:
                    message = f"`{word}` stands in most news; say to what under `what`, or use a phrase"
                    yield file.document.problem((*place, "does", number), message, "warning")


def _repeated(file: RuleFile) -> Iterator[Problem]:
    """A word that stands twice in one list."""
    for place, _, signal in file.signals():
        for number, word in enumerate(signal.does):
            if word in signal.does[:number]:
                message = f"`{word}` stands here a second time"
                yield file.document.problem((*place, "does", number), message, "warning")
    for name, listed in file.ruleset.terms.items():
        for number, word in enumerate(listed):
            if word in listed[:number]:
                message = f"`{word}` stands here a second time"
                yield file.document.problem(("terms", name, number), message, "warning")


def _redundant(file: RuleFile) -> Iterator[Problem]:
    """A signal that finds nothing which another signal of its condition does not find as well."""
    for base, _, part in file.parts():
        for number, signal in enumerate(part.signals):
            for other in part.signals:
                if other.id != signal.id and _covers(file.ruleset, other, signal):
                    both = _covers(file.ruleset, signal, other)
                    if both and part.signals.index(other) > number:
                        continue
                    message = f"signal `{signal.id}` is shadowed: whatever it finds, `{other.id}` finds as well"
                    yield file.document.problem((*base, "signals", number, "id"), message, "warning")
                    break


def _covers(ruleset: Ruleset, wide: Signal, narrow: Signal) -> bool:
    same = all(
        getattr(wide, name) == getattr(narrow, name) for name in ("stance", "lasts", "reverses", "lang", "unless")
    )
    hands = wide.who == narrow.who or wide.who == ANYONE
    if not (same and hands) or not _words(ruleset, narrow.does) <= _words(ruleset, wide.does):
        return False
    narrow_groups = [_group(ruleset, entry) for entry in narrow.what]
    return all(any(own <= _group(ruleset, entry) for own in narrow_groups) for entry in wide.what)


def _group(ruleset: Ruleset, entry: str | tuple[str, ...]) -> frozenset[str]:
    return _words(ruleset, (entry,) if isinstance(entry, str) else entry)


def _words(ruleset: Ruleset, listed: Sequence[str], seen: frozenset[str] = frozenset()) -> frozenset[str]:
    """The words of a list, those of the lists it uses included."""
    out: set[str] = set()
    for word in listed:
        name = word[1:]
        if word.startswith("$") and name not in seen:
            out |= _words(ruleset, ruleset.terms.get(name, ()), seen | {name})
        elif not word.startswith("$"):
            out.add(word)
    return frozenset(out)


def _unused(file: RuleFile) -> Iterator[Problem]:
    """Lists that no signal speaks of."""
    ruleset = file.ruleset
    used = {word[1:] for _, _, signal in file.signals() for word in _named(signal)}
    used |= {word[1:] for listed in ruleset.terms.values() for word in listed if word.startswith("$")}
    for name in ruleset.terms:
        if name not in used and ("terms", name) not in file.document.included:
            yield file.document.problem(("terms", name), f"no signal uses list `${name}`", "warning")


def _named(signal: Signal) -> Iterator[str]:
    for entry in (*signal.does, *signal.what, *signal.unless):
        for word in (entry,) if isinstance(entry, str) else entry:
            if word.startswith("$"):
                yield word


def _mixed(file: RuleFile) -> Iterator[Problem]:
    """Words with a letter of another alphabet among their own, such as a Greek o in an English name."""
    for path, text in (*_rule_words(file), *_example_texts(file)):
        for word in () if text.isascii() else _LETTERS.findall(without_invisible(text)):
            alphabets = [alphabet for letter in word if (alphabet := _alphabet(letter))]
            if len(set(alphabets)) > 1:
                (own, _), *_ = Counter(alphabets).most_common(1)
                place = next(n for n, letter in enumerate(word) if _alphabet(letter) not in ("", own))
                odd = _alphabet(word[place])
                message = (
                    f"`{word}` mixes {own} and {odd} letters: “{word[place]}” ({_ordinal(place + 1)} letter) is {odd}; "
                    "type the word again"
                )
                yield file.document.problem(path, message, "warning")


def _invisible(file: RuleFile) -> Iterator[Problem]:
    """Words with a character that nobody sees, pasted along with them. They are read without it."""
    for path, text in _rule_words(file):
        if found := first_invisible(text):
            called = unicodedata.name(found, "a character without a name").lower()
            message = f"`{without_invisible(text)}` holds an invisible character, U+{ord(found):04X} ({called})"
            yield file.document.problem(path, f"{message}; type the word again", "warning")


def _alphabet(letter: str) -> str:
    """The alphabet of a letter, if another has letters that look the same."""
    name = unicodedata.name(letter, "").partition(" ")[0].capitalize()
    return name if name in _ALPHABETS else ""


def _ordinal(number: int) -> str:
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if number % 100 in (11, 12, 13) else endings.get(number % 10, 'th')}"


def _rule_words(file: RuleFile) -> Iterator[tuple[ValuePath, str]]:
    """Every name, word and phrase to look for, with its place."""
    for actor, named in file.ruleset.actors.items():
        for key, listed in (("names", named.names), ("context", named.context), ("not", named.unlike)):
            for number, word in enumerate(listed):
                yield ("actors", actor, key, number), word
    for name, listed in file.ruleset.terms.items():
        for number, word in enumerate(listed):
            yield ("terms", name, number), word
    for place, _, signal in file.signals():
        for key, words in (("does", signal.does), ("unless", signal.unless)):
            for number, word in enumerate(words):
                yield (*place, key, number), word
        for number, entry in enumerate(signal.what):
            for word in (entry,) if isinstance(entry, str) else entry:
                yield (*place, "what", number), word


def _example_texts(file: RuleFile) -> Iterator[tuple[ValuePath, str]]:
    for place, _, signal in file.signals():
        for number, example in enumerate(signal.examples):
            yield (*place, "examples", number, "text"), example.text
