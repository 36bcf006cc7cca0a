"""Composition: a ruleset may include actors, terms and conditions from other files of the rules folder.

What the ruleset itself says overrides what it includes, and a later file overrides an earlier one. Every problem is
named in the file in which the mistake stands.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from monitor.problem import Problem, Unusable, did_you_mean
from monitor.rules.yaml_document import YamlDocument, read_yaml

_SECTIONS = ("actors", "terms", "conditions")


def include_files(document: YamlDocument, path: Path) -> list[Problem]:
    """Put what ``document``, read from ``path``, includes into its value; return what is wrong with that."""
    value = document.value
    if not isinstance(value, dict) or "include" not in value:
        return []
    wanted = value["include"]
    if not isinstance(wanted, list) or not all(isinstance(name, str) for name in wanted):
        return [document.problem(("include",), "`include` expected a list of files, such as [shared/words.yaml]")]
    own = {section: set(value[section]) for section in _SECTIONS if isinstance(value.get(section), dict)}
    problems: list[Problem] = []
    for number, name in enumerate(wanted):
        try:
            other = _read_included(document, path, number, name)
        except Unusable as error:
            problems.extend(error.problems)
            continue
        problems += [*other.problems, *_merge(document, value, other, own)]
    return problems


def _read_included(document: YamlDocument, path: Path, number: int, name: str) -> YamlDocument:
    folder = path.parent.resolve()
    target = (folder / name).resolve()
    place = ("include", number)
    # A ruleset may come from anywhere; it must not make the monitor read whatever it likes.
    if not target.is_relative_to(folder):
        raise Unusable([document.problem(place, f"`{name}` lies outside the rules folder")])
    if not target.is_file():
        near = [str(file.relative_to(folder)) for file in folder.rglob("*.y*ml")]
        raise Unusable([document.problem(place, f"there is no file `{name}`{did_you_mean(name, near)}")])
    return read_yaml(path.parent / name)


def _merge(
    document: YamlDocument, into: dict[str, Any], other: YamlDocument, own: dict[str, set[str]]
) -> Iterator[Problem]:
    if not isinstance(other.value, dict):
        yield other.problem((), f"expected {', '.join(_SECTIONS[:-1])} or {_SECTIONS[-1]} to include")
        return
    for section, entries in other.value.items():
        if section not in _SECTIONS:
            hint = did_you_mean(str(section), _SECTIONS)
            yield other.problem((section,), f"`{section}` cannot be included{hint}; only {', '.join(_SECTIONS)} can")
            continue
        if not isinstance(entries, dict):
            yield other.problem((section,), f"`{section}` expected keys and values")
            continue
        here = into.setdefault(section, {})
        for name, entry in entries.items() if isinstance(here, dict) else ():
            if name not in own.get(section, ()):
                here[name] = entry
                document.included[section, str(name)] = other
