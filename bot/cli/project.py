"""``project``: check, add, list, show, launch, pause, budget, close."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.context import Opened, opened
from bot.cli.progress import progress_bar
from bot.cli.rehearsal import DryRun, rehearsed, say_touched
from bot.cli.shell import BAD_INPUT, Shell, shell
from tasks.words import Local, Share, Text, Words, _, _n

if TYPE_CHECKING:
    from db.session import Tx
    from tasks.money.budget import Budget
    from tasks.projects.catalog import Known, Progress
    from tasks.projects.importing import Imported
    from tasks.projects.mistakes import FileMistake, Mistake
    from tasks.projects.spec import Spec

app = typer.Typer(no_args_is_help=True, add_completion=False)

AsJson = Annotated[bool, typer.Option("--json", help="Answer for a program.")]
ProjectFile = Annotated[Path, typer.Argument(metavar="FILE", help="The project file, YAML or JSON.")]
Key = Annotated[str, typer.Argument(metavar="ID", help="The “id” of its project file.")]

Touches = Callable[["Tx", "Known"], Sequence[Words]]

_STATES: Mapping[str, Text] = MappingProxyType(
    {
        "draft": _("not launched yet"),
        "live": _("running"),
        "paused": _("paused"),
        "closed": _("closed"),
    }
)


@app.callback()
def group() -> None:
    """Projects: check, add, list, show, launch, pause, budget, close."""


# --------------------------------------------------------------------------- files


@app.command()
def check(
    file: ProjectFile,
    data: Annotated[Path | None, typer.Argument(metavar="[DATA]", help="The data file, to be checked as well.")] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Every mistake in a project file, and in its data, with line and remedy; changes nothing."""
    here = shell()
    mistakes, rows = _mistakes(here, file, data)
    if as_json:
        typer.echo(
            json.dumps({"mistakes": [_plain(here, mistake) for mistake in mistakes], "rows": rows}, ensure_ascii=False)
        )
    elif mistakes:
        for mistake in mistakes:
            here.say(mistake.told)
    elif data is None:
        here.say(_("{file} has no mistakes.", file=file.name))
    else:
        here.say(
            _n(
                "{file} and {data} have no mistakes: {n} row.",
                "{file} and {data} have no mistakes: {n} rows.",
                rows,
                file=file.name,
                data=data.name,
            )
        )
    if mistakes:
        raise typer.Exit(BAD_INPUT)


def _mistakes(here: Shell, file: Path, data: Path | None) -> tuple[Sequence[FileMistake | Mistake], int]:
    """What is wrong with the files, and how many rows are right."""
    from tasks.projects.mistakes import ProjectFileError  # noqa: PLC0415 - a help text needs none of it
    from tasks.projects.reading import read_project  # noqa: PLC0415 - as above

    try:
        spec = read_project(file)
    except ProjectFileError as error:
        return error.mistakes, 0
    if data is None:
        return (), 0
    from tasks.projects.importing import check_data  # noqa: PLC0415 - as above

    with progress_bar(here.words(_("Checking the rows"))) as progress:
        checked = check_data(spec, data, progress)
    return checked.mistakes, checked.rows


def _plain(here: Shell, mistake: FileMistake | Mistake) -> dict[str, Any]:
    where = {"row": mistake.row} if hasattr(mistake, "row") else {"line": mistake.line}
    return {**where, "mistake": here.words(mistake.text)}


@app.command()
def add(
    file: ProjectFile,
    data: Annotated[
        Path, typer.Argument(metavar="DATA", help="CSV, TSV, JSONL, or a ZIP of one of them with its pictures.")
    ],
    *,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would happen, and change nothing.")] = False,
    as_json: AsJson = False,
) -> None:
    """Import a project and its data. The same rows twice change nothing; a broken import is completed by the next."""
    from tasks.projects.importing import import_project  # noqa: PLC0415 - a help text needs none of it
    from tasks.projects.reading import read_project  # noqa: PLC0415 - as above

    here, spec = shell(), read_project(file)
    with opened() as work, progress_bar(here.words(_("Importing"))) as progress:
        done = import_project(
            work.database, work.catalog, spec, data, work.media, work.now_ms(), progress, dry_run=dry_run
        )
        state = "" if dry_run else work.database.run(lambda tx: work.catalog.by_key(tx, done.key)).result().state
        ahead = _ahead(work, spec, done) if dry_run else {}
    if as_json:
        answer = {"id": done.key, "added": done.added, "unchanged": done.unchanged, "dry_run": dry_run}
        figures = {name: ahead[name] for name in ("splits", "estimate", "currency")} if ahead else {}
        typer.echo(json.dumps({**answer, **figures}, ensure_ascii=False))
        return
    if ahead:
        _tell_ahead(here, ahead)
        return
    _tell_imported(here, done)
    if state == "draft":
        here.say(_("Launch it with: python main.py project launch {key}", key=done.key))


