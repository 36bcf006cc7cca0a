"""Work that waits for its turn and is then done together with all else that waits: one transaction for many."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
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
        self._taken = asyncio.Event()
        self._worker: asyncio.Task[None] | None = None

    @asynccontextmanager
    async def held(self) -> AsyncIterator[None]:
        """No batch is worked at for as long as the block lasts."""
        async with self._turn:
            yield

    async def do(self, asked: Asked) -> Done:
        return await (await self.hand_in(asked))

    async def hand_in(self, asked: Asked, places: int | None = None) -> Awaitable[Done]:
        """Ask for work as soon as fewer than ``places`` wait for theirs; what is given is to be awaited in turn.

        Whoever asks for more, and faster than it is done, only fills memory.
        """
        while places is not None and len(self._waiting) >= places:
            await self._taken.wait()
        future: asyncio.Future[Done] = asyncio.get_running_loop().create_future()
        self._waiting.append((asked, future))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work_off())
        return self._result(asked, future)

    async def _result(self, asked: Asked, future: asyncio.Future[Done]) -> Done:
        try:
            return await future
        except asyncio.CancelledError:
            if (asked, future) in self._waiting:
                self._waiting.remove((asked, future))
            else:
                # A thread at work cannot be called off: what it uses must stay until it is done.
                async with self._turn:
                    pass
            raise

    async def _work_off(self) -> None:
        while self._waiting:
            async with self._turn:
                await self._do_batch()

    async def _do_batch(self) -> None:
        batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
        self._taken.set()
        self._taken.clear()
        answers: list[tuple[asyncio.Future[Done], Done | Exception]]
        try:
            results = await asyncio.to_thread(self._work, [asked for asked, _ in batch])
            answers = [(future, result) for (_, future), result in zip(batch, results, strict=True)]
        except Exception as error:
            answers = [(future, error) for _, future in batch]
        for future, result in answers:
            # Whoever asked may have gone away meanwhile.
            if future.done():
                continue
            if isinstance(result, Exception):
                future.set_exception(result)
            else:
                future.set_result(result)
