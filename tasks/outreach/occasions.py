"""What there is to remind people of: items left open, notices that wait, new work. In bounded turns, a cause once."""

from __future__ import annotations

from dataclasses import dataclass

from db.queries import audience as people
from db.queries import reminders as queries
from db.queries.reminders import Unfinished
from db.session import Tx
from tasks.calendar import local_day
from tasks.outreach.audience import Audience
from tasks.outreach.queue import Go, remind
from tasks.outreach.reminders import HERE_MS
from tasks.projects.catalog import Catalog, Known
from tasks.projects.errors import UnknownProjectError
from tasks.qualification.endings import TOPIC as QUALIFICATION
from tasks.words import Local, Moment, _

_MINUTE_MS, _DAY_MS = 60_000, 86_400_000
AT_ONCE = 250
"""Rows looked at in one turn."""
PEOPLE_AT_ONCE = 250
"""Numbers of people looked at in one turn."""
_SHORTEST_LEASE_MS = 10 * _MINUTE_MS
_SOON_MS, _TOO_LATE_MS = 10 * _MINUTE_MS, 2 * _MINUTE_MS
WAITS_MS = 2 * _MINUTE_MS
"""A notice is told by a message when it has waited so long for somebody who is not here."""
SETTLES_MS = 10 * _MINUTE_MS
"""After so long a project is told of that was opened: several at once come together, and a mistake can be mended."""
OPENED_WITHIN_MS = _DAY_MS
_SEEN_DAYS = 30


# --------------------------------------------------------------------------- items left open


def unfinished(tx: Tx, catalog: Catalog, now: int, after: int = 0) -> int | None:
    """Remind those who have gone away of items that go to others soon; go on ``after`` what it hands back, if any."""
    found = tx.all(
        queries.UNFINISHED,
        after=max(after, now + _TOO_LATE_MS),
        until=now + _SOON_MS,
        gone=now - HERE_MS,
        most=AT_ONCE,
    )
    for one in found:
        _remind_of_item(tx, catalog, one, now)
    return found[-1].lease_ends if len(found) == AT_ONCE else None


def _remind_of_item(tx: Tx, catalog: Catalog, one: Unfinished, now: int) -> None:
    """In the last third of a lease that is not a short one."""
    known = catalog.get(tx, one.project)
    lease = known.spec.limits.lease_ms
    if lease < _SHORTEST_LEASE_MS or (one.lease_ends - now) * 3 > lease:
        return
    words = _(
        "You left an item open in “{title}”. It is yours until {when}; after that others may get it.",
        title=Local(known.spec.title),
        when=Moment(one.lease_ends),
    )
    cause = f"assignment:{one.project}:{one.task}:{one.worker}:{one.lease_ends}"
    go = Go(_("Go on"), "work.take_up", one.project)
    remind(tx, one.worker, "assignment", cause, words, now, go=go)


# --------------------------------------------------------------------------- notices that wait


@dataclass(frozen=True, slots=True)
class Looked:
    """How far it is: the last notice looked at, and whether there are more."""

    last: int
    more: bool


def waiting(tx: Tx, now: int, after: int) -> Looked:
    """Queue a message for whoever has notices waiting and is not here; what it says is put together when it is sent."""
    rows = tx.all(queries.WAITING, after=after, most=AT_ONCE)
    for row in rows:
        here = row.seen_at > now - WAITS_MS or row.at > now - WAITS_MS
        if row.id == row.oldest and not row.queued and not here and row.at > now - _DAY_MS:
            topic = QUALIFICATION if row.topic == QUALIFICATION else "notice"
            remind(tx, row.person, topic, f"{topic}:{row.person}:{row.id}:{row.at}", "", now)
    return Looked(rows[-1].id if rows else after, len(rows) == AT_ONCE)


# --------------------------------------------------------------------------- new work


def opened(tx: Tx, now: int) -> list[tuple[int, int]]:
    """Projects that were opened as something new within a day, and when; not those of the last minutes."""
    rows = tx.all(queries.OPENED, since=now - OPENED_WITHIN_MS, most=AT_ONCE)
    return [(row.project, row.opened_at) for row in rows if row.opened_at <= now - SETTLES_MS]


def last_person(tx: Tx) -> int:
    """The highest number of a person."""
    newest = tx.one(people.NEWEST)
    return (newest and newest.id) or 0


def new_work(tx: Tx, catalog: Catalog, project: int, after: int, now: int) -> None:
    """Queue a message for people above that number, of whom the project may be for; once for each on their own day.

    Whether it really is, and what else is new, is found when it is sent.
    """
    try:
        known = catalog.get(tx, project)
    except UnknownProjectError:
        return
    upto = after + PEOPLE_AT_ONCE
    if known.spec.audience.invited:
        for one in tx.all(queries.INVITED, project=project, after=after, upto=upto):
            _remind_of_work(tx, one.person, one.zone, now)
        return
    fits = _audience(known)
    values = fits.values(now) | {"muted": '%"new"%', "after": after, "upto": upto}
    for chosen in tx.all(people.stretch(fits.conditions), **values):
        _remind_of_work(tx, chosen.id, chosen.zone, now)


def _audience(known: Known) -> Audience:
    """All whom it may be for, and some others."""
    wanted = known.spec.audience
    return Audience(
        gate=wanted.gate,
        languages=wanted.languages,
        skills=wanted.skills[:1],
        active_days=_SEEN_DAYS,
        never=known.id,
    )


def _remind_of_work(tx: Tx, person: int, zone: str, now: int) -> None:
    remind(tx, person, "new", f"new:{person}:{local_day(now, zone)}", "", now)
