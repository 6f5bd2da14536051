"""The registry of formats by suffix, and the one way to open a data file, whatever its format."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing
from pathlib import Path, PurePosixPath
from types import MappingProxyType
from typing import Any, Protocol

from tasks.exchange.delimited import DelimitedWriter, TsvWriter, read_csv, read_tsv
from tasks.exchange.jsonl import JsonlWriter, read_jsonl
from tasks.exchange.parquet import ParquetWriter
from tasks.exchange.rows import MissingDataError, Read, Row, UnknownFormatError
from tasks.projects.pictures import MOST_BYTES, HeavyPictureError, MissingPictureError, OutsidePictureError


class Writer(Protocol):
    """Rows to a file of one format. ``text`` names the columns that people's words fill."""

    def __init__(self, path: Path, columns: Sequence[str], text: Collection[str]) -> None:
        """Begin the file."""

    def write(self, rows: Sequence[Sequence[Any]]) -> None:
        """Add rows, their cells in the order of the columns."""

    def close(self) -> None:
        """Nothing more comes."""


class Source(Protocol):
    """An open data file; ``position`` of ``size`` bytes are read."""

    size: int
    position: int

    def rows(self) -> Iterator[Row]:
        """All rows, from the beginning. Raises UnreadableDataError."""

    def picture(self, name: str) -> bytes:
        """The picture that a cell names. Raises PictureError."""

    def close(self) -> None:
        """Let go of the file."""


READERS: Mapping[str, Read] = MappingProxyType(
    {".csv": read_csv, ".tsv": read_tsv, ".jsonl": read_jsonl, ".ndjson": read_jsonl}
)
WRITERS: Mapping[str, type[Writer]] = MappingProxyType(
    {"csv": DelimitedWriter, "tsv": TsvWriter, "jsonl": JsonlWriter, "parquet": ParquetWriter}
)
_ZIP = ".zip"


def open_data(path: Path) -> AbstractContextManager[Source]:
    """The data file at ``path``. Raises UnreadableDataError."""
    suffix = path.suffix.lower()
    if suffix == _ZIP:
        from tasks.exchange.archive import Archive  # noqa: PLC0415 - most data files are none

        return closing(Archive(path, READERS))
    if suffix not in READERS:
        raise UnknownFormatError(known=", ".join([*READERS, _ZIP]), name=path.name)
    return closing(PlainFile(path, READERS[suffix]))


class Folder:
    """Pictures in a folder; a name that leaves it is refused."""

    def __init__(self, root: Path) -> None:
        self._root = root.resolve()

    def picture(self, name: str) -> bytes:
        """See ``Source.picture``."""
        if "\x00" in name:
            raise MissingPictureError(name=name)
        path = (self._root / PurePosixPath(name.replace("\\", "/"))).resolve()
        if not path.is_relative_to(self._root):
            raise OutsidePictureError(name=name)
        try:
            with path.open("rb") as stream:
                raw = stream.read(MOST_BYTES + 1)
        except OSError as error:
            raise MissingPictureError(name=name) from error
        if len(raw) > MOST_BYTES:
            raise HeavyPictureError(name=name, most=MOST_BYTES >> 20)
        return raw


class PlainFile(Folder):
    """A data file by itself; its pictures lie beside it."""

    def __init__(self, path: Path, read: Read) -> None:
        super().__init__(path.parent)
        try:
            self._file = path.open("rb")
        except OSError as error:
            raise MissingDataError(path=str(path)) from error
        self._read = read
        self.size = path.stat().st_size
        self.position = 0

    def rows(self) -> Iterator[Row]:
        """See ``Source.rows``."""
        self._file.seek(0)
        for row in self._read(self._file):
            self.position = self._file.tell()
            yield row

    def close(self) -> None:
        """See ``Source.close``."""
        self._file.close()
