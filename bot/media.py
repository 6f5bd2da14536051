"""Pictures as channels need them: the file in the media store, and the file id of a picture sent before."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from bot.channel import PictureFile
from db.queries import people
from db.session import Database

_REMEMBERED = 10_000
_MOST_DRAWN = 200


class Drawn:
    """Pictures that are drawn for one moment: by content in a folder, the oldest go; no media store keeps them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, png: bytes) -> str:
        """Keep a picture; its content."""
        content = sha256(png).hexdigest()
        self._folder.mkdir(parents=True, exist_ok=True)
        part = self._folder / f"{content}.part"
        part.write_bytes(png)
        part.replace(self._folder / f"{content}.png")
        for old in sorted(self._folder.glob("*.png"), key=lambda file: file.stat().st_mtime_ns)[:-_MOST_DRAWN]:
            old.unlink(missing_ok=True)
        return content

    def path(self, content: str) -> Path | None:
        """Where it is, if it is one of these."""
        path = self._folder / f"{content}.png"
        return path if path.is_file() else None

    def before(self, other: Callable[[str], Path]) -> Callable[[str], Path]:
        """Looks here first, then elsewhere."""
        return lambda content: self.path(content) or other(content)


class Pictures:
    """File ids of one bot. ``path`` gives the local file of a content."""

    def __init__(self, database: Database, bot: str, path: Callable[[str], Path]) -> None:
        self._database, self._bot, self._path = database, bot, path
        self._known: OrderedDict[str, tuple[Path, str | None]] = OrderedDict()

    async def find(self, content: str, describes: str) -> PictureFile:
        """The picture with the handle under which it was sent before, if it was."""
        if content not in self._known:
            found = await asyncio.wrap_future(
                self._database.run(lambda tx: tx.one(people.HANDLE, bot=self._bot, content=content))
            )
            path = await asyncio.to_thread(self._path, content)
            self._remember(content, path, found.handle if found else None)
        self._known.move_to_end(content)
        path, handle = self._known[content]
        return PictureFile(content, path, handle, describes)

    async def keep(self, picture: PictureFile, handle: str | None) -> None:
        """Remember under which handle the channel has the picture now."""
        if not handle or handle == picture.handle:
            return
        self._remember(picture.content, picture.path, handle)
        await asyncio.wrap_future(
            self._database.run(
                lambda tx: tx.run(people.KEEP_HANDLE, bot=self._bot, content=picture.content, handle=handle)
            )
        )

    def _remember(self, content: str, path: Path, handle: str | None) -> None:
        self._known[content] = (path, handle)
        if len(self._known) > _REMEMBERED:
            self._known.popitem(last=False)
