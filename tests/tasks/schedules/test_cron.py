"""When a line of cron comes next, over changes of the clocks, too."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.schedules.cron import check, following
from tasks.schedules.errors import NeverFiresError, NotACronError
from tests.conftest import NOON

_NEW_YORK = "America/New_York"


def _millis(written: str, zone: str) -> int:
    return round(datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def _times(cron: str, zone: str, after: str, n: int) -> list[str]:
    moment, found = _millis(after, zone), []
    for _time in range(n):
        at = following(cron, zone, moment)
        assert at is not None
        moment = at
        found.append(datetime.fromtimestamp(moment / 1000, ZoneInfo(zone)).strftime("%m-%d %a %H:%M%z"))
    return found


@pytest.mark.parametrize(
    ("cron", "zone", "expected"),
    [
        ("0 9 * * 1", "Asia/Seoul", ["09-28 Mon 09:00+0900", "10-05 Mon 09:00+0900"]),
        ("0 9 * * 7", "Asia/Seoul", ["09-27 Sun 09:00+0900", "10-04 Sun 09:00+0900"]),
        ("0 9 * * 6-1", "UTC", ["09-26 Sat 09:00+0000", "09-27 Sun 09:00+0000"]),
        ("0 9 * * mon-fri", "UTC", ["09-23 Wed 09:00+0000", "09-24 Thu 09:00+0000"]),
        ("30 6 1 * 5", "UTC", ["09-25 Fri 06:30+0000", "10-01 Thu 06:30+0000"]),
        ("@monthly", "UTC", ["10-01 Thu 00:00+0000", "11-01 Sun 00:00+0000"]),
        ("0 0 29 2 *", "UTC", ["02-29 Tue 00:00+0000", "02-29 Sun 00:00+0000"]),
    ],
)
def test_lines_as_cron_reads_them(cron: str, zone: str, expected: list[str]) -> None:
    assert _times(check(cron, NOON), zone, "2026-09-22T14:00", 2) == expected


@pytest.mark.parametrize(
    ("cron", "zone", "after", "expected"),
    [
        (  # clocks go from 02:00 to 03:00
            "30 2 * * *",
            _NEW_YORK,
            "2027-03-13T12:00",
            ["03-14 Sun 03:30-0400", "03-15 Mon 02:30-0400"],
        ),
        (  # clocks go from 02:00 back to 01:00
            "30 1 * * *",
            _NEW_YORK,
            "2027-11-06T12:00",
            ["11-07 Sun 01:30-0400", "11-08 Mon 01:30-0500"],
        ),
        (
            "30 * * * *",
            _NEW_YORK,
            "2027-11-07T00:45",
            ["11-07 Sun 01:30-0400", "11-07 Sun 01:30-0500", "11-07 Sun 02:30-0500"],
        ),
        (
            "*/30 * * * *",
            _NEW_YORK,
            "2027-03-14T01:10",
            ["03-14 Sun 01:30-0500", "03-14 Sun 03:00-0400", "03-14 Sun 03:30-0400"],
        ),
        (  # by half an hour
            "*/15 * * * *",
            "Australia/Lord_Howe",
            "2027-04-04T01:40",
            ["04-04 Sun 01:45+1100", "04-04 Sun 01:30+1030", "04-04 Sun 01:45+1030"],
        ),
    ],
)
def test_clocks_that_change(cron: str, zone: str, after: str, expected: list[str]) -> None:
    assert _times(cron, zone, after, len(expected)) == expected


@pytest.mark.parametrize(
    "cron",
    ["", "every day", "0 9 * *", "0 9 * * * *", "61 * * * *", "0 9 * * 8", "0 9 * * mo", "*" * 200, "0 9 * * 1-"],
)
def test_what_is_no_cron_says_so_with_an_example(cron: str) -> None:
    with pytest.raises(NotACronError, match="0 9"):
        check(cron, NOON)


@pytest.mark.parametrize("cron", ["0 0 31 2 *", "0 0 30 2 *", "0 0 31 4,6,9,11 *"])
def test_what_never_comes_says_so(cron: str) -> None:
    with pytest.raises(NeverFiresError):
        check(cron, NOON)


@settings(max_examples=60, deadline=None)
@given(
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    zone=st.sampled_from([_NEW_YORK, "Asia/Seoul", "Australia/Lord_Howe", "Pacific/Apia", "Europe/London"]),
    day=st.integers(0, 800),
)
def test_a_time_of_day_comes_once_on_each_day(hour: int, minute: int, zone: str, day: int) -> None:
    moment, seen = NOON + day * 86_400_000, []
    for _time in range(4):
        at = following(f"{minute} {hour} * * *", zone, moment)
        assert at is not None
        assert at > moment
        moment = at
        seen.append(datetime.fromtimestamp(at / 1000, ZoneInfo(zone)).toordinal())
    assert [b - a for a, b in pairwise(seen)] == [1, 1, 1]
