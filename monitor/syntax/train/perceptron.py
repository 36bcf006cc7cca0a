"""An averaged perceptron in integers: learns weights of features by its mistakes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import repeat
from struct import Struct
from typing import Any

_LANE = 32
_LIFT = 1 << (_LANE - 1)
# Averages count steps by so many, so that they stay inside a lane.
_STEPS = 2_000


class Perceptron:
    """Weights of features, one lane for each of ``classes``; features that are not in ``worth`` learn nothing."""

    def __init__(self, classes: int, worth: Worth) -> None:
        self.classes, self._worth = classes, worth
        self._rows: dict[Any, int] = {}
        self._sums: dict[Any, int] = {}
        self._lift = sum(_LIFT << _LANE * lane for lane in range(classes))
        self._apart = Struct(f"<{classes}I").unpack
        self._step = 0

    def scores(self, features: Iterable[Any]) -> tuple[int, ...]:
        """The score of each class, all more than they are worth by the same."""
        self._step += 1
        total = sum(map(self._rows.get, features, repeat(0)), self._lift)
        return self._apart(total.to_bytes(self.classes * 4, "little"))

    def learn(self, features: Iterable[Any], right: int, wrong: int) -> None:
        """Make one class likelier than another where these features are seen."""
        change = (1 << _LANE * right) - (1 << _LANE * wrong)
        rows, sums, worth, late = self._rows, self._sums, self._worth, self._step // _STEPS * change
        for feature in features:
            if feature in rows:
                rows[feature] += change
                sums[feature] += late
            elif worth.often(feature):
                rows[feature] = change
                sums[feature] = late

    def averages(self) -> dict[Any, dict[int, float]]:
        """By feature and class, the weight over all steps in the middle; only those that are not 0."""
        steps = self._step // _STEPS + 1
        found = {}
        for feature, row in self._rows.items():
            now, before = self._lanes(row), self._lanes(self._sums[feature])
            lanes = {lane: a - b / steps for lane, (a, b) in enumerate(zip(now, before, strict=True)) if a * steps != b}
            if lanes:
                found[feature] = lanes
        return found

    def _lanes(self, row: int) -> Sequence[int]:
        return [lane - _LIFT for lane in self._apart((row + self._lift).to_bytes(self.classes * 4, "little"))]


class Worth:
    """Roughly how often each feature is seen: counted by a number made of it, up to 255."""

    _PLACES = (1 << 26) - 5

    def __init__(self, at_least: int) -> None:
        self._at_least = at_least
        self._seen = bytearray(self._PLACES)

    def count(self, features: Iterable[Any]) -> None:
        """See these once more."""
        seen, places, enough = self._seen, self._PLACES, self._at_least
        for feature in features:
            at = feature % places if type(feature) is int else _number(feature) % places
            if seen[at] < enough:
                seen[at] += 1

    def often(self, feature: Any) -> bool:
        """Whether a feature has been seen often enough."""
        at = (feature if type(feature) is int else _number(feature)) % self._PLACES
        return self._seen[at] >= self._at_least


def _number(feature: str) -> int:
    """The same on every machine, which :func:`hash` is not."""
    return int.from_bytes(feature.encode(), "little")
