"""Aggregation at scale, each file in a process of its own.

A row is named by its answers × labels. The reference is iBCC in plain NumPy on the same answers, without reading
and writing: 30 passes of 2 × labels ``bincount``.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
from scipy.special import digamma

from bench.crowds import Recipe, drawn
from tasks.exchange.answers import read_answers
from tasks.exchange.estimates import write_columns
from tasks.quality.crowd import Crowd, softmax
from tasks.quality.estimate import estimate
from tasks.quality.methods import DEFAULT

COLUMNS = ("read s", "weigh s", "write s", "MB", "accuracy %", "of plain iBCC")
_METHODS = (DEFAULT, "majority", "dawid-skene")
_PASSES = 30
_EACH, _WORKERS = 5, 0.03
"""Answers a task; workers an answer."""


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """A row for each size, number of labels and method."""
    for labels in (2, 10):
        for answers in (20_000,) if short else (100_000, 1_000_000, 10_000_000):
            with tempfile.TemporaryDirectory() as folder:
                yield from _rows(Path(folder), answers, labels)


def _rows(folder: Path, answers: int, labels: int) -> Iterator[tuple[str, ...]]:
    crowd, truth = drawn(Recipe(answers // _EACH, int(answers * _WORKERS), labels, each=_EACH))
    names = pa.array(np.arange(labels)).cast(pa.string())
    write_columns(folder / "in.csv", {"task": crowd.task, "worker": crowd.worker, "label": names.take(crowd.label)})
    np.save(folder / "truth.npy", truth)
    reference = _reference(crowd)
    del crowd
    for method in _METHODS:
        said = subprocess.run(  # noqa: S603 - our own program
            [sys.executable, "-m", __spec__.name, str(folder), method], capture_output=True, text=True, check=True
        )
        found = json.loads(said.stdout)
        whole = found["read"] + found["weigh"] + found["write"]
        yield (
            f"{answers:,} × {labels}, {method}",
            *(f"{found[part]:.2f}" for part in ("read", "weigh", "write")),
            f"{found['megabytes']:.0f}",
            f"{100 * found['accuracy']:.1f}",
            f"{whole / reference:.2f}",
        )


def _reference(crowd: Crowd) -> float:
    """Seconds of a plain iBCC."""
    began = time.perf_counter()
    given = crowd.worker.astype(np.int64) * crowd.labels + crowd.label
    posterior = crowd.count()
    posterior /= np.maximum(posterior.sum(axis=1, keepdims=True), 1)
    for _ in range(_PASSES):
        logs = np.empty_like(posterior)
        for label in range(crowd.labels):
            counts = np.bincount(given, posterior[crowd.task, label], crowd.workers * crowd.labels) + 1.0
            counts[label :: crowd.labels] += 3
            table = counts.reshape(crowd.workers, crowd.labels)
            expected = digamma(table) - digamma(table.sum(axis=1))[:, None]
            logs[:, label] = np.bincount(crowd.task, expected.ravel()[given], crowd.tasks)
        posterior = softmax(logs)
    return time.perf_counter() - began


def _child(folder: Path, method: str) -> None:
    """Read, weigh and write; print how long each took."""
    marks = [time.perf_counter()]
    found = read_answers(folder / "in.csv", lambda _done, _total: None)
    marks.append(time.perf_counter())
    result = estimate(found.crowd, method, 0)
    marks.append(time.perf_counter())
    labels = pa.array(found.labels).take(result.label)
    write_columns(folder / "out.csv", {"task": found.tasks, "label": labels, "confidence": result.confidence})
    marks.append(time.perf_counter())
    truth = np.load(folder / "truth.npy")[np.array(found.tasks.to_pylist(), np.int64)]
    said = dict(zip(("read", "weigh", "write"), np.diff(marks).tolist(), strict=True))
    said["accuracy"] = float(np.mean(np.array(found.labels).astype(int)[result.label] == truth))
    said["megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps(said))


if __name__ == "__main__":
    _child(Path(sys.argv[1]), sys.argv[2])
