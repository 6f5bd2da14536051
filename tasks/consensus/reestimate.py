"""A batch pass over a project's answers: what everybody knows together, and what that makes of each one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tasks.consensus.census import Census, cell
from tasks.consensus.temper import tempered
from tasks.quality.committee import Committee
from tasks.quality.crowd import UNKNOWN, Crowd, Floats, Ints
from tasks.quality.gold import doubted, trusted
from tasks.quality.model import MOST_LABELS, CrowdModel, Record
from tasks.quality.reasons import reasons
from tasks.quality.suspicion import Suspicion, suspect
from tasks.words import Text

_RATHER_WRONG = 0.4
"""A settled label that is less probable than this would be answered otherwise today."""
_HARDLY_SURE = 0.75
"""A label that was settled because it was sure, and is less probable than this today, would be asked again."""
_LEAST_STRENGTH, _MOST_STRENGTH = 2.0, 50.0
_ENOUGH_WORKERS = 5
"""From so many on the crowd says how much people differ."""
_SMOOTHING = 5.0
"""Answers that what is believed beforehand counts as, in the crowd's tables."""


@dataclass(frozen=True, slots=True)
class Correction:
    """A settled task, by its place in the census, and what it would be settled with today."""

    task: int
    label: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Pair:
    """Two workers, by their places in the census, whose answers are suspiciously alike."""

    worker: int
    other: int
    strength: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What a pass has found. Lists of workers are in the census's order."""

    model: CrowdModel
    records: Sequence[Record]
    doubts: Sequence[float]
    reasons: Sequence[Sequence[Text]]
    alike: Sequence[Pair]
    corrections: Sequence[Correction]
    """The strongest first."""


def reestimate(census: Census, before: CrowdModel, *, until_sure: bool) -> Findings:
    """Estimate everybody anew with the default method; ``before`` is what was believed until now.

    ``until_sure``: tasks were settled because they were sure, not because the number of answers was reached.
    Known answers that nearly everybody contradicts are not used. Raises UnwieldyError.
    """
    doubt = doubted(census.people())
    crowd = census.crowd if census.crowd.gold is None else replace(census.crowd, gold=trusted(census.crowd.gold, doubt))
    committee = Committee().fit(crowd)
    opinion, posterior = committee.opinion_, committee.posterior_
    people = replace(census.people(), gold=crowd.gold)
    suspicion = suspect(people, opinion)
    records = _records(census, crowd, opinion)
    model = _model(crowd, opinion, records, before, [census.tasks[task].id for task in doubt.tasks])
    said = _suspicions(suspicion, len(census.workers))
    return Findings(
        replace(model, temper=tempered(census, model, records, opinion, posterior)),
        records[: census.guesser],
        suspicion.probability.tolist(),
        said,
        _pairs(suspicion),
        _corrections(census, opinion, posterior, _HARDLY_SURE if until_sure else _RATHER_WRONG),
    )


# --------------------------------------------------------------------------- each one


def _records(census: Census, crowd: Crowd, posterior: Floats) -> list[Record]:
    """Of each worker and of the model: answers to settled and known tasks, held against the posterior."""
    counted = census.counted[crowd.task]
    task, worker, label = crowd.task[counted], crowd.worker[counted], crowd.label[counted]
    seen = np.bincount(worker, minlength=crowd.workers)
    correct = np.bincount(worker, weights=posterior[task, label], minlength=crowd.workers)
    if crowd.labels > MOST_LABELS:
        return [Record(float(n), float(right)) for n, right in zip(seen, correct, strict=True)]
    size = crowd.labels * crowd.labels
    tables = np.zeros((crowd.workers, size))
    place = worker.astype(np.int64) * size + label
    for truth in range(crowd.labels):
        cells = np.bincount(place + truth * crowd.labels, weights=posterior[task, truth], minlength=tables.size)
        tables += cells.reshape(tables.shape)
    tables = tables.round(6)
    return [
        Record(float(n), round(float(right), 6), tuple(table) if n else ())
        for n, right, table in zip(seen, correct, tables.tolist(), strict=True)
    ]


