"""Deliveries: stored before the first is sent, taken to be sent, settled with what became of them.

All of it in short turns that begin from the rows, so that a process that dies at any point is followed by another that
goes on: see docs/decisions/broadcasts.md. Locks are taken in the order people, broadcasts, deliveries.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from zlib import crc32

from db.queries import audience as of_audience
from db.queries import deliveries, outreach, people
from db.queries.deliveries import Taken
from db.queries.outreach import BroadcastRow
from db.session import Tx
from tasks.outreach import audience as audiences
from tasks.outreach import content as contents
from tasks.outreach import reminders
from tasks.outreach import timing as timings
from tasks.outreach.audience import Audience, quiet_of
from tasks.outreach.queue import Go, remind
from tasks.projects.catalog import Catalog
from tasks.words import _, _n

PEOPLE_AT_ONCE = 500
"""Whose messages are stored, or dropped, in one turn."""
MOST_TRIES = 5
_FIRST_PAUSE_MS, _GROWTH = 30_000, 4
_MOST_WHY = 300


class Outcome(NamedTuple):
    """What became of a message: ``state`` sent | failed | blocked | dropped, or queued, to be sent again at ``due``.

    ``tried`` tells whether it counts as one of ``MOST_TRIES``.
    """

    taken: Taken
    state: str
    message_id: str = ""
    why: str = ""
    due: int = 0
    tried: bool = True


@dataclass(frozen=True, slots=True)
class Claim:
    """Messages to send now, and those that nobody wants any more; ``looked``: how many were due, with those put off."""

    letters: Sequence[Taken]
    dropped: Sequence[Outcome]
    looked: int = 0


# --------------------------------------------------------------------------- stored


def choose(tx: Tx, number: int, now: int) -> bool:
    """Store the messages of the next stretch of people; whether there is more to do.

    Everybody stands in it once, whatever happens: a stretch and how far it goes are one turn.
    """
    row = tx.one(outreach.LOCK_BROADCAST, broadcast=number)
    if row is None or row.state != "choosing":
        return False
    wanted, upto, more = _stretch(tx, row)
    found = tx.all(of_audience.stretch(wanted.conditions), **wanted.values(now), after=row.after, upto=upto)
    plan, texts = timings.unpack(row.timing), len(contents.unpack(row.content).variants)
    tx.many(
        deliveries.ADD,
        [
            {
                "broadcast": number,
                "person": one.id,
                "variant": variant_of(number, one.id, texts),
                "due": plan.due(
                    row.total + nth, one.zone, quiet_of(one.quiet_from, one.quiet_until), row.starts_at or now
                ),
            }
            for nth, one in enumerate(found)
        ],
    )
    tx.run(deliveries.CHOSEN, broadcast=number, upto=upto, n=len(found))
    if not more:
        tx.run(deliveries.BEGIN, broadcast=number, now=now)
    return more


def _stretch(tx: Tx, row: BroadcastRow) -> tuple[Audience, int, bool]:
    """Whom to look at next: the audience, up to which number, and whether anybody is left behind it."""
    wanted = audiences.unpack(row.audience)
    if wanted.people:
        rest = sorted(number for number in set(wanted.people) if number > row.after)
        some = rest[:PEOPLE_AT_ONCE]
        return replace(wanted, people=tuple(some) or (0,)), max(some, default=row.after), len(rest) > len(some)
    newest = tx.one(of_audience.NEWEST)
    end = (newest.id if newest else 0) or 0
    upto = min(row.after + PEOPLE_AT_ONCE, max(end, row.after))
    return wanted, upto, upto < end


def variant_of(number: int, person: int, texts: int) -> int:
    """Which of the texts somebody gets: the same one whenever it is asked, each text for as many people."""
    return crc32(f"{number}:{person}".encode()) % texts


# --------------------------------------------------------------------------- taken


def claim(tx: Tx, catalog: Catalog, now: int, most: int, per_day: int) -> Claim:
    """Take messages that are due, reminders first; what is under way at once shares the rest.

    ``per_day`` is how many reminders a person gets on a day.
    """
    found = [row.id for row in tx.all(deliveries.CLAIM_REMINDERS, now=now, most=most)]
    running = tx.all(deliveries.RUNNING)
    for nth, broadcast in enumerate(running):
        room = -((len(found) - most) // (len(running) - nth))
        if room > 0:
            found += [row.id for row in tx.all(deliveries.CLAIM, broadcast=broadcast.id, now=now, most=room)]
    letters, dropped = [], []
    for number in sorted(found):
        taken = _taken(tx, number)
        due = reminders.when(tx, catalog, taken, now, per_day)
        if due is None:
            dropped.append(Outcome(taken, "dropped", tried=False))
        elif due > now:
            tx.run(deliveries.LATER, delivery=number, due=due)
        else:
            letters.append(taken if taken.broadcast else _taken(tx, number))  # a reminder's words are put in just now
    return Claim(letters, dropped, len(found))


def _taken(tx: Tx, number: int) -> Taken:
    row = tx.one(deliveries.TAKEN, delivery=number)
    assert row is not None  # noqa: S101 - claimed in this turn
    return row


def take_back(tx: Tx, before: int, but: Collection[int] = ()) -> int:
    """Queue again what was taken before that moment and never settled: whoever took it is gone. How many.

    ``but`` are those that whoever asks has in its own hand.
    """
    lost = sorted({row.id for row in tx.all(deliveries.TAKEN_BEFORE, before=before)}.difference(but))
    tx.many(deliveries.TAKE_BACK, [{"delivery": number, "before": before} for number in lost])
    return len(lost)


# --------------------------------------------------------------------------- settled


def again(taken: Taken, now: int, why: str) -> Outcome:
    """It did not arrive, or nobody knows: once more, later each time, and not for ever."""
    if taken.tries + 1 >= MOST_TRIES:
        return Outcome(taken, "failed", why=why)
    return Outcome(taken, "queued", why=why, due=now + _FIRST_PAUSE_MS * _GROWTH**taken.tries)


def settle(tx: Tx, outcomes: Sequence[Outcome], now: int) -> None:
    """Write what became of many messages; one that is settled already stays as it is.

    So does one that was taken back meanwhile, and taken anew: it is in another's hand.
    """
    for one in sorted(outcomes, key=lambda one: one.taken.person):
        if one.state == "blocked":
            tx.run(people.UNREACHABLE, person=one.taken.person, now=now)
        if one.state in {"blocked", "failed"} and one.taken.broadcast is None and _in_hand(tx, one.taken):
            reminders.give_back(tx, one.taken, now)
    numbers = sorted({one.taken.broadcast for one in outcomes if one.taken.broadcast is not None})
    for number in numbers:
        tx.one(deliveries.LOCK, broadcast=number)
    counts: defaultdict[int | None, Counter[str]] = defaultdict(Counter)
    for one in sorted(outcomes, key=lambda one: one.taken.id):
        if _settle(tx, one, now):
            counts[one.taken.broadcast][one.state] += 1
    for number in numbers:
        done = {state: counts[number][state] for state in ("sent", "failed", "blocked", "dropped")}
        tx.run(deliveries.COUNT, broadcast=number, **done)


def _in_hand(tx: Tx, taken: Taken) -> bool:
    return tx.one(deliveries.IN_HAND, delivery=taken.id, taken_at=taken.taken_at) is not None


def _settle(tx: Tx, one: Outcome, now: int) -> bool:
    values = {
        "state": one.state,
        "sent_at": now if one.state == "sent" else None,
        "message_id": one.message_id,
        "why": one.why[:_MOST_WHY],
        "due": one.due or one.taken.due_at,
        "tried": int(one.tried),
        "taken_at": one.taken.taken_at,
    }
    return bool(tx.run(deliveries.SETTLE, delivery=one.taken.id, **values))


# --------------------------------------------------------------------------- the end of it


def finish(tx: Tx, now: int) -> Sequence[int]:
    """End broadcasts of which nothing is left to send; which ones. Whoever sent one is told, with the numbers."""
    ended = []
    for found in tx.all(deliveries.FINISHED):
        row = tx.one(outreach.LOCK_BROADCAST, broadcast=found.id)
        if row is None or row.state != "running":
            continue
        tx.run(outreach.END, broadcast=row.id, state="done", now=now)
        if row.made_by is not None:
            _tell(tx, row, row.made_by, now)
        ended.append(row.id)
    return ended


def _tell(tx: Tx, row: BroadcastRow, maker: int, now: int) -> None:
    words = _n(
        "Broadcast {number} is out: {n} person has it, {blocked} cannot be reached, {failed} failed.",
        "Broadcast {number} is out: {n} people have it, {blocked} cannot be reached, {failed} failed.",
        row.sent,
        number=row.id,
        blocked=row.blocked,
        failed=row.failed,
    )
    if not row.total:
        words = _("Broadcast {number} reached nobody: there is nobody whom it was for.", number=row.id)
    go = Go(_("What came of it"), "broadcast.open", row.id)
    remind(tx, maker, "notice", f"broadcast:{row.id}", words, now, go=go)


def drop(tx: Tx, number: int) -> bool:
    """Drop some of what is left of one that was called off, or has no places left; whether there may be more."""
    tx.one(deliveries.LOCK, broadcast=number)
    dropped = tx.run(deliveries.DROP, broadcast=number, most=PEOPLE_AT_ONCE)
    tx.run(deliveries.COUNT, broadcast=number, sent=0, failed=0, blocked=0, dropped=dropped)
    return dropped == PEOPLE_AT_ONCE


def step_of(places: int, left: int) -> int:
    """The coarse step of a countdown: at half of the places, then at 10, 5, 3, 1 and 0."""
    steps = sorted({step for step in (0, 1, 3, 5, 10, places // 2, places) if step <= places})
    return next(step for step in steps if step >= left)
