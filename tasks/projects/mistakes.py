"""Mistakes in what a requester wrote: where each one is, and what to do about it; all of them at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.errors import CrowdloomError, InputError, told
from tasks.words import Join, Text, Value, _

Path = tuple[str | int, ...]
"""Keys and positions (from 0) that lead to a value of the file."""


class WrongError(ValueError):
    """A value that pydantic's own rules cannot judge: why, with the path below the value that it was raised for."""

    def __init__(self, *wrongs: Text | tuple[Path, Text]) -> None:
        super().__init__("wrong")
        self.wrongs = [((), wrong) if isinstance(wrong, Text) else wrong for wrong in wrongs]


@dataclass(frozen=True, slots=True)
class FileMistake:
    """A mistake in a project file. ``line`` counts from 1; 0 where there is none."""

    line: int
    text: Text

    @property
    def told(self) -> Text:
        """The sentence with its line."""
        return _("Line {line}: {mistake}", line=self.line, mistake=self.text) if self.line else self.text

    def __str__(self) -> str:
        """In English."""
        return english(self.told)


@dataclass(frozen=True, slots=True)
class Mistake:
    """A row of a data file that cannot be used. ``row`` counts from 1, after the header."""

    row: int
    text: Text

    @property
    def reason(self) -> str:
        """Why, in English."""
        return english(self.text)

    @property
    def told(self) -> Text:
        """The sentence with its row."""
        return _("Row {row}: {mistake}", row=self.row, mistake=self.text) if self.row else self.text

    def __str__(self) -> str:
        """In English."""
        return english(self.told)


class _SeveralError(InputError):
    """Several mistakes in one error: ``mistakes`` is a value that the person's language can still reach."""

    def __init__(self, mistakes: Sequence[FileMistake] | Sequence[Mistake], **values: Any) -> None:
        super().__init__(mistakes="\n".join(str(mistake) for mistake in mistakes), **values)
        self.values = {"mistakes": Join([mistake.told for mistake in mistakes], "\n"), **values}


class ProjectFileError(_SeveralError):
    """The project file has mistakes: all of them, in the order of their lines."""

    message = told("Mend the project file first:\n{mistakes}")

    def __init__(self, mistakes: Iterable[FileMistake]) -> None:
        self.mistakes = sorted(mistakes, key=lambda mistake: mistake.line)
        super().__init__(self.mistakes)


class DataFileError(_SeveralError):
    """The data file has bad rows: nothing of it was imported."""

    message = told("Mend these rows first, nothing was imported:\n{mistakes}")

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__(mistakes)


class UnreadableDataError(InputError):
    """A file that cannot be taken as data at all; its subclasses say why."""


def because(error: CrowdloomError) -> Text:
    """An error's own sentence, still translatable."""
    return Text(error.message, error.values)


def english(text: Value) -> str:
    """Words in English, for logs and programs."""
    if isinstance(text, Text):
        values = _english_values(text.values)
        message = text.plural if text.plural and text.values.get("n") != 1 else text.message
        return message.format(**values)
    if isinstance(text, Join):
        return text.between.join(english(part) for part in text.parts)
    return str(text)


def _english_values(values: Mapping[str, Value]) -> dict[str, str]:
    return {name: english(value) for name, value in values.items()}
