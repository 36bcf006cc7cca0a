"""Rules found sound are not read again until somebody writes; what is wrong is never taken from a cache."""

from __future__ import annotations

from pathlib import Path

import pytest

from monitor.problem import Unusable
from monitor.rules.sound import sound_rules
from monitor.starter import write_starter


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_starter(tmp_path)
    return tmp_path


def test_what_is_loaded_is_what_was_read(folder: Path, tmp_path: Path) -> None:
    read = sound_rules([folder / "rules"], folder / "seeds", tmp_path / "cache")
    loaded = sound_rules([folder / "rules"], folder / "seeds", tmp_path / "cache")
    assert loaded == read
    assert [one.digest for one in loaded.rulesets] == [one.digest for one in read.rulesets]
    assert len(list((tmp_path / "cache").glob("*.jsonl"))) == 1
    assert sound_rules([folder / "rules"], folder / "seeds") == read


def test_a_changed_rule_is_read_and_a_broken_one_refused(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    before = sound_rules([folder / "rules"], folder / "seeds", cache)
    file = folder / "rules" / "uk-taliban-recognition.yaml"
    text = file.read_text()
    file.write_text(text.replace("title: ", "title: New ", 1))
    assert sound_rules([folder / "rules"], folder / "seeds", cache) != before
    for _ in range(2):
        file.write_text(text.replace("stance: breach", "stance: breech", 1))
        with pytest.raises(Unusable) as refused:
            sound_rules([folder / "rules"], folder / "seeds", cache)
        assert "breech" in str(refused.value.problems)
    file.write_text(text)
    assert sound_rules([folder / "rules"], folder / "seeds", cache) == before


def test_a_damaged_cache_is_as_good_as_none(folder: Path, tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    before = sound_rules([folder / "rules"], folder / "seeds", cache)
    [kept] = cache.glob("*.jsonl")
    whole = kept.read_bytes()
    without_a_line = whole[: whole.rstrip().rindex(b"\n") + 1]
    for damaged in (b"", b"1\n", b"\xff", b"1 0\n{}\n", whole[:-9], without_a_line):
        kept.write_bytes(damaged)
        assert sound_rules([folder / "rules"], folder / "seeds", cache) == before


def test_a_cache_that_cannot_be_written_is_none(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    assert sound_rules([folder / "rules"], folder / "seeds", tmp_path / "file" / "cache").rulesets


def test_old_rules_are_forgotten(folder: Path, tmp_path: Path) -> None:
    file = folder / "rules" / "uk-taliban-recognition.yaml"
    for number in range(12):
        file.write_text(file.read_text() + f"# {number}\n")
        sound_rules([folder / "rules"], folder / "seeds", tmp_path / "cache")
    assert len(list((tmp_path / "cache").iterdir())) == 8


def test_a_single_file_is_read_each_time_for_it_may_include_others(folder: Path, tmp_path: Path) -> None:
    file = folder / "rules" / "uk-taliban-recognition.yaml"
    assert sound_rules([file], folder / "seeds", tmp_path / "cache").rulesets
    assert not (tmp_path / "cache").exists()
