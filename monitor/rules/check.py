"""What the format alone cannot promise: that names mean something, and that quotes stand where they should.

Each check is a small function from a rule file to problems; :func:`check_rule_book` runs them all.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from monitor.problem import Problem, Unusable, did_you_mean
from monitor.rules.lint import lint
from monitor.rules.read import RuleBook, RuleFile, SourceFile
from monitor.rules.ruleset import ANYONE, Ruleset
from monitor.rules.yaml_document import ValuePath


def errors_of(book: RuleBook) -> tuple[Problem, ...]:
    """Why the rules together cannot be used; empty for those that can."""
    errors = [problem for problem in check_rule_book(book) if problem.level == "error"]
    if not errors and not book.rules:
        errors = [Problem("rules", 0, 0, "there are none left")]
    return tuple(errors)


def check_rule_book(book: RuleBook) -> list[Problem]:
    """Every problem of the rules and sources together, those found while reading included."""
    sources = {file.source.source: file for file in book.sources}
    problems = list(book.problems)
    for file in book.rules:
        for check in (_actors, _words, _unless, _lists, _signals, _expression):
            problems.extend(check(file))
        problems.extend(_statements(file, sources))
        problems.extend(lint(file))
    for source in book.sources:
        problems.extend(_spans(source))
    return sorted(set(problems))


def check_source_text(book: RuleBook, path: Path) -> list[Problem]:
    """Prove the quotes of the source whose text is in ``path``: its digest names it. Raises :class:`Unusable`."""
    try:
        raw = path.read_bytes()
        text = raw.decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Unusable([Problem(str(path), 0, 0, f"cannot be read as UTF-8 text: {error}")]) from error
    found = hashlib.sha256(raw).hexdigest()
    file = next((f for f in book.sources if f.source.sha256 == found), None)
    if file is None:
        message = f"is the text of no source here: its SHA-256 is {found}"
        return [Problem(str(path), 0, 0, message)]
    problems = []
    for name, statement in file.source.statements.items():
        start, end = statement.span
        stands = text[start:end]
        if stands != statement.quote:
            at = text.find(statement.quote)
            where = f"it stands at [{at}, {at + len(statement.quote)}]" if at >= 0 else "it stands nowhere in the text"
            message = f"the quote of `{name}` is not the text at its span, which reads “{stands[:80]}”; {where}"
            problems.append(file.document.problem(("statements", name, "span"), message))
    return problems


def _actors(file: RuleFile) -> Iterator[Problem]:
    ruleset = file.ruleset
    known = sorted(ruleset.actors)
    if ruleset.addressee not in ruleset.actors:
        hint = did_you_mean(ruleset.addressee, known)
        yield file.document.problem(
            ("addressee",), f"unknown actor `{ruleset.addressee}`{hint}; name it under `actors`"
        )
    for place, _, signal in file.signals():
        if signal.who is not None and signal.who != ANYONE and signal.who not in ruleset.actors:
            hint = did_you_mean(signal.who, [*known, ANYONE])
            yield file.document.problem((*place, "who"), f"unknown actor `{signal.who}`{hint}")


def _words(file: RuleFile) -> Iterator[Problem]:
    """Words that name no list, or that no text can hold."""
    known = file.ruleset.terms
    for path, word in _words_used(file):
        if word.startswith("$"):
            if word[1:] not in known:
                hint = did_you_mean(word, [f"${name}" for name in known])
                yield file.document.problem(path, f"unknown list `{word}`{hint}")
        elif not any(char.isalnum() for char in word):
            yield file.document.problem(path, f"`{word}` holds no word to look for")


def _words_used(file: RuleFile) -> Iterator[tuple[ValuePath, str]]:
    """Every word and every name of a list that a rule file looks for, with its place."""
    for name, listed in file.ruleset.terms.items():
        for number, word in enumerate(listed):
            yield ("terms", name, number), word
    for place, _, signal in file.signals():
        for number, word in enumerate(signal.does):
            yield (*place, "does", number), word
        for number, word in enumerate(signal.unless):
            yield (*place, "unless", number), word
        for number, entry in enumerate(signal.what):
            for word in (entry,) if isinstance(entry, str) else entry:
                yield (*place, "what", number), word


def _unless(file: RuleFile) -> Iterator[Problem]:
    """Exceptions that English rules do not need."""
    for place, _, signal in file.signals():
        if signal.unless and signal.lang == "en":
            message = "`unless` is for other languages: in English the engine knows promises and denials by itself"
            yield file.document.problem((*place, "unless"), message)


def _lists(file: RuleFile) -> Iterator[Problem]:
    """Lists of words that are empty or go round in a circle."""
    ruleset = file.ruleset
    for place, _, signal in file.signals():
        for number, entry in enumerate(signal.what):
            if not isinstance(entry, str) and not entry:
                yield file.document.problem((*place, "what", number), "is an empty list, so nothing can match it")
    for name, listed in ruleset.terms.items():
        if not listed:
            yield file.document.problem(("terms", name), f"list `${name}` is empty, so nothing can match it")
        if name in _reachable(ruleset, name):
            yield file.document.problem(("terms", name), f"list `${name}` contains itself")


def _reachable(ruleset: Ruleset, start: str) -> set[str]:
    """Lists that a list uses, directly or through others."""
    found: set[str] = set()
    waiting = [start]
    while waiting:
        for word in ruleset.terms.get(waiting.pop(), ()):
            if word.startswith("$") and word[1:] not in found:
                found.add(word[1:])
                waiting.append(word[1:])
    return found


def _signals(file: RuleFile) -> Iterator[Problem]:
    ruleset = file.ruleset
    for name in ruleset.conditions:
        if name == ruleset.consequence.id:
            yield file.document.problem(("conditions", name), f"`{name}` is already the consequence's id")
    for base, name, part in file.parts():
        if not part.signals and name in ruleset.conditions:
            yield file.document.problem(base, f"`{name}` has no signals, so nothing can move it", "warning")
        ids = [signal.id for signal in part.signals]
        for number, signal in enumerate(part.signals):
            place = (*base, "signals", number)
            if signal.id in ids[:number]:
                yield file.document.problem((*place, "id"), f"signal `{signal.id}` stands here a second time")
            for index, target in enumerate(signal.reverses):
                if target not in ids:
                    hint = did_you_mean(target, ids)
                    message = f"`reverses` names no signal of `{name}`: `{target}`{hint}"
                    yield file.document.problem((*place, "reverses", index), message)


def _expression(file: RuleFile) -> Iterator[Problem]:
    ruleset = file.ruleset
    for name in ruleset.consequence.expression.names():
        if name not in ruleset.conditions:
            hint = did_you_mean(name, ruleset.conditions)
            yield file.document.problem(("consequence", "requires"), f"unknown condition `{name}`{hint}")
        elif ruleset.conditions[name].kind == "hope":
            message = f"`{name}` is a hope, and hopes are never required"
            yield file.document.problem(("consequence", "requires"), message)


def _statements(file: RuleFile, sources: dict[str, SourceFile]) -> Iterator[Problem]:
    ruleset = file.ruleset
    wanted: list[tuple[ValuePath, str | None]] = []
    wanted += [(("conditions", n, "statement"), c.statement) for n, c in ruleset.conditions.items()]
    wanted.append((("consequence", "statement"), ruleset.consequence.statement))
    if ruleset.source is None:
        for path, statement in wanted:
            if statement is not None:
                yield file.document.problem(path, "names a statement, but the ruleset names no `source`")
        return
    source = sources.get(ruleset.source)
    if source is None:
        hint = did_you_mean(ruleset.source, sources)
        yield file.document.problem(("source",), f"there is no source `{ruleset.source}`{hint}")
        return
    known = source.source.statements
    for path, statement in wanted:
        if statement is not None and statement not in known:
            hint = did_you_mean(statement, known)
            yield file.document.problem(path, f"source `{ruleset.source}` has no statement `{statement}`{hint}")
        elif statement is None and path[0] == "conditions":
            yield file.document.problem(
                path[:2], f"condition `{path[1]}` names no statement that it rests on", "warning"
            )


def _spans(file: SourceFile) -> Iterator[Problem]:
    for name, statement in file.source.statements.items():
        start, end = statement.span
        if end - start != len(statement.quote) or start < 0:
            message = f"the span of `{name}` is {end - start} characters long, its quote {len(statement.quote)}"
            yield file.document.problem(("statements", name, "span"), message)
