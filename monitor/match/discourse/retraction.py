"""Notices: an item that takes back what it said before says nothing else."""

from __future__ import annotations

import re

from monitor.model import Item

# How agencies and desks mark a story that must no longer be used; a correction is an edit like any other. The bare word
# counts only before a colon or a dash, or alone: "Withdrawn from the market" is news.
_STORY = r"(?:this |the )?(?:story|report|article|item|dispatch)"
_TAKEN_BACK = r"(?:withdrawn|retracted|removed|killed)"
_NOTICE = re.compile(
    rf"\W*(?:(?:editors?['’]?s?['’]? note|note|notice|advisory|attention)\W{{1,4}})?"
    rf"(?:{_STORY} (?:is |was |has been |have been )?{_TAKEN_BACK}\b"
    r"|(?:withdrawn|retracted|retraction|(?:mandatory|story|bulletin) kill)\W*(?:$|[:—–\]]|\s-))",
    re.IGNORECASE,
)


def is_withdrawn(item: Item) -> bool:
    """Whether the item is its publisher's notice that the story is withdrawn, by how its title or text begins."""
    return bool(_NOTICE.match(item.title) or _NOTICE.match(item.text))
