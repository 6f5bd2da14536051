"""Exports: results, answers or behaviour of a project, streamed to a file that is complete or not there."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from db.errors import InputError, told
from db.queries import exports
from db.session import Database, Reader, chunks
from db.statement import Statement
from tasks.exchange.complete import complete
from tasks.exchange.formats import WRITERS
from tasks.kinds import KINDS
from tasks.privacy.pseudonym import pseudonym
from tasks.projects.catalog import Catalog, Known

_AT_ONCE = 2_000
_WORKERS_REMEMBERED = 100_000

RESULTS = ("task_id", "label", "confidence", "answers", "status", "method")
ANSWERS = ("task_id", "worker", "label", "submitted_at", "seconds", "gold_correct", "rejected")
BEHAVIOUR = (
    "task_id",
    "worker",
    "state",
    "position",
    "offered_at",
    "delivered_at",
    "first_tap_at",
    "changes",
    "instructions",
    "undone",
    "undone_at",
    "submitted_at",
    "skipped_at",
    "reason",
    "reported",
    "seconds_to_first_tap",
    "seconds_of_work",
    "seconds_to_delivery",
    "channel",
    "sitting",
    "in_sitting",
    "hour",
    "media",
    "edits",
    "retries",
)
QUALITY = ("section", "subject", "figure", "value", "low", "high", "note")
"""Header names; those of the item's columns stand behind ``task_id`` in results."""

Progress = Callable[[int, int], None]
"""Told how many rows of how many are written."""


class ExportError(InputError):
    """It cannot be exported as was asked."""


class UnknownExportError(ExportError):
    """There is no such export."""

    message = told("Export one of {known}: there is no export “{what}”.")


class UnknownExportFormatError(ExportError):
    """There is no such format."""

    message = told("Name the file with one of {known}, or give a format: “{format}” is none of them.")


@dataclass(frozen=True, slots=True)
class _Layout:
    """What a file will have: its columns, those that people's words fill, and its rows."""

    columns: Sequence[str]
    text: Collection[str]
    count: Statement[exports.Number]
    rows: Iterator[Sequence[Any]]


def export(
    database: Database,
    catalog: Catalog,
    key: str,
    what: str,
    out: Path,
    format: str | None,  # noqa: A002 - the word that people give
    progress: Progress,
) -> int:
    """Write the file; how many rows. ``format`` None goes by the suffix of ``out``.

    Raises UnknownProjectError, ExportError, UnwritableError; then nothing is left behind.
    """
    name = named(what, out, format)
    known = database.run(lambda tx: catalog.by_key(tx, key)).result()
    with complete(out) as part, database.reading() as reader:
        layout = _LAYOUTS[what](reader, known)
        with closing(WRITERS[name](part, layout.columns, layout.text)) as writer:
            total = _count(reader, layout.count, known)
            done = 0
            for rows in chunks(layout.rows, _AT_ONCE):
                writer.write(rows)
                done += len(rows)
                progress(done, total)
    return done


def named(what: str, out: Path, format: str | None) -> str:  # noqa: A002 - as above
    """The format that is asked for, of an export that there is. Raises ExportError."""
    if what not in _LAYOUTS:
        raise UnknownExportError(what=what, known=", ".join(_LAYOUTS))
    name = (format or out.suffix.removeprefix(".")).lower()
    if name not in WRITERS:
        known = [*WRITERS, *(("html", "json") if what == "quality" else ())]
        raise UnknownExportFormatError(format=name, known=", ".join(f".{one}" for one in known))
    return name


def _count(reader: Reader, count: Statement[exports.Number], known: Known) -> int:
    found = reader.one(count, project=known.id)
    return found.n if found else 0


# --------------------------------------------------------------------------- results


