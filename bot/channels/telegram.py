"""Telegram as a channel: the verbs, the limits and the errors that do not depend on the library underneath."""

from __future__ import annotations

import asyncio
import contextlib
import re
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import structlog

from bot.channel import Gone, Hear, Incoming, Message, PictureFile, Posted, RetryAfter, Unchanged
from bot.channels.files import File, photo, upload, uploads
from bot.channels.fitting import fit, keyboard, shorten
from bot.channels.polling import Poller
from bot.channels.refusals import TOO_OLD, HandleRefusedError, Lost, Refused, TokenRefusedError, UnreadableError, ours
from bot.channels.updates import ALLOWED, incoming
from bot.channels.webhook import Replies
from bot.pace import Pace

_log = structlog.stdlib.get_logger(__name__)

TEXT, CAPTION, TOAST = 4096, 1024, 200
TIMEOUT_SECONDS = 15.0
UPLOAD_SECONDS = 120.0
_TRIES = 3
_FIRST_PAUSE = 0.3
_SERVER_ERROR = 500
_NO_SUCH_BOT = (401, 404)
"""How getMe refuses a token that is unknown, or not one at all."""
_SENDING = ("sendMessage", "sendPhoto", "sendDocument", "sendMediaGroup")
_CONNECTIONS = 100
_LIMITED = ("send", "edit", "delete", "pin")


