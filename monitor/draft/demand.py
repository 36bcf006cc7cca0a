"""Finding conditional and demanding statements in a document. Pure, and by form only: a draft is to be read over.

"If X wants A, it must B, C and D", "will not A unless X does B", "calls on X to B", "the conditions for A are B".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from monitor.draft.speaker import Speakers
from monitor.model import Span
from monitor.text.sentences import sentence_spans

_PARTY = r"(?P<party>(?:the |its |his |her |their )?[^\W\d_][^,;:–—]{0,60}?)"
_NOT_A_PARTY = frozenset({"it", "they", "he", "she", "that", "this", "which", "who", "we", "there", "what", "you", "i"})
# Each form finds the words of a demand; ``party`` is of whom, ``prize`` what is held out, where the form tells.
_FORMS = (
    re.compile(
        rf"\bif {_PARTY} (?:wants?|wish(?:es)?|hopes? for|seeks?|desires?|expects?|is|are) (?:to (?:get|have|win) )?"
        r"(?P<prize>[^,;]{3,120}?)\s*[,–—-]+\s*(?:[^,;]{0,80}[,–—-]\s*)?(?:then )?(?:it|they|he|she|that \w+|the \w+) "
        r"(?:must|will have to|has to|have to|needs? to|should) (?P<asked>.+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"\b(?:will|would|can|shall|could)(?: not|n['’]t|not) (?P<prize>[^,;]{3,120}?) (?:unless|until) "
        rf"{_PARTY} (?:has |have |had )?(?P<asked>\w+s?\b.+)",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?P<prize>[^,;]{3,120}?),? (?:only if|only when|provided(?: that)?|on (?:the )?condition that|as long as) "
        rf"{_PARTY} (?:has |have |had )?(?P<asked>(?:\w+s|is|are|do|does|were)\b.+)",
        re.IGNORECASE,
    ),
    re.compile(rf"\bconditional (?:up)?on {_PARTY} (?P<asked>\w+ing\b.+)", re.IGNORECASE),
    re.compile(rf"^[“\"]?Unless {_PARTY} (?P<asked>(?:\w+s|is|are|do|does|were)\b[^,]*), (?P<prize>.+)", re.IGNORECASE),
    re.compile(
        rf"\bin (?:return|exchange) for (?P<prize>[^,;]{{3,120}}?), {_PARTY} "
        r"(?:must|has to|have to|needs? to|should|will have to) (?P<asked>.+)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:^|[,;“]\s*|\bthat ){_PARTY} (?:has been|have been|had been|was|were|is|are) "
        r"(?:urged|told|asked|ordered|warned|expected|required|called (?:up)?on) to (?P<asked>.+)",
        re.IGNORECASE,
    ),
    re.compile(rf"\b(?:calls?|called|calling) (?:up)?on {_PARTY} to (?P<asked>.+)", re.IGNORECASE),
    re.compile(
        r"\b(?:expects?|expected|urges?|urged|asks?|asked|tells?|told|presses?|pressed|wants?|requires?|required|warns?"
        rf"|warned|orders?|ordered) {_PARTY} to (?P<asked>.+)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"\b(?:demands?|demanded|insists?|insisted|requires?|required) that {_PARTY} (?P<asked>\w+\b.+)", re.IGNORECASE
    ),
    re.compile(
        r"\bconditions? (?:for|of) (?P<prize>[^,;:]{3,120}?) (?:is|are|include|includes|were|was)(?: that)?:? "
        r"(?P<asked>.+)",
        re.IGNORECASE,
    ),
    re.compile(
        rf"(?:^|[,;“]\s*|\bthat |\band |\bbut ){_PARTY} "
        r"(?:must|should|has to|have to|needs? to|is required to|are required to) (?:also )?(?P<asked>.+)",
        re.IGNORECASE,
    ),
)
# Verbs that demands are made of: a new one begins a new demand in a list.
# fmt: off
_VERBS = frozenset({
    "abandon", "abide", "accept", "address", "adhere", "adopt", "agree", "allow", "apply", "arrest", "ban",
    "begin", "bring", "cease", "close", "combat", "commit", "comply", "condemn", "control", "cooperate", "curb",
    "cut", "deliver", "demonstrate", "deny", "destroy", "disarm", "disband", "dismantle", "drop", "end", "enforce",
    "engage", "ensure", "establish", "exchange", "expel", "extradite", "fight", "form", "free", "give", "grant",
    "guarantee",
    "halt", "hand", "hold", "honor", "honour", "implement", "improve", "introduce", "investigate", "join", "keep",
    "leave", "let", "lift", "limit", "make", "meet", "never", "not", "open", "pay", "permit", "prevent",
    "prosecute", "protect", "prove", "provide", "publish", "pull", "punish", "put", "ratify", "recognise",
    "recognize", "reduce", "reform", "refrain", "reject", "release", "remove", "renounce", "reopen", "repeal",
    "resolve", "respect", "restore", "resume", "return", "reverse", "sever", "share", "show", "sign", "start",
    "stop", "strengthen", "submit", "surrender", "suspend", "tackle", "take", "uphold", "withdraw", "work",
})
# fmt: on
_BREAK = re.compile(r"\s*(?:;|,)\s*(?:and |or |but )?(?:also |to |that it |that they )?|\s+and (?:to )?", re.IGNORECASE)
# Where the demand is over and somebody else speaks: the quotation ends, or "as Minister X said" follows.
_OVER = re.compile(
    r"[”\"]|,? as (?:the )?[A-Z]|, (?:(?:the |a )?[^,;]{2,80}? )?(?:said|says|told|warned|added|insisted|declared)\b"
)
# "Ms Berg said that the junta must": whoever reports is not whoever must.
_REPORTING = re.compile(
    r"^(?:.*\b(?:said|says|added|adds|warned|warns|told \w+|\w+ed that)\s+|)(?:(?:that|and|but|while|as)\s+)*",
    re.IGNORECASE,
)
# A demand is near the beginning of its sentence; what goes on for longer is a list, a speech or an attack.
_LONGEST = 500
_ENDS = re.compile(r"[\s,;:.!?”\"’')\]–—-]+$")


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing demanded: its words and their place, of whom, by whom, and what is held out for it, where told.

    ``direct`` is true inside quotation marks: the speaker's own words.
    """

    quote: str
    span: Span
    party: str
    speaker: str
    role: str
    direct: bool
    prize: str
    sentence: Span


