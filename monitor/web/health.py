"""How the watching is, seen from the database alone: for a dashboard that runs beside the daemon, not inside it."""

from __future__ import annotations

from typing import Any

from monitor.report.overview import read_account
from monitor.report.wording import minute
from monitor.store.database import StoreError
from monitor.web.board import Board


def health_from_outside(board: Board) -> tuple[list[str], dict[str, Any]]:
    """What is wrong, in words, and a record: whether the database answers, and whether anybody polls the feeds."""
    now = board.clock()
    try:
        with board.store.read() as connection:
            book = board.folder().usable
            account = read_account(connection, book.rulesets if book else None, board.config, now)
    except StoreError as error:
        return [str(error)], {"feeds": len(board.config.feeds)}
    # A stop that goes on ends now, as far as anybody knows.
    ailments = [
        f"no feed has been polled since {minute(stop.began)}: is `monitor run` running?"
        for stop in account.stops
        if stop.ended == now
    ]
    record = {
        "feeds": account.feeds,
        "failing": len(account.failing),
        "last_poll": account.last_poll.isoformat() if account.last_poll else None,
    }
    return ailments, record
