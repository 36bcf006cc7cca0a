"""A status change as it is told: what is known, what that is worth, and on whose words. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitor.assess.standing import Knowledge
from monitor.model import Cause, Evidence, Phase, Status, Transition
from monitor.report.link import web_link
from monitor.report.wording import SIGNS, day, name_of
from monitor.rules.ruleset import Consequence, Ruleset

_MOST_QUOTES = 3
# What a chat would take for a command to call everybody, or for a link that is none.
_CALLS = re.compile(r"[@<>]")
_HARMLESS = {"@": "@\u2060", "<": "‹", ">": "›"}
_WHY = {
    Cause.EDIT: "a publisher edited its report",
    Cause.WITHDRAWAL: "a publisher withdrew its report",
    Cause.RULES: "the rules were changed",
    Cause.REVIEW: "a person reviewed the evidence",
    Cause.TIME: "what it rested on has had its time",
}


@dataclass(frozen=True, slots=True)
class Quote:
    """What a change rests on, word for word."""

    text: str
    publisher: str
    date: str
    link: str


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the log, in words for a template. ``is_news`` is true only where somebody reported a deed: what was
    withdrawn, forgotten or re-read is never told as if something had become better."""

    seq: int
    ruleset: str
    condition: str
    title: str
    sign: str
    before: str
    after: str
    phase: str
    since: str
    until: str
    headline: str
    reason: str
    is_news: bool
    quotes: tuple[Quote, ...]


def change_from(entry: Transition, ruleset: Ruleset | None, evidence: Iterable[Evidence]) -> Change:
    """The change that ``entry`` tells of. ``ruleset`` is ``None`` if it has been taken away since."""
    part = ruleset.standing().get(entry.condition) if ruleset else None
    of_a_consequence = isinstance(part, Consequence)
    before, after = (name_of(status, of_a_consequence) for status in (entry.before, entry.after))
    is_news = entry.cause in (Cause.NEWS, Cause.LATE_NEWS)
    phase = "" if entry.after is Status.UNKNOWN else entry.phase.value
    return Change(
        seq=entry.seq,
        ruleset=harmless(ruleset.title if ruleset else entry.ruleset),
        condition=entry.condition,
        title=harmless(part.title if part else entry.condition),
        sign=SIGNS[entry.after],
        before=before,
        after=after,
        phase=phase,
        since=day(entry.holds_from),
        until=day(entry.holds_until) if entry.holds_until else "",
        headline=_headline(entry, before, after, is_news),
        reason=harmless(entry.reason),
        is_news=is_news,
        quotes=tuple(
            Quote(
                harmless(piece.quote),
                harmless(piece.publisher),
                day(piece.at),
                piece.link if web_link(piece.link) else "",
            )
            for piece in list(evidence)[:_MOST_QUOTES]
        ),
    )


def _headline(entry: Transition, before: str, after: str, is_news: bool) -> str:
    why = _WHY.get(entry.cause, "") if entry.cause else ""
    if entry.after is Status.UNKNOWN:
        what = f"no longer known, was {before}" if entry.before is not Status.UNKNOWN else "not known"
        return f"{what}: {why or 'nothing stands any more'}; that is no news of anything better or worse"
    was = f", was {before}" if entry.before is not entry.after else f", was {_phase(entry.before_phase)}"
    phase = f" ({entry.phase.value})"
    if is_news:
        return f"{after}{phase}{was}"
    return f"now counts as {after}{phase}{was}: {why or 'the record was corrected'}, no new deed was reported"


def _phase(phase: Phase | None) -> str:
    return phase.value if phase else "the same"


def harmless(text: str) -> str:
    """Text from a feed that no chat, mail or terminal takes for anything but text."""
    visible = "".join(char if char.isprintable() else " " for char in text)
    return _CALLS.sub(lambda found: _HARMLESS[found.group()], visible)


def changes_from(
    entries: Iterable[Transition],
    rulesets: Mapping[str, Ruleset],
    knowledge: Mapping[tuple[str, str], Knowledge],
) -> list[Change]:
    """What is to be told of ``entries``, each with the evidence that it names, the latest first."""
    out = []
    for entry in entries:
        if entry.changes_status:
            known = knowledge.get((entry.ruleset, entry.condition))
            behind = [piece for piece in known.evidence if piece.id in entry.evidence] if known else []
            behind.sort(key=lambda piece: piece.at, reverse=True)
            out.append(change_from(entry, rulesets.get(entry.ruleset), behind))
    return out