def find_demands(text: str) -> list[Demand]:
    """The demands of a document, in the order of its words."""
    speakers = Speakers(text)
    out: list[Demand] = []
    for start, end, _ in sentence_spans(text):
        end = min(end, start + _LONGEST)
        sentence = text[start:end]
        speaker = speakers.of(start, end)
        found = next((match for form in _FORMS if (match := form.search(sentence)) is not None), None)
        if found is None:
            continue
        groups = found.groupdict()
        over = _OVER.search(sentence, found.start("asked"))
        finish = min(over.start(), found.end("asked")) if over else found.end("asked")
        party = _party(groups.get("party") or "", out)
        direct = _is_quoted(text, start + found.start("asked"))
        for first, last in _parts(sentence, found.start("asked"), finish):
            quote = sentence[first:last]
            out.append(
                Demand(
                    quote,
                    Span(start + first, start + last),
                    party,
                    speaker.name,
                    speaker.role,
                    direct,
                    (groups.get("prize") or "").strip(" –—-"),
                    Span(start, end),
                )
            )
    return out


def _party(words: str, before: list[Demand]) -> str:
    """Of whom: a pronoun means whoever was asked before."""
    party = _REPORTING.sub("", words.strip())
    if party.casefold() in _NOT_A_PARTY or not party:
        return before[-1].party if before else ""
    return party


def _parts(sentence: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The demands that stand side by side: a new verb of demand begins a new one."""
    cuts = [start]
    for pause in _BREAK.finditer(sentence, start, end):
        following = re.match(r"[^\W\d_]+", sentence[pause.end() : end])
        if following and following.group(0).casefold() in _VERBS:
            cuts.append(pause.end())
    for number, first in enumerate(cuts):
        last = cuts[number + 1] if number + 1 < len(cuts) else end
        piece = sentence[first:last]
        if number + 1 < len(cuts):
            piece = re.sub(r"\s*[,;]?\s*(?:and|or|but)?\s*(?:also|to|that it|that they)?\s*$", "", piece)
        last = first + len(_ENDS.sub("", piece))
        if last - first >= 3:
            yield first, last


def _is_quoted(text: str, place: int) -> bool:
    before = text[max(0, place - 600) : place]
    return before.rfind("“") > before.rfind("”") or before.split("\n")[-1].count('"') % 2 == 1
