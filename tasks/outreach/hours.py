"""A day and a time of day as somebody writes them: ``18:30``, ``2026-12-24 18:30``."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta

from tasks.calendar import zone_of
from tasks.outreach.timing import HourError, Timing

_WRITTEN = re.compile(r"(?:([0-9]{4}-[0-9]{2}-[0-9]{2})[ T]+)?([0-9]{1,2})[:.]([0-9]{2})")


def at_their_hour(text: str, zone: str, now: int) -> Timing:
    """At that time of each person's day, on the day that is written, else the next on which it is still to come.

    ``zone`` is that of who writes. Raises HourError.
    """
    day, minute = _read(text, zone, now)
    return Timing(day=day.isoformat(), minute=minute, zone=zone)


def at_moment(text: str, zone: str, now: int) -> Timing:
    """At that time of the clock of who writes. Raises HourError."""
    day, minute = _read(text, zone, now)
    return Timing(at=_moment(day, minute, zone), zone=zone)


def _read(text: str, zone: str, now: int) -> tuple[date, int]:
    found = _WRITTEN.fullmatch(text.strip())
    if found is None:
        raise HourError
    hour, minutes = int(found[2]), int(found[3])
    try:
        time(hour, minutes)
        written = date.fromisoformat(found[1]) if found[1] else None
    except ValueError:
        raise HourError from None
    minute = hour * 60 + minutes
    if written:
        return written, minute
    today = datetime.fromtimestamp(now / 1000, UTC).astimezone(zone_of(zone)).date()
    return (today if _moment(today, minute, zone) > now else today + timedelta(days=1)), minute


def _moment(day: date, minute: int, zone: str) -> int:
    there = datetime.combine(day, time(minute // 60, minute % 60), zone_of(zone))
    return round(there.timestamp() * 1000)
