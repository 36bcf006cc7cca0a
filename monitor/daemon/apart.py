"""A process apart for work on what strangers made: a thread cannot be stopped, a process can."""

from __future__ import annotations

import multiprocessing
import resource
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import TypeVar

T = TypeVar("T")
# Bytes of address space: a document that wants more was made to want more.
_MEMORY = 3_000_000_000


class Stopped(Exception):
    """The work was stopped, or its process died; the message says which."""


def apart(seconds: float, work: Callable[..., T], *arguments: object) -> T:
    """Do ``work(*arguments)`` in a new process, for at most ``seconds``. Raises :class:`Stopped`.

    ``work`` is a function of a module, and its arguments and result can be pickled.
    """
    context = multiprocessing.get_context("spawn")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(sender, work, arguments), daemon=True)
    process.start()
    sender.close()
    try:
        if not receiver.poll(seconds):
            raise Stopped(f"it was stopped after {seconds:.0f} seconds")
        found: T = receiver.recv()
    except EOFError as error:
        raise Stopped("its process died") from error
    finally:
        process.kill()
        process.join()
        receiver.close()
    return found


def _work(sender: Connection, work: Callable[..., object], arguments: tuple[object, ...]) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    sender.send(work(*arguments))
