"""Dates of feed entries: what is written is read as it is meant, and what is not sure is not read."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from datetime import UTC, datetime, timedelta
from importlib.resources import files

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitor.feeds.dates import day_comes_first, parse_date


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


STANDARD = [
    ("Mon, 07 Oct 2019 08:05:09 +0200", "2019-10-07 06:05:09"),
    ("7 Oct 2019 08:05 -0330", "2019-10-07 11:35"),
    ("Mon, 7 Oct 19 08:05:09 GMT", "2019-10-07 08:05:09"),
    ("Thu, 7 Oct 99 08:05:09 EST", "1999-10-07 13:05:09"),
    ("Monday, 07-Oct-19 08:05:09 UTC", "2019-10-07 08:05:09"),
    ("Mon, 7 Oct 2019 08:05:09 pdt", "2019-10-07 15:05:09"),
    ("Mon,7 Oct 2019 08:05:09Z", "2019-10-07 08:05:09"),
    ("07 October 2019", "2019-10-07"),
    ("Mon, 07 Oct 2019 08:05:09 -0700 (PDT)", "2019-10-07 15:05:09"),
    ("2019-10-07T08:05:09Z", "2019-10-07 08:05:09"),
    ("2019-10-07t08:05:09z", "2019-10-07 08:05:09"),
    ("2019-10-07T08:05:09+05:30", "2019-10-07 02:35:09"),
    ("2019-10-07T08:05:09+0430", "2019-10-07 03:35:09"),
    ("2019-10-07T08:05:09+04", "2019-10-07 04:05:09"),
    ("2019-10-07 08:05:09 -03:00", "2019-10-07 11:05:09"),
    ("2019-10-07 08:05", "2019-10-07 08:05"),
    ("2019-10-07T08:05:09.25Z", "2019-10-07 08:05:09"),
    ("2019-10-07T08:05:09,123456789+01:00", "2019-10-07 07:05:09"),
    ("2019-10-07", "2019-10-07"),
    ("20191007T080509Z", "2019-10-07 08:05:09"),
    ("20191007T0805+0100", "2019-10-07 07:05"),
    ("20191007", "2019-10-07"),
    ("2019/10/07 08:05:09", "2019-10-07 08:05:09"),
    ("2019.10.7 08:05", "2019-10-07 08:05"),
    ("2019-10-07 08:05:09 +0000 UTC", "2019-10-07 08:05:09"),
    ("October 7, 2019 8:05 PM", "2019-10-07 20:05"),
    ("Monday, October 7th, 2019 - 12:05 a.m.", "2019-10-07 00:05"),
    ("Oct 7 2019 at 12:05pm", "2019-10-07 12:05"),
    ("Mon Oct  7 08:05:09 2019", "2019-10-07 08:05:09"),
    ("Mon Oct 7 08:05:09 CEST 2019", "2019-10-07 06:05:09"),
    ("Mon Oct 07 08:05:09 +0300 2019", "2019-10-07 05:05:09"),
    ("Mon Oct 07 2019 08:05:09 GMT+0300 (East Africa Time)", "2019-10-07 05:05:09"),
    ("Sun, 06 Oct 2019 24:00:00 +0200", "2019-10-06 22:00"),
    ("2016-12-31T23:59:60Z", "2016-12-31 23:59:59"),
    ("Mon, 07 Oct 1957 08:05:09 GMT", "1957-10-07 08:05:09"),
    ("2391-10-07", "2391-10-07"),
    ("  Mon, 07 Oct 2019\n 08:05:09\u00a0GMT ", "2019-10-07 08:05:09"),
]

IN_ZONES = [
    ("GMT+7", "01:05"),
    ("UTC+0430", "03:35"),
    ("UTC+5:30", "02:35"),
    ("UTC +3", "05:05"),
    ("GMT-09:30", "17:35"),
    ("UTC\u22123", "11:05"),
    ("(GMT+7)", "01:05"),
    ("America/Los_Angeles", "15:05"),
    ("America/Argentina/Buenos_Aires", "11:05"),
    ("Asia/Kabul", "03:35"),
    ("CET", "07:05"),
    ("CEST", "06:05"),
    ("EET", "06:05"),
    ("EEST", "05:05"),
    ("MSK", "05:05"),
    ("МСК", "05:05"),
    ("BST", "07:05"),
    ("EST", "13:05"),
    ("EDT", "12:05"),
    ("CST", "14:05"),
    ("CDT", "13:05"),
    ("MST", "15:05"),
    ("MDT", "14:05"),
    ("PST", "16:05"),
    ("(PDT)", "15:05"),
    ("ET", "12:05"),
    ("JST", "23:05 the day before"),
    ("KST", "23:05 the day before"),
    ("HKT", "00:05"),
    ("SGT", "00:05"),
    ("WIB", "01:05"),
    ("PKT", "03:05"),
    ("IST", "02:35"),
    ("AFT", "03:35"),
    ("IRST", "04:35"),
    ("GST", "04:05"),
    ("AEST", "22:05 the day before"),
    ("NZST", "20:05 the day before"),
    ("SAST", "06:05"),
    ("EAT", "05:05"),
    ("WAT", "07:05"),
    ("CAT", "06:05"),
    ("UT", "08:05"),
    ("Z", "08:05"),
]

IN_LANGUAGES = [
    ("French", "lun., 7 oct. 2019 08:05:09 +0200", "2019-10-07 06:05:09"),
    ("French, a clock with h", "lundi 7 octobre 2019 à 18h05", "2019-10-07 18:05"),
    ("French, leap second", "31 décembre 2016 23:59:60 CET", "2016-12-31 22:59:59"),
    ("French, end of day", "7 août 2019 24:00", "2019-08-08"),
    ("German", "Montag, 7. Oktober 2019, 18:05 Uhr", "2019-10-07 18:05"),
    ("German, a zone behind Uhr", "7. Oktober 2019, 18:05 Uhr CEST", "2019-10-07 16:05"),
    ("German, March", "Do, 7 Mär 2019 18:05:00 +0100", "2019-03-07 17:05"),
    ("Spanish", "lunes, 7 de octubre de 2019, 18:05", "2019-10-07 18:05"),
    ("Spanish, mar is Tuesday and March", "mar, 5 mar 2019 18:05:00 -0300", "2019-03-05 21:05"),
    ("Portuguese", "7 de outubro de 2019 às 18h05", "2019-10-07 18:05"),
    ("Italian", "lunedì 7 ottobre 2019 alle 18:05", "2019-10-07 18:05"),
    ("Russian", "понедельник, 7 октября 2019 г., 18:05", "2019-10-07 18:05"),
    ("Russian, the clock first", "18:05, 7 октября 2019", "2019-10-07 18:05"),
    ("Ukrainian", "понеділок, 7 жовтня 2019 р. 18:05", "2019-10-07 18:05"),
    ("Turkish", "7 Ekim 2019 Pazartesi 18:05", "2019-10-07 18:05"),
    ("Arabic", "الاثنين، ٧ أكتوبر ٢٠١٩ ١٨:٠٥", "2019-10-07 18:05"),
    ("Arabic of the Levant", "7 تشرين الأول 2019", "2019-10-07"),
    ("Arabic, half of the day", "7 أكتوبر 2019 6:05 م +0300", "2019-10-07 15:05"),
    ("Persian, Gregorian", "دوشنبه ۷ اکتبر ۲۰۱۹ ۱۸:۰۵", "2019-10-07 18:05"),
    ("Persian digits alone", "۲۰۱۹-۱۰-۰۷ ۱۸:۰۵", "2019-10-07 18:05"),
    ("Urdu", "7 اکتوبر 2019 18:05", "2019-10-07 18:05"),
    ("Hindi", "सोमवार, 7 अक्टूबर 2019 18:05 IST", "2019-10-07 12:35"),
    ("Chinese", "2019年10月7日 星期一 下午6:05", "2019-10-07 18:05"),
    ("Chinese, after midnight", "2019年10月7日 上午12:05", "2019-10-07 00:05"),
    ("Japanese", "2019年10月07日18時05分09秒", "2019-10-07 18:05:09"),
    ("Japanese, wide digits", "２０１９年１０月７日(月) 18:05 JST", "2019-10-07 09:05"),
    ("Korean", "2019년 10월 7일 (월) 오후 6시 05분", "2019-10-07 18:05"),
    ("Korean, numbers", "2019. 10. 7. 오후 6:05", "2019-10-07 18:05"),
    ("Indonesian", "Senin, 7 Oktober 2019 18.05 WIB", "2019-10-07 11:05"),
    ("Polish", "poniedziałek, 7 października 2019 18:05", "2019-10-07 18:05"),
    ("Dutch", "maandag 7 oktober 2019 18:05", "2019-10-07 18:05"),
    ("Dutch, March", "do 7 mrt 2019", "2019-03-07"),
    ("Georgian", "7 ოქტომბერი, 2019 18:05", "2019-10-07 18:05"),
]

NOT_SURE = [
    "",
    "now",
    "yesterday",
    "yesterday 18:05",
    "3 hours ago",
    "il y a 3 heures",
    "сегодня, 18:05",
    "Monday",
    "18:05",
    "7 October",
    "7 octobre",
    "October 2019",
    "octobre 2019",
    "2019",
    "2019-10",
    "2019-W41-1",
    "2019-280",
    "1570435509",
    "07.10.19",
    "19-10-07",
    "7 octobre 19",
    "7-9 October 2019",
    "7-9 octobre 2019",
    "7 octobre 2019, morning",
    "31 Jun 2019 08:05",
    "31/06/2019",
    "2019年13月7日",
    "7 Oct 2019 24:01",
    "7 Oct 2019 25:05",
    "7 Oct 2019 99:05 PM",
    "7 Oct 2019 18:05 AM",
    "7 Oct 2019 08:05 +2500",
    "7 Oct 2019 08:05 +0175",
    "7 Oct 2019 08:05 QQT",
    "7 Oct 2019 08:05 A",
    "7 Oct 2019 08:05 AST",
    "7 Oct 2019 08:05 Europe/Atlantis",
    "7 Oct 2019 08:05 America/Argentina",
    "7 octobre 2019 08:05 QQT",
    "7 octobre 2019 08:05 Europe/Atlantis",
    "7 октября 2019 08:05 ЖЖЖ",
    "7 QQ 2019 08:05",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T24:00:00Z",
    "۱۵ مهر ۱۳۹۸",
    "8 صفر 1441",
    "令和元年10月7日",
    "\ud800",
    "2019-10-07" + " " * 100,
]


@pytest.mark.parametrize(("written", "expected"), STANDARD, ids=[written for written, _ in STANDARD])
def test_a_standard_date_is_read_in_every_usual_spelling(written: str, expected: str) -> None:
    assert parse_date(written) == utc(expected)


@pytest.mark.parametrize(("zone", "expected"), IN_ZONES, ids=[zone for zone, _ in IN_ZONES])
@pytest.mark.parametrize("date", ["Mon, 07 Oct 2019 08:05:00", "lundi 7 octobre 2019 08:05"], ids=["English", "French"])
def test_a_zone_is_read_behind_a_date_of_any_language(date: str, zone: str, expected: str) -> None:
    clock, _, before = expected.partition(" ")
    assert parse_date(f"{date} {zone}") == utc(f"2019-10-07 {clock}") - timedelta(days=bool(before))


@pytest.mark.parametrize(
    ("written", "expected"), [row[1:] for row in IN_LANGUAGES], ids=[row[0] for row in IN_LANGUAGES]
)
def test_a_date_is_read_in_the_language_it_is_written_in(written: str, expected: str) -> None:
    assert parse_date(written) == utc(expected)
    # A name of the month, or a year in front, settles the order.
    assert parse_date(written, day_first=False) == utc(expected)


@pytest.mark.parametrize("written", NOT_SURE)
def test_what_is_not_sure_is_not_read(written: str) -> None:
    assert parse_date(written) is None
    assert parse_date(written, day_first=False) is None


@pytest.mark.parametrize(
    "tail", ["", " 18:05", " um 18:05 Uhr", " 下午6:05"], ids=["day", "clock", "German", "Chinese"]
)
def test_the_order_of_numbers_is_the_one_that_is_asked_for(tail: str) -> None:
    for mark in "/.-":
        written = f"04{mark}05{mark}2019{tail}"
        day, month = parse_date(written), parse_date(written, day_first=False)
        assert day is not None
        assert month is not None
        assert (day.day, day.month, month.day, month.month) == (4, 5, 5, 4)


@pytest.mark.parametrize("day_first", [True, False])
def test_a_number_above_twelve_is_the_day_in_either_order(day_first: bool) -> None:
    assert parse_date("25/03/2019", day_first) == parse_date("03/25/2019", day_first) == utc("2019-03-25")


@pytest.mark.parametrize(
    ("dates", "language", "first"),
    [
        (["04/05/2019", "25/03/2019"], "en-US", True),
        (["04/05/2019 18:05", "Mon, 03/25/2019 - 18:05"], "fr", False),
        (["٠٤/٠٥/٢٠١٩", "٢٥/٠٣/٢٠١٩"], "en-US", True),
        (["04/05/2019"], "en-US", False),
        (["04/05/2019"], "en_ph", False),
        (["04/05/2019"], "en-GB", True),
        (["04/05/2019"], "", True),
        ([], "en-us", False),
        (["25/03/2019", "03/25/2019"], "", True),
        (["25/03/2019", "03/25/2019"], "en-US", False),
        (["99/99/2019", "2019-03-25", "25/03/19", "x" * 1000 + "25/03/2019"], "en-US", False),
    ],
    ids=[
        "proven day first",
        "proven month first",
        "proven in Arabic digits",
        "American",
        "Philippine",
        "British",
        "no language",
        "no dates",
        "contradiction",
        "contradiction in America",
        "nothing that proves",
    ],
)
def test_which_number_is_the_day_is_proven_or_told_by_the_language(
    dates: list[str], language: str, first: bool
) -> None:
    assert day_comes_first(dates, language) is first


def test_every_abbreviation_of_the_table_is_a_zone() -> None:
    table = tomllib.loads((files("monitor.feeds") / "zones.toml").read_text("utf-8"))
    assert [name for name in table["zones"] if parse_date(f"7 Oct 2019 08:05 {name}") is None] == []


WRITTEN = (
    "7 octobre 2019",
    "mar, 5 mar 2019 18:05",
    "7 Oktober 2019 18.05 WIB",
    "الاثنين، ٧ أكتوبر ٢٠١٩ ١٨:٠٥",
    "29 février 2016",
    "29 février",
    "octobre 2019",
    "lundi",
    "18h05",
    "7 octobre 19",
)


def read_elsewhere(zone: str, language: str, written: tuple[str, ...]) -> list[str]:
    """What a fresh process reads on a machine with another time zone and language, in the order given."""
    code = "import sys\nfrom monitor.feeds.dates import parse_date\nfor text in sys.argv[1:]: print(parse_date(text))"
    environment = os.environ | {"TZ": zone, "LANG": language, "LC_ALL": language, "PYTHONUTF8": "1"}
    command = [sys.executable, "-c", code, *written]
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout.splitlines()


def test_the_machine_and_the_order_of_reading_play_no_part() -> None:
    here = [str(parse_date(written)) for written in WRITTEN]
    assert here[5:] == ["None"] * 5
    assert "None" not in here[:5]
    assert read_elsewhere("Asia/Kathmandu", "tr_TR.UTF-8", WRITTEN[::-1]) == here[::-1]


def test_standard_dates_need_no_heavy_library() -> None:
    code = (
        "import sys\nfrom monitor.feeds.dates import parse_date\n"
        "assert all(map(parse_date, sys.argv[1:]))\nassert 'dateparser' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, *(written for written, _ in STANDARD)], check=True)


# Pieces that dates are made of, put together in any order.
PIECES = """
    Mon, lun. понедельник الاثنين 7 07 31 2019 ۱۳۹۸ 19 Oct octobre октября اکتبر 10月 年 日 18:05 24:00 :60 18h05 下午
    PM م +0200 -99 GMT+7 CET QQT Asia/Kabul (PDT) Z T - / . , à ago hier Uhr
