"""The two sums over all answers that every method with confusion tables repeats, as products of a sparse matrix.

The answers are a matrix of ones, tasks × (workers · labels given). What they say of the tasks is that matrix times
the logarithms of the confusion tables; the tables are its transpose times the posterior. Each answer is touched
once a pass for all true labels together, in the order of the tasks: at 10^7 answers and 10 labels a pass of both
takes 1.2 s where 2 × 10 ``bincount`` take 8 s. One thread adds in one order: the sums are the same bit for bit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from db.errors import InputError, told
from tasks.quality.crowd import Crowd, Floats, Ints

MOST_CELLS = 1 << 27
"""A table larger than this is refused: a gigabyte of doubles."""

Precision = type[np.float32] | type[np.float64]
Numbers = NDArray[Any]
"""Floats of either precision."""


class UnwieldyError(InputError):
    """Tables of this method would not fit into the memory of a common machine."""

    message = told(
        "Choose a plainer method, as “--method wawa”: a table of {rows} rows and {labels} columns is too large."
    )


LARGE = 1_000_000
"""From so many answers on single precision is enough, and half the memory."""


def precision(crowd: Crowd) -> Precision:
    """Of the tables of a crowd: double where it costs little."""
    return np.float32 if len(crowd) > LARGE else np.float64


def affordable(rows: int, labels: int) -> None:
    """Refuse tables of ``rows`` × ``labels`` cells that do not fit. Raises UnwieldyError."""
    if rows * labels > MOST_CELLS:
        raise UnwieldyError(labels=labels, rows=rows)


def grouped(key: Ints, groups: int) -> tuple[Ints, Ints]:
    """(entries,) the order that puts those of each ``key`` together, and (groups + 1,) where each group begins.

    A counting sort, which keeps the order within a group: linear, and several times faster than ``argsort``.
    """
    n = len(key)
    ones, each = np.ones(n, np.int8), np.arange(n + 1, dtype=np.int32)
    columns = csr_array((ones, key, each), shape=(n, groups)).tocsc()
    return columns.indices, columns.indptr


def by_task(crowd: Crowd) -> tuple[Ints, Ints]:
    """(answers,) the order of the answers that puts each task's together, and (tasks + 1,) where each begins."""
    return grouped(crowd.task, crowd.tasks)


class Table:
    """A crowd's answers, ready for passes of expectation and maximisation.

    Tables of confusion are (workers, states, labels given); the states are the true labels, or finer ones. They lie
    in memory with the states side by side, which NumPy's functions of single cells keep: such tables are never
    copied, others once.
    ``precision`` float32 halves time and memory: sums of up to 10^7 probabilities are then good to four digits or
    more, enough for passes that stop at a change of 10^-3. ``weights`` (answers,) count an answer as less than one.
    ``states`` are the labels where it is 0. Raises UnwieldyError where a table would not fit.
    """

    def __init__(
        self, crowd: Crowd, precision: Precision = np.float64, weights: Floats | None = None, states: int = 0
    ) -> None:
        states = states or crowd.labels
        affordable(crowd.workers * crowd.labels, states)
        affordable(crowd.tasks, states)
        self.workers, self.labels, self.precision = crowd.workers, crowd.labels, precision
        order, begin = by_task(crowd)
        given = crowd.worker[order]
        given *= np.int32(crowd.labels)
        given += crowd.label[order]
        data = np.ones(len(crowd), precision) if weights is None else weights[order].astype(precision)
        shape = (crowd.tasks, crowd.workers * crowd.labels)
        self._answers: Any = csr_array((data, given, begin), shape=shape)
        self._given: Any = self._answers.T

    def evidence(self, log_confusion: Numbers) -> Numbers:
        """(tasks, states) sum over a task's answers of ``log_confusion`` (workers, states, given): log-likelihoods."""
        side_by_side = log_confusion.transpose(0, 2, 1).reshape(self.workers * self.labels, -1)
        sums: Numbers = self._answers @ side_by_side.astype(self.precision, copy=False)
        return sums

    def counts(self, posterior: Numbers) -> Numbers:
        """(workers, states, given) expected answers of each worker, from ``posterior`` (tasks, states)."""
        sums: Numbers = self._given @ posterior.astype(self.precision, copy=False)
        return sums.reshape(self.workers, self.labels, -1).transpose(0, 2, 1)


class Cells:
    """A crowd's answers as pairs of two places: (task, label given) and (worker, label given).

    For methods that ask of an answer only what it says: their sums run over the pairs. Raises UnwieldyError.
    """

    def __init__(self, crowd: Crowd, precision: Precision = np.float64) -> None:
        affordable(crowd.tasks, crowd.labels)
        affordable(crowd.workers, crowd.labels)
        self.workers, self.labels, self.precision = crowd.workers, crowd.labels, precision
        cell = crowd.task * np.int32(crowd.labels) + crowd.label
        order, begin = grouped(cell, crowd.tasks * crowd.labels)
        given = crowd.worker[order]
        given *= np.int32(crowd.labels)
        given += crowd.label[order]
        shape = (crowd.tasks * crowd.labels, crowd.workers * crowd.labels)
        self._cells: Any = csr_array((np.ones(len(crowd), precision), given, begin), shape=shape)
        self._given: Any = self._cells.T
        by_worker = (self._cells.data, given // np.int32(crowd.labels), begin[:: crowd.labels])
        self._asked: Any = csr_array(by_worker, shape=(crowd.tasks, crowd.workers))

    def to_tasks(self, values: Numbers) -> Numbers:
        """(tasks, labels) sums of ``values`` (workers, labels) over the answers, each to the label that it gives."""
        sums: Any = self._cells @ values.ravel().astype(self.precision, copy=False)
        table: Numbers = sums.reshape(-1, self.labels)
        return table

    def to_workers(self, values: Numbers) -> Numbers:
        """(workers, labels) sums of ``values`` (tasks, labels) over the answers, each of the label that it gives."""
        sums: Any = self._given @ values.ravel().astype(self.precision, copy=False)
        table: Numbers = sums.reshape(self.workers, self.labels)
        return table

    def all_to_tasks(self, values: Numbers) -> Numbers:
        """(tasks, labels) sums of ``values`` (workers, labels) over the answers, for all labels whatever it gives."""
        sums: Numbers = self._asked @ values.astype(self.precision, copy=False)
        return sums

    def all_to_workers(self, values: Numbers) -> Numbers:
        """(workers, labels) sums of ``values`` (tasks, labels) over the answers, for all labels whatever it gives."""
        sums: Numbers = self._asked.T @ values.astype(self.precision, copy=False)
        return sums
