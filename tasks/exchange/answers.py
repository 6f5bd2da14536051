"""A file of recorded answers as a crowd of flat arrays, whatever its size; and a file of known answers."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from db.errors import told
from tasks.exchange.columns import Progress, Strings, Table
from tasks.projects.mistakes import UnreadableDataError
from tasks.quality.crowd import UNKNOWN, Crowd, Floats, Ints

_NEEDED = {"task": ("task", "task_id"), "worker": ("worker", "worker_id"), "label": ("label",)}
_HELPFUL = {
    "response_time_ms": ("response_time_ms",),
    "seconds": ("seconds",),
    "timestamp": ("timestamp", "submitted_at"),
}
_KNOWN = {"task": ("task", "task_id"), "label": ("label", "gold")}
_HELD = 32 << 20
_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


class NoAnswersError(UnreadableDataError):
    """Nothing can be learned from it."""

    message = told("Give {file} at least one row with a task, a worker and a label: there is none.")


@dataclass(slots=True)
class Answers:
    """What a file of answers holds. ``twice``, ``empty`` and ``broken`` count rows that were left out."""

    crowd: Crowd
    tasks: Strings
    """Names by number, in the order in which they first come."""
    workers: Strings
    labels: list[str]
    """In the natural order, which breaks ties: numbers by their value, then words by code point."""
    twice: int
    """Of a worker who had answered the task before."""
    empty: int
    """Without a task, a worker or a label."""
    broken: int
    """With too few or too many cells."""


@dataclass(frozen=True, slots=True)
class Known:
    """Labels of tasks whose answer is known, by name; ``torn`` are tasks with several, which are left out."""

    labels: dict[str, str]
    torn: list[str]


def read_known(path: Path, progress: Progress) -> Known:
    """Read a file with the columns task and label. Raises UnreadableDataError."""
    labels: dict[str, str] = {}
    torn: dict[str, None] = {}
    for batch in Table(path, _KNOWN, {}).batches(progress):
        for task, label in zip(batch["task"].to_pylist(), batch["label"].to_pylist(), strict=True):
            if task and label and labels.setdefault(task, label) != label:
                torn[task] = None
    return Known({task: label for task, label in labels.items() if task not in torn}, list(torn))


def read_answers(path: Path, progress: Progress, known: Known | None = None) -> Answers:
    """Read a file with the columns task, worker and label; of others, times are used. Raises UnreadableDataError."""
    table = Table(path, _NEEDED, _HELPFUL)
    encoders = {name: _Encoder() for name in _NEEDED}
    times: dict[str, list[Floats]] = {name: [] for name in _HELPFUL}
    for batch in table.batches(progress):
        for name, encoder in encoders.items():
            encoder.add(batch[name])
        for name in table.names.keys() & times.keys():
            times[name].append(_moments(batch[name]) if name == "timestamp" else _numbers(batch[name]))
    if not table.read:
        raise NoAnswersError(file=path.name)
    found = {name: encoder.finish() for name, encoder in encoders.items()}
    columns = {name: np.concatenate(parts) for name, parts in times.items() if parts}
    answers = _joined(path.name, found, columns, known, table.skipped)
    pa.default_memory_pool().release_unused()
    return answers


class _Encoder:
    """Numbers strings in the order in which they first come; what is held stays near the size of the distinct ones."""

    def __init__(self) -> None:
        self._names = pa.array([], pa.string())
        self._held: list[Strings] = []
        self._bytes = 0
        self._codes: list[Ints] = []

    def add(self, strings: Strings) -> None:
        """Strings of the next rows."""
        self._held.append(strings)
        self._bytes += strings.nbytes
        if self._bytes > max(_HELD, 2 * self._names.nbytes):
            self._encode()

    def _encode(self) -> None:
        """All at once with the names so far before them, so that these keep their numbers."""
        chunks = pa.chunked_array([self._names, *self._held], pa.string()).dictionary_encode().chunks
        codes = [cast("Any", chunk).indices.to_numpy() for chunk in chunks]
        self._codes.append(np.concatenate(codes)[len(self._names) :] if codes else np.empty(0, np.int32))
        self._names = cast("Any", chunks[-1]).dictionary if chunks else self._names
        self._held, self._bytes = [], 0

    def finish(self) -> tuple[Ints, Strings]:
        """(rows,) numbers, and the names."""
        self._encode()
        codes: Ints = np.concatenate(self._codes)
        self._codes = []
        return codes, self._names


# --------------------------------------------------------------------------- joining


def _joined(
    file: str,
    found: dict[str, tuple[Ints, Strings]],
    times: dict[str, Floats],
    known: Known | None,
    broken: int,
) -> Answers:
    read = len(found["task"][0])
    rows = _filled([found[name] for name in _NEEDED])
    filled = _size(rows, found["task"][0])
    rows = _once(_in_time(rows, times.get("timestamp")), found["task"][0], *found["worker"])
    task, tasks = _compact(rows, *found.pop("task"))
    worker, workers = _compact(rows, *found.pop("worker"))
    label, given = _compact(rows, *found.pop("label"))
    if not len(task):
        raise NoAnswersError(file=file)
    labels = sorted({*given.to_pylist(), *(known.labels.values() if known else ())}, key=natural)
    places = {name: place for place, name in enumerate(labels)}
    place = np.array([places[name] for name in given.to_pylist()], np.int32)
    seconds = times["seconds"] if "seconds" in times else times.get("response_time_ms", np.empty(0)) / 1000
    crowd = Crowd(
        task,
        worker,
        place[label],
        len(tasks),
        len(workers),
        len(labels),
        gold=_gold(known, tasks, places) if known else None,
        seconds=seconds[rows] if len(seconds) else None,
    )
    return Answers(crowd, tasks, workers, labels, twice=filled - len(task), empty=read - filled, broken=broken)


def natural(name: str) -> tuple[int, float, str]:
    """Key to sort labels by: numbers by their value, then words by code point."""
    return (0, float(name), name) if _NUMBER.fullmatch(name) else (1, 0.0, name)


Rows = NDArray[np.intp] | slice
"""Numbers of rows; all of them are a slice, which copies nothing."""
_ALL = slice(None)


def _size(rows: Rows, codes: Ints) -> int:
    return len(codes) if isinstance(rows, slice) else len(rows)


def _filled(columns: Sequence[tuple[Ints, Strings]]) -> Rows:
    """Rows with more than space in each of the columns."""
    filled: Any = True
    for codes, names in columns:
        some = pc.not_equal(pc.utf8_trim_whitespace(names), pa.scalar("")).to_numpy(zero_copy_only=False)
        if not some.all():
            filled = filled & some[codes]
    return _ALL if filled is True else np.flatnonzero(filled)


def _in_time(rows: Rows, moments: Floats | None) -> Rows:
    """``rows`` in the order of their moments, if all have one; else as they stand in the file."""
    if moments is None or not np.isfinite(moments[rows]).all():
        return rows
    order = np.argsort(moments[rows], kind="stable")
    return order if isinstance(rows, slice) else rows[order]


def _once(rows: Rows, task: Ints, worker: Ints, workers: Strings) -> Rows:
    """``rows`` without those of a worker who has answered the task in an earlier one."""
    pair = task[rows].astype(np.int64)
    pair *= len(workers)
    pair += worker[rows]
    ordered = np.sort(pair)
    twice = np.unique(ordered[1:][ordered[1:] == ordered[:-1]])
    del ordered
    if not len(twice):
        return rows
    suspects = np.flatnonzero(twice[np.searchsorted(twice, pair).clip(max=len(twice) - 1)] == pair)
    first = suspects[np.unique(pair[suspects], return_index=True)[1]]
    keep = np.ones(len(pair), np.bool_)
    keep[suspects] = False
    keep[first] = True
    return np.flatnonzero(keep) if isinstance(rows, slice) else rows[keep]


def _compact(rows: Rows, codes: Ints, names: Strings) -> tuple[Ints, Strings]:
    """Codes of these rows, and the names that they use, numbered anew in the same order."""
    codes = codes[rows]
    used = np.bincount(codes, minlength=len(names)) > 0
    if used.all():
        return codes, names
    fresh = (np.cumsum(used) - 1).astype(np.int32)
    return fresh[codes], names.filter(pa.array(used))


def _gold(known: Known, tasks: Strings, places: Mapping[str, int]) -> Ints:
    """(tasks,) the known label of each; known tasks that nobody answered have no number."""
    gold = np.full(len(tasks), UNKNOWN, np.int32)
    names: Strings = pa.array(known.labels.keys(), pa.string())
    labels = np.array([places[label] for label in known.labels.values()], np.int32)
    found: Strings = pc.index_in(names, value_set=tasks)
    where = found.fill_null(UNKNOWN).to_numpy()
    gold[where[where != UNKNOWN]] = labels[where != UNKNOWN]
    return gold


# --------------------------------------------------------------------------- times


def _numbers(strings: Strings) -> Floats:
    """Cells as numbers; not a number where they are none."""
    try:
        cells = pc.if_else(pc.equal(strings, pa.scalar("")), pa.scalar(None, pa.string()), strings).cast(pa.float64())
    except pa.ArrowInvalid:
        return np.array([_number(cell) for cell in strings.to_pylist()])
    numbers: Floats = cells.fill_null(np.nan).to_numpy()
    return numbers


def _number(cell: str) -> float:
    try:
        return float(cell)
    except ValueError:
        return math.nan


def _moments(strings: Strings) -> Floats:
    """Cells as moments, whatever their unit: numbers, or dates and times of ISO 8601."""
    for kind in (pa.timestamp("ms"), pa.timestamp("ms", tz="UTC")):
        try:
            moments: Floats = strings.cast(kind).cast(pa.int64()).to_numpy().astype(np.float64)
        except pa.ArrowInvalid:
            continue
        return moments
    return _numbers(strings)
