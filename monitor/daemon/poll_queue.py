"""The hosts whose feeds are due, in procrastinate's queue: whoever has time takes one, and has it alone.

Nothing in the queue is lost with it: what is due stands with the feeds, and is offered again. So a job that failed, or
whose worker died, is taken out and not tried again, and tables of another version of procrastinate are made anew.
"""

from __future__ import annotations

import contextlib
import importlib.metadata
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager

import procrastinate
import psycopg
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status
from psycopg.conninfo import make_conninfo
from sqlalchemy import URL

from monitor.store.database import StoreError, StoreUnavailable, server_arguments

# A schema of its own in the monitor's database.
_SCHEMA = "condition_monitor_queue"
_SETTINGS = (
    f"search_path={_SCHEMA}",
    # Nothing waits for the disk: what a crash of the server takes from the queue is offered again.
    "synchronous_commit=off",
    # The next job is the first of an index, however little statistics know of a queue that has just filled.
    "enable_sort=off",
    "enable_bitmapscan=off",
)
# Whether somebody else has a host is looked up for each job; with thousands that wait, procrastinate's own indexes take
# a second for that.
_INDEX = "CREATE INDEX jobs_by_lock ON procrastinate_jobs (lock) WHERE status IN ('todo', 'doing')"
_QUEUE, _TASK = "polls", "poll"
_HEARTBEAT = 5.0
# A worker that was silent for so long has died, and what it had taken is free. Seconds.
LOST = 20.0
_LOOK = 5.0
_WAIT = 5.0
_WAITING = (
    "SELECT queueing_lock AS host FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(%(hosts)s)"
)
# Any number that all monitors share: two workers that start together do not make the tables together.
_LOCK = 0x71756575


