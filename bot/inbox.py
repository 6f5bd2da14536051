"""Files that people send, each in a folder of its own; none stays longer than it is needed."""

from __future__ import annotations

import shutil
import unicodedata
import uuid
from collections.abc import Callable
from pathlib import Path, PurePosixPath

_LONGEST_NAME = 80
_DAY_MS = 86_400_000
_MOST_BYTES = 2 << 30


class Inbox:
    """Folders named by when they were made (milliseconds); what nobody has taken away in a day goes by itself."""

    def __init__(self, root: Path, now: Callable[[], int]) -> None:
        self.root, self._now = root, now

    def folder(self) -> Path:
        """A new place for one file."""
        return self.root / f"{self._now():013}-{uuid.uuid4().hex}"

    def named(self, file: Path, name: str) -> Path:
        """A fetched file under the name that its sender gave it, as far as that is one."""
        wanted = file.with_name(_safe(name) or _safe(file.name) or "file")
        return file if wanted == file else file.rename(wanted)

    def drop(self, file: Path) -> None:
        """A file is needed no more. What lies elsewhere is not ours."""
        if file.parent.parent == self.root:
            shutil.rmtree(file.parent, ignore_errors=True)

    def tidy(self) -> None:
        """Let go of what is old, and of the oldest where all of it takes too much room."""
        kept = 0
        for place in sorted(self.root.glob("*"), reverse=True) if self.root.is_dir() else ():
            made = place.name.partition("-")[0]
            kept += _size(place)
            if not made.isdigit() or self._now() - int(made) > _DAY_MS or kept > _MOST_BYTES:
                shutil.rmtree(place, ignore_errors=True) if place.is_dir() else place.unlink(missing_ok=True)


def _safe(name: str) -> str:
    """The last part of a name, without what a file system or a screen stumbles over; its suffix stays."""
    last = PurePosixPath(name.replace("\\", "/")).name
    plain = "".join(c for c in last if unicodedata.category(c)[0] != "C").strip().lstrip(".")
    stem, dot, suffix = plain.rpartition(".")
    return f"{stem[:_LONGEST_NAME]}{dot}{suffix[:10]}" if dot else plain[:_LONGEST_NAME]


def _size(place: Path) -> int:
    files = [place, *place.rglob("*")] if place.is_dir() else [place]
    return sum(file.lstat().st_size for file in files if file.exists())
