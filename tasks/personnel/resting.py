"""A pause for one person, in all projects: no new tasks for some days. Gentler than a suspension, and it ends itself.

What they hold they may finish; what is their own, reviews included, goes on. See docs/decisions/contact.md.
"""

from __future__ import annotations

from db.errors import told
from db.queries import card
from db.queries.staff import Listed
from db.session import Tx
from tasks.charge import Charge, StaffError
from tasks.notices import tell
from tasks.privacy.audit import Act, record
from tasks.staff import still
from tasks.words import Moment, _

DAYS = (1, 3, 7, 30)
"""What there is to choose from."""
MOST_DAYS = 90
_DAY_MS = 86_400_000


class LongPauseError(StaffError):
    """No days, or more of them than a pause is for."""

    message = told("Choose 1 to {most} days; to stop somebody for longer, suspend them.")


class NotPausedError(StaffError):
    """No pause of an admin's is running."""

    message = told("Nothing to do: they are not paused.")


def pause(tx: Tx, by: Charge, person: Listed, days: int, why: str, now: int) -> int:
    """They get no new tasks for so many days from now, whatever was said before; until when. Raises StaffError."""
    if not 1 <= days <= MOST_DAYS:
        raise LongPauseError(most=MOST_DAYS)
    person = still(tx, person.id)
    why = by.why(person, why)
    until = now + days * _DAY_MS
    tx.run(card.PAUSE, person=person.id, until=until, why=why)
    record(tx, by.actor, Act("rest", person.id, figures={"until": until, "days": days, "why": why}), now)
    words = _("You get no new items until {when}: have a rest. The reason: {why}", when=Moment(until), why=why)
    tell(tx, person.id, words, now)
    return until


def go_on(tx: Tx, by: Charge, person: Listed, why: str, now: int) -> None:
    """End a pause before its day. Raises StaffError."""
    person = still(tx, person.id)
    why = by.why(person, why)
    if not tx.run(card.GO_ON, person=person.id, now=now):
        raise NotPausedError
    record(tx, by.actor, Act("rest over", person.id, figures={"why": why}), now)
    tell(tx, person.id, _("Your pause is over: there are items for you again. The reason: {why}", why=why), now)
