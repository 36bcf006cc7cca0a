"""The rules as they were at a commit of the repository they are kept in."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

from monitor.config import Config
from monitor.problem import Problem, Unusable
from monitor.rules.check import check_rule_book
from monitor.rules.read import read_rule_book
from monitor.rules.ruleset import Ruleset


def rules_at(config: Config, revision: str) -> tuple[Ruleset, ...]:
    """The rulesets in the configured folder at ``revision``. Raises :class:`Unusable`."""
    commit = _commit(config.rules_path, revision)
    with tempfile.TemporaryDirectory(prefix="monitor-rules-") as folder:
        rules, seeds = Path(folder) / "rules", Path(folder) / "seeds"
        for source, target in ((config.rules_path, rules), (config.sources_path, seeds)):
            target.mkdir()
            if source.is_dir():
                _extract(source, target, commit)
        book = read_rule_book([rules], seeds)
        errors = [problem for problem in check_rule_book(book) if problem.level == "error"]
    if errors or not book.rules:
        why = str(errors[0].message) if errors else "there were none"
        raise Unusable([Problem(f"{config.rules_path}@{revision}", 0, 0, f"cannot be used: {why}")])
    return book.rulesets


def _commit(folder: Path, revision: str) -> str:
    """The full name of a commit: nothing else that a user typed is ever given to git."""
    return _git(folder, "rev-parse", "--verify", "--end-of-options", f"{revision}^{{commit}}").decode().strip()


def _extract(source: Path, target: Path, commit: str) -> None:
    for name in _git(source, "ls-tree", "-r", "--name-only", "-z", commit, "./").decode().split("\0"):
        if name.endswith((".yaml", ".yml")):
            file = target / name
            file.parent.mkdir(parents=True, exist_ok=True)
            # Unlike `show`, `cat-file` runs no filter that a repository's configuration names.
            file.write_bytes(_git(source, "cat-file", "blob", f"{commit}:./{name}"))


def _git(folder: Path, *arguments: str) -> bytes:
    git = shutil.which("git")
    if git is None:
        raise Unusable([Problem("git", 0, 0, "is not installed; --against-git needs it")])
    # No shell, and no argument that could be read as an option: see `_commit`.
    done = subprocess.run([git, "-C", str(folder), *arguments], capture_output=True, check=False)  # noqa: S603 - no shell, and git gets a commit's full name
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        raise Unusable([Problem("--against-git", 0, 0, said[0] if said else "git failed")])
    return done.stdout
