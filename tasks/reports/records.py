"""Records in words: number, when, what was done, to whom, in which project, by whom, and why."""

from __future__ import annotations

import json

from db.queries.audit import Link
from db.queries.staff import Done
from db.session import Tx
from tasks.privacy.listing import wordless
from tasks.projects.catalog import Catalog
from tasks.projects.errors import UnknownProjectError
from tasks.reports import card
from tasks.words import Join, Moment, Words, _


def key_of(tx: Tx, catalog: Catalog, row: Link) -> str | None:
    """The “id” of the project that it is about."""
    if row.project is None:
        return None
    try:
        return catalog.get(tx, row.project).key
    except UnknownProjectError:
        return None


def line_for_requester(tx: Tx, catalog: Catalog, row: Link) -> Words:
    """A record of one of their projects in a line: who did it is said by what they are, not by a number."""
    who = _("the team") if row.actor is not None or not row.rule else _("the rule “{rule}”", rule=row.rule)
    if row.actor is not None and row.project is not None and catalog.get(tx, row.project).owner == row.actor:
        who = _("yourself")
    what = card.deed(row.what, json.loads(row.figures))
    said = _("{when}: {what}, by {who}", when=Moment(row.at), what=what, who=who)
    return Join((_("Record {number}", number=row.number or 0), key_of(tx, catalog, row) or "", said), " · ")


def done(row: Link) -> Done:
    """A record as a card has it."""
    return Done(row.at, row.channel, row.actor, row.rule, row.what, row.project, row.figures)


def line(tx: Tx, catalog: Catalog, row: Link) -> Words:
    """A record in a line."""
    key = key_of(tx, catalog, row)
    said: list[Words] = [_("Record {number}", number=row.number or 0)]
    if row.person is not None:
        said.append(_("about No. {number}", number=row.person))
    if key:
        said.append(key)
    said.append(card.act(done(row)))
    if wordless(row):
        said.append(_("the reason was erased with the person"))
    return Join(said, " · ")
