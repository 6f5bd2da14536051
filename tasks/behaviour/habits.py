"""What one worker's way of working in a project adds up to: changed by each answer and skip, exact under undo."""

from __future__ import annotations

import math
import struct
from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median
from typing import NamedTuple

from db.queries import behaviour
from db.session import Tx
from tasks.behaviour import tempo
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
_INT = 4


def _no_times() -> list[list[int]]:
    return [[0] * tempo.BUCKETS for _length in range(tempo.LENGTHS)]


@dataclass(slots=True)
class Habits:
    """One worker's in a project; or those of a project's whole crowd, where they are the sum of everybody's."""

    counts: Counts = field(default_factory=Counts)
    now: Standing = BEGINNING
    before: Standing = BEGINNING
    """Before the last answer or skip: what an undo brings back."""
    times: list[list[int]] = field(default_factory=_no_times)
    """Histogram of the time worked for each class of length (``tempo``)."""
    mix: list[int] = field(default_factory=lambda: [0] * SLOTS)
    """Answers by slot."""
    hours: list[int] = field(default_factory=lambda: [0] * 24)
    """Answers by the hour of the worker's own day, where it is known."""
    ring: bytes = b""
    """The last answers, a byte each, the newest last; one more than is shown, so that an undo has it back."""

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
        self.times[made.length][tempo.bucket(made.millis)] += sign
        self.mix[made.slot] += sign
        if made.hour is not None:
            self.hours[made.hour] += sign

    def _count_both(self, made: Made, sign: int) -> None:
        counts = self.counts
        counts.changes += sign * made.changes
        counts.instructions += sign * made.instructions
        counts.media += sign * made.media
        counts.retries += sign * made.retries

    def add(self, other: Habits) -> None:
        """Add another worker's: for the crowd. Where they stand adds up as well; the longest run is the longest."""
        for name in Counts.__slots__:
            setattr(self.counts, name, getattr(self.counts, name) + getattr(other.counts, name))
        squares, products = other.now.trend()
        mine = self.now
        self.now = mine._replace(
            days=mine.days + other.now.days,
            sitting=mine.sitting + other.now.sitting,
            longest=max(mine.longest, other.now.longest),
            around_xx=mine.around_xx + squares,
            around_xy=mine.around_xy + products,
        )
        self.times = [_summed(*pair) if any(pair[1]) else pair[0] for pair in zip(self.times, other.times, strict=True)]
        self.mix, self.hours = _summed(self.mix, other.mix), _summed(self.hours, other.hours)

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
        parts = [_HEAD.pack(_VERSION, *(getattr(self.counts, name) for name in Counts.__slots__))]
        parts += [_NOW.pack(*self.now), _NOW.pack(*self.before)]
        parts += [_packed(counts) for counts in (*self.times, self.mix, self.hours)]
        return b"".join(parts) + self.ring

    @classmethod
    def unpack(cls, kept: bytes) -> Habits:
        """What ``pack`` wrote. Raises struct.error where it is none."""
        _version, *counts = _HEAD.unpack_from(kept)
        at = _HEAD.size
        now, before = (Standing._make(_NOW.unpack_from(kept, at + n * _NOW.size)) for n in range(2))
        at += 2 * _NOW.size
        lists = []
        for size in (*[tempo.BUCKETS] * tempo.LENGTHS, SLOTS, 24):
            counted, at = _unpacked(kept, at, size)
            lists.append(counted)
        *times, mix, hours = lists
        return cls(Counts(*counts), now, before, times, mix, hours, kept[at:])


def read(tx: Tx, project: int, worker: int) -> Habits:
    """A worker's habits in a project as they stand; empty ones for somebody who has done nothing yet."""
    row = tx.one(behaviour.HABITS, project=project, worker=worker)
    return Habits() if row is None else Habits.unpack(row.kept)


def keep(tx: Tx, project: int, worker: int, habits: Habits) -> None:
    """Write them back."""
    tx.run(behaviour.KEEP, project=project, worker=worker, kept=habits.pack())


def _step(millis: float) -> int:
    return 0 if millis <= _FIRST_MS else min(_LAST_STEP, round(_A_DOUBLING * math.log2(millis / _FIRST_MS)))


def _seconds(step: int) -> float:
    return _FIRST_MS / 1000 * float(2 ** ((step & _LAST_STEP) / _A_DOUBLING))


def _summed(one: Sequence[int], other: Sequence[int]) -> list[int]:
    return [a + b for a, b in zip(one, other, strict=True)]


def _packed(counts: Sequence[int]) -> bytes:
    """Where it begins, how long it is, and the counts from the first to the last that are not 0."""
    whole = struct.pack(f"<{len(counts)}I", *counts)
    first = (len(whole) - len(whole.lstrip(b"\0"))) // _INT
    last = -(-len(whole.rstrip(b"\0")) // _INT)
    return bytes((first, max(0, last - first))) + whole[_INT * first : _INT * last]


def _unpacked(kept: bytes, at: int, size: int) -> tuple[list[int], int]:
    """The counts, and where the next ones stand."""
    first, length = kept[at], kept[at + 1]
    counts = [0] * size
    if length:
        counts[first : first + length] = struct.unpack_from(f"<{length}I", kept, at + 2)
    return counts, at + 2 + _INT * length
