"""The command line, as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from commandline import Monitor
from databases import execute
from loopback import FeedServer, rss

BAN = {
    "guid": "1",
    "title": "Taliban ban women from universities",
    "date": "Tue, 20 Dec 2022 12:00:00 GMT",
    "source": "BBC",
}
BARRED = {
    "guid": "2",
    "title": "Women barred from university in Kabul",
    "date": "Tue, 20 Dec 2022 13:00:00 GMT",
    "source": "AFP",
}
PLEDGE = {
    "guid": "3",
    "title": "Taliban promise to reopen universities to women",
    "date": "Sun, 01 Jan 2023 12:00:00 GMT",
}


def test_from_init_to_a_status(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.serve(BAN, BARRED, PLEDGE)
    once = monitor("run", "--once")
    assert once.code == 0
    assert "womens-rights" in once.out
    assert "3 new" in once.out

    status = monitor("status")
    assert status.code == 0
    assert "breached" in status.out
    assert "20 Dec 2022" in status.out
    assert "AFP" in status.out
    assert "1 pledge" in status.out
    assert "0 waiting to be read" in status.out

    (view,) = json.loads(monitor("status", "--format", "json").out)["rulesets"]
    (row,) = [r for r in view["conditions"] if r["condition"] == "womens-rights"]
    assert (row["status"], row["phase"], row["since"]) == ("breached", "confirmed", "2022-12-20T13:00:00+00:00")
    assert {e["publisher"] for e in row["evidence"]} == {"BBC", "AFP"}
    assert view["consequence"]["due"] is False
    assert view["consequence"]["missing"] == ["safe-passage", "counter-terrorism", "womens-rights"]

    log = json.loads(monitor("log", "--format", "json").out)
    assert [e["phase"] for e in log] == ["pending", "confirmed"]
    assert monitor("log").code == 0
    assert monitor("log", "verify").code == 0


def test_one_condition_with_its_evidence_word_for_word(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.serve(BAN)
    monitor("run", "--once")
    shown = monitor("status", "womens-rights")
    assert "“Taliban ban women from universities”" in shown.out
    assert "rests on" in monitor("status").out.replace("\n", " ") or "one" in monitor("status").out
    wrong = monitor("status", "womens-right")
    assert wrong.code == 2
    assert "did you mean `womens-rights`" in wrong.err


def test_status_as_of_a_day_and_as_known_on_a_day(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.serve(BAN, BARRED)
    monitor("run", "--once")

    def stands(*options: str) -> str:
        (view,) = json.loads(monitor("status", "--format", "json", *options).out)["rulesets"]
        return next(str(r["status"]) for r in view["conditions"] if r["condition"] == "womens-rights")

    assert stands("--as-of", "2022-12-19") == "unknown"
    assert stands("--as-of", "2022-12-20") == "breached"
    assert stands("--as-of", "2022-12-20", "--known-at", "2022-12-21") == "unknown"
    wrong = monitor("status", "--as-of", "last week")
    assert wrong.code == 2
    assert "is not a date" in wrong.err


def test_explain_shows_the_reasoning_down_to_the_words(folder: Path, monitor: Monitor) -> None:
    shown = monitor("explain", "The UN urged the Taliban to lift the ban on girls' schools.")
    assert shown.code == 0
    for expected in ("womens-rights: demand", "“ban”  nominal", "“lift”  reversal over “the ban”", "“urged”  demand"):
        assert expected in shown.out
    assert "uk-taliban-recognition.yaml:" in shown.out
    near = monitor("explain", "Iran barred women from a university.")
    assert "Nearly, and why not" in near.out
    assert "Iran" in near.out
    nothing = monitor("explain", "It rained in Spain.")
    assert "bears on nothing" in nothing.out


def test_explain_shows_who_does_what_to_whom(folder: Path, monitor: Monitor) -> None:
    text = "The UN said the Taliban had closed schools."
    shown = monitor("explain", text, "--parse").out.splitlines()
    assert [" ".join(line.split()) for line in shown] == [
        text,
        "said main clause who: un",
        "closed is what is told by “said” who: taliban [taliban] whom: schools",
    ]
    passive = monitor("explain", "The schools were closed by the Taliban.", "--parse").out
    assert "closed main clause by whom: taliban [taliban] whom: schools" in " ".join(passive.split())
    (sentence,) = json.loads(monitor("explain", text, "--parse", "--format", "json").out)
    assert [verb["passive"] for verb in sentence["verbs"]] == [False, False]
    assert [word["word"] for word in sentence["words"]][:3] == ["the", "un", "said"]


def test_explain_reads_standard_input_and_stored_items(
    workspace: Path, server: FeedServer, monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("Taliban ban women\nThey barred women from universities."))
    assert "womens-rights: breach" in monitor("explain", "-").out
    server.serve({**BAN, "link": "https://example.org/1"})
    monitor("run", "--once")
    assert "womens-rights: breach" in monitor("explain", "https://example.org/1").out
    unknown = monitor("explain", "https://example.org/2")
    assert unknown.code == 2
    assert "no stored item" in unknown.err


def test_match_reads_json_lines(folder: Path, monitor: Monitor) -> None:
    lines = [
        {"id": "a", "title": "Taliban ban women from universities", "summary": "", "published": "2022-12-20"},
        {"title": "It rained in Spain", "summary": "All day."},
    ]
    (folder / "items.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines) + "\n")
    ran = monitor("match", "items.jsonl")
    assert ran.code == 0
    first, second = [json.loads(line) for line in ran.out.splitlines()]
    assert first["id"] == "a"
    assert [(e["condition"], e["stance"]) for e in first["evidence"]] == [("womens-rights", "breach")]
    assert first["evidence"][0]["quote"] == "Taliban ban women from universities"
    assert second["evidence"] == []
    assert not (folder / "monitor.db").exists()


def test_match_reads_a_feed_and_standard_input(folder: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    (folder / "feed.xml").write_bytes(rss(BAN))
    assert json.loads(monitor("match", "feed.xml").out)["evidence"][0]["stance"] == "breach"
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(json.dumps({"title": BAN["title"]}).encode())))
    assert json.loads(monitor("match").out)["evidence"][0]["stance"] == "breach"


def test_match_names_the_line_it_cannot_read_and_reads_the_others(folder: Path, monitor: Monitor) -> None:
    (folder / "items.jsonl").write_text('{"title": "It rained"}\n{broken\n{"title": 7}\n{"summary": "It snowed"}\n')
    ran = monitor("match", "items.jsonl", "missing.jsonl")
    assert ran.code == 2
    assert len(ran.out.splitlines()) == 2
    for expected in ("items.jsonl:2:", "items.jsonl:3:", "missing.jsonl"):
        assert expected in ran.err


@pytest.mark.parametrize(
    ("config", "line", "said"),
    [
        ("[monitor\n", 1, "not valid TOML"),
        ('[monitor]\ndatabse = "x"\n', 2, "did you mean `database`"),
        ('[deamon]\ninterval = "1h"\n', 1, "did you mean `daemon`"),
        ('[daemon]\ninterval = "soon"\n', 2, "30m"),
        ('[[feeds]]\nurl = "gopher://x"\n', 2, "http or https"),
        ('[[feeds]]\nurl = "https://a.org/"\n\n[[feeds]]\nurl = "https://b.org/"\ngrade = "Z"\n', 6, "'A'"),
        ('[[feeds]]\npublisher = "X"\n', 1, "is missing"),
        ('[[feeds]]\nurl = "https://a.org/"\n[[feeds]]\nurl = "https://a.org/"\n', 4, "second time"),
    ],
)
def test_a_wrong_setting_is_named_with_its_line_and_nothing_starts(
    folder: Path, monitor: Monitor, config: str, line: int, said: str
) -> None:
    monitor("init")
    (folder / "config.toml").write_text(config)
    ran = monitor("run", "--once")
    assert ran.code == 2
    assert f"config.toml:{line}:" in ran.err
    assert said in ran.err.replace("\n", " ")
    assert not (folder / "monitor.db").exists()


def test_a_wrong_rule_stops_everything_before_it_starts(workspace: Path, monitor: Monitor) -> None:
    file = workspace / "rules" / "uk-taliban-recognition.yaml"
    file.write_text(file.read_text().replace("what: [$women, $schooling]", "what: [$womn, $schooling]", 1))
    for command in (("run", "--once"), ("status",), ("explain", "some text")):
        ran = monitor(*command)
        assert ran.code == 2
        assert "did you mean `$women`" in ran.err
    checked = monitor("rules", "check", "--format", "json")
    assert checked.code == 2
    (problem,) = json.loads(checked.out)
    assert problem["file"].endswith("uk-taliban-recognition.yaml")
    assert problem["line"] == next(n for n, text in enumerate(file.read_text().splitlines(), 1) if "$womn" in text)


def test_an_example_that_does_not_hold_is_an_error_with_its_reason(workspace: Path, monitor: Monitor) -> None:
    file = workspace / "rules" / "uk-taliban-recognition.yaml"
    text = file.read_text()
    old = "{text: The Taliban promised to reopen girls' high schools., expect: pledge}"
    assert old in text
    file.write_text(text.replace(old, old.replace("pledge}", "fulfilment}")))
    ran = monitor("rules", "check")
    assert ran.code == 2
    assert "finds pledge here; expected fulfilment" in ran.out


def test_rules_check_says_that_all_is_well(workspace: Path, monitor: Monitor) -> None:
    ran = monitor("rules", "check")
    assert ran.code == 0
    assert "0 errors" in ran.out
    assert monitor("rules", "check", "rules/uk-taliban-recognition.yaml").code == 0
    assert monitor("rules", "check", "rules/missing.yaml").code == 2


def test_without_a_configuration_the_way_out_is_named(folder: Path, monitor: Monitor) -> None:
    for command in (("status",), ("run",), ("log",), ("feeds", "list")):
        ran = monitor(*command)
        assert ran.code == 2
        assert "monitor init" in ran.err
    assert monitor("doctor").code == 1


def test_init_keeps_what_is_there(folder: Path, monitor: Monitor) -> None:
    (folder / "config.toml").write_text("# mine\n")
    ran = monitor("init")
    assert ran.code == 0
    assert "kept" in ran.out
    assert (folder / "config.toml").read_text() == "# mine\n"
    assert (folder / "rules").is_dir()


def test_the_starter_configuration_works_as_it_is(folder: Path, monitor: Monitor) -> None:
    monitor("init")
    assert monitor("rules", "check", "--strict").code == 0
    doctor = monitor("doctor", "--format", "json")
    assert doctor.code == 0, doctor.out
    assert len(json.loads(monitor("feeds", "list", "--format", "json").out)) >= 8


def test_feeds_are_added_checked_and_listed(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.serve(BAN, path="/second.xml")
    before = (workspace / "config.toml").read_text()
    assert monitor("feeds", "add", server.url("/second.xml"), "--publisher", 'The "Second"', "--grade", "B").code == 0
    assert (workspace / "config.toml").read_text().startswith(before)
    listed = json.loads(monitor("feeds", "list", "--format", "json").out)
    assert [feed["publisher"] for feed in listed] == ["Test Agency", 'The "Second"']
    again = monitor("feeds", "add", server.url("/second.xml"))
    assert again.code == 2
    assert "is there already" in again.err
    assert monitor("feeds", "add", "gopher://x").code == 2
    added = json.loads(monitor("feeds", "add", server.url("/third.xml"), "--format", "json").out)
    assert (added["url"], added["grade"]) == (server.url("/third.xml"), "C")
    server.serve(BAN, path="/third.xml")
    checked = monitor("feeds", "check", "--format", "json")
    assert checked.code == 1
    first, second, _ = json.loads(checked.out)
    assert "404" in first["problem"]
    assert (second["problem"], second["items"], second["newest"]) == ("", 1, "20 Dec 2022")
    assert monitor("feeds", "check", server.url("/second.xml")).code == 0


def test_doctor_names_what_is_wrong_and_the_cure(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.serve(BAN)
    monitor("run", "--once")
    assert monitor("doctor").code == 0
    del server.answers["/feed.xml"]
    monitor("run", "--once")
    ran = monitor("doctor")
    assert ran.code == 1
    assert "404" in ran.out
    assert "monitor feeds check" in ran.out


def test_doctor_finds_an_altered_log(workspace: Path, server: FeedServer, monitor: Monitor, database_url: str) -> None:
    server.serve(BAN, BARRED)
    monitor("run", "--once")
    execute(database_url, "UPDATE transitions SET reason = 'nothing happened' WHERE seq = 1")
    ran = monitor("log", "verify")
    assert ran.code == 1
    assert "entry 1 was altered" in ran.out
    assert monitor("doctor").code == 1


def test_run_once_reports_a_failing_feed_and_goes_on(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.serve(BAN, path="/second.xml")
    monitor("feeds", "add", server.url("/second.xml"))
    ran = monitor("run", "--once", "--format", "json")
    assert ran.code == 0
    first, second = json.loads(ran.out)["feeds"]
    assert (first["outcome"], second["outcome"]) == ("failed", "ok")
    assert "failing since" in monitor("status").out


@pytest.mark.parametrize("arguments", [("nonsense",), ("status", "--nonsense"), ("log", "--since"), ("explain",)])
def test_wrong_usage_is_exit_2_and_no_traceback(folder: Path, monitor: Monitor, arguments: tuple[str, ...]) -> None:
    ran = monitor(*arguments)
    assert ran.code == 2
    assert "Traceback" not in ran.err + ran.out


def test_titles_are_shown_as_text_and_never_as_markup(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.serve({**BAN, "title": "[bold]Taliban[/] ban women from universities [link=http://x]y"})
    assert monitor("run", "--once").code == 0
    assert "[bold]Taliban[/]" in monitor("status").out.replace("\n", " ")
    assert monitor("status", "womens-rights").code == 0


def test_evaluate_shows_scores_and_every_mistake(folder: Path, monitor: Monitor) -> None:
    lines = [
        {"title": "Taliban ban women from universities", "must": ["womens-rights:breach"], "may": []},
        {"title": "Taliban ban women from universities, again", "must": ["womens-rights:pledge"]},
        {"title": "It rained in Spain", "must": []},
    ]
    (folder / "labelled.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    shown = monitor("evaluate", "labelled.jsonl", "--baseline")
    assert shown.code == 0
    for expected in (
        "3 labelled items",
        "Alert F1",
        "missed womens-rights:pledge",
        "wrong womens-rights:breach",
    ):
        assert expected in shown.out
    record = json.loads(monitor("evaluate", "labelled.jsonl", "--format", "json", "--baseline").out)
    assert record["scores"]["pairs"]["f1"] == 0.5
    assert record["scores"]["false_alarms"] == {"count": 0, "of": 1}
    assert len(record["scores"]["mistakes"]) == 1
    assert "keyword_alert" in record


def test_evaluate_names_the_line_of_a_wrong_label(folder: Path, monitor: Monitor) -> None:
    (folder / "labelled.jsonl").write_text('{"title": "A", "must": []}\n{"title": "B", "must": ["c:joy"]}\n{}\n')
    ran = monitor("evaluate", "labelled.jsonl")
    assert ran.code == 2
    assert "labelled.jsonl:2:" in ran.err
    assert "labelled.jsonl:3:" in ran.err
    assert monitor("evaluate", "missing.jsonl").code == 2
