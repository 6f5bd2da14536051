"""How right each method is on made-up crowds, in percent."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from bench.crowds import Recipe, drawn
from tasks.quality.crowd import predict
from tasks.quality.methods import METHODS
from tasks.quality.scores import Scores, scores

CROWDS = {
    "plain": Recipe(2_000, 60, 3, each=5),
    "few answers": Recipe(2_000, 200, 3, each=2.2),
    "skewed": Recipe(2_000, 60, 2, each=5, skew=15, able=(4, 2)),
    "many labels": Recipe(2_000, 60, 20, each=5, able=(4, 3)),
    "guessers": Recipe(2_000, 60, 3, each=5, guessers=0.4),
    "err together": Recipe(2_000, 60, 3, each=7, traps=0.2),
}
COLUMNS = (*CROWDS, "mean", "ECE", "seconds")


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """A row for each method; EBCC is left out of a short run."""
    crowds = [drawn(replace(recipe, tasks=recipe.tasks // 10 if short else recipe.tasks)) for recipe in CROWDS.values()]
    for name, make in METHODS.items():
        if short and name == "ebcc":
            continue
        began = time.perf_counter()
        found: list[Scores] = []
        for crowd, truth in crowds:
            posterior = make(0).fit(crowd).posterior_
            found.append(scores(predict(posterior), posterior.max(axis=1), truth))
        seconds = time.perf_counter() - began
        accuracies = [100 * one.accuracy for one in found]
        error = float(np.mean([one.calibration for one in found]))
        yield (
            name,
            *(f"{accuracy:.1f}" for accuracy in accuracies),
            f"{np.mean(accuracies):.1f}",
            f"{error:.3f}",
            f"{seconds:.1f}",
        )