def _results(reader: Reader, known: Known) -> _Layout:
    items = _item_columns(reader, known)
    names = [f"item.{column}" if column in RESULTS else column for column in items]
    write = _label(known)

    def cells(row: exports.ResultRow) -> Sequence[Any]:
        item = json.loads(row.item)
        values = [_text(item.get(column)) for column in items]
        return (row.row, *values, write(row.label), row.confidence, row.answers, row.status, row.method or None)

    columns = (RESULTS[0], *names, *RESULTS[1:])
    rows = map(cells, reader.stream(exports.RESULTS, project=known.id))
    return _Layout(columns, {"task_id", "label", *names}, exports.COUNT_RESULTS, rows)


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _item_columns(reader: Reader, known: Known) -> list[str]:
    """All columns that any item has, in the order in which they first come."""
    columns: dict[str, None] = {}
    for row in reader.stream(exports.ITEMS, project=known.id):
        columns.update(dict.fromkeys(json.loads(row.item)))
    return list(columns)


def _label(known: Known) -> Callable[[str | None], str | None]:
    """How an answer in canonical form is written in a cell."""
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()

    @lru_cache(1_000)
    def write(value: str | None) -> str | None:
        return None if value is None else kind.write(question, json.loads(value))

    return write


# --------------------------------------------------------------------------- answers


def _answers(reader: Reader, known: Known) -> _Layout:
    write, worker = _label(known), _pseudonyms(known)

    def cells(row: exports.AnswerRow) -> Sequence[Any]:
        return (
            row.row,
            worker(row.worker, row.joined_at),
            write(row.value),
            _moment(row.submitted_at),
            row.work_ms / 1000,
            None if row.gold_correct is None else bool(row.gold_correct),
            bool(row.rejected),
        )

    rows = map(cells, reader.stream(exports.ANSWERS, project=known.id))
    return _Layout(ANSWERS, {"task_id", "label"}, exports.COUNT_ANSWERS, rows)


def _pseudonyms(known: Known) -> Callable[[int, int | None], str]:
    @lru_cache(_WORKERS_REMEMBERED)
    def worker(person: int, joined_at: int | None) -> str:
        return pseudonym(known.id, person, joined_at or 0)

    return worker


def _moment(millis: int | None) -> str | None:
    if millis is None:
        return None
    return datetime.fromtimestamp(millis / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --------------------------------------------------------------------------- behaviour


def _behaviour(reader: Reader, known: Known) -> _Layout:
    worker = _pseudonyms(known)

    def cells(row: exports.BehaviourRow) -> Sequence[Any]:
        begun = row.offered_at if row.delivered_at is None else row.delivered_at
        return (
            row.row,
            worker(row.worker, row.joined_at),
            row.state,
            row.position,
            _moment(row.offered_at),
            _moment(row.delivered_at),
            _moment(row.first_tap_at),
            row.changes,
            row.instructions,
            row.undone,
            _moment(row.undone_at),
            _moment(row.submitted_at),
            _moment(row.skipped_at),
            row.reason or None,
            bool(row.reported),
            _seconds(begun, row.first_tap_at),
            _seconds(begun, row.submitted_at),
            _seconds(row.offered_at, row.delivered_at),
            row.channel or None,
            row.sitting or None,
            row.in_sitting or None,
            row.hour,
            row.media,
            row.edits,
            row.retries,
        )

    rows = map(cells, reader.stream(exports.BEHAVIOUR, project=known.id))
    return _Layout(BEHAVIOUR, {"task_id", "reason", "channel"}, exports.COUNT_BEHAVIOUR, rows)


def _seconds(begun: int, ended: int | None) -> float | None:
    """From one moment to another; never below 0, whatever the clock did."""
    return None if ended is None else max(0, ended - begun) / 1000


# --------------------------------------------------------------------------- quality


def _quality(reader: Reader, known: Known) -> _Layout:
    from tasks.reports.quality import report  # noqa: PLC0415 - loads NumPy and SciPy

    text = {"subject", "figure", "note"}
    return _Layout(QUALITY, text, exports.COUNT_QUALITY, report(reader, known, _pseudonyms(known)))


_LAYOUTS: Mapping[str, Callable[[Reader, Known], _Layout]] = MappingProxyType(
    {"results": _results, "answers": _answers, "behaviour": _behaviour, "quality": _quality}
)
