"""Columns of a table of any size and format as batches of strings, in bounded memory; nothing is taken for a number."""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import IO, Any, Literal, cast

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv as arrow_csv
from pyarrow import parquet

from db.errors import told
from tasks.exchange.harmless import FORMULA, NUMBER
from tasks.exchange.jsonl import read_jsonl
from tasks.exchange.rows import MissingDataError, NoHeaderError, NotUtf8Error, SameColumnError, lines
from tasks.projects.mistakes import UnreadableDataError

_BLOCK = 4 << 20
_LONGEST_HEADER = 1 << 20
_ROWS_AT_ONCE = 50_000

Progress = Callable[[int, int], None]
"""Told how many bytes of how many are read."""
Strings = Any
"""An array of strings of pyarrow, of whose functions its stubs know only a part."""
Columns = Mapping[str, Sequence[str]]
"""Names by which a column may stand in the file, for each that is wanted."""


class MissingColumnError(UnreadableDataError):
    """A column that is needed is not there, nor one of a like name."""

    message = told("Name a column “{name}”: {file} begins with {found}.")


class MistypedColumnError(UnreadableDataError):
    """A column that is needed is not there, but one of a like name."""

    message = told("Rename the column “{nearest}” to “{name}”: {file} has none of that name.")


class BrokenTableError(UnreadableDataError):
    """It is no table of its format."""

    message = told("Save {file} anew as a plain table: it cannot be read beyond row {row}.")


