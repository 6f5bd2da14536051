"""Telegram through python-telegram-bot: its bot, its request and rate-limiter hooks and its errors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import ClientConnectorError
from pydantic import SecretStr
from telegram import File as TelegramFile
from telegram import InputFile, InputMediaPhoto, MessageEntity
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.ext import BaseRateLimiter, ExtBot

from bot.channels.files import File
from bot.channels.ptb_request import AiohttpRequest
from bot.channels.refusals import Lost, Refused
from bot.channels.telegram import TelegramChannel, limited_chat
from bot.pace import Pace

_TELEGRAM = "https://api.telegram.org"
_STATUS: Mapping[type[TelegramError], int] = {
    BadRequest: 400,
    ChatMigrated: 400,
    InvalidToken: 401,
    EndPointNotFound: 404,
    Forbidden: 403,
    Conflict: 409,
}


def build(
    token: SecretStr | str,
    api_url: str | None,
    pace: Pace,
    now_ms: Callable[[], int],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> PtbChannel:
    """The channel of a bot, at Telegram's own address or that of a Bot API server."""
    plain = token.get_secret_value() if isinstance(token, SecretStr) else token
    return PtbChannel(plain, api_url, pace, now_ms, sleep)


class PtbChannel(TelegramChannel):
    """Calls go through ``do_api_request``, which hands out plain JSON.

    An update or a message with something newer than the library thus never stops the bot. Methods are named in
    lower case, which the API takes as well: for a name that it has a method for, the library would advise that one.
    """

    def __init__(
        self,
        token: str,
        api_url: str | None,
        pace: Pace,
        now_ms: Callable[[], int],
        sleep: Callable[[float], Awaitable[None]],
    ) -> None:
        super().__init__(token, pace, now_ms, sleep)
        base = (api_url or _TELEGRAM).rstrip("/")
        self._request = AiohttpRequest()
        self._bot: ExtBot[None] = ExtBot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._request,
            get_updates_request=self._request,
            rate_limiter=PaceLimiter(pace),
        )

    async def _call(self, method: str, values: Mapping[str, Any], seconds: float) -> Any:
        given = {name: await _value(value, attach=False) for name, value in values.items()}
        try:
            return await self._bot.do_api_request(method.lower(), api_kwargs=given, read_timeout=seconds)
        except TelegramError as error:
            raise _ours(error) from None

    async def _download(self, file_path: str, to: Path) -> None:
        file = TelegramFile("", "", file_path=f"{self._bot.base_file_url}/{file_path}")
        file.set_bot(self._bot)
        try:
            body = await file.download_as_bytearray()
        except InvalidToken as error:  # what the library makes of a 404, too
            raise Refused(404, error.message) from None
        except TelegramError as error:
            raise _ours(error) from None
        await asyncio.to_thread(to.write_bytes, body)

    async def _close(self) -> None:
        await self._request.shutdown()


class PaceLimiter(BaseRateLimiter[None]):
    """python-telegram-bot's hook for requests: those of the bot's own accord wait for their turn."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    async def initialize(self) -> None:
        """Nothing to prepare."""

    async def shutdown(self) -> None:
        """Nothing to let go of."""

    async def process_request(
        self,
        callback: Callable[..., Coroutine[Any, Any, Any]],
        args: Any,
        kwargs: dict[str, Any],
        endpoint: str,
        data: dict[str, Any],
        rate_limit_args: None,  # noqa: ARG002 - the hook's signature
    ) -> Any:
        """Make the request, now or in its turn."""
        chat = limited_chat(endpoint.lower(), data)
        if chat is None:
            return await callback(*args, **kwargs)
        return await self._pace.run(chat, partial(callback, *args, **kwargs), _asked_to_wait)


def _asked_to_wait(error: Exception) -> float | None:
    if not isinstance(error, RetryAfter):
        return None
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def _ours(error: TelegramError) -> Refused | Lost:
    """A library's error as one of ours; without its cause, whose text has the token in an address."""
    if (wait := _asked_to_wait(error)) is not None:
        return Refused(429, "Too Many Requests", wait)
    for kind, status in _STATUS.items():
        if isinstance(error, kind):
            return Refused(status, error.message)
    if isinstance(error, NetworkError) and isinstance(error.__cause__, OSError | TimeoutError):
        return Lost(sent=not isinstance(error.__cause__, ClientConnectorError))
    if isinstance(error, NetworkError) and error.__cause__ is None:
        return Refused(500, error.message)
    return Lost(sent=True)


async def _value(value: Any, *, attach: bool) -> Any:
    """Files as the library uploads them; within an album or an edit, as attachments of typed media."""
    if isinstance(value, File):
        body = await asyncio.to_thread(value.path.read_bytes)
        return InputFile(body, filename=value.name, attach=attach)
    if isinstance(value, Mapping) and value.get("type") == "photo":
        entities = [MessageEntity(**entity) for entity in value.get("caption_entities", ())]
        media = await _value(value["media"], attach=True)
        return InputMediaPhoto(media, value.get("caption"), caption_entities=entities)
    if isinstance(value, list):
        return [await _value(item, attach=attach) for item in value]
    return value
