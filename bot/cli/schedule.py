"""``schedule``: list, pause, resume, run, change, add, remove."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.context import opened
from bot.cli.rehearsal import DryRun, rehearsed, say_touched
from bot.cli.shell import shell
from tasks.words import Join, Words, _

if TYPE_CHECKING:
    from db.session import Tx

app = typer.Typer(no_args_is_help=True, add_completion=False)

AsJson = Annotated[bool, typer.Option("--json", help="Answer for a program.")]
Name = Annotated[str, typer.Argument(metavar="NAME", help="Its name in “schedule list”.")]
Cron = Annotated[str, typer.Option("--cron", help="Five fields: minute, hour, day, month, weekday, as in “0 9 * * 1”.")]
Zone = Annotated[str, typer.Option("--zone", help="Whose clock counts, such as Asia/Seoul.")]


@app.callback()
def group() -> None:
    """What is done by itself: list, pause, resume, run, change, add, remove."""


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """All of them: how often, when next, how it went."""
    from tasks.schedules import table, words  # noqa: PLC0415 - a help text needs none of it

    with opened() as work:
        now = work.now_ms()

        def turn(tx: Tx) -> Any:
            table.make_missing(tx, now)
            return table.every(tx)

        rows = work.database.run(turn).result()
    if as_json:
        typer.echo(json.dumps([words.plain(row) for row in rows], ensure_ascii=False))
        return
    for row in rows:
        shell().say(Join((row.name, words.says(row), words.often(row), words.upcoming(row), words.went(row)), " · "))


@app.command()
def pause(name: Name, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Do it no more, until it is resumed; says what no longer works."""
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - a help text needs none of it
    from tasks.schedules import table  # noqa: PLC0415 - as above

    _changed(name, lambda tx, now: table.pause(tx, SHELL, name, now), dry_run=dry_run, as_json=as_json)


@app.command()
def resume(name: Name, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Let it go on."""
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - a help text needs none of it
    from tasks.schedules import table  # noqa: PLC0415 - as above

    _changed(name, lambda tx, now: table.resume(tx, SHELL, name, now), dry_run=dry_run, as_json=as_json)


@app.command()
def run(name: Name, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Let the bot that runs do it within seconds, paused or not."""
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - a help text needs none of it
    from tasks.schedules import table  # noqa: PLC0415 - as above

    _changed(name, lambda tx, now: table.run_now(tx, SHELL, name, now), dry_run=dry_run, as_json=as_json)


@app.command()
def change(
    name: Name,
    *,
    every: Annotated[str, typer.Option("--every", help="How often, such as 30s or 5m.")] = "",
    at: Annotated[str, typer.Option("--at", help="The time of people’s own day, such as 08:00.")] = "",
    cron: Cron = "",
    zone: Zone = "UTC",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Another time: --every, --at or --cron, as it has one of them now."""
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - a help text needs none of it
    from tasks.schedules import table  # noqa: PLC0415 - as above
    from tasks.schedules.errors import OneTimeError  # noqa: PLC0415 - as above

    if sum(map(bool, (every, at, cron))) != 1:
        raise OneTimeError

    def turn(tx: Tx, now: int) -> None:
        if every:
            table.change_every(tx, SHELL, name, table.read_every(every), now)
        elif at:
            table.change_at(tx, SHELL, name, at, now)
        else:
            table.change_cron(tx, SHELL, name, cron, zone, now)

    _changed(name, turn, dry_run=dry_run, as_json=as_json)


@app.command()
def add(
    name: Name,
    *,
    cron: Cron,
    what: Annotated[str, typer.Option("--what", help="What is done: broadcast.")] = "broadcast",
    like: Annotated[int, typer.Option("--like", help="Number of the draft that is the pattern.", min=1)],
    zone: Zone = "UTC",
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """A broadcast again and again, each time a new one like a draft."""
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - a help text needs none of it
    from tasks.schedules import pattern, table  # noqa: PLC0415 - as above

    table.refuse_unknown(what)
    _changed(
        name, lambda tx, now: pattern.add(tx, SHELL, name, cron, zone, like, now), dry_run=dry_run, as_json=as_json
    )


@app.command()
def remove(name: Name, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Take one away that was added."""
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - a help text needs none of it
    from tasks.schedules import table  # noqa: PLC0415 - as above

    with rehearsed(dry_run=dry_run) as work:
        work.database.run(lambda tx: table.remove(tx, SHELL, name, work.now_ms())).result()
    if as_json:
        typer.echo(json.dumps({"name": name, "removed": True}))
    elif not dry_run:
        shell().say(_("It is taken away."))


def _changed(name: str, change: Callable[[Tx, int], object], *, dry_run: bool, as_json: bool) -> None:
    """Change one, and say how it stands now."""
    from tasks.schedules import table, words  # noqa: PLC0415 - a help text needs none of it

    with rehearsed(dry_run=dry_run) as work:
        now = work.now_ms()

        def turn(tx: Tx) -> Any:
            table.make_missing(tx, now)
            change(tx, now)
            return table.one(tx, name)

        row = work.database.run(turn).result()
        lines: list[Words] = [row.name, *words.lines(row)]
        say_touched(lines, dry_run=dry_run)
    if as_json:
        typer.echo(json.dumps(words.plain(row), ensure_ascii=False))
        return
    for line in lines if not dry_run else ():
        shell().say(line)
