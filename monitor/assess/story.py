"""Which items tell the same story."""

from __future__ import annotations

from monitor.model import Item, digest


def story_of(item: Item) -> str:
    """The name of an item's story: items with the same words are one story, whoever carries them."""
    return digest(" ".join(item.body.casefold().split()))[:24]
