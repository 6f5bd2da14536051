"""The media store: pictures by content in a folder or a bucket; the same file is made small once."""

from __future__ import annotations

import os
import tempfile
import threading
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from db.errors import FailureError, told
from db.queries import projects
from db.session import Database
from tasks.projects.pictures import Picture, made_small

_SUFFIXES = (".jpg", ".png")


class MediaLostError(FailureError):
    """The database knows of a picture that the store has not."""

    message = told("Restore the media folder from a backup: a picture is missing from it.")


class Kept(NamedTuple):
    """A picture that can be shown: the SHA-256 of the stored file, and of the file it was made from."""

    content: str
    source: str


Keep = Callable[[bytes, str], Kept]
"""Takes a picture's file and its name. Raises PictureError."""


class MediaStore:
    """Pictures under ``root``: a folder, or the address of a bucket that fsspec knows."""

    def __init__(self, root: Path | str) -> None:
        self._root = str(root)
        self._lock = threading.Lock()
        self._opened: tuple[Any, str] | None = None

    def put(self, picture: Picture) -> str:
        """Keep a picture; its content. Whoever sees the file sees all of it, even after a power cut."""
        content = sha256(picture.raw).hexdigest()
        files, root = self._files()
        at = _at(root, content, picture.suffix)
        if not files.exists(at):
            if _is_local(files):
                _write_through(Path(at), picture.raw)
            else:
                files.pipe_file(at, picture.raw)
        return content

    def has(self, content: str) -> bool:
        """Whether the picture's file is there."""
        return self._found(content) is not None

    def read(self, content: str) -> bytes:
        """The picture's bytes. Raises MediaLostError."""
        return self.path(content).read_bytes()

    def path(self, content: str) -> Path:
        """The picture as a local file; one from a bucket is copied here first. Raises MediaLostError."""
        found = self._found(content)
        if found is None:
            raise MediaLostError
        return Path(found) if _is_local(self._files()[0]) else self._fetched(found)

    def drop(self, content: str) -> None:
        """Keep the picture no more; nothing happens where it is not there."""
        found = self._found(content)
        if found is not None:
            files = self._files()[0]
            local = Path(found) if _is_local(files) else self._copy(found)
            if not _is_local(files):
                files.rm_file(found)
            local.unlink(missing_ok=True)

    def _found(self, content: str) -> str | None:
        files, root = self._files()
        return next((at for at in (_at(root, content, suffix) for suffix in _SUFFIXES) if files.exists(at)), None)

    def _fetched(self, at: str) -> Path:
        local = self._copy(at)
        if not local.exists():
            local.parent.mkdir(mode=0o700, exist_ok=True)
            _write_through(local, self._files()[0].cat_file(at))
        return local

    def _copy(self, at: str) -> Path:
        """Where what lies in a bucket is kept on this machine."""
        root = self._files()[1]
        folder = Path(tempfile.gettempdir()) / f"crowdloom-media-{os.getuid()}-{sha256(root.encode()).hexdigest()[:12]}"
        return folder / at.rpartition("/")[2]

    def _files(self) -> tuple[Any, str]:
        with self._lock:
            if self._opened is None:
                # commands that touch no picture need none of it
                from fsspec.core import url_to_fs  # type: ignore[import-untyped]  # noqa: PLC0415

                files, root = url_to_fs(self._root)
                self._opened = files, root.rstrip("/")
        return self._opened


def _is_local(files: Any) -> bool:
    return "file" in files.protocol


def _at(root: str, content: str, suffix: str) -> str:
    return f"{root}/{content[:2]}/{content}{suffix}"


def _write_through(at: Path, raw: bytes) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    part = at.with_name(f"{at.name}.{os.getpid()}-{threading.get_ident()}.part")
    with part.open("wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    part.replace(at)


def keeping(database: Database, store: MediaStore) -> Keep:
    """Keeps pictures in the store, and remembers in the database what each was made from."""

    def keep(raw: bytes, name: str) -> Kept:
        source = sha256(raw).hexdigest()
        known = database.run(lambda tx: tx.one(projects.MEDIA_OF, source=source)).result()
        if known and store.has(known.content):
            return Kept(known.content, source)
        picture = made_small(raw, name)
        content = store.put(picture)
        about = {"suffix": picture.suffix, "width": picture.width, "height": picture.height, "bytes": len(picture.raw)}
        database.run(lambda tx: tx.run(projects.KEEP_MEDIA, content=content, source=source, **about)).result()
        return Kept(content, source)

    return keep


def looking(raw: bytes, name: str) -> Kept:
    """Only verifies a picture, where nothing may change."""
    source = sha256(raw).hexdigest()
    made_small(raw, name)
    return Kept(source, source)
