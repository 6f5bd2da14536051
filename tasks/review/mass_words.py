"""Rejecting many answers in words: for the chat and the shell."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from db.queries.mass import Mass
from db.session import Tx
from tasks.projects.catalog import Catalog, Known
from tasks.review import reasons
from tasks.review.mass_cost import Cost
from tasks.words import Join, Local, Moment, Money, Words, _, _n


def line(tx: Tx, catalog: Catalog, row: Mass) -> Words:
    """One that waits, or is under way."""
    title = Local(catalog.get(tx, row.project).spec.title)
    answers = _n("{n} answer", "{n} answers", row.answers)
    said: list[Words] = [_("{number}: {title}", number=row.id, title=title), answers, _whose(row)]
    if row.state == "accepted":
        said.append(_n("under way: {n} is rejected", "under way: {n} are rejected", row.rejected))
    return Join(said, " · ")


def whole(tx: Tx, catalog: Catalog, row: Mass) -> Sequence[Words]:
    """All there is to know before one decides."""
    known = catalog.get(tx, row.project)
    said: list[Words] = [
        _("Reject {what} in “{title}”?", what=_n("{n} answer", "{n} answers", row.answers),
          title=Local(known.spec.title)),
        Join((_whose(row), _n("{n} person", "{n} people", row.people)), " · "),
    ]  # fmt: skip
    if known.purse is not None:
        said.append(_("{amount} on hold would go back to the budget.", amount=Money(row.amount, known.purse.currency)))
    said.append(_("Reasons: {reasons}", reasons=reasons.said(known, json.loads(row.reasons))))
    said.append(_("Why: {why}", why=row.why))
    who = _("the shell") if row.made_by is None else _("No. {number}", number=row.made_by)
    return [*said, _("Proposed {when} by {who}.", when=Moment(row.made_at), who=who)]


def cost(known: Known, found: Cost) -> Sequence[Words]:
    """What it would cost, and whom."""
    if not found.answers:
        return [_("There is no answer here that could be rejected.")]
    answers = _n("{n} answer", "{n} answers", found.answers)
    said: list[Words] = [Join((answers, _n("of {n} person", "of {n} people", found.people)), " ")]
    if found.people > 1:
        most = [_("No. {number}: {n}", number=row.worker, n=row.answers) for row in found.most_of]
        said.append(_("The most are of {people}", people=Join(most, ", ")))
    if known.purse is not None:
        said.append(
            _("{amount} on hold would go back to the budget.", amount=Money(found.amount, known.purse.currency))
        )
    if found.paid:
        said.append(
            _n(
                "{n} of them is out of hold: its pay stays with who earned it.",
                "{n} of them are out of hold: their pay stays with who earned it.",
                found.paid,
            )
        )
    return [*said, _("What a reviewer has accepted stays as it is. Each person can disagree with each rejection.")]


def plain(row: Mass) -> dict[str, Any]:
    """One as JSON has it."""
    return {**row._asdict(), "reasons": json.loads(row.reasons)}


def _whose(row: Mass) -> Words:
    return _("of everybody") if row.worker is None else _("of No. {number}", number=row.worker)
