"""Reminders at the moment of sending: whether somebody still wants this one, and whether now is the time."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Protocol

from db.queries import reminders as queries
from db.queries.reminders import Reached
from db.session import Tx
from tasks import notices
from tasks.calendar import local_day, starts
from tasks.kept import pack
from tasks.notices import Told, take_some
from tasks.outreach.audience import quiet_of
from tasks.outreach.fitting import fitting, told_of_new
from tasks.outreach.queue import Go, read
from tasks.outreach.switches import refused
from tasks.projects.catalog import Catalog
from tasks.qualification.endings import TOPIC as QUALIFICATION
from tasks.words import Join, Words, _
from tasks.zones import Quiet, awake_at

PER_DAY = 3
"""Reminders a person gets on one day of theirs, at the most."""
HERE_MS = 180_000
"""Who wrote or tapped less than this ago is at work: nothing comes between two items."""
STALE_MS = 86_400_000
"""What could not be sent for a day is news no more."""
_IN_A_MOMENT_MS = 2_000
_NINE_MS = 9 * 3_600_000
_NIGHT = Quiet(21 * 60, 9 * 60)
_MOST_AT_ONCE = 8
"""Notices in one message."""
_LEAST_LEFT_MS = 60_000
"""Of a lease: with less to go nobody can go on with it."""
SENT_ROUND = frozenset({"broadcast", "digest"})
"""What people in charge decide on, and what somebody has ordered for an hour: it is no reminder."""


class Delivery(Protocol):
    """A message that is about to be sent, as the queue has it."""

    @property
    def id(self) -> int:
        """Its number."""

    @property
    def person(self) -> int:
        """Whom it is for."""

    @property
    def topic(self) -> str:
        """What it is about (``tasks.outreach.queue.TOPICS``)."""

    @property
    def cause(self) -> str | None:
        """What brought it about; empty for a broadcast."""

    @property
    def words(self) -> str | None:
        """Words and key, as the queue keeps them."""

    @property
    def due_at(self) -> int:
        """When it was to be sent."""


def when(tx: Tx, catalog: Catalog, delivery: Delivery, now: int, per_day: int = PER_DAY) -> int | None:
    """None where it is not wanted any more; a later moment; or ``now``: then its words stand in its row.

    Their row is locked. What is not wanted is dropped at once, so that it does not count as on its way. Words that
    depend on the moment (what waits to be told, which projects are new) are put together here, in the turn that takes
    the delivery: what was taken is neither lost nor told twice.
    """
    person = tx.one(queries.REACHED, person=delivery.person)
    if person is None:  # in a turn of their own just now
        return now + _IN_A_MOMENT_MS
    moment = _wanted(tx, catalog, person, delivery, now, per_day)
    if moment is None:
        tx.run(queries.DROP, delivery=delivery.id)
    return moment


def _wanted(tx: Tx, catalog: Catalog, person: Reached, delivery: Delivery, now: int, per_day: int) -> int | None:
    reminds = delivery.topic not in SENT_ROUND
    never = reminds and (delivery.due_at < now - STALE_MS or (_held_back(delivery) and not per_day))
    if never or not _reaches(person, delivery.topic) or _over(tx, person, delivery, now):
        give_back(tx, delivery, now)
        return None
    moment = _in_time(tx, person, delivery, now, per_day) if reminds else _awake(person, now)
    return moment if moment > now or _filled(tx, catalog, person, delivery, now) else None


def give_back(tx: Tx, delivery: Delivery, now: int) -> None:
    """It could not be sent, and never will be: what was taken of their notices waits for them again."""
    if _gathers(delivery) and (words := _words(delivery)):
        notices.tell(tx, delivery.person, words, now, QUALIFICATION if delivery.topic == QUALIFICATION else "")


def _reaches(person: Reached, topic: str) -> bool:
    """Whether they can be reached, and want such messages. Who is suspended is still answered."""
    if person.erased_at is not None or person.blocked_at is not None or not person.consent:
        return False
    if person.suspended_at is not None and topic not in {"notice", QUALIFICATION}:
        return False
    return not refused(person.muted, topic)


def _gathers(delivery: Delivery) -> bool:
    """Whether it says what waits to be told (``tasks.outreach.occasions.waiting``)."""
    return (delivery.cause or "").startswith(("notice:", f"{QUALIFICATION}:"))


def _words(delivery: Delivery) -> Words:
    return read(delivery.words)[0] if delivery.words else ""


# --------------------------------------------------------------------------- not wanted any more


def _over(tx: Tx, person: Reached, delivery: Delivery, now: int) -> bool:
    """Whether what it is about has come to an end meanwhile."""
    if delivery.topic == "assignment":
        return _lease_over(tx, person, delivery.cause or "", now)
    return _gathers(delivery) and not person.notices and not _words(delivery)


def _lease_over(tx: Tx, person: Reached, cause: str, now: int) -> bool:
    """Answered, skipped, or too late; or the project is closed."""
    _topic, project, task, *_rest = cause.split(":")
    lease = tx.one(queries.LEASED, project=int(project), task=int(task), person=person.person)
    if lease is None or lease.project_state == "closed":
        return True
    return lease.state != "offered" or lease.lease_ends < now + _LEAST_LEFT_MS


# --------------------------------------------------------------------------- now, or later


def _awake(person: Reached, now: int) -> int:
    return awake_at(quiet_of(person.quiet_from, person.quiet_until), person.zone, now)


def _in_time(tx: Tx, person: Reached, delivery: Delivery, now: int, per_day: int) -> int:
    """The first moment that is not between two items, not in quiet hours, and not one message too many."""
    if person.seen_at > now - HERE_MS:
        return _awake(person, person.seen_at + HERE_MS)
    moment = _awake(person, now)
    if moment == now and _held_back(delivery) and _enough(tx, person, delivery, now, per_day):
        moment = _tomorrow(person, now)
    return moment if delivery.topic != "new" else _by_day(person, moment)


def _held_back(delivery: Delivery) -> bool:
    """Whether it waits where enough has come today; news of what they have set going themselves only counts."""
    return delivery.topic != "notice" or _gathers(delivery)


def _enough(tx: Tx, person: Reached, delivery: Delivery, now: int, per_day: int) -> bool:
    """Whether as much has come today as may; of new work once a day is enough."""
    today = {"person": person.person, "since": starts(local_day(now, person.zone), person.zone)}
    sent = tx.one(queries.SENT, delivery=delivery.id, now=now, **today)
    if sent is not None and sent.n >= per_day:
        return True
    last = tx.one(queries.LAST_OF, topic="new", **today) if delivery.topic == "new" else None
    return last is not None and last.at is not None


def _by_day(person: Reached, moment: int) -> int:
    """New work can wait for the day, also for whoever has said no quiet hours; and for the end of a pause of theirs."""
    if person.paused_until is not None and person.paused_until > moment:
        moment = _awake(person, person.paused_until)
    return moment if person.quiet_from is not None else awake_at(_NIGHT, person.zone, moment)


def _tomorrow(person: Reached, now: int) -> int:
    """At nine, or when they wake."""
    morning = starts(local_day(now, person.zone) + 1, person.zone) + _NINE_MS
    return _awake(person, morning)


# --------------------------------------------------------------------------- what it says


def _filled(tx: Tx, catalog: Catalog, person: Reached, delivery: Delivery, now: int) -> bool:
    """Whether it has words: such as are put together now are put into its row."""
    if _words(delivery) or not (_gathers(delivery) or delivery.topic == "new"):
        return True
    found = _waiting(tx, person) if _gathers(delivery) else _new(tx, catalog, person, now)
    if found is None:
        return False
    words, go = found
    kept = {"words": pack(words), "go": [pack(go.words), go.to, go.value]}
    tx.run(queries.FILL, delivery=delivery.id, words=json.dumps(kept, ensure_ascii=False))
    return True


def _new(tx: Tx, catalog: Catalog, person: Reached, now: int) -> tuple[Words, Go] | None:
    found = fitting(tx, catalog, person, now)
    return told_of_new(tx, found) if found else None


def _waiting(tx: Tx, person: Reached) -> tuple[Words, Go] | None:
    """What waits to be told, but for what they want to hear of only when they come."""

    def wanted(topic: str) -> bool:
        return not refused(person.muted, QUALIFICATION if topic == QUALIFICATION else "notice")

    told = take_some(tx, person.person, wanted, _MOST_AT_ONCE)
    return (Join([one.words for one in told], "\n\n"), _way_on(told)) if told else None


_WALLET = Go(_("Wallet"), "wallet.show")
_SENT_BACK = Go(_("Answers sent back"), "sent_back.home")
_REVIEW = Go(_("Review"), "review.home")
_TASKS = Go(_("To the projects"), "menu.projects")
_ANSWER = Go(_("Answer"), "letter.read")
_WAYS = {
    "letter": _ANSWER,
    "payouts": _WALLET,
    "answers": _SENT_BACK,
    "appeals": _SENT_BACK,
    "votes": _REVIEW,
    "appealed": _REVIEW,
}
"""Where a kind of notice leads; several lead to the first of them."""


def _way_on(told: Sequence[Told]) -> Go:
    ways = [_WAYS.get(one.topic) or (_SENT_BACK if one.topic.startswith("rejection ") else None) for one in told]
    return next((way for way in ways if way is not None), _TASKS)
