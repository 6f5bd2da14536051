"""What one worker's way of working in a project adds up to: changed by each answer and skip, exact under undo."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass, field
from operator import attrgetter
from statistics import median
from typing import NamedTuple, cast

from db.queries import behaviour
from db.session import Tx
from tasks.behaviour import tempo
from tasks.behaviour.packed import NONE, bumped, split, unpacked
from tasks.behaviour.sittings import BEGINNING, Standing

RING = 64
"""Last answers that are kept one by one."""
SLOTS = 32
"""Answers are told apart by so many slots, where their mix is counted."""

_VERSION = 1
_A_DOUBLING, _FIRST_MS, _LAST_STEP = 8, 250.0, 127
_FAST = 128
"""A ring's byte: seven bits for the time, eight steps a doubling; the highest bit for a fast one."""


class Made(NamedTuple):
    """How one assignment was worked on until it was handed in or skipped."""

    at: int
    """When it was handed in, ms."""
    millis: int = 0
    """Time worked; of an answer."""
    length: int = 0
    """Class of the item's length (``tempo.length``)."""
    fast: bool = False
    """Sooner than the item can be read."""
    slot: int = 0
    mark: int = 0
    """32 bits by which the answer is known: the same answer, the same mark."""
    hour: int | None = None
    """Of the worker's own day."""
    changes: int = 0
    edits: int = 0
    instructions: int = 0
    media: int = 0
    retries: int = 0


@dataclass(slots=True)
class Counts:
    """What is counted, and uncounted again by an undo."""

    answers: int = 0
    skips: int = 0
    dropped: int = 0
    """Leases that ended without a word and came to nothing."""
    fast: int = 0
    changed: int = 0
    """Answers that were changed before they were handed in."""
    changes: int = 0
    edits: int = 0
    undone: int = 0
    """Answers and skips that were taken back; these stay."""
    instructions: int = 0
    media: int = 0
    retries: int = 0


_HEAD, _NOW = struct.Struct("<B11I"), struct.Struct("<qq7I6d")
_counts = attrgetter(*Counts.__slots__)
_MIX, _HOURS = tempo.LENGTHS, tempo.LENGTHS + 1
"""Places in ``counted``, behind a histogram for each class of length."""


