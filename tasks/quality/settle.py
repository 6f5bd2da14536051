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
from tasks.quality import credit
from tasks.quality.ballots import Alike, Ballot
from tasks.quality.consensus import Belief, believe
from tasks.quality.decide import decide
from tasks.quality.information import worth_of_next
from tasks.quality.model import MOST_LABELS, grain


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the project's counts: +1, 0 or −1 each."""

    agreed: int = 0
    disputed: int = 0


def weigh(tx: Tx, known: Known, task: int, row: TaskRow, now: int) -> Change:
    """Weigh again after an answer has come to an open task. ``row`` is the task as locked before."""
    votes = tx.all(work.VOTES, project=known.id, task=task)
    if not votes:
        _write(tx, known, task, row, answers=0)
        return Change()
    belief = weighed(tx, known, task, row.prior, votes)
    overlap = known.spec.overlap
    decision = decide(belief, len(votes), row.wanted, overlap.max, None if overlap.fixed else overlap.confidence)
    posterior = [(value, grain(chance)) for value, chance in belief.posterior[:MOST_LABELS]]
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
        posterior=json.dumps(posterior, ensure_ascii=False),
        method=decision.method,
        settled_at=now if settled else None,
        worth=None if settled else _worth(known, belief),
    )
    if decision.wanted > row.wanted:
        tx.run(work.RETURN, project=known.id, task=task)
    if settled:
        credit.give(tx, known, task, votes, belief, posterior, agreed=decision.status == "agreed")
    return Change(int(decision.status == "agreed"), int(decision.status == "disputed"))


def withdraw(tx: Tx, known: Known, worker: int, task: int, row: TaskRow, now: int) -> Change:
    """Take one answer back, with all that it has brought about. ``row`` is the task as locked before."""
    settled = row.status != "open" and row.method != "reported"
    if settled:
        credit.take_back(tx, known, task, row.posterior)
    tx.run(work.WITHDRAW, project=known.id, task=task, worker=worker)
    if row.method == "reported":
        tx.run(work.COUNT_ANSWER, project=known.id, task=task, n=-1)
        return Change()
    after = weigh(tx, known, task, row, now)
    return Change(after.agreed - int(row.status == "agreed"), after.disputed - int(row.status == "disputed"))


def weighed(tx: Tx, known: Known, task: int, prior: str | None, votes: Sequence[Vote]) -> Belief:
    """What the answers to a task say together, as things stand."""
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    ballots = [
        Ballot(json.loads(vote.value), credit.record(vote.seen, vote.correct, vote.confusion), vote.doubt, vote.worker)
        for vote in votes
    ]
    guess = json.loads(prior) if prior else None
    return believe(kind, question, ballots, known.crowd, guess, _alike(tx, known, task) if len(votes) > 1 else None)


def _worth(known: Known, belief: Belief) -> float:
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    return worth_of_next(kind, question, known.crowd, [chance for _value, chance in belief.posterior])


def _alike(tx: Tx, known: Known, task: int) -> Alike:
    return {(pair.worker, pair.other): pair.strength for pair in tx.all(work.ALIKE, project=known.id, task=task)}


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
        "worth": None,
    } | changed
    tx.run(work.WEIGH, project=known.id, task=task, **values)
