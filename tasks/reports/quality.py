"""The report an auditor reads: how far people agree, what each label, task and answer rests on, what looks wrong.

A row says one thing: ``section`` (project | review | label | confusion | item | worker | task |
answer), the ``subject`` it is
about, the ``figure`` with its ``value`` and 95 % interval (``low``, ``high``), and a ``note`` in words.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from datetime import timedelta
from typing import Any

import numpy as np

from db.queries import exports, projects, quality
from db.session import Reader
from tasks.consensus.census import Census, take_census
from tasks.kept import unpack
from tasks.kinds import KINDS
from tasks.projects.catalog import Known
from tasks.quality.agreement import Alpha, confusion, measure
from tasks.quality.committee import Committee
from tasks.quality.crowd import Crowd, Floats
from tasks.quality.gaps import gaps
from tasks.quality.skill import skill
from tasks.quality.suspicion import suspect
from tasks.reports.reviews import reviews
from tasks.reports.ways import ways
from tasks.words import Text

Row = Sequence[Any]
Name = Callable[[int, int | None], str]
"""The pseudonym of a person (number, joined at)."""

_SEED = 20_261_101
"""Of the bootstrap: the same answers give the same intervals."""
_LEAST_SHARE = 0.01
_LEVELS = {"choice": "nominal", "rating": "interval"}


def report(reader: Reader, known: Known, name: Name) -> Iterator[Row]:
    """The rows, the most general first."""
    yield from _project(reader, known)
    for reviewed in reviews(reader, known):
        yield _row("review", *reviewed)
    census = take_census(reader, known)
    if census is not None:
        yield from _crowd(reader, known, census, name)
    for worker, joined_at, told in ways(reader, known):
        yield from (_row("worker", name(worker, joined_at), *one) for one in told)
    yield from _tasks(reader, known)
    yield from _answers(reader, known, name)


def _row(
    section: str, subject: str, figure: str, value: float | None, low: float | None = None, high: float | None = None,
    note: str = "",
) -> Row:  # fmt: skip
    return (section, subject, figure, _finite(value), _finite(low), _finite(high), note or None)


def _finite(value: float | None) -> float | None:
    return round(float(value), 6) if value is not None and math.isfinite(value) else None


# --------------------------------------------------------------------------- the project


def _project(reader: Reader, known: Known) -> Iterator[Row]:
    sums = reader.one(projects.SUMS, project=known.id)
    if sums is None:
        return
    for figure, value in zip(sums._fields, sums, strict=True):
        yield _row("project", known.key, figure, value)
    standing = reader.one(quality.STANDING, project=known.id)
    yield _row("project", known.key, "settled tasks weighed again by themselves", standing.reopened if standing else 0)
    model = known.crowd
    yield _row("project", known.key, "accuracy of a typical worker", model.accuracy)
    yield _row("project", known.key, "what an answer's evidence counts for", model.temper)


def _crowd(reader: Reader, known: Known, census: Census, name: Name) -> Iterator[Row]:
    """What can be told from all answers together; the model's guesses are no answers."""
    crowd, labels = census.people(), _labels(known, census)
    committee = Committee().fit(crowd)
    opinion = committee.opinion_
    yield from _agreement(known, crowd, labels)
    yield from _labels_and_confusion(crowd, opinion, labels)
    yield from _items(reader, known, census, crowd, opinion)
    yield from _workers(census, crowd, opinion, name)


def _labels(known: Known, census: Census) -> list[str]:
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    return [kind.write(question, option) for option in census.options]


def _agreement(known: Known, crowd: Crowd, labels: Sequence[str]) -> Iterator[Row]:
    level: Any = _LEVELS.get(known.spec.kind, "nominal")
    found = measure(crowd, np.random.default_rng(_SEED), level)
    yield _alpha("project", known.key, found.whole)
    for label, alpha in zip(labels, found.labels, strict=True):
        yield _alpha("label", label, alpha)


def _alpha(section: str, subject: str, alpha: Alpha) -> Row:
    return _row(section, subject, "Krippendorff's alpha", *alpha)


def _labels_and_confusion(crowd: Crowd, opinion: Floats, labels: Sequence[str]) -> Iterator[Row]:
    table = confusion(crowd, opinion)
    frequent = opinion.sum(axis=0) / max(len(opinion), 1)
    for k, label in enumerate(labels):
        yield _row("label", label, "share of the tasks", frequent[k])
        total = table[k].sum()
        for given, other in enumerate(labels):
            share = table[k, given] / total if total else 0.0
            if share >= _LEAST_SHARE:
                yield _row("confusion", label, f"answered {other}", share)


def _items(reader: Reader, known: Known, census: Census, crowd: Crowd, opinion: Floats) -> Iterator[Row]:
    found = gaps(crowd, opinion)
    for task, discrimination in zip(found.tasks.tolist(), found.discrimination.tolist(), strict=True):
        note = "able people get it wrong more than others: the guideline may have a gap here"
        row = reader.one(quality.ROW, project=known.id, task=int(census.tasks.ids[task]))
        yield _row("item", row.row if row else "", "discrimination", discrimination, note=note)
    for task in known.crowd.doubted:
        row = reader.one(quality.ROW, project=known.id, task=task)
        yield _row("item", row.row if row else "", "known answer", None, note="nearly everybody contradicts it")
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    for wrong in reader.stream(quality.CORRECTIONS, project=known.id, most=1_000_000):
        label = kind.write(question, json.loads(wrong.label))
        yield _row("item", wrong.row, "not sure any more", wrong.confidence, note=label)


def _workers(census: Census, crowd: Crowd, opinion: Floats, name: Name) -> Iterator[Row]:
    able, suspicion = skill(crowd, opinion), suspect(crowd, opinion)
    for n, worker in enumerate(census.workers):
        who = name(worker.worker, worker.joined_at)
        yield _row("worker", who, "answers", able.answers[n])
        yield _row("worker", who, "skill", able.share[n], able.low[n], able.high[n])
        why = " ".join(_plain(unpack(text)) for text in json.loads(worker.doubts or "[]"))
        yield _row("worker", who, "probability of giving no information", suspicion.probability[n], note=why)


def _plain(text: Text) -> str:
    """A sentence as the report has it, whatever the language of its reader."""
    spans = {
        name: f"{value.total_seconds():.1f} s" if isinstance(value, timedelta) else value
        for name, value in text.values.items()
    }
    return text.message.format(**spans)


# --------------------------------------------------------------------------- tasks and answers


def _tasks(reader: Reader, known: Known) -> Iterator[Row]:
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    for task in reader.stream(exports.JUDGED, project=known.id):
        note = f"{task.status}: {task.method}" if task.method else task.status
        yield _row("task", task.row, "confidence", task.confidence, note=note)
        for value, chance in json.loads(task.posterior or "[]"):
            if chance >= _LEAST_SHARE:
                cell = value if kind.belief == "many" else kind.write(question, value)
                yield _row("task", task.row, "probability", chance, note=cell)


def _answers(reader: Reader, known: Known, name: Name) -> Iterator[Row]:
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    for answer in reader.stream(exports.WEIGHED, project=known.id):
        who = name(answer.worker, answer.joined_at)
        label = kind.write(question, json.loads(answer.value))
        yield _row("answer", answer.row, f"weight of {who} (bits)", answer.weight, note=label)
