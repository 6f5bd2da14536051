"""The sums over all answers, beside plain loops."""

from __future__ import annotations

import numpy as np
import pytest

from tasks.quality.crowd import Crowd
from tasks.quality.kernel import Cells, Table, UnwieldyError, affordable, by_task
from tests.support.crowds import made

SOME = made(tasks=40, workers=9, labels=3, each=4).crowd


def _triples(of: Crowd) -> list[tuple[int, int, int]]:
    return list(zip(of.task.tolist(), of.worker.tolist(), of.label.tolist(), strict=True))


def test_evidence_and_counts() -> None:
    rng = np.random.default_rng(0)
    table = Table(SOME)
    logs, posterior = rng.random((9, 3, 3)), rng.random((40, 3))
    evidence, counts = np.zeros((40, 3)), np.zeros((9, 3, 3))
    for task, worker, label in _triples(SOME):
        evidence[task] += logs[worker, :, label]
        counts[worker, :, label] += posterior[task]
    np.testing.assert_allclose(table.evidence(logs), evidence)
    np.testing.assert_allclose(table.counts(posterior), counts)


def test_weights_and_states() -> None:
    rng = np.random.default_rng(0)
    weights = rng.random(len(SOME))
    states = rng.random((40, 6))
    counts = np.zeros((9, 6, 3))
    for (task, worker, label), weight in zip(_triples(SOME), weights, strict=True):
        counts[worker, :, label] += weight * states[task]
    np.testing.assert_allclose(Table(SOME, weights=weights, states=6).counts(states), counts)


def test_single_precision_is_near() -> None:
    posterior = np.random.default_rng(0).random((40, 3))
    single = Table(SOME, np.float32).counts(posterior)
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, Table(SOME).counts(posterior), rtol=1e-5)


def test_cells() -> None:
    rng = np.random.default_rng(0)
    cells = Cells(SOME)
    by_worker, by_label = rng.random((9, 3)), rng.random((40, 3))
    to_tasks, all_to_tasks = np.zeros((40, 3)), np.zeros((40, 3))
    to_workers, all_to_workers = np.zeros((9, 3)), np.zeros((9, 3))
    for task, worker, label in _triples(SOME):
        to_tasks[task, label] += by_worker[worker, label]
        to_workers[worker, label] += by_label[task, label]
        all_to_tasks[task] += by_worker[worker]
        all_to_workers[worker] += by_label[task]
    np.testing.assert_allclose(cells.to_tasks(by_worker), to_tasks)
    np.testing.assert_allclose(cells.to_workers(by_label), to_workers)
    np.testing.assert_allclose(cells.all_to_tasks(by_worker), all_to_tasks)
    np.testing.assert_allclose(cells.all_to_workers(by_label), all_to_workers)


def test_by_task_keeps_the_order_within() -> None:
    order, begin = by_task(SOME)
    assert np.array_equal(order, np.argsort(SOME.task, kind="stable"))
    assert np.array_equal(np.diff(begin), np.bincount(SOME.task, minlength=SOME.tasks))


def test_counts_of_few_and_of_many_labels() -> None:
    many = made(tasks=30, labels=50).crowd
    for of, weights in ((SOME, None), (many, None), (SOME, np.arange(len(SOME)) / 7.0)):
        flat = np.bincount(of.cell, weights=weights, minlength=of.tasks * of.labels)
        np.testing.assert_allclose(of.count(weights), flat.reshape(of.tasks, of.labels))


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(UnwieldyError, match="300000000 rows"):
        affordable(300_000_000, 2)
