"""Weighs a task's answers when one comes or goes, settles or reopens the task, and credits those who answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from db.queries import work
from db.queries.work import TaskRow, Vote
from db.session import Tx
from tasks.kinds import KINDS
from tasks.projects.catalog import Known
from tasks.quality.consensus import Ballot, believe
from tasks.quality.decide import decide


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the project's counts: +1, 0 or −1 each."""

    agreed: int = 0
    disputed: int = 0


def weigh(tx: Tx, known: Known, task: int, row: TaskRow, now: int) -> Change:
    """Weigh again after an answer was added or taken back. ``row`` is the task as locked before."""
    if row.method == "reported":
        tx.run(work.COUNT_ANSWER, project=known.id, task=task, n=-1)
        return Change()
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    votes = tx.all(work.VOTES, project=known.id, task=task)
    before = Change(int(row.status == "agreed"), int(row.status == "disputed"))
    if row.status != "open":
        _take_credit_back(tx, known, task, votes)
    if not votes:
        _write(tx, known, task, row, answers=0)
        return Change(-before.agreed, -before.disputed)
    values = [json.loads(vote.value) for vote in votes]
    ballots = [Ballot(value, vote.seen, vote.correct) for value, vote in zip(values, votes, strict=True)]
    belief = believe(kind, question, ballots)
    overlap = known.spec.overlap
    decision = decide(belief, len(votes), row.wanted, overlap.max, None if overlap.fixed else overlap.confidence)
    settled = decision.status != "open"
    _write(
        tx,
        known,
        task,
        row,
        answers=len(votes),
        wanted=decision.wanted,
        slots=decision.wanted - row.wanted,
        status=decision.status,
        label=json.dumps(belief.value, ensure_ascii=False),
        confidence=belief.confidence,
        posterior=json.dumps(belief.posterior, ensure_ascii=False),
        method=decision.method,
        settled_at=now if settled else None,
    )
    if decision.wanted > row.wanted:
        tx.run(work.RETURN, project=known.id, task=task)
    if decision.status == "agreed":
        for vote, value in sorted(zip(votes, values, strict=True), key=lambda pair: pair[0].worker):
            _credit(tx, known, task, vote, 1 - kind.distance(question, value, belief.value))
    return Change(
        int(decision.status == "agreed") - before.agreed, int(decision.status == "disputed") - before.disputed
    )


def _write(tx: Tx, known: Known, task: int, row: TaskRow, **changed: Any) -> None:
    values = {
        "answers": row.answers,
        "wanted": row.wanted,
        "slots": 0,
        "status": "open",
        "label": None,
        "confidence": None,
        "posterior": None,
        "method": "",
        "settled_at": None,
    } | changed
    tx.run(work.WEIGH, project=known.id, task=task, **values)


def _credit(tx: Tx, known: Known, task: int, vote: Vote, right: float) -> None:
    """One row of each author is changed: in the order of their numbers, or turns would wait for each other."""
    tx.run(work.CREDIT, project=known.id, worker=vote.worker, seen=1, correct=right)
    tx.run(work.AGREED, project=known.id, task=task, worker=vote.worker, agreed=right)


def _take_credit_back(tx: Tx, known: Known, task: int, votes: Sequence[Vote]) -> None:
    for vote in sorted(votes, key=lambda vote: vote.worker):
        uncredit(tx, known, vote)
        tx.run(work.AGREED, project=known.id, task=task, worker=vote.worker, agreed=None)


def uncredit(tx: Tx, known: Known, vote: Vote) -> None:
    """Take back what a settled task has credited to the author of one of its answers."""
    if vote.agreed is not None:
        tx.run(work.CREDIT, project=known.id, worker=vote.worker, seen=-1, correct=-vote.agreed)
