"""Rows as all data files give them, and what can be wrong with such a file as a whole."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import IO

from db.errors import told
from tasks.projects.mistakes import UnreadableDataError
from tasks.words import Text, _

LONGEST_ROW = 1 << 20
"""Characters."""
MOST_COLUMNS = 1_000
_NOT_UTF8 = re.compile("[\udc80-\udcff]")
_UTF16 = ("\udcff\udcfe", "\udcfe\udcff")
_OTHERS: Mapping[str, Text] = MappingProxyType(
    {
        "PK\x03\x04": _("a ZIP or a workbook of a spreadsheet program"),
        "\udcd0\udccf\x11": _("a workbook of a spreadsheet program"),
        "\udc89PNG": _("a picture"),
        "\udcff\udcd8\udcff": _("a picture"),
        "GIF8": _("a picture"),
        "RIFF": _("a picture or a recording"),
        "%PDF": _("a PDF"),
        "\x1f\udc8b": _("a packed file"),
        "\x7fELF": _("a program"),
        "MZ\udc90": _("a program"),
    }
)
"""How files begin that are no text, whatever their name says."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. ``number`` counts from 1, after the header, blank rows too; ``wrong`` says why it cannot be read."""

    number: int
    cells: Mapping[str, str] = field(default_factory=dict)
    wrong: Text | None = None


Read = Callable[[IO[bytes]], Iterator[Row]]
"""A reader of one format: rows one by one, in bounded memory. Raises UnreadableDataError."""


class MissingDataError(UnreadableDataError):
    """The file cannot be opened."""

    message = told("Check the path of the data file: “{path}” cannot be read.")


class UnknownFormatError(UnreadableDataError):
    """No reader has this suffix."""

    message = told("Save the data as one of {known}: “{name}” is none of them.")


class NotUtf8Error(UnreadableDataError):
    """Bytes of another encoding."""

    message = told("Save the data file as UTF-8: line {line} holds bytes of another encoding.")


class Utf16Error(UnreadableDataError):
    """Two bytes a character, as some programs call “Unicode text”."""

    message = told("Save the data file as UTF-8, for example as “CSV UTF-8”: it is UTF-16.")


class OtherFileError(UnreadableDataError):
    """Its name says text, and it is something else."""

    message = told("Save the table as CSV in UTF-8 and send that: this file is {what}, whatever its name says.")


class NullsError(UnreadableDataError):
    """Null characters: no text has any."""

    message = told("Save the data file as text in UTF-8: its first line holds null characters.")


class WideError(UnreadableDataError):
    """More columns than anybody can mean."""

    message = told("Leave the columns that are needed: the data file has more than {most}.")


class LongLineError(UnreadableDataError):
    """A line that no row needs."""

    message = told("Break line {line} of the data file up: it is far too long for one row.")


class NoHeaderError(UnreadableDataError):
    """An empty file."""

    message = told("Begin the data file with the names of its columns: it is empty.")


class NamelessColumnError(UnreadableDataError):
    """A column without a name."""

    message = told("Give column {column} of the data file a name: its header is empty.")


class SameColumnError(UnreadableDataError):
    """Two columns of one name."""

    message = told("Use each column name once: “{name}” stands twice in the header of the data file.")


def lines(stream: IO[bytes]) -> Iterator[str]:
    """Lines of UTF-8 with their ends, without the byte order mark. Raises UnreadableDataError."""
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
    number = 0
    try:
        while line := text.readline(LONGEST_ROW):
            number += 1
            if number == 1:
                _refuse_others(line)
            if not line.isascii() and _NOT_UTF8.search(line):
                raise NotUtf8Error(line=number)
            if len(line) == LONGEST_ROW:
                raise LongLineError(line=number)
            yield line
    finally:
        text.detach()


def _refuse_others(first: str) -> None:
    """Raises UnreadableDataError where the first line is that of no text."""
    if first.startswith(_UTF16):
        raise Utf16Error
    for beginning, what in _OTHERS.items():
        if first.startswith(beginning):
            raise OtherFileError(what=what)
    if "\x00" in first:
        raise NullsError


def refuse_wide(columns: int) -> None:
    """Raises WideError where these are too many."""
    if columns > MOST_COLUMNS:
        raise WideError(most=MOST_COLUMNS)
