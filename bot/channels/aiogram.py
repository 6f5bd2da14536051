"""Telegram through aiogram: its session, its methods, its request middleware and its errors."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientResponseError, JsonPayload
from pydantic import SecretStr

from bot.channels.files import File
from bot.channels.lean import models_on_demand
from bot.channels.refusals import Lost, Refused
from bot.channels.telegram import TelegramChannel, limited_chat
from bot.pace import Pace

with models_on_demand():
    from aiogram import Bot, methods
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.session.middlewares.base import BaseRequestMiddleware
    from aiogram.client.telegram import PRODUCTION, TelegramAPIServer
    from aiogram.exceptions import (
        AiogramError,
        ClientDecodeError,
        TelegramAPIError,
        TelegramBadRequest,
        TelegramConflictError,
        TelegramEntityTooLarge,
        TelegramForbiddenError,
        TelegramMigrateToChat,
        TelegramNetworkError,
        TelegramNotFound,
        TelegramRetryAfter,
        TelegramServerError,
        TelegramUnauthorizedError,
    )
    from aiogram.types import FSInputFile

_CONNECTIONS = 128
_WITH_FILES = frozenset({"sendPhoto", "sendDocument", "sendMediaGroup", "editMessageMedia"})
_STATUS: Mapping[type[TelegramAPIError], int] = {
    TelegramBadRequest: 400,
    TelegramMigrateToChat: 400,
    TelegramUnauthorizedError: 401,
    TelegramForbiddenError: 403,
    TelegramNotFound: 404,
    TelegramConflictError: 409,
    TelegramEntityTooLarge: 413,
    TelegramRetryAfter: 429,
    TelegramServerError: 500,
}


def build(
    token: SecretStr | str,
    api_url: str | None,
    pace: Pace,
    now_ms: Callable[[], int],
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AiogramChannel:
    """The channel of a bot, at Telegram's own address or that of a Bot API server."""
    plain = token.get_secret_value() if isinstance(token, SecretStr) else token
    return AiogramChannel(plain, api_url, pace, now_ms, sleep)


class AiogramChannel(TelegramChannel):
    """Methods are aiogram's, so what is sent is checked by its models; what comes back is taken as plain JSON.

    An update or a message with something newer than the library thus never stops the bot.
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
        server = TelegramAPIServer.from_base(api_url) if api_url else PRODUCTION
        self._bot = Bot(token, session=JsonSession(limit=_CONNECTIONS, api=server))
        self._bot.session.middleware(PaceMiddleware(pace))
        self._methods: dict[str, type[methods.TelegramMethod[Any]]] = {}

    async def _call(self, method: str, values: Mapping[str, Any], seconds: float) -> Any:
        call = self._method(method)(**{name: _value(value) for name, value in values.items()})
        try:
            return await self._bot(call, request_timeout=int(seconds))
        except AiogramError as error:
            raise _ours(error) from None

    async def _download(self, file_path: str, to: Path) -> None:
        try:
            await self._bot.download_file(file_path, to)
        except ClientResponseError as error:
            raise Refused(error.status, error.message) from None
        except (ClientError, TimeoutError):
            raise Lost(sent=False) from None

    async def _close(self) -> None:
        await self._bot.session.close()

    def _method(self, name: str) -> type[methods.TelegramMethod[Any]]:
        """The library's method of that name, but for the result: plain JSON."""
        if name not in self._methods:
            base = getattr(methods, name[0].upper() + name[1:])
            self._methods[name] = type(base.__name__, (base,), {"__returning__": Any, "__module__": __name__})
        return self._methods[name]


class JsonSession(AiohttpSession):
    """aiogram's session, but for calls without files, which go as JSON: a form costs twice the time to write."""

    def build_form_data(self, bot: Bot, method: methods.TelegramMethod[Any]) -> Any:
        """The body of a request, of what was given and nothing else."""
        if method.__api_method__ in _WITH_FILES:
            return super().build_form_data(bot, method)
        return JsonPayload(method.model_dump(exclude_unset=True, warnings=False))


class PaceMiddleware(BaseRequestMiddleware):
    """aiogram's hook for requests: those of the bot's own accord wait for their turn."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace

    async def __call__(self, make_request: Any, bot: Bot, method: methods.TelegramMethod[Any]) -> Any:
        """Make the request, now or in its turn."""
        chat = limited_chat(method.__api_method__, {"chat_id": getattr(method, "chat_id", "")})
        if chat is None:
            return await make_request(bot, method)
        return await self._pace.run(chat, partial(make_request, bot, method), _asked_to_wait)


def _asked_to_wait(error: Exception) -> float | None:
    return float(error.retry_after) if isinstance(error, TelegramRetryAfter) else None


def _ours(error: AiogramError) -> Refused | Lost:
    """A library's error as one of ours; without its cause, whose text has the token in an address."""
    if isinstance(error, TelegramRetryAfter):
        return Refused(429, "Too Many Requests", float(error.retry_after))
    status = next((status for kind, status in _STATUS.items() if isinstance(error, kind)), 0)
    if status and isinstance(error, TelegramAPIError):
        return Refused(status, error.message)
    if isinstance(error, TelegramNetworkError):
        return Lost(sent=not isinstance(error.__cause__, ClientConnectorError))
    if isinstance(error, ClientDecodeError):  # a proxy's page, say
        return Lost(sent=True)
    return Refused(400, error.message if isinstance(error, TelegramAPIError) else type(error).__name__)


def _value(value: Any) -> Any:
    """Files as aiogram uploads them, wherever they stand."""
    if isinstance(value, File):
        return FSInputFile(value.path, value.name)
    if isinstance(value, Mapping):
        return {name: _value(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_value(item) for item in value]
    return value
