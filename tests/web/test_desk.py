"""The review desk: verdicts with a name and a reason, taken back, and two people at once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browsing import Client, dashboard_of
from commandline import Monitor

RULESET = "uk-taliban-recognition"
PASSAGE = f"/api/conditions/{RULESET}/safe-passage?as_of=2021-09-06"


@pytest.fixture
def ana(demo: Path) -> Iterator[Client]:
    with dashboard_of(demo) as address:
        client = Client(address)
        assert client.send("/login", name="Ana").status == 303
        yield client


@pytest.fixture
def ben(ana: Client) -> Client:
    """A second analyst at the same dashboard."""
    client = Client(ana.address)
    assert client.send("/login", name="Ben").status == 303
    return client


def planes(client: Client) -> list[dict[str, Any]]:
    """The evidence that safe passage was refused in September 2021, what one report says alone first."""
    query = f"condition={RULESET}/safe-passage&stance=breach&to=2021-09-06"
    pieces: list[dict[str, Any]] = client.ask(f"/api/evidence?{query}").json()["evidence"]
    return sorted(pieces, key=lambda piece: sum(other["item"] == piece["item"] for other in pieces))


def test_a_rejected_report_no_longer_counts_and_counts_again_when_it_is_taken_back(ana: Client) -> None:
    assert ana.ask(PASSAGE).json()["phase"] == "confirmed"
    piece = planes(ana)[0]
    given = ana.send("/review", piece=piece["id"], verdict="reject", reason="another airport", seen="0")
    assert given.status == 303
    assert ana.ask(PASSAGE).json()["phase"] == "pending"
    page = ana.ask(given.headers["Location"]).text
    assert "Recorded: Ana, reject: “another airport”" in page
    assert "Undo" in page
    undone = ana.send("/review/undo", number="1", reason="entered by mistake", piece=piece["id"])
    assert undone.status == 303
    assert ana.ask(PASSAGE).json()["phase"] == "confirmed"
    assert [review["verdict"] for review in ana.ask("/api/reviews").json()["reviews"]] == ["reject", "undo"]


def test_a_report_can_be_something_else(ana: Client) -> None:
    piece = planes(ana)[0]
    sent = {"piece": piece["id"], "verdict": "reclassify", "reason": "they only said so", "seen": "0"}
    refused = ana.send("/review", **sent)
    assert refused.status == 422
    assert "choose a stance" in refused.text
    assert ana.send("/review", **sent, stance="nonsense").status == 422
    assert ana.send("/review", **sent, stance="threat").status == 303
    assert ana.ask(f"/items/{piece['item']}").text.count("reclassify by Ana") == 1


def test_a_review_has_a_name_and_a_reason(client: Client, ana: Client) -> None:
    piece = planes(ana)[0]["id"]
    nameless = client.send("/review", piece=piece, verdict="confirm", reason="read rightly", seen="0")
    assert nameless.status == 422
    assert "say yours first" in nameless.text
    without_reason = ana.send("/review", piece=piece, verdict="confirm", reason="  ", seen="0")
    assert without_reason.status == 422
    assert "needs a reason" in without_reason.text
    assert client.post("/api/reviews", {"evidence": piece, "verdict": "confirm", "reason": "so"}).status == 422


def test_of_two_analysts_at_once_the_second_hears_of_the_first(ana: Client, ben: Client) -> None:
    piece = planes(ana)[0]["id"]
    assert ana.send("/review", piece=piece, verdict="confirm", reason="read rightly", seen="0").status == 303
    second = ben.send("/review", piece=piece, verdict="reject", reason="these were not <b>evacuees</b>", seen="0")
    assert second.status == 409
    assert "Ana has judged this meanwhile (confirm: read rightly)" in second.text
    assert "these were not &lt;b&gt;evacuees&lt;/b&gt;" in second.text
    assert 'name="seen" value="1"' in second.text
    assert [review["by"] for review in ben.ask("/api/reviews").json()["reviews"]] == ["Ana"]
    again = ben.send("/review", piece=piece, verdict="reject", reason="these were not evacuees", seen="1")
    assert again.status == 303
    assert [review["by"] for review in ben.ask("/api/reviews").json()["reviews"]] == ["Ana", "Ben"]


def test_the_queue_leads_from_one_piece_to_the_next(ana: Client) -> None:
    waiting = ana.ask("/api/reviews").json()
    first, second = (entry["id"] for entry in waiting["waiting"][:2])
    page = ana.ask(f"/review?piece={first}").text
    assert f'name="following" value="{second}"' in page
    given = ana.send("/review", piece=first, verdict="confirm", reason="read rightly", seen="0", following=second)
    assert given.headers["Location"] == f"/review?done=1&piece={second}"
    assert ana.ask("/api/reviews").json()["waiting_in_all"] == waiting["waiting_in_all"] - 1


def test_a_status_set_by_hand_is_shown_as_such(ana: Client) -> None:
    condition = f"{RULESET}/refugee-crisis"
    sent = {"condition": condition, "status": "contested", "reason": "reports from the field differ"}
    assert ana.send("/statuses", **sent, until="yesterday").status == 422
    assert ana.send("/statuses", **sent, until="2020-01-01").status == 422
    assert ana.send("/statuses", **sent, until="2099-12-31").headers["Location"] == f"/conditions/{condition}"
    page = ana.ask(f"/conditions/{condition}").text
    assert "contested, by hand" in page
    assert "set by hand by Ana: reports from the field differ" in page


def test_programs_review_in_somebody_s_name(ana: Client, demo: Path, monitor: Monitor) -> None:
    piece = planes(ana)[0]["id"]
    entered = ana.post("/api/reviews", {"evidence": piece, "verdict": "reject", "reason": "a drill", "by": "Cem"})
    assert entered.status == 201
    assert entered.json()["review"]["by"] == "Cem"
    assert entered.json()["transitions"]
    stale = {"evidence": piece, "verdict": "confirm", "reason": "no drill", "by": "Ana", "seen": 0}
    assert ana.post("/api/reviews", stale).status == 409
    assert ana.post("/api/reviews/1/undo", {"reason": "it was none", "by": "Cem"}).status == 201
    assert ana.post("/api/reviews/1/undo", {"reason": "again", "by": "Cem"}).status == 422
    assert ana.post("/api/reviews", {"evidence": piece, "verdict": "set", "reason": "x", "by": "x"}).status == 422
    assert "Cem" in monitor("-c", str(demo / "config.toml"), "review", "list").out
    assert monitor("-c", str(demo / "config.toml"), "log", "verify", "--rebuild").code == 0


WORK_BAN = f"condition={RULESET}/womens-rights&stance=breach&from=2022-12-24&to=2022-12-24"


def events(client: Client) -> int:
    counted: int = client.ask(f"/api/conditions/{RULESET}/womens-rights").json()["tally"]["events"]
    return counted


def test_two_reports_of_one_event_are_told_apart_and_joined_again(ana: Client) -> None:
    pieces = {piece["publisher"]: piece for piece in ana.ask(f"/api/evidence?{WORK_BAN}").json()["evidence"]}
    one, other, before = pieces["AP"]["id"], pieces["AFP"]["id"], events(ana)
    page = ana.ask(f"/review?piece={one}").text
    assert "Counted to one event with 1 other report" in page
    apart = ana.send("/review/event", piece=one, other=other, verdict="split", reason="two decrees")
    assert apart.status == 303
    assert events(ana) == before + 1
    page = ana.ask(apart.headers["Location"]).text
    assert "Recorded: Ana, split: “two decrees”" in page
    assert "No other report is counted to it." in page
    joined = ana.send("/review/event", piece=one, other=other, verdict="join", reason="one decree after all")
    assert joined.status == 303
    assert events(ana) == before
    assert "joined by Ana&#39;s review" in ana.ask(f"/conditions/{RULESET}/womens-rights").text


def test_an_event_needs_another_report_and_a_reason(ana: Client) -> None:
    piece = planes(ana)[0]["id"]
    alone = ana.send("/review/event", piece=piece, other="", verdict="join", reason="the same")
    assert (alone.status, "choose the report that it is compared with" in alone.text.lower()) == (422, True)
    sent = {"evidence": piece, "verdict": "split", "other": piece, "reason": "not the same", "by": "Ana"}
    refused = ana.post("/api/reviews", sent)
    assert (refused.status, refused.json()["detail"]) == (422, "name two different pieces of evidence")


def test_a_date_that_could_be_read_is_not_reviewed(ana: Client) -> None:
    piece = planes(ana)[0]["id"]
    assert "Its date cannot be read" not in ana.ask(f"/review?piece={piece}").text
    assert "could be read" in ana.send("/review/date", piece=piece, date="2021-09-01", reason="a guess").text
    assert "say when it was published" in ana.send("/review/date", piece=piece, date="", reason="x").text.lower()
    sent = {"evidence": piece, "verdict": "date", "reason": "a guess", "by": "Ana"}
    assert ana.post("/api/reviews", {**sent, "dated": "soon"}).json()["detail"].startswith("dated: `soon` is not")
    assert "could be read" in ana.post("/api/reviews", {**sent, "dated": "2021-09-01"}).json()["detail"]
    assert ana.post("/api/reviews", {**sent, "verdict": "set"}).json()["detail"].startswith("verdict: choose")
