"""The boolean expression of a consequence, in three-valued logic."""

from __future__ import annotations

import pytest

from monitor.rules.expression import BadExpression, parse_expression


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("a and b", {"a": True, "b": True}, True),
        ("a and b", {"a": True, "b": None}, None),
        ("a and b", {"a": None, "b": False}, False),
        ("a or b", {"a": None, "b": True}, True),
        ("a or b", {"a": None, "b": False}, None),
        ("not a", {"a": None}, None),
        ("not a or b", {"a": False, "b": False}, True),
        ("a or b and c", {"a": True, "b": False, "c": False}, True),
        ("(a or b) and c", {"a": True, "b": False, "c": False}, False),
        ("long-name-1", {}, None),
    ],
)
def test_values(text: str, values: dict[str, bool | None], expected: bool | None) -> None:
    assert parse_expression(text).value(values) is expected


@pytest.mark.parametrize("text", ["", "a and", "and a", "(a", "a)", "a b", "not", "()"])
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(BadExpression):
        parse_expression(text)
