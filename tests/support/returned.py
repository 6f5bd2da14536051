"""An answer that was sent back, and many that an admin wants rejected, made by hand."""

from __future__ import annotations

from typing import Any

from db.session import Tx
from db.tables import Answer, Assignment, Enrolment, MassRejection, ReviewCase
from tasks import cases
from tasks.projects.catalog import Known


def sent_back(tx: Tx, known: Known, worker: int, task: int, now: int) -> int:
    """A rejected answer of the worker to this task, which waits for a word of theirs: the number of its case."""
    key: dict[str, Any] = {"project_id": known.id, "task_id": task, "worker_id": worker}
    tx.orm.add(Assignment(**key, state="rejected", offered_at=now, lease_ends=now, submitted_at=now))
    tx.orm.flush()
    tx.orm.add(Answer(**key, value='"cat"', submitted_at=now, work_ms=1_000, rejected=True))
    case = ReviewCase(
        project_id=known.id,
        task_id=task,
        what="answer",
        cause="share",
        worker_id=worker,
        given='"cat"',
        state="decided",
        wanted=1,
        most=1,
        seats=0,
        opened_at=now,
        decided_at=now,
        ends_at=now + 86_400_000,
        verdict='{"reject": ["unreadable"]}',
        why="Look again, please.",
    )
    tx.orm.add(case)
    tx.orm.flush()
    return case.id or 0


def waits_for_a_look(tx: Tx, known: Known, worker: int, task: int, now: int) -> None:
    """An answer of the worker to this task, which a reviewer is asked to look at."""
    key: dict[str, Any] = {"project_id": known.id, "task_id": task, "worker_id": worker}
    tx.orm.add(Enrolment(project_id=known.id, worker_id=worker, joined_at=now, answered=1))
    tx.orm.add(Assignment(**key, state="answered", offered_at=now, lease_ends=now, submitted_at=now))
    tx.orm.flush()
    tx.orm.add(Answer(**key, value='"cat"', submitted_at=now, work_ms=1_000))
    tx.orm.flush()
    cases.ask(tx, known, task, worker, "cat", "share", now)


def wanted_rejected(tx: Tx, known: Known, now: int) -> int:
    """A proposal of the shell to reject everybody's answers: its number."""
    row = MassRejection(
        project_id=known.id,
        until_at=now,
        reasons='["unreadable"]',
        why="They are all the same.",
        answers=3,
        people=1,
        amount=60,
        made_at=now,
    )
    tx.orm.add(row)
    tx.orm.flush()
    return row.id or 0
