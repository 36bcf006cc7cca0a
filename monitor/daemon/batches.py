"""Work that waits for its turn and is then done together with all else that waits: one transaction for many."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Generic, TypeVar

Asked = TypeVar("Asked")
Done = TypeVar("Done")


class Batches(Generic[Asked, Done]):
    """Does ``work`` in a thread, one batch at a time and at most ``most`` together, in the order in which it was asked.

    ``work`` gives a result for each of what it was asked, or the error that is to be raised for it; what it raises
    itself is raised for all of them.
    """

    def __init__(self, work: Callable[[Sequence[Asked]], Sequence[Done | Exception]], most: int) -> None:
        self._work = work
        self._most = most
        self._waiting: list[tuple[Asked, asyncio.Future[Done]]] = []
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """No batch is worked at for as long as the block lasts."""
        async with self._turn:
            yield

    async def do(self, asked: Asked) -> Done:
        future: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        async with self._turn:
            # Whoever has the turn works for all that wait, and so perhaps for others first, or finds itself served.
            while not future.done():
                work = asyncio.ensure_future(self._do_batch())
                try:
                    await asyncio.shield(work)
                except asyncio.CancelledError:
                    # A thread at work cannot be called off: others wait for it, and the turn is not over before.
                    await asyncio.wait([work])
                    raise
        return future.result()

    async def room(self, places: int) -> None:
        """Wait until fewer than ``places`` wait: who asks for more, and faster than it is done, only fills memory."""
        while len(self._waiting) >= places:
            async with self._turn:
                pass

    async def _do_batch(self) -> None:
        batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        try:
            results = await asyncio.to_thread(self._work, [asked for asked, _ in batch])
        except Exception as error:
            results = [error] * len(batch)
        for (_, future), result in zip(batch, results, strict=True):
            # Whoever asked may have gone away meanwhile.
            if future.done():
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
