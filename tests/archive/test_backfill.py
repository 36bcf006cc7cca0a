"""Archives read as if the monitor had been there: the same from every kind of file, however often interrupted."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from archives import NEWS, many, write_csv, write_gkg, write_jsonl, write_parquet, write_warc
from commandline import Monitor
from daemons import wait_until
from databases import ENGINE, database, fetch
from sqlalchemy.exc import SQLAlchemyError

from monitor.archive.portion import portions_of
from monitor.archive.read import read_portion, rules_as_text
from monitor.match.lookup.compiled import CompiledRules


@pytest.fixture
def place(folder: Path, monitor: Monitor, database_url: str) -> Path:
    assert monitor("init").code == 0
    return folder


def run(url: str, *arguments: str) -> dict[str, Any]:
    """``monitor backfill`` as a process of its own, which must end well."""
    done = subprocess.run(command(*arguments), capture_output=True, text=True, check=False, env=environment(url))
    assert done.returncode in (0, 1), done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "monitor", "backfill", *arguments, "--name", "old papers", "--format", "json"]


def environment(url: str) -> dict[str, str]:
    return {**os.environ, "MONITOR_DATABASE": url}


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("news.jsonl", write_jsonl),
        ("news.jsonl.gz", write_jsonl),
        ("news.csv", write_csv),
        ("news.parquet", write_parquet),
        ("20221220.gkg.csv.zip", write_gkg),
        ("crawl.warc.gz", write_warc),
    ],
)
def test_every_kind_of_archive_says_the_same(
    tmp_path: Path,
    starter_rules: CompiledRules,
    name: str,
    write: Callable[[Path, list[dict[str, str]]], Path],
) -> None:
    write(tmp_path / name, NEWS)
    rules = rules_as_text(starter_rules)
    reads = [
        read_portion(portion, rules, "archive:x", {}, datetime(2024, 1, 1, tzinfo=UTC))
        for portion in portions_of([str(tmp_path / name)])
    ]
    assert (sum(read.records for read in reads), sum(read.unreadable for read in reads)) == (4, 0)
    found = [(item, findings) for read in reads for item, findings in read.found]
    assert [item.title for item, _ in found] == [each["title"] for each in NEWS if each["id"] != "3"]
    assert [(item.publisher, item.link) for item, _ in found] == [
        (each["publisher"], each["link"]) for each in NEWS if each["id"] != "3"
    ]
    assert [f"{item.published:%Y-%m-%d}" for item, _ in found] == ["2022-12-20", "2022-12-21", "2023-01-02"]
    assert [{finding.stance.value for finding in findings} for _, findings in found] == [
        {"breach"},
        {"breach"},
        {"pledge"},
    ]


def test_an_archive_tells_what_the_monitor_would_have_shown(place: Path, database_url: str, monitor: Monitor) -> None:
    write_warc(place / "crawl.warc.gz", NEWS)
    record = run(database_url, "*.warc.gz", "--workers", "1")
    assert (record["records"], record["unreadable"], record["items_stored"]) == (4, 0, 3)
    assert monitor("log", "verify", "--rebuild").code == 0
    then = json.loads(monitor("status", "--as-of", "2022-12-25", "--format", "json").out)
    before = json.loads(monitor("status", "--as-of", "2022-12-01", "--format", "json").out)
    assert [standing(shown) for shown in (before, then)] == ["unknown", "breached"]
    again = run(database_url, "*.warc.gz", "--workers", "1")
    assert (again["records"], again["portions_read_before"], again["transitions"]) == (0, 1, [])


def standing(record: dict[str, Any]) -> str:
    (row,) = [row for row in record["rulesets"][0]["conditions"] if row["condition"] == "womens-rights"]
    return str(row["status"])


def contents(url: str) -> list[list[tuple[Any, ...]]]:
    """All that a database says, but for when it learned of it."""
    return [
        fetch(url, query)
        for query in (
            "SELECT id, feed, publisher, published FROM items ORDER BY id",
            "SELECT item, version, number, title, latest, read_with FROM versions ORDER BY item, version",
            "SELECT id, item, signal, stance, quote, story, origin FROM evidence ORDER BY id",
            "SELECT seq, condition, before, after, phase, holds_from, holds_until, reason, cause "
            "FROM transitions ORDER BY seq",
            "SELECT count(*) FROM unassessed",
        )
    ]


@pytest.fixture
def archive(place: Path) -> list[str]:
    """Twelve files of news."""
    news = many(1200)
    names = []
    for number in range(12):
        write_jsonl(place / f"{number:02}.jsonl", news[number * 100 : number * 100 + 100])
        names.append(f"{number:02}.jsonl")
    return names


def test_interrupted_and_resumed_or_on_many_processes_it_is_the_same(
    place: Path, archive: list[str], database_url: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    chance = random.Random(2021)
    whole = run(database_url, "*.jsonl", "--workers", "1")
    assert (whole["records"], len(whole["transitions"]) > 3) == (1200, True)
    with database(ENGINE, tmp_path_factory.mktemp("killed")) as url:
        killed = 0
        for _ in range(int(os.environ.get("MONITOR_TEST_KILLS", "1"))):
            with subprocess.Popen(
                command("*.jsonl", "--workers", "2"), env=environment(url), stdout=subprocess.PIPE, text=True
            ) as process:
                enough = min(portions_done(url) + 1 + chance.randrange(3), 11)
                wait_until(lambda enough=enough: portions_done(url) >= enough)
                time.sleep(chance.random() * 0.05)
                killed += process.poll() is None
                process.kill()
        assert killed
        run(url, "*.jsonl", "--workers", "3")
        assert contents(url) == contents(database_url)


def portions_done(url: str) -> int:
    """How many portions are stored so far; none before there is a table for them."""
    try:
        return len(fetch(url, "SELECT portion FROM backfilled"))
    except SQLAlchemyError:
        return 0


def test_what_was_withdrawn_later_in_an_archive_counts_for_nothing(
    place: Path, database_url: str, monitor: Monitor
) -> None:
    """Whether the notice stands in the same file, in a later one, or alone."""
    notice = {"title": "WITHDRAWN: Taliban ban women from universities", "published": "2022-12-23T08:00:00+00:00"}
    write_jsonl(place / "1.jsonl", [NEWS[0], {**NEWS[0], **notice}, NEWS[1]])
    write_jsonl(place / "2.jsonl", [{**NEWS[1], **notice}, {**NEWS[2], **notice}])
    record = run(database_url, "*.jsonl", "--workers", "1")
    assert (record["records"], record["problems"]) == (5, [])
    assert fetch(database_url, "SELECT count(*) FROM evidence WHERE withdrawn IS NULL") == [(0,)]
    assert fetch(database_url, "SELECT count(*) FROM items") == [(1,)]
    assert monitor("log", "verify", "--rebuild").code == 0


def test_what_cannot_be_read_is_named_and_the_rest_is_read(place: Path, database_url: str) -> None:
    lines = [json.dumps(NEWS[0]), "{nonsense", json.dumps({"title": "No date"}), json.dumps({"date": "2022-01-01"})]
    lines += [json.dumps({**NEWS[1], "published": "2999-01-01"})]
    (place / "news.jsonl").write_text("\n".join(lines) + "\n")
    (place / "broken.parquet").write_bytes(b"PAR1 no more")
    record = run(database_url, "news.jsonl", "--workers", "1")
    assert (record["records"], record["unreadable"], record["items_stored"]) == (5, 4, 1)
    said = " ".join(record["problems"])
    for expected in ("line 2 from byte 0 on: is not JSON", "has no date", "neither a title nor", "in the future"):
        assert expected in said
    refused = subprocess.run(
        command("broken.parquet", "nowhere.jsonl", "notes.txt"),
        capture_output=True,
        text=True,
        check=False,
        env=environment(database_url),
    )
    assert refused.returncode == 2
    assert "broken.parquet" in refused.stderr
    assert "is no Parquet file" in refused.stderr
    assert "nowhere.jsonl" in refused.stderr


def test_fields_of_other_names_are_told(place: Path, database_url: str) -> None:
    (place / "news.jsonl").write_text(
        json.dumps({"kop": NEWS[0]["title"], "krant": "Herald", "dag": "20221220"}) + "\n"
    )
    fields = ("--field", "title=kop", "--field", "publisher=krant", "--field", "published=dag")
    record = run(database_url, "news.jsonl", "--workers", "1", *fields)
    assert (record["items_stored"], record["problems"]) == (1, [])
    wrong = subprocess.run(
        command("news.jsonl", "--field", "titel=kop"), capture_output=True, text=True, check=False,
        env=environment(database_url),
    )  # fmt: skip
    assert wrong.returncode == 2
    assert "did you mean" in wrong.stderr
