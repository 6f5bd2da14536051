"""Made-up crowds of people who look at what they answer, and whom a test adds to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from tasks.quality.crowd import UNKNOWN, Crowd

TASKS, HONEST, EACH = 240, 30, 60


class Sheet(NamedTuple):
    """What one worker has answered, in this order, and how long an answer takes."""

    tasks: list[int]
    labels: list[int]
    seconds: float


class Town:
    """Thirty people who look; others are added. Answers stand in rounds: everybody's first ones come first."""

    def __init__(
        self,
        labels: int = 3,
        shares: tuple[float, ...] | None = None,
        able: tuple[float, float] = (20.0, 5.0),
        seed: int = 0,
    ) -> None:
        self.labels = labels
        self.rng = np.random.default_rng(seed)
        self.truth = self.rng.choice(labels, TASKS, p=shares)
        self.sheets: list[Sheet] = []
        for _ in range(HONEST):
            self.looks(self.rng.beta(*able))

    def some(self, n: int = EACH) -> list[int]:
        """Any tasks."""
        return [int(task) for task in self.rng.permutation(TASKS)[:n]]

    def add(self, tasks: list[int], give: Callable[[int, int], int], seconds: float = 8.0) -> int:
        """``give(place, task)`` is the label; the worker's number."""
        self.sheets.append(Sheet(tasks, [give(place, task) for place, task in enumerate(tasks)], seconds))
        return len(self.sheets) - 1

    def any_label(self, *_: int) -> int:
        """What somebody gives who presses anything."""
        return int(self.rng.integers(self.labels))

    def seen(self, task: int, able: float) -> int:
        """What somebody of this accuracy gives."""
        wrong = self.truth[task] + self.rng.integers(1, self.labels)
        return int(self.truth[task] if self.rng.random() < able else wrong % self.labels)

    def looks(self, able: float, n: int = EACH, seconds: float = 8.0) -> int:
        """Add somebody of this accuracy."""
        return self.add(self.some(n), lambda _place, task: self.seen(task, able), seconds)

    def crowd(self, gold: float = 0.1, *, timed: bool = False) -> Crowd:
        """What they have answered, with the truth of a part of the tasks."""
        rows = sorted(
            (place, worker, task, label, sheet.seconds)
            for worker, sheet in enumerate(self.sheets)
            for place, (task, label) in enumerate(zip(sheet.tasks, sheet.labels, strict=True))
        )
        worker, task, label = (np.array([row[i] for row in rows], np.int32) for i in (1, 2, 3))
        seconds = np.array([row[4] for row in rows]) * self.rng.lognormal(0, 0.4, len(rows))
        known = np.where(self.rng.random(TASKS) < gold, self.truth, UNKNOWN).astype(np.int32)
        return Crowd(task, worker, label, TASKS, len(self.sheets), self.labels, known, seconds if timed else None)
