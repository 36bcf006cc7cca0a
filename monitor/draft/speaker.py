"""Who says what a sentence of a document says, by how it is written: "Prime Minister Ada Lovelace has said that …"."""

from __future__ import annotations

import re
from dataclasses import dataclass

_ROLE = (
    r"(?:\b[^\W\d_][\w’'-]*+\s+){0,3}?(?:[Pp]rime [Mm]inister|[Pp]resident|[Cc]hancellor|[Mm]inister|[Ss]ecretary"
    r"(?:[- ][Gg]eneral)?(?: of [Ss]tate)?|[Aa]mbassador|[Ss]pokes(?:man|woman|person)|[Dd]irector|[Cc]ommissioner"
    r"|[Kk]ing|[Qq]ueen|[Ee]nvoy|[Gg]eneral|[Ss]enator|[Rr]epresentative|[Cc]hief|[Hh]ead|[Ll]eader|Dame|Sir)"
)
_NAME = (
    r"(?:(?:Mr|Mrs|Ms|Dr|Sir|Dame)\.? )?\b[A-Z][\w’'-]++"
    r"(?: (?:(?:de|der|den|du|la|van|von|bin|al)\b|[A-Z][\w’'-]++)){0,5}"
)
_SAYS = (
    r"(?:has |have |had |also )?(?:said|says|say|told|tells|warned|warns|insisted|insists|added|adds|declared|declares|"
    r"stated|states|announced|announces|demanded|demands|urged|urges|called|calls|expects|expected|wrote|writes)"
)
_WHO = rf"(?:(?P<role>{_ROLE})\s+)?(?P<name>{_NAME})"
_BEFORE = re.compile(rf"^[“\"]?(?:The |the )?{_WHO}(?: \([^)]*\)|, [^,]{{3,60}},)? {_SAYS}\b")
_AFTER = re.compile(rf"[,”\"]\s*(?:{_SAYS} )?(?:the )?{_WHO}(?: {_SAYS})?[^,”]*$")
_ACCORDING = re.compile(rf"\b[Aa]ccording to (?:the )?{_WHO}")
_TITLE = re.compile(r"^(?:Mr\.?|Mrs\.?|Ms\.?|Dr\.?|Sir|Dame|The) ")
_FULL = re.compile(rf"(?:(?P<role>{_ROLE})\s+)?(?P<name>\b[A-Z][\w’'-]++(?: [A-Z][\w’'-]++){{1,5}})")
_PRONOUNS = frozenset({"He", "She", "They", "It", "We", "I"})


@dataclass(frozen=True, slots=True)
class Speaker:
    """A name and the office that the document gives it; both empty where it does not tell."""

    name: str = ""
    role: str = ""


class Speakers:
    """The speakers of a document, each by the fullest form in which it names them."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._full: dict[str, str] = {}
        self._roles: dict[str, str] = {}
        for found in _FULL.finditer(text):
            name = _TITLE.sub("", found.group("name"))
            self._full.setdefault(name.split()[-1], name)
            if found.group("role"):
                self._roles.setdefault(name.split()[-1], found.group("role").strip())
        self._last = Speaker()

    def of(self, start: int, end: int) -> Speaker:
        """Who says the sentence ``[start, end)``; whoever spoke last, if a quotation simply goes on."""
        sentence = self._text[start:end]
        found = _BEFORE.match(sentence) or _ACCORDING.search(sentence)
        if found is None and re.search(_SAYS, sentence):
            found = _AFTER.search(sentence)
        if found is not None and found.group("name") not in _PRONOUNS:
            self._last = self._known(found.group("name"), found.group("role") or "")
        elif found is None and sentence[:1] not in '“"':
            return Speaker() if not re.match(r"(?:He|She|They)\b", sentence) else self._last
        return self._last

    def _known(self, name: str, role: str) -> Speaker:
        plain = _TITLE.sub("", name)
        last = plain.split()[-1]
        full = self._full.get(last, plain) if len(plain.split()) == 1 else plain
        return Speaker(full, role.strip() or self._roles.get(last, ""))
