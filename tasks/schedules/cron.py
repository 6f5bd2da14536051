"""When a line of cron comes next, in a zone: APScheduler's trigger reads clocks, which moment they show is said here.

A time that clocks leave out comes as much later as they are put forward; a time that they show twice comes the first
time, but for lines of every hour, which go on every hour. Weekdays are numbered as cron does (0 and 7 are Sunday), and
where a day of the month and a weekday are both given, either will do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from types import MappingProxyType
from typing import Any

from tasks.calendar import zone_of
from tasks.schedules.errors import NeverFiresError, NotACronError

_FIELDS = 5
_LONGEST = 100
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_FOR_SHORT: Mapping[str, str] = MappingProxyType(
    {
        "@hourly": "0 * * * *",
        "@daily": "0 0 * * *",
        "@weekly": "0 0 * * 0",
        "@monthly": "0 0 1 * *",
        "@yearly": "0 0 1 1 *",
    }
)
_YEARS = 41
"""A 29th of February on a weekday comes again after 40 years at most (over 2100, where there is none)."""
_WEEKDAYS = re.compile(r"(?P<first>[0-7]|[a-z]{3})(-(?P<last>[0-7]|[a-z]{3}))?(/(?P<step>[1-7]))?")


def check(cron: str, now: int) -> str:
    """The line as it is kept, in one writing. Raises NotACronError, NeverFiresError."""
    line = " ".join(cron.lower().split())
    line = _FOR_SHORT.get(line, line)
    if following(line, "UTC", now) is None:
        raise NeverFiresError(cron=line)
    return line


def following(cron: str, zone: str, after: int) -> int | None:
    """The first moment after ``after`` at which it comes (milliseconds); None if never. Raises NotACronError."""
    triggers, where = _triggers(cron, after), zone_of(zone)
    found = [moment for trigger in triggers if (moment := _next(trigger, where, after, cron)) is not None]
    return min(found, default=None)


def _next(trigger: Any, zone: tzinfo, after: int, cron: str) -> int | None:
    if cron.split()[1] in {"*", "*/1"}:
        return _by_elapsed_time(trigger, zone, after)
    clock = _clock(after, zone)
    for shown in _shown(trigger, clock):
        moment = _moment(shown, zone)
        if moment > after:
            return moment
    return None


def _by_elapsed_time(trigger: Any, zone: tzinfo, after: int) -> int | None:
    """Over a change of the clocks, too: from the change on with the new time."""
    offset = _offset(after, zone)
    shown = next(_shown(trigger, _clock(after, zone)), None)
    if shown is None:
        return None
    moment = round((shown.replace(tzinfo=UTC) - offset).timestamp() * 1000)
    if _offset(moment, zone) == offset:
        return moment
    changed = _change(after, moment, zone)
    shown = next(_shown(trigger, _clock(changed, zone) - timedelta(milliseconds=1)), None)
    if shown is None:
        return None
    return round((shown.replace(tzinfo=UTC) - _offset(changed, zone)).timestamp() * 1000)


def _change(before: int, after: int, zone: tzinfo) -> int:
    """The first moment of the new time between the two."""
    old = _offset(before, zone)
    while after - before > 1:
        middle = (before + after) // 2
        before, after = (middle, after) if _offset(middle, zone) == old else (before, middle)
    return after


# --------------------------------------------------------------------------- clocks


def _clock(moment: int, zone: tzinfo) -> datetime:
    """What the clocks there show, without a zone."""
    return datetime.fromtimestamp(moment / 1000, zone).replace(tzinfo=None)


def _moment(shown: datetime, zone: tzinfo) -> int:
    """The first moment at which they show it; one that is left out is as much later as they are put forward."""
    return round(shown.replace(tzinfo=zone).timestamp() * 1000)


def _offset(moment: int, zone: tzinfo) -> timedelta:
    return datetime.fromtimestamp(moment / 1000, zone).utcoffset() or timedelta()


def _shown(trigger: Any, clock: datetime) -> Iterator[datetime]:
    """What clocks show each time it comes, after ``clock``; the trigger takes it for UTC, which never changes."""
    last = clock.replace(tzinfo=UTC)
    while True:
        found = trigger.get_next_fire_time(None, last + timedelta(microseconds=1))
        if found is None or found <= last:
            return
        yield found.replace(tzinfo=None)
        last = found


# --------------------------------------------------------------------------- reading a line


def _triggers(cron: str, after: int) -> Sequence[Any]:
    """One, or two of which either will do; they look so many years ahead and no further."""
    from apscheduler.triggers.cron import CronTrigger  # noqa: PLC0415 - not needed by most commands of the shell

    fields = cron.split()
    if len(fields) != _FIELDS or len(cron) > _LONGEST:
        raise NotACronError(cron=cron[:_LONGEST])
    minute, hour, day, month, weekday = fields
    either = not day.startswith("*") and not weekday.startswith("*")
    days = [(day, "*"), ("*", weekday)] if either else [(day, weekday)]
    clocks = {"minute": minute, "hour": hour, "month": month, "timezone": UTC}
    end = datetime.fromtimestamp(after / 1000, UTC) + timedelta(days=366 * _YEARS)
    try:
        return [
            CronTrigger(day=day, day_of_week=_weekdays(weekday, cron), end_date=end, **clocks) for day, weekday in days
        ]
    except (ValueError, TypeError) as error:
        raise NotACronError(cron=cron[:_LONGEST]) from error


def _weekdays(field: str, cron: str) -> str:
    """The same by name: APScheduler counts from Monday, cron from Sunday."""
    if field == "*":
        return field
    days: set[int] = set()
    for part in field.split(","):
        found = _WEEKDAYS.fullmatch("0-6" + part[1:] if part.startswith("*") else part)
        if found is None:
            raise NotACronError(cron=cron)
        first, last, step = _day(found["first"], cron), _day(found["last"] or "", cron), int(found["step"] or 1)
        last = first if found["last"] is None else last
        last = 6 if found["step"] and found["last"] is None else last
        if last < first:
            last += 7
        days.update(day % 7 for day in range(first, last + 1, step))
    return ",".join(_DAYS[day] for day in sorted(days))


def _day(named: str, cron: str) -> int:
    if named.isdecimal():
        return int(named)
    if not named:
        return 0
    if named not in _DAYS:
        raise NotACronError(cron=cron)
    return _DAYS.index(named)
