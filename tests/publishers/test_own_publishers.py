"""Publishers of one's own in the settings: what they change, and what is said where they are wrong."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from commandline import Monitor
from loopback import LOOPBACK, FeedServer

from monitor.config import parse_config

ROOT = Path(__file__).parent.parent.parent
BAN = {"guid": "1", "title": "Taliban ban women from universities"}
BARRED = {"guid": "2", "title": "Women barred from university lectures, students in Kabul say, after a Taliban decree"}
REOPENED = {"guid": "1", "title": "The Taliban reopened girls' high schools in Kunduz"}
BACK = {"guid": "2", "title": "Girls return to their high schools in Kunduz as the Taliban let them back in"}


def phases(monitor: Monitor) -> list[str]:
    return [f"{entry['after']} {entry['phase']}" for entry in json.loads(monitor("log", "--format", "json").out)]


def settings(server: FeedServer, *publishers: str) -> str:
    feeds = [
        f'[[feeds]]\nurl = "{server.url(f"/{number}.xml")}"\npublisher = "{name}"\n'
        for number, name in enumerate(publishers)
    ]
    return LOOPBACK + "".join(feeds)


def test_two_names_that_the_settings_make_one_publisher_no_longer_confirm(
    workspace: Path, server: FeedServer, monitor: Monitor
) -> None:
    own = settings(server, "Lantern East", "Lantern West")
    (workspace / "config.toml").write_text(own)
    server.serve(BAN, path="/0.xml")
    server.serve(BARRED, path="/1.xml")
    monitor("run", "--once")
    assert phases(monitor)[-1] == "breached confirmed"
    joined = '[publishers.lantern]\nname = "Lantern"\nnames = ["Lantern East", "Lantern West"]\n'
    (workspace / "config.toml").write_text(own + joined)
    monitor("run", "--once")
    assert phases(monitor)[-1] == "breached pending"
    assert json.loads(monitor("log", "--format", "json").out)[-1]["cause"] == "publishers"
    assert monitor("log", "verify", "--rebuild").code == 0
    assert "2 feeds count as one publisher, Lantern" in " ".join(monitor("feeds", "list").out.split())
    # Taken out again, it is undone as well.
    (workspace / "config.toml").write_text(own)
    monitor("run", "--once")
    assert phases(monitor)[-1] == "breached confirmed"
    assert monitor("log", "verify", "--rebuild").code == 0


def test_a_publisher_that_the_settings_make_the_addressee_s_voice_confirms_no_merit(
    workspace: Path, server: FeedServer, monitor: Monitor
) -> None:
    own = settings(server, "Lantern", "Tide")
    (workspace / "config.toml").write_text(own)
    server.serve(REOPENED, path="/0.xml")
    server.serve(BACK, path="/1.xml")
    monitor("run", "--once")
    assert phases(monitor)[-1] == "met confirmed"
    (workspace / "config.toml").write_text(own + '[publishers.lantern]\nname = "Lantern"\nvoice = ["Taliban"]\n')
    monitor("run", "--once")
    assert phases(monitor)[-1] == "met pending"
    assert monitor("log", "verify", "--rebuild").code == 0


@pytest.mark.parametrize(
    ("written", "line", "said"),
    [
        ('[publishers.lantern]\nsites = ["lantern.example"]', 3, "publisher `lantern` needs a `name`"),
        ('[publishers.lantern]\nname = "Lantern"\nsite = "x.example"', 5, "did you mean `sites`?"),
        ('[publishers.lantern]\nname = "Lantern"\nsites = ["https://x.example/"]', 5, "expected a domain in small"),
        ('[publishers.lantern]\nname = "Lantern"\nsites = "x.example"', 5, "`sites` expected a list"),
        ('[publishers.lantern]\nname = "Lantern"\nsites = ["co.uk"]', 5, "the site “co.uk” belongs to nobody"),
        ('[publishers.lantern]\nname = "Lantern"\ncountry = "gb"', 5, "two capital letters"),
        ('[publishers.lantern]\nname = "BBC News"', 3, "“bbc news” stands among the names of two publishers"),
        ('[publishers.bbc]\nname = ""', 4, "publisher `bbc` needs a `name`"),
        ('[publishers]\nlantern = {name = "Lantern", knid = "paper"}', 4, "did you mean `kind`?"),
        ('[publishers."The Lantern"]\nname = "Lantern"', 1, "small letters, digits and hyphens"),
        ('[publisher.lantern]\nname = "Lantern"', 1, "did you mean `publishers`?"),
    ],
)
def test_what_is_wrong_with_them_is_said_with_its_line(
    folder: Path, monitor: Monitor, written: str, line: int, said: str
) -> None:
    (folder / "config.toml").write_text(f'[monitor]\ndatabase = "monitor.db"\n{written}\n')
    refused = monitor("status")
    assert refused.code == 2
    assert f"config.toml:{line}:1: error:" in refused.err
    assert said in " ".join(refused.err.split())


def test_the_publishers_of_the_example_can_be_used_as_they_are() -> None:
    """They stand there as comments; nothing else tells whether they still hold."""
    example = (ROOT / "config.example.toml").read_text("utf-8")
    tables = re.findall(r"^# \[publishers\.[^\n]*\n(?:^# \w+ = [^\n]*\n)+", example, re.MULTILINE)
    assert len(tables) == 2
    written = "\n".join(re.sub(r"^# ", "", table, flags=re.MULTILINE) for table in tables)
    config = parse_config(written, Path("config.toml"), {})
    assert config.known_publishers().digest
    used = {key for table in tomllib.loads(written)["publishers"].values() for key in table}
    assert used == {"name", "names", "sites", "credits", "kind", "country", "voice"}
