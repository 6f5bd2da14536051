"""That something waits for a second admin: a key for those who may confirm it."""

from __future__ import annotations

from handlers.flow import Visit
from handlers.talk import Key
from tasks import approval
from tasks.access import may
from tasks.words import _n


def keys(visit: Visit) -> list[list[Key]]:
    """One key with how many there are; none where nothing waits. Requesters find theirs on the project's card."""
    waits = approval.count(visit.tx, visit.now) if may(visit.who.role, "administer") else 0
    told = _n("{n} waits for a second admin", "{n} wait for a second admin", waits)
    return [[Key(told, "approvals.home")]] if waits else []
