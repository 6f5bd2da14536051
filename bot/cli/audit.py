"""``audit``: verify, list, export."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import Opened, opened
from bot.cli.progress import progress_bar
from bot.cli.shell import FAILURE, shell
from db.errors import InputError, told
from tasks.words import Join, Moment, Words, _, _n

if TYPE_CHECKING:
    from db.queries.audit import Link
    from db.session import Tx
    from tasks.privacy.listing import About
    from tasks.privacy.verify import Verified

app = typer.Typer(no_args_is_help=True, add_completion=False)

AsJson = Annotated[bool, typer.Option("--json", help="Answer for a program.")]
Person = Annotated[str, typer.Option("--person", help="Only about this person: number, or channel:id.")]
Project = Annotated[str, typer.Option("--project", help="Only about the project with this “id”.")]
What = Annotated[str, typer.Option("--what", help="Only what was done under this name, such as role or launch.")]
Since = Annotated[str, typer.Option("--since", help="Only from this day on, such as 2026-11-26 (UTC).")]

_MOST_TOLD = 20


class DayError(InputError):
    """It is no day."""

    message = told("Write the day as 2026-11-26: “{day}” is none.")


@app.callback()
def group() -> None:
    """What was done by people in charge and by rules: verify, list, export."""


@app.command()
def verify(
    *,
    since: Annotated[str, typer.Option("--since", help="A hash noted before, which must be in the chain still.")] = "",
    as_json: AsJson = False,
) -> None:
    """Find records that were changed, removed, put in or moved; prints the newest hash, to be kept elsewhere."""
    from tasks.privacy import verify as verifying  # noqa: PLC0415 - a help text needs none of it

    here = shell()
    with opened() as work, progress_bar(here.words(_("Verifying"))) as progress:
        found = verifying.verify(work.database, since, progress)
    if as_json:
        typer.echo(json.dumps({**asdict(found), "whole": found.whole}, ensure_ascii=False))
    else:
        _tell(found)
    if not found.whole:
        raise typer.Exit(FAILURE)


def _tell(found: Verified) -> None:
    from tasks.privacy.verify import told_of  # noqa: PLC0415 - as above

    here = shell()
    if found.broken:
        first = told_of(found.breaks[0])
        more = found.broken - 1
        said = (first, _n(" (and {n} more, below)", " (and {n} more, below)", more)) if more else (first,)
        here.say(_("Read docs/operators.md, “A broken chain”: {what}.", what=Join(said)), err=True)
        for one in found.breaks[1:_MOST_TOLD]:
            here.say(told_of(one), err=True)
    elif not found.known:
        here.say(_("Read docs/operators.md, “A broken chain”: the hash that you noted is not in the chain any more, so "
                   "records were rewritten or removed since."), err=True)  # fmt: skip
    elif found.since is None:
        here.say(_("No records yet."))
    else:
        here.say(_n("{n} record, unbroken since {when}.", "{n} records, unbroken since {when}.", found.records,
                    when=Moment(found.since)))  # fmt: skip
        here.say(_("Keep this elsewhere, for --since: {hash}", hash=found.hash))


# --------------------------------------------------------------------------- seeing


@app.command("list")
def list_all(
    *,
    person: Person = "",
    project: Project = "",
    what: What = "",
    since: Since = "",
    most: Annotated[int, typer.Option("--most", min=1, max=10_000, help="So many of the newest.")] = 20,
    as_json: AsJson = False,
) -> None:
    """The newest records, in words."""
    from tasks.privacy.listing import newest, plain  # noqa: PLC0415 - a help text needs none of it
    from tasks.reports.records import key_of, line  # noqa: PLC0415 - as above

    here = shell()
    with opened() as work:
        about = _about(work, person, project, what, since)

        def turn(tx: Tx) -> list[tuple[Link, str | None, Words]]:
            found = newest(tx, about, most)
            return [(row, key_of(tx, work.catalog, row), line(tx, work.catalog, row)) for row in found]

        rows = work.database.run(turn).result()
    if as_json:
        typer.echo(json.dumps([plain(row, key) for row, key, _words in rows], ensure_ascii=False))
        return
    for _row, _key, words in rows:
        here.say(words)
    if not rows:
        here.say(_("No such records."))


@app.command()
def export(
    *,
    out: Annotated[Path, typer.Option("--out", help="The file to write: .csv, .tsv, .jsonl or .parquet.")],
    person: Person = "",
    project: Project = "",
    what: What = "",
    since: Since = "",
    as_json: AsJson = False,
) -> None:
    """Write records to a file, the oldest first, each with its hash."""
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - a help text needs none of it
    from tasks.privacy.listing import By, write  # noqa: PLC0415 - as above

    here = shell()
    with opened() as work, progress_bar(here.words(_("Exporting"))) as progress:
        about = _about(work, person, project, what, since)
        rows = write(work.database, work.catalog, By(SHELL, work.now_ms()), about, out, progress)
    if as_json:
        typer.echo(json.dumps({"out": str(out), "records": rows}, ensure_ascii=False))
    else:
        here.say(_n("{file}: {n} record.", "{file}: {n} records.", rows, file=str(out)))


def _about(work: Opened, person: str, project: str, what: str, since: str) -> About:
    from tasks.privacy.listing import About  # noqa: PLC0415 - a help text needs none of it
    from tasks.staff import find  # noqa: PLC0415 - as above

    def turn(tx: Tx) -> About:
        of = find(tx, person).id if person else None
        known = work.catalog.by_key(tx, project).id if project else None
        return About(of, known, what, _day(since) if since else 0)

    return work.database.run(turn).result()


def _day(written: str) -> int:
    try:
        return int(datetime.strptime(written, "%Y-%m-%d").replace(tzinfo=UTC).timestamp() * 1000)
    except ValueError:
        raise DayError(day=written) from None
