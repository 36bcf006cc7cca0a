"""The template that a person can edit: the first line becomes the title, the rest the text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from monitor.problem import Problem, Unusable
from monitor.report.change import Change

_BLANK_LINES = re.compile(r"\n\s*\n(?:\s*\n)+")
_LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent to a target."""

    title: str
    text: str


def default_template() -> str:
    return (resources.files("monitor.notify") / "message.txt.j2").read_text("utf-8")


def read_template(path: Path | None) -> str:
    """The text of a template, the default one without a path. Raises :class:`Unusable`."""
    if path is None:
        return default_template()
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise Unusable([Problem(str(path), 0, 0, f"the template cannot be read: {reason}")]) from error


def render(template: str, name: str, changes: Sequence[Change], repeated: bool = False) -> Message:
    """A message from a template. Raises :class:`Unusable`, with the line, for one that cannot be rendered."""
    # Many daemons tell nobody, and need not load it.
    from jinja2 import StrictUndefined, TemplateError, TemplateSyntaxError
    from jinja2.sandbox import SandboxedEnvironment

    # A template is a person's own, but what fills it is not: nothing that a feed says is ever run.
    environment = SandboxedEnvironment(
        undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    try:
        text = environment.from_string(template).render(changes=changes, count=len(changes), repeated=repeated)
    except TemplateSyntaxError as error:
        raise Unusable([Problem(name, error.lineno, 1, f"is no valid template: {error.message}")]) from error
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        raise Unusable([Problem(name, 0, 0, f"cannot be filled in: {error}")]) from error
    title, _, rest = text.strip().partition("\n")
    return Message(title.strip()[:200], _BLANK_LINES.sub("\n\n", rest).strip()[:_LONGEST])
