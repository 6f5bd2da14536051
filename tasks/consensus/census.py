"""All that a crowd has said of a project, read from one moment of the database into flat arrays."""

from __future__ import annotations

import json
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from db.queries import quality
from db.queries.quality import AnsweredTask, Enrolled
from db.session import Reader, chunks
from tasks.cases import ASIDE
from tasks.kinds import KINDS, Answer
from tasks.projects.catalog import Known
from tasks.quality.crowd import UNKNOWN, Crowd, Floats, Ints

_MS = 1000.0
_AT_ONCE = 5_000
_LONGEST_MS = 2**31 - 1
"""Some 24 days: nobody looks at anything for longer."""

Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tasks:
    """Those that somebody answered, by rising number; all arrays are (tasks,)."""

    ids: Numbers
    open: Flags
    agreed: Flags
    counted: Flags
    """Whether the truth is known, or more than one answer settled it."""
    label: Ints
    """What it was settled with, or looks like, or UNKNOWN."""
    confidence: Floats
    answers: Ints


@dataclass(frozen=True, slots=True)
class Census:
    """A project's answers; tasks and workers are numbered as in ``crowd``.

    A model's guesses are the answers of one more worker, the last: ``crowd.workers`` is ``len(workers) + 1``.
    """

    crowd: Crowd
    options: Sequence[Answer]
    tasks: Tasks
    workers: Sequence[Enrolled]

    @property
    def guesser(self) -> int:
        """The number of the model whose guesses stand in the data file."""
        return len(self.workers)

    def people(self) -> Crowd:
        """The crowd without the model's guesses."""
        guessed = self.crowd.worker == self.guesser
        if not guessed.any():
            return replace(self.crowd, workers=len(self.workers))
        return self.crowd.chosen(~guessed, workers=len(self.workers))


def options_of(known: Known) -> Sequence[Answer]:
    """The answers of a project where they can be listed and one of them is true, else none."""
    kind = KINDS[known.spec.kind]
    return list(kind.options(known.spec.question_for_kind())) if kind.belief == "one" else []


def cell(answer: Answer) -> str:
    """An answer in canonical form, as the database keeps it."""
    return json.dumps(answer, ensure_ascii=False)


def take_census(reader: Reader, known: Known) -> Census | None:
    """Read a project; None where its answers cannot be listed, or nobody has answered.

    Answers that a later version of the file no longer has are left out.
    """
    options = options_of(known)
    if not options:
        return None
    number = {cell(option): n for n, option in enumerate(options)}
    tasks, told = _tasks(reader, known, number)
    workers = list(reader.stream(quality.ENROLLED, project=known.id))
    if not len(tasks.ids):
        return None
    crowd = _crowd(reader, known, tasks, told, workers, number)
    return Census(crowd, options, tasks, workers) if len(crowd) else None


class _Told(NamedTuple):
    """(tasks,) what the data file tells: the known answer and a model's guess, or UNKNOWN."""

    gold: Ints
    guess: Ints


def _tasks(reader: Reader, known: Known, number: Mapping[str, int]) -> tuple[Tasks, _Told]:
    ids, answers = array("q"), array("i")
    flags, labels, golds, guesses = bytearray(), array("i"), array("i"), array("i")
    confidence = array("d")
    for one in reader.stream(quality.ANSWERED_TASKS, project=known.id):
        ids.append(one.id)
        answers.append(one.answers)
        flags.append(_flags(one))
        labels.append(number.get(one.label or "", UNKNOWN))
        golds.append(number.get(_certain(one) or "", UNKNOWN))
        guesses.append(number.get(one.prior or "", UNKNOWN))
        confidence.append(one.confidence or 0.0)
    bits = np.frombuffer(flags, np.uint8)
    tasks = Tasks(
        np.frombuffer(ids, np.int64),
        bits & _OPEN > 0,
        bits & _AGREED > 0,
        bits & _COUNTED > 0,
        np.frombuffer(labels, np.int32),
        np.frombuffer(confidence, np.float64),
        np.frombuffer(answers, np.int32),
    )
    return tasks, _Told(np.frombuffer(golds, np.int32), np.frombuffer(guesses, np.int32))


_OPEN, _AGREED, _COUNTED = 1, 2, 4


def _flags(task: AnsweredTask) -> int:
    is_open = task.split != "gold" and task.status == "open"
    settled = task.status in {"agreed", "disputed"} and task.answers > 1 and task.method not in ASIDE
    settled |= task.status == "decided" and task.label is not None
    agreed = task.split != "gold" and task.status == "agreed"
    return _OPEN * is_open + _AGREED * agreed + _COUNTED * (task.split == "gold" or settled)


def _certain(task: AnsweredTask) -> str | None:
    """A known answer, or what reviewers decided."""
    if task.split == "gold":
        return task.gold
    return task.label if task.status == "decided" else None


class _Given(NamedTuple):
    """(answers,) each, in the order of the tasks: 24 bytes an answer, grown in place."""

    task: array[int]
    worker: array[int]
    label: array[int]
    at: array[int]
    milliseconds: array[int]


def _crowd(
    reader: Reader,
    known: Known,
    tasks: Tasks,
    told: _Told,
    workers: Sequence[Enrolled],
    number: Mapping[str, int],
) -> Crowd:
    given = _given(reader, known, tasks, np.array([one.worker for one in workers], np.int64), number)
    order = np.argsort(np.frombuffer(given.at, np.int64), kind="stable")
    guessed = np.flatnonzero(told.guess != UNKNOWN)

    def joined(first: Ints | int, rest: array[int]) -> Ints:
        column = np.empty(len(guessed) + len(order), np.int32)
        column[: len(guessed)] = first
        np.take(np.frombuffer(rest, np.int32), order, out=column[len(guessed) :])
        return column

    seconds = joined(0, given.milliseconds) / _MS
    seconds[: len(guessed)] = np.nan
    return Crowd(
        joined(guessed.astype(np.int32), given.task),
        joined(len(workers), given.worker),
        joined(told.guess[guessed], given.label),
        len(tasks.ids),
        len(workers) + 1,
        len(number),
        told.gold,
        seconds,
    )


def _given(reader: Reader, known: Known, tasks: Tasks, workers: Numbers, number: Mapping[str, int]) -> _Given:
    """The answers of known tasks, workers and labels, these numbered."""
    kept = _Given(array("i"), array("i"), array("i"), array("q"), array("i"))
    for some in chunks(reader.stream(quality.GIVEN, project=known.id), _AT_ONCE):
        task, worker, values, at, milliseconds = zip(*some, strict=True)
        where, seen_task = _places(tasks.ids, np.array(task, np.int64))
        who, seen_worker = _places(workers, np.array(worker, np.int64))
        label = np.fromiter(map(number.get, values, repeat(UNKNOWN)), np.int32, len(some))
        use = seen_task & seen_worker & (label != UNKNOWN)
        took = np.array(milliseconds, np.int64).clip(-_LONGEST_MS, _LONGEST_MS)
        columns: Sequence[NDArray[Any]] = (where, who, label, np.array(at, np.int64), took)
        for column, found in zip(kept, columns, strict=True):
            column.frombytes(found[use].astype(column.typecode).tobytes())
    return kept


def _places(sorted_ids: Numbers, ids: Numbers) -> tuple[Numbers, Flags]:
    """Where each id stands among the sorted ones, and whether it does."""
    if not len(sorted_ids):
        return np.zeros(len(ids), np.int64), np.zeros(len(ids), np.bool_)
    places: Numbers = np.searchsorted(sorted_ids, ids).clip(max=len(sorted_ids) - 1)
    return places, sorted_ids[places] == ids
