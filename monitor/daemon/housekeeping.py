"""Forgetting, portion by portion, what the settings say need not be kept."""

from __future__ import annotations

from datetime import datetime

from monitor.config import Config
from monitor.store.database import Store
from monitor.store.retention import Forgotten, forget


def forget_all(store: Store, config: Config, now: datetime) -> Forgotten:
    """Forget everything that is due by ``now``. Raises :class:`~monitor.store.database.StoreError`; what was forgotten
    until then stays so."""
    items = polls = 0
    while True:
        with store.write() as connection:
            done = forget(connection, now, config.retention.items, config.retention.polls)
        items, polls = items + done.items, polls + done.polls
        if not done.more:
            return Forgotten(items, polls)
