"""Which addresses from feeds become links: one answer for every report."""

from __future__ import annotations

import re

_WEB_LINK = re.compile(r"https?://[^\s<>\"'`{}|\\^]+")


def web_link(link: str) -> bool:
    """Whether an address from a feed may become a link: http or https, and nothing that could end it early."""
    return _WEB_LINK.fullmatch(link) is not None
