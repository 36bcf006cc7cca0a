"""What the README says is tried."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from commandline import Monitor

from monitor.config import parse_config
from monitor.publishers.attribution import ORDER
from monitor.publishers.registry import shipped_publishers

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")


def test_the_walk_to_a_first_rule_works_as_written(tmp_path: Path) -> None:
    block = re.search(r"<!-- tried by tests/test_readme.py -->\n```sh\n(.*?)```", README, re.DOTALL)
    assert block is not None
    script = f'monitor() {{ "{sys.executable}" -m monitor "$@"; }}\nset -e\n{block.group(1)}'
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "2 rulesets" in done.stdout
    assert "0 errors" in done.stdout
    assert "ceasefire: denial" in done.stdout


def test_the_guide_from_a_press_statement_to_a_tested_rule_works_as_written(tmp_path: Path) -> None:
    guide = (ROOT / "rules" / "GUIDE.md").read_text("utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", guide, re.DOTALL)
    assert len(blocks) == 4
    script = f'monitor() {{ "{sys.executable}" -m monitor "$@"; }}\nset -e\n' + "\n".join(blocks)
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    for expected in ("European Commission to Georgia: “guarantee the independence of its courts”", "11 tests: 11 hold"):
        assert expected in done.stdout
    assert "2 of 2 signals reached" in done.stdout


def test_the_order_that_says_who_published_an_entry_is_the_one_that_is_followed() -> None:
    assert re.findall(r"^\d\. (.*)$", README, re.MULTILINE) == list(ORDER)


def test_it_knows_as_many_publishers_as_it_says() -> None:
    known = [one for one in shipped_publishers().entries.values() if not one.is_aggregator]
    assert "more than 400" in README
    assert len(known) > 400


def test_the_publisher_in_the_guide_can_be_used_as_it_is() -> None:
    guide = (ROOT / "rules" / "GUIDE.md").read_text("utf-8")
    (table,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    publisher = parse_config(table, Path("config.toml"), {}).known_publishers().find("kura-agency")
    assert publisher is not None
    # It speaks for the addressee of the guide's rules, whose names stand there.
    assert re.search(rf"names: \[.*\b{publisher.voice[0]}\b.*\]", guide)


def test_every_command_it_names_exists(monitor: Monitor) -> None:
    named = re.findall(r"`monitor ((?:rules|log|review|feeds) [a-z]+|[a-z]+)", README)
    assert len(set(named)) > 15
    for command in sorted(set(named)):
        assert monitor(*command.split(), "--help").code == 0, command


def test_every_file_it_names_exists() -> None:
    for name in re.findall(r"\]\(([^)#:]+)\)|`((?:monitor|tests|seeds|rules)/[\w./]*)`", README):
        path = next(part for part in name if part)
        assert (ROOT / path).exists(), path
