"""``rating``: a whole number on the project's scale."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tasks.kinds.base import Answer, OffScaleError, Question
from tasks.words import Text, _

_MOST_STEPS = 11


class Rating:
    """One step of the scale is true."""

    name = "rating"
    belief: Literal["one"] = "one"

    def mistakes(self, question: Question) -> Sequence[tuple[str, Text]]:
        """A scale of 2 to 11 steps, upwards."""
        if 1 <= question.high - question.low < _MOST_STEPS:
            return []
        return [("scale", _("let “max” be above “min”, with at most {n} steps", n=_MOST_STEPS))]

    def check(self, question: Question, raw: object) -> Answer:
        """A number from low to high."""
        try:
            step = int(str(raw))
        except ValueError:
            raise OffScaleError(low=question.low, high=question.high) from None
        if not question.low <= step <= question.high:
            raise OffScaleError(low=question.low, high=question.high)
        return step

    def read(self, question: Question, cell: str) -> Answer:
        """The number."""
        return self.check(question, cell.strip())

    def write(self, question: Question, answer: Answer) -> str:  # noqa: ARG002 - the contract
        """The number."""
        return str(answer)

    def options(self, question: Question) -> Sequence[Answer]:
        """The steps."""
        return range(question.low, question.high + 1)

    def distance(self, question: Question, one: Answer, other: Answer) -> float:
        """Steps between them, as a part of the scale."""
        return float(abs(one - other) / (question.high - question.low))
