"""A verdict teaches: a decided item becomes a practice task, or a hidden check; an admin confirms it.

A practice task is a copy, so that the results lose nothing. A hidden check is the item itself: whoever has answered it
holds an assignment of it, and so never meets it again.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from db.errors import InputError, told
from db.queries import cases as raised
from db.queries import projects, review, teaching, work
from db.queries.cases import Case
from db.session import Tx
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Catalog, Known
from tasks.projects.places import places
from tasks.review import dispute

MOST_OF_WHY = 500
"""Characters of an explanation, as in a data file."""
How = Literal["practice", "gold"]


class TeachingError(InputError):
    """The item cannot teach."""


class NotTeachableError(TeachingError):
    """It is not decided, decided without an answer, or teaches already."""

    message = told("Choose another: only an item that is decided with an answer can teach, and only once.")


class NoExplanationError(TeachingError):
    """Practice without an explanation, or a very long one."""

    message = told("Write the explanation first, in up to {most} characters: whoever practises is shown it.")


class SuggestedError(TeachingError):
    """Somebody has suggested it."""

    message = told("Nothing to do: this item is suggested already.")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A decided item that could teach."""

    case: int
    words: str
    """By what it is known again."""
    suggested: bool


@dataclass(frozen=True, slots=True)
class Lesson:
    """What an item would teach."""

    known: Known
    case: Case
    item: Mapping[str, str]
    pictures: Mapping[str, str]
    answer: Any
    why: str
    """The notes of those who voted for it, or the reason of who decided."""


def candidates(tx: Tx, catalog: Catalog, most: int) -> Sequence[Candidate]:
    """What was decided lately: first what reviewers have suggested."""
    return [
        Candidate(
            row.case,
            dispute.beginning(catalog.get(tx, row.project), json.loads(row.item), row.row),
            bool(row.suggested),
        )
        for row in tx.all(teaching.CANDIDATES, most=most)
    ]


def lesson(tx: Tx, catalog: Catalog, case_id: int) -> Lesson:
    """The item of a decided dispute. Raises NotTeachableError."""
    case = tx.one(raised.CASE, case_id=case_id)
    row = tx.one(work.TASK, project=case.project, task=case.task) if case else None
    known = catalog.get(tx, case.project) if case else None
    if case is None or row is None or known is None or case.what != "dispute":
        raise NotTeachableError
    if known.state == "closed" or row.split != "work" or row.status != "decided" or row.label is None:
        raise NotTeachableError
    answer = json.loads(row.label)
    return Lesson(known, case, json.loads(row.item), json.loads(row.pictures), answer, case.why[:MOST_OF_WHY])


def suggest(tx: Tx, catalog: Catalog, actor: Actor, case_id: int, now: int) -> None:
    """A reviewer finds that it teaches something. Raises TeachingError."""
    found = lesson(tx, catalog, case_id)
    figures = {"case": case_id}
    if tx.one(teaching.SUGGESTED, project=found.known.id, value=json.dumps(figures)):
        raise SuggestedError
    record(tx, actor, Act("suggest-teaching", project=found.known.id, figures=figures), now)


def confirm(tx: Tx, catalog: Catalog, actor: Actor, case_id: int, how: How, why: str, now: int) -> None:
    """An admin makes it a practice task or a hidden check, with its explanation. Raises TeachingError."""
    known = lesson(tx, catalog, case_id).known
    why = " ".join(why.split())
    if len(why) > MOST_OF_WHY or (how == "practice" and not any(map(str.isalnum, why))):
        raise NoExplanationError(most=MOST_OF_WHY)
    tx.one(projects.HEAD_LOCKED, key=known.key)  # whoever imports takes the next number too
    case = lesson(tx, catalog, case_id).case
    tx.one(work.TASK_LOCKED, project=known.id, task=case.task)
    made = _copied(tx, known, case.task, why, now) if how == "practice" else _turned(tx, known, case.task, why)
    if not made:
        raise NotTeachableError
    row = tx.one(review.ROW, project=known.id, task=case.task)
    figures = {"task": row.row if row else "", "as": how, "case": case_id, "why": why}
    record(tx, actor, Act("teach", project=known.id, figures=figures), now)


def _copied(tx: Tx, known: Known, task: int, why: str, now: int) -> bool:
    last = tx.one(projects.LAST_TASK, project=known.id)
    number = (last.n if last else 0) + 1
    values = {"id": number, "place": places(known.key)(number), "why": why, "now": now}
    return bool(tx.run(teaching.COPY, project=known.id, task=task, **values))


def _turned(tx: Tx, known: Known, task: int, why: str) -> bool:
    """It is work no more: the project's counts are of work."""
    turned = bool(tx.run(teaching.TO_GOLD, project=known.id, task=task, why=why or None))
    if turned:
        tx.run(teaching.ONE_LESS, project=known.id)
    return turned
