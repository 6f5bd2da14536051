"""Weighs a task's answers when one comes or goes, settles or reopens the task, and credits those who answered."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from db.queries import answers as handed
from db.queries import quality, weighing, work
from db.queries.weighing import Counted
from db.queries.work import TaskRow
from db.session import Tx
from tasks import cases
from tasks.consensus import credit
from tasks.consensus.ballots import Alike, Ballot
from tasks.consensus.consensus import Belief, believe
from tasks.consensus.decide import Decision, decide
from tasks.consensus.information import worth_of_next
from tasks.kinds import KINDS
from tasks.projects.catalog import Known
from tasks.quality.model import MOST_LABELS, grain


@dataclass(frozen=True, slots=True)
class Change:
    """What became of the project's counts: +1, 0 or −1 each."""

    agreed: int = 0
    disputed: int = 0


def weigh(tx: Tx, known: Known, task: int, row: TaskRow, now: int) -> Change:
    """Weigh again after an answer has come to an open task. ``row`` is the task as locked before."""
    answers = tx.all(weighing.COUNTED, project=known.id, task=task)
    if not answers:
        _write(tx, known, task, row, answers=0)
        return Change()
    belief = weighed(tx, known, task, row.prior, answers)
    return _decided(tx, known, task, row, answers, belief, _decision(known, belief, answers, row.wanted), now)


def rethink(tx: Tx, known: Known, task: int, row: TaskRow, now: int) -> Change:
    """Weigh an open task again that nobody is working on: settle it, if it is sure by what is known today."""
    answers = tx.all(weighing.COUNTED, project=known.id, task=task)
    belief = weighed(tx, known, task, row.prior, answers)
    decision = _decision(known, belief, answers, len(answers))
    if decision.status == "open":
        tx.run(
            quality.RETHINK,
            project=known.id,
            task=task,
            label=json.dumps(belief.value, ensure_ascii=False),
            confidence=belief.confidence,
            posterior=json.dumps(_stored(belief), ensure_ascii=False),
            worth=_worth(known, belief, answers),
        )
        return Change()
    if not tx.run(quality.FREE_SLOTS, project=known.id, task=task):
        return Change()
    return _decided(tx, known, task, row._replace(wanted=len(answers), slots=0), answers, belief, decision, now)


def again(tx: Tx, known: Known, task: int, row: TaskRow, now: int) -> Change:
    """Weigh a settled task again by what is known today: it is settled otherwise, or one more is asked."""
    credit.take_back(tx, known, task, row.posterior)
    cases.withdraw(tx, known.id, task, "dispute", now)
    return _since(row, weigh(tx, known, task, row._replace(status="open"), now))


def tally(tx: Tx, project: int, change: Change, **counts: int) -> None:
    """Add a change that no new answer has brought about to the project's counts."""
    if change != Change() or counts:
        moved = {"answers": 0, "work_ms": 0, "gold_seen": 0, "gold_correct": 0} | counts
        tx.run(work.TALLY, project=project, shard=0, agreed=change.agreed, disputed=change.disputed, **moved)


def _decision(known: Known, belief: Belief, answers: Sequence[Counted], wanted: int) -> Decision:
    overlap = known.spec.overlap
    wanted = max(wanted, _checked(known, answers))
    return decide(belief, len(answers), wanted, overlap.max, None if overlap.fixed else overlap.confidence)


def _checked(known: Known, answers: Sequence[Counted]) -> int:
    """How many answers a task gets in any case because one of them is to be checked."""
    return min(known.spec.overlap.max, 1 + max((answer.further for answer in answers), default=0))


def _stored(belief: Belief) -> Sequence[tuple[Any, float]]:
    return [(value, grain(chance)) for value, chance in belief.posterior[:MOST_LABELS]]


def _decided(
    tx: Tx,
    known: Known,
    task: int,
    row: TaskRow,
    answers: Sequence[Counted],
    belief: Belief,
    decision: Decision,
    now: int,
) -> Change:
    """Write what becomes of an open task, ask one more if need be, credit everybody if it is settled."""
    posterior = _stored(belief)
    settled = decision.status != "open"
    _write(
        tx,
        known,
        task,
        row,
        answers=len(answers),
        wanted=decision.wanted,
        slots=decision.wanted - row.wanted,
        status=decision.status,
        label=json.dumps(belief.value, ensure_ascii=False),
        confidence=belief.confidence,
        posterior=json.dumps(posterior, ensure_ascii=False),
        method=decision.method,
        settled_at=now if settled else None,
        worth=None if settled else _worth(known, belief, answers),
    )
    if decision.wanted > row.wanted:
        tx.run(work.RETURN, project=known.id, task=task)
    if decision.status == "disputed":
        cases.dispute(tx, known, task, "crowd", now)
    elif settled and cases.audited(known, task):
        cases.dispute(tx, known, task, "audit", now)
    if settled:
        credit.give(tx, known, task, answers, belief, posterior, agreed=decision.status == "agreed")
    return Change(int(decision.status == "agreed"), int(decision.status == "disputed"))


