"""What the dashboard shows, remembered between requests and read anew when something has changed.

On a large database reading everything anew takes seconds. A request waits for it only briefly: then it gets what was
known last, which says of when it is, and the next one gets the new.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from monitor.assess.standing import Knowledge
from monitor.config import Config
from monitor.match.lookup.compiled import CompiledRules
from monitor.model import digest
from monitor.pipeline.logbook import knowledge
from monitor.problem import Problem, Unusable
from monitor.report.dossier import Dossier, read_dossier
from monitor.report.overview import read_overview
from monitor.rules.check import check_rule_book, errors_of
from monitor.rules.folder import Signature, folder_signature
from monitor.rules.read import RuleBook, read_rule_book
from monitor.rules.ruleset import Ruleset
from monitor.store.database import Store
from monitor.store.evidence import evidence_mark
from monitor.store.moments import last_moment
from monitor.store.reviews import latest_number
from monitor.store.rule_versions import marks_in_force, rules_in_force

# How long a request waits for what is being read anew, and how long one that has changed something.
_PATIENCE = 0.1
_LONG_PATIENCE = 5.0
# Time alone changes what is shown: spans, deadlines, what is late.
_A_WHILE = timedelta(minutes=1)
# Reading anew takes at most this share of the time, however often something is recorded.
_SHARE = 0.2
# But news does not wait for longer than this, in seconds, before it is read.
_LONGEST_REST = 10.0

Mark = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What is shown, of which state of the database; ``stamp`` changes with what people would want to hear of, and not
    with every poll."""

    state: datetime | None
    dossier: Dossier
    stamp: str


@dataclass(frozen=True, slots=True)
class Folder:
    """The rules in the folder, as far as they could be read: the errors that forbid their use, and all problems."""

    book: RuleBook | None
    errors: tuple[Problem, ...]
    problems: tuple[Problem, ...]

    @property
    def usable(self) -> RuleBook | None:
        return None if self.errors else self.book


class Board:
    """Safe to use from many threads. ``clock`` gives the present moment in UTC."""

    def __init__(self, store: Store, config: Config, clock: Callable[[], datetime]) -> None:
        self.store = store
        self.config = config
        self.clock = clock
        self._lock = threading.Lock()
        self._known: dict[tuple[str, str], tuple[Mark, Knowledge]] = {}
        self._shown: Shown | None = None
        self._reading: threading.Event | None = None
        self._error: BaseException | None = None
        self._rest_until = 0.0
        self._folder: tuple[Signature, Folder] | None = None
        self._rules: tuple[dict[str, tuple[str, str]], CompiledRules] | None = None

    def stamp(self) -> str:
        """The same for as long as no status, evidence, review or rule has changed, and no feed has fallen ill."""
        return self._present().stamp

    def dossier(
        self, as_of: datetime | None = None, known_at: datetime | None = None, since: datetime | None = None
    ) -> Dossier:
        """Everything as of a day and as known on a day; without either, as it is. Raises ``StoreError``."""
        if as_of is None and known_at is None and since is None:
            return self._present().dossier
        return self._read(as_of, known_at, since)

    def refresh(self) -> None:
        """Read everything anew and wait for it: whoever has just changed something wants to see that."""
        running = self._reading
        if running is not None:
            # It may have looked before the change.
            running.wait(_LONG_PATIENCE)
        self._read_anew().wait(_LONG_PATIENCE)

    def _present(self) -> Shown:
        shown = self._shown
        if shown is None:
            self._read_anew().wait()
        elif time.monotonic() >= self._rest_until and self._is_old(shown):
            self._read_anew().wait(_PATIENCE)
        if self._shown is None:
            raise self._error or RuntimeError("nothing was read")
        return self._shown

    def _is_old(self, shown: Shown) -> bool:
        return self.clock() - shown.dossier.overview.now >= _A_WHILE or self._state() != shown.state

    def _state(self) -> datetime | None:
        with self.store.read() as connection:
            return last_moment(connection)

    def _read_anew(self) -> threading.Event:
        with self._lock:
            if self._reading is None:
                self._reading = threading.Event()
                threading.Thread(target=self._read_and_keep, args=(self._reading,), daemon=True).start()
            return self._reading

    def _read_and_keep(self, done: threading.Event) -> None:
        began = time.monotonic()
        try:
            state = self._state()
            dossier = self._read(None, None, None)
            self._shown, self._error = Shown(state, dossier, _stamp(dossier)), None
        except BaseException as error:
            # It is told to whoever asks; here there is nobody to tell.
            self._error, self._shown = error, None
        finally:
            ended = time.monotonic()
            self._rest_until = ended + min(_LONGEST_REST, (ended - began) * (1 / _SHARE - 1))
            with self._lock:
                self._reading = None
            done.set()

    def _read(self, as_of: datetime | None, known_at: datetime | None, since: datetime | None) -> Dossier:
        book = self.folder().usable
        with self.store.read() as connection:
            rulesets = book.rulesets if book else None
            overview = read_overview(connection, rulesets, self.config, self.clock(), as_of, known_at, self.knowing)
            return read_dossier(connection, overview, book.sources_by_name() if book else {}, since)

    def knowing(self, connection: Connection, ruleset: Ruleset, name: str, known_at: datetime | None) -> Knowledge:
        """What is known of a condition, remembered while its evidence, its reviews and its rules are the same."""
        if known_at is not None:
            return knowledge(connection, ruleset, name, known_at)
        key = (ruleset.ruleset, name)
        mark = (ruleset.digest, *evidence_mark(connection, *key), latest_number(connection, *key))
        kept = self._known.get(key)
        if kept is None or kept[0] != mark:
            kept = (mark, knowledge(connection, ruleset, name))
            self._known[key] = kept
        return kept[1]

    def folder(self) -> Folder:
        """The rules in the folder with their sources, read again when somebody has written there."""
        signature = folder_signature((self.config.rules_path, self.config.sources_path))
        if self._folder is None or self._folder[0] != signature:
            try:
                book = read_rule_book([self.config.rules_path], self.config.sources_path)
                self._folder = (signature, Folder(book, errors_of(book), tuple(check_rule_book(book))))
            except Unusable as error:
                self._folder = (signature, Folder(None, error.problems, error.problems))
        return self._folder[1]

    def rules(self) -> CompiledRules:
        """The rules in force, compiled; those in the folder where none are in force."""
        with self.store.read() as connection:
            marks = marks_in_force(connection)
            if self._rules is None or self._rules[0] != marks or not marks:
                book = self.folder().usable
                rulesets = rules_in_force(connection) or (book.rulesets if book else ())
                self._rules = (marks, CompiledRules(rulesets, self.config.known_publishers()))
        return self._rules[1]


def _stamp(dossier: Dossier) -> str:
    account = dossier.overview.account
    parts = [dossier.head[1], account.folder.value, *(state.url for state in (*account.failing, *account.quiet))]
    for view in dossier.overview.rulesets:
        parts.append(view.ruleset.digest)
        for row in (*view.rows, view.consequence):
            parts += [row.id, str(row.standing), str(len(row.told)), *(piece.id for piece in row.told[-1:])]
    return digest(*parts)[:16]
