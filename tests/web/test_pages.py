"""The pages and the API say what the reports say."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import feedparser
import jsonschema
import pytest
from browsing import Client, dashboard_with
from commandline import Monitor
from databases import ENGINES, database
from loopback import rss

from monitor.config import Config, FeedConfig, MonitorConfig
from monitor.feeds.fetch import Fetched
from monitor.match.lookup.compiled import CompiledRules
from monitor.pipeline.absorb import absorb, read_waiting
from monitor.pipeline.receive import receive
from monitor.starter import write_starter
from monitor.store.database import open_store

RULESET = "uk-taliban-recognition"
PAGES = [
    "/",
    "/?as_of=2022-12-24",
    "/?as_of=2022-12-24&known=then",
    f"/conditions/{RULESET}/womens-rights",
    f"/conditions/{RULESET}/recognition?as_of=2022-12-24",
    "/evidence",
    "/review",
    "/log",
    "/feeds",
    "/rules",
    "/explain?text=Taliban+ban+women+from+universities",
    "/login",
]


@pytest.mark.parametrize("path", PAGES)
def test_every_page_opens_and_runs_no_script_but_ours(client: Client, path: str) -> None:
    answer = client.ask(path)
    assert answer.status == 200
    scripts = re.findall(r"<script\b[^>]*>", answer.text)
    assert [tag for tag in scripts if 'src="/static/' not in tag and "ld+json" not in tag] == []
    assert " style=" not in answer.text
    assert not re.search(r"\son\w+=", answer.text)


def test_the_overview_says_what_the_status_report_says(client: Client, demo: Path, monitor: Monitor) -> None:
    page = client.ask("/?as_of=2022-12-24").text
    assert "What recognition requires is not met: 0 of 3 conditions met" in page
    told = json.loads(
        monitor("-c", str(demo / "config.toml"), "status", "--as-of", "2022-12-24", "--format", "json").out
    )
    api = client.ask("/api/overview?as_of=2022-12-24").json()
    assert api["rulesets"] == told["rulesets"]
    for condition in told["rulesets"][0]["conditions"]:
        assert condition["shown_as"] in page


def test_a_day_is_shown_as_it_looked_then(client: Client) -> None:
    path = f"/api/conditions/{RULESET}/womens-rights"
    assert client.ask(path + "?as_of=2021-09-17").json()["status"] == "unknown"
    assert client.ask(path + "?as_of=2021-09-18").json()["status"] == "breached"
    assert client.ask(path + "?as_of=2021-09-18&known=then").json()["status"] == "breached"
    assert client.ask("/?as_of=yesterday").status == 400
    assert "is not a date" in client.ask("/?as_of=yesterday").text


def test_what_does_not_exist_is_said_plainly(client: Client) -> None:
    for path in ("/nothing", f"/conditions/{RULESET}/nothing", "/items/nothing", "/feeds/nothing.atom"):
        assert client.ask(path).status == 404, path
    assert client.ask("/api/items/nothing").json() == {"detail": "there is no such item"}
    assert client.ask("/evidence?stance=x").status == 400
    assert client.ask("/evidence?page=0").status == 400


def test_evidence_is_found_by_words_and_by_what_it_is(client: Client) -> None:
    def found(query: str) -> list[dict[str, str]]:
        pieces: list[dict[str, str]] = client.ask(f"/api/evidence?{query}").json()["evidence"]
        return pieces

    everything = client.ask("/api/evidence").json()["total"]
    schools = found("q=school")
    assert 0 < len(schools) < everything
    assert {piece["id"] for piece in found("q=schools")} == {piece["id"] for piece in schools}
    assert {piece["stance"] for piece in found("stance=pledge")} == {"pledge"}
    assert {piece["publisher"] for piece in found("publisher=afp")} == {"AFP"}
    assert {piece["condition"] for piece in found(f"condition={RULESET}/safe-passage")} == {"safe-passage"}
    assert all("2022-01-01" <= piece["at"] < "2023-01-01" for piece in found("from=2022-01-01&to=2022-12-31"))
    assert found("q=%22return+to+some%22")
    assert not found("q=%22some+to+return%22")


@pytest.mark.parametrize(
    "words", ['"', '""', "a OR", "NEAR(", "*", "body:x", "-", "(((", "'; DROP TABLE items; --", "🦉"]
)
def test_no_words_break_the_search(client: Client, words: str) -> None:
    from urllib.parse import quote

    assert client.ask(f"/evidence?q={quote(words)}").status == 200


def test_an_item_shows_why_it_is_evidence(client: Client) -> None:
    piece = client.ask("/api/evidence?q=universities&stance=breach").json()["evidence"][0]
    page = client.ask(f"/items/{piece['item']}").text
    assert "<mark>" in page
    assert "deed</span>" in page
    assert client.ask(f"/api/items/{piece['item']}").json()["explanation"]["evidence"]


def test_a_text_is_explained_and_not_stored(client: Client) -> None:
    before = client.ask("/api/stamp").json()
    explained = client.post("/api/explain", {"title": "The Taliban promised to reopen girls' schools."}).json()
    assert {found["stance"] for found in explained["evidence"]} == {"pledge"}
    assert client.ask("/api/stamp").json() == before


def test_the_api_answers_as_it_is_described(client: Client) -> None:
    described = client.ask("/api/openapi.json").json()
    assert described["openapi"].startswith("3.")
    for path, operations in described["paths"].items():
        get = operations.get("get")
        if get is None or "{" in path or not path.startswith("/api"):
            continue
        answer = client.ask(path)
        assert answer.status == 200, path
        schema = get["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(answer.json(), {**schema, "components": described["components"]})
        assert get["summary"], path


def test_the_report_page_is_the_same_file_that_the_command_writes(client: Client, demo: Path, monitor: Monitor) -> None:
    page = client.ask("/report.html?as_of=2022-12-24")
    assert page.headers["Content-Disposition"] == 'attachment; filename="report-2022-12-24.html"'
    file = demo / "report.html"
    assert monitor(
        "-c", str(demo / "config.toml"), "report", "--format", "html", "--as-of", "2022-12-24", "-o", str(file)
    )
    assert _timeless(page.text) == _timeless(file.read_text())


def _timeless(page: str) -> str:
    return re.sub(r"\d+ \w+ \d{4} \d\d:\d\d UTC</dd>", "", page)


@pytest.mark.parametrize("engine", ENGINES)
def test_every_page_opens_on_every_database(engine: str, tmp_path: Path, starter_rules: CompiledRules) -> None:
    write_starter(tmp_path)
    feed = FeedConfig(url="https://example.org/a.xml", publisher="Herald")
    now = datetime(2022, 12, 21, tzinfo=UTC)
    entries = rss({"guid": "1", "title": "Taliban ban women from universities", "text": "Guards turned them away."})
    with database(engine, tmp_path) as url:
        store = open_store(url)
        read_waiting(store, starter_rules, now)
        absorb(store, starter_rules, feed, receive(feed, Fetched(entries), now), now)
        store.close()
        config = Config(monitor=MonitorConfig(database=url), feeds=(feed,), root=tmp_path)
        with dashboard_with(config) as address:
            client = Client(address)
            (piece,) = client.ask("/api/evidence?q=guard").json()["evidence"]
            for path in [*PAGES, f"/items/{piece['item']}", "/feeds.atom", "/report.html"]:
                assert client.ask(path).status == 200, path
            review = {"evidence": piece["id"], "verdict": "reject", "reason": "a test", "by": "Ana", "seen": 0}
            assert client.post("/api/reviews", review).status == 201
            assert client.ask(f"/api/conditions/{RULESET}/womens-rights").json()["status"] == "unknown"


@pytest.mark.parametrize("path", ["/feeds.atom", f"/feeds/{RULESET}.atom", f"/feeds/{RULESET}/recognition.atom"])
def test_a_feed_of_changes_says_where_it_is_and_where_its_entries_are_shown(client: Client, path: str) -> None:
    answer = client.ask(path)
    assert answer.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    feed = feedparser.parse(answer.text)
    assert [link["href"] for link in feed.feed.links if link["rel"] == "self"] == [client.address + path]
    entry = feed.entries[0].link
    assert entry.startswith(client.address + "/log#entry-")
    assert f'id="{entry.partition("#")[2]}"' in client.ask("/log").text
