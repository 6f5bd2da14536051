"""``export``: results, answers, behaviour or quality of a project to a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import opened
from bot.cli.progress import progress_bar
from bot.cli.shell import shell
from tasks.words import _, _n

app = typer.Typer(add_completion=False)


@app.command()
def export(
    key: Annotated[str, typer.Argument(metavar="ID", help="The “id” of the project file.")],
    what: Annotated[str, typer.Argument(metavar="WHAT", help="results, answers, behaviour or quality.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write; an older one of that name is replaced.")],
    *,
    form: Annotated[
        str | None, typer.Option("--format", help="csv, tsv, jsonl or parquet; else by the suffix of the file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a program.")] = False,
) -> None:
    """Write results, answers, behaviour or quality of a project to a file. The file is complete, or not there."""
    from tasks.exchange.exports import export as write  # noqa: PLC0415 - a help text needs none of it

    here = shell()
    with opened() as work, progress_bar(here.words(_("Exporting"))) as progress:
        rows = write(work.database, work.catalog, key, what, out, form, progress)
    if as_json:
        typer.echo(json.dumps({"id": key, "what": what, "out": str(out), "rows": rows}, ensure_ascii=False))
    else:
        here.say(_n("{file}: {n} row.", "{file}: {n} rows.", rows, file=str(out)))
