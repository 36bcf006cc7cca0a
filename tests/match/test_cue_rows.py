"""Each row of the cue files has an example that reads as it says, and that reads otherwise without the row."""

from __future__ import annotations

import pytest
from cue_rows import changes_nothing, reads, scope_changes_nothing

from monitor.match.cues.scope_table import ScopeRow, scope_table
from monitor.text.cue_table import CueRow, cue_rows


def name_of(row: CueRow) -> str:
    return f"{row.cue}-{row.say.replace(' ', '_')}{'-behind' if row.behind else ''}"


@pytest.mark.parametrize("row", cue_rows(), ids=name_of)
def test_the_example_reads_as_it_says(row: CueRow) -> None:
    assert reads(row.example) == row.reads


@pytest.mark.parametrize("row", cue_rows(), ids=name_of)
def test_the_example_reads_otherwise_without_the_row(row: CueRow) -> None:
    assert not changes_nothing(row)


SCOPES = [row for rows in scope_table().values() for row in rows]


@pytest.mark.parametrize("row", SCOPES, ids=lambda row: f"{row.cue}-{row.reach}")
def test_a_cue_reaches_as_far_as_its_scope_and_no_farther_without_it(row: ScopeRow) -> None:
    assert reads(row.example) == row.reads
    assert not scope_changes_nothing(row)
