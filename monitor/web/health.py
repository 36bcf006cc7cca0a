"""How the watching is, seen from the database alone: for a dashboard that runs beside the daemon, not inside it."""

from __future__ import annotations

from typing import Any

from monitor.assess.coverage import EVERYTHING
from monitor.report.overview import read_account
from monitor.report.wording import minute
from monitor.store.database import StoreError
from monitor.web.board import Board


def health_from_outside(board: Board) -> tuple[list[str], dict[str, Any]]:
    """What is wrong, in words, and a record: whether the database answers, and whether anybody polls the feeds."""
    try:
        with board.store.read() as connection:
            book = board.folder().usable
            account = read_account(connection, book.rulesets if book else None, board.config, board.clock())
    except StoreError as error:
        return [str(error)], {"feeds": len(board.config.feeds)}
    now = account.gaps[-1].ended if account.gaps else None
    stands_still = [gap for gap in account.gaps if gap.feed == EVERYTHING and gap.ended == now and now is not None]
    late = [gap for gap in stands_still if gap.began == account.last_poll]
    ailments = [f"no feed has been polled since {minute(gap.began)}: is `monitor run` running?" for gap in late]
    record = {
        "feeds": account.feeds,
        "failing": len(account.failing),
        "last_poll": account.last_poll.isoformat() if account.last_poll else None,
    }
    return ailments, record
