"""YAML with the place of every value, so that a problem can name its line.

YAML 1.2 through ruamel's composer: nodes only, no object construction, so nothing in a file can run. ``no`` and
``on`` are words, dates stay text. Double quotes are kept as part of the value's type (:class:`Quoted`), because in a
rule they mean "to the letter".
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from monitor.problem import Problem, Unusable
from monitor.rules.quoted import Quoted

ValuePath = tuple[str | int, ...]
# A rule file is written by a person; anything larger or deeper is a mistake or an attack.
MAX_BYTES = 2_000_000
MAX_NODES = 200_000
MAX_DEPTH = 20
# No honest file has so many brackets open at once, even if some of them stand in texts.
_MOST_OPEN = 1_000


@dataclass(slots=True)
class YamlDocument:
    """Plain values of a YAML file, and where each stands: ``places[path] == (line, column)``, counted from 1.

    ``included`` are the documents that parts of the value come from, by the path of the part.
    """

    file: str
    value: object = None
    places: dict[ValuePath, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    included: dict[ValuePath, YamlDocument] = field(default_factory=dict)

    def holds(self, path: ValuePath) -> bool:
        """Whether something stands at ``path``, here or in what is included there."""
        other = self.included.get(path[:2])
        return path in (other or self).places

    def place(self, path: ValuePath) -> tuple[str, int, int]:
        """File, line and column of ``path``, or of the nearest place above it that the file has."""
        other = self.included.get(path[:2])
        if other is not None:
            return other.place(path)
        while path and path not in self.places:
            path = path[:-1]
        return self.file, *self.places.get(path, (1, 1))

    def problem(self, path: ValuePath, message: str, level: str = "error") -> Problem:
        """A problem at the place of ``path``."""
        return Problem(*self.place(path), message, "warning" if level == "warning" else "error")


def read_yaml(path: Path) -> YamlDocument:
    """The document in ``path``. Raises :class:`Unusable` when there is none to speak of."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise Unusable([Problem(str(path), 0, 0, f"cannot be read: {error.strerror or error}")]) from error
    if len(raw) > MAX_BYTES:
        raise Unusable([Problem(str(path), 0, 0, f"is larger than {MAX_BYTES // 1_000_000} MB; split it")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise Unusable([Problem(str(path), line, 1, "is not UTF-8 text; save it as UTF-8")]) from error
    return parse_yaml(text, str(path))


def parse_yaml(text: str, file: str) -> YamlDocument:
    """The document in ``text``; ``file`` is the name that problems bear. Raises :class:`Unusable`."""
    if _most_open(text) > _MOST_OPEN:
        # The parser would take seconds to find that out.
        raise Unusable([Problem(file, 0, 0, "is too deeply nested to be read")])
    try:
        node: Node | None = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise Unusable([_syntax_problem(file, error)]) from error
    except RecursionError as error:
        raise Unusable([Problem(file, 0, 0, "is too deeply nested to be read")]) from error
    except (YAMLError, ValueError) as error:
        raise Unusable([Problem(file, 0, 0, f"is not valid YAML: {error}")]) from error
    document = YamlDocument(file)
    if node is None:
        raise Unusable([Problem(file, 1, 1, "is empty; expected a mapping of keys to values")])
    _Builder(document).build(node)
    return document


def _most_open(text: str) -> int:
    """How many brackets are open at most, wherever they stand."""
    steps = (1 if bracket.group() in "[{" else -1 for bracket in re.finditer(r"[\[\]{}]", text))
    return max(accumulate(steps), default=0)


# What the parser says, and what a person should do about it.
_CURES = {
    "\\t": "YAML indents with spaces, not tabs",
    "mapping values are not allowed": "a text with a colon in it needs quotes",
    "cannot start any token": "put the text in quotes",
    "unexpected end of stream": "a quote that opens here is never closed",
    "could not find expected ':'": "a key and its value are parted by a colon and a space",
    "but found '<block mapping start>'": "the lines of one list or mapping begin in the same column",
    "undefined alias": "an asterisk begins an alias; put the text in quotes",
}


def _syntax_problem(file: str, error: MarkedYAMLError) -> Problem:
    """A mistake in the YAML itself, at the place to mend and with the cure where it is known."""
    said = str(error.problem or error.context)
    # Of what is never closed or goes on too long, the beginning is what a person looks for.
    at_its_beginning = "end of stream" in said or "could not find expected ':'" in said
    marks = (error.context_mark, error.problem_mark)
    mark = next((mark for mark in (marks if at_its_beginning else marks[::-1]) if mark is not None), None)
    line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
    cure = next((f"; {cure}" for sign, cure in _CURES.items() if sign in said), "")
    begun = error.context_mark
    if not cure and begun is not None and "expected ',' or" in said:
        cure = f"; what began on line {begun.line + 1} is not closed or lacks a comma"
    return Problem(file, line, column, f"is not valid YAML: {said}{cure}")


class _Builder:
    """Turns nodes into plain values while noting their places."""

    def __init__(self, document: YamlDocument) -> None:
        self._document = document
        self._left = MAX_NODES

    def build(self, node: Node) -> None:
        self._document.value = self._value(node, ())

    def _value(self, node: Node, path: ValuePath) -> object:
        self._left -= 1
        places = self._document.places
        places.setdefault(path, (node.start_mark.line + 1, node.start_mark.column + 1))
        if self._left < 0 or len(path) > MAX_DEPTH:
            raise Unusable([self._document.problem(path, "is too large or too deeply nested; are aliases repeated?")])
        if isinstance(node, MappingNode):
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            return [self._value(child, (*path, number)) for number, child in enumerate(node.value)]
        if isinstance(node, ScalarNode):
            return _scalar(node)
        raise TypeError(f"a YAML node of an unknown kind: {node!r}")

    def _mapping(self, node: MappingNode, path: ValuePath) -> dict[str, object]:
        out: dict[str, object] = {}
        for key_node, child in node.value:
            if not isinstance(key_node, ScalarNode):
                self._document.problems.append(self._document.problem(path, "has a key that is not a plain word"))
                continue
            key = str(key_node.value)
            here = (*path, key)
            mark = (key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if key in out:
                first = self._document.places[here][0]
                message = f"`{key}` stands here a second time; it was first given on line {first}"
                self._document.problems.append(Problem(self._document.file, *mark, message))
                continue
            self._document.places[here] = mark
            out[key] = self._value(child, here)
        return out


def _scalar(node: ScalarNode) -> object:
    text = str(node.value)
    if node.style == '"':
        return Quoted(text)
    if node.style in ("'", "|", ">"):
        return text
    kind = str(node.tag).rsplit(":", 1)[-1]
    if kind == "null":
        return None
    if kind == "bool":
        return text.casefold() == "true"
    if kind == "int" and text.lstrip("+-").isdigit():
        return int(text)
    return text
