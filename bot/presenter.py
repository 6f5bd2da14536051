"""Plays actions through a channel: edits or resends the current screen, toasts, notes; it alone knows the quirks."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog

from bot.channel import Blocked, Channel, ChannelError, Gone, Message, PictureFile, Posted, RetryAfter, Unchanged
from bot.media import Pictures
from bot.render import Speaks, message, note, sample, toast
from handlers.talk import Action, Again, Album, Document, Line, Note, Original, Sample, Screen, Show, Style, Toast
from tasks.words import Words, _

_log = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class View:
    """What is to be shown, to whom: the person's language and the conversation's current screen."""

    person: int
    language: str
    zone: str
    chat: str
    serial: int
    screen: Screen | None
    message_id: str
    """The message that shows the screen so far; empty when there is none."""
    actions: Sequence[Action]
    fresh: bool
    """Whether the person has written since, so that the screen goes below what they wrote."""


@dataclass(frozen=True, slots=True)
class Played:
    """How it went: the message that shows the screen now, whether the person blocks the bot, how long to wait."""

    message_id: str
    shown: bool
    blocked: bool = False
    wait: float = 0


Delivered = Callable[[tuple[int, int, int]], None]


class Presenter:
    """Shows turns on one channel. ``delivered`` is told the receipt of each screen that the channel took."""

    def __init__(self, channel: Channel, speaks: Speaks, pictures: Pictures, delivered: Delivered) -> None:
        self.channel, self._speaks, self._pictures, self._delivered = channel, speaks, pictures, delivered

    async def play(self, view: View, press: str) -> Played:
        """Do all of the view's actions; answer the press. Raises nothing: what failed is in the result."""
        said = [action.words for action in view.actions if isinstance(action, Toast)]
        aside = said[0] if said else None
        screen = next((action for action in view.actions if isinstance(action, Show | Again)), None)
        await self._extras(view)
        if press:
            answered = asyncio.ensure_future(self._answer(press, view, aside))
            played = await self._screen(view, screen, None)
            await answered
            return played
        if screen is None and aside is not None and view.screen is None:
            await self._try(self.channel.send(view.chat, Message(toast(aside, self._speaks, view.language, view.zone))))
        return await self._screen(view, screen, aside)

    async def sorry(self, chat: str, press: str, words: Words, language: str) -> None:
        """Say that a turn failed; nothing of it was stored."""
        text = toast(words, self._speaks, language, "UTC")
        await self._try(self.channel.answer(press, text) if press else self.channel.send(chat, Message(text)))

    async def _answer(self, press: str, view: View, aside: Words | None) -> None:
        text = "" if aside is None else toast(aside, self._speaks, view.language, view.zone)
        await self._try(self.channel.answer(press, text))

    async def _extras(self, view: View) -> None:
        for action in view.actions:
            if isinstance(action, Note):
                await self._try(self._note(view, action))
            elif isinstance(action, Sample):
                await self._try(self._sample(view, action))
            elif isinstance(action, Document):
                await self._try(self.channel.document(view.chat, Path(action.path), action.name))
            elif isinstance(action, Original):
                whole = await self._pictures.find(action.picture.content, "")
                name = self._speaks.words(action.name, view.language, view.zone) + whole.path.suffix
                await self._try(self.channel.document(view.chat, whole.path, name))
            elif isinstance(action, Album):
                await self._try(self._album(view, action))

    async def _album(self, view: View, action: Album) -> None:
        """An album; a picture by itself is a message like any other."""
        found = [
            await self._pictures.find(one.content, self._speaks.words(one.describes, view.language, view.zone))
            for one in action.pictures
        ]
        if len(found) > 1:
            await self.channel.album(view.chat, found)
        else:
            await self.channel.send(view.chat, Message("", picture=found[0]))

    async def _sample(self, view: View, action: Sample) -> None:
        picture = None
        if action.screen.picture is not None:
            picture = await self._pictures.find(action.screen.picture.content, "")
        posted = await self.channel.send(
            view.chat, sample(action.screen, self._speaks, action.language, view.zone, picture)
        )
        if picture is not None:
            await self._pictures.keep(picture, posted.handle)

    async def _note(self, view: View, action: Note) -> None:
        posted = await self.channel.send(view.chat, note(action.lines, self._speaks, view.language, view.zone))
        if action.pin:
            await self.channel.pin(view.chat, posted.id)

    async def _screen(self, view: View, action: Show | Again | None, aside: Words | None) -> Played:
        screen = action.screen if isinstance(action, Show) else view.screen
        if action is None or screen is None:
            return Played(view.message_id, shown=False)
        fresh = view.fresh or (isinstance(action, Show) and action.fresh)
        try:
            return await self._put(view, screen, aside, fresh=fresh)
        except Blocked:
            return Played(view.message_id, shown=False, blocked=True)
        except RetryAfter as error:
            return Played(view.message_id, shown=False, wait=error.seconds)
        except ChannelError as error:
            _log.warning("screen not shown", chat=view.chat, reason=str(error))
            return await self._without_picture(view, screen, aside, fresh=fresh)

    async def _without_picture(self, view: View, screen: Screen, aside: Words | None, *, fresh: bool) -> Played:
        """The same screen with a word in the picture's place, so that nobody is held by a picture that fails."""
        if screen.picture is not None:
            missing = Line(_("The picture cannot be shown just now: skip the item, or report it under ⋯."), Style.FAINT)
            plain = replace(screen, picture=None, lines=[*screen.lines, missing])
            try:
                return await self._put(view, plain, aside, fresh=fresh)
            except ChannelError as error:
                _log.warning("screen not shown", chat=view.chat, reason=str(error))
        return Played(view.message_id, shown=False)

    async def _put(self, view: View, screen: Screen, aside: Words | None, *, fresh: bool) -> Played:
        picture = None
        if screen.picture is not None:
            describes = self._speaks.words(screen.picture.describes, view.language, view.zone)
            picture = await self._pictures.find(screen.picture.content, describes)
        shown = message(screen, view.serial, self._speaks, view.language, view.zone, aside, picture)
        message_id = view.message_id
        if message_id and not fresh:
            try:
                posted = await self.channel.edit(view.chat, message_id, shown)
            except Unchanged:
                return Played(message_id, shown=True)
            except Gone:
                message_id = ""
            else:
                return await self._took(screen, picture, posted)
        posted = await self.channel.send(view.chat, shown)
        if view.message_id:
            await self._try(self.channel.delete(view.chat, view.message_id))
        return await self._took(screen, picture, posted)

    async def _took(self, screen: Screen, picture: PictureFile | None, posted: Posted) -> Played:
        if screen.receipt is not None:
            self._delivered(screen.receipt)
        if picture is not None:
            await self._pictures.keep(picture, posted.handle)
        return Played(posted.id, shown=True)

    async def _try(self, call: Awaitable[object]) -> None:
        try:
            await call
        except ChannelError as error:
            _log.info("not delivered", reason=str(error))
