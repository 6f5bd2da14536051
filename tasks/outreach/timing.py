"""When a message of a broadcast goes out: at once, at a moment, at an hour of each person's day; in waves; awake."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time
from typing import Any

from db.errors import told
from tasks.calendar import zone_of
from tasks.outreach.content import OutreachError
from tasks.zones import Quiet, awake_at

_MINUTE_MS = 60_000
_DAY_MINUTES = 1440
_FARTHEST_DAYS = 366
_DAY_MS = _DAY_MINUTES * _MINUTE_MS


class PastError(OutreachError):
    """It would have had to be sent already."""

    message = told("Choose a time to come: this one is over.")


class FarError(OutreachError):
    """Nobody knows what will be true then."""

    message = told("Choose a time within a year: this one is further away.")


class WavesError(OutreachError):
    """Waves of nobody, or without a pause."""

    message = told("Say how many people a wave has, and how many minutes lie between two: both at least 1.")


class HourError(OutreachError):
    """No time of a day."""

    message = told("Write the time as 18:30 and the day as 2026-12-24: this is no time.")


@dataclass(frozen=True, slots=True)
class Timing:
    """At once; with ``at`` (milliseconds) not before that moment; with ``day`` and ``minute`` at an hour of their day.

    ``zone`` is that of the maker: the hour is theirs for people who have not said where they are. With ``wave``, so
    many people at a time, ``every`` minutes apart. Whatever comes out is moved out of a person's quiet hours.
    """

    at: int | None = None
    day: str = ""
    """ISO: ``2026-12-24``."""
    minute: int | None = None
    """Of the person's own day, 0 to 1439."""
    zone: str = "UTC"
    wave: int = 0
    every: int = 0

    def pack(self) -> str:
        """As JSON."""
        return json.dumps(asdict(self))

    def due(self, nth: int, zone: str, quiet: Quiet | None, began: int) -> int:
        """When the message to the ``nth`` person (from 0) is due, of a broadcast that was sent at ``began``."""
        base = max(began, self.at or 0)
        if self.minute is not None:
            base = max(began, _hour(self.day, self.minute, zone or self.zone))
        if self.wave:
            base += nth // self.wave * self.every * _MINUTE_MS
        return awake_at(quiet, zone, base)


def unpack(text: str) -> Timing:
    """What ``pack`` made JSON of."""
    packed: Mapping[str, Any] = json.loads(text)
    return Timing(**packed)


def check(timing: Timing, now: int) -> None:
    """Raises OutreachError where it cannot be done."""
    if timing.wave < 0 or timing.every < 0 or bool(timing.wave) != bool(timing.every):
        raise WavesError
    last = timing.at
    if timing.minute is not None or timing.day:
        if timing.minute is None or not 0 <= timing.minute < _DAY_MINUTES:
            raise HourError
        try:
            date.fromisoformat(timing.day)
        except ValueError:
            raise HourError from None
        last = _hour(timing.day, timing.minute, timing.zone)
    if last is not None and last <= now:
        raise PastError
    if last is not None and last > now + _FARTHEST_DAYS * _DAY_MS:
        raise FarError


def _hour(day: str, minute: int, zone: str) -> int:
    """The moment of a zone's clock; one that a change of the clocks leaves out is the same time after it."""
    there = datetime.combine(date.fromisoformat(day), time(minute // 60, minute % 60), zone_of(zone))
    return round(there.timestamp() * 1000)
