"""``export``: results, answers, behaviour or quality of a project to a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.context import opened
from bot.cli.progress import progress_bar
from bot.cli.shell import Shell, shell
from tasks.words import _, _n

app = typer.Typer(add_completion=False)


@app.command()
def export(
    key: Annotated[str, typer.Argument(metavar="ID", help="The “id” of the project file.")],
    what: Annotated[str, typer.Argument(metavar="WHAT", help="results, answers, behaviour or quality.")],
    out: Annotated[Path, typer.Option("--out", help="The file to write; an older one of that name is replaced.")],
    *,
    form: Annotated[
        str | None,
        typer.Option("--format", help="csv, tsv, jsonl, parquet; quality: html, json too. Else by the suffix."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a program.")] = False,
) -> None:
    """Write results, answers, behaviour or quality of a project to a file. The file is complete, or not there."""
    from tasks.exchange.documents import is_document  # noqa: PLC0415 - as above
    from tasks.exchange.handing_out import Wanted, hand_out  # noqa: PLC0415 - a help text needs none of it
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - as above

    here = shell()
    if is_document(what, out, form):
        _document(here, key, out, form, as_json=as_json)
        return
    with opened() as work, progress_bar(here.words(_("Exporting"))) as progress:
        wanted = Wanted(key, what, out, form)
        rows = hand_out(work.database, work.catalog, SHELL, wanted, work.now_ms(), progress)
    if as_json:
        typer.echo(json.dumps({"id": key, "what": what, "out": str(out), "rows": rows}, ensure_ascii=False))
    else:
        here.say(_n("{file}: {n} row.", "{file}: {n} rows.", rows, file=str(out)))


def _document(here: Shell, key: str, out: Path, form: str | None, *, as_json: bool) -> None:
    """The report as a document, in the language of the shell and by UTC."""
    from bot.translate import Translator  # noqa: PLC0415 - as above
    from tasks.exchange.documents import form_of, write_report  # noqa: PLC0415 - as above
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - as above

    with opened() as work:
        reading = Translator(work.now_ms).reading(here.language, "UTC", work.now_ms())
        write_report(work.database, work.catalog, SHELL, key, out, form_of(out, form), reading)
    if as_json:
        typer.echo(json.dumps({"id": key, "what": "quality", "out": str(out), "rows": None}, ensure_ascii=False))
    else:
        here.say(_("{file}: the report on quality.", file=str(out)))
