"""What speaks for two people being suspiciously alike, in figures that a person can judge."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tasks.quality.crowd import Crowd, Floats, Ints


class Likeness(NamedTuple):
    """Of the tasks that two people have both answered."""

    shared: int
    same: int
    """Equal answers."""
    wrong: int
    """Equal answers where another label is the most probable one."""
    chance: float
    """How many of those there would be if each erred alone, as often as they do and where the crowd's errors go."""


class Likenesses:
    """Looks up pairs of one crowd. ``opinion`` (tasks, labels) is what is believed of the tasks."""

    def __init__(self, crowd: Crowd, opinion: Floats) -> None:
        order = np.lexsort((crowd.task, crowd.worker))
        self._task, self._label = crowd.task[order], crowd.label[order]
        self._begin = np.searchsorted(crowd.worker[order], np.arange(crowd.workers + 1))
        self._truth: Ints = opinion.argmax(axis=1).astype(np.int32)
        given = np.bincount(crowd.worker, minlength=crowd.workers)
        right = np.bincount(crowd.worker, weights=opinion[crowd.task, crowd.label], minlength=crowd.workers)
        self._errs: Floats = 1 - right / np.maximum(given, 1)
        self._same_error = _same_error(crowd, opinion)

    def of(self, worker: int, other: int) -> Likeness:
        """The evidence on two people."""
        mine, theirs = self._answers(worker), self._answers(other)
        task, first, second = np.intersect1d(
            self._task[mine], self._task[theirs], assume_unique=True, return_indices=True
        )
        equal = self._label[mine][first] == self._label[theirs][second]
        wrong = equal & (self._label[mine][first] != self._truth[task])
        chance = self._errs[worker] * self._errs[other] * self._same_error[self._truth[task]].sum()
        return Likeness(len(task), int(equal.sum()), int(wrong.sum()), float(chance))

    def _answers(self, worker: int) -> slice:
        return slice(int(self._begin[worker]), int(self._begin[worker + 1]))


def _same_error(crowd: Crowd, opinion: Floats) -> Floats:
    """(labels,) how often two errors on a task of that truth are the same, as the crowd's errors go."""
    errors = (opinion.T @ crowd.count()) * (1 - np.eye(crowd.labels)) + 1e-9
    np.fill_diagonal(errors, 0)
    shares = errors / np.maximum(errors.sum(axis=1, keepdims=True), 1e-12)
    result: Floats = (shares**2).sum(axis=1)
    return result
