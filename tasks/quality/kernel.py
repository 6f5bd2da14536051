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
from tasks.quality.crowd import Crowd, Floats

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


def by_task(crowd: Crowd) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """(answers,) the order of the answers that puts each task's together, and (tasks + 1,) where each begins.

    A counting sort, which keeps the order within a task: linear, and several times faster than ``argsort``.
    """
    n = len(crowd)
    ones, each = np.ones(n, np.int8), np.arange(n + 1, dtype=np.int32)
    columns = csr_array((ones, crowd.task, each), shape=(n, crowd.tasks)).tocsc()
    return columns.indices, columns.indptr


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
