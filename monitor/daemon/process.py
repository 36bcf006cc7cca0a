"""The process that a daemon is: its threads, its memory, and how it is told to stop."""

from __future__ import annotations

import asyncio
import signal
from concurrent.futures import ThreadPoolExecutor

from monitor.daemon.heap import share_pools

# Names are resolved, files read and the database waited for in threads: few, however many feeds there are.
_THREADS = 32


def until_stopped() -> asyncio.Event:
    """Make ready the process of the running event loop; the event is set when SIGTERM or SIGINT arrives."""
    share_pools()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.set_default_executor(ThreadPoolExecutor(_THREADS, thread_name_prefix="monitor"))
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    return stop
