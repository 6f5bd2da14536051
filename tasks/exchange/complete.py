"""A file that is complete or not there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from db.errors import InputError, told


class UnwritableError(InputError):
    """The place of the file does not take it."""

    message = told("Choose another place for the file: “{path}” cannot be written.")


@contextmanager
def complete(out: Path) -> Iterator[Path]:
    """A name beside ``out``, which takes its place when all went well; what is no regular file is written to directly.

    Raises UnwritableError.
    """
    try:
        if out.exists() and not out.is_file():
            yield _no_folder(out)
            return
        part = out.with_name(f".{out.name}.{os.getpid()}.part")
        try:
            yield part
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise UnwritableError(path=str(out)) from error


def _no_folder(out: Path) -> Path:
    if out.is_dir():
        raise IsADirectoryError(out)
    return out


def writable(out: Path) -> None:
    """Find out before the work whether ``out`` can be written after it. Raises UnwritableError."""
    place = out if out.exists() and not out.is_file() else out.parent
    if out.is_dir() or not os.access(place, os.W_OK):
        raise UnwritableError(path=str(out))
