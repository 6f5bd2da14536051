"""Credits those who answered a task when it is settled, and takes it back exactly when it is opened again.

One row of each author is changed. They are locked in the order of their numbers, or turns would wait for each other.
What was credited is known from the task's posterior and the answers, on a grid that sums leave exact.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from db.queries import weighing
from db.queries.weighing import Counted, Held
from db.queries.work import TaskRow
from db.session import Tx
from tasks.consensus.consensus import Belief
from tasks.kinds import KINDS, Answer
from tasks.projects.catalog import Known
from tasks.quality import lately
from tasks.quality.model import MOST_LABELS, Record, grain, pack, unpack

Posterior = Sequence[tuple[Any, float]]


def record(seen: float, correct: float, confusion: bytes | None) -> Record:
    """A worker's record from their row."""
    return Record(seen, correct, unpack(confusion))


def give(
    tx: Tx, known: Known, task: int, answers: Sequence[Counted], belief: Belief, posterior: Posterior, *, agreed: bool
) -> None:
    """Credit a settled task, and keep what each answer counted for.

    Each author's answer is held against the posterior: soft counts, also where the crowd disagreed. Where the set of
    answers cannot be listed it is held against what was agreed. Whoever answered alone is credited nothing, since
    nothing but their own word speaks for it.
    """
    values = {answer.worker: json.loads(answer.value) for answer in answers}
    nears = _nears(known, values, belief, agreed=agreed) if len(answers) > 1 else {}
    if nears:
        _add(tx, known, task, values, nears, posterior, 1)
    judged = [
        {
            "project": known.id,
            "task": task,
            "worker": answer.worker,
            "agreed": nears.get(answer.worker),
            "weight": weight,
        }
        for answer, weight in zip(answers, belief.weights, strict=True)
    ]
    tx.many(weighing.JUDGED, judged)


def take_back(tx: Tx, known: Known, task: int, posterior: str | None) -> None:
    """Take back what a task has credited when it was settled."""
    answers = tx.all(weighing.COUNTED, project=known.id, task=task)
    values = {answer.worker: json.loads(answer.value) for answer in answers}
    nears = {answer.worker: answer.agreed for answer in answers if answer.agreed is not None}
    if nears:
        _add(tx, known, task, values, nears, json.loads(posterior or "[]"), -1)
    nothing = {"project": known.id, "task": task, "agreed": None, "weight": None}
    tx.many(weighing.JUDGED, [{**nothing, "worker": answer.worker} for answer in answers])


def one(tx: Tx, known: Known, task: int, worker: int, row: TaskRow, sign: int) -> None:
    """Credit one answer against what its task is decided with, or with ``sign`` −1 take that back.

    Nothing where the task has no label: its item is at fault, or it is set aside.
    """
    answer = tx.one(weighing.COUNTED_ONE, project=known.id, task=task, worker=worker)
    assert answer is not None  # noqa: S101 - it is there, counted or not
    value = json.loads(answer.value)
    posterior = json.loads(row.posterior or "[]")
    near = answer.agreed if sign < 0 else _near(known, value, row, posterior)
    if near is not None:
        _add(tx, known, task, {worker: value}, {worker: near}, posterior, sign)
        row_of = {"project": known.id, "task": task, "worker": worker, "weight": None}
        tx.run(weighing.JUDGED, agreed=near if sign > 0 else None, **row_of)


def _near(known: Known, value: Answer, row: TaskRow, posterior: Posterior) -> float | None:
    """How near an answer comes to what its task is decided with; None where that is no label."""
    if row.status != "decided" or row.label is None:
        return None
    kind = KINDS[known.spec.kind]
    if kind.belief == "one":
        return grain(dict(map(tuple, posterior)).get(value, 0.0))
    return grain(1 - kind.distance(known.spec.question_for_kind(), value, json.loads(row.label)))


def gold(tx: Tx, known: Known, worker: int, given: Answer, truth: Answer, sign: int, *, right: bool) -> None:
    """Credit an answer to a gold task, or with ``sign`` −1 take it back: the truth is certain."""
    held = tx.one(weighing.RECORD, project=known.id, worker=worker)
    assert held is not None  # noqa: S101 - whoever answers is enrolled
    changed = _credited(
        known, held, given, [(truth, 1.0)], float(right), sign, nearer_than_a_guess(known, given, truth)
    )
    tx.run(weighing.CREDIT_GOLD, **changed, right=sign * int(right))


def nearer_than_a_guess(known: Known, given: Answer, truth: Answer) -> float:
    """How near an answer comes to a known one: 1 the same, 0 no nearer than any key would on the average.

    On a scale one step beside is much better than a guess; where nothing is known of all answers it is their likeness.
    """
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    away = kind.distance(question, given, truth)
    options = list(kind.options(question)) if kind.belief == "one" else []
    by_chance = sum(kind.distance(question, option, truth) for option in options) / len(options) if options else 1.0
    return max(0.0, 1 - away / by_chance) if away else 1.0


def _nears(known: Known, values: Mapping[int, Answer], belief: Belief, *, agreed: bool) -> dict[int, float]:
    """How near each worker's answer came to what the task was settled with, 0 to 1; empty where it was not."""
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    if kind.belief == "one":
        chances = dict(belief.posterior)
        return {worker: grain(chances[value]) for worker, value in values.items()}
    if not agreed:
        return {}
    return {worker: grain(1 - kind.distance(question, value, belief.value)) for worker, value in values.items()}


def _add(
    tx: Tx,
    known: Known,
    task: int,
    values: Mapping[int, Answer],
    nears: Mapping[int, float],
    posterior: Posterior,
    sign: int,
) -> None:
    held = tx.all(weighing.RECORDS, project=known.id, task=task)
    tx.many(
        weighing.CREDIT,
        [
            _credited(known, one, values[one.worker], posterior, nears[one.worker], sign, nears[one.worker])
            for one in held
            if one.worker in nears
        ],
    )


def _credited(
    known: Known, held: Held, given: Answer, truth: Posterior, right: float, sign: int, near: float
) -> dict[str, Any]:
    """The columns of a worker's row with one answer more or less; ``near`` is what rules look at."""
    kind = KINDS[known.spec.kind]
    options = list(kind.options(known.spec.question_for_kind())) if kind.belief == "one" else []
    before = record(held.seen, held.correct, held.confusion)
    if 0 < len(options) <= MOST_LABELS:
        shares = dict(map(tuple, truth))
        after = before.credited(options.index(given), [shares.get(option, 0.0) for option in options], right, sign)
    else:
        after = before.credited(None, (), right, sign)
    recent = lately.judged(held.recent, near) if sign > 0 else lately.unjudged(held.recent, near)
    return {
        "project": known.id,
        "worker": held.worker,
        "recent": recent,
        "n": sign,
        "seen": after.seen,
        "correct": after.correct,
        "confusion": pack(after.confusion),
    }
