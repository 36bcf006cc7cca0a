"""The starter files: rules, sources and configuration that ship with the package."""

from __future__ import annotations

import getpass
import sys
from dataclasses import dataclass
from pathlib import Path

_KINDS = (".yaml", ".json", ".toml")
_NAMES = ("config.example.toml", "rules", "seeds")
UNIT_NAME = "monitor.service"


def starter_folder() -> Path:
    """Where the starter files are: inside an installed package, or at the top of a checkout."""
    package = Path(__file__).parent
    packed = package / "starter"
    return packed if packed.is_dir() else package.parent


@dataclass(frozen=True, slots=True)
class Written:
    """What :func:`write_starter` did with one file."""

    path: Path
    kept: bool


def write_starter(folder: Path) -> list[Written]:
    """Write a configuration, rules and sources into ``folder``. A file that is there already is kept as it is.

    Raises ``OSError`` when a file cannot be written.
    """
    out = []
    source = starter_folder()
    for name in _NAMES:
        origin = source / name
        files = sorted(p for p in origin.rglob("*") if p.suffix in _KINDS) if origin.is_dir() else [origin]
        for file in files:
            target = folder / ("config.toml" if name.startswith("config") else f"{name}/{file.relative_to(origin)}")
            kept = target.exists()
            if not kept:
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(file.read_bytes())
            out.append(Written(target, kept))
    return out


def write_unit(folder: Path) -> Written:
    """Write a systemd unit that runs the monitor of ``folder`` with this Python. Raises ``OSError``."""
    target = folder / UNIT_NAME
    kept = target.exists()
    if not kept:
        home = folder.resolve()
        template = (Path(__file__).parent / "daemon" / UNIT_NAME).read_text("utf-8")
        marks = {"@FOLDER@": str(home), "@PYTHON@": sys.executable, "@USER@": getpass.getuser()}
        for mark, value in marks.items():
            template = template.replace(mark, _escaped(value))
        target.write_text(template, "utf-8")
    return Written(target, kept)


def _escaped(path: str) -> str:
    """A path as systemd.unit(5) wants it: ``%`` begins a specifier, and spaces end a word."""
    return path.replace("%", "%%").replace("\\", "\\\\").replace(" ", "\\x20")
