"""The name of reading with certain rules, by which it is known what has been read with them."""

from __future__ import annotations

from collections.abc import Iterable

import Stemmer

from monitor import __version__
from monitor.model import digest
from monitor.rules.ruleset import Ruleset
from monitor.syntax.weights import digest as digest_of_weights


def reading_version() -> str:
    """Who reads: this version of the monitor with the versions of the libraries and of the trained weights that
    what it finds rests on.

    At most 40 characters. Whatever another version read is read again.
    """
    return f"{__version__} pystemmer-{Stemmer.version()} syntax-{digest_of_weights()[:8]}"


def reading_digest(rulesets: Iterable[Ruleset]) -> str:
    """The name of reading with these rulesets, by this version of the monitor and of its libraries."""
    return digest(reading_version(), *(ruleset.digest for ruleset in sorted(rulesets, key=lambda r: r.ruleset)))
