"""The rules as they were at a commit of the repository they are kept in."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from monitor.config import Config
from monitor.problem import Problem, Unusable
from monitor.rules.read import read_rule_book
from monitor.rules.ruleset import Ruleset


def rules_at(config: Config, revision: str) -> tuple[Ruleset, ...]:
    """The rulesets in the configured folder at ``revision``. Raises :class:`Unusable`."""
    with tempfile.TemporaryDirectory(prefix="monitor-rules-") as folder:
        rules, seeds = Path(folder) / "rules", Path(folder) / "seeds"
        for source, target in ((config.rules_path, rules), (config.sources_path, seeds)):
            target.mkdir()
            if source.is_dir():
                _extract(source, target, revision)
        book = read_rule_book([rules], seeds)
    errors = [problem for problem in book.problems if problem.level == "error"]
    if errors or not book.rules:
        why = str(errors[0].message) if errors else "there were none"
        raise Unusable([Problem(f"{config.rules_path}@{revision}", 0, 0, f"cannot be used: {why}")])
    return book.rulesets


def _extract(source: Path, target: Path, revision: str) -> None:
    for name in _git(source, "ls-tree", "-r", "--name-only", "-z", revision, "./").decode().split("\0"):
        if name.endswith((".yaml", ".yml")):
            file = target / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(_git(source, "show", f"{revision}:./{name}"))


def _git(folder: Path, *arguments: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise Unusable([Problem("git", 0, 0, "is not installed; --against-git needs it")])
    # A revision that begins with a hyphen would be read as an option.
    if any(argument.startswith("-") and argument not in ("-r", "--name-only", "-z") for argument in arguments):
        raise Unusable([Problem("--against-git", 0, 0, f"`{arguments[-1]}` is not a revision")])
    done = subprocess.run([git, "-C", str(folder), *arguments], capture_output=True, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unusable([Problem("--against-git", 0, 0, said[0] if said else "git failed")])
    return done.stdout
