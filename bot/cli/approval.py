"""``approval``: list, confirm, decline."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import opened
from bot.cli.rehearsal import DryRun, rehearsed
from bot.cli.shell import shell
from tasks.words import Words, _

if TYPE_CHECKING:
    from bot.cli.context import Opened
    from db.queries.approvals import Asked
    from db.session import Tx
    from tasks.approval import Decided

app = typer.Typer(no_args_is_help=True, add_completion=False)

AsJson = Annotated[bool, typer.Option("--json", help="Answer for a program.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Its number in “approval list”.")]


@app.callback()
def group() -> None:
    """What waits for a second admin: list, confirm, decline."""


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """What waits for a second admin."""
    from tasks import approval  # noqa: PLC0415 - a help text needs none of it

    with opened() as work:

        def turn(tx: Tx) -> list[tuple[Asked, Words]]:
            return [(row, approval.said(tx, work.catalog, row)) for row in approval.waiting(tx, work.now_ms())]

        found = work.database.run(turn).result()
    if as_json:
        typer.echo(json.dumps([approval.plain(row) for row, _words in found], ensure_ascii=False))
        return
    for row, words in found:
        shell().say(_("{number}: {what}", number=str(row.id), what=words))
    if not found:
        shell().say(_("Nothing waits for a decision."))


@app.command()
def confirm(number: Number, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Confirm what somebody has asked for in the chat: it is done at once."""
    with rehearsed(dry_run=dry_run) as work:
        done = _decide(work, number, accept=True)
    _say(done, as_json=as_json)


@app.command()
def decline(
    number: Number,
    *,
    reason: Annotated[str, typer.Option("--reason", help="Why; who asked for it is told.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Decline it, with a reason: nothing is done."""
    with rehearsed(dry_run=dry_run) as work:
        done = _decide(work, number, reason, accept=False)
    _say(done, as_json=as_json)


def _decide(work: Opened, number: int, why: str = "", *, accept: bool) -> Decided:
    from tasks import approval  # noqa: PLC0415 - a help text needs none of it
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - as above

    def turn(tx: Tx) -> Decided:
        return approval.decide(tx, work.catalog, SHELL, number, work.now_ms(), accept=accept, why=why, given=work.given)

    return work.database.run(turn).result()


def _say(done: Decided, *, as_json: bool) -> None:
    here = shell()
    if as_json:
        typer.echo(json.dumps({"done": done.done, "said": here.words(done.said)}, ensure_ascii=False))
    else:
        here.say(_("Done: {what}", what=done.said) if done.done else done.said)
