"""From a crowd's answers to one label a task with its confidence, by the method that was asked for."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tasks.quality.crowd import Crowd, Floats, Ints, predict
from tasks.quality.kernel import UnwieldyError
from tasks.quality.methods import DEFAULT, METHODS, known
from tasks.quality.narrow import narrow

_ALONE = ("majority", "wawa")
"""Methods that look at the labels of each task by itself, so that a narrowed crowd gives the same."""
_INSTEAD = "wawa"
"""In place of the default where its tables would not fit."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a method says. ``posterior`` (tasks, labels) and ``skill`` (workers,) are about ``crowd``."""

    method: str
    crowd: Crowd
    """The one that was given, or narrowed."""
    posterior: Floats
    skill: Floats
    label: Ints
    """(tasks,) of the crowd that was given."""
    confidence: Floats
    """(tasks,) probability that the label is right."""


def estimate(crowd: Crowd, name: str | None, seed: int) -> Estimate:
    """Fit the method of that name, by default the best that fits into memory.

    Raises UnknownMethodError, MistypedMethodError, UnwieldyError.
    """
    asked = known(name) if name else None
    try:
        return _plain(crowd, asked or DEFAULT, seed)
    except UnwieldyError:
        if asked not in {None, *_ALONE}:
            raise
    return _narrowed(crowd, asked or _INSTEAD, seed)


def _plain(crowd: Crowd, name: str, seed: int) -> Estimate:
    fitted = METHODS[name](seed).fit(crowd)
    posterior = fitted.posterior_
    return Estimate(name, crowd, posterior, fitted.skill_, predict(posterior), posterior.max(axis=1))


def _narrowed(crowd: Crowd, name: str, seed: int) -> Estimate:
    few, labels = narrow(crowd)
    fitted = METHODS[name](seed).fit(few)
    posterior = fitted.posterior_
    label = labels[np.arange(crowd.tasks), predict(posterior)]
    confidence = posterior.max(axis=1)
    where, known = crowd.known()
    label[where], confidence[where] = known, 1.0
    return Estimate(name, few, posterior, fitted.skill_, label, confidence)
