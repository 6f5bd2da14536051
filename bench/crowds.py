"""Made-up crowds of any size, with the troubles that real ones have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tasks.quality.crowd import Crowd, Ints


@dataclass(frozen=True, slots=True)
class Recipe:
    """What a crowd is made from."""

    tasks: int
    workers: int
    labels: int
    each: float
    """Answers a task, on average."""
    skew: float = 2.0
    """How much more frequent the first label is than the last."""
    able: tuple[float, float] = (6.0, 2.0)
    """Beta distribution of the workers' accuracies."""
    guessers: float = 0.0
    """Share of workers who press anything."""
    traps: float = 0.0
    """Share of tasks at which most people take one and the same wrong label."""


def drawn(recipe: Recipe, seed: int = 0) -> tuple[Crowd, Ints]:
    """A crowd and the truth (tasks,). A few workers do most of the work; wrong answers prefer a neighbour."""
    rng = np.random.default_rng(seed)
    n, labels = int(recipe.tasks * recipe.each), recipe.labels
    shares = np.linspace(recipe.skew, 1, labels)
    truth = rng.choice(labels, recipe.tasks, p=shares / shares.sum())
    work = rng.lognormal(0, 1, recipe.workers)
    task = rng.permutation(np.arange(n) % recipe.tasks)
    worker = rng.choice(recipe.workers, n, p=work / work.sum())
    able = rng.beta(*recipe.able, recipe.workers)
    able[rng.random(recipe.workers) < recipe.guessers] = 1 / labels
    trapped = rng.random(recipe.tasks) < recipe.traps
    right = rng.random(n) < np.where(trapped[task], 0.3, able[worker])
    step = 1 + (rng.random(n) ** 2 * (labels - 1)).astype(np.int64)
    wrong = (truth[task] + np.where(trapped[task], 1, step)) % labels
    label = np.where(right, truth[task], wrong)
    _pairs, first = np.unique(task * recipe.workers + worker, return_index=True)
    first.sort()

    def kept(column: NDArray[np.int64]) -> Ints:
        return column[first].astype(np.int32)

    crowd = Crowd(kept(task), kept(worker), kept(label), recipe.tasks, recipe.workers, labels)
    return crowd, truth.astype(np.int32)
