"""Work that waits together is done together, each gets its own result, and whoever goes away holds up nobody."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Sequence
from contextlib import suppress

import pytest

from monitor.daemon.batches import Batches


class Desk:
    """Doubles numbers, a batch at a time, when it is let."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.begun = threading.Event()
        self.open = threading.Event()

    def work(self, numbers: Sequence[int]) -> list[int | Exception]:
        self.begun.set()
        self.open.wait(10)
        self.batches.append(list(numbers))
        return [ValueError(f"{number} is odd") if number % 2 else 2 * number for number in numbers]


async def started(batches: Batches[int, int], desk: Desk, numbers: Sequence[int]) -> list[asyncio.Task[int]]:
    tasks = [asyncio.create_task(batches.do(number)) for number in numbers]
    await asyncio.sleep(0)
    desk.open.set()
    return tasks


def test_what_waits_together_is_done_together_and_in_order() -> None:
    async def run() -> None:
        desk = Desk()
        batches: Batches[int, int] = Batches(desk.work, 3)
        tasks = await started(batches, desk, [2, 4, 6, 8, 10])
        assert await asyncio.gather(*tasks) == [4, 8, 12, 16, 20]
        assert desk.batches == [[2, 4, 6], [8, 10]]

    asyncio.run(run())


def test_what_fails_fails_alone() -> None:
    async def run() -> None:
        desk = Desk()
        tasks = await started(Batches(desk.work, 9), desk, [2, 3, 4])
        assert await tasks[0] == 4
        with pytest.raises(ValueError, match="3 is odd"):
            await tasks[1]
        assert await tasks[2] == 8

    asyncio.run(run())


def test_where_the_work_itself_fails_all_of_it_does() -> None:
    async def run() -> None:
        def fail(_: Sequence[int]) -> list[int | Exception]:
            raise OSError("no room")

        batches: Batches[int, int] = Batches(fail, 9)
        for task in [asyncio.create_task(batches.do(number)) for number in (1, 2)]:
            with pytest.raises(OSError, match="no room"):
                await task

    asyncio.run(run())


def test_while_a_batch_waits_there_is_no_room_for_more() -> None:
    async def run() -> None:
        desk = Desk()
        batches: Batches[int, int] = Batches(desk.work, 4)
        tasks = [asyncio.create_task(batches.do(number)) for number in (2, 4, 6, 8, 10)]
        await asyncio.to_thread(desk.begun.wait, 10)
        # One waits by now. Whoever is content with little room gets it; of those that are not, one at a time.
        roomy = await asyncio.wait_for(batches.hand_in(12, 9), 10)
        narrow = [asyncio.create_task(batches.hand_in(number, 1)) for number in (14, 16)]
        for _ in range(20):
            await asyncio.sleep(0)
        assert not any(task.done() for task in narrow)
        desk.open.set()
        assert [await (await asyncio.wait_for(task, 10)) for task in narrow] == [28, 32]
        assert await asyncio.gather(*tasks, roomy) == [4, 8, 12, 16, 20, 24]
        assert desk.batches == [[2, 4, 6, 8], [10, 12], [14], [16]]

    asyncio.run(run())


def test_a_batch_that_is_at_work_is_waited_for_by_who_goes_away() -> None:
    async def run() -> None:
        desk = Desk()
        task = asyncio.create_task(Batches(desk.work, 2).do(2))
        await asyncio.to_thread(desk.begun.wait, 10)
        task.cancel()
        for _ in range(20):
            await asyncio.sleep(0)
        assert not task.done()
        desk.open.set()
        with pytest.raises(asyncio.CancelledError):
            await asyncio.wait_for(task, 10)
        assert desk.batches == [[2]]

    asyncio.run(run())


def test_whoever_goes_away_holds_up_nobody() -> None:
    async def run() -> None:
        desk = Desk()
        batches: Batches[int, int] = Batches(desk.work, 2)
        async with batches.held():
            tasks = [asyncio.create_task(batches.do(number)) for number in (2, 4, 6)]
            await asyncio.sleep(0)
        # The first two are being worked at when the one that has the turn is called off.
        while not desk.begun.is_set():
            await asyncio.sleep(0)
        tasks[0].cancel()
        desk.open.set()
        assert await asyncio.gather(*tasks[1:]) == [8, 12]
        with suppress(asyncio.CancelledError):
            await tasks[0]

    asyncio.run(run())


def test_what_is_held_waits_until_it_is_let_go() -> None:
    async def run() -> None:
        desk = Desk()
        desk.open.set()
        batches: Batches[int, int] = Batches(desk.work, 9)
        async with batches.held():
            task = asyncio.create_task(batches.do(2))
            for _ in range(20):
                await asyncio.sleep(0)
            assert desk.batches == []
        assert await task == 4

    asyncio.run(run())
