"""Whose a host is: the registrable domain, by the Public Suffix List (https://publicsuffix.org).

The list is the snapshot that the library brings; nothing is fetched.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.metadata import version

from publicsuffixlist import PublicSuffixList


@cache
def _list() -> PublicSuffixList:
    return PublicSuffixList()


def suffix_list_version() -> str:
    """The version of the list: another one may tell other domains."""
    return version("publicsuffixlist")


@lru_cache(maxsize=4_000)
def registrable_domain(host: str) -> str:
    """The domain that somebody has registered and to which ``host`` belongs: ``bbc.co.uk`` for ``news.bbc.co.uk``.

    Empty for addresses in numbers and for names without a dot, which belong to nobody in particular.
    """
    name = host.casefold().strip().rstrip(".")
    if not name or "." not in name or name.rpartition(".")[2].isdecimal() or " " in name or ":" in name:
        return ""
    return str(_list().privatesuffix(name) or "")


def parents(host: str) -> Iterator[str]:
    """A host and its parent domains, the longest first, down to one label."""
    name = host.casefold().strip().rstrip(".")
    while name:
        yield name
        name = name.partition(".")[2]
