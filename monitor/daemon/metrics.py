"""What Prometheus is told. Counters begin with the process; gauges are read from the store when somebody asks."""

from __future__ import annotations

from collections import Counter as Count
from collections.abc import Iterable
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from monitor import __version__
from monitor.assess.belief import believed
from monitor.config import Config
from monitor.manners.health import Health, health
from monitor.manners.state import FeedState
from monitor.model import Stance, Status
from monitor.pipeline.arrival import Absorbed
from monitor.rules.reading import reading_digest
from monitor.store.database import Store, StoreError
from monitor.store.feeds import feed_states
from monitor.store.items import count_items
from monitor.store.outbox import announced_after, delivery
from monitor.store.rule_versions import rules_in_force
from monitor.store.transitions import entries_of

_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)


class Metrics:
    """Counters, gauges and durations in a registry of their own."""

    def __init__(self, config: Config) -> None:
        self._config = config
        self.registry = registry = CollectorRegistry()
        self._polls = Counter("monitor_polls", "Polls finished.", ["outcome"], registry=registry)
        self._failures = Counter("monitor_poll_failures", "Polls failed.", ["kind", "status"], registry=registry)
        self._items = Counter("monitor_items", "Items received.", ["kind"], registry=registry)
        self._evidence = Counter("monitor_evidence", "Pieces of evidence found.", ["stance"], registry=registry)
        self._transitions = Counter("monitor_transitions", "Entries added to the log.", ["after"], registry=registry)
        self._jobs = Counter("monitor_jobs_troubled", "Runs of jobs that went wrong.", ["how"], registry=registry)
        self._seconds = Histogram(
            "monitor_poll_seconds", "From the turn of a feed to its end.", registry=registry, buckets=_BUCKETS
        )
        self._lag = Histogram("monitor_poll_lag_seconds", "How late a poll began.", registry=registry, buckets=_BUCKETS)
        self._sent = Counter("monitor_notifications", "Messages tried.", ["target", "outcome"], registry=registry)
        self._steps = Counter("monitor_clock_steps", "Times somebody set the clock.", registry=registry)
        self.queue = Gauge("monitor_polls_running", "Polls begun and not finished.", registry=registry)
        self._database = Gauge("monitor_database_up", "Whether the database answers.", registry=registry)
        self._feeds = Gauge("monitor_feeds", "Configured feeds by their health.", ["health"], registry=registry)
        self._unread = Gauge("monitor_items_unread", "Items the rules in force have yet to read.", registry=registry)
        self._backlog = Gauge("monitor_notifications_waiting", "Changes not sent yet.", ["target"], registry=registry)
        self._status = Gauge(
            "monitor_status",
            "1 for the status that a condition has, as the log says.",
            ["ruleset", "condition", "status"],
            registry=registry,
        )
        self._confirmed = Gauge(
            "monitor_status_confirmed", "Whether it is confirmed.", ["ruleset", "condition"], registry=registry
        )
        build = Gauge("monitor_build_info", "The monitor's version.", ["version"], registry=registry)
        build.labels(__version__).set(1)
        for outcome in ("ok", "unchanged", "failed", "waiting"):
            self._polls.labels(outcome)
        for stance in Stance:
            self._evidence.labels(stance.value)

    def polled(self, absorbed: Absorbed, seconds: float, lag: float) -> None:
        """Count one poll that took ``seconds`` and began ``lag`` seconds after it was due."""
        self._polls.labels(absorbed.outcome).inc()
        if absorbed.failure is not None:
            self._failures.labels(absorbed.failure.value, str(absorbed.status or "")).inc()
        self._items.labels("new").inc(absorbed.new)
        self._items.labels("edited").inc(absorbed.edited)
        for stance, count in absorbed.stances.items():
            self._evidence.labels(stance.value).inc(count)
        self.logged(entry.after for entry in absorbed.transitions)
        self._seconds.observe(seconds)
        self._lag.observe(max(0.0, lag))

    def logged(self, statuses: Iterable[Status]) -> None:
        """Count entries of the log by the status they bring."""
        for status in statuses:
            self._transitions.labels(status.value).inc()

    def troubled(self, how: str) -> None:
        """Count a run that was ``missed`` or that ``failed``."""
        self._jobs.labels(how).inc()

    def sent(self, target: str, outcome: str) -> None:
        """Count a message that was ``sent`` to a target, or that ``failed``."""
        self._sent.labels(target, outcome).inc()

    def clock_stepped(self) -> None:
        self._steps.inc()

    def page(self, store: Store, now: datetime) -> bytes:
        """The page that Prometheus reads, in its text format."""
        try:
            self._read(store, now)
            self._database.set(1)
        except StoreError:
            self._database.set(0)
        return generate_latest(self.registry)

    def _read(self, store: Store, now: datetime) -> None:
        with store.read() as connection:
            states = feed_states(connection)
            rulesets = rules_in_force(connection)
            self._unread.set(count_items(connection, reading_digest(rulesets)).waiting)
            for target in self._config.notify:
                told = delivery(connection, target.name)
                waiting = announced_after(connection, told.sent_seq) if told else []
                self._backlog.labels(target.name).set(len(waiting))
            self._status.clear()
            self._confirmed.clear()
            for ruleset in rulesets:
                for name in ruleset.standing():
                    now_believed = believed(entries_of(connection, ruleset.ruleset, name))[-1]
                    for status in Status:
                        gauge = self._status.labels(ruleset.ruleset, name, status.value)
                        gauge.set(now_believed.status is status)
                    confirmed = self._confirmed.labels(ruleset.ruleset, name)
                    confirmed.set(now_believed.phase.value == "confirmed")
        counted = Count(
            health(states.get(feed.url, FeedState(feed.url)), feed.quiet_after, now) for feed in self._config.feeds
        )
        for kind in Health:
            self._feeds.labels(kind.value).set(counted[kind])
