"""A crowd's answers as flat arrays, and what every method of aggregation can do with them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Floats = NDArray[np.float64]

UNKNOWN = -1
"""A task of which no answer is known, in ``Crowd.gold``."""
_EQUAL = 1e-6
_FEW_LABELS = 32
_CELLS_AT_ONCE = 1 << 15


@dataclass(frozen=True, slots=True)
class Crowd:
    """Answers, an entry each, in the order in which they were given; a worker answers a task at most once.

    Tasks, workers and labels are numbered from 0. Labels keep the project's order (else sorted), which breaks ties.
    """

    task: Ints
    worker: Ints
    label: Ints
    """(answers,) each."""
    tasks: int
    workers: int
    labels: int
    gold: Ints | None = None
    """(tasks,) the known label, or UNKNOWN."""
    seconds: Floats | None = None
    """(answers,) how long each took; not a number where that is unknown."""

    def __len__(self) -> int:
        """How many answers."""
        return len(self.task)

    def count(self, weights: Floats | None = None) -> Floats:
        """(tasks, labels) answers of each label, or the sum of their ``weights`` (answers,)."""
        if self.labels > _FEW_LABELS:
            flat = np.bincount(self.cell, weights=weights, minlength=self.tasks * self.labels)
            return flat.reshape(self.tasks, self.labels).astype(np.float64, copy=False)
        table = np.empty((self.tasks, self.labels))
        for label in range(self.labels):  # one by one: nothing as large as the table lies beside it
            mine = self.label == label
            by = None if weights is None else weights[mine]
            table[:, label] = np.bincount(self.task[mine], weights=by, minlength=self.tasks)
        return table

    @property
    def cell(self) -> NDArray[np.int64]:
        """(answers,) the place of each answer in a flat (tasks, labels) table."""
        return self.task.astype(np.int64) * self.labels + self.label

    def ordered(self, order: NDArray[np.int32]) -> Crowd:
        """The same answers in another order (answers,)."""
        seconds = None if self.seconds is None else self.seconds[order]
        return replace(self, task=self.task[order], worker=self.worker[order], label=self.label[order], seconds=seconds)

    def chosen(self, which: NDArray[np.bool_], workers: int) -> Crowd:
        """Only the answers (answers,) that are chosen, all by the first ``workers`` workers."""
        only = self.ordered(np.flatnonzero(which).astype(np.int32))
        return replace(only, workers=workers)

    def known(self) -> tuple[NDArray[np.intp], Ints]:
        """Tasks with a known answer, and those answers."""
        if self.gold is None:
            return np.empty(0, np.intp), np.empty(0, np.int32)
        where = np.flatnonzero(self.gold != UNKNOWN)
        return where, self.gold[where]


class Method(Protocol):
    """A way to tell the true labels. ``fit`` leaves its estimates in attributes that end with ``_``."""

    posterior_: Floats
    """(tasks, labels) probability of each label; rows sum to one, and are even where nobody answered."""
    skill_: Floats
    """(workers,) probability that an answer of theirs is right, or what the method has in its place."""

    def fit(self, crowd: Crowd) -> Self:
        """Estimate. The same crowd gives the same estimates, bit for bit."""


def predict(posterior: Floats) -> Ints:
    """(tasks,) the most probable label; of those that are equal to six digits the first, on every machine."""
    top = posterior.max(axis=1, keepdims=True)
    best: Ints = (posterior >= top - _EQUAL).argmax(axis=1).astype(np.int32)
    return best


def normalised(rows: Floats) -> Floats:
    """Rows that sum to one; a row of nothing becomes even."""
    total = rows.sum(axis=1, keepdims=True)
    shares: Floats = np.divide(rows, total, out=np.full_like(rows, 1 / rows.shape[1]), where=total > 0)
    return shares


def softmax(logs: Floats) -> Floats:
    """Rows of probabilities from rows of logarithms, which are overwritten.

    Some rows at a time, turned so that a label's lie side by side: sums over few labels are several times faster.
    """
    rows = max(_CELLS_AT_ONCE // logs.shape[1], 1)
    for first in range(0, len(logs), rows):
        turned = np.ascontiguousarray(logs[first : first + rows].T)
        turned -= turned.max(axis=0)
        np.exp(turned, out=turned)
        turned /= turned.sum(axis=0)
        logs[first : first + rows] = turned.T
    return logs
