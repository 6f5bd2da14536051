"""``evidence``: the whole history of one item as a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import opened
from bot.cli.shell import shell
from tasks.words import _

app = typer.Typer(add_completion=False)


@app.command()
def evidence(
    key: Annotated[str, typer.Argument(metavar="ID", help="The “id” of the project file.")],
    row: Annotated[str, typer.Argument(metavar="ROW", help="The item’s id in the data file.")],
    *,
    out: Annotated[Path, typer.Option("--out", help="The JSON file to write; an older one of that name is replaced.")],
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a program.")] = False,
) -> None:
    """Write the whole history of one item to a file: assignments, answers, votes, verdicts, payments, records."""
    from tasks.exchange.complete import writable  # noqa: PLC0415 - a help text needs none of it
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - as above
    from tasks.reports.package import write  # noqa: PLC0415 - as above

    writable(out)
    with opened() as work:
        write(work.database, work.catalog, SHELL, (key, row), out, work.now_ms())
    if as_json:
        typer.echo(json.dumps({"id": key, "row": row, "out": str(out)}, ensure_ascii=False))
    else:
        shell().say(_("{file}: all there is about “{row}”.", file=str(out), row=row))
