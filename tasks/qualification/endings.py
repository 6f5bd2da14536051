"""Qualifications that end: their holders are told a while before, and once when it has happened."""

from __future__ import annotations

from db.queries import qualification as queries
from db.queries.qualification import Ending
from db.session import Tx
from tasks.notices import tell
from tasks.projects.catalog import Catalog
from tasks.projects.errors import UnknownProjectError
from tasks.qualification import gates
from tasks.words import Local, Moment, Words, _

TOLD_AT_ONCE = 200
TOPIC = "qualification"
"""The kind of such notices: they have a switch of their own."""


def tell_endings(tx: Tx, catalog: Catalog, now: int, most: int = TOLD_AT_ONCE) -> int:
    """Tell holders whose time has come; how many there were (call again while it is ``most``)."""
    due = tx.all(queries.ENDING, now=now, most=most)
    for ending in sorted(due):
        _tell(tx, catalog, ending, now)
    return len(due)


def _tell(tx: Tx, catalog: Catalog, ending: Ending, now: int) -> None:
    """Once: a turn of their own may have renewed it, or another process have told them."""
    tx.one(queries.LOCK_PERSON, person=ending.person)
    if not tx.run(queries.REMINDED, person=ending.person, skill=ending.skill, ends_at=ending.ends_at, now=now):
        return
    what = _named(tx, catalog, ending)
    if ending.ends_at > now:
        soon = _(
            "Your qualification for “{what}” ends {when}: after that a quiz renews it.",
            what=what,
            when=Moment(ending.ends_at),
        )
        tell(tx, ending.person, soon, now, TOPIC)
        return
    ended = _("Your qualification for “{what}” has ended: a quiz renews it.", what=what)
    tell(tx, ending.person, ended, now, TOPIC)
    gates.recount(tx, ending.person, "qualification ended", now, skill=ending.skill)


def _named(tx: Tx, catalog: Catalog, ending: Ending) -> Words:
    """The title of the project whose own skill it is, else the skill's name."""
    if ending.project is not None:
        try:
            known = catalog.get(tx, ending.project)
        except UnknownProjectError:
            return ending.skill
        return Local(known.spec.title)
    return ending.skill
