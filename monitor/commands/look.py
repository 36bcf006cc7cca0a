"""One look at the database: how everything stands, on the day and as known on the day that was asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from sqlalchemy import Connection

from monitor.clock import utc_now
from monitor.commands.context import Context
from monitor.commands.moment import parse_option
from monitor.config import Config
from monitor.moment import END_OF_DAY
from monitor.pipeline.logbook import knowledge
from monitor.problem import Unusable
from monitor.report.overview import Knowing, Overview, read_overview
from monitor.rules.ruleset import Source
from monitor.rules.sound import SoundRules
from monitor.store.rule_versions import rules_in_force


@dataclass(frozen=True, slots=True)
class Look:
    connection: Connection
    overview: Overview
    sources: Mapping[str, Source]
    config: Config


@contextmanager
def looking(context: Context, as_of: str | None, known_at: str | None, knowing: Knowing = knowledge) -> Iterator[Look]:
    moment = parse_option(as_of, "--as-of", END_OF_DAY)
    known = parse_option(known_at, "--known-at", END_OF_DAY)
    config = context.config()
    sound, broken = _in_folder(context)
    with context.reading(config) as connection:
        if broken is not None and not rules_in_force(connection):
            raise broken
        rulesets = None if sound is None else sound.rulesets
        overview = read_overview(connection, rulesets, config, utc_now(), moment, known, knowing)
        yield Look(connection, overview, {} if sound is None else sound.sources, config)


def _in_folder(context: Context) -> tuple[SoundRules | None, Unusable | None]:
    """The rules in the folder, or why they cannot be used: those in force can be reported on all the same."""
    try:
        return context.sound_rules(), None
    except Unusable as error:
        return None, error
