"""A notice that takes a story back is not the story."""

from __future__ import annotations

import pytest

from monitor.match.discourse.retraction import is_withdrawn
from monitor.model import Item


@pytest.mark.parametrize(
    "title",
    [
        "WITHDRAWN: Taliban lift ban on girls' schools",
        "Withdrawn",
        "RETRACTED — Taliban free prisoners",
        "Retraction: our report on the airport",
        "[RETRACTED] Taliban free prisoners",
        "This story has been removed",
        "Story withdrawn: Taliban free prisoners",
        "Editor's note: This article was retracted after publication",
        "Mandatory kill: Taliban free prisoners",
    ],
)
def test_a_notice(title: str) -> None:
    assert is_withdrawn(Item(id="x", title=title))


@pytest.mark.parametrize(
    "title",
    [
        "Withdrawal from Afghanistan: what went wrong",
        "Withdrawn from the market, the drug is back in Kabul",
        "Removed from office by the Taliban, a judge speaks",
        "Killed: three aid workers in Helmand were shot",
        "Killing of a journalist in Kabul",
        "Taliban retract their pledge on schools",
        "Stories withdrawn from schoolbooks by the Taliban",
        "Ban withdrawn by the Taliban",
    ],
)
def test_news_that_only_sounds_like_one(title: str) -> None:
    assert not is_withdrawn(Item(id="x", title=title))


def test_the_notice_may_stand_in_the_text() -> None:
    assert is_withdrawn(Item(id="x", title="Taliban free prisoners", text="This story was withdrawn by the agency."))
