"""What the daemon says of itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from monitor.daemon.clock_watch import ClockWatch
from monitor.daemon.vitals import Vitals, ailments, stands_still

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def vitals(database_error: str = "", running_for: timedelta | None = None, overdue: timedelta | None = None) -> Vitals:
    running = {"feed": NOW - running_for} if running_for else {}
    return Vitals(NOW, database_error, running, NOW - overdue if overdue else None)


def test_a_daemon_that_does_its_work_is_well() -> None:
    assert ailments(vitals(), NOW) == []
    assert ailments(vitals(running_for=9 * MINUTE, overdue=9 * MINUTE), NOW) == []


def test_what_hangs_is_named_but_only_a_scheduler_that_stands_still_needs_a_new_start() -> None:
    hanging = vitals(running_for=11 * MINUTE)
    assert ailments(hanging, NOW) == ["feed has been running for more than 10 minutes"]
    assert not stands_still(hanging, NOW)
    still = vitals(overdue=11 * MINUTE)
    assert "stands still" in ailments(still, NOW)[0]
    assert stands_still(still, NOW)
    full = vitals(database_error="disk full")
    assert "disk full" in ailments(full, NOW)[0]
    assert not stands_still(full, NOW)


def test_a_clock_that_drifts_is_left_alone_and_one_that_is_set_is_noticed() -> None:
    wall, steady = [NOW], [0.0]
    watch = ClockWatch(lambda: wall[0], lambda: steady[0])

    def pass_by(seconds: float, step: timedelta = timedelta(0)) -> timedelta:
        steady[0] += seconds
        wall[0] += timedelta(seconds=seconds) + step
        return watch.step()

    assert pass_by(5) == timedelta(0)
    assert pass_by(5, timedelta(seconds=2)) == timedelta(0)
    assert pass_by(5, -timedelta(hours=1)) == -timedelta(hours=1)
    assert pass_by(3600) == timedelta(0)
    assert pass_by(5, timedelta(days=1)) == timedelta(days=1)
