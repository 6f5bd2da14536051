"""What holds broadcasts by rule: their makers have no charge any more, or the projects that they open are closed.

Nothing of it is lost: somebody in charge goes on with it, or calls it off.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from db.errors import told
from db.queries import outreach, qualification
from db.queries.outreach import BroadcastRow
from db.session import Tx
from tasks.access import may
from tasks.notices import tell
from tasks.outreach.broadcast import NotUnderWayError, pause
from tasks.outreach.queue import Go, remind
from tasks.privacy.audit import Actor
from tasks.schedules.charge import Named, admins
from tasks.words import _

_HELD = told(
    "Broadcast {number} is paused: who sent it is not in charge any more. /broadcast goes on, or calls it off."
)
_CLOSED = told(
    "Broadcast {number} is paused: the project that it opens is closed, and nobody could work in it. "
    "Call it off under /broadcast; what is left to say goes into a new one, without the project."
)
_RULE = Actor(rule="broadcast")


# --------------------------------------------------------------------------- makers without charge


def others(tx: Tx, person: int, named: Named = ()) -> Sequence[int]:
    """Whom ``hold_of`` tells, locked with them by number; nobody where nothing of theirs is being sent.

    Called before anything else is locked: people come before tasks, and tasks before broadcasts.
    """
    if not _sent_by(tx, person):
        return []
    found = [reader.id for reader in admins(tx, named) if reader.id != person]
    for number in sorted({person, *found}):
        tx.one(qualification.LOCK_PERSON, person=number)
    return found


def hold_of(tx: Tx, person: int, those: Sequence[int], now: int) -> Sequence[int]:
    """Pause what somebody sends who has no charge any more; which ones. ``those`` (of ``others``) are told.

    Nobody answers for it until one of them goes on with it, or calls it off.
    """
    why = "who sends it has no charge any more"
    held = [row.id for row in _sent_by(tx, person) if _paused(tx, row.id, why, now)]
    for other in those:
        for number in held:
            tell(tx, other, _(_HELD, number=number), now)
    return held


def without_charge(tx: Tx, channels: Collection[str], given: Callable[[str, str], str]) -> Sequence[int]:
    """Who sends a broadcast just now, and has charge neither by the database nor by the settings (``given``).

    Only people on these channels: of others' settings this process knows nothing.
    """
    found = []
    for row in tx.all(outreach.MAKERS):
        role = given(row.channel, row.user) or ("" if row.suspended_at is not None else row.role)
        if row.channel in channels and (row.erased_at is not None or not may(role, "administer")):
            found.append(row.id)
    return found


def _sent_by(tx: Tx, person: int) -> Sequence[BroadcastRow]:
    return [row for row in tx.all(outreach.UNDER_WAY) if row.made_by == person and row.state != "paused"]


# --------------------------------------------------------------------------- closed projects


def hold_closed(tx: Tx, named: Named, now: int) -> Sequence[int]:
    """Pause what leads into a project that is closed; which ones.

    Whoever sends it is told; where nobody does, or they cannot be told, all in charge are.
    """
    held = []
    for row in tx.all(outreach.INTO_CLOSED):
        if _paused(tx, row.id, "its project is closed", now):
            held.append(row.id)
            if row.made_by is None or not _tell_closed(tx, row.id, row.made_by, now):
                for reader in admins(tx, named):
                    _tell_closed(tx, row.id, reader.id, now)
    return held


def _tell_closed(tx: Tx, number: int, person: int, now: int) -> bool:
    go = Go(_("Open the broadcast"), "broadcast.open", number)
    return remind(tx, person, "notice", f"closed:{number}:{person}", _(_CLOSED, number=number), now, go=go)


def _paused(tx: Tx, number: int, why: str, now: int) -> bool:
    """Whether it was still being sent, and is held now."""
    try:
        pause(tx, _RULE, number, now, why)
    except NotUnderWayError:
        return False
    return True
