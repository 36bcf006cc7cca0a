"""How an example of a cue reads, with its row and without it.

python tests/match/cue_rows.py [CLASS ...]    the rows whose example is missing, reads otherwise, or proves nothing
python tests/match/cue_rows.py --text TEXT    how a text reads
"""

from __future__ import annotations

import sys
from contextlib import ExitStack
from functools import cache
from pathlib import Path
from unittest.mock import patch

from monitor.match.cues.scope_table import ScopeRow, scope_table
from monitor.match.item_reader import read_item
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import Finding, Item, Stance
from monitor.rules.read import read_rule_book
from monitor.text.cue_table import CueRow, CueTable, cue_rows

HERE = Path(__file__).parent
# Whoever asks for the table.
USERS = ("monitor.text.sentences", "monitor.match.cues.constructions", "monitor.match.discourse.denials")


@cache
def rules() -> CompiledRules:
    return CompiledRules(read_rule_book([HERE / "cue_examples.yaml"], HERE / "none").rulesets)


def findings(text: str) -> tuple[Finding, ...]:
    """What a text says. A text with a full stop is a body, one without is a headline."""
    item = Item(id="x", title="", text=text) if text.rstrip('"').endswith((".", "?")) else Item(id="x", title=text)
    return tuple(one for one in read_item(rules(), item).findings if one.stance is not Stance.MENTION)


def reads(text: str) -> str:
    """The stances of a text, joined by "and", or "none"; "self-" stands before what the addressee says of itself.

    Who asks for something is not told: a demand is somebody else's.
    """
    own = {one for one in findings(text) if one.asserted_by == "addressee" and one.stance is not Stance.DEMAND}
    told = {f"{'self-' if one in own else ''}{one.stance}" for one in findings(text)}
    return " and ".join(sorted(told)) or "none"


def changes_nothing(row: CueRow) -> bool:
    """Whether the example of ``row`` reads the same without it."""
    rest = CueTable([other for other in cue_rows() if other is not row])
    with ExitStack() as patched:
        for user in USERS:
            patched.enter_context(patch(f"{user}.cue_table", lambda: rest))
        return reads(row.example) == row.reads


def scope_changes_nothing(row: ScopeRow) -> bool:
    """Whether the example of a row of ``scopes.toml`` reads the same without it."""
    rest = {cue: tuple(one for one in rows if one is not row) for cue, rows in scope_table().items()}
    with patch("monitor.match.cues.scope_table.scope_table", lambda: rest):
        return reads(row.example) == row.reads


def main(asked: list[str]) -> None:
    if asked[:1] == ["--text"]:
        sys.stdout.write(reads(" ".join(asked[1:])) + "\n")
        return
    for scope in [row for rows in scope_table().values() for row in rows] if not asked else ():
        found, same = reads(scope.example), scope_changes_nothing(scope)
        if found != scope.reads or same:
            without = "the same" if same else "otherwise"
            told = f"{scope.example!r} reads {found}, not {scope.reads}; without the row {without}"
            sys.stdout.write(f"scopes.toml: {scope.cue} up to {scope.reach}: {told}\n")
    for row in cue_rows():
        if asked and row.cue not in asked:
            continue
        where = f"{row.cue}.toml: {row.say!r}{' (behind)' if row.behind else ''}"
        if not row.example:
            sys.stdout.write(f"{where}: no example" + "\n")
        elif (found := reads(row.example)) != row.reads:
            sys.stdout.write(f"{where}: reads {found}, not {row.reads}: {row.example}" + "\n")
        elif changes_nothing(row):
            sys.stdout.write(f"{where}: reads {found} without the row, too: {row.example}" + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
