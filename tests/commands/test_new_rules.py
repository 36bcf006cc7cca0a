"""``rules new`` and ``rules backtest --against-git``."""

from __future__ import annotations

import io
import json
import subprocess
from pathlib import Path

import pytest
from commandline import Monitor
from loopback import FeedServer


@pytest.mark.parametrize(
    ("party", "verb", "thing"),
    [
        ("Northland army", "shell", "village"),
        ("Ruritania", "detain", "journalist"),
        ("the junta", "postpone", "election"),
        ("Colonel Zog's militia", "block", "border crossing"),
        ("Southland", "hand over", "suspect"),
    ],
)
def test_a_new_ruleset_passes_the_check_as_it_is_written(
    folder: Path, monitor: Monitor, party: str, verb: str, thing: str
) -> None:
    options = ("--addressee", party, "--condition", "It is not done: never", "--does", verb, "--what", thing)
    ran = monitor("rules", "new", "my-rules", *options)
    assert ran.code == 0, ran.out + ran.err
    assert monitor("rules", "check", "--strict").code == 0
    assert "breach" in monitor("explain", f"{party} did {verb} a {thing} in the north.").out
    again = monitor("rules", "new", "my-rules", *options)
    assert (again.code, "is there already" in again.err) == (2, True)


def test_what_is_not_given_is_asked_for(folder: Path, monitor: Monitor, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = ["ceasefire", "Northland army", "No village is shelled", "shell", "village"]
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{answer}\n" for answer in answers)))
    assert monitor("rules", "new").code == 0
    assert (folder / "rules" / "ceasefire.yaml").is_file()
    nothing = monitor("rules", "new", "x", "--addressee", "!", "--condition", "c", "--does", "d", "--what", "w")
    assert (nothing.code, "holds no word" in nothing.err) == (2, True)


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=T", "-c", "user.email=t@example.org")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


def test_a_backtest_against_a_commit(workspace: Path, server: FeedServer, monitor: Monitor) -> None:
    server.serve({"guid": "1", "title": "Taliban ban women from universities", "date": "Tue, 20 Dec 2022 12:00:00 GMT"})
    assert monitor("run", "--once").code == 0
    git(workspace, "init", "-q")
    git(workspace, "add", ".")
    git(workspace, "commit", "-qm", "rules")
    assert monitor("rules", "backtest", "--against-git", "HEAD").code == 0
    file = workspace / "rules" / "uk-taliban-recognition.yaml"
    text = file.read_text()
    assert "    confirm: {publishers: 2, within: 14d}" in text
    file.write_text(text.replace("confirm: {publishers: 2, within: 14d}", "confirm: {publishers: 1, within: 14d}"))
    ran = monitor("rules", "backtest", "--against-git", "HEAD", "--format", "json")
    assert ran.code == 1
    (difference,) = [c for c in json.loads(ran.out)["conditions"] if c["condition"] == "womens-rights"]
    assert difference["days"][0]["before"] == {"status": "breached", "phase": "pending"}
    assert difference["days"][0]["after"] == {"status": "breached", "phase": "confirmed"}
    file.write_text(text.replace("what: [$women, $schooling]", "what: [$womn, $schooling]", 1))
    git(workspace, "commit", "-qam", "broken")
    file.write_text(text)
    broken = monitor("rules", "backtest", "--against-git", "HEAD")
    assert broken.code == 2
    assert "@HEAD: error: cannot be used: unknown list `$womn`" in broken.err
    assert monitor("rules", "backtest", "--against-git", "HEAD~1").code == 0
    for revision in ("no-such-commit", "--output=x"):
        wrong = monitor("rules", "backtest", "--against-git", revision)
        assert wrong.code == 2
        assert "--against-git" in wrong.err
