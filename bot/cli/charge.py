"""What commands about one person share: whom they name, why, in whose charge, and how it is said that it is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.rehearsal import rehearsed, say_touched
from bot.cli.shell import shell

if TYPE_CHECKING:
    from bot.cli.context import Opened
    from db.queries.staff import Listed
    from db.session import Tx
    from tasks.charge import Charge
    from tasks.words import Words

AsJson = Annotated[bool, typer.Option("--json", help="Answer for a program.")]
Person = Annotated[str, typer.Argument(metavar="PERSON", help="Their number, or channel:id.")]
Why = Annotated[str, typer.Option("--reason", "--why", help="Why; the person is told.")]


def charge(work: Opened) -> Charge:
    """Whoever may start the program may all, but what the settings forbid."""
    from tasks.charge import the_shell  # noqa: PLC0415 - a help text needs none of it

    named = {str(one) for one in work.settings.admins}
    return the_shell(lambda channel, user: "owner" if channel == "telegram" and user in named else "")


def done(
    named: str,
    change: Callable[[Tx, Charge, Listed, int], object],
    said: Callable[[int], Words],
    *,
    as_json: bool,
    dry_run: bool = False,
    touches: Callable[[Tx, Listed], Sequence[Words]] = lambda _tx, _person: (),
) -> None:
    """Do it to whom it is meant for, and say so."""
    from tasks.staff import find  # noqa: PLC0415 - a help text needs none of it

    with rehearsed(dry_run=dry_run) as work:

        def turn(tx: Tx) -> tuple[Listed, Sequence[Words]]:
            person = find(tx, named)
            touched = touches(tx, person) if dry_run else ()
            change(tx, charge(work), person, work.now_ms())
            return find(tx, str(person.id)), touched

        person, touched = work.database.run(turn).result()
        say_touched(touched, dry_run=dry_run)
    if as_json or not dry_run:
        say_done(person, said(person.id), as_json=as_json)


def say_done(person: Listed, said: Words, *, as_json: bool) -> None:
    """In words, or for a program."""
    from tasks.reports.card import listed  # noqa: PLC0415 - a help text needs none of it

    if as_json:
        typer.echo(json.dumps(listed(person), ensure_ascii=False))
    else:
        shell().say(said)
