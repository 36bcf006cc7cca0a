"""How far the consequence is: its boolean expression over the conditions, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.assess.standing import Standing
from monitor.model import Phase
from monitor.rules.expression import truth
from monitor.rules.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class RollUp:
    """``due`` is true, false or unknown (``None``); ``missing`` are the conditions that are not met as required."""

    due: bool | None
    required: tuple[str, ...]
    missing: tuple[str, ...]


def roll_up(ruleset: Ruleset, standings: Mapping[str, Standing]) -> RollUp:
    """Evaluate what the consequence requires against where the conditions stand."""
    expression = ruleset.consequence.expression
    values = {name: truth(standing.status, standing.phase is Phase.CONFIRMED) for name, standing in standings.items()}
    required = expression.names()
    missing = tuple(name for name in required if values.get(name) is not True)
    return RollUp(expression.value(values), required, missing)
