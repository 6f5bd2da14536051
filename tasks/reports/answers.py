"""The last answers of one person, and what was sent back to them, as people in charge look at them."""

from __future__ import annotations

import heapq
import json
from collections.abc import Sequence
from itertools import islice
from operator import attrgetter
from typing import Any

from db.queries import card
from db.queries.card import Given, SentBack
from db.session import Reader, Tx
from tasks.projects.catalog import Known

_LAST = 1 << 62
ON_A_PAGE = 10


def last(reader: Reader, person: int, before: int | None) -> tuple[Sequence[Given], int | None]:
    """Ten answers over all their projects, the newest first, and before which moment the next ten are.

    It takes as many steps as they have answered: for a job, never in a turn.
    """
    before = before or _LAST
    projects = [row.project for row in reader.stream(card.WORKED_ON, person=person)]
    lists = [
        list(reader.stream(card.GIVEN, project=project, person=person, before=before, most=ON_A_PAGE + 1))
        for project in projects
    ]
    found = list(islice(heapq.merge(*lists, key=attrgetter("at"), reverse=True), ON_A_PAGE + 1))
    shown = found[:ON_A_PAGE]
    return shown, shown[-1].at if len(found) > ON_A_PAGE else None


def told(known: Known, item: str) -> str:
    """What a worker reads of an item: its text, else its first cell."""
    cells: dict[str, Any] = json.loads(item)
    column = known.spec.show.text
    return str(cells.get(column or "") or next(iter(cells.values()), ""))


def sent_back(tx: Tx, person: int, before: int | None, most: int) -> Sequence[SentBack]:
    """Rejections and redos, the newest first, with what came of an appeal."""
    return tx.all(card.SENT_BACK, person=person, before=before or _LAST, most=most)
