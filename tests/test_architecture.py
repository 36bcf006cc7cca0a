"""The design's one direction, kept by a test."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

ROOT = Path(__file__).parent.parent


def test_dependencies_point_inward() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == EXIT_STATUS_SUCCESS


def test_the_core_loads_without_the_shell() -> None:
    """Matching a text needs neither database nor network nor scheduler."""
    code = (
        "import sys, monitor.match.item_reader, monitor.assess.standing, monitor.rules.check; "
        "heavy = {'sqlalchemy', 'aiohttp', 'apscheduler', 'feedparser', 'rich', 'typer'} & set(sys.modules); "
        "sys.exit(str(sorted(heavy)) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_subject_stands_in_no_python_code() -> None:
    """Rules carry the subject; the code could watch any other. Docstrings and the demo may name it."""
    named = []
    for path in (ROOT / "monitor").rglob("*.py"):
        if path.parent.name == "demo":
            continue
        tree = ast.parse(path.read_text("utf-8"))
        docstrings = {
            id(node.value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        }
        named += [
            f"{path.name}:{node.lineno}"
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and id(node) not in docstrings and "taliban" in str(node.value).casefold()
        ]
    assert named == []
