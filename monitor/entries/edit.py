"""What to do about an entry that a publisher has changed: only words are an edit.

Both wordings of an edit are kept, and the item is read again. Figures, times and marks are kept a few times, since a
corrected figure is worth keeping and a counter is not; they never move a status. A wording that comes back is read
once; if the publisher goes on changing it to and fro, the item is unstable, and stays as it was last read.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitor.entries.words import same_words

# So many wordings that differ only in figures or marks are kept of an item.
_MOST_OF_MARKS = 3
# How long an unstable item stays as it was last read, however often a former wording comes back.
UNSTABLE_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Edit:
    """``keep``: the wording becomes the item's latest. ``read``: its words have changed, so it is read again.
    ``unstable``: the publisher changes it to and fro."""

    keep: bool = False
    read: bool = False
    unstable: bool = False


def judge_edit(
    before: str, after: str, *, is_former: bool, wordings: int, unstable_since: datetime | None, now: datetime
) -> Edit:
    """What to do about a body that was ``before`` and is ``after`` now.

    ``is_former`` says that the item had this wording before its latest one, ``wordings`` how many it has had, and
    ``unstable_since`` when a former wording last came back and was read (UTC).
    """
    if before == after:
        return Edit()
    if same_words(before, after):
        return Edit(keep=not is_former and wordings < _MOST_OF_MARKS)
    if not is_former:
        return Edit(keep=True, read=True)
    if unstable_since is not None and now - unstable_since < UNSTABLE_FOR:
        return Edit(unstable=True)
    return Edit(keep=True, read=True, unstable=True)
