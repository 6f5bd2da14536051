"""ZIP of one data file with its pictures, read in place: nothing is ever unpacked to a path that the archive names."""

from __future__ import annotations

import unicodedata
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from db.errors import told
from tasks.exchange.rows import MissingDataError, Read, Row
from tasks.projects.mistakes import UnreadableDataError
from tasks.projects.pictures import MOST_BYTES, BrokenPictureError, HeavyPictureError, MissingPictureError

_MOST_MEMBERS = 100_000
_MOST_TOTAL = 2 << 30
_MOST_RATIO = 200
_SMALL = 1 << 20
_ENTRY, _PIECE = b"PK\x01\x02", 1 << 20
"""What each member's entry in the directory begins with; how much is looked through at a time."""
_PROJECTS = (".yaml", ".yml", ".json")
_MOST_OF_PROJECT = 1_000_001
"""Bytes: one more than a project file may have."""
_UTF8_NAME = 0x800
_ENCRYPTED = 0x1
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


class ArchiveError(UnreadableDataError):
    """A ZIP that is not taken."""


class BrokenArchiveError(ArchiveError):
    """It cannot be read."""

    message = told("Make the ZIP again: “{path}” is damaged, or it is no ZIP.")


class CrowdedArchiveError(ArchiveError):
    """Too many members."""

    message = told("Split the ZIP: it holds more than {most} files.")


class EscapingNameError(ArchiveError):
    """A name that points out of the archive."""

    message = told("Make the ZIP from inside its folder: “{name}” points outside of it.")


class BombError(ArchiveError):
    """It would grow beyond reason."""

    message = told("Split the ZIP or make it again: unpacked, it would be far too large.")


class LockedArchiveError(ArchiveError):
    """It has a password."""

    message = told("Make the ZIP without a password: “{name}” is locked.")


class NoDataFileError(ArchiveError):
    """Only pictures."""

    message = told("Put the data file into the ZIP as well: there is none of {known} in it.")


class TwiceError(ArchiveError):
    """Two members of one name."""

    message = told("Keep one of them: the ZIP holds “{name}” twice.")


class SeveralDataFilesError(ArchiveError):
    """Which one is it."""

    message = told("Leave one data file in the ZIP: it holds “{first}” and “{second}”.")


class SeveralProjectsError(ArchiveError):
    """Which one is it."""

    message = told("Leave one project file in the ZIP: it holds “{first}” and “{second}”.")


class Archive:
    """An open ZIP. Names are compared in Unicode's composed form, whatever system wrote them."""

    def __init__(self, path: Path, readers: Mapping[str, Read]) -> None:
        self._path = path
        self._zip = _opened(path)
        try:
            self._members = _checked(self._zip.infolist())
            self._data = _data_file(self._members, readers)
        except BaseException:
            self._zip.close()
            raise
        self._read = readers[self._data.suffix.lower()]
        self.size = self._members[str(self._data)].file_size
        self.position = 0

    def rows(self) -> Iterator[Row]:
        """The rows of its data file."""
        try:
            with self._zip.open(self._members[str(self._data)]) as stream:
                for row in self._read(stream):
                    self.position = stream.tell()
                    yield row
        except _BROKEN as error:
            raise BrokenArchiveError(path=self._path.name) from error

    def picture(self, name: str) -> bytes:
        """A picture, named as seen from the data file or from the top. Raises PictureError."""
        wanted = _composed(name.replace("\\", "/").removeprefix("./"))
        member = self._members.get(str(self._data.parent / wanted)) or self._members.get(wanted)
        if member is None:
            raise MissingPictureError(name=name)
        try:
            with self._zip.open(member) as stream:
                return _bounded(stream, name)
        except _BROKEN as error:
            raise BrokenPictureError(name=name) from error

    def close(self) -> None:
        """Let go of the file."""
        self._zip.close()


