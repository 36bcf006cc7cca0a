"""Parsing in processes apart: on every core, and where a document made to be slow can be stopped, as in no thread."""

from __future__ import annotations

import asyncio
import os
import pickle
import sys
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitor.daemon.parsing import LENGTH
from monitor.feeds.document import NotAFeed, ParsedFeed
from monitor.model import Item

# Seconds. What takes longer was made to take longer.
LONGEST = 60.0
# A process that has had nothing to do for so many seconds is not needed.
_IDLE = 20.0


class Stopped(Exception):
    """Parsing was stopped, or its process died; the message says which."""


class Parsers:
    """Up to ``most`` processes, started when there is something to parse and ended when there is nothing for long."""

    def __init__(self, most: int | None = None, longest: float = LONGEST) -> None:
        self._places = asyncio.Semaphore(most or os.cpu_count() or 1)
        self._longest = longest
        self._idle: list[_Process] = []

    async def parse(
        self,
        body: bytes,
        url: str,
        fetched: datetime,
        publisher: str,
        headers: dict[str, str],
        known: bytes,
    ) -> ParsedFeed:
        """As :func:`~monitor.feeds.parse.parse_feed`. Raises :class:`NotAFeed` and :class:`Stopped`."""
        async with self._places:
            process = await self._process()
            try:
                async with asyncio.timeout(self._longest):
                    found = await process.ask((body, url, fetched, publisher, headers, known))
            except TimeoutError as error:
                raise Stopped(f"it was stopped after {self._longest:.0f} seconds") from error
            except (asyncio.IncompleteReadError, ConnectionError) as error:
                raise Stopped("its process died") from error
            else:
                process.keep_for(_IDLE, lambda: self._idle.remove(process))
                self._idle.append(process)
            finally:
                if process not in self._idle:
                    process.kill()
        if isinstance(found, NotAFeed):
            raise found
        return found

    async def _process(self) -> _Process:
        """One that has nothing to do, or a new one."""
        while self._idle:
            process = self._idle.pop()
            process.keep()
            if process.is_alive:
                return process
        return await _Process.start()

    async def close(self) -> None:
        """End the processes that have nothing to do; the others end with their work."""
        for process in self._idle:
            process.kill()
            await process.ended()
        self._idle = []


class _Process:
    """A process that parses one document after another, as :mod:`monitor.daemon.parsing` does."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        if process.stdin is None or process.stdout is None:
            raise ValueError("a process that cannot be talked to")
        self._process = process
        self._in, self._out = process.stdin, process.stdout
        self._end: asyncio.TimerHandle | None = None

    @classmethod
    async def start(cls) -> _Process:
        pipe = asyncio.subprocess.PIPE
        command = sys.executable, "-m", "monitor.daemon.parsing"
        return cls(await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, start_new_session=True))

    async def ask(self, arguments: tuple[object, ...]) -> ParsedFeed | NotAFeed:
        said = pickle.dumps(arguments)
        self._in.write(LENGTH.pack(len(said)) + said)
        await self._in.drain()
        (length,) = LENGTH.unpack(await self._out.readexactly(LENGTH.size))
        found, items = pickle.loads(await self._out.readexactly(length))  # noqa: S301 - our own code's, on our own pipe
        if isinstance(found, NotAFeed):
            return found
        parsed: ParsedFeed = replace(found, items=tuple(Item(*values) for values in items))
        return parsed

    def keep_for(self, seconds: float, gone: Any) -> None:
        """End the process after so long, and tell that it is ``gone``."""

        def end() -> None:
            gone()
            self.kill()

        self._end = asyncio.get_running_loop().call_later(seconds, end)

    def keep(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    def kill(self) -> None:
        self.keep()
        if self.is_alive:
            self._process.kill()

    async def ended(self) -> None:
        await self._process.wait()
