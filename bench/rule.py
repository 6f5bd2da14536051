"""A rule of dynamic overlap over a whole crowd: which tasks are asked next, and when there are answers enough."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bench.worth import informations, worths
from tasks.quality.committee import Committee
from tasks.quality.crowd import UNKNOWN, Crowd, Floats, Ints

_PART = 0.04
"""Of the tasks, or of the answers where there are more, asked for between two fits."""
_FEWEST_PASSES = 2
_FEWEST, _MOST = 2, 5
"""Answers before a task is closed for its confidence, and after which it is given up."""
_TYPICAL, _NEWCOMER = 0.8, 4
"""Accuracy of somebody of whom nothing is known, and how many answers that counts as."""


class Asked(NamedTuple):
    """One answer."""

    task: int
    worker: int
    label: int


class Rule:
    """Asks each task once, then always the few whose next answer is worth most, by beliefs renewed in between.

    A ``goal`` from 1 on is the answers that a task may have on average; tasks with ``most`` answers, by default twice
    as many, come last then. A ``goal`` below 1 is the confidence at which a task with two answers is closed; with
    ``most``, by default five, it is given up.
    """

    def __init__(
        self, tasks: int, labels: int, goal: float, most: int | None = None, known: Mapping[int, int] | None = None
    ) -> None:
        self._tasks, self._labels, self._goal = tasks, labels, goal
        self._most = most or (math.ceil(2 * goal) if goal >= 1 else _MOST)
        self._gold = np.full(tasks, UNKNOWN, np.int32)
        for task, label in (known or {}).items():
            self._gold[task] = label
        self._asked: list[Asked] = []
        self._answers = np.zeros(tasks, np.int32)
        self._fitted_at, self._fitted, self._fitted_to = -1, Committee(), self._crowd()

    def add(self, asked: Iterable[Asked]) -> None:
        """Answers that have come."""
        for one in asked:
            self._asked.append(one)
            self._answers[one.task] += 1

    def open(self) -> NDArray[np.bool_]:
        """(tasks,) which may be asked again."""
        if self._goal >= 1:
            return np.full(self._tasks, len(self._asked) < round(self._goal * self._tasks))
        unsure: NDArray[np.bool_] = self._fit().posterior_.max(axis=1) < self._goal
        wanted: NDArray[np.bool_] = (self._answers < _FEWEST) | (unsure & (self._answers < self._most))
        return wanted

    def wanted(self, left: Ints) -> Ints:
        """The tasks to ask next, of those with answers ``left`` (tasks,); none where there are enough."""
        able = np.flatnonzero((left > 0) & self.open())
        new = able[self._answers[able] == 0]
        return new.astype(np.int32) if len(new) or not len(able) else self.best(able, self._part())

    def best(self, tasks: NDArray[np.intp], number: int) -> Ints:
        """The ``number`` of these tasks whose next answer is worth most, the best first; none that is closed."""
        tasks = tasks[self.open()[tasks]]
        value = self._worths()[tasks]
        return tasks[np.argsort(-value, kind="stable")[:number]].astype(np.int32)

    def fit_for(self, worker: int, tasks: NDArray[np.intp], share: float) -> NDArray[np.intp]:
        """Those of the tasks of which this worker is expected to tell ``share`` of what a typical one would."""
        posterior = np.where(self._answers[:, None] > 0, self._fit(self._part()).opinion_, 1 / self._labels)[tasks]
        typical, own = self._accuracies(worker)
        told, usual = (informations(posterior, self._table(accuracy)) for accuracy in (own, typical))
        return tasks[told >= share * usual]

    def posterior(self) -> Floats:
        """(tasks, labels) what is believed now."""
        return self._fit().posterior_

    def _worths(self) -> Floats:
        most = self._most if self._goal >= 1 else None
        return worths(self._fit(self._part()).opinion_, self._answers, most)

    def _accuracies(self, worker: int) -> tuple[float, float]:
        """Of a typical worker and of this one, whom the typical one's stands by with ``_NEWCOMER`` answers."""
        crowd, opinion = self._fitted_to, self._fitted.opinion_
        right = opinion[crowd.task, crowd.label]
        typical = float((right.sum() + _TYPICAL * _NEWCOMER) / (len(right) + _NEWCOMER))
        mine = right[crowd.worker == worker]
        return typical, float((mine.sum() + typical * _NEWCOMER) / (len(mine) + _NEWCOMER))

    def _table(self, accuracy: float) -> Floats:
        """The confusion table of somebody of this accuracy whose errors go to all labels alike."""
        able = max(accuracy, 1 / self._labels)
        table = np.full((self._labels, self._labels), (1 - able) / max(self._labels - 1, 1))
        np.fill_diagonal(table, able)
        return table

    def _part(self) -> int:
        left = round(self._goal * self._tasks) - len(self._asked) if self._goal >= 1 else self._tasks
        return max(1, min(left, round(_PART * max(self._tasks, len(self._asked)))))

    def _fit(self, stale: int = 1) -> Committee:
        """The default method over all answers; the last fit again where fewer than ``stale`` have come since.

        The fewer answers, the fewer passes: see ``Committee.most_passes``.
        """
        if self._fitted_at < 0 or len(self._asked) - self._fitted_at >= stale:
            passes = max(_FEWEST_PASSES, len(self._asked) // max(self._tasks, 1))
            self._fitted_to = self._crowd()
            self._fitted = Committee(most_passes=passes).fit(self._fitted_to)
            self._fitted_at = len(self._asked)
        return self._fitted

    def _crowd(self) -> Crowd:
        flat = np.array(self._asked, np.int32).reshape(-1, 3)
        task, worker, label = (np.ascontiguousarray(column) for column in flat.T)
        workers = int(worker.max()) + 1 if len(worker) else 1
        return Crowd(task, worker, label, self._tasks, workers, self._labels, self._gold)
