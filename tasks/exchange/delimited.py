"""CSV and TSV: rows in and out, quoted as spreadsheets do."""

from __future__ import annotations

import csv
from collections.abc import Collection, Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import IO, Any, TextIO

from tasks.exchange.harmless import as_it_was, harmless
from tasks.exchange.rows import (
    LONGEST_ROW,
    LongLineError,
    NamelessColumnError,
    NoHeaderError,
    Row,
    SameColumnError,
    lines,
    refuse_wide,
)
from tasks.words import Text, _

_ENDLESS = ("unexpected end of data", "field larger than field limit")

# --------------------------------------------------------------------------- reading


def read_csv(stream: IO[bytes]) -> Iterator[Row]:
    """Comma-separated rows; semicolons where the header has no comma, as some spreadsheets write."""
    source = lines(stream)
    header = next(source, "")
    separator = ";" if ";" in header and "," not in header else ","
    return _rows(chain([header], source), separator)


def read_tsv(stream: IO[bytes]) -> Iterator[Row]:
    """Rows with tabs between."""
    return _rows(lines(stream), "\t")


def _rows(source: Iterator[str], separator: str) -> Iterator[Row]:
    bounded = _Bounded(source)
    table = csv.reader(bounded, delimiter=separator, strict=True)
    header = _header(table)
    number = 0
    while True:
        number += 1
        bounded.row_begins()
        try:
            cells = next(table)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, wrong=_broken(str(error)))
            if str(error).startswith(_ENDLESS):
                return
            continue
        if any(cells):
            yield _row(number, header, cells)


class _Bounded:
    """Lines, of which one row takes no more than its share of memory however many of them its quotes span."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source, self._line, self._taken = source, 0, 0

    def row_begins(self) -> None:
        """What comes now is another row."""
        self._taken = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        line = next(self._source)
        self._line += 1
        self._taken += len(line)
        if self._taken > LONGEST_ROW:
            raise LongLineError(line=self._line)
        return line


def _header(table: Iterator[list[str]]) -> list[str]:
    try:
        names = [as_it_was(name.strip()) for name in next(table, [])]
    except csv.Error as error:
        raise NoHeaderError from error
    while names and not names[-1]:
        names.pop()
    if not names:
        raise NoHeaderError
    refuse_wide(len(names))
    for column, name in enumerate(names, 1):
        if not name:
            raise NamelessColumnError(column=column)
        if name in names[: column - 1]:
            raise SameColumnError(name=name)
    return names


def _row(number: int, header: Sequence[str], cells: list[str]) -> Row:
    wanted = len(header)
    if len(cells) < wanted or any(cells[wanted:]):
        return Row(number, wrong=_("give it {wanted} cells: it has {found}", wanted=wanted, found=len(cells)))
    return Row(number, dict(zip(header, map(as_it_was, cells), strict=False)))


def _broken(reason: str) -> Text:
    if reason.startswith(_ENDLESS):
        return _("close the quotes that open in this row: it has no end")
    return _("write quotes within a cell twice, as in “say ““hi”” again”: this row cannot be read")


# --------------------------------------------------------------------------- writing


class _Lines:
    """Ends rows with a line feed alone. Where the writer ends them with a carriage return too, it quotes both."""

    def __init__(self, file: TextIO) -> None:
        self._file = file

    def write(self, row: str) -> None:
        self._file.write(row.removesuffix("\r\n") + "\n")


class DelimitedWriter:
    """Rows to a CSV or TSV file, without a cell that a spreadsheet would run."""

    separator = ","

    def __init__(self, path: Path, columns: Sequence[str], text: Collection[str]) -> None:  # noqa: ARG002 - the contract
        self._file = path.open("w", encoding="utf-8", newline="")
        self._rows = csv.writer(_Lines(self._file), delimiter=self.separator, lineterminator="\r\n")
        self._rows.writerow(map(harmless, columns))

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows: None is an empty cell, truth is ``true`` or ``false``."""
        self._rows.writerows(map(_cell, row) for row in rows)

    def close(self) -> None:
        """Nothing more comes."""
        self._file.close()


def _cell(cell: Any) -> Any:
    if isinstance(cell, bool):
        return "true" if cell else "false"
    return harmless(cell)


class TsvWriter(DelimitedWriter):
    """Rows with tabs between."""

    separator = "\t"
