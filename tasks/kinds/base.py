"""What every kind of question can do, and what it is given: the contract of the registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from db.errors import InputError, told
from tasks.words import Text

Answer = Any
"""An answer in canonical form: plain JSON, equal answers are equal values. ``choice``: a label's key;
``multi-choice``: a list of keys in the file's order; ``rating``: an int; ``text``: a str."""


@dataclass(frozen=True, slots=True)
class Question:
    """The part of a project file that a kind reads."""

    labels: tuple[str, ...] = ()
    """Keys of the labels, in the file's order."""
    low: int = 1
    high: int = 5
    """Ends of a rating's scale."""
    shortest: int = 1
    longest: int = 1000
    """Bounds of a text, in characters."""


class AnswerError(InputError):
    """The answer does not fit the question."""


class UnknownLabelError(AnswerError):
    """A label that the project does not have."""

    message = told("Choose one of the labels: “{label}” is not one of them.")


class NothingChosenError(AnswerError):
    """An empty choice."""

    message = told("Choose at least one: nothing is ticked yet.")


class OffScaleError(AnswerError):
    """A rating outside the scale."""

    message = told("Choose a number from {low} to {high}.")


class NothingWrittenError(AnswerError):
    """An empty text."""

    message = told("Write something: there is nothing to read yet.")


class TooShortError(AnswerError):
    """A text below the project's bound."""

    message = told("Write a little more: at least {shortest} characters.")


class TooLongError(AnswerError):
    """A text above the project's bound."""

    message = told("Write a little less: at most {longest} characters, yours has {length}.")


class Kind(Protocol):
    """A sort of question. All methods are pure."""

    @property
    def name(self) -> str:
        """What project files call it."""

    @property
    def belief(self) -> Literal["one", "many", "open"]:
        """How answers are weighed: ``one`` label is true, each of ``many`` is true or not, or the set is ``open``."""

    def mistakes(self, question: Question) -> Sequence[tuple[str, Text]]:
        """What the project file lacks for this kind: (key of the file, remedy) pairs; empty when it is fine."""

    def check(self, question: Question, raw: object) -> Answer:
        """The canonical form of an answer. Raises AnswerError."""

    def read(self, question: Question, cell: str) -> Answer:
        """The canonical form of an answer written in a data file (``gold``). Raises AnswerError."""

    def write(self, question: Question, answer: Answer) -> str:
        """The answer as a cell of an export; ``read`` gives it back."""

    def options(self, question: Question) -> Sequence[Answer]:
        """All answers that are possible where they can be listed, else empty."""

    def distance(self, question: Question, one: Answer, other: Answer) -> float:
        """How far two answers are apart: 0 the same, 1 nothing in common."""
