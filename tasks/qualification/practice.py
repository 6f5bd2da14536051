"""Practice: tasks whose answer is known and explained at once, tried until it is right; unpaid."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from db.queries import qualification as queries
from db.queries.qualification import PracticeTask
from db.session import Tx
from tasks.assignment.deal import enrolment
from tasks.assignment.errors import NotYoursError
from tasks.kinds import KINDS, Answer
from tasks.projects.catalog import Known
from tasks.qualification import gates
from tasks.qualification.pools import is_right


@dataclass(frozen=True, slots=True)
class Exercise:
    """A practice task in hand."""

    task: int
    item: Mapping[str, str]
    pictures: Mapping[str, str]
    """Column to media content."""
    why: str
    practised: int
    """How many they have got right before."""


@dataclass(frozen=True, slots=True)
class Tried:
    """What a try came to: the answer in canonical form, whether it is right, how many were right by now."""

    value: Answer
    right: bool
    practised: int


def exercise(tx: Tx, known: Known, worker: int, now: int, rng: Random) -> Exercise | None:
    """The practice task in hand; None where the project has none. Each person begins at another one."""
    enrolment(tx, known, worker, now)
    found = _found(tx, known, worker)
    if found is None:
        last = tx.one(queries.LAST_PLACE, project=known.id)
        _move(tx, known, worker, rng.randint(1, last.n) if last and last.n else 1, right=0)
        found = _found(tx, known, worker)
    if found is None:
        return None
    practised, row = found
    item: dict[str, Any] = json.loads(row.item)
    return Exercise(row.task, item, json.loads(row.pictures), row.why or "", practised)


def _found(tx: Tx, known: Known, worker: int) -> tuple[int, PracticeTask] | None:
    """Round and round in the shuffled order; None before the first."""
    here = tx.one(queries.PRACTISED, project=known.id, worker=worker)
    if here is None or not here.cursor:
        return None
    row = tx.one(queries.PRACTICE_AT, project=known.id, place=here.cursor)
    row = row or tx.one(queries.PRACTICE_FIRST, project=known.id)
    return (here.practised, row) if row else None


def attempt(tx: Tx, known: Known, worker: int, task: int, raw: object, now: int) -> Tried:
    """Try an answer. When enough are right, the second gate is reached. Raises AnswerError, NotYoursError."""
    found = _found(tx, known, worker)
    if found is None or found[1].task != task:
        raise NotYoursError
    practised, row = found
    value = KINDS[known.spec.kind].check(known.spec.question_for_kind(), raw)
    right = is_right(known.spec, value, json.loads(row.gold))
    if right:
        _move(tx, known, worker, row.place + 1, right=1)
        practised += 1
    if right and practised >= known.spec.qualification.practice:
        gates.reached(tx, worker, gates.TRAINED, "practice finished", now, project=known.key, practised=practised)
    return Tried(value, right, practised)


def waive(tx: Tx, known: Known, worker: int) -> None:
    """There is nothing to practise on: it counts as done."""
    _move(tx, known, worker, 0, right=known.spec.qualification.practice)


def _move(tx: Tx, known: Known, worker: int, place: int, *, right: int) -> None:
    tx.run(queries.PRACTISE, project=known.id, worker=worker, right=right, place=place)
