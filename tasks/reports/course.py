"""How a project has gone, as figures: what pictures, captions and files are made of. No database, no language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import NamedTuple

from tasks.reports.forecast import HOUR_MS, WINDOW, Forecast
from tasks.words import Text, Words, _


class Hour(NamedTuple):
    """One hour, counted since 1970 (UTC): answers, hidden checks met, what was settled, what it cost (minor units)."""

    hour: int
    answers: int = 0
    gold_seen: int = 0
    gold_right: int = 0
    judged: int = 0
    agreed: float = 0.0
    settled: int = 0
    spent: int = 0


class Label(NamedTuple):
    """A label: as files write it, and as people read it."""

    key: str
    words: Words


class Labelled(NamedTuple):
    """A label, and how many items were settled with it."""

    label: Label
    tasks: int


class Worked(NamedTuple):
    """A worker by pseudonym: answers, seconds for one, how often right with its 95 % interval."""

    name: str
    answers: int
    seconds: float
    right: float
    low: float
    high: float


class Disputed(NamedTuple):
    """How many disputes of one cause ended in one way."""

    cause: str
    end: str
    """waiting | answer | fault | withdrawn"""
    cases: int


CAUSES: Mapping[str, Text] = MappingProxyType(
    {
        "crowd": _("people do not agree"),
        "reported": _("people reported it"),
        "rule": _("a rule"),
        "audit": _("drawn for a look"),
    }
)
ENDS: Mapping[str, Text] = MappingProxyType(
    {
        "waiting": _("waiting"),
        "answer": _("given an answer"),
        "fault": _("The item is at fault"),
        "withdrawn": _("withdrawn"),
    }
)


@dataclass(frozen=True, slots=True)
class Course:
    """All of it, as of ``now`` (milliseconds). Hours rise; labels, workers and disputes come the most first."""

    key: str
    title: Words
    state: str
    now: int
    tasks: int
    answers: int
    agreed: int
    disputed: int
    decided: int
    hours: Sequence[Hour]
    forecast: Forecast | None = None
    deadline: int | None = None
    mix: Sequence[Labelled] = ()
    labels: Sequence[Label] = ()
    confusion: Sequence[Sequence[float]] = ()
    """By the right label (row) and the given one (column): how many answers."""
    workers: Sequence[Worked] = ()
    disputes: Sequence[Disputed] = ()
    currency: str = ""
    """Empty where it pays nothing."""

    @property
    def settled(self) -> int:
        """Items that the crowd is done with."""
        return self.agreed + self.disputed + self.decided

    @property
    def spent(self) -> int:
        """What it has cost so far, in minor units."""
        return sum(hour.spent for hour in self.hours)

    @property
    def pace(self) -> float:
        """Items settled a day, over the last days or since the first answer."""
        this = self.now // HOUR_MS
        lately = [hour for hour in self.hours if hour.hour > this - WINDOW]
        return 24 * sum(hour.settled for hour in lately) / (this - lately[0].hour + 1) if lately else 0.0

    @property
    def agreement(self) -> float | None:
        """How near answers come to what their items were settled with, 0 to 1."""
        judged = sum(hour.judged for hour in self.hours)
        return sum(hour.agreed for hour in self.hours) / judged if judged else None

    @property
    def gold(self) -> tuple[int, int]:
        """Hidden checks: answered right, and answered."""
        return sum(hour.gold_right for hour in self.hours), sum(hour.gold_seen for hour in self.hours)

    @property
    def mistaken(self) -> Sequence[tuple[int, int, float]]:
        """Right label, given label, and what share of the answers to the right one that is; the most frequent first."""
        found = [
            (right, given, n / sum(row))
            for right, row in enumerate(self.confusion)
            for given, n in enumerate(row)
            if right != given and n and sum(row)
        ]
        return sorted(found, key=lambda one: -one[2])
