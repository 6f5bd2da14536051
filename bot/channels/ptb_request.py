"""python-telegram-bot over aiohttp: its documented hook for another HTTP client, several times cheaper than httpx."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import ClientSession, ClientTimeout, FormData, TCPConnector
from telegram.request import BaseRequest, RequestData

_CONNECTIONS = 128
_CONNECT_SECONDS = 10.0
_READ_SECONDS = 15.0


class AiohttpRequest(BaseRequest):
    """One pool of connections for everything. It logs nothing, so that no address with the token is ever written."""

    __slots__ = ("_session",)

    def __init__(self) -> None:
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer unless a call says otherwise."""
        return _READ_SECONDS

    async def initialize(self) -> None:
        """Open the pool; done at the first request otherwise."""
        if self._session is None or self._session.closed:
            self._session = ClientSession(connector=TCPConnector(limit=_CONNECTIONS, ttl_dns_cache=3600))

    async def shutdown(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: Any = BaseRequest.DEFAULT_NONE,
        write_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - aiohttp has one for the whole
        connect_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - as above
        pool_timeout: Any = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - as above
    ) -> tuple[int, bytes]:
        """Make one request; the status and the body. The library wraps what aiohttp raises."""
        await self.initialize()
        assert self._session is not None  # noqa: S101 - just opened
        seconds = read_timeout if isinstance(read_timeout, int | float) else _READ_SECONDS
        timeout = ClientTimeout(total=seconds, sock_connect=_CONNECT_SECONDS)
        async with self._session.request(method, url, timeout=timeout, **_body(request_data)) as response:
            return response.status, await response.read()


def _body(data: RequestData | None) -> dict[str, Any]:
    """JSON where there is no file, a form with parts where there is."""
    if data is None:
        return {}
    if not data.contains_files:
        return {"data": json.dumps(data.parameters).encode(), "headers": {"Content-Type": "application/json"}}
    form = FormData()
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=kind)
    return {"data": form}
