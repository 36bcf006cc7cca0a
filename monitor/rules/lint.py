"""What is allowed and still looks like a mistake: signals that cannot add anything, words that match everything.

Each lint is a small function from a rule file to warnings, as in ``check.py``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from monitor.problem import Problem
from monitor.rules.read import RuleFile
from monitor.rules.ruleset import ANYONE, Ruleset, Signal

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


def lint(file: RuleFile) -> Iterator[Problem]:
    """Every warning about a rule file that holds together."""
    for find in (_broad, _repeated, _redundant, _unused):
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
