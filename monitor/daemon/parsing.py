"""What runs in a process apart: one document after another is parsed, each a length and a pickle, in and out.

It needs nothing but the parser, and is started the sooner for it.
"""

from __future__ import annotations

import pickle
import resource
import signal
import sys
from dataclasses import replace
from struct import Struct
from typing import BinaryIO

from monitor.feeds.document import NotAFeed
from monitor.feeds.parse import parse_feed
from monitor.model import Item

LENGTH = Struct(">Q")
# Bytes of address space: a document that wants more was made to want more.
_MEMORY = 3_000_000_000


def _parse_what_comes(incoming: BinaryIO, outgoing: BinaryIO) -> None:
    while head := incoming.read(LENGTH.size):
        (length,) = LENGTH.unpack(head)
        arguments = pickle.loads(incoming.read(length))  # noqa: S301 - from the process that started this one
        try:
            found = parse_feed(*arguments)
        except NotAFeed as problem:
            said = pickle.dumps((NotAFeed(str(problem)), ()))
        else:
            # Plain values: frozen types are slow to put together again.
            items = [tuple(getattr(item, name) for name in Item.__slots__) for item in found.items]
            said = pickle.dumps((replace(found, items=()), items))
        outgoing.write(LENGTH.pack(len(said)) + said)
        outgoing.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    _parse_what_comes(sys.stdin.buffer, sys.stdout.buffer)
