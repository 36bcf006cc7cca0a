"""Links as they are compared: without what counts readers, and led to where a redirecting service leads."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

# A redirecting service may lead to another one, but not for ever.
_MOST_REDIRECTS = 3
# A link as most are: nothing that could be tracking, a port or a spelling of its own.
_PLAIN = re.compile(r"https?://(?:www\.)?+([a-z0-9.-]+)(/[!\"$->@-~]*)?")


@dataclass(frozen=True, slots=True)
class _Redirect:
    """A service that leads to the address it carries: in one of ``parameters``, or behind ``marker`` in its path."""

    host: str
    path: str
    parameters: tuple[str, ...] = ()
    marker: str = ""


@dataclass(frozen=True, slots=True)
class _Knowledge:
    """``names`` and ``patterns`` are the parameters that only count readers; ``fragments`` are such fragments."""

    names: frozenset[str]
    patterns: tuple[str, ...]
    fragments: tuple[str, ...]
    redirects: tuple[_Redirect, ...]

    def is_tracking(self, name: str) -> bool:
        """Whether the parameter ``name`` says nothing about what the link leads to."""
        name = name.lower()
        return name in self.names or any(fnmatchcase(name, pattern) for pattern in self.patterns)


@cache
def _knowledge() -> _Knowledge:
    data = tomllib.loads((files("monitor.entries") / "links.toml").read_text("utf-8"))
    names = [row["parameter"] for row in data["tracking"] if "parameter" in row]
    return _Knowledge(
        names=frozenset(name for name in names if "*" not in name),
        patterns=tuple(name for name in names if "*" in name),
        fragments=tuple(row["fragment"] for row in data["tracking"] if "fragment" in row),
        redirects=tuple(
            _Redirect(row["host"], row["path"], tuple(row.get("parameters", ())), row.get("marker", ""))
            for row in data["redirects"]
        ),
    )


def destination(link: str) -> str:
    """The address that ``link`` leads to: the one it carries, if it belongs to a service that only redirects."""
    for _ in range(_MOST_REDIRECTS):
        carried = _carried(link)
        if not carried:
            break
        link = carried
    return link


def link_identity(link: str) -> str:
    """What two links to the same page have in common; empty for no link.

    The scheme, a leading ``www.``, a final slash, tracking parameters and their order make no difference.
    """
    plain = _PLAIN.fullmatch(link)
    if plain and plain[1] not in _by_host():
        return plain[1] + (plain[2] or "").rstrip("/")
    try:
        parts = urlsplit(destination(link))
        host = (parts.hostname or "").removeprefix("www.")
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return link
    if not host:
        return link
    query = f"?{_without_tracking(parts.query)}" if parts.query else ""
    fragment = f"#{parts.fragment}" if parts.fragment and not _is_tracking_fragment(parts.fragment) else ""
    return f"{host}{port}{parts.path.rstrip('/')}{query if query != '?' else ''}{fragment}"


def _without_tracking(query: str) -> str:
    known = _knowledge()
    told = parse_qsl(query, keep_blank_values=True)
    return urlencode(sorted((name, value) for name, value in told if not known.is_tracking(name)))


def _is_tracking_fragment(fragment: str) -> bool:
    return any(fnmatchcase(fragment.lower(), pattern) for pattern in _knowledge().fragments)


def _carried(link: str) -> str:
    """The address inside a redirecting link; empty if it is none."""
    try:
        parts = urlsplit(link)
        host = (parts.hostname or "").removeprefix("www.")
    except ValueError:
        return ""
    for redirect in _redirects_of(host):
        if not parts.path.startswith(redirect.path):
            continue
        told = dict(parse_qsl(parts.query))
        found = [told[name] for name in redirect.parameters if name in told]
        if redirect.marker and redirect.marker in parts.path:
            found.append(unquote(parts.path.partition(redirect.marker)[2].partition("/R")[0]))
        for address in found:
            if address.startswith(("http://", "https://")):
                return quote(address, safe=":/?#[]@!$&'()*+,;=%~")
    return ""


@cache
def _by_host() -> dict[str, tuple[_Redirect, ...]]:
    found: dict[str, tuple[_Redirect, ...]] = {}
    for redirect in _knowledge().redirects:
        found[redirect.host] = (*found.get(redirect.host, ()), redirect)
    return found


def _redirects_of(host: str) -> tuple[_Redirect, ...]:
    return _by_host().get(host, ())
