"""Rows as all data files give them, and what can be wrong with such a file as a whole."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO

from db.errors import told
from tasks.projects.mistakes import UnreadableDataError
from tasks.words import Text

_LONGEST_LINE = 1 << 20
_NOT_UTF8 = re.compile("[\udc80-\udcff]")


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
    """Lines of UTF-8 with their ends, without the byte order mark. Raises NotUtf8Error, LongLineError."""
    text = io.TextIOWrapper(stream, "utf-8-sig", errors="surrogateescape", newline="")
    number = 0
    try:
        while line := text.readline(_LONGEST_LINE):
            number += 1
            if not line.isascii() and _NOT_UTF8.search(line):
                raise NotUtf8Error(line=number)
            if len(line) == _LONGEST_LINE:
                raise LongLineError(line=number)
            yield line
    finally:
        text.detach()
