"""``multi-choice``: any number of the project's labels, at least one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from tasks.kinds.base import Answer, NothingChosenError, Question, UnknownLabelError
from tasks.words import Text, _

BETWEEN = "|"
"""Separates the keys in a cell."""


class MultiChoice:
    """Each label is true or not."""

    name = "multi-choice"
    belief: Literal["many"] = "many"

    def mistakes(self, question: Question) -> Sequence[tuple[str, Text]]:
        """At least two labels, none of which holds the separator of cells."""
        if len(question.labels) < 2:  # noqa: PLR2004 - two
            return [("labels", _("give at least two labels to choose from"))]
        return [
            ("labels", _("leave “{mark}” out of the key “{key}”", mark=BETWEEN, key=key))
            for key in question.labels
            if BETWEEN in key
        ]

    def check(self, question: Question, raw: object) -> Answer:
        """A list of keys; the canonical order is that of the file."""
        chosen = list(raw) if isinstance(raw, list | tuple | set | frozenset) else [raw]
        for key in chosen:
            if key not in question.labels:
                raise UnknownLabelError(label=key)
        if not chosen:
            raise NothingChosenError
        return [key for key in question.labels if key in chosen]

    def read(self, question: Question, cell: str) -> Answer:
        """Keys with ``|`` between."""
        return self.check(question, [part.strip() for part in cell.split(BETWEEN) if part.strip()])

    def write(self, question: Question, answer: Answer) -> str:  # noqa: ARG002 - the contract
        """Keys with ``|`` between."""
        return BETWEEN.join(answer)

    def options(self, question: Question) -> Sequence[Answer]:
        """The labels, each for itself."""
        return question.labels

    def distance(self, question: Question, one: Answer, other: Answer) -> float:  # noqa: ARG002 - the contract
        """Jaccard: one less the share of labels they have in common."""
        mine, yours = set(one), set(other)
        return 1 - len(mine & yours) / len(mine | yours)
