"""How cues change what a deed amounts to: a small algebra, applied from the innermost cue outwards.

"urged the army to lift the ban": the ban is a breach; *lift* turns it into a fulfilment; *urged … to* makes of that
a demand. Every step is a pure function of a reading.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

from monitor.model import Stance
from monitor.text.cue_table import Cue


class Mode(StrEnum):
    """In what way the text holds the deed: done, absent, bound to come, asked for, contested, or only supposed."""

    DEED = "deed"
    ABSENT = "absent"
    COMMITTED = "committed"
    DEMANDED = "demanded"
    DENIED = "denied"
    UNREAL = "unreal"


@dataclass(frozen=True, slots=True)
class Reading:
    """``good`` tells whether what is held serves the condition; ``nominal`` whether a noun names the deed."""

    good: bool
    mode: Mode
    nominal: bool = False


_BASE = {
    Stance.FULFILMENT: (True, Mode.DEED),
    Stance.BREACH: (False, Mode.DEED),
    Stance.PLEDGE: (True, Mode.COMMITTED),
    Stance.THREAT: (False, Mode.COMMITTED),
    Stance.DEMAND: (True, Mode.DEMANDED),
    Stance.DENIAL: (False, Mode.DENIED),
    Stance.MENTION: (True, Mode.UNREAL),
}


def plain_reading(stance: Stance, nominal: bool) -> Reading:
    """What a signal says by itself, before any cue."""
    good, mode = _BASE[stance]
    return Reading(good, mode, nominal)


def apply_cue(cue: Cue, reading: Reading) -> Reading:
    """The reading under one more governing cue."""
    if cue in (Cue.FUTURE, Cue.PROMISE, Cue.THREAT):
        return _committed(cue, reading)
    change = _CHANGES.get(cue)
    return change(reading) if change else reading


def _real(reading: Reading) -> bool:
    return reading.mode in (Mode.DEED, Mode.ABSENT)


def _negated(reading: Reading) -> Reading:
    if reading.mode is Mode.DEED:
        return replace(reading, good=not reading.good, mode=Mode.DEED if reading.good else Mode.ABSENT)
    if reading.mode is Mode.ABSENT:
        return replace(reading, good=not reading.good, mode=Mode.DEED)
    return replace(reading, mode=Mode.UNREAL)


def _failed(reading: Reading) -> Reading:
    """Refusing or failing to do good is a breach; failing to do harm is nothing."""
    if _real(reading) and reading.good:
        return replace(reading, good=False, mode=Mode.DEED)
    return replace(reading, mode=Mode.UNREAL)


def _prevented(reading: Reading) -> Reading:
    """Keeping somebody from good is a breach; a word that is kept from being said is none."""
    if _real(reading):
        return replace(reading, good=not reading.good, mode=Mode.DEED)
    return replace(reading, mode=Mode.UNREAL) if reading.mode is Mode.COMMITTED else reading


def _reversed(reading: Reading) -> Reading:
    if _real(reading):
        return replace(reading, good=not reading.good, mode=Mode.DEED)
    if reading.mode is Mode.COMMITTED and reading.good:
        return replace(reading, good=False, mode=Mode.DEED)
    return replace(reading, mode=Mode.UNREAL)


def _committed(cue: Cue, reading: Reading) -> Reading:
    if _real(reading) or (reading.mode is Mode.UNREAL and cue is Cue.PROMISE):
        return replace(reading, mode=Mode.COMMITTED)
    return reading


def _demanded(reading: Reading) -> Reading:
    """A demand asks for what is good. A ban that a demand merely mentions is as real as before."""
    if reading.mode is Mode.DENIED:
        return reading
    if reading.good:
        return replace(reading, mode=Mode.DEMANDED)
    return reading if reading.nominal else replace(reading, mode=Mode.UNREAL)


def _denied(reading: Reading) -> Reading:
    """Contesting a good deed named by a noun is refusing it; contesting anything else is a denial."""
    if reading.mode is Mode.DEED and reading.good:
        return replace(reading, good=False) if reading.nominal else replace(reading, mode=Mode.UNREAL)
    if reading.mode is Mode.COMMITTED:
        return replace(reading, mode=Mode.UNREAL)
    return replace(reading, mode=Mode.DENIED)


def _unreal(reading: Reading) -> Reading:
    return reading if reading.mode is Mode.DENIED else replace(reading, mode=Mode.UNREAL)


_CHANGES: dict[Cue, Callable[[Reading], Reading]] = {
    Cue.NEGATION: _negated,
    Cue.FAILURE: _failed,
    Cue.PREVENTION: _prevented,
    Cue.REVERSAL: _reversed,
    Cue.DEMAND: _demanded,
    Cue.DENIAL: _denied,
    Cue.UNREAL: _unreal,
}


def stance_of(reading: Reading, said_by_addressee: bool) -> Stance:
    """The stance that a finished reading amounts to.

    That harm is absent is a denial in the addressee's own mouth and proves nothing in anybody else's.
    """
    match reading.mode:
        case Mode.DEED:
            return Stance.FULFILMENT if reading.good else Stance.BREACH
        case Mode.COMMITTED:
            return Stance.PLEDGE if reading.good else Stance.THREAT
        case Mode.DEMANDED:
            return Stance.DEMAND
        case Mode.DENIED:
            return Stance.DENIAL
        case Mode.ABSENT:
            return Stance.DENIAL if said_by_addressee else Stance.MENTION
        case Mode.UNREAL:
            return Stance.MENTION
