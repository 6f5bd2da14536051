"""``rejection``: preview, propose, list, confirm, decline."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.context import Opened, opened
from bot.cli.rehearsal import DryRun, rehearsed, say_touched
from bot.cli.shell import shell
from tasks.words import Words, _

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.queries.mass import Mass
    from db.queries.staff import Listed
    from db.session import Tx
    from tasks.projects.catalog import Catalog, Known
    from tasks.review.mass_cost import Cost

app = typer.Typer(no_args_is_help=True, add_completion=False)

AsJson = Annotated[bool, typer.Option("--json", help="Answer for a program.")]
Project = Annotated[str, typer.Argument(metavar="ID", help="The “id” of the project’s file.")]
Worker = Annotated[str, typer.Option("--worker", help="Only the answers of this person: number, or channel:id.")]
Reasons = Annotated[list[str], typer.Option("--reason", help="Key of a reason of the project; may be given again.")]
Number = Annotated[int, typer.Argument(metavar="NUMBER", help="Its number in “rejection list”.")]


@app.callback()
def group() -> None:
    """Rejecting many answers at once: preview, propose, list, confirm, decline."""


@app.command()
def preview(key: Project, *, worker: Worker = "", reason: Reasons, as_json: AsJson = False) -> None:
    """What it would cost, and whom; changes nothing."""
    from tasks.review import mass_words  # noqa: PLC0415 - a help text needs none of it

    with opened() as work:
        known, _someone, cost = _counted(work, key, worker, reason)
    if as_json:
        found = {**asdict(cost), "most_of": [row._asdict() for row in cost.most_of]}
        del found["until"]
        typer.echo(json.dumps(found))
        return
    for words in mass_words.cost(known, cost):
        shell().say(words)


@app.command()
def propose(
    key: Project,
    *,
    worker: Worker = "",
    reason: Reasons,
    why: Annotated[str, typer.Option("--why", help="Why, in a sentence; everybody concerned is told.")],
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Propose to reject all answers so far, or one person's; an admin confirms it in the chat."""
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - a help text needs none of it
    from tasks.review import mass, mass_words  # noqa: PLC0415 - as above

    with rehearsed(dry_run=dry_run) as work:
        known, person, cost = _counted(work, key, worker, reason)
        say_touched(mass_words.cost(known, cost), dry_run=dry_run)
        wanted = mass.Wanted(person, reason, why)
        row = work.database.run(lambda tx: mass.propose(tx, known, SHELL, wanted, cost, work.now_ms())).result()
    _say(row, _("It waits for an admin to confirm it in the chat, under /people."), dry_run=dry_run, as_json=as_json)


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """What waits to be confirmed, and what is under way."""
    from tasks.review import mass, mass_words  # noqa: PLC0415 - a help text needs none of it

    with opened() as work:

        def turn(tx: Tx) -> list[tuple[Mass, Words]]:
            return [(row, mass_words.line(tx, work.catalog, row)) for row in mass.waiting(tx)]

        found = work.database.run(turn).result()
    if as_json:
        typer.echo(json.dumps([mass_words.plain(row) for row, _words in found], ensure_ascii=False))
        return
    for _row, words in found:
        shell().say(words)
    if not found:
        shell().say(_("Nothing waits for a decision."))


@app.command()
def confirm(number: Number, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Confirm what an admin has proposed in the chat; the running bot does it."""
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - a help text needs none of it
    from tasks.review import mass  # noqa: PLC0415 - as above

    def turn(tx: Tx, catalog: Catalog, now: int) -> Mass:
        return mass.confirm(tx, catalog, SHELL, number, now)

    _changed(turn, _("It is being done: each of them is told, and can disagree."), dry_run=dry_run, as_json=as_json)


@app.command()
def decline(number: Number, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Decline it: nothing is rejected."""
    from tasks.privacy.audit import SHELL  # noqa: PLC0415 - a help text needs none of it
    from tasks.review import mass  # noqa: PLC0415 - as above

    def turn(tx: Tx, _catalog: Catalog, now: int) -> Mass:
        return mass.decline(tx, SHELL, number, now)

    _changed(turn, _("Nothing is rejected."), dry_run=dry_run, as_json=as_json)


def _counted(work: Opened, key: str, worker: str, reason: list[str]) -> tuple[Known, Listed | None, Cost]:
    """The project, whose answers, and what it would cost: read beside the turns."""
    from tasks.review import mass_cost  # noqa: PLC0415 - a help text needs none of it
    from tasks.staff import find  # noqa: PLC0415 - as above

    def turn(tx: Tx) -> tuple[Known, Listed | None]:
        return work.catalog.by_key(tx, key), find(tx, worker) if worker else None

    known, person = work.database.run(turn).result()
    with work.database.reading() as reader:
        return known, person, mass_cost.preview(reader, known, person.id if person else None, reason, work.now_ms())


def _changed(turn: Callable[[Tx, Catalog, int], Mass], said: Words, *, dry_run: bool, as_json: bool) -> None:
    with rehearsed(dry_run=dry_run) as work:
        row = work.database.run(lambda tx: turn(tx, work.catalog, work.now_ms())).result()
    _say(row, said, dry_run=dry_run, as_json=as_json)


def _say(row: Mass, said: Words, *, dry_run: bool, as_json: bool) -> None:
    from tasks.review import mass_words  # noqa: PLC0415 - a help text needs none of it

    if as_json:
        typer.echo(json.dumps(mass_words.plain(row), ensure_ascii=False))
        return
    if not dry_run:
        shell().say(_("{number}: {said}", number=row.id, said=said))
