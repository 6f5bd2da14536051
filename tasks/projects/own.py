"""Whose a project is: a requester has charge of their own alone, and of all others hears as if they were not there."""

from __future__ import annotations

from db.session import Tx
from tasks.access import may
from tasks.people import Who
from tasks.projects.catalog import Catalog, Known
from tasks.projects.errors import MistypedProjectError, UnknownProjectError, UnseenProjectError

EVERYBODYS = ("administer", "review")
"""Permits with which one may look at the projects of all."""
_LONGEST = 64
"""Characters of a wrong name that are said back."""


def owner(who: Who) -> int | None:
    """Whose projects alone they find; None for those of all."""
    return None if any(may(who.role, permit) for permit in EVERYBODYS) else who.id


def mine(who: Who, known: Known) -> bool:
    """Whether they may have to do with it."""
    return owner(who) in {None, known.owner}


def refuse_others(who: Who, known: Known) -> None:
    """Raises UnknownProjectError where it is somebody else's."""
    if not mine(who, known):
        raise UnknownProjectError(key=known.key)


def find(tx: Tx, catalog: Catalog, who: Who, named: str | int) -> Known:
    """The project of that “id” of its file (or of that number), if they may have to do with it.

    Raises UnknownProjectError, which names the nearest of those that they find.
    """
    if isinstance(named, str):
        try:
            return catalog.by_key(tx, named, owner(who))
        except MistypedProjectError:
            raise
        except UnknownProjectError:
            raise UnseenProjectError(key=named[:_LONGEST]) from None
    known = catalog.get(tx, named)
    refuse_others(who, known)
    return known
