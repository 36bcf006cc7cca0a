"""Another code for the functions of a module that is loaded already, whoever holds them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from types import CodeType, FunctionType, ModuleType

from guards import functions_in


def patch(module: ModuleType, code: CodeType) -> None:
    """Give each function and method of ``module`` its code in ``code``, which is made of the same file."""
    new = functions_in(code)
    for function in _functions(module):
        replacement = new.get(function.__code__.co_qualname)
        if replacement is not None and replacement.co_freevars == function.__code__.co_freevars:
            function.__code__ = replacement


def _functions(module: ModuleType) -> Iterator[FunctionType]:
    for value in vars(module).values():
        if getattr(value, "__module__", "") == module.__name__:
            yield from _unwrapped(value)


def _unwrapped(value: object) -> Iterator[FunctionType]:
    """The functions behind a function, a decorated one, a property or a class."""
    if isinstance(value, FunctionType):
        yield value
    if isinstance(value, type):
        for member in vars(value).values():
            yield from _unwrapped(member)
    inner = (getattr(value, name, None) for name in ("__wrapped__", "__func__", "fget"))
    for one in (*inner, value.func if isinstance(value, cached_property) else None):
        if one is not None:
            yield from _unwrapped(one)