class PollQueue:
    """The queue in the database at ``url``; to be used while it is :meth:`opened`, which ``is_open`` tells.

    Its methods raise :class:`~monitor.store.database.StoreUnavailable` when the database fails.
    """

    def __init__(self, url: URL) -> None:
        self._url = url
        self._app = self._new_app()
        self.is_open = False
        self._worker: int | None = None
        # Jobs that run here, and those that stood in our name without running when we last looked.
        self._running: set[int] = set()
        self._unaccounted: set[int] = set()

    def _conninfo(self) -> str:
        asked = {**server_arguments(self._url), **self._url.query}
        options = " ".join([asked.pop("options", ""), *(f"-c {setting}" for setting in _SETTINGS)]).strip()
        where = self._url.translate_connect_args(username="user", database="dbname")
        return make_conninfo(**where, **asked, options=options)

    def _new_app(self) -> procrastinate.App:
        connector = procrastinate.PsycopgConnector(conninfo=self._conninfo(), min_size=1, max_size=4, timeout=_WAIT)
        return procrastinate.App(connector=connector)

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[None]:
        """Raises :class:`~monitor.store.database.StoreError` if the database fails, or forbids a schema."""
        # One that was opened and failed is not to be trusted with a second life.
        self._app = self._new_app()
        with _plainly():
            await self._make_tables()
            async with self._app.open_async():
                self.is_open, self._worker, self._unaccounted = True, None, set()
                try:
                    yield
                finally:
                    self.is_open = False

    async def _make_tables(self) -> None:
        mine = importlib.metadata.version("procrastinate")
        async with await psycopg.AsyncConnection.connect(self._conninfo()) as connection:
            await connection.execute("SELECT pg_advisory_xact_lock(%s)", (_LOCK,))
            found = await connection.execute("SELECT obj_description(to_regnamespace(%s), 'pg_namespace')", (_SCHEMA,))
            row = await found.fetchone()
            made_by = row[0] if row else None
            if made_by == mine:
                return
            if made_by is not None and _number(made_by) > _number(mine):
                raise StoreError(
                    f"the queue was made by procrastinate {made_by}, and here is {mine}; upgrade it to that one"
                )
            await connection.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
            await connection.execute(f"CREATE SCHEMA {_SCHEMA}")
            await connection.execute(self._app.schema_manager.get_schema())
            await connection.execute(_INDEX)
            await connection.execute(
                psycopg.sql.SQL("COMMENT ON SCHEMA {} IS {}").format(
                    psycopg.sql.Identifier(_SCHEMA), psycopg.sql.Literal(mine)
                )
            )

    async def offer(self, hosts: Collection[str]) -> None:
        """Put hosts in line, those that do not wait there already. Of each host one job runs at a time."""
        with _plainly():
            rows = await self._app.connector.execute_query_all_async(_WAITING, hosts=list(hosts))
            waiting = {row["host"] for row in rows}
            jobs = [
                Job(id=None, queue=_QUEUE, lock=host, queueing_lock=host, task_name=_TASK, task_kwargs={"host": host})
                for host in hosts
                if host not in waiting
            ]
            # Another worker may still believe that it leads, and offer them, too: the next turn will see it.
            with contextlib.suppress(AlreadyEnqueued):
                if jobs:
                    await self._app.job_manager.batch_defer_jobs_async(jobs)

    async def forget_lost(self) -> int:
        """Take out what workers had taken that have died since; how many jobs that was."""
        jobs = self._app.job_manager
        with _plainly():
            await jobs.prune_stalled_workers(LOST)
            lost = {job.id for job in await jobs.get_stalled_jobs(seconds_since_heartbeat=LOST) if job.id is not None}
        await self._take_out(lost)
        return len(lost)

    async def account(self) -> None:
        """Take out jobs that stand in our name and do not run: that they had ended, the database could not be told."""
        if self._worker is None:
            return
        with _plainly():
            listed = await self._app.job_manager.list_jobs_async(status="doing", worker_id=self._worker)
        idle = {job.id for job in listed if job.id is not None} - self._running
        # Twice in a row: one that has just ended is about to be taken out by itself.
        await self._take_out(idle & self._unaccounted)
        self._unaccounted = idle

    async def _take_out(self, jobs: Iterable[int]) -> None:
        for job in jobs:
            try:
                await self._app.job_manager.finish_job_by_id_async(job, Status.ABORTED, delete_job=True)
            except ConnectorException as error:
                # Not dead, only slow: it has just been taken out.
                if not isinstance(error.__cause__, psycopg.errors.RaiseException):
                    raise StoreUnavailable(f"the queue cannot be used: {error.__cause__}") from error

    async def work(self, poll: Callable[[str], Awaitable[None]], concurrency: int) -> None:
        """Take hosts and ``poll`` them, until called off; what has begun is then brought to its end.

        Raises :class:`~monitor.store.database.StoreUnavailable` when the database fails.
        """

        async def task(context: procrastinate.JobContext, host: str) -> None:
            job, self._worker = context.job.id, context.job.worker_id
            if job is None:
                return
            self._running.add(job)
            try:
                await poll(host)
            finally:
                self._running.discard(job)

        self._app.task(name=_TASK, queue=_QUEUE, pass_context=True)(task)
        with _plainly():
            await self._app.run_worker_async(
                queues=[_QUEUE],
                concurrency=concurrency,
                install_signal_handlers=False,
                fetch_job_polling_interval=_LOOK,
                update_heartbeat_interval=_HEARTBEAT,
                stalled_worker_timeout=LOST,
                delete_jobs="always",
            )
        raise StoreUnavailable("the queue has stopped: the database does not answer")


def _number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isdecimal())


@contextmanager
def _plainly() -> Iterator[None]:
    """What the database does to the queue, as one plain sentence."""
    try:
        yield
    except (ConnectorException, psycopg.Error) as error:
        said = str(error.__cause__ or error).strip().splitlines()
        raise StoreUnavailable(f"the queue cannot be used: {said[0] if said else type(error).__name__}") from error
