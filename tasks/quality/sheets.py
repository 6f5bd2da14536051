"""A crowd's answers put together by worker, in the order in which they were given, and in blocks that fit memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from tasks.quality.crowd import Crowd, Floats, Ints

Numbering = NDArray[np.int64]

BLOCK = 1 << 16
"""Answers that are looked at together, but for a worker with more, who is a block of their own."""


@dataclass(frozen=True, slots=True)
class Sheets:
    """Answers of consecutive workers, each one's together; workers and answers are numbered from 0 within it."""

    task: Ints
    label: Ints
    worker: Ints
    """(answers,) each; ``worker`` rises."""
    begin: Numbering
    """(workers + 1,) where each worker's answers begin."""
    labels: int
    first_worker: int = 0
    first_answer: int = 0
    """The number that worker 0 and answer 0 have in the whole crowd's sheets."""

    def __len__(self) -> int:
        """How many answers."""
        return len(self.task)

    @property
    def workers(self) -> int:
        """How many workers."""
        return len(self.begin) - 1

    @property
    def given(self) -> Numbering:
        """(workers,) how many answers each has given."""
        return np.diff(self.begin)

    def totals(self, values: Floats) -> Floats:
        """(workers,) sums of ``values`` (answers,)."""
        return np.bincount(self.worker, weights=values, minlength=self.workers).astype(np.float64, copy=False)

    def by_label(self, values: Floats | None = None) -> Floats:
        """(workers, labels) answers of each label, or sums of their ``values`` (answers,)."""
        cell = self.worker.astype(np.int64) * self.labels + self.label
        flat = np.bincount(cell, weights=values, minlength=self.workers * self.labels)
        return flat.reshape(self.workers, self.labels).astype(np.float64, copy=False)

    def part(self, first: int, last: int) -> Self:
        """The workers from ``first`` to before ``last``."""
        start, stop = self.begin[first], self.begin[last]
        return type(self)(
            self.task[start:stop],
            self.label[start:stop],
            self.worker[start:stop] - np.int32(first),
            self.begin[first : last + 1] - start,
            self.labels,
            first,
            int(start),
        )

    def blocks(self, most: int = BLOCK) -> Iterator[Self]:
        """All workers in order, so many at once that their answers are no more than ``most``, and at least one."""
        first = 0
        while first < self.workers:
            last = int(np.searchsorted(self.begin, self.begin[first] + most, side="right")) - 1
            last = min(max(last, first + 1), self.workers)
            yield self.part(first, last)
            first = last


def by_worker(crowd: Crowd) -> tuple[Sheets, Ints]:
    """The sheets, and (answers,) the place of each of their answers in the crowd.

    A counting sort, which keeps the order of a worker's answers.
    """
    n = len(crowd)
    columns = csr_array(
        (np.ones(n, np.int8), crowd.worker, np.arange(n + 1, dtype=np.int32)), shape=(n, crowd.workers)
    ).tocsc()
    order, begin = columns.indices, columns.indptr.astype(np.int64)
    return Sheets(crowd.task[order], crowd.label[order], crowd.worker[order], begin, crowd.labels), order
