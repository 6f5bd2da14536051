"""``choice``: exactly one of the project's labels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tasks.kinds.base import Answer, Question, UnknownLabelError
from tasks.words import Text, _


class Choice:
    """One label is true."""

    name = "choice"
    belief: Literal["one"] = "one"

    def mistakes(self, question: Question) -> Sequence[tuple[str, Text]]:
        """At least two labels."""
        return [] if len(question.labels) > 1 else [("labels", _("give at least two labels to choose from"))]

    def check(self, question: Question, raw: object) -> Answer:
        """A label's key."""
        if raw not in question.labels:
            raise UnknownLabelError(label=raw)
        return raw

    def read(self, question: Question, cell: str) -> Answer:
        """A cell holds the key."""
        return self.check(question, cell.strip())

    def write(self, question: Question, answer: Answer) -> str:  # noqa: ARG002 - the contract
        """The key."""
        return str(answer)

    def options(self, question: Question) -> Sequence[Answer]:
        """The labels."""
        return question.labels

    def distance(self, question: Question, one: Answer, other: Answer) -> float:  # noqa: ARG002 - the contract
        """The same or not."""
        return float(one != other)
