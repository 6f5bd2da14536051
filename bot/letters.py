"""Messages of the bot's own accord, put together as their reader's channel shows them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Mapping, Sequence

from bot.channel import Message, PictureFile
from bot.media import Pictures
from bot.render import Speaks
from bot.render import letter as rendered
from db.queries.deliveries import Taken
from db.session import Database
from handlers.talk import Line, Style
from tasks.outreach.letter import Letter, LetterKey, data, keys, left_of, left_words, letter, reminder
from tasks.projects.catalog import Catalog

_KEPT = 64


class Letters:
    """Broadcasts are read once, and kept while they are being sent: what is sent changes no more."""

    def __init__(self, database: Database, catalog: Catalog, speaks: Speaks, pictures: Mapping[str, Pictures]) -> None:
        self._database, self._catalog, self._speaks, self._pictures = database, catalog, speaks, pictures
        self._read: OrderedDict[int, Letter] = OrderedDict()
        self._one = asyncio.Lock()
        self.left: dict[int, int] = {}
        """Places left, by broadcast, as of the last look."""

    async def write(self, taken: Taken) -> Message | None:
        """The message; None where its broadcast is not there."""
        if taken.broadcast is None:
            words, ways = reminder(taken.words or "{}", taken.topic)
            return self._put(taken, [Line(words)], ways, None)
        async with self._one:  # many ask at once for what is not read yet
            said = await self._letter(taken.broadcast)
        if said is None:
            return None
        left = self.left.get(said.number) if said.places is not None else None
        lines = [Line(said.text(taken.variant, taken.language))]
        if left is not None:
            lines.append(Line(left_words(left), Style.FAINT))
        picture = None
        if said.content.picture:
            picture = await self._pictures[taken.channel].find(said.content.picture, "")
        return self._put(taken, lines, keys(said, left), picture)

    async def sent(self, taken: Taken, message: Message, handle: str | None) -> None:
        """The channel has taken it: under which id it knows the picture now."""
        if message.picture is not None:
            await self._pictures[taken.channel].keep(message.picture, handle)

    def _put(
        self, taken: Taken, lines: Sequence[Line], ways: Sequence[LetterKey], picture: PictureFile | None
    ) -> Message:
        shown = [(way.words, data(taken.id, way.n), way.url) for way in ways]
        return rendered(lines, shown, (self._speaks, taken.language or "en", taken.zone), picture)

    async def _letter(self, number: int) -> Letter | None:
        if number not in self._read:
            found = await asyncio.wrap_future(self._database.run(lambda tx: letter(tx, self._catalog, number)))
            if found is None:
                return None
            if found.places is not None and number not in self.left:
                code = found.code
                self.left[number] = await asyncio.wrap_future(self._database.run(lambda tx: left_of(tx, code)))
            self._read[number] = found
            if len(self._read) > _KEPT:
                gone, _letter = self._read.popitem(last=False)
                self.left.pop(gone, None)
        self._read.move_to_end(number)
        return self._read[number]
