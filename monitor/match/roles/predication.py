"""One deed of one signal in one sentence, with all that its verdict rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from monitor.match.lookup.patterns import Place
from monitor.match.roles.attributed_source import Speaker
from monitor.match.roles.attribution import Agent, Surroundings
from monitor.match.sentence.annotated_sentence import View
from monitor.match.sentence.clauses import Clause
from monitor.model import Stance


@dataclass(frozen=True, slots=True)
class Case:
    """``own`` is what the signal means by itself, ``who`` the actor that it asks for (or anyone).

    ``objects`` are the tokens that the deed is done to, ``main`` is the first of them; ``published`` dates the item.
    """

    view: View
    clause: Clause
    own: Stance
    who: str
    addressee: str
    speaker: Speaker
    agent: Agent
    around: Surroundings
    objects: frozenset[int]
    main: Place | None
    published: datetime | None
