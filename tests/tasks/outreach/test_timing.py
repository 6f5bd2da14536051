"""When a message is due: by each person's own clock, in waves, never in their quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.outreach import timing
from tasks.outreach.content import OutreachError
from tasks.outreach.timing import Timing, check
from tasks.zones import Quiet, is_quiet
from tests.conftest import NOON

_HOUR = 3_600_000
_DAY = "2026-09-25"


def _at(zone: str, hour: int) -> int:
    return round(datetime(2026, 9, 25, hour, tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def test_at_an_hour_of_their_own_day() -> None:
    evening = Timing(day=_DAY, minute=18 * 60, zone="Europe/Berlin")
    assert evening.due(0, "Asia/Seoul", None, NOON) == _at("Asia/Seoul", 18)
    assert evening.due(0, "", None, NOON) == _at("Europe/Berlin", 18)  # the maker's, where nobody knows better
    assert evening.due(0, "Asia/Seoul", None, _at("UTC", 20)) == _at("UTC", 20)  # it is past there: at once


def test_waves() -> None:
    waves = Timing(wave=100, every=10)
    assert [waves.due(nth, "", None, NOON) - NOON for nth in (0, 99, 100, 250)] == [0, 0, 600_000, 1_200_000]


@given(
    st.sampled_from(["", "UTC", "Asia/Seoul", "America/New_York"]), *(st.integers(0, 1439),) * 2, st.integers(0, 400)
)
def test_never_in_quiet_hours_and_never_early(zone: str, start: int, end: int, nth: int) -> None:
    quiet = Quiet(start, end)
    plan = Timing(at=NOON + 5 * _HOUR if nth % 2 else None, wave=50, every=30)
    due = plan.due(nth, zone, quiet, NOON)
    assert due >= NOON + (5 * _HOUR if nth % 2 else 0)
    assert not is_quiet(quiet, zone, due)


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (Timing(at=NOON - 1), timing.PastError),
        (Timing(at=NOON + 400 * 24 * _HOUR), timing.FarError),
        (Timing(wave=5), timing.WavesError),
        (Timing(wave=-5, every=-1), timing.WavesError),
        (Timing(day="tomorrow", minute=5), timing.HourError),
        (Timing(day=_DAY), timing.HourError),
        (Timing(day=_DAY, minute=1440), timing.HourError),
        (Timing(day="2026-01-01", minute=600), timing.PastError),
    ],
)
def test_what_cannot_be(wrong: Timing, error: type[OutreachError]) -> None:
    with pytest.raises(error):
        check(wrong, NOON)


def test_kept() -> None:
    plan = Timing(day=_DAY, minute=600, zone="Asia/Seoul", wave=10, every=5)
    check(plan, NOON)
    assert timing.unpack(plan.pack()) == plan
    assert datetime.fromtimestamp(NOON / 1000, UTC).year == 2026
