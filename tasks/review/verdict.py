"""What the verdict on a dispute brings about: the task is decided, and what was credited for it is put right."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from db.queries import quality, review, weighing, work
from db.queries.cases import Case
from db.queries.weighing import Counted
from db.queries.work import TaskRow
from db.session import Tx
from tasks.consensus import credit, settle
from tasks.consensus.consensus import Belief
from tasks.kinds import KINDS, Answer
from tasks.notices import tell_together
from tasks.projects.catalog import Known
from tasks.quality.model import MOST_LABELS
from tasks.review import dispute
from tasks.words import Join, Text, Words, _, _n

MOST_LINES = 5
"""Of so many items that were decided otherwise than somebody answered, the notice tells which."""
_MOST_OF_NOTE = 120

Verdict = Mapping[str, Any]


def settle_dispute(
    tx: Tx, known: Known, case: Case, value: Verdict, why: str, confidence: float, by: int | None, now: int
) -> None:
    """The task is decided with the verdict's answer, or without one where its item is at fault.

    The task and the case are locked. A task that is no work (a known answer, practice) is left as it is.
    """
    row = tx.one(work.TASK_LOCKED, project=known.id, task=case.task)
    if row is None or row.split != "work":
        return
    answers = tx.all(weighing.COUNTED, project=known.id, task=case.task)
    before = credit_taken_back(tx, known, case.task, row)
    if "answer" in value:
        method = "verdict" if by is None else "admin"
        label_with(tx, known, case.task, before, answers, value["answer"], confidence, method, now)
    else:
        _close(tx, known, case.task, before, f"fault: {value['fault']}", now)
    count(tx, known, case.task, row)
    _tell(tx, known, row, case.task, answers, value, why, now)


def credit_taken_back(tx: Tx, known: Known, task: int, row: TaskRow) -> TaskRow:
    """The task with nothing credited for it, ready to be decided anew: nobody is given it any more."""
    if row.status != "open":
        credit.take_back(tx, known, task, row.posterior)
    return row._replace(wanted=row.wanted - row.slots)


def label_with(
    tx: Tx,
    known: Known,
    task: int,
    row: TaskRow,
    answers: Sequence[Counted],
    label: Answer,
    confidence: float,
    method: str,
    now: int,
) -> None:
    """Decide the task with this label, and credit everybody against it: it is taken as certain.

    ``row`` is the task as ``credit_taken_back`` left it; the tally is ``count``'s.
    """
    posterior = _certain(known, label)
    written = {"label": label, "confidence": confidence, "posterior": posterior}
    _close(tx, known, task, row, method, now, **written)
    if len(answers) > 1:
        said = settle.weighed(tx, known, task, row.prior, answers)
        belief = Belief(label, 1.0, tied=False, posterior=_complete(known, label, posterior), weights=said.weights)
        credit.give(tx, known, task, answers, belief, posterior, agreed=True)
    elif answers:
        decided = row._replace(status="decided", label=json.dumps(label), posterior=json.dumps(posterior))
        credit.one(tx, known, task, answers[0].worker, decided, 1)


def count(tx: Tx, known: Known, task: int, row: TaskRow) -> None:
    """The project's counts with the task decided that was as ``row`` has it; what was in doubt is in doubt no more."""
    counts = {"agreed": -int(row.status == "agreed"), "disputed": -int(row.status == "disputed")}
    if row.status != "decided":
        tx.run(review.COUNT_DECIDED, project=known.id, decided=1, **counts)
    if tx.run(quality.FORGET_CORRECTION, project=known.id, task=task):
        tx.run(quality.LESS, project=known.id)


def _close(tx: Tx, known: Known, task: int, row: TaskRow, method: str, now: int, **written: Any) -> None:
    """Write it: no slot is left, and as many answers are wanted as there are with those that are under way."""
    values = {"label": None, "confidence": None, "posterior": None} | written
    tx.run(
        weighing.WEIGH,
        project=known.id,
        task=task,
        answers=row.answers,
        wanted=row.wanted,
        slots=-row.slots,
        status="decided",
        label=_json(values["label"]),
        confidence=values["confidence"],
        posterior=_json(values["posterior"]),
        method=method,
        settled_at=now,
        worth=None,
    )


def _json(value: Any) -> str | None:
    return None if value is None else json.dumps(value, ensure_ascii=False)


def _certain(known: Known, label: Answer) -> list[tuple[Any, float]]:
    """The posterior of a label that is certain, as tasks keep it."""
    kind = KINDS[known.spec.kind]
    if kind.belief == "many":
        options = kind.options(known.spec.question_for_kind())
        return [(option, float(option in label)) for option in options][:MOST_LABELS]
    return [(label, 1.0)]


def _complete(known: Known, label: Answer, posterior: Sequence[tuple[Any, float]]) -> tuple[tuple[Any, float], ...]:
    """The same with all that people may have answered, where that can be listed."""
    kind = KINDS[known.spec.kind]
    if kind.belief != "one":
        return tuple(posterior)
    return tuple((option, float(option == label)) for option in kind.options(known.spec.question_for_kind()))


# --------------------------------------------------------------------------- telling


def _tell(
    tx: Tx, known: Known, row: TaskRow, task: int, answers: Sequence[Counted], value: Verdict, why: str, now: int
) -> None:
    """Everybody who answered is told, in one notice that grows."""
    found = tx.one(review.ROW, project=known.id, task=task)
    item = dispute.beginning(known, json.loads(row.item), found.row if found else "")
    for answer in answers:
        given = json.loads(answer.value)
        right = dispute.same(known, {"answer": given}, value)
        line = "" if right else _line(known, item, given, value, why)
        tell_together(tx, answer.worker, "verdicts", partial(digest, line), now)


def _line(known: Known, item: str, given: Answer, value: Verdict, why: str) -> Words:
    yours = dispute.answer_words(known.spec, given)
    verdict = dispute.words(known.spec, value)
    if "fault" in value:
        said = _("“{item}” · the item itself is at fault: {verdict}. Your answer does not count against you.",
                 item=item, verdict=verdict)  # fmt: skip
    else:
        said = _("“{item}” · you: {yours} · reviewers: {verdict}", item=item, yours=yours, verdict=verdict)
    note = dispute.cut(why, _MOST_OF_NOTE)
    return Join((said, _("“{note}”", note=note)), " · ") if note else said


def digest(line: Words, n: int, so_far: Words | None) -> Words:
    """The notice with one verdict more; ``line`` is empty where it is what they had answered."""
    parts = list(so_far.parts) if isinstance(so_far, Join) else []
    head = parts[0] if parts else None
    right = int(str(head.values["right"])) if isinstance(head, Text) else 0
    lines = parts[1:]
    if line and len(lines) < MOST_LINES:
        lines.append(line)
    return Join([_told(n, right + int(not line)), *lines], "\n")


def _told(n: int, right: int) -> Words:
    """How many were decided, and how many of them as they had said."""
    if not right:
        return _n(
            "Reviewers have decided {n} item that you had answered. This is what they say:",
            "Reviewers have decided {n} items that you had answered. This is what they say:",
            n,
            right=right,
        )
    if right == n:
        return _n(
            "Reviewers have decided {n} item that you had answered, as you said.",
            "Reviewers have decided {n} items that you had answered, all as you said.",
            n,
            right=right,
        )
    return _n(
        "Reviewers have decided {n} item that you had answered, {right} as you said.",
        "Reviewers have decided {n} items that you had answered, {right} of them as you said.",
        n,
        right=right,
    )