def _ahead(work: Opened, spec: Spec, done: Imported) -> Mapping[str, Any]:
    """What the import would do, and what it comes to."""
    from tasks.projects.estimate import plan  # noqa: PLC0415 - a help text needs none of it

    return plan(work.database, work.catalog, spec, done, work.now_ms())


def _tell_ahead(here: Shell, ahead: Mapping[str, Any]) -> None:
    """The same figures as in the chat."""
    from handlers.parts.planned import planned  # noqa: PLC0415 - as above

    for line in planned(ahead):
        here.say(line.words)


def _tell_imported(here: Shell, done: Imported) -> None:
    here.say(_n("{key}: {n} row added.", "{key}: {n} rows added.", done.added, key=done.key))
    if done.unchanged:
        here.say(_n("{n} row was there already.", "{n} rows were there already.", done.unchanged))


# --------------------------------------------------------------------------- seeing


@app.command("list")
def list_all(*, as_json: AsJson = False) -> None:
    """All projects: id, state, how far they are, title."""
    here = shell()
    with opened() as work:
        found = work.database.run(lambda tx: [(known, _counts(tx, known)) for known in work.catalog.all(tx)]).result()
    if as_json:
        typer.echo(json.dumps([_answer(here, known, counts) for known, counts in found], ensure_ascii=False))
    elif not found:
        here.say(_("No project yet. Add one with: python main.py project add FILE DATA"))
    else:
        _table([_line(here, known, counts) for known, counts in found])


def _counts(tx: Any, known: Known) -> Progress:
    from tasks.projects.catalog import progress  # noqa: PLC0415 - a help text needs none of it

    return progress(tx, known.id)


def _line(here: Shell, known: Known, counts: Progress) -> Sequence[str]:
    words: Sequence[Words] = (
        known.key,
        _STATES[known.state],
        _("{settled} of {tasks} settled", settled=counts.settled, tasks=counts.tasks),
        Local(known.spec.title),
    )
    return [here.words(each) for each in words]


def _table(lines: Sequence[Sequence[str]]) -> None:
    """Columns side by side; a Korean character is two wide."""
    from rich.cells import cell_len, set_cell_size  # noqa: PLC0415 - a help text needs none of it

    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        typer.echo("  ".join(map(set_cell_size, line, widths)).rstrip())


@app.command()
def show(key: Key, *, as_json: AsJson = False) -> None:
    """How one project stands."""
    here = shell()
    from tasks.projects.funding import funds, told_of  # noqa: PLC0415 - a help text needs none of it

    with opened() as work:
        known = work.database.run(lambda tx: work.catalog.by_key(tx, key)).result()
        counts = work.database.run(lambda tx: _counts(tx, known)).result()
        stands = work.database.run(lambda tx: funds(tx, known)).result()
    if as_json:
        file = known.spec.model_dump(mode="json")
        answer = {**_answer(here, known, counts), "money": _money(known, stands), "file": file}
        typer.echo(json.dumps(answer, ensure_ascii=False))
        return
    here.say(_("{title} ({key}): {state}", title=Local(known.spec.title), key=known.key, state=_STATES[known.state]))
    for words in (*_figures(counts), *(told_of(known, stands) if stands else ())):
        here.say(words)


def _money(known: Known, stands: Budget | None) -> Mapping[str, str | None] | None:
    """Amounts in major units, as the project file writes them; ``budget`` empty for as much as it takes."""
    reward = known.spec.reward
    if stands is None or reward is None:
        return None
    from tasks.money.amounts import write_amount  # noqa: PLC0415 - as above

    amounts = {"budget": reward.budget, "earned": stands.spent, "promised": stands.promised}
    written = {name: None if minor is None else write_amount(minor, reward.currency) for name, minor in amounts.items()}
    return {"currency": reward.currency, **written}


