"""``chat``: talk to the bot in the terminal, or through a pipe."""

from __future__ import annotations

import asyncio
import getpass
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated

import typer

from bot.cli.context import Opened, opened
from bot.cli.shell import Shell, shell
from db.errors import InputError, told
from tasks.words import _

app = typer.Typer(add_completion=False)

_PIECE = 65_536


class Role(StrEnum):
    """As whom to talk."""

    WORKER = "worker"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class NoSuchLanguageError(InputError):
    """A language without a catalogue."""

    message = told("Choose one of these languages: {languages}. There is no “{language}” yet.")


@app.command()
def chat(
    role: Annotated[
        Role, typer.Option("--as", help="Who you are; each has a conversation of their own.")
    ] = Role.WORKER,
    language: Annotated[str, typer.Option(help="Language to talk in; else the one of LANG, or chosen before.")] = "",
) -> None:
    """Talk to the bot: a number presses a key, /help lists the commands, /file PATH sends a file, Ctrl-D ends."""
    from bot.log import configure  # noqa: PLC0415 - a help text needs none of it

    configure(level="error")
    with opened() as parts, suppress(KeyboardInterrupt):
        asyncio.run(_chat(parts, role, language, shell()))


async def _chat(parts: Opened, role: Role, language: str, said: Shell) -> None:
    from rich.console import Console  # noqa: PLC0415 - a help text needs none of it

    from bot.channels.terminal import Listener, Terminal  # noqa: PLC0415 - as above
    from bot.wiring import build_bot  # noqa: PLC0415 - as above
    from handlers.talk import Command  # noqa: PLC0415 - as above

    terminal = Terminal(Console(), Path(), secrets.token_hex(4))
    async with build_bot(parts.for_bot(), [terminal], lambda _sender: role.value, gives_way=True) as bot:
        user = f"{_name()}-{role.value}"
        if language:
            said.language = await _speak(parts, bot.translator, user, language)
        listener = Listener(terminal, bot.conversations.hear, user, said.language, parts.now_ms)
        await listener.heard(Command("start"))
        talking = sys.stdin.isatty()
        if talking:
            said.say(_("Type the number of a key, or a message. /help lists the commands, Ctrl-D ends."))
        async for line in lines(sys.stdin, prompt="> " if talking else ""):
            await listener.typed(line)
            if not talking:
                await bot.conversations.settle()


def _name() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user may have no name
        return str(os.getuid())


async def _speak(parts: Opened, translator: object, user: str, wanted: str) -> str:
    """Use the language from now on, for somebody who was here before too. Raises NoSuchLanguageError."""
    from bot.translate import Translator  # noqa: PLC0415 - a help text needs none of it
    from db.queries import people  # noqa: PLC0415 - as above
    from db.session import Tx  # noqa: PLC0415 - as above

    assert isinstance(translator, Translator)  # noqa: S101 - a type that is not loaded for a help text
    language = translator.negotiate(wanted)
    if not language:
        raise NoSuchLanguageError(language=wanted, languages=", ".join(translator.languages()))

    def change(tx: Tx) -> None:
        if known := tx.one(people.FIND, channel="terminal", user=user):
            tx.run(people.SPEAK, person=known.person, language=language)

    await asyncio.wrap_future(parts.database.run(change))
    return language


async def lines(source: IO[str], prompt: str = "") -> AsyncIterator[str]:
    """Lines of standard input as they come, until its end; nothing else waits meanwhile."""
    pieces: asyncio.Queue[bytes] = asyncio.Queue()
    loop, number = asyncio.get_running_loop(), source.fileno()

    def read() -> None:
        piece = os.read(number, _PIECE)
        pieces.put_nowait(piece)
        if not piece:
            loop.remove_reader(number)

    try:
        loop.add_reader(number, read)
    except PermissionError:  # a file: it never keeps anybody waiting
        for line in source:
            yield line
        return
    try:
        async for piece in _whole(pieces, prompt):
            yield piece.decode("utf-8", "replace")
    finally:
        loop.remove_reader(number)


async def _whole(pieces: asyncio.Queue[bytes], prompt: str) -> AsyncIterator[bytes]:
    """Lines out of pieces; the last one needs no end."""
    rest = b""
    typer.echo(prompt, nl=False)
    while piece := await pieces.get():
        *whole, rest = (rest + piece).split(b"\n")
        for line in whole:
            yield line
        typer.echo(prompt, nl=False)
    if rest:
        yield rest
    if prompt:
        typer.echo()
