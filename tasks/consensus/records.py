"""Everybody's record as flat arrays: three hundred thousand of them are lighter so than as objects."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.quality.crowd import Floats
from tasks.quality.model import Record


@dataclass(frozen=True, slots=True)
class Records:
    """(workers,) ``seen`` and ``correct``; ``tables`` (workers, labels · labels), where confusions are counted."""

    seen: Floats
    correct: Floats
    tables: Floats | None

    def __getitem__(self, worker: int) -> Record:
        """The record of one worker."""
        counts = () if self.tables is None or not self.seen[worker] else tuple(self.tables[worker].tolist())
        return Record(float(self.seen[worker]), float(self.correct[worker]), counts)
