"""Structured logs: one line an event, as text or JSON, without secrets and without people's ids."""

from __future__ import annotations

import hashlib
import logging
import re
import secrets
import sys
from collections.abc import Callable, Mapping, MutableMapping
from typing import Any, TextIO

import structlog
from pydantic import SecretStr

Line = MutableMapping[str, Any]

_TOKEN = re.compile(r"\d{6,}:[A-Za-z0-9_-]{30,}")
_PASSWORD = re.compile(r"(\b[a-z][a-z0-9+.-]*://[^\s:/@]*):[^\s@]+@", re.IGNORECASE)
_HIDDEN = "[hidden]"
_PEOPLE = frozenset({"person", "user", "worker", "chat", "person_id", "user_id", "worker_id", "chat_id"})
_CHATTY = {"apscheduler": "warning", "httpx": "warning", "httpcore": "warning", "aiohttp.access": "warning"}
"""Libraries that say more than an operator reads; at the level ``debug`` they say it all."""


def redact(text: str) -> str:
    """``text`` without bot tokens, and without passwords in addresses."""
    return _PASSWORD.sub(rf"\1:{_HIDDEN}@", _TOKEN.sub(_HIDDEN, text))


def _clean(value: Any) -> Any:
    """``value`` without secrets, whatever it is made of."""
    if value is None or isinstance(value, bool | int | float):
        return value
    if isinstance(value, SecretStr):
        return _HIDDEN
    if isinstance(value, Mapping):
        return {redact(str(key)): _clean(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(item) for item in value]
    return redact(value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value))


def hide_secrets(_logger: Any, _method: str, line: Line) -> Line:
    """A processor: no token and no password in any value, nested ones and tracebacks included."""
    return {key: _clean(value) for key, value in line.items() if not key.startswith("_")} | {
        key: value for key, value in line.items() if key.startswith("_")
    }


def hide_people(key: bytes) -> Callable[[Any, str, Line], Line]:
    """A processor: people's ids as short keyed hashes, the same all through the life of ``key``."""

    def processor(_logger: Any, _method: str, line: Line) -> Line:
        for name in _PEOPLE & line.keys():
            if line[name] is not None:
                line[name] = hashlib.blake2b(str(line[name]).encode(), key=key, digest_size=5).hexdigest()
        return line

    return processor


def configure(style: str = "text", level: str = "info", key: bytes | None = None, stream: TextIO | None = None) -> None:
    """Send all logs, those of libraries too, through the same processors to ``stream`` (standard error).

    ``key`` makes the hashes of people's ids comparable between processes; without it, each start has its own.
    """
    stream = stream or sys.stderr
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.ExtraAdder(),
        structlog.processors.TimeStamper("iso", utc=True),
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        hide_people(key or secrets.token_bytes(16)),
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
    )
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _renderer(style, stream)],
        )
    )
    logging.basicConfig(handlers=[handler], level=level.upper(), force=True)
    logging.captureWarnings(capture=True)
    for library, lowest in _CHATTY.items():
        logging.getLogger(library).setLevel(level.upper() if level == "debug" else lowest.upper())


def _renderer(style: str, stream: TextIO) -> Any:
    if style == "json":
        return structlog.processors.JSONRenderer(ensure_ascii=False)
    return structlog.dev.ConsoleRenderer(colors=stream.isatty(), exception_formatter=structlog.dev.plain_traceback)