def _suspicions(suspicion: Suspicion, workers: int) -> list[Sequence[Text]]:
    return [reasons(suspicion, worker) for worker in range(workers)]


def _pairs(suspicion: Suspicion) -> list[Pair]:
    columns = (suspicion.alike.worker, suspicion.alike.other, suspicion.alike.strength)
    return [Pair(*pair) for pair in zip(*(column.tolist() for column in columns), strict=True)]


# --------------------------------------------------------------------------- all together


def _model(
    crowd: Crowd, posterior: Floats, records: Sequence[Record], before: CrowdModel, doubted_gold: Sequence[int]
) -> CrowdModel:
    *people, guesser = records
    accuracy, strength = _spread(people, crowd.labels, before)
    even = 1 / crowd.labels
    shares = np.bincount(crowd.label, minlength=crowd.labels) + _SMOOTHING * even
    frequent = posterior.sum(axis=0) + _SMOOTHING
    return replace(
        before,
        accuracy=accuracy,
        strength=strength,
        shape=_shape(crowd, posterior, before),
        prior=tuple((frequent / frequent.sum()).tolist()),
        shares=tuple((shares / shares.sum()).tolist()),
        guesser=guesser,
        answers=len(crowd),
        doubted=tuple(doubted_gold),
    )


def _spread(people: Sequence[Record], labels: int, before: CrowdModel) -> tuple[float, float]:
    """The crowd's accuracy, and how many answers it counts for: the moments of a beta-binomial (Kleinman 1973)."""
    seen = np.array([one.seen for one in people])
    share = np.array([one.correct for one in people]) / np.maximum(seen, 1)
    total = seen.sum()
    if not total:
        return before.accuracy, before.strength
    known = total + before.strength
    mean = float(np.clip((seen @ share + before.accuracy * before.strength) / known, 1 / labels + 0.05, 0.98))
    if (seen > 0).sum() < _ENOUGH_WORKERS:
        return mean, before.strength
    workers = int((seen > 0).sum())
    between = float(seen @ (share - mean) ** 2) - (workers - 1) * mean * (1 - mean)
    between /= max(total - float(seen @ seen) / total, 1.0)
    strength = mean * (1 - mean) / max(between, 1e-6) - 1
    return mean, float(np.clip(strength, _LEAST_STRENGTH, _MOST_STRENGTH))


def _shape(crowd: Crowd, posterior: Floats, before: CrowdModel) -> tuple[tuple[float, ...], ...]:
    """Where errors go, of the whole crowd."""
    if crowd.labels > MOST_LABELS:
        return before.shape
    even = (1 - np.eye(crowd.labels)) / max(crowd.labels - 1, 1)
    expected = np.array(before.shape) if before.shape else even
    errors = (posterior.T @ crowd.count()) * (1 - np.eye(crowd.labels)) + _SMOOTHING * expected
    return tuple(map(tuple, (errors / errors.sum(axis=1, keepdims=True)).tolist()))


def _corrections(census: Census, opinion: Floats, posterior: Floats, least: float) -> list[Correction]:
    """Agreed tasks whose label is less probable than ``least`` by all that is known now."""
    options = {cell(option): n for n, option in enumerate(census.options)}
    held = [options.get(one.label or "", UNKNOWN) if one.status == "agreed" else UNKNOWN for one in census.tasks]
    label: Ints = np.array(held, np.int32)
    task = np.flatnonzero(label != UNKNOWN)
    now = opinion[task, label[task]]
    task = task[now < least][np.argsort(now[now < least], kind="stable")]
    best = posterior.argmax(axis=1)
    return [Correction(int(n), int(best[n]), float(posterior[n, best[n]])) for n in task]