@dataclass(slots=True)
class Habits:
    """One worker's in a project; or those of a project's whole crowd, where they are the sum of everybody's."""

    counts: Counts = field(default_factory=Counts)
    now: Standing = BEGINNING
    before: Standing = BEGINNING
    """Before the last answer or skip: what an undo brings back."""
    counted: list[bytes] = field(default_factory=lambda: [NONE] * (_HOURS + 1))
    """``times``, ``mix`` and ``hours`` as they are kept (``tasks.behaviour.packed``): an answer changes a few bytes."""
    ring: bytes = b""
    """The last answers, a byte each, the newest last; one more than is shown, so that an undo has it back."""

    @property
    def times(self) -> list[list[int]]:
        """Histogram of the time worked for each class of length (``tempo``)."""
        return [unpacked(one, tempo.BUCKETS) for one in self.counted[: tempo.LENGTHS]]

    @property
    def mix(self) -> list[int]:
        """Answers by slot."""
        return unpacked(self.counted[_MIX], SLOTS)

    @property
    def hours(self) -> list[int]:
        """Answers by the hour of the worker's own day, where it is known."""
        return unpacked(self.counted[_HOURS], 24)

    # ----------------------------------------------------------------- changes

    def answered(self, made: Made) -> None:
        """An answer was handed in."""
        self.before, self.now = self.now, self.now.moved(made.at).answered(made.millis, made.mark)
        self._count(made, 1)
        self.ring = (self.ring + bytes([_step(made.millis) | (_FAST if made.fast else 0)]))[-RING - 1 :]

    def skipped(self, made: Made) -> None:
        """A task was given back with a reason."""
        self.before, self.now = self.now, self.now.moved(made.at)
        self._count_both(made, 1)
        self.counts.skips += 1

    def unanswered(self, made: Made) -> None:
        """The last answer was taken back: ``made`` as it was then. One that was never recorded changes nothing."""
        if not self.ring:
            return
        self.now = self.before
        self._count(made, -1)
        self.counts.undone += 1
        self.ring = self.ring[:-1]

    def unskipped(self, made: Made) -> None:
        """The last skip was taken back. One that was never recorded changes nothing."""
        if not self.counts.skips:
            return
        self.now = self.before
        self._count_both(made, -1)
        self.counts.skips -= 1
        self.counts.undone += 1

    def dropped(self, leases: int = 1) -> None:
        """So many leases came to nothing."""
        self.counts.dropped += leases

    def _count(self, made: Made, sign: int) -> None:
        counts = self.counts
        counts.answers += sign
        counts.fast += sign * made.fast
        counts.changed += sign * (made.changes > 0)
        counts.edits += sign * made.edits
        self._count_both(made, sign)
        counted = self.counted
        counted[made.length] = bumped(counted[made.length], tempo.bucket(made.millis), sign)
        counted[_MIX] = bumped(counted[_MIX], made.slot, sign)
        if made.hour is not None:
            counted[_HOURS] = bumped(counted[_HOURS], made.hour, sign)

    def _count_both(self, made: Made, sign: int) -> None:
        counts = self.counts
        counts.changes += sign * made.changes
        counts.instructions += sign * made.instructions
        counts.media += sign * made.media
        counts.retries += sign * made.retries

    # ----------------------------------------------------------------- the last answers

    @property
    def answers(self) -> int:
        """How many answers all of this rests on."""
        return self.counts.answers

    @property
    def run(self) -> int:
        """How many times in a row they have given the same answer by now."""
        return self.now.run

    def seconds(self, last: int = RING) -> float | None:
        """Median time of the last answers (64 at the most), in seconds; None without any."""
        ring = self._last(last)
        return median(_seconds(step) for step in ring) if ring else None

    def fast_share(self, last: int = RING) -> float | None:
        """Share of the last answers (64 at the most) that came faster than reading allows; None without any."""
        ring = self._last(last)
        return sum(step >= _FAST for step in ring) / len(ring) if ring else None

    def _last(self, last: int) -> bytes:
        return self.ring[-min(last, RING) :] if last > 0 else b""

    # ----------------------------------------------------------------- bytes

    def pack(self) -> bytes:
        """As the database keeps it."""
        head = _HEAD.pack(_VERSION, *_counts(self.counts))
        return b"".join((head, _NOW.pack(*self.now), _NOW.pack(*self.before), *self.counted, self.ring))

    @classmethod
    def unpack(cls, kept: bytes) -> Habits:
        """What ``pack`` wrote. Raises struct.error where it is none."""
        _version, *counts = _HEAD.unpack_from(kept)
        at = _HEAD.size
        now = Standing._make(_NOW.unpack_from(kept, at))
        before = Standing._make(_NOW.unpack_from(kept, at + _NOW.size))
        counted, ring = split(kept, at + 2 * _NOW.size, _HOURS + 1)
        return cls(Counts(*counts), now, before, counted, ring)


def read(tx: Tx, project: int, worker: int) -> Habits:
    """A worker's habits in a project as they stand; empty ones for somebody who has done nothing yet."""
    # only a person's own turns write theirs, and those never overlap
    if (Habits, project, worker) not in tx.known:
        row = tx.one(behaviour.HABITS, project=project, worker=worker)
        tx.known[Habits, project, worker] = Habits() if row is None else Habits.unpack(row.kept)
    return cast("Habits", tx.known[Habits, project, worker])


def held(tx: Tx, project: int, worker: int, kept: bytes | None) -> Habits:
    """The same, where the row has been read beside another."""
    if (Habits, project, worker) not in tx.known:
        tx.known[Habits, project, worker] = Habits.unpack(kept) if kept else Habits()
    return read(tx, project, worker)


def keep(tx: Tx, project: int, worker: int, habits: Habits) -> None:
    """Write them back."""
    tx.known[Habits, project, worker] = habits
    tx.run(behaviour.KEEP, project=project, worker=worker, kept=habits.pack())


def _step(millis: float) -> int:
    return 0 if millis <= _FIRST_MS else min(_LAST_STEP, round(_A_DOUBLING * math.log2(millis / _FIRST_MS)))


def _seconds(step: int) -> float:
    return _FIRST_MS / 1000 * float(2 ** ((step & _LAST_STEP) / _A_DOUBLING))
