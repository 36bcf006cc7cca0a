"""How far the consequence is: its boolean expression over the conditions, and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from monitor.assess.outlook import Outlook
from monitor.assess.timeline import Standing
from monitor.model import Phase, Stance
from monitor.rules.expression import Expression, truth
from monitor.rules.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class RollUp:
    """``due`` is true, false or unknown (``None``); ``missing`` are the conditions that are not met as required.

    ``changes`` is the shortest list of conditions whose change would make it true, and ``closest`` the one of them
    that the fewest further reports would change.
    """

    due: bool | None
    required: tuple[str, ...]
    missing: tuple[str, ...]
    changes: tuple[str, ...]
    closest: str | None


def roll_up(ruleset: Ruleset, standings: Mapping[str, Standing], outlooks: Mapping[str, Outlook]) -> RollUp:
    """Evaluate what the consequence requires against where the conditions stand. Hopes are never part of it."""
    expression = ruleset.consequence.expression
    values = {name: truth(standing.status, standing.phase is not Phase.PENDING) for name, standing in standings.items()}
    required = expression.names()
    missing = tuple(name for name in required if values.get(name) is not True)
    changes = changes_towards(expression, True, values)
    closest = min(changes, key=lambda name: (effort(outlooks[name]), required.index(name)), default=None)
    return RollUp(expression.value(values), required, missing, changes, closest)


def changes_towards(expression: Expression, wanted: bool, values: Mapping[str, bool | None]) -> tuple[str, ...]:
    """The shortest list of conditions whose change gives the expression the ``wanted`` value; empty if it has it."""
    if expression.operator == "name":
        return () if values.get(expression.name) is wanted else (expression.name,)
    if expression.operator == "not":
        return changes_towards(expression.parts[0], not wanted, values)
    each = [changes_towards(part, wanted, values) for part in expression.parts]
    if (expression.operator == "and") is wanted:
        return tuple(dict.fromkeys(name for changes in each for name in changes))
    return min(each, key=len)


def effort(outlook: Outlook) -> int:
    """How many further independent reports would make a condition met and confirmed, as things stand."""
    held = sum(hold.publishers for hold in outlook.holds if hold.stance is Stance.BREACH)
    return max(outlook.fulfilment.publishers, held)
