"""The edge: what waits in the outbox goes out through Apprise, target by target, and the store knows how far."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection

from monitor.config import Config, NotifyConfig
from monitor.manners.timing import retry_wait
from monitor.model import Transition
from monitor.notify.template import Message, read_template, render
from monitor.pipeline.logbook import knowledge
from monitor.problem import Unusable
from monitor.report.change import Change, changes_from
from monitor.store.database import Store
from monitor.store.outbox import Delivery, announced_after, delivery, save_delivery
from monitor.store.rule_versions import rules_in_force
from monitor.store.transitions import log_head


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of one message; ``error`` is empty when it was taken."""

    target: str
    changes: int
    error: str = ""


def send_due(store: Store, config: Config, clock: Callable[[], datetime]) -> Iterator[Sent]:
    """Send what is due to every target of ``config``. Raises :class:`~monitor.store.database.StoreError`.

    That a message is on its way is stored before it is sent, and that it was taken afterwards: one that was interrupted
    in between is sent again, and says so.
    """
    for target in config.notify:
        now = clock()
        if not _has_something_due(store, target, now):
            continue
        with store.write() as connection:
            state = delivery(connection, target.name) or Delivery(target.name, log_head(connection)[0])
            waiting = announced_after(connection, state.sent_seq)
            told = [entry for entry in waiting if entry.changes_status]
            if not told:
                # A target that is new starts here, and is flooded with nothing; or nothing is worth telling.
                save_delivery(connection, replace(state, sent_seq=waiting[-1].seq if waiting else state.sent_seq))
                continue
            changes = _changes(connection, told)
            repeated = state.trying_seq is not None and state.failures == 0
            last = waiting[-1].seq
            save_delivery(connection, replace(state, trying_seq=last, failures=0))
        error = _deliver(config, target, changes, repeated)
        with store.write() as connection:
            save_delivery(connection, _after(state, last, error, clock()))
        yield Sent(target.name, len(changes), error)


def _has_something_due(store: Store, target: NotifyConfig, now: datetime) -> bool:
    with store.read() as connection:
        state = delivery(connection, target.name)
        if state is None:
            return True
        waiting = announced_after(connection, state.sent_seq)
    return bool(waiting) and is_due(target, state, waiting, now)


def is_due(target: NotifyConfig, state: Delivery, waiting: Sequence[Transition], now: datetime) -> bool:
    """Whether ``target`` is to hear of what is ``waiting`` now."""
    if state.failures:
        return (state.next_at is None or state.next_at <= now) and not target.timing.is_quiet(now)
    return target.timing.due(min(entry.recorded for entry in waiting)) <= now


def _after(state: Delivery, last: int, error: str, now: datetime) -> Delivery:
    if not error:
        return Delivery(state.target, last, sent_at=now)
    failures = state.failures + 1
    return replace(state, trying_seq=last, failures=failures, next_at=now + retry_wait(failures), error=error)


def _changes(connection: Connection, entries: list[Transition]) -> list[Change]:
    rulesets = {ruleset.ruleset: ruleset for ruleset in rules_in_force(connection)}
    keys = {(entry.ruleset, entry.condition) for entry in entries}
    known = {
        key: knowledge(connection, rulesets[key[0]], key[1])
        for key in keys
        if key[0] in rulesets and key[1] in rulesets[key[0]].standing()
    }
    return changes_from(entries, rulesets, known)


def preview(connection: Connection, config: Config, target: NotifyConfig, entries: list[Transition]) -> Message:
    """What ``target`` would be sent of ``entries``. Raises :class:`Unusable` for a template that cannot be used."""
    return _message(config, target, _changes(connection, entries), repeated=False)


def _message(config: Config, target: NotifyConfig, changes: list[Change], repeated: bool) -> Message:
    path = config.root / target.template if target.template else None
    return render(read_template(path), str(path or "the default template"), changes, repeated)


def _deliver(config: Config, target: NotifyConfig, changes: list[Change], repeated: bool) -> str:
    try:
        return send(config, target, _message(config, target, changes, repeated))
    except Unusable as error:
        return str(error)


def send(config: Config, target: NotifyConfig, message: Message) -> str:
    """Send ``message`` and return what went wrong, or nothing. Raises :class:`Unusable` if it cannot even be tried."""
    address = config.secret(target.url)
    try:
        import apprise
    except ModuleNotFoundError:
        return "sending needs the package apprise; install the extra: condition-monitor[notify]"
    service = apprise.Apprise()
    if not service.add(address):
        return f"{target.url} holds no address that Apprise knows; see its list of services"
    with apprise.LogCapture(level=logging.WARNING, fmt="%(message)s") as log:
        try:
            taken = service.notify(title=message.title, body=message.text, body_format="text")
        except Exception as error:
            # A plug-in for somebody else's service: whatever it raises, the message waits and the daemon goes on.
            return _without_secrets(f"{type(error).__name__}: {error}", address)
        said = " ".join(log.getvalue().split())
    return "" if taken else _without_secrets(said or "the service did not take it", address)


def _without_secrets(text: str, address: str) -> str:
    """``text`` without any part of the secret address but its host."""
    for part in sorted(re.split(r"[/?&=#]|://", address), key=len, reverse=True):
        if len(part) >= 6 and part in text:
            text = text.replace(part, "***")
    return text[:300]
