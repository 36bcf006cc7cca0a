"""What double quotes mean in a rule: to the letter."""

from __future__ import annotations


class Quoted(str):
    """A string that stood in double quotes."""

    __slots__ = ()
