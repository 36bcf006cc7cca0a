"""Noticing changed rules: read whole or not at all, and only when nobody is writing any more."""

from __future__ import annotations

from dataclasses import dataclass

from monitor.config import Config
from monitor.match.lookup.compiled import CompiledRules
from monitor.problem import Problem, Unusable
from monitor.rules.folder import Signature, folder_signature
from monitor.rules.sound import cache_folder, sound_rules


@dataclass(frozen=True, slots=True)
class Found:
    """What is in the folders now: rules to use, or the problems that forbid it."""

    rules: CompiledRules | None
    problems: tuple[Problem, ...] = ()


class RuleWatch:
    """Watches the folders of rules and sources of a configuration."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self._known = self._signature()
        self._before = self._known

    def has_changed(self) -> bool:
        """Whether the folders hold something else than what was read, and have stayed so since the last look."""
        now = self._signature()
        settled, self._before = now == self._before, now
        return settled and now != self._known

    def read(self) -> Found:
        """What is in the folders, changed or not."""
        self._known = self._before = self._signature()
        try:
            sound = sound_rules([self._config.rules_path], self._config.sources_path, cache_folder())
        except Unusable as error:
            return Found(None, error.problems)
        return Found(CompiledRules(sound.rulesets, self._config.known_publishers()))

    def _signature(self) -> Signature:
        return folder_signature((self._config.rules_path, self._config.sources_path))
