"""Until when one may answer: the whole of the last day where the person is, over changes of the clocks, too."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.calendar import local_day, until

_DAY = 86_400_000
_ZONES = ("", "Asia/Seoul", "America/Sao_Paulo", "Africa/Cairo", "Asia/Beirut", "Pacific/Apia", "America/Havana", "UTC")


def _ms(text: str, zone: str) -> int:
    return round(datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("zone", "rejected", "days", "last"),
    [
        ("Asia/Seoul", "2026-11-20 18:05", 7, "2026-11-27 23:59:59.999"),
        ("Asia/Seoul", "2026-11-20 00:00", 7, "2026-11-27 23:59:59.999"),
        ("Asia/Seoul", "2026-11-20 23:59:59.999", 7, "2026-11-27 23:59:59.999"),
        ("America/New_York", "2026-10-30 22:00", 7, "2026-11-06 23:59:59.999"),  # an hour is there twice meanwhile
        ("Europe/Berlin", "2026-03-25 12:00", 7, "2026-04-01 23:59:59.999"),  # one is missing meanwhile
        ("UTC", "2026-12-28 12:00", 7, "2027-01-04 23:59:59.999"),
    ],
)
def test_the_last_day_is_a_whole_day_there(zone: str, rejected: str, days: int, last: str) -> None:
    assert until(zone, _ms(rejected, zone), days * _DAY) == _ms(last, zone)


def test_a_zone_that_is_not_known_is_utc() -> None:
    now = _ms("2026-11-20 18:05", "UTC")
    assert until("", now, _DAY) == until("Mars/Olympus", now, _DAY) == _ms("2026-11-21 23:59:59.999", "UTC")


def test_midnight_that_is_missing() -> None:
    """In Beirut, clocks go from 00:00 to 01:00 at the end of the last Saturday of March."""
    now = _ms("2022-03-25 12:00", "Asia/Beirut")
    assert until("Asia/Beirut", now, _DAY) + 1 == _ms("2022-03-27 01:00", "Asia/Beirut")


@given(st.integers(1_000_000_000_000, 2_000_000_000_000), st.integers(0, 30 * _DAY), st.sampled_from(_ZONES))
def test_it_is_that_day_and_a_moment_later_the_next(now: int, within: int, zone: str) -> None:
    last = until(zone, now, within)
    assert now + within <= last
    assert local_day(last, zone) == local_day(now + within, zone)
    assert local_day(last + 1, zone) > local_day(last, zone)
