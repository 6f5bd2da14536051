"""A person's own calendar: which day it is where they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

_EPOCH = date(1970, 1, 1)


@lru_cache(1_000)
def zone_of(name: str) -> tzinfo:
    """The zone of this IANA name; UTC where they have said none, or one that this machine does not know."""
    try:
        return ZoneInfo(name) if name else UTC
    except (LookupError, ValueError, OSError):
        return UTC


def local_day(millis: int, zone: str) -> int:
    """The day there at that moment, in days since 1970."""
    return (datetime.fromtimestamp(millis / 1000, zone_of(zone)).date() - _EPOCH).days


def until(zone: str, now: int, within: int) -> int:
    """The last millisecond of the day there (23:59:59.999) that it is ``within`` ms after ``now``.

    Midnight may be missing where clocks change: then the day ends where they change.
    """
    return starts(local_day(now + within, zone) + 1, zone) - 1


def starts(day: int, zone: str) -> int:
    """The first millisecond there of a day since 1970."""
    date = _EPOCH + timedelta(days=day)
    return round(datetime(date.year, date.month, date.day, tzinfo=zone_of(zone)).timestamp() * 1000)


def weekday(day: int) -> int:
    """0 for Monday to 6 for Sunday, of a day since 1970 (a Thursday)."""
    return (day + 3) % 7
