"""Where it has become morning: people are told at an hour of their own day."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date, datetime, time, timedelta

from tasks.calendar import local_day, weekday, zone_of
from tasks.schedules.errors import NoTimeError

_EPOCH = date(1970, 1, 1)
_LONGEST_MS = 24 * 3_600_000
"""A morning so long ago is news no more."""
_TIME = re.compile(r"(?:[01]?\d|2[0-3]):[0-5]\d")


def read_time(written: str) -> str:
    """A time of the day as ``09:00``. Raises NoTimeError."""
    if not _TIME.fullmatch(written.strip()):
        raise NoTimeError(time=written[:20])
    return written.strip().zfill(5)


def mornings(zones: Collection[str], at: str, since: int, now: int, on: int | None = None) -> Sequence[tuple[str, int]]:
    """Zones whose clocks came by ``at`` after ``since`` (milliseconds), and the day there since 1970, the latest alone.

    With ``on`` (0 for Monday) only on that weekday.
    """
    found = []
    since = max(since, now - _LONGEST_MS)
    for zone in sorted(zones):
        today = local_day(now, zone)
        for day in (today, today - 1):
            if since < _moment(zone, day, at) <= now:
                found += [(zone, day)] if on is None or weekday(day) == on else []
                break
    return found


def _moment(zone: str, day: int, at: str) -> int:
    there = datetime.combine(_EPOCH + timedelta(days=day), time.fromisoformat(at), zone_of(zone))
    return round(there.timestamp() * 1000)
