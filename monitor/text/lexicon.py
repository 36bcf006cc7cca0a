"""Word classes and names of places, read once from the data files beside this module."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Any

from monitor.text.stems import stem
from monitor.text.tokens import tokenise


@cache
def _data(name: str) -> dict[str, Any]:
    return tomllib.loads((files("monitor.text") / name).read_text("utf-8"))


@cache
def words(name: str) -> frozenset[str]:
    """A closed class by name, as stems."""
    listed = _data("lexicon.toml")[name]
    return frozenset(stem(str(word)) for word in listed)


@cache
def long_past() -> tuple[str, ...]:
    """Phrases about a time long past, as written."""
    return tuple(str(text) for text in _data("lexicon.toml")["history"])


@cache
def places() -> tuple[tuple[str, ...], ...]:
    """Every state and body with all its names."""
    data = _data("places.toml")
    groups = [group for kind in ("states", "unions", "bodies") for group in data[kind]]
    return tuple(tuple(str(name) for name in group) for group in groups)


@cache
def bodies() -> frozenset[tuple[str, ...]]:
    """Names of bodies that act and that are no ground, each as its plain words."""
    return frozenset(tuple(_plain(str(name))) for group in _data("places.toml")["bodies"] for name in group)


@cache
def needs_capital() -> frozenset[str]:
    """Names (normalised) that are ordinary words in lower case."""
    return frozenset(str(name) for name in _data("places.toml")["ambiguous"])


def phrase(text: str) -> tuple[str, ...]:
    """A phrase as the stems of its words."""
    return tuple(token.stem for token in tokenise(text) if token.is_word)


def _plain(text: str) -> list[str]:
    return [token.norm for token in tokenise(text) if token.is_word]
