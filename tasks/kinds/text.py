"""``text``: words that the worker writes."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Literal

from tasks.kinds.base import Answer, NothingWrittenError, Question, TooLongError, TooShortError
from tasks.words import Text, _

_KEPT = "\n\t\u200d"
"""A joiner makes one emoji of several."""
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


class FreeText:
    """Any text within the bounds; two are the same when they read the same."""

    name = "text"
    belief: Literal["open"] = "open"

    def mistakes(self, question: Question) -> Sequence[tuple[str, Text]]:
        """Bounds that leave room."""
        if 1 <= question.shortest <= question.longest:
            return []
        return [("length", _("let “min” be at least 1 and “max” not below it"))]

    def check(self, question: Question, raw: object) -> Answer:
        """NFC, without white space around or characters that cannot be seen."""
        text = unicodedata.normalize("NFC", str(raw)).strip()
        text = "".join(c for c in text if c in _KEPT or unicodedata.category(c) not in _UNSEEN).strip()
        if not text:
            raise NothingWrittenError
        if len(text) < question.shortest:
            raise TooShortError(shortest=question.shortest)
        if len(text) > question.longest:
            raise TooLongError(longest=question.longest, length=len(text))
        return text

    def read(self, question: Question, cell: str) -> Answer:
        """As written."""
        return self.check(question, cell)

    def write(self, question: Question, answer: Answer) -> str:  # noqa: ARG002 - the contract
        """As written."""
        return str(answer)

    def options(self, question: Question) -> Sequence[Answer]:  # noqa: ARG002 - the contract
        """They cannot be listed."""
        return ()

    def distance(self, question: Question, one: Answer, other: Answer) -> float:  # noqa: ARG002 - the contract
        """The same or not, whatever the case and the spaces."""
        return float(_folded(one) != _folded(other))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