def _figures(counts: Progress) -> Sequence[Words]:
    settled = counts.settled
    share = Share(settled / counts.tasks if counts.tasks else 0.0)
    figures: list[Words] = [
        _("{share} settled: {settled} of {tasks} tasks", share=share, settled=settled, tasks=counts.tasks),
        _("{agreed} agreed, {disputed} disputed", agreed=counts.agreed, disputed=counts.disputed),
        *([_n("{n} decided by reviewers", "{n} decided by reviewers", counts.decided)] if counts.decided else []),
        _n("{n} answer so far", "{n} answers so far", counts.answers),
    ]
    if counts.gold_seen:
        right = Share(counts.gold_correct / counts.gold_seen)
        figures.append(_("{right} right on {seen} hidden checks", right=right, seen=counts.gold_seen))
    return figures


def _answer(here: Shell, known: Known, counts: Progress) -> dict[str, Any]:
    title = here.words(Local(known.spec.title))
    return {"id": known.key, "state": known.state, "title": title, **counts._asdict()}


# --------------------------------------------------------------------------- moving on


@app.command()
def launch(key: Key, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Open a project to workers, for the first time or again."""
    from tasks import touching  # noqa: PLC0415 - a help text needs none of it
    from tasks.projects.lifecycle import launch as move  # noqa: PLC0415 - as above

    said = _("{key} is running: workers see it now.", key=key)
    _moved(key, move, touching.launch, said, dry_run=dry_run, as_json=as_json)


@app.command()
def pause(key: Key, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """Give no more tasks of a project for now."""
    from tasks import touching  # noqa: PLC0415 - as above
    from tasks.projects.lifecycle import pause as move  # noqa: PLC0415 - as above

    said = _("{key} is paused. Go on with: python main.py project launch {key}", key=key)
    _moved(key, move, touching.pause, said, dry_run=dry_run, as_json=as_json)


@app.command(context_settings={"ignore_unknown_options": True})
def budget(
    key: Key,
    amount: Annotated[
        str, typer.Argument(metavar="AMOUNT", help="As the project file writes it, such as 100000; or “none”.")
    ],
    *,
    dry_run: DryRun = False,
    as_json: AsJson = False,
) -> None:
    """Let a project cost this much at the most, from now on; “none” for as much as it takes."""
    from tasks.projects.funding import change, funds, told_of  # noqa: PLC0415 - a help text needs none of it
    from tasks.touching import budget_change  # noqa: PLC0415 - as above

    here = shell()
    with rehearsed(dry_run=dry_run) as work:

        def turn(tx: Tx) -> tuple[Known, Sequence[Words]]:
            touched = budget_change(tx, work.catalog.by_key(tx, key), amount) if dry_run else ()
            return change(tx, work.catalog, key, amount, work.now_ms()), touched

        known, touched = work.database.run(turn).result()
        stands = work.database.run(lambda tx: funds(tx, known)).result()
        say_touched(touched, dry_run=dry_run)
    if as_json:
        typer.echo(json.dumps({"id": known.key, "money": _money(known, stands)}))
        return
    if dry_run:
        return
    for words in told_of(known, stands) if stands else ():
        here.say(words)
    here.say(_("Write it into the project file too: the next “project add” follows the file."))


@app.command()
def close(key: Key, *, dry_run: DryRun = False, as_json: AsJson = False) -> None:
    """End a project for good; its results stay."""
    from tasks import touching  # noqa: PLC0415 - as above
    from tasks.projects.lifecycle import close as move  # noqa: PLC0415 - as above

    said = _("{key} is closed. Its results: python main.py export {key} results --out results.csv", key=key)
    _moved(key, move, touching.close, said, dry_run=dry_run, as_json=as_json)


def _moved(
    key: str, move: Callable[..., Known], touches: Touches, said: Words, *, dry_run: bool, as_json: bool
) -> None:
    with rehearsed(dry_run=dry_run) as work:

        def turn(tx: Tx) -> tuple[Known, Sequence[Words]]:
            touched = touches(tx, work.catalog.by_key(tx, key)) if dry_run else ()
            return move(tx, work.catalog, key, work.now_ms()), touched

        known, touched = work.database.run(turn).result()
        say_touched(touched, dry_run=dry_run)
    if as_json:
        typer.echo(json.dumps({"id": known.key, "state": known.state, **({"dry_run": True} if dry_run else {})}))
    elif not dry_run:
        shell().say(said)