def project_in(path: Path) -> tuple[bytes, bool] | None:
    """The project file of a ZIP, and whether it is JSON; None where there is none. Raises ArchiveError."""
    with _opened(path) as archive:
        members = _checked(archive.infolist())
        found = sorted(name for name in members if PurePosixPath(name).suffix.lower() in _PROJECTS)
        if not found:
            return None
        if len(found) > 1:
            raise SeveralProjectsError(first=found[0][:100], second=found[1][:100])
        try:
            with archive.open(members[found[0]]) as stream:
                return stream.read(_MOST_OF_PROJECT), found[0].lower().endswith(".json")
        except _BROKEN as error:
            raise BrokenArchiveError(path=path.name) from error


def has_data(path: Path, readers: Mapping[str, Read]) -> bool:
    """Whether a ZIP holds a data file. Raises ArchiveError."""
    with _opened(path) as archive:
        return any(PurePosixPath(name).suffix.lower() in readers for name in _checked(archive.infolist()))


def _opened(path: Path) -> zipfile.ZipFile:
    try:
        _refuse_crowd(path)
        return zipfile.ZipFile(path)
    except FileNotFoundError as error:
        raise MissingDataError(path=str(path)) from error
    except (*_BROKEN, ValueError) as error:
        raise BrokenArchiveError(path=path.name) from error


def _bounded(stream: IO[bytes], name: str) -> bytes:
    raw = stream.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise HeavyPictureError(name=name, most=MOST_BYTES >> 20)
    return raw


def _checked(infos: list[zipfile.ZipInfo]) -> dict[str, zipfile.ZipInfo]:
    """Members by name, without folders and what systems add. Reading never goes beyond the sizes looked at here."""
    members: dict[str, zipfile.ZipInfo] = {}
    total = 0
    for info in infos:
        name = _name(info)
        total += info.file_size
        swollen = info.file_size > _SMALL and info.file_size > _MOST_RATIO * max(info.compress_size, 1)
        if swollen or total > _MOST_TOTAL:
            raise BombError
        if info.is_dir() or _is_of_the_system(name):
            continue
        if name in members:
            raise TwiceError(name=name[:100])
        members[name] = info
    return members


def _refuse_crowd(path: Path) -> None:
    """Count the members' entries before any is read: each takes memory. Raises CrowdedArchiveError."""
    found, tail = 0, b""
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            found += (tail + piece).count(_ENTRY)
            tail = piece[1 - len(_ENTRY) :]
            if found > _MOST_MEMBERS:
                raise CrowdedArchiveError(most=_MOST_MEMBERS)


def _name(info: zipfile.ZipInfo) -> str:
    name = info.filename if info.flag_bits & _UTF8_NAME else _recoded(info.filename)
    name = name.replace("\\", "/")
    parts = PurePosixPath(name).parts
    if name.startswith("/") or ".." in parts or (parts and parts[0].endswith(":")):
        raise EscapingNameError(name=name[:100])
    if info.flag_bits & _ENCRYPTED:
        raise LockedArchiveError(name=name[:100])
    return _composed(str(PurePosixPath(name)))


def _recoded(name: str) -> str:
    """A name that was written without saying how: as UTF-8 by many tools, in Korean code page 949 by Windows."""
    for encoding in ("utf-8", "cp949"):
        try:
            return name.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return name


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _is_of_the_system(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return "__MACOSX" in parts or not parts or parts[-1].startswith(".") or parts[-1] == "Thumbs.db"


def _data_file(members: Mapping[str, zipfile.ZipInfo], readers: Mapping[str, Read]) -> PurePosixPath:
    found = sorted(PurePosixPath(name) for name in members if PurePosixPath(name).suffix.lower() in readers)
    if not found:
        raise NoDataFileError(known=", ".join(readers))
    if len(found) > 1:
        raise SeveralDataFilesError(first=str(found[0]), second=str(found[1]))
    return found[0]
