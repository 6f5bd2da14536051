"""Time where people are: the zones to choose from, the zone of a place, and whether it is their quiet time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

from tasks.calendar import zone_of

_LIKELY: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "": ("Europe/London", "America/New_York", "America/Los_Angeles", "Asia/Kolkata", "Asia/Manila", "Asia/Seoul"),
        "ko": ("Asia/Seoul", "America/Los_Angeles", "America/New_York", "Asia/Ho_Chi_Minh", "Asia/Tokyo"),
    }
)
"""Where people who read a language most likely are, the likeliest first; ``""`` for any other language."""
_OTHERS = (
    "Pacific/Honolulu", "America/Anchorage", "America/Denver", "America/Chicago", "America/Mexico_City",
    "America/Bogota", "America/Lima", "America/Caracas", "America/Santiago", "America/Halifax", "America/St_Johns",
    "America/Sao_Paulo", "America/Buenos_Aires", "Atlantic/Azores", "Africa/Accra", "Africa/Lagos", "Africa/Cairo",
    "Africa/Johannesburg", "Africa/Nairobi", "Europe/Lisbon", "Europe/Paris", "Europe/Berlin", "Europe/Madrid",
    "Europe/Warsaw", "Europe/Athens", "Europe/Bucharest", "Europe/Istanbul", "Europe/Moscow", "Asia/Riyadh",
    "Asia/Dubai", "Asia/Tehran", "Asia/Kabul", "Asia/Karachi", "Asia/Tashkent", "Asia/Kathmandu", "Asia/Dhaka",
    "Asia/Almaty", "Asia/Yangon", "Asia/Bangkok", "Asia/Ho_Chi_Minh", "Asia/Jakarta", "Asia/Shanghai",
    "Asia/Taipei", "Asia/Singapore", "Asia/Ulaanbaatar", "Australia/Perth", "Australia/Adelaide",
    "Australia/Brisbane", "Australia/Sydney", "Asia/Tokyo", "Asia/Vladivostok", "Pacific/Auckland",
)  # fmt: skip
_AT_SEA = "Etc/"
_MOST_LATITUDE, _MOST_LONGITUDE = 90, 180
_DAY_MINUTES = 1440


@dataclass(frozen=True, slots=True)
class Quiet:
    """A stretch of every day, in minutes of the person's own day; it may go over midnight."""

    start: int
    end: int


def choices(language: str, now: int) -> Sequence[str]:
    """The zones to choose from: where people of that language likely are, then all round the world."""
    likely = [*_LIKELY.get(language, ()), *(zone for zone in _LIKELY[""] if zone not in _LIKELY.get(language, ()))]
    others = [zone for zone in _OTHERS if zone not in likely]
    return [*likely, *sorted(others, key=lambda zone: (_offset(zone, now), zone))]


def zone_at(latitude: object, longitude: object) -> str:
    """The zone of a place (degrees); empty for a place that is none, or out at sea, where no city keeps the time."""
    from tzfpy import get_tz  # noqa: PLC0415 - its map takes 33 MB once it is used, and many never use it

    if not isinstance(latitude, int | float) or not isinstance(longitude, int | float):
        return ""
    if not (abs(latitude) <= _MOST_LATITUDE and abs(longitude) <= _MOST_LONGITUDE):  # false for no numbers, too
        return ""
    found = get_tz(longitude, latitude)
    return "" if found.startswith(_AT_SEA) or zone_of(found) is UTC else found


def local(zone: str, now: int) -> datetime:
    """The moment (milliseconds, UTC) on the clocks of a zone; UTC where the zone is not known."""
    return datetime.fromtimestamp(now / 1000, zone_of(zone))


def clock(zone: str, now: int) -> str:
    """What the clocks of a zone show: ``18:05``."""
    return f"{local(zone, now):%H:%M}"


def is_quiet(quiet: Quiet | None, zone: str, now: int) -> bool:
    """Whether somebody wants to be left alone now; never where no hours, or two equal ones, are set."""
    if quiet is None or not zone:
        return False
    here = local(zone, now)
    minute = here.hour * 60 + here.minute
    return (minute - quiet.start) % _DAY_MINUTES < (quiet.end - quiet.start) % _DAY_MINUTES


def awake_at(quiet: Quiet | None, zone: str, now: int) -> int:
    """The first moment from ``now`` on that is not quiet (milliseconds); over a change of the clocks, too."""
    if quiet is None or not is_quiet(quiet, zone, now):
        return now
    here = local(zone, now)
    end = here.replace(hour=quiet.end // 60, minute=quiet.end % 60, second=0, microsecond=0, fold=0)
    ends = [round((end + timedelta(days=days)).timestamp() * 1000) for days in (0, 1)]
    return next((moment for moment in ends if moment > now), now)


def _offset(zone: str, now: int) -> timedelta:
    return local(zone, now).utcoffset() or timedelta()
