"""OPML, the format in which feed readers hand over their subscriptions (http://opml.org/spec2.opml)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree

import listparser

from monitor.feeds.doctype import without_doctype
from monitor.feeds.document import NotAFeed, feed_title


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed as a subscription list names it; ``site`` is the address of the paper that it belongs to, if given."""

    url: str
    title: str = ""
    site: str = ""


class NotAList(ValueError):
    """The text is no subscription list; the message says why."""


def read_opml(document: bytes) -> list[Subscription]:
    """The feeds of a subscription list, each once, in its order. Raises :class:`NotAList`."""
    try:
        text = document.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotAList("is not UTF-8 text") from error
    # Bytes, never text: listparser takes a text for an address, and would fetch it.
    found = listparser.parse(text.encode())
    sites = _sites(text.encode())
    subscriptions = {
        feed["url"].strip(): Subscription(
            feed["url"].strip(), feed_title(str(feed.get("title", ""))), sites.get(feed["url"].strip(), "")
        )
        for feed in found.get("feeds", [])
        if feed.get("url", "").strip()
    }
    if not subscriptions:
        reason = found.get("bozo_exception")
        raise NotAList(f"is no OPML that names a feed ({reason})" if reason else "is no OPML that names a feed")
    return list(subscriptions.values())


def _sites(document: bytes) -> dict[str, str]:
    """The ``htmlUrl`` of each feed, which listparser leaves out; none if the document is not well-formed."""
    try:
        # Without a document type nothing is declared that could be expanded.
        root = ElementTree.fromstring(without_doctype(document))  # noqa: S314
    except (ElementTree.ParseError, NotAFeed):
        return {}
    outlines = list(root.iter("outline"))
    return {one.get("xmlUrl", "").strip(): one.get("htmlUrl", "").strip() for one in outlines if one.get("htmlUrl")}


def write_opml(title: str, subscriptions: Iterable[Subscription], now: datetime) -> str:
    """A subscription list as OPML 2.0, made at ``now``."""
    root = ElementTree.Element("opml", version="2.0")
    head = ElementTree.SubElement(root, "head")
    ElementTree.SubElement(head, "title").text = title
    ElementTree.SubElement(head, "dateCreated").text = format_datetime(now, usegmt=True)
    body = ElementTree.SubElement(root, "body")
    for each in subscriptions:
        name = _printable(each.title) or each.url
        ElementTree.SubElement(body, "outline", type="rss", text=name, title=name, xmlUrl=each.url)
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"


def _printable(text: str) -> str:
    """Characters that XML cannot carry are left out."""
    return "".join(char for char in text if char.isprintable())
