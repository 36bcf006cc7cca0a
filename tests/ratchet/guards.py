"""Guards of a source file, and the file with guards that report or do nothing. Pure.

A guard is an ``if`` whose body is a lone ``return``, ``continue``, ``break`` or ``raise``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from types import CodeType

# The name under which a watched file calls whoever watches it.
HIT = "__guard_hit__"
_LONE = (ast.Return, ast.Continue, ast.Break, ast.Raise)


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard of a file: its line and what it asks, as source."""

    path: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.text}"


def guards_of(path: str, source: str) -> list[Guard]:
    """The guards inside functions of a file, in the order of their lines."""
    return [Guard(path, node.lineno, ast.unparse(node).replace("\n    ", " ")) for node in _guards(ast.parse(source))]


def watched(path: str, source: str) -> CodeType:
    """The file with guards that call ``HIT`` with their line and whether they hold, and else do what they did."""
    tree = ast.parse(source)
    for node in _guards(tree):
        call = ast.Call(ast.Name(HIT, ast.Load()), [ast.Constant(f"{path}:{node.lineno}"), node.test], [])
        node.test = ast.copy_location(call, node.test)
    return compile(ast.fix_missing_locations(tree), path, "exec")


def switched_off(path: str, source: str, line: int) -> CodeType:
    """The file with the guard at ``line`` asked and not obeyed."""
    tree = ast.parse(source)
    node = next(node for node in _guards(tree) if node.lineno == line)
    node.test = ast.copy_location(ast.BoolOp(ast.And(), [node.test, ast.Constant(value=False)]), node.test)
    return compile(ast.fix_missing_locations(tree), path, "exec")


def functions_in(code: CodeType) -> dict[str, CodeType]:
    """The code of each function and method of a compiled file, by its qualified name."""
    found: dict[str, CodeType] = {}
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            found[constant.co_qualname] = constant
            found.update(functions_in(constant))
    return found


def _guards(tree: ast.Module) -> Iterator[ast.If]:
    inside = [
        node for function in ast.walk(tree) if isinstance(function, ast.FunctionDef) for node in ast.walk(function)
    ]
    found = {id(node): node for node in inside if isinstance(node, ast.If) and _is_lone(node)}
    yield from sorted(found.values(), key=lambda node: node.lineno)


def _is_lone(node: ast.If) -> bool:
    return len(node.body) == 1 and isinstance(node.body[0], _LONE)
