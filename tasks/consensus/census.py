"""All that a crowd has said of a project, read from one moment of the database into flat arrays."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from db.queries import quality
from db.queries.quality import AnsweredTask, Enrolled
from db.session import Reader
from tasks.kinds import KINDS, Answer
from tasks.projects.catalog import Known
from tasks.quality.crowd import UNKNOWN, Crowd, Ints

_MS = 1000.0


@dataclass(frozen=True, slots=True)
class Census:
    """A project's answers. ``tasks`` and ``workers`` are numbered as in ``crowd``.

    A model's guesses are the answers of one more worker, the last: ``crowd.workers`` is ``len(workers) + 1``.
    """

    crowd: Crowd
    options: Sequence[Answer]
    tasks: Sequence[AnsweredTask]
    workers: Sequence[Enrolled]

    @property
    def counted(self) -> NDArray[np.bool_]:
        """(tasks,) whether the truth is known, or more than one answer settled it."""
        return np.array([one.split == "gold" or (one.status != "open" and one.answers > 1) for one in self.tasks])

    @property
    def guesser(self) -> int:
        """The number of the model whose guesses stand in the data file."""
        return len(self.workers)

    def people(self) -> Crowd:
        """The crowd without the model's guesses."""
        mine = self.crowd.worker != self.guesser
        return self.crowd.chosen(mine, workers=len(self.workers))


def cell(answer: Answer) -> str:
    """An answer in canonical form, as the database keeps it."""
    return json.dumps(answer, ensure_ascii=False)


def take_census(reader: Reader, known: Known) -> Census | None:
    """Read a project; None where its answers cannot be listed, or nobody has answered.

    Answers that a later version of the file no longer has are left out.
    """
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    options = list(kind.options(question)) if kind.belief == "one" else []
    tasks = list(reader.stream(quality.ANSWERED_TASKS, project=known.id))
    workers = list(reader.stream(quality.ENROLLED, project=known.id))
    if not options or not tasks:
        return None
    number = {cell(option): n for n, option in enumerate(options)}
    crowd = _crowd(reader, known, tasks, workers, number)
    return Census(crowd, options, tasks, workers) if len(crowd) else None


def _crowd(
    reader: Reader,
    known: Known,
    tasks: Sequence[AnsweredTask],
    workers: Sequence[Enrolled],
    number: Mapping[str, int],
) -> Crowd:
    task_of = {task.id: n for n, task in enumerate(tasks)}
    worker_of = {worker.worker: n for n, worker in enumerate(workers)}
    task, worker, label = array("i"), array("i"), array("i")
    at, seconds = array("q"), array("d")
    for given in reader.stream(quality.GIVEN, project=known.id):
        here, who, what = task_of.get(given.task), worker_of.get(given.worker), number.get(given.value)
        if here is not None and who is not None and what is not None:
            for column, value in ((task, here), (worker, who), (label, what), (at, given.submitted_at)):
                column.append(value)
            seconds.append(given.work_ms / _MS)
    for n, one in enumerate(tasks):
        if one.prior is not None and one.prior in number:
            for column, value in ((task, n), (worker, len(workers)), (label, number[one.prior]), (at, 0)):
                column.append(value)
            seconds.append(np.nan)
    crowd = Crowd(
        np.frombuffer(task, np.int32),
        np.frombuffer(worker, np.int32),
        np.frombuffer(label, np.int32),
        len(tasks),
        len(workers) + 1,
        len(number),
        _gold(tasks, number),
        np.frombuffer(seconds, np.float64),
    )
    return crowd.ordered(np.argsort(np.frombuffer(at, np.int64), kind="stable").astype(np.int32))


def _gold(tasks: Sequence[AnsweredTask], number: Mapping[str, int]) -> Ints:
    """(tasks,) what is certain: a known answer, or what reviewers decided."""
    return np.array([number.get(_certain(one) or "", UNKNOWN) for one in tasks], np.int32)


def _certain(task: AnsweredTask) -> str | None:
    if task.split == "gold":
        return task.gold
    return task.label if task.status == "decided" else None
