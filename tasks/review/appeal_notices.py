"""What people are told of an appeal: the worker whose answer it is, and who rejected it; each in one growing notice."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from db.queries import review, work
from db.queries.cases import Case
from db.session import Tx
from tasks.notices import tell_together
from tasks.projects.catalog import Known
from tasks.review import dispute
from tasks.words import Join, Text, Words, _, _n

_MOST_LINES = 5


def beginning(tx: Tx, known: Known, task: int) -> str:
    """An item in a few words."""
    row, named = tx.one(work.TASK, project=known.id, task=task), tx.one(review.ROW, project=known.id, task=task)
    return dispute.beginning(known, json.loads(row.item), named.row) if row and named else ""


def tell_worker(tx: Tx, known: Known, case: Case, why: str, now: int, *, granted: bool, silent: bool) -> None:
    """The outcome, with the reason."""
    if case.worker is None:
        return
    item = beginning(tx, known, case.task)
    if silent:
        line = _("“{item}”: nobody has decided in time, so your answer counts.", item=item)
    elif granted:
        line = _("“{item}”: you were right, your answer counts.", item=item)
    else:
        line = _("“{item}”: others have looked at it too, and the rejection stands.", item=item)
    _together(tx, case.worker, "appeals", _decided, _reasoned(line, why), now)


def tell_rejecters(
    tx: Tx, known: Known, case: Case, reviewers: Sequence[int], why: str, now: int, *, granted: bool
) -> None:
    """Those who rejected it learn what others made of it."""
    item = beginning(tx, known, case.task)
    line = (
        _("“{item}”: the answer counts after all.", item=item)
        if granted
        else _("“{item}”: others agree with you.", item=item)
    )
    for reviewer in reviewers:
        _together(tx, reviewer, "appealed", _looked_at, _reasoned(line, why), now)


def _decided(n: int) -> Text:
    return _n("An answer that you disagreed about is decided.", "{n} answers that you disagreed about are decided.", n)


def _looked_at(n: int) -> Text:
    return _n(
        "An answer that you rejected was looked at again.", "{n} answers that you rejected were looked at again.", n
    )


def _reasoned(line: Text, why: str) -> Words:
    return Join((line, _("The reason: {why}", why=why)), " ") if why else line


def _together(tx: Tx, person: int, topic: str, head: Callable[[int], Text], line: Words, now: int) -> None:
    """Add a line to the notice of that topic; of very many only the first are spelled out."""

    def digest(n: int, before: Words | None) -> Words:
        lines = [] if before is None else list(before.parts[1:]) if isinstance(before, Join) else []
        return Join((head(n), *[*lines, line][:_MOST_LINES]), "\n")

    tell_together(tx, person, topic, digest, now)
