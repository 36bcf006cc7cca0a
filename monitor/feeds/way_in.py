"""No way in: a feed, or a redirect of one, must not make the monitor talk to machines that the world cannot reach.

The address is judged when the connection is made, after names are resolved: a name that answers with a public address
first and a private one later ("DNS rebinding") gains nothing, and neither do odd ways of writing an address.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable, Sequence
from typing import Any

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
_Address = ipaddress.IPv4Address | ipaddress.IPv6Address

# Networks that carry an IPv4 address inside (RFC 6052, RFC 8215): what counts is the address that is reached.
_NAT64 = (ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("64:ff9b:1::/48"))
# Public by number, but answered by a cloud's own machinery (Azure's wire server) or set aside for protocols (RFC 6890).
_NOBODYS = (ipaddress.IPv4Network("168.63.129.16"), ipaddress.IPv4Network("192.0.0.0/24"))


class NoWayIn(OSError):
    """A connection to an address that feeds have no business with; the message names it and the way out."""


def is_refused(address: str, allowed: Sequence[Network] = ()) -> bool:
    """Whether connections to ``address`` are refused: it is no public address, and in none of ``allowed``."""
    parsed = ipaddress.ip_address(address.split("%")[0])
    reached = _reached(parsed)
    if any(a in network for network in allowed for a in (parsed, reached) if a.version == network.version):
        return False
    return not reached.is_global or reached.is_multicast or reached.is_reserved or any(reached in n for n in _NOBODYS)


def _reached(address: _Address) -> _Address:
    """The IPv4 address that an IPv6 address leads to, if it is of a kind that leads to one."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if any(address in network for network in _NAT64):
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo[1] if address.teredo else address)


def guarded_sockets(allowed: Sequence[Network]) -> Callable[[tuple[Any, ...]], socket.socket]:
    """What makes a socket for one resolved address, or raises :class:`NoWayIn`."""

    def make(resolved: tuple[Any, ...]) -> socket.socket:
        family, kind, protocol, _, where = resolved
        if is_refused(str(where[0]), allowed):
            raise NoWayIn(
                f"{where[0]} is no public address; if that is meant, list it in `allow_addresses` under [fetch]"
            )
        return socket.socket(family=family, type=kind, proto=protocol)

    return make
