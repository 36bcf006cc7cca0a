"""The name of reading with certain rules, by which it is known what has been read with them."""

from __future__ import annotations

from collections.abc import Iterable

from monitor import __version__
from monitor.model import digest
from monitor.rules.ruleset import Ruleset


def reading_digest(rulesets: Iterable[Ruleset]) -> str:
    """The name of reading with these rulesets, by this version of the monitor."""
    return digest(__version__, *(ruleset.digest for ruleset in sorted(rulesets, key=lambda r: r.ruleset)))