"""
NEAR_DATES = st.lists(st.tuples(st.sampled_from(PIECES.split()), st.sampled_from(["", " "])), max_size=9).map(
    lambda pieces: "".join(piece + space for piece, space in pieces)
)


@settings(max_examples=60, deadline=None)
@given(written=st.text(max_size=120) | NEAR_DATES, day_first=st.booleans())
def test_any_text_is_a_time_in_utc_or_none(written: str, day_first: bool) -> None:
    read = parse_date(written, day_first)
    assert read is None or read.utcoffset() == timedelta()
    assert parse_date(written, day_first) == read


@settings(max_examples=100, deadline=None)
@given(
    moment=st.datetimes(datetime.fromisoformat("1000-01-02"), datetime.fromisoformat("9998-12-31")),
    offset=st.integers(-12 * 60, 14 * 60).map(lambda minutes: timedelta(minutes=minutes)),
)
def test_a_date_comes_back_from_the_standard_ways_to_write_it(moment: datetime, offset: timedelta) -> None:
    local = moment + offset
    sign, minutes = ("-" if offset < timedelta() else "+"), abs(offset) // timedelta(minutes=1)
    number = f"{sign}{minutes // 60:02}{minutes % 60:02}"
    assert parse_date(f"{local.isoformat()}{number[:3]}:{number[3:]}") == moment.replace(microsecond=0, tzinfo=UTC)
    assert parse_date(f"{local:%Y%m%d}T{local:%H%M%S}{number}") == moment.replace(microsecond=0, tzinfo=UTC)