@dataclass(slots=True)
class Table:
    """What is read of a file. ``skipped`` counts rows that have too few or too many cells, or are no JSON."""

    path: Path
    needed: Columns
    helpful: Columns
    skipped: int = 0
    read: int = 0
    names: dict[str, str] = field(default_factory=dict)
    """The file's own name of each column that was found."""

    def batches(self, progress: Progress) -> Iterator[dict[str, Strings]]:
        """Equally long strings by the wanted name; a cell without anything is empty. Raises UnreadableDataError."""
        try:
            yield from self._counted(self._reader()(progress))
        except OSError as error:
            raise MissingDataError(path=str(self.path)) from error
        except pa.ArrowInvalid as error:
            self._find_bad_byte()
            raise BrokenTableError(file=self.path.name, row=self.read) from error

    def _reader(self) -> Callable[[Progress], Iterator[dict[str, Strings]]]:
        suffix = self._suffix()
        if suffix in {".jsonl", ".ndjson"}:
            return self._jsonl
        return self._parquet if suffix == ".parquet" else self._delimited

    def _suffix(self) -> str:
        plain = self.path.with_suffix("") if self.path.suffix == ".gz" else self.path
        return plain.suffix.lower()

    def _counted(self, batches: Iterator[dict[str, Strings]]) -> Iterator[dict[str, Strings]]:
        for batch in batches:
            yield batch
            self.read += len(next(iter(batch.values())))

    # ----------------------------------------------------------------------- formats

    def _delimited(self, progress: Progress) -> Iterator[dict[str, Strings]]:
        with _opened(self.path) as (stream, told_of):
            header, separator = self._header(stream)
            self._choose(header)
            if not stream.peek(1):  # type: ignore[attr-defined]  # both kinds of buffered streams have it
                return
            chosen = list(self.names.values())
            reader = arrow_csv.open_csv(
                stream,
                read_options=arrow_csv.ReadOptions(column_names=header, block_size=_BLOCK),
                parse_options=arrow_csv.ParseOptions(
                    delimiter=separator, newlines_in_values=True, invalid_row_handler=self._skip
                ),
                convert_options=arrow_csv.ConvertOptions(
                    include_columns=chosen,
                    column_types=dict.fromkeys(chosen, pa.string()),
                    null_values=[],
                    strings_can_be_null=False,
                ),
            )
            for batch in reader:
                yield {wanted: _as_it_was(batch.column(name)) for wanted, name in self.names.items()}
                told_of(progress)

    def _header(self, stream: IO[bytes]) -> tuple[list[str], str]:
        """Names of the columns, and what stands between them."""
        line = b"\n"
        while line and not line.strip():
            line = stream.readline(_LONGEST_HEADER)
        try:
            text = line.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise NotUtf8Error(line=1) from error
        if "\t" in text and (self._suffix() == ".tsv" or "," not in text):
            separator = "\t"
        else:
            separator = ";" if ";" in text and "," not in text else ","
        try:
            names = [name.strip() for name in next(csv.reader([text], delimiter=separator, strict=True), [])]
        except csv.Error as error:
            raise BrokenTableError(file=self.path.name, row=0) from error
        if not any(names):
            raise NoHeaderError
        return [name or f"\0{place}" for place, name in enumerate(names)], separator

    def _skip(self, _row: Any) -> Literal["skip", "error"]:
        self.skipped += 1
        return "skip"

    def _jsonl(self, progress: Progress) -> Iterator[dict[str, Strings]]:
        with _opened(self.path) as (stream, told_of):
            rows = read_jsonl(stream)
            while held := list(islice(rows, _ROWS_AT_ONCE)):
                cells = [row.cells for row in held if not row.wrong]
                self.skipped += len(held) - len(cells)
                if not self.names:
                    self._choose(list(dict.fromkeys(name for row in cells for name in row)))
                yield {
                    wanted: pa.array([row.get(name, "") for row in cells], pa.string())
                    for wanted, name in self.names.items()
                }
                told_of(progress)

    def _parquet(self, progress: Progress) -> Iterator[dict[str, Strings]]:
        with parquet.ParquetFile(self.path) as file:
            self._choose(file.schema_arrow.names)
            total, done = file.metadata.num_rows, 0
            for batch in file.iter_batches(_ROWS_AT_ONCE, columns=list(self.names.values())):
                done += len(batch)
                yield {wanted: _strings(batch.column(name)) for wanted, name in self.names.items()}
                progress(done, total)

    # ----------------------------------------------------------------------- columns

    def _choose(self, header: Sequence[str]) -> None:
        for name in header:
            if header.count(name) > 1:
                raise SameColumnError(name=name)
        there = {name.strip().lower(): name for name in reversed(header)}
        for wanted, spellings in {**self.needed, **self.helpful}.items():
            found = next((there[spelling] for spelling in spellings if spelling in there), None)
            if found is not None:
                self.names[wanted] = found
            elif wanted in self.needed:
                raise self._missing(wanted, [name for name in header if name not in self.names.values()])

    def _missing(self, wanted: str, free: Sequence[str]) -> UnreadableDataError:
        near = get_close_matches(wanted, free, n=1, cutoff=0.5)
        if near:
            return MistypedColumnError(name=wanted, nearest=near[0], file=self.path.name)
        found = ", ".join(f"“{name}”" for name in free if not name.startswith("\0")) or "–"
        return MissingColumnError(name=wanted, file=self.path.name, found=found)

    def _find_bad_byte(self) -> None:
        """Raises NotUtf8Error, if that is what is wrong."""
        if self.path.is_file() and self._suffix() != ".parquet":
            with _opened(self.path) as (stream, _told_of):
                for _line in lines(stream):
                    pass


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], Callable[[Progress], None]]]:
    """The bytes of a file, unpacked if it ends with .gz, and how to tell of the progress."""
    with path.open("rb") as file:
        size = os.fstat(file.fileno()).st_size

        def tell(progress: Progress) -> None:
            progress(file.tell() if file.seekable() else 0, size)

        if path.suffix == ".gz":
            with gzip.open(file) as plain:
                yield cast("IO[bytes]", plain), tell
        else:
            yield file, tell


def _strings(column: Strings) -> Strings:
    return column.cast(pa.string()).fill_null("")


def _as_it_was(cells: Strings) -> Strings:
    """Cells without the apostrophe that made them harmless (``tasks.exchange.harmless``)."""
    if not pc.any(pc.starts_with(cells, "'")).as_py():
        return cells
    runs: Any = pc.and_(pc.starts_with(cells, "'"), pc.match_substring_regex(cells, f"^{FORMULA}"))
    runs = pc.and_not(runs, pc.match_substring_regex(cells, f"^{NUMBER}$"))
    plain: Strings = pc.if_else(runs, pc.utf8_slice_codeunits(cells, 1), cells)
    return plain
