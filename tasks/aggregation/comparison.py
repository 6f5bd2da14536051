"""All methods on the same answers, side by side."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from tasks.quality.crowd import UNKNOWN, Crowd, Ints
from tasks.quality.estimate import Estimate, estimate
from tasks.quality.kernel import UnwieldyError
from tasks.quality.methods import METHODS
from tasks.quality.scores import Scores, scores


@dataclass(frozen=True, slots=True)
class Compared:
    """What a method made of the answers; ``seconds`` of wall time."""

    method: str
    seconds: float
    agreement: float
    """Share of the tasks to which it gives the label of the reference."""
    confidence: float
    """Mean."""
    scores: Scores | None
    """Against known answers, if there are any."""


def compare(
    crowd: Crowd,
    reference: Estimate,
    seed: int,
    now: Callable[[], float],
    progress: Callable[[int, int], None],
    names: Sequence[str] = tuple(METHODS),
) -> list[Compared]:
    """Fit each method whose tables fit into memory. Known answers of ``crowd`` score, and are hidden from the methods.

    ``now`` is a clock in seconds.
    """
    blind = replace(crowd, gold=None)
    found = []
    for done, name in enumerate(names):
        progress(done, len(names))
        began = now()
        try:
            one = estimate(blind, name, seed)
        except UnwieldyError:
            continue
        found.append(_compared(one, now() - began, reference.label, crowd))
    progress(len(names), len(names))
    return found


def _compared(one: Estimate, seconds: float, label: Ints, crowd: Crowd) -> Compared:
    return Compared(
        one.method,
        seconds,
        float(np.mean(one.label == label)),
        float(one.confidence.mean()),
        _scores(one, crowd),
    )


def _scores(one: Estimate, crowd: Crowd) -> Scores | None:
    where = np.flatnonzero(crowd.gold != UNKNOWN) if crowd.gold is not None else np.empty(0, np.intp)
    if crowd.gold is None or not len(where):
        return None
    return scores(one.label[where], one.confidence[where], crowd.gold[where])
