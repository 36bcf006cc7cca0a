"""A source file and a ruleset skeleton from the demands of a document, marked as a draft for a person to finish."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Sequence
from datetime import date

from monitor.draft.demand import Demand

_SMALL = frozenset(
    {"the", "a", "an", "of", "for", "to", "and", "or", "in", "on", "with", "that", "its", "their", "his", "her", "all"}
)
_UNKNOWN = "who says so?"


def main_party(demands: Sequence[Demand]) -> str:
    """Of whom most is demanded; where that is even, of whom something is held out."""
    counted = Counter(_plain(demand.party) for demand in demands if demand.party)
    held_out = {_plain(demand.party) for demand in demands if demand.prize}
    return max(counted, key=lambda party: (counted[party], party in held_out), default="")


def source_yaml(name: str, title: str, publisher: str, published: date, text: str, demands: Sequence[Demand]) -> str:
    """The source: every demand found, with its speaker, its quote and its place in ``text``."""
    lines = [
        "# yaml-language-server: $schema=source.schema.json",
        "# DRAFT, made by `monitor rules draft`: read every statement over, and its speaker above all.",
        f"source: {name}",
        f"title: {quoted(title)}",
        f"publisher: {quoted(publisher)}",
        f"published: {published.isoformat()}",
        f"sha256: {hashlib.sha256(text.encode()).hexdigest()}",
        "statements:",
    ]
    for key, demand in _named(demands):
        lines += [
            f"  {key}:",
            f"    speaker: {quoted(demand.speaker or _UNKNOWN)}",
            f"    role: {quoted(demand.role or 'in what office?')}",
            f"    reported: {'direct' if demand.direct else 'indirect'}",
            f"    quote: {quoted(demand.quote)}",
            f"    span: [{demand.span.start}, {demand.span.end}]",
        ]
    return "\n".join(lines) + "\n"


def ruleset_yaml(name: str, title: str, demands: Sequence[Demand]) -> str:
    """A ruleset with a condition for each thing demanded of the main party, its signals still to be written."""
    party = main_party(demands)
    own = [(key, demand) for key, demand in _named(demands) if _plain(demand.party) == party]
    prize = next((demand.prize for _, demand in own if demand.prize), "")
    speaker = next((demand.speaker for _, demand in own if demand.speaker), "")
    addressee = slug(party) or "addressee"
    lines = [
        "# yaml-language-server: $schema=ruleset.schema.json",
        "# DRAFT, made by `monitor rules draft`: finish what is marked, then run `monitor rules check`.",
        f"ruleset: {name}",
        f"title: {quoted(title)}",
        f"source: {name}",
        f"issuer: {slug(speaker) or 'issuer'}",
        f"addressee: {addressee}",
        "consequence:",
        f"  id: {_unlike(slug(prize) or 'consequence', {key for key, _ in own})}",
        f"  title: {quoted(_sentence(prize) or 'What follows when the conditions are met')}   # DRAFT",
        f"  requires: {' and '.join(key for key, _ in own)}",
        "actors:",
        f"  {addressee}:",
        f"    names: [{quoted(party or 'name the addressee')}]   # DRAFT: every name it goes by",
        "    context: []   # DRAFT: places and words that put a report in its hands",
        "conditions:",
    ]
    for key, demand in own:
        lines += [
            f"  {key}:",
            f"    title: {quoted(_sentence(demand.quote))}",
            f"    statement: {key}",
            f"    # DRAFT: words that may matter: {', '.join(_content(demand.quote)) or 'none found'}",
            "    signals: []",
        ]
    lines += [
        "# A signal looks like this; put it under a condition, with texts that prove it:",
        "#   - id: crossing-closed",
        "#     stance: breach",
        "#     does: [close, shut, block]",
        "#     what: [[crossing, border]]",
        "#     lasts: until-reversed",
        "#     examples:",
        "#       - {text: The army closed the border crossing., expect: breach}",
        "#       - {text: The army promised not to close the crossing., expect: pledge}",
        "#       - {text: A storm closed the crossing., expect: none}",
    ]
    return "\n".join(lines) + "\n"


def slug(words: str) -> str:
    """Words as an id: lower case, hyphens, at most four words that matter."""
    kept = [word for word in re.findall(r"[a-z0-9]+", words.casefold()) if word not in _SMALL]
    return "-".join(kept[:4])[:60]


def _named(demands: Sequence[Demand]) -> list[tuple[str, Demand]]:
    """Every demand with an id of its own, in the order of the document; the main party's have the first choice."""
    party = main_party(demands)
    names: dict[int, str] = {}
    for number in sorted(range(len(demands)), key=lambda n: _plain(demands[n].party) != party):
        wanted = slug(demands[number].quote) or f"statement-{number + 1}"
        names[number] = _unlike(wanted, set(names.values()))
    return [(names[number], demand) for number, demand in enumerate(demands)]


def _unlike(key: str, taken: set[str]) -> str:
    number = 2
    name = key
    while name in taken:
        name, number = f"{key}-{number}", number + 1
    return name


def _plain(party: str) -> str:
    return re.sub(r"^(?:the|its|their|his|her)\s+", "", party.strip(), flags=re.IGNORECASE)


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]


def _content(words: str) -> list[str]:
    found = [word for word in re.findall(r"[^\W\d_]+", words.casefold()) if len(word) > 3 and word not in _SMALL]
    return list(dict.fromkeys(found))


def quoted(words: str) -> str:
    """A YAML string in single quotes, on one line: in a rule, double quotes mean to the letter."""
    line = " ".join("".join(char if char.isprintable() else " " for char in words).split())
    return "'" + line.replace("'", "''") + "'"