def withdraw(tx: Tx, known: Known, worker: int, task: int, row: TaskRow, now: int) -> Change:
    """Take one answer back, with all that it has brought about. ``row`` is the task as locked before."""
    settled = row.status != "open" and row.method not in cases.ASIDE
    if settled:
        credit.take_back(tx, known, task, row.posterior)
        cases.withdraw(tx, known.id, task, "dispute", now)
    tx.run(work.WITHDRAW, project=known.id, task=task, worker=worker)
    if row.method in cases.ASIDE:
        tx.run(work.COUNT_ANSWER, project=known.id, task=task, n=-1)
        return Change()
    return _since(row, weigh(tx, known, task, row, now))


# --------------------------------------------------------------------------- rejected answers


def reject(tx: Tx, known: Known, worker: int, task: int, row: TaskRow, now: int) -> Change:
    """One answer counts no longer: its place goes to another, unless the task is decided or set aside.

    ``row`` is the task as locked before.
    """
    key = {"project": known.id, "task": task, "worker": worker}
    if row.status == "decided" or row.method in cases.ASIDE:
        credit.one(tx, known, task, worker, row, -1)
        tx.run(handed.COUNT_NO_MORE, **key)
        tx.run(handed.RESIZE, project=known.id, task=task, n=-1)
        return Change()
    if row.status != "open":
        credit.take_back(tx, known, task, row.posterior)
        cases.withdraw(tx, known.id, task, "dispute", now)
    tx.run(handed.COUNT_NO_MORE, **key)
    return _since(row, _less(tx, known, task, row, now))


def restore(tx: Tx, known: Known, worker: int, task: int, row: TaskRow, now: int) -> Change:
    """A rejected answer counts again; where its place has been given to another it is over and above the overlap."""
    tx.run(handed.COUNT_AGAIN, project=known.id, task=task, worker=worker)
    if row.status == "decided" or row.method in cases.ASIDE:
        tx.run(handed.RESIZE, project=known.id, task=task, n=1)
        credit.one(tx, known, task, worker, row, 1)
        return Change()
    if row.status != "open":
        credit.take_back(tx, known, task, row.posterior)
        cases.withdraw(tx, known.id, task, "dispute", now)
    beyond = row.status != "open" or not tx.run(work.TAKE_SLOT, project=known.id, task=task)
    return _since(row, weigh(tx, known, task, row._replace(status="open", wanted=row.wanted + int(beyond)), now))


def _less(tx: Tx, known: Known, task: int, row: TaskRow, now: int) -> Change:
    """Weigh again with an answer less: as many are wanted as before, fewer where it is sure without it."""
    answers = tx.all(weighing.COUNTED, project=known.id, task=task)
    without, overlap = row._replace(wanted=row.wanted - 1), known.spec.overlap
    asked = without.wanted if row.wanted > overlap.max else row.wanted
    wanted = asked if row.status == "open" else max(overlap.min, len(answers))
    if answers:
        belief = weighed(tx, known, task, row.prior, answers)
        return _decided(tx, known, task, without, answers, belief, _decision(known, belief, answers, wanted), now)
    _write(tx, known, task, row, answers=0, wanted=wanted, slots=wanted - without.wanted)
    tx.run(work.RETURN, project=known.id, task=task)
    return Change()


def _since(row: TaskRow, after: Change) -> Change:
    return Change(after.agreed - int(row.status == "agreed"), after.disputed - int(row.status == "disputed"))


# --------------------------------------------------------------------------- weighing


def weighed(tx: Tx, known: Known, task: int, prior: str | None, answers: Sequence[Counted]) -> Belief:
    """What the answers to a task say together, as things stand."""
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    ballots = [
        Ballot(
            json.loads(answer.value),
            credit.record(answer.seen, answer.correct, answer.confusion),
            answer.doubt,
            answer.worker,
        )
        for answer in answers
    ]
    guess = json.loads(prior) if prior else None
    return believe(kind, question, ballots, known.crowd, guess, _alike(tx, known, task) if len(answers) > 1 else None)


def _worth(known: Known, belief: Belief, answers: Sequence[Counted]) -> float | None:
    """What the next answer is worth; None for what waits to be checked: it comes as soon as something new, not last."""
    if len(answers) < _checked(known, answers):
        return None
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    chances = [chance for _value, chance in belief.posterior]
    return worth_of_next(kind, question, known.crowd, chances, len(answers))


def _alike(tx: Tx, known: Known, task: int) -> Alike:
    return {(pair.worker, pair.other): pair.strength for pair in tx.all(weighing.ALIKE, project=known.id, task=task)}


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
    tx.run(weighing.WEIGH, project=known.id, task=task, **values)
