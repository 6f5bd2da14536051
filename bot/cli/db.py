"""``db``: bring the database up to date."""

from __future__ import annotations

import json

import typer

from bot.cli.context import bring_up_to_date, reachable_database
from bot.cli.shell import shell
from bot.settings import load_settings
from db.migrations.upgrade import head
from tasks.words import _

app = typer.Typer(no_args_is_help=True)


@app.callback()
def group() -> None:
    """Bring the database up to date; every other command does it too where it is needed."""


@app.command()
def upgrade(*, as_json: bool = typer.Option(False, "--json", help="Answer for a program.")) -> None:
    """Bring the tables to the newest revision; a database that is there already stays as it is."""
    with reachable_database(load_settings().database_url) as database:
        changed = bring_up_to_date(database.engine)
    if as_json:
        typer.echo(json.dumps({"revision": head(), "changed": changed}))
    elif changed:
        shell().say(_("The database is at revision {revision} now.", revision=head()))
    else:
        shell().say(_("Nothing to do: the database is at revision {revision}.", revision=head()))
