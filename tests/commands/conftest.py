"""A monitor that has lived through the hand-written timeline, to run commands on."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

import pytest
from databases import ENGINE
from replayed import FEED, HERE, arrivals, noon, run

from monitor.store.copy import copy_database
from monitor.store.database import open_store


@pytest.fixture(scope="session")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with rules, configuration and a database that has seen the timeline."""
    folder = tmp_path_factory.mktemp("lived")
    (folder / "rules").mkdir()
    shutil.copy(HERE / "rules.yaml", folder / "rules" / "northland.yaml")
    (folder / "config.toml").write_text(f'[[feeds]]\nurl = "{FEED.url}"\npublisher = "Nobody"\n')
    store = open_store(f"sqlite:///{folder / 'monitor.db'}")
    run(store, noon("2022-01-01"), arrivals())
    store.close()
    return folder


@pytest.fixture
def desk(lived: Path, folder: Path, database_url: str) -> Path:
    """A copy of it, and the working directory."""
    leave_out = () if ENGINE == "sqlite" else ("monitor.db*",)
    shutil.copytree(lived, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns(*leave_out))
    if ENGINE != "sqlite":
        with closing(open_store(f"sqlite:///{lived / 'monitor.db'}")) as old, closing(open_store(database_url)) as new:
            copy_database(old, new)
    return folder
