"""One attempt at a quiz, pure: its rules and questions as they were when it began, first answers, what they come to."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from statistics import median
from typing import Any, Literal

State = Literal["running", "passed", "again", "failed", "left"]
"""``again``: in the middle band. ``left``: the project closed, or the person withdrew."""

_GRACE_MS = 2_000
"""For the way through the network."""
_ALMOST = 1e-9


@dataclass(frozen=True, slots=True)
class Rules:
    """What held when it began."""

    count: int
    pass_share: float
    band: float | None = None
    per_question_ms: int | None = None
    attempts: int = 1
    retry_after_ms: int = 0
    expires_after_ms: int | None = None

    @property
    def needed(self) -> int:
        """The least number of right answers that passes."""
        return self._of(self.pass_share)

    @property
    def near(self) -> int:
        """The least number that lies in the middle band; without one none does."""
        return self.needed if self.band is None else self._of(self.band)

    def _of(self, share: float) -> int:
        return math.ceil(share * self.count - _ALMOST)


@dataclass(frozen=True, slots=True)
class Given:
    """The first answer to a question; None where it came too late."""

    answer: Any
    right: bool
    ms: int
    late: bool = False


@dataclass(frozen=True, slots=True)
class Attempt:
    """Where it stands. ``questions`` are JSON objects with at least ``task`` and ``truth``."""

    id: int
    rules: Rules
    questions: Sequence[Mapping[str, Any]]
    given: tuple[Given, ...] = ()
    asked_at: int = 0
    state: State = "running"
    skill: str = ""
    """What passing shows."""

    @property
    def number(self) -> int:
        """The question that is asked, from 0."""
        return len(self.given)

    @property
    def question(self) -> Mapping[str, Any]:
        """The question that is asked."""
        return self.questions[self.number]

    @property
    def right(self) -> int:
        """How many were right so far."""
        return sum(given.right for given in self.given)

    @property
    def score(self) -> float:
        """The part of what was asked that was right."""
        return self.right / self.number if self.given else 0.0

    @property
    def wrong(self) -> Sequence[Mapping[str, Any]]:
        """The questions that were not answered right."""
        return [asked for asked, given in zip(self.questions, self.given, strict=False) if not given.right]

    @property
    def median_ms(self) -> int:
        """How long a question took, typically."""
        return round(median(given.ms for given in self.given)) if self.given else 0

    def is_late(self, now: int) -> bool:
        """Whether the time for this question is over. A clock that went back makes nobody late."""
        limit = self.rules.per_question_ms
        return limit is not None and now - self.asked_at > limit + _GRACE_MS

    def take(self, answer: Any, now: int, *, right: bool) -> Attempt:
        """With the answer to its question; what comes too late counts as wrong."""
        ms = max(0, now - self.asked_at)
        given = Given(None, right=False, ms=ms, late=True) if self.is_late(now) else Given(answer, right, ms)
        then = replace(self, given=(*self.given, given), asked_at=now)
        return replace(then, state=_outcome(then))

    def given_json(self) -> str:
        """The answers as a row keeps them."""
        return json.dumps([asdict(given) for given in self.given], ensure_ascii=False)


def _outcome(attempt: Attempt) -> State:
    """It ends when all was asked, or as soon as the rest can change nothing: which were wrong makes no difference."""
    rules, best = attempt.rules, attempt.right + attempt.rules.count - attempt.number
    if best < rules.near:
        return "failed"
    if best < rules.needed:
        return "again" if attempt.right >= rules.near else "running"
    return "running" if attempt.number < rules.count else "passed"
