"""A chat's own menu of commands: those of the person's role, in their language; workers have the one of all.

What the menu lists stands in the row of the conversation, so that it is set when it has changed, and not at each word.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import structlog

from bot.channel import Channel, ChannelError
from bot.translate import Translator
from db.queries import people
from db.session import Database
from handlers.flow import Flows
from tasks.people import Who

_log = structlog.stdlib.get_logger(__name__)
_EVERYBODYS = "worker"


@runtime_checkable
class Listing(Protocol):
    """A channel whose chats can have menus of their own."""

    async def list_in(self, chat: str, commands: Sequence[tuple[str, str]]) -> None:
        """Let this chat's menu hold these; with none it is the one of all again."""


class Menus:
    """Follows what people are. A menu that cannot be set is tried again at the person's next word."""

    def __init__(self, database: Database, flows: Flows, translator: Translator, channels: Sequence[Channel]) -> None:
        self._database, self._flows, self._translator = database, flows, translator
        self._channels = {channel.name: channel for channel in channels if isinstance(channel, Listing)}

    def changed(self, who: Who, listed: str) -> str | None:
        """What the menu is to list from now on, as it is kept; None where that is what it lists (``listed``)."""
        if who.channel not in self._channels:
            return None
        wanted = "" if who.role == _EVERYBODYS else f"{who.role} {who.language or 'en'}"
        return None if wanted == listed else wanted

    async def follow(self, channel: str, chat: str, person: int, wanted: str) -> None:
        """Set it, and keep that it is set. Raises nothing: the bot works without it."""
        role, _space, language = wanted.partition(" ")
        commands = [(name, self._translator.words(says, language)) for name, says in self._flows.menu(role)]
        try:
            await self._channels[channel].list_in(chat, commands if wanted else [])
        except ChannelError as error:
            _log.warning("menu not set", reason=str(error))
            return
        kept = self._database.run(lambda tx: tx.run(people.MENU, person=person, menu=wanted))
        await asyncio.wrap_future(kept)
