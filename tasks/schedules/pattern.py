"""A broadcast that is sent again and again: a draft is its pattern, and each time a new one is made like it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime

from db.queries import schedules, staff
from db.queries.schedules import Row
from db.session import Reader, Tx
from tasks import approval
from tasks.access import may
from tasks.approval import nobody
from tasks.asked import of_broadcast
from tasks.calendar import zone_of
from tasks.limits import Limits, over
from tasks.outreach import broadcast
from tasks.outreach.audience import size
from tasks.outreach.broadcast import Draft
from tasks.outreach.content import OutreachError
from tasks.outreach.queue import remind
from tasks.outreach.timing import Timing
from tasks.privacy.audit import Actor
from tasks.projects.catalog import Catalog
from tasks.schedules import table
from tasks.schedules.charge import Named, admins
from tasks.schedules.errors import NoPatternError, NotInChargeError
from tasks.schedules.opening import RULE
from tasks.words import Text, Words, _

Given = approval.Given


def pattern(tx: Tx, number: int) -> Draft:
    """The draft of that number. Raises NoPatternError."""
    try:
        found = broadcast.standing(tx, number)
    except OutreachError as error:
        raise NoPatternError(number=number) from error
    if found.state != "draft":
        raise NoPatternError(number=number)
    return found.draft


def add(tx: Tx, actor: Actor, name: str, cron: str, zone: str, number: int, now: int) -> int:
    """Send one like this draft whenever the line comes, in that zone; when it comes first. Raises ScheduleError."""
    pattern(tx, number)
    return table.add(tx, actor, table.New(name, "broadcast", cron, zone, {"broadcast": number}), now)


def free_name(tx: Tx, number: int) -> str:
    """A name that no schedule has, for one like this draft."""
    taken = {row.name for row in table.every(tx)}
    name = f"broadcast-{number}"
    return next(free for free in (name, *(f"{name}-{n}" for n in range(2, 1_000))) if free not in taken)


def like(tx: Tx, row: Row, now: int, given: Given = nobody) -> Draft:
    """What is sent this time. Raises NoPatternError, NotInChargeError."""
    by = tx.one(staff.BY_NUMBER, person=row.made_by) if row.made_by is not None else None
    if by is not None:
        role = given(by.channel, by.external_id) or (by.role if by.suspended_at is None else "")
        if by.erased_at is not None or not may(role, "administer"):
            raise NotInChargeError(name=row.name)
    made = pattern(tx, int(json.loads(row.arguments)["broadcast"]))
    return replace(made, timing=_today(made.timing, row.zone, now))


def _today(timing: Timing, zone: str, now: int) -> Timing:
    """At the same hour of their day, but on this one; at a moment means at once."""
    if timing.minute is None:
        return replace(timing, at=None)
    day = datetime.fromtimestamp(now / 1000, zone_of(zone)).date().isoformat()
    return replace(timing, at=None, day=day)


def failed(tx: Tx, row: Row, why: Words, named: Named, now: int) -> None:
    """Tell whoever has added it, or else all admins, that it was not sent; nobody answers for one without charge."""
    by = [row.made_by] if row.made_by is not None else [reader.id for reader in admins(tx, named)]
    if isinstance(why, Text) and why.message == NotInChargeError.message:
        tx.run(schedules.PAUSE, name=row.name)
        by = [reader.id for reader in admins(tx, named) if reader.id != row.made_by]
    words = _("“{name}” was not sent: {why}", name=row.name, why=why)
    for person in by:
        remind(tx, person, "notice", f"schedule:{row.id}:{row.next_at}:{person}", words, now)


def people(reader: Reader, made: Draft, now: int) -> int:
    """To how many it would go."""
    return size(reader, made.audience, now).total


def send(tx: Tx, catalog: Catalog, row: Row, made: Draft, people: int, limits: Limits, now: int) -> int | None:
    """Send it, and move its schedule on, in one turn: a crash sends it neither twice nor never. Its number.

    To very many people a second admin is asked first. None where somebody else has done it, or it was paused.
    Raises OutreachError.
    """
    if not table.take(tx, row, now):
        return None
    number = broadcast.draft(tx, RULE, made, now)
    if over(limits, people):
        broadcast.wait(tx, number)
        approval.ask(tx, RULE, approval.Ask("broadcast", of_broadcast(number, made, people), people), now)
    else:
        broadcast.send(tx, catalog, RULE, number, now)
    return number
