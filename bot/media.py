"""Pictures as channels need them: the file in the media store, and the file id of a picture sent before."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

from bot.channel import PictureFile
from db.queries import people
from db.session import Database

_REMEMBERED = 10_000


class Pictures:
    """File ids of one bot. ``path`` gives the local file of a content."""

    def __init__(self, database: Database, bot: str, path: Callable[[str], Path]) -> None:
        self._database, self._bot, self._path = database, bot, path
        self._handles: OrderedDict[str, str | None] = OrderedDict()

    async def find(self, content: str, describes: str) -> PictureFile:
        """The picture with the handle under which it was sent before, if it was."""
        if content not in self._handles:
            found = await asyncio.wrap_future(
                self._database.run(lambda tx: tx.one(people.HANDLE, bot=self._bot, content=content))
            )
            self._remember(content, found.handle if found else None)
        self._handles.move_to_end(content)
        path = await asyncio.to_thread(self._path, content) if self._handles[content] is None else Path(content)
        return PictureFile(content, path, self._handles[content], describes)

    async def keep(self, content: str, handle: str | None) -> None:
        """Remember under which handle the channel has the picture now."""
        if not handle or self._handles.get(content) == handle:
            return
        self._remember(content, handle)
        await asyncio.wrap_future(
            self._database.run(lambda tx: tx.run(people.KEEP_HANDLE, bot=self._bot, content=content, handle=handle))
        )

    def _remember(self, content: str, handle: str | None) -> None:
        self._handles[content] = handle
        if len(self._handles) > _REMEMBERED:
            self._handles.popitem(last=False)
