"""Whom the clock tells: the requester of a project, or else all admins; those of the settings, too."""

from __future__ import annotations

from collections.abc import Sequence

from db.queries import schedules
from db.queries.schedules import Reader
from db.session import Tx
from tasks.outreach.queue import Go, remind
from tasks.projects.catalog import Known
from tasks.words import Words, _

Named = Sequence[tuple[str, str]]
"""Those whom the settings make owners: channel, and its id of them."""


def admins(tx: Tx, named: Named) -> Sequence[Reader]:
    """Everybody in charge of all projects whom the bot knows, by number."""
    found = {reader.id: reader for reader in tx.all(schedules.IN_CHARGE)}
    for channel, user in named:
        reader = tx.one(schedules.BY_CHANNEL, channel=channel, user=user)
        if reader:
            found[reader.id] = reader
    return [found[number] for number in sorted(found)]


def of_project(tx: Tx, known: Known, named: Named) -> Sequence[Reader]:
    """The requester whose own it is, where they are still there; else all admins."""
    owner = tx.one(schedules.BY_NUMBER, person=known.owner) if known.owner is not None else None
    return [owner] if owner else admins(tx, named)


def tell(tx: Tx, known: Known, named: Named, cause: str, words: Words, now: int) -> int:
    """Write to those in charge of a project, once for each cause; to how many."""
    go = Go(_("Open the project"), "projects.card", known.key)
    told = 0
    for reader in of_project(tx, known, named):
        told += remind(tx, reader.id, "notice", f"{cause}:{reader.id}", words, now, go=go)
    return told
