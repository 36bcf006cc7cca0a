"""A document made to be slow, and one that kills its process, are stopped without stopping anything else."""

from __future__ import annotations

import asyncio
import os
import signal
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest
from loopback import rss

from monitor.daemon.parsers import Parsers, Stopped
from monitor.feeds.document import NotAFeed, ParsedFeed
from monitor.feeds.parse import parse_feed

NOW = datetime(2026, 1, 1, tzinfo=UTC)
FEED = rss(*({"title": f"Report {number}", "guid": str(number)} for number in range(3)))
LONG = rss(*({"title": f"Report {number}", "guid": str(number)} for number in range(5000)))


async def parse(parsers: Parsers, body: bytes, known: bytes = b"") -> ParsedFeed:
    return await parsers.parse(body, "https://example.org/feed", NOW, "", {}, known)


def children() -> set[int]:
    """The processes that this one has started."""
    listed = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
    return {int(number) for number in listed}


def test_a_document_parsed_apart_is_what_it_is_here() -> None:
    async def run() -> None:
        parsers = Parsers(1)
        here = parse_feed(FEED, "https://example.org/feed", NOW)
        assert await parse(parsers, FEED) == here
        again = await parse(parsers, FEED, here.known)
        assert (again.items, len(again.again)) == ((), 3)
        with pytest.raises(NotAFeed, match="empty"):
            await parse(parsers, b" ")
        await parsers.close()

    asyncio.run(run())


def test_many_documents_share_few_processes() -> None:
    async def run() -> None:
        before = children()
        parsers = Parsers(2)
        found = await asyncio.gather(*(parse(parsers, FEED) for _ in range(20)))
        assert [len(feed.items) for feed in found] == [3] * 20
        assert len(children() - before) <= 2
        await parsers.close()
        assert children() <= before

    asyncio.run(run())


def test_a_document_that_takes_too_long_is_stopped_and_the_next_one_is_not() -> None:
    async def run() -> None:
        parsers = Parsers(1, longest=0.05)
        with pytest.raises(Stopped, match="it was stopped after"):
            await parse(parsers, LONG)
        patient = Parsers(1)
        assert len((await parse(patient, FEED)).items) == 3
        await patient.close()

    asyncio.run(run())


def test_a_document_whose_process_dies_is_known_to_have_killed_it() -> None:
    async def run() -> None:
        before = children()
        parsers = Parsers(1)
        work = asyncio.create_task(parse(parsers, LONG))
        while not (started := children() - before):
            await asyncio.sleep(0)
        for number in started:
            with suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        with pytest.raises(Stopped, match="its process died"):
            await work
        assert len((await parse(parsers, FEED)).items) == 3
        await parsers.close()

    asyncio.run(run())
