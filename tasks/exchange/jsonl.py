"""JSON Lines: an object a line, in and out."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import IO, Any

from tasks.exchange.rows import Row, lines, refuse_wide
from tasks.words import _

BETWEEN = "|"
"""Joins a list of words into one cell, as answers of several labels are written."""


def read_jsonl(stream: IO[bytes]) -> Iterator[Row]:
    """Rows whose cells are the values as text; what is nested deeper stays JSON."""
    for number, line in enumerate(lines(stream), 1):
        if line.strip():
            yield _row(number, line)


def _row(number: int, line: str) -> Row:
    try:
        read = json.loads(line)
    except json.JSONDecodeError as error:
        return Row(
            number, wrong=_("mend the JSON near column {column}: it cannot be read from there", column=error.colno)
        )
    except (ValueError, RecursionError):
        return Row(number, wrong=_("write plainer JSON: its numbers are too long, or it lies too deep"))
    if not isinstance(read, dict):
        return Row(number, wrong=_("write an object in braces on each line: this is something else"))
    refuse_wide(len(read))
    return Row(number, {name.strip(): _cell(value) for name, value in read.items()})


def _cell(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return BETWEEN.join(value)
    return "" if value is None else json.dumps(value, ensure_ascii=False)


class JsonlWriter:
    """Rows to a JSON Lines file; what is empty is null."""

    def __init__(self, path: Path, columns: Sequence[str], text: Collection[str]) -> None:  # noqa: ARG002 - the contract
        self._file = path.open("w", encoding="utf-8", newline="")
        self._columns = columns

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows."""
        for row in rows:
            self._file.write(json.dumps(dict(zip(self._columns, row, strict=True)), ensure_ascii=False) + "\n")

    def close(self) -> None:
        """Nothing more comes."""
        self._file.close()
