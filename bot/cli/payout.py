"""``payout``: list, export, confirm."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import opened
from bot.cli.progress import progress_bar
from bot.cli.rehearsal import DryRun, rehearsed, say_touched
from bot.cli.shell import shell
from db.errors import InputError, told
from tasks.words import Money, _, _n

if TYPE_CHECKING:
    from db.queries.payouts import Batch

app = typer.Typer(no_args_is_help=True, add_completion=False)

AsJson = Annotated[bool, typer.Option("--json", help="Answer for a program.")]


class OneOfTwoError(InputError):
    """Neither a currency nor the number of a batch, or both."""

    message = told("Name a currency such as KRW, or a batch with --again: one of the two.")


@app.callback()
def group() -> None:
    """Payouts: list, export, confirm."""


@app.command("list")
def list_all(
    *,
    most: Annotated[int, typer.Option("--most", help="So many batches at the most.", min=1, max=10_000)] = 20,
    as_json: AsJson = False,
) -> None:
    """What is asked for, by currency, and the newest batches."""
    from tasks.money import batch  # noqa: PLC0415 - a help text needs none of it

    here = shell()
    with opened() as work:
        waiting, made = work.database.run(lambda tx: (batch.waiting(tx), batch.batches(tx, most))).result()
    if as_json:
        asked = [one._asdict() for one in waiting]
        typer.echo(json.dumps({"requested": asked, "batches": [one._asdict() for one in made]}))
        return
    for one in waiting:
        amount = Money(one.total, one.currency)
        here.say(_n("{n} person asks for {amount}", "{n} people ask for {amount}", one.payouts, amount=amount))
    if not waiting:
        here.say(_("Nobody asks for a payout now."))
    for made_one in made:
        here.say(_n("Batch {batch}: {amount}, {settled} of {n} payout settled",
                    "Batch {batch}: {amount}, {settled} of {n} payouts settled", made_one.payouts,
                    batch=str(made_one.id), settled=made_one.settled,
                    amount=Money(made_one.total, made_one.currency)))  # fmt: skip


@app.command()
def export(
    currency: Annotated[str, typer.Argument(metavar="[CURRENCY]", help="Such as KRW: all that is asked for.")] = "",
    *,
    out: Annotated[Path, typer.Option("--out", help="The file to write; an older one of that name is replaced.")],
    again: Annotated[int | None, typer.Option("--again", help="Write the file of this batch once more.")] = None,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Hand out all that is asked for in a currency as one batch, or write a batch's file again."""
    from tasks.exchange.complete import writable  # noqa: PLC0415 - a help text needs none of it
    from tasks.money import batch  # noqa: PLC0415 - as above
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - as above

    here = shell()
    if bool(currency) == (again is not None):
        raise OneOfTwoError
    if dry_run:
        _would_hand_out(currency, again)
        return
    writable(out)
    before = False
    with opened() as work, progress_bar(here.words(_("Exporting"))) as progress:
        if again is None:
            made = batch.export(work.database, SHELL, currency, out, work.now_ms(), progress)
        else:
            before = bool(work.database.run(lambda tx: batch.one(tx, again)).result().control)
            batch.once_more(work.database, SHELL, again, work.now_ms())
            made = batch.again(work.database, again, out, progress)
    _say_written(made, out, again=before, as_json=as_json)


def _would_hand_out(currency: str, again: int | None) -> None:
    """What there is to hand out; a batch is made in many turns, of which only the first can be rehearsed."""
    from tasks.money import batch  # noqa: PLC0415 - a help text needs none of it
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - as above

    with rehearsed(dry_run=True) as work:
        now = work.now_ms()
        if again is not None:
            made = work.database.run(lambda tx: batch.one(tx, again)).result()
            asked, total, money = made.payouts, made.total, made.currency
        else:
            work.database.run(lambda tx: batch.begin(tx, SHELL, currency, now)).result()
            found = {one.currency: one for one in work.database.run(batch.waiting).result()}[currency]
            asked, total, money = found.payouts, found.total, found.currency
        amount = Money(total, money)
        said = _n("{n} payout, {amount}", "{n} payouts, {amount}", asked, amount=amount)
        say_touched([said], dry_run=True)


def _say_written(made: Batch, out: Path, *, again: bool, as_json: bool) -> None:
    here = shell()
    if as_json:
        typer.echo(json.dumps({**made._asdict(), "out": str(out), "again": again}, ensure_ascii=False))
        return
    amount = Money(made.total, made.currency)
    here.say(_n("{file}: batch {batch}, {n} payout, {amount}.", "{file}: batch {batch}, {n} payouts, {amount}.",
                made.payouts, file=str(out), batch=str(made.id), amount=amount))  # fmt: skip
    if again:
        here.say(_("It is the same file as before, byte for byte: nothing new was handed out."))


@app.command()
def confirm(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A batch’s file with a column “status” added.")],
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Take what was paid and what failed. A mistake in any line, and nothing is taken."""
    from tasks.money.confirming import confirm as take  # noqa: PLC0415 - a help text needs none of it
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - as above

    here = shell()
    with rehearsed(dry_run=dry_run) as work, progress_bar(here.words(_("Confirming"))) as progress:
        done = take(work.database, SHELL, file, work.now_ms(), progress)
    if as_json:
        typer.echo(json.dumps(asdict(done)))
    elif not done.paid + done.failed:
        here.say(_("Nothing has changed: all of it was settled so before."))
    else:
        here.say(_("Paid: {paid}. Failed: {failed}. Settled before: {unchanged}.", **asdict(done)))
