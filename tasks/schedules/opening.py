"""Projects that open at the time their file says, and what their requester is told where they cannot.

A time that was over already when the project was made opens nothing: nobody expects an old file to start by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256

from db.queries import schedules
from db.session import Tx
from tasks import approval
from tasks.asked import of_launch
from tasks.limits import Limits, over
from tasks.privacy.audit import Actor
from tasks.projects import funding, lifecycle
from tasks.projects.catalog import Catalog, Known
from tasks.schedules.charge import Named, tell
from tasks.words import Local, Moment, Money, Text, _

RULE = Actor(rule="schedule")
"""Who does it, for the record."""
_CAUSE = 12


def millis(at: datetime | None) -> int | None:
    """A moment of a project file in milliseconds."""
    return round(at.timestamp() * 1000) if at else None


def due(tx: Tx, catalog: Catalog, now: int) -> Sequence[Known]:
    """Drafts whose time has come."""
    return [known for known in catalog.all(tx) if known.state == "draft" and _due(tx, known, now)]


def _due(tx: Tx, known: Known, now: int) -> bool:
    opens, deadline = millis(known.spec.schedule.opens), millis(known.spec.schedule.deadline)
    if opens is None or opens > now or (deadline is not None and deadline <= now):
        return False
    return not made_late(tx, known, opens)


def made_late(tx: Tx, known: Known, opens: int) -> bool:
    """Whether its time was over already when it was made."""
    times = tx.one(schedules.TIMES, project=known.id)
    return times is not None and times.created_at > opens


def launch(tx: Tx, catalog: Catalog, project: int, limits: Limits, named: Named, now: int) -> bool:
    """Launch it, or ask a second admin where it may cost that much; whether it runs now.

    Raises ProjectError, PoolError; then nothing has changed, and ``tell_why_not`` says so.
    """
    known = catalog.get(tx, project)
    if known.state != "draft" or not _due(tx, known, now):
        return False
    most = funding.at_most(tx, known)
    if most is not None and over(limits, money=most):
        lifecycle.check(tx, known)
        _ask(tx, known, most, now)
        _told(tx, known, named, _ASKS, now)
        return False
    lifecycle.launch(tx, catalog, known.key, now, RULE)
    title = Local(known.spec.title)
    tell(tx, known, named, _cause(known, "open"), _("“{title}” has opened, as its file says.", title=title), now)
    return True


def _ask(tx: Tx, known: Known, most: Money, now: int) -> None:
    """Once for each state of its file, and each amount: who has declined is not asked again."""
    wanted = approval.Ask("launch", of_launch(known), 0, most.minor, most.currency)
    kept = {"arguments": approval.kept(Actor(), wanted), "by_rule": approval.kept(RULE, wanted)}
    if tx.one(schedules.ASKED, amount=most.minor, currency=most.currency, **kept) is None:
        approval.ask(tx, RULE, wanted, now)


_ASKS = _("an admin confirms under /approvals that it may cost so much")


def tell_why_not(tx: Tx, catalog: Catalog, project: int, why: Text, named: Named, now: int) -> int:
    """Say once what to do for it to open; it is tried again all the while. To how many it was said."""
    return _told(tx, catalog.get(tx, project), named, why, now)


def _told(tx: Tx, known: Known, named: Named, why: Text, now: int) -> int:
    words = _(
        "“{title}” was to open {when}, and could not: {why}\nIt opens by itself as soon as that is done.",
        title=Local(known.spec.title),
        when=Moment(millis(known.spec.schedule.opens) or now),
        why=why,
    )
    return tell(tx, known, named, _cause(known, why.message), words, now)


def _cause(known: Known, why: str) -> str:
    """The same reason, and the same time, are told once."""
    return f"opens:{known.id}:{millis(known.spec.schedule.opens)}:{sha256(why.encode()).hexdigest()[:_CAUSE]}"