class TelegramChannel(ABC):
    """A channel over some library. Time comes in: ``now_ms`` for events, ``sleep`` between tries.

    How calls that got no proper answer are repeated: at most three times, with growing pauses, after a 5xx or where
    no connection was made. Where the connection broke on the way, only calls that may safely happen twice (edits,
    deletions, answers to presses, everything but the ``send…`` ones) are repeated: one message too few is
    mended by the person's next event, which shows the saved screen, but one too many stays in the chat.
    """

    name = "telegram"

    def __init__(
        self,
        token: str,
        pace: Pace,
        now_ms: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.bot_id = f"telegram:{token.partition(':')[0]}"
        """Under this name file ids are kept: they mean nothing to another bot."""
        self.pace, self._now_ms, self._sleep = pace, now_ms, sleep
        self._bot_name = ""
        self._replies = Replies()

    # ----------------------------------------------------------------- what a library does

    @abstractmethod
    async def _call(self, method: str, values: Mapping[str, Any], seconds: float) -> Any:
        """Call a method of the Bot API; the JSON of its result. Raises Refused or Lost.

        A ``File`` among the values (or in the ``media`` of one of them) is uploaded.
        """

    @abstractmethod
    async def _download(self, file_path: str, to: Path) -> None:
        """Download what getFile has named. Raises Refused or Lost."""

    @abstractmethod
    async def _close(self) -> None:
        """Let go of connections."""

    # ----------------------------------------------------------------- the channel's verbs

    async def send(self, chat: str, message: Message) -> Posted:
        """Send a new message."""
        keys = keyboard(message)
        if message.picture is None:
            text, entities = fit(message, TEXT)
            values = {
                "text": text,
                "entities": entities or None,
                "reply_markup": keys,
                "link_preview_options": _NO_PREVIEW,
            }
            return _posted(await self._in_chat("sendMessage", chat, values))
        caption, entities = fit(message, CAPTION)
        values = {"caption": caption, "caption_entities": entities or None, "reply_markup": keys}
        return _posted(
            await self._with_picture(
                message.picture, lambda photo: self._in_chat("sendPhoto", chat, values | {"photo": photo})
            )
        )

    async def edit(self, chat: str, message_id: str, message: Message) -> Posted:
        """Replace a message in place; raises Gone where Telegram cannot (a picture does not become a text)."""
        target = {"message_id": int(message_id), "reply_markup": keyboard(message)}
        if message.picture is None:
            text, entities = fit(message, TEXT)
            values = {"text": text, "entities": entities or None, "link_preview_options": _NO_PREVIEW}
            return _posted(await self._in_chat("editMessageText", chat, target | values))
        caption, entities = fit(message, CAPTION)
        words = {"type": "photo", "caption": caption, "caption_entities": entities}
        return _posted(
            await self._with_picture(
                message.picture,
                lambda photo: self._in_chat("editMessageMedia", chat, target | {"media": words | {"media": photo}}),
            )
        )

    async def delete(self, chat: str, message_id: str) -> None:
        """Remove a message; one that is gone already, or too old, is no error."""
        with contextlib.suppress(Gone):
            await self._in_chat("deleteMessage", chat, {"message_id": int(message_id)})

    async def pin(self, chat: str, message_id: str) -> None:
        """Pin a message without a sound; pinned already is no error."""
        with contextlib.suppress(Unchanged):
            values = {"message_id": int(message_id), "disable_notification": True}
            await self._in_chat("pinChatMessage", chat, values)

    async def answer(self, press: str, toast: str) -> None:
        """Answer a press, in the webhook's own reply where one waits; too old is no error."""
        values = {"callback_query_id": press} | ({"text": shorten(toast, TOAST)} if toast else {})
        if self._replies.take(press, {"method": "answerCallbackQuery"} | values):
            return
        try:
            await self._ask("answerCallbackQuery", values)
        except Refused as refused:
            if not TOO_OLD.search(refused.words):
                raise ours(refused) from None

    async def album(self, chat: str, pictures: Sequence[PictureFile]) -> Sequence[Posted]:
        """Send 2 to 10 pictures together; if one handle is not known any more, all are uploaded."""
        try:
            return await self._album(chat, [photo(picture) for picture in pictures])
        except HandleRefusedError:
            return await self._album(chat, [upload(picture) for picture in pictures])

    async def document(self, chat: str, path: Path, name: str) -> Posted:
        """Send a file."""
        return _posted(await self._in_chat("sendDocument", chat, {"document": File(path, name)}))

    async def fetch(self, handle: str, to: Path) -> Path:
        """Download a file that a person sent, into the folder ``to``."""
        try:
            found = await self._ask("getFile", {"file_id": handle})
            await asyncio.to_thread(to.mkdir, parents=True, exist_ok=True)
            path = to / f"{_plain(found['file_unique_id'])}{Path(found['file_path']).suffix}"
            await self._download(found["file_path"], path)
        except (Refused, Lost) as error:
            raise ours(error) from None
        return path

    # ----------------------------------------------------------------- hearing

    async def receive(self, hear: Hear, stop: asyncio.Event) -> None:
        """Poll until ``stop``: all that was begun is finished and confirmed, the rest comes at the next start."""
        await self.open()
        await self._plainly("deleteWebhook", {})

        async def get(offset: int, limit: int, wait: int) -> Sequence[dict[str, Any]]:
            values = {"offset": offset, "limit": limit, "timeout": wait, "allowed_updates": list(ALLOWED)}
            try:
                found: Sequence[dict[str, Any]] = await self._call("getUpdates", values, wait + TIMEOUT_SECONDS)
            except (Refused, Lost) as error:
                raise ours(error) from None
            return found

        async def take(update: Mapping[str, Any]) -> None:
            if (heard := self._heard(update)) is not None:
                await hear(heard)

        await Poller(get, take, self._sleep).run(stop)

    async def handle(self, update: Mapping[str, Any], hear: Hear) -> Mapping[str, Any] | None:
        """Take an update that came to the webhook; what to reply: a call for Telegram to make, or None.

        The answer to a press, whose result nobody needs, goes into the reply. It is given once the effect of
        the press is stored, so the reply confirms nothing too early; the rest of the work goes on behind it.
        """
        heard = self._heard(update)
        return None if heard is None else await self._replies.collect(heard, hear)

    def _heard(self, update: Mapping[str, Any]) -> Incoming | None:
        """What there is to hear; of an update that makes no sense nothing, so that it is not delivered for ever."""
        try:
            return incoming(update, self._now_ms(), self._bot_name)
        except (KeyError, TypeError, AttributeError):
            _log.warning("update not understood", update=update.get("update_id"))
            return None

    async def hook(self, url: str, secret: str) -> None:
        """Have updates delivered to ``url``, each with ``secret`` in its header."""
        await self.open()
        values = {"url": url, "secret_token": secret, "allowed_updates": list(ALLOWED), "max_connections": _CONNECTIONS}
        await self._plainly("setWebhook", values)

    async def open(self) -> None:
        """Learn the bot's own name. Raises TokenRefusedError."""
        if self._bot_name:
            return
        try:
            me = await self._ask("getMe", {})
        except Refused as refused:
            raise (TokenRefusedError() if refused.status in _NO_SUCH_BOT else ours(refused)) from None
        self._bot_name = me.get("username", "")

    def link(self, code: str) -> str:
        """The address that opens the bot with an invitation; empty while the bot's name is not known."""
        return f"https://t.me/{self._bot_name}?start={code}" if self._bot_name else ""

    async def settle(self) -> None:
        """Wait for what webhooks have begun."""
        await self._replies.settle()

    async def close(self) -> None:
        """Finish what webhooks have begun, and let go of connections."""
        await self.settle()
        await self._close()

    async def describe(self, commands: Mapping[str, Sequence[tuple[str, str]]]) -> None:
        """Set the menu of commands for each language where it has changed; English is everybody else's, too."""
        for language, listed in commands.items():
            code = {} if language in {"", "en"} else {"language_code": language}
            wanted = [{"command": name, "description": shorten(says, 256)} for name, says in listed]
            if await self._plainly("getMyCommands", code) != wanted:
                await self._plainly("setMyCommands", code | {"commands": wanted})

    async def list_in(self, chat: str, commands: Sequence[tuple[str, str]]) -> None:
        """Let the menu of one chat hold these commands; with none it is everybody's again."""
        where = {"scope": {"type": "chat", "chat_id": int(chat)}}
        if not commands:
            await self._plainly("deleteMyCommands", where)
            return
        wanted = [{"command": name, "description": shorten(says, 256)} for name, says in commands]
        await self._plainly("setMyCommands", where | {"commands": wanted})

    # ----------------------------------------------------------------- asking

    async def _in_chat(self, method: str, chat: str, values: Mapping[str, Any]) -> Any:
        """A call about one chat, which is left alone for as long as Telegram has told."""
        if (left := self.pace.rest(chat)) > 0 and method != "deleteMessage":
            raise RetryAfter(left)
        return await self._plainly(method, {"chat_id": int(chat)} | dict(values))

    async def _plainly(self, method: str, values: Mapping[str, Any]) -> Any:
        try:
            return await self._ask(method, values)
        except Refused as refused:
            raise ours(refused) from None

    async def _ask(self, method: str, values: Mapping[str, Any]) -> Any:
        """A call, repeated where that is safe. Raises Refused, or ChannelError."""
        given = {name: value for name, value in values.items() if value not in (None, "")}
        seconds = UPLOAD_SECONDS if uploads(given) else TIMEOUT_SECONDS
        pause = _FIRST_PAUSE
        for left in reversed(range(_TRIES)):
            try:
                return await self._call(method, given, seconds)
            except Lost as lost:
                if not left or (lost.sent and method in _SENDING):
                    raise ours(lost) from None
            except Refused as refused:
                if not left or refused.status < _SERVER_ERROR:
                    raise
            except OSError:
                raise UnreadableError from None
            await self._sleep(pause)
            pause *= 2
        raise AssertionError  # the last try returns or raises

    async def _with_picture(self, picture: PictureFile, show: Callable[[Any], Awaitable[Any]]) -> Any:
        """Show a picture by its handle; if Telegram does not take the handle (any more), upload it."""
        try:
            return await show(photo(picture))
        except HandleRefusedError:
            return await show(upload(picture))

    async def _album(self, chat: str, photos: Sequence[Any]) -> Sequence[Posted]:
        media = [{"type": "photo", "media": photo} for photo in photos]
        return [_posted(one) for one in await self._in_chat("sendMediaGroup", chat, {"media": media})]


_NO_PREVIEW = {"is_disabled": True}


def limited_chat(method: str, values: Mapping[str, Any]) -> str | None:
    """The chat whose limits a call counts against; None for calls that have none (answers to presses)."""
    return str(values["chat_id"]) if method.startswith(_LIMITED) and "chat_id" in values else None


def _posted(message: Mapping[str, Any]) -> Posted:
    photo = message.get("photo")
    return Posted(str(message["message_id"]), photo[-1]["file_id"] if photo else None)


def _plain(name: str) -> str:
    return re.sub(r"[^\w-]", "_", name)[:64]
