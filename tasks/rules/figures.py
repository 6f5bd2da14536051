"""The figures of somebody's work in a project that rules look at: all of them are at hand, none is counted up."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from tasks.quality import lately


class Figure(NamedTuple):
    """A figure, and from how many answers."""

    value: float
    of: int


class Habits(Protocol):
    """What is known of somebody's way of working (``tasks.behaviour.habits``)."""

    @property
    def answers(self) -> int:
        """How many are known."""

    @property
    def run(self) -> int:
        """The same answer in a row."""

    def seconds(self, last: int) -> float | None:
        """The median of their working time."""

    def fast_share(self, last: int) -> float | None:
        """Share that came faster than the item can be read."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of somebody's work in a project. The rings are those of ``tasks.quality.lately``."""

    gold: bytes
    agreed: bytes
    reviewed: bytes
    golds: int
    """How many went through the ring, also those it has forgotten; so the next two."""
    settled: int
    reviews: int
    answers: int
    skips: int
    skips_in_row: int
    doubt: float
    habits: Callable[[], Habits]
    """Read only when a rule asks for them."""


Read = Callable[[Standing, int], Figure | None]
Clock = Callable[[Standing], int]


def _of_ring(ring: bytes, last: int) -> Figure | None:
    return Figure(lately.mean(ring, last), min(last, len(ring))) if ring else None


def _accuracy(here: Standing, last: int) -> Figure | None:
    return _of_ring(here.gold[-last:] + here.agreed[-last:], 2 * last)


def _rejections(here: Standing, last: int) -> Figure | None:
    accepted = _of_ring(here.reviewed, last)
    return accepted and Figure(1 - accepted.value, accepted.of)


def _of_habits(value: float | None, habits: Habits, last: int) -> Figure | None:
    return None if value is None else Figure(value, min(last, habits.answers, lately.REMEMBERED))


def _seconds(here: Standing, last: int) -> Figure | None:
    habits = here.habits()
    return _of_habits(habits.seconds(last), habits, last)


def _fast(here: Standing, last: int) -> Figure | None:
    habits = here.habits()
    return _of_habits(habits.fast_share(last), habits, last)


COLLECTORS: Mapping[str, tuple[Read, Clock | None]] = {
    "answers": (lambda here, _last: Figure(here.answers, here.answers), None),
    "doubt": (lambda here, _last: Figure(here.doubt, here.answers), None),
    "skips_in_row": (lambda here, _last: Figure(here.skips_in_row, here.skips_in_row), lambda here: here.skips),
    "gold_accuracy": (lambda here, last: _of_ring(here.gold, last), lambda here: here.golds),
    "agreement": (lambda here, last: _of_ring(here.agreed, last), lambda here: here.settled),
    "accuracy": (_accuracy, lambda here: here.golds + here.settled),
    "acceptance": (lambda here, last: _of_ring(here.reviewed, last), lambda here: here.reviews),
    "rejections": (_rejections, lambda here: here.reviews),
    "sameness": (lambda here, _last: Figure(here.habits().run, here.habits().run), lambda here: here.answers),
    "seconds": (_seconds, lambda here: here.answers),
    "fast": (_fast, lambda here: here.answers),
}
"""By name: the figure (given how far it looks back), and what counts on as its history is renewed.

A figure without a clock looks at no history: it says where somebody stands."""
