"""Records of archives, whatever they hold: an item, or a plain reason why not."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitor.archive.record import NAMES, NoItem, item_from, moment_of
from monitor.model import Item

NOW = datetime(2026, 6, 1, tzinfo=UTC)
# A small alphabet, which holds what makes trouble: all of Unicode takes seconds to be made ready.
TEXTS = st.text("aB0-:/[]<&;\x00\n\u202eßم ", max_size=40)
VALUES = st.one_of(TEXTS, st.integers(), st.none(), st.floats(), st.datetimes(), st.lists(TEXTS, max_size=3))
FIELDS = st.sampled_from([*sorted({name for names in NAMES.values() for name in names}), "Other", ""])


def item_or_none(record: dict[str, object]) -> Item | None:
    try:
        return item_from(record, "archive:x", {}, NOW)
    except NoItem:
        return None


@given(st.dictionaries(FIELDS, VALUES, max_size=8))
def test_any_record_is_an_item_or_is_refused_in_words(record: dict[str, object]) -> None:
    item = item_or_none(record)
    if item is not None:
        assert item.published is not None
        assert item.published.tzinfo is UTC
        assert "\x00" not in item.title + item.text + item.publisher + item.link


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("2022-12-20", datetime(2022, 12, 20, tzinfo=UTC)),
        ("20221220", datetime(2022, 12, 20, tzinfo=UTC)),
        ("20221220183000", datetime(2022, 12, 20, 18, 30, tzinfo=UTC)),
        ("2022-12-20T18:30:00+02:00", datetime(2022, 12, 20, 16, 30, tzinfo=UTC)),
        (datetime(2022, 12, 20, 18, 30), datetime(2022, 12, 20, 18, 30, tzinfo=UTC)),  # noqa: DTZ001
        (datetime(2022, 12, 20, 18, tzinfo=timezone(timedelta(hours=2))), datetime(2022, 12, 20, 16, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None),
        ("yesterday", None),
        (None, None),
    ],
)
def test_moments_however_they_are_written(written: object, meant: datetime | None) -> None:
    assert moment_of(written) == meant


def test_the_host_stands_for_a_publisher_that_is_not_named() -> None:
    record = {"title": "Rain", "date": "2022-01-01", "url": "https://www.herald.example/1"}
    assert item_from(record, "archive:x", {}, NOW).publisher == "herald.example"
    assert item_from({**record, "url": "http://[broken"}, "archive:x", {}, NOW).publisher == ""
