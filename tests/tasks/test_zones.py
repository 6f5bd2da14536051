"""Time where people are: over midnight, over changes of the clocks, and for places that are none."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formats import Formats
from tasks.zones import Quiet, awake_at, choices, clock, is_quiet, zone_at

_NIGHT = Quiet(22 * 60, 8 * 60)
_NOON_NAP = Quiet(12 * 60, 13 * 60)


def ms(year: int, month: int, day: int, hour: int, minute: int = 0, zone: str = "UTC") -> int:
    return round(datetime(year, month, day, hour, minute, tzinfo=ZoneInfo(zone)).timestamp() * 1000)


@pytest.mark.parametrize(
    ("quiet", "hour", "minute", "held"),
    [
        (_NIGHT, 21, 59, False),
        (_NIGHT, 22, 0, True),
        (_NIGHT, 23, 59, True),
        (_NIGHT, 0, 0, True),
        (_NIGHT, 7, 59, True),
        (_NIGHT, 8, 0, False),
        (_NOON_NAP, 12, 30, True),
        (_NOON_NAP, 13, 0, False),
        (Quiet(480, 480), 8, 0, False),
        (None, 3, 0, False),
    ],
)
def test_quiet_hours_go_over_midnight(quiet: Quiet | None, hour: int, minute: int, *, held: bool) -> None:
    now = ms(2026, 11, 24, hour, minute, "Asia/Seoul")
    assert is_quiet(quiet, "Asia/Seoul", now) is held
    assert not is_quiet(quiet, "", now), "whose time is not known is not asleep"


@given(
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.sampled_from(["UTC", "Asia/Seoul", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"]),
    st.integers(ms(2026, 1, 1, 0), ms(2027, 12, 31, 0)),
)
def test_there_is_an_end_to_quiet_within_a_day(start: int, end: int, zone: str, now: int) -> None:
    quiet = Quiet(start, end)
    awake = awake_at(quiet, zone, now)
    assert now <= awake <= now + 25 * 3_600_000
    if awake > now:
        assert not is_quiet(quiet, zone, awake)
        assert is_quiet(quiet, zone, awake - 60_000) or is_quiet(quiet, zone, now)


def test_the_clocks_go_back_and_forth() -> None:
    # New York, 2026: 2 a.m. comes twice on November 1 and never on March 8.
    for day in (ms(2026, 11, 1, 3, zone="UTC"), ms(2026, 3, 8, 4, zone="UTC")):
        ends = awake_at(_NIGHT, "America/New_York", day)
        assert clock("America/New_York", ends) == "08:00"


def test_a_zone_that_this_machine_does_not_know_is_utc() -> None:
    assert clock("Mars/Olympus", ms(2026, 1, 1, 18, 5)) == "18:05"


@pytest.mark.parametrize(
    ("latitude", "longitude", "zone"),
    [
        (37.57, 126.98, "Asia/Seoul"),
        (51.5, -0.1, "Europe/London"),
        (27.7, 85.3, "Asia/Kathmandu"),
        (-40, -150, ""),
        (0, 0, ""),
        (95, 200, ""),
        (float("nan"), 1, ""),
        (float("inf"), 1, ""),
        (None, None, ""),
        ("37.5", "127", ""),
    ],
)
def test_the_zone_of_a_place(latitude: object, longitude: object, zone: str) -> None:
    assert zone_at(latitude, longitude) == zone


@pytest.mark.parametrize("language", ["en", "ko", "xx"])
def test_the_zones_to_choose_from_are_there_once_and_have_names(language: str) -> None:
    zones = choices(language, ms(2026, 11, 24, 0))
    assert len(zones) == len(set(zones)) > 50
    assert all(ZoneInfo(zone) for zone in zones)
    assert {*zones} == {*choices("en", ms(2026, 6, 1, 0))}
    assert (zones[0] == "Asia/Seoul") is (language == "ko")
    cities = [Formats("ko" if language == "ko" else "en").city(zone) for zone in zones]
    assert len(set(cities)) == len(cities)
    assert all(not city.isascii() for city in cities) is (language == "ko")
    offsets = [datetime.fromtimestamp(1_790_000_000, ZoneInfo(zone)).utcoffset() for zone in choices("xx", 0)]
    assert {offset for offset in offsets if offset} >= {
        datetime.fromtimestamp(1_790_000_000, ZoneInfo(zone)).utcoffset()
        for zone in ("Asia/Tokyo", "Asia/Kolkata", "Asia/Kathmandu", "America/St_Johns", "Pacific/Auckland")
    }


def test_a_city_by_the_name_its_zone_has_now_and_had_before() -> None:
    assert {Formats("ko").city(zone) for zone in ("Asia/Kolkata", "Asia/Calcutta")} == {"콜카타"}
    assert Formats("en").city("America/Argentina/Buenos_Aires") == "Buenos Aires"
