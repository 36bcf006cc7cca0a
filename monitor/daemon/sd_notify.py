"""Telling systemd how we are: the ``sd_notify(3)`` protocol, one datagram a message."""

from __future__ import annotations

import os
import socket


def sd_notify(message: str) -> bool:
    """Send ``message``, such as ``READY=1``; whether anybody asked to be told. Raises nothing: it is a courtesy."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if not address:
        return False
    if address.startswith("@"):
        address = "\0" + address[1:]
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as to_systemd:
            to_systemd.sendto(message.encode(), address)
    except OSError:
        return False
    return True
