"""Schedules as rows: those that are always there, those that were added; what is due, and how it went.

Everything that is done to them by somebody is recorded.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, timedelta
from types import MappingProxyType
from typing import Any, cast

from db.queries import schedules
from db.queries.schedules import Row
from db.session import Tx
from tasks.calendar import zone_of
from tasks.kept import pack, unpack
from tasks.privacy.audit import Act, Actor, record
from tasks.schedules import cron
from tasks.schedules.errors import (
    AlwaysThereError,
    BadNameError,
    NoPeriodError,
    NothingChangesError,
    OtherTimeError,
    PeriodError,
    TakenNameError,
    UnknownScheduleError,
    UnknownWorkError,
    UnknownZoneError,
)
from tasks.schedules.morning import read_time
from tasks.schedules.work import ADDED, ALWAYS, RANK
from tasks.words import Words

__all__ = ["New", "Row"]

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_EVERY = re.compile(r"(\d{1,9})([smhd])")
_UNITS: Mapping[str, int] = MappingProxyType({"s": 1_000, "m": 60_000, "h": 3_600_000, "d": 86_400_000})
_LEAST_MS, _MOST_MS = 1_000, 7 * 86_400_000
_LAST = len(RANK)


@dataclass(frozen=True, slots=True)
class New:
    """What is added: ``what`` of ``ADDED``, when, and with which arguments (JSON)."""

    name: str
    what: str
    cron: str
    zone: str
    arguments: Mapping[str, Any] = field(default_factory=dict)


# --------------------------------------------------------------------------- the clock's side


def make_missing(tx: Tx, now: int) -> None:
    """Add those that should always be there and are not; they are due at once."""
    there = {row.name for row in tx.all(schedules.ALL)}
    for work in ALWAYS.values():
        if work.name not in there:
            arguments = json.dumps({"at": work.at} if work.at else {})
            due = now if work.every_ms else cron.following(work.cron, "UTC", now)
            when = {"cron": work.cron, "zone": "UTC", "every": work.every_ms, "due": due}
            tx.run(schedules.ADD, name=work.name, what=work.name, arguments=arguments, actor=None, **when)


def due(tx: Tx, now: int) -> Sequence[Row]:
    """What is to be done now, in the order in which it is best done."""
    return sorted(tx.all(schedules.DUE, now=now), key=lambda row: (RANK.get(row.what, _LAST), row.id))


def following(row: Row, now: int) -> int | None:
    """When it comes next, from now on; what was missed meanwhile is missed."""
    return now + row.every_ms if row.every_ms else cron.following(row.cron, row.zone, now)


def take(tx: Tx, row: Row, now: int) -> bool:
    """Whether it is this turn that does what is due: False if somebody else has, or it was paused or moved."""
    return bool(tx.run(schedules.TAKE, id=row.id, was=row.next_at, due=following(row, now)))


def ran(tx: Tx, row: Row, began: int, took: int, now: int, error: Words | None) -> None:
    """Write down how it went; it comes again in its time, unless it was moved meanwhile."""
    tx.run(schedules.RAN, id=row.id, began=began, took=took, error=json.dumps(pack(error)) if error else "")
    next_at = max(began + row.every_ms, now + 1) if row.every_ms else following(row, now)
    tx.run(schedules.TAKE, id=row.id, was=row.next_at, due=next_at)


def error_of(row: Row) -> Words | None:
    """What went wrong the last time."""
    return cast("Words", unpack(json.loads(row.last_error))) if row.last_error else None


# --------------------------------------------------------------------------- people's side


def every(tx: Tx) -> Sequence[Row]:
    """All of them: those that were added first, then those that are always there."""
    return sorted(tx.all(schedules.ALL), key=lambda row: (row.name in ALWAYS, RANK.get(row.what, _LAST), row.id))


def one(tx: Tx, name: str) -> Row:
    """The one of that name. Raises UnknownScheduleError."""
    row = tx.one(schedules.LOCKED, name=name)
    if row is None:
        raise UnknownScheduleError(name=name[:40])
    return row


def pause(tx: Tx, actor: Actor, name: str, now: int) -> None:
    """Do it no more, until it is resumed. Raises ScheduleError."""
    row = one(tx, name)
    if not tx.run(schedules.PAUSE, name=name):
        raise NothingChangesError(name=name)
    _record(tx, actor, "pause schedule", row, now)


def resume(tx: Tx, actor: Actor, name: str, now: int) -> None:
    """Go on: at once where it comes every so often, else when its time comes. Raises ScheduleError."""
    row = one(tx, name)
    if not tx.run(schedules.GO_ON, name=name, due=now if row.every_ms else following(row, now)):
        raise NothingChangesError(name=name)
    _record(tx, actor, "resume schedule", row, now)


def run_now(tx: Tx, actor: Actor, name: str, now: int) -> None:
    """Let it be due now: the process that leads does it within seconds. One that is paused stays so.

    Raises ScheduleError.
    """
    row = one(tx, name)
    tx.run(schedules.BRING_ON, name=name, now=now)
    _record(tx, actor, "run schedule", row, now)


def change_every(tx: Tx, actor: Actor, name: str, every_ms: int, now: int) -> None:
    """Another time between two. Raises ScheduleError."""
    row = one(tx, name)
    if not row.every_ms:
        raise OtherTimeError(name=name)
    if not _LEAST_MS <= every_ms <= _MOST_MS:
        raise PeriodError(name=name, least=timedelta(milliseconds=_LEAST_MS))
    _retime(tx, actor, row, {"every": every_ms, "due": now + every_ms}, now)


def read_every(written: str) -> int:
    """A time between two, such as ``30s`` or ``5m``, in milliseconds. Raises NoPeriodError."""
    found = _EVERY.fullmatch(written.strip())
    if found is None:
        raise NoPeriodError(every=written[:20])
    return int(found[1]) * _UNITS[found[2]]


def change_at(tx: Tx, actor: Actor, name: str, at: str, now: int) -> None:
    """Another time of the day at which people are told. Raises ScheduleError."""
    row, at = one(tx, name), read_time(at)
    arguments = json.loads(row.arguments)
    if "at" not in arguments:
        raise OtherTimeError(name=name)
    if arguments["at"] == at:
        raise NothingChangesError(name=name)
    changed = json.dumps({**arguments, "at": at})
    when = {"cron": row.cron, "zone": row.zone, "every": row.every_ms, "due": row.next_at}
    tx.run(schedules.RETIME, name=name, arguments=changed, **when)
    _record(tx, actor, "change schedule", row, now, {"at": at})


def change_cron(tx: Tx, actor: Actor, name: str, line: str, zone: str, now: int) -> None:
    """Another time for one that was added. Raises ScheduleError."""
    row = one(tx, name)
    if name in ALWAYS:
        raise AlwaysThereError(name=name)
    line, zone = _when(line, zone, now)
    _retime(tx, actor, row, {"cron": line, "zone": zone, "due": cron.following(line, zone, now)}, now)


def refuse_unknown(what: str) -> None:
    """Raises UnknownWorkError for what cannot be added."""
    if what not in ADDED:
        raise UnknownWorkError(what=what[:40], known=", ".join(ADDED))


def add(tx: Tx, actor: Actor, new: New, now: int) -> int:
    """One more; when it comes for the first time. Raises ScheduleError."""
    refuse_unknown(new.what)
    if not _NAME.fullmatch(new.name):
        raise BadNameError(name=new.name[:60])
    line, zone = _when(new.cron, new.zone, now)
    first = cron.following(line, zone, now)
    arguments = json.dumps(new.arguments, ensure_ascii=False)
    when = {"cron": line, "zone": zone, "every": 0, "due": first}
    if not tx.run(schedules.ADD, name=new.name, what=new.what, arguments=arguments, actor=actor.id, **when):
        raise TakenNameError(name=new.name)
    _record(tx, actor, "add schedule", one(tx, new.name), now)
    return cast("int", first)


def remove(tx: Tx, actor: Actor, name: str, now: int) -> None:
    """Take one away that was added. Raises ScheduleError."""
    row = one(tx, name)
    if name in ALWAYS:
        raise AlwaysThereError(name=name)
    tx.run(schedules.REMOVE, name=name)
    _record(tx, actor, "remove schedule", row, now)


def _when(line: str, zone: str, now: int) -> tuple[str, str]:
    if not zone or zone_of(zone) is UTC:
        raise UnknownZoneError(zone=zone[:40])
    return cron.check(line, now), zone


def _retime(tx: Tx, actor: Actor, row: Row, changed: Mapping[str, Any], now: int) -> None:
    before = {"cron": row.cron, "zone": row.zone, "every": row.every_ms, "arguments": row.arguments, "due": row.next_at}
    after = {**before, **changed}
    if {**after, "due": 0} == {**before, "due": 0}:
        raise NothingChangesError(name=row.name)
    tx.run(schedules.RETIME, name=row.name, **after)
    _record(tx, actor, "change schedule", row, now, {key: after[key] for key in changed if key != "due"})


def _record(tx: Tx, actor: Actor, what: str, row: Row, now: int, after: Mapping[str, Any] | None = None) -> None:
    figures = {"name": row.name, "what": row.what, "cron": row.cron, "zone": row.zone, "every_ms": row.every_ms}
    record(tx, actor, Act(what, figures={**figures, **({"after": after} if after else {})}), now)
