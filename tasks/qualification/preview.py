"""What a project's people will see, before there are any: its first items, and a practice item with its answer."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from db.queries import preview, qualification
from db.session import Tx
from tasks.assignment.deal import Offer
from tasks.kinds import Answer
from tasks.people import Who
from tasks.projects.catalog import Known
from tasks.qualification.door import Door, Standing, decide
from tasks.qualification.practice import Exercise

MOST_ITEMS = 3
_OWN = 3


@dataclass(frozen=True, slots=True)
class Practised:
    """A practice item, and the answer that is right."""

    exercise: Exercise
    right: Answer


def items(tx: Tx, known: Known) -> Sequence[Offer]:
    """The first items of work, as they will be offered."""
    rows = tx.all(preview.ITEMS, project=known.id, most=MOST_ITEMS)
    return [
        Offer(known.id, row.task, _texts(row.item), _texts(row.pictures), answered, can_undo=False)
        for answered, row in enumerate(rows)
    ]


def practised(tx: Tx, known: Known) -> Practised | None:
    """The first practice item; None where there is none."""
    row = tx.one(qualification.PRACTICE_FIRST, project=known.id)
    if row is None:
        return None
    exercise = Exercise(row.task, _texts(row.item), _texts(row.pictures), row.why or "", 0)
    return Practised(exercise, json.loads(row.gold))


def somebody(known: Known, language: str, now: int) -> Door:
    """The door of the project once it runs, for somebody new whom it is for."""
    audience = known.spec.audience
    who = Who(0, language, "UTC", "worker", "", age=audience.age, gate=audience.gate)
    stands = Standing(dict.fromkeys(audience.languages, _OWN), dict.fromkeys(audience.skills), frozenset({known.id}))
    live = Known(known.id, known.key, "live", known.revision, known.spec, known.crowd)
    return decide(live, who, stands, now)


def _texts(text: str) -> Mapping[str, str]:
    read: Mapping[str, str] = json.loads(text)
    return read
