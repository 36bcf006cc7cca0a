"""The ratchet finds the guards that nobody tests, and only those."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

RATCHET = Path(__file__).parent / "ratchet"
sys.path.insert(0, str(RATCHET))

from guards import HIT, functions_in, guards_of, switched_off, watched  # noqa: E402

SOURCE = """
def sign(number):
    if number < 0:
        return -1
    for _ in range(3):
        if number == 0:
            break
    if number > 0:
        number = 1
    return number
"""


def run(code: object, **known: object) -> dict[str, object]:
    space: dict[str, object] = dict(known)
    exec(code, space)  # type: ignore[call-overload]
    return space


def test_a_guard_is_an_if_with_nothing_but_a_way_out() -> None:
    assert [str(guard) for guard in guards_of("a.py", SOURCE)] == [
        "a.py:3: if number < 0: return -1",
        "a.py:6: if number == 0: break",
    ]


def test_a_guard_that_is_switched_off_is_asked_and_not_obeyed() -> None:
    off = run(switched_off("a.py", SOURCE, 3))["sign"]
    assert callable(off)
    assert (off(-5), off(0), off(7)) == (-5, 0, 1)


def test_a_watched_guard_says_when_it_holds_and_does_what_it_did() -> None:
    told: list[str] = []

    def hit(where: str, holds: object) -> object:
        if holds:
            told.append(where)
        return holds

    sign = run(watched("a.py", SOURCE), **{HIT: hit})["sign"]
    assert callable(sign)
    assert (sign(-5), sign(7)) == (-1, 1)
    assert told == ["a.py:3"]


def test_methods_are_found_by_their_qualified_names() -> None:
    code = compile("class A:\n def b(self):\n  return [c for c in ()]\n", "a.py", "exec")
    assert {"A", "A.b"} <= functions_in(code).keys()


@pytest.mark.timeout(60)
def test_it_lists_what_no_test_notices(tmp_path: Path) -> None:
    """On a file of the project whose guards are few, with and without its tests."""
    asked = [sys.executable, str(RATCHET), "monitor/text/sentences.py", "--jobs", "1", "--tests"]
    kept = subprocess.run([*asked, "tests/text"], capture_output=True, text=True, check=False)
    assert (kept.returncode, "0 noticed by no test" in kept.stdout) == (0, True), kept.stdout
    lost = subprocess.run([*asked, "tests/text/test_cues.py"], capture_output=True, text=True, check=False)
    assert lost.returncode == 1
    assert "monitor/text/sentences.py:" in lost.stdout
