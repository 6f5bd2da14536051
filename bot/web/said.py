"""What a page says: who is speaking, the id of what is said, its content, and files."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.web.guard import session_of
from handlers.talk import Command, Heard, Said

ROLES = ("worker", "reviewer", "admin")
"""Three persons per session, ``<session>-<role>``, so that each role can be seen from one page."""

_MOST_BYTES = 50 * 1024 * 1024
_MOST_TEXT = 64 * 1024
_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def typed(text: str) -> Heard:
    """``/name argument`` is a command, as in a messenger."""
    if not re.match(r"/\w", text):
        return Said(text)
    name, _, argument = text[1:].partition(" ")
    return Command(name.lower(), argument.strip())


def user_of(request: web.Request, role: object) -> str:
    """Who is speaking: the session of the cookie in the role that the page shows."""
    if role not in ROLES:
        raise web.HTTPBadRequest(text="Choose a role: worker, reviewer or admin.")
    return f"{session_of(request)}-{role}"


def number_of(number: object) -> str:
    """The id that the page gave to what it says; the file it sends is named after it."""
    if not isinstance(number, str) or not _ID.fullmatch(number):
        raise web.HTTPBadRequest(text="Load the page again: it numbers its messages in a way that is not known here.")
    return number


async def read(request: web.Request) -> tuple[str, str, dict[str, Any]]:
    """Person, id and content of what a page says."""
    if request.content_type != "application/json" or (request.content_length or 0) > _MOST_TEXT:
        raise web.HTTPBadRequest(text="Send less than 64 kB of JSON.")
    try:
        said = await request.json()
    except ValueError:
        said = None
    if not isinstance(said, dict) or not isinstance(said.get("press", said.get("text")), str):
        raise web.HTTPBadRequest(text="Load the page again: it said something that is not known here.")
    return user_of(request, said.get("role")), number_of(said.get("id")), said


async def save(request: web.Request, path: Path) -> int:
    """Write the body to a file, piece by piece; its size in bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    size = 0
    with path.open("wb") as file:
        async for piece in request.content.iter_chunked(256 * 1024):
            size += len(piece)
            if size > _MOST_BYTES:
                path.unlink(missing_ok=True)  # noqa: ASYNC240 - once, on the way out
                raise web.HTTPRequestEntityTooLarge(_MOST_BYTES, size)
            file.write(piece)
    return size
