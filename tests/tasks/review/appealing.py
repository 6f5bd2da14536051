"""A project in which answers have been rejected, for the tests of appeals."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from db.queries import cases as raised
from db.queries import mass
from db.queries.appeals import Due
from db.queries.cases import Case
from db.session import Database, Tx
from db.statement import Statement, change
from tasks.projects.catalog import Known
from tasks.review import appeals, rejecting, seats, sweep
from tests.tasks.review.disputes import NEVER, PAID, Room, a_room

REASONS: Mapping[str, Any] = {
    **PAID,
    "overlap": 1,
    "review": {"share": 0, "reasons": [{"key": "blurred", "text": "It is blurred", "pay": 0.5}]},
}
VOTED = change("""
    INSERT INTO vote (case_id, reviewer_id, state, planted, offered_at, lease_ends, voted_at, work_ms, value, note,
                      changes, told, pay)
    VALUES (:case_id, :reviewer, 'voted', FALSE, 1, 1, 1, 0, '{}', '', 0, FALSE, 0)
""")


class Answer(NamedTuple):
    """How an answer stands."""

    state: str
    rejected: bool | None


ANSWER = Statement(
    """
    SELECT a.state, n.rejected FROM assignment a
    LEFT JOIN answer n ON n.project_id = a.project_id AND n.task_id = a.task_id AND n.worker_id = a.worker_id
    WHERE a.project_id = :project AND a.task_id = :task AND a.worker_id = :worker
    """,
    Answer,
)


class Balance(NamedTuple):
    """What an account holds."""

    kind: str
    balance: int


BALANCES = Statement("SELECT kind, balance FROM account WHERE person_id = :person ORDER BY kind", Balance)


def rejected(room: Room, worker: int, label: str = "cat", by: int | None = None) -> Case:
    """An answer of the worker to their next task, rejected by somebody."""
    task = room.answer(worker, label)

    def turn(tx: Tx, known: Known) -> Case:
        row = {"project": known.id, "task": task, "worker": worker, "now": room.now, "actor": None}
        made = tx.one(mass.REJECTED, value=json.dumps(label), label='{"reject": ["blurred"]}', why="Look again.", **row)
        assert made is not None
        if by is not None:
            tx.run(VOTED, case_id=made.n, reviewer=by)
        rejecting.reject(tx, known, task, worker, made.n, room.now)
        case = tx.one(raised.CASE, case_id=made.n)
        assert case is not None
        return case

    return room.run(turn)


def case_of(room: Room, number: int) -> Case:
    """A case as it stands."""
    found = room.run(lambda tx, _known: tx.one(raised.CASE, case_id=number))
    assert found is not None
    return found


def appealed(room: Room, case: Case, words: str = "It is a cat, look at the ears.") -> Case:
    """The worker's appeal."""
    return room.run(lambda tx, known: appeals.appeal(tx, known, case.id, case.worker or 0, words, room.now))


def stands(room: Room, case: Case) -> Answer:
    """How the answer of a case stands."""
    row = {"project": case.project, "task": case.task, "worker": case.worker}
    found = room.run(lambda tx, _known: tx.one(ANSWER, **row))
    assert found is not None
    return found


def balances(room: Room, person: int) -> dict[str, int]:
    """What somebody has, by state."""
    return {
        row.kind: row.balance for row in room.run(lambda tx, _known: tx.all(BALANCES, person=person)) if row.balance
    }


def a_room_of_rejections(database: Database, **changed: Any) -> Room:
    """Two workers, four reviewers, money."""
    return a_room(database, tasks=3, **{**REASONS, **changed})


def decide(room: Room, votes: str, note: str = "") -> None:
    """Reviewers vote on the appeal that waits, one after the other: ``y`` that the answer is fine, ``n`` that not."""
    for who, vote in zip(room.reviewers, votes, strict=False):
        seated = room.run(lambda tx, known, who=who: seats.take(tx, known, who, "appeal", room.now, NEVER))  # type: ignore[misc]
        assert seated is not None
        room.vote(who, {"granted": vote == "y"}, note, case=seated.case.id)


def end(room: Room) -> list[int]:
    """What the clock ends by itself."""
    due = room.run(lambda tx, _known: sweep.silent(tx, room.now, 0))

    def ended(one: Due) -> bool:
        return room.run(lambda tx, _known: sweep.end_silent(tx, room.rig.catalog, one, room.now))

    return [one.id for one in due if ended(one)]
