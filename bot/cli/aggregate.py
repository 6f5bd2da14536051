"""``aggregate``: from a file of answers to one label a task with its confidence; needs no project and no database."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.progress import progress_bar
from bot.cli.shell import Shell, now_ms, shell
from db.errors import InputError, told
from tasks.words import Text, Words, _, _n

if TYPE_CHECKING:
    from tasks.aggregation.batch import Batch
    from tasks.quality.crowd import Crowd
    from tasks.quality.estimate import Estimate

app = typer.Typer(add_completion=False)

_PICTURES = (".png", ".svg", ".pdf")


class SameFileError(InputError):
    """A file is to be read and written at once, or twice."""

    message = told("Give each file a place of its own: “{path}” is named twice.")


class UnknownPictureError(InputError):
    """The plot's suffix is of no picture."""

    message = told("Name the plot with one of {known}: “{name}” has none of them.")


@app.command()
def aggregate(
    answers: Annotated[
        Path, typer.Argument(metavar="ANSWERS", help="Columns task, worker, label: CSV, TSV, JSONL, Parquet, or .gz.")
    ],
    out: Annotated[Path, typer.Option("--out", help="The file to write: task, label, confidence.")],
    *,
    gold: Annotated[Path | None, typer.Option("--gold", help="Known answers: columns task, label.")] = None,
    method: Annotated[str | None, typer.Option("--method", help="How to weigh the answers; else the best.")] = None,
    workers: Annotated[
        Path | None, typer.Option("--workers", help="Write each worker's skill, and whom to look at and why.")
    ] = None,
    compare: Annotated[bool, typer.Option("--compare", help="Show all methods side by side, with a plot.")] = False,
    plot: Annotated[Path | None, typer.Option("--plot", help="Where the plot of --compare goes.")] = None,
    seed: Annotated[int, typer.Option("--seed", help="For what is drawn at random.", min=0)] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Answer for a program.")] = False,
) -> None:
    """Aggregate a crowd's answers: one label a task, and how sure it is."""
    here = shell()
    compare = compare or plot is not None
    plot = plot or (_beside(out) if compare else None)
    _check(method, [answers, gold], [out, workers, plot], plot)
    batch = _read(here, answers, gold)
    result = _estimate(here, batch.blind if compare else batch.trusted, method, seed)
    _write(here, batch, result, out, workers)
    said = _said(batch, result, out, scoring=compare)
    if compare:
        from bot.cli.comparison import compared  # noqa: PLC0415 - a help text needs none of it

        said |= compared(here, batch.answers.crowd, result, seed, plot, quiet=as_json)
    if as_json:
        typer.echo(json.dumps(said, ensure_ascii=False))
    else:
        here.say(_done(batch, result, out), err=_is_stream(out))


# --------------------------------------------------------------------------- files


def _beside(out: Path) -> Path | None:
    """Where the plot goes if nobody says it: not beside a pipe."""
    return None if _is_stream(out) else out.with_suffix(".png")


def _is_stream(out: Path) -> bool:
    return out.exists() and not out.is_file()


def _check(method: str | None, read: Sequence[Path | None], written: Sequence[Path | None], plot: Path | None) -> None:
    """What can be known to fail before the work begins."""
    from tasks.exchange.complete import writable  # noqa: PLC0415 - a help text needs none of it
    from tasks.quality.methods import known  # noqa: PLC0415 - as above

    if method:
        known(method)
    if plot and plot.suffix.lower() not in _PICTURES:
        raise UnknownPictureError(name=plot.name, known=", ".join(_PICTURES))
    for path in written:
        if path:
            writable(path)
    seen: set[Path] = set()
    for path in (*read, *written):
        if path and not _is_stream(path):
            if path.resolve() in seen:
                raise SameFileError(path=str(path))
            seen.add(path.resolve())


def _read(here: Shell, answers: Path, gold: Path | None) -> Batch:
    from tasks.aggregation.batch import notes, read  # noqa: PLC0415 - a help text needs none of it

    with progress_bar(here.words(_("Reading"))) as progress:
        batch = read(answers, gold, progress)
    for note in notes(batch):
        here.say(note, err=True)
    return batch


def _estimate(here: Shell, crowd: Crowd, method: str | None, seed: int) -> Estimate:
    from tasks.quality.estimate import estimate  # noqa: PLC0415 - a help text needs none of it
    from tasks.quality.methods import DEFAULT  # noqa: PLC0415 - as above

    with progress_bar(here.words(_("Weighing the answers"))):
        result = estimate(crowd, method, seed)
    if method is None and result.method != DEFAULT:
        here.say(_("Weighed by “{method}”: there are too many labels for more.", method=result.method), err=True)
    return result


def _write(here: Shell, batch: Batch, result: Estimate, out: Path, workers: Path | None) -> None:
    import pyarrow as pa  # noqa: PLC0415 - a help text needs none of it

    from tasks.aggregation.workers import report  # noqa: PLC0415 - as above
    from tasks.exchange.estimates import write_columns  # noqa: PLC0415 - as above

    found = batch.answers
    labels = pa.array(found.labels, pa.string()).take(result.label)
    with progress_bar(here.words(_("Writing"))):
        write_columns(out, {"task": found.tasks, "label": labels, "confidence": result.confidence})
        if workers:
            write_columns(workers, report(found.workers, found.crowd, result, _reader(here)))


def _reader(here: Shell) -> Callable[[Words], str]:
    """Puts many words into the shell's language."""
    from bot.translate import Translator  # noqa: PLC0415 - babel is loaded only where there is something to say

    translator = Translator(now_ms)
    language = translator.negotiate(here.language)
    return lambda words: translator.words(words, language)


# --------------------------------------------------------------------------- what is said


def _done(batch: Batch, result: Estimate, out: Path) -> Text:
    tasks = len(batch.answers.tasks)
    return _n(
        "{file}: {n} task, by “{method}”.",
        "{file}: {n} tasks, by “{method}”.",
        tasks,
        file=str(out),
        method=result.method,
    )


def _said(batch: Batch, result: Estimate, out: Path, *, scoring: bool) -> dict[str, Any]:
    """For a program."""
    found = batch.answers
    said: dict[str, Any] = {
        "out": str(out),
        "method": result.method,
        "tasks": len(found.tasks),
        "workers": len(found.workers),
        "labels": len(found.labels),
        "answers": len(found.crowd),
        "left_out": {"twice": found.twice, "empty": found.empty, "broken": found.broken},
    }
    if batch.known:
        said["gold"] = {
            "known": len(batch.known.labels),
            "used": 0 if scoring else len(batch.trusted.known()[0]),
            "contradicts_itself": batch.known.torn,
            "doubted": batch.doubted,
        }
    return said
