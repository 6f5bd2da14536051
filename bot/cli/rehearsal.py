"""``--dry-run``: a command does all that it does, and nothing of it stays; in the end it says what it would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import Opened, opened
from bot.cli.shell import shell
from tasks.words import Words, _

if TYPE_CHECKING:
    from db.rehearsal import Rehearsing

DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what it would touch, and change nothing.")]


@contextmanager
def rehearsed(*, dry_run: bool) -> Iterator[Opened]:
    """The parts of a command; in a dry run with a database of which nothing is changed."""
    with opened() as work:
        if not dry_run:
            yield work
            return
        from db.rehearsal import Rehearsing  # noqa: PLC0415 - only where it is asked for

        rehearsing = Rehearsing(work.database)
        yield replace(work, database=rehearsing)
        _tell(rehearsing)


def say_touched(touched: Sequence[Words], *, dry_run: bool) -> None:
    """The numbers that the chat shows before it is done."""
    if dry_run and not shell().json:
        for words in touched:
            shell().say(words)


def _tell(rehearsing: Rehearsing) -> None:
    """For a person; a program's answer is that of the command."""
    if shell().json:
        return
    rows = ", ".join(f"{table} {n}" for table, n in rehearsing.told.items())
    shell().say(_("Nothing has changed: it was a dry run. It would change rows: {rows}.", rows=rows or "–"))
