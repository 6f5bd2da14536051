"""A batch pass over a project's answers: what everybody knows together, and what that makes of each one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from tasks.consensus.census import Census
from tasks.consensus.records import Records
from tasks.consensus.temper import tempered
from tasks.quality.committee import Committee
from tasks.quality.crowd import UNKNOWN, Crowd, Floats, normalised
from tasks.quality.gold import doubted, trusted
from tasks.quality.kernel import LARGE
from tasks.quality.likeness import Likeness, Likenesses
from tasks.quality.model import MOST_LABELS, CrowdModel
from tasks.quality.one_coin import OneCoin
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
_MOST_ALIKE = 50
"""Pairs kept of one worker: a ring is known by less."""
_MOST_CELLS = 30_000_000
"""Workers times labels times labels: with more, everybody would wait for a pass."""
_MOST_LABELS_LOOKED_AT = 40
"""With more, whom to look at costs more than all the rest of a pass."""
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
    seen: Likeness


@dataclass(frozen=True, slots=True)
class Findings:
    """What a pass has found. Lists of workers are in the census's order."""

    model: CrowdModel
    records: Records
    doubts: Sequence[float]
    reasons: Sequence[Sequence[Text]]
    alike: Sequence[Pair]
    corrections: Sequence[Correction]
    """The strongest first."""


def reestimate(census: Census, before: CrowdModel, *, until_sure: bool) -> Findings:
    """Estimate everybody anew with the default method; ``before`` is what was believed until now.

    ``until_sure``: tasks were settled because they were sure, not because the number of answers was reached.
    Known answers that nearly everybody contradicts are not used. Where tables of each worker would be too large,
    people differ by their accuracy alone; with very many labels nobody is looked at. Raises UnwieldyError.
    """
    doubt = doubted(census.people())
    crowd = census.crowd if census.crowd.gold is None else replace(census.crowd, gold=trusted(census.crowd.gold, doubt))
    opinion, posterior, suspicion = _judged(census, crowd, before)
    records = _records(census, crowd, opinion)
    model = _model(crowd, opinion, records, before, census.tasks.ids[doubt.tasks].tolist())
    people = len(census.workers)
    return Findings(
        replace(model, temper=tempered(census, model, records, opinion, posterior)),
        records,
        suspicion.probability.tolist() if suspicion else [0.0] * people,
        [reasons(suspicion, worker) if suspicion else () for worker in range(people)],
        _pairs(suspicion, Likenesses(crowd, opinion)) if suspicion else [],
        _corrections(census, opinion, posterior, _HARDLY_SURE if until_sure else _RATHER_WRONG),
    )


def _judged(census: Census, crowd: Crowd, before: CrowdModel) -> tuple[Floats, Floats, Suspicion | None]:
    """What is thought of the tasks, how sure that is, and what is suspected of the people."""
    if crowd.workers * crowd.labels**2 > _MOST_CELLS:
        plain = OneCoin().fit(crowd).posterior_
        return plain, plain, None
    committee = Committee(start=_believed(census) if before.prior and len(crowd) > LARGE else None).fit(crowd)
    people = replace(census.people(), gold=crowd.gold)
    suspicion = suspect(people, committee.opinion_) if crowd.labels <= _MOST_LABELS_LOOKED_AT else None
    return committee.opinion_, committee.posterior_, suspicion


def _believed(census: Census) -> Floats:
    """(tasks, labels) what was believed of each task until now: where a pass over many answers begins."""
    tasks, labels = census.tasks, census.crowd.labels
    sure = tasks.confidence.clip(1 / labels, 0.999)
    rows = np.repeat(((1 - sure) / max(labels - 1, 1))[:, None], labels, axis=1)
    held = np.flatnonzero(tasks.label != UNKNOWN)
    rows[held, tasks.label[held]] = sure[held]
    return normalised(rows)


# --------------------------------------------------------------------------- each one


def _records(census: Census, crowd: Crowd, posterior: Floats) -> Records:
    """Of each worker and of the model: answers to settled and known tasks, held against the posterior."""
    counted = census.tasks.counted[crowd.task]
    task, worker, label = crowd.task[counted], crowd.worker[counted], crowd.label[counted]
    seen = np.bincount(worker, minlength=crowd.workers).astype(np.float64)
    held = posterior[task, label].astype(np.float64, copy=False)
    correct: Floats = np.bincount(worker, weights=held, minlength=crowd.workers).round(6).astype(np.float64)
    if crowd.labels > MOST_LABELS:
        return Records(seen, correct, None)
    size = crowd.labels * crowd.labels
    tables = np.zeros((crowd.workers, size))
    place = worker.astype(np.int64) * size + label
    for truth in range(crowd.labels):
        cells = np.bincount(place + truth * crowd.labels, weights=posterior[task, truth], minlength=tables.size)
        tables += cells.reshape(tables.shape)
    return Records(seen, correct, tables.round(6, out=tables))


def _pairs(suspicion: Suspicion, likenesses: Likenesses) -> list[Pair]:
    """The strongest, at most so many of one worker."""
    alike = suspicion.alike
    pairs, seen = [], np.zeros(len(suspicion.probability), np.int64)
    for n in np.argsort(-alike.strength, kind="stable").tolist():
        worker, other = int(alike.worker[n]), int(alike.other[n])
        if seen[worker] < _MOST_ALIKE and seen[other] < _MOST_ALIKE:
            seen[worker] += 1
            seen[other] += 1
            pairs.append(Pair(worker, other, float(alike.strength[n]), likenesses.of(worker, other)))
    return pairs


# --------------------------------------------------------------------------- all together


def _model(
    crowd: Crowd, posterior: Floats, records: Records, before: CrowdModel, doubted_gold: Sequence[int]
) -> CrowdModel:
    accuracy, strength = _spread(records.seen[:-1], records.correct[:-1], crowd.labels, before)
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
        guesser=records[crowd.workers - 1],
        doubted=tuple(doubted_gold),
    )


def _spread(seen: Floats, correct: Floats, labels: int, before: CrowdModel) -> tuple[float, float]:
    """The crowd's accuracy, and how many answers it counts for: the moments of a beta-binomial (Kleinman 1973)."""
    share = correct / np.maximum(seen, 1)
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
    label = census.tasks.label
    task = np.flatnonzero(census.tasks.agreed & (label != UNKNOWN))
    now = opinion[task, label[task]]
    task = task[now < least][np.argsort(now[now < least], kind="stable")]
    best = posterior.argmax(axis=1)
    return [Correction(int(n), int(best[n]), float(posterior[n, best[n]])) for n in task]
