"""A day and a time as somebody writes them: theirs, or one moment; and what is none."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.outreach.hours import at_moment, at_their_hour
from tasks.outreach.timing import HourError, Timing

_NOON = round(datetime(2026, 11, 26, 12, tzinfo=UTC).timestamp() * 1000)
_SEOUL = "Asia/Seoul"  # nine hours ahead: it is nine in the evening


@pytest.mark.parametrize(
    ("written", "day", "minute"),
    [
        ("18:30", "2026-11-27", 1110),
        ("22:00", "2026-11-26", 1320),
        (" 9.05 ", "2026-11-27", 545),
        ("2026-12-24 00:00", "2026-12-24", 0),
        ("2026-12-24T23:59", "2026-12-24", 1439),
    ],
)
def test_at_an_hour_of_theirs(written: str, day: str, minute: int) -> None:
    """Without a day on the next one on which it is still to come, where who writes is."""
    assert at_their_hour(written, _SEOUL, _NOON) == Timing(day=day, minute=minute, zone=_SEOUL)


def test_at_one_moment() -> None:
    there = datetime(2026, 12, 24, 18, 30, tzinfo=ZoneInfo(_SEOUL))
    assert at_moment("2026-12-24 18:30", _SEOUL, _NOON) == Timing(at=round(there.timestamp() * 1000), zone=_SEOUL)


@pytest.mark.parametrize("written", ["", "25:00", "12:60", "noon", "2026-02-30 09:00", "9", "12:00 tomorrow", "١٢:٠٠"])  # noqa: RUF001 - digits of another script
def test_what_is_no_time(written: str) -> None:
    with pytest.raises(HourError):
        at_their_hour(written, "UTC", _NOON)


@given(st.integers(0, 23), st.integers(0, 59), st.sampled_from(["UTC", _SEOUL, "America/New_York", "Nowhere/Else"]))
def test_a_time_alone_is_always_to_come_and_within_a_day(hour: int, minute: int, zone: str) -> None:
    at = at_moment(f"{hour}:{minute:02}", zone, _NOON).at
    assert at is not None
    assert 0 < at - _NOON <= 25 * 3_600_000
