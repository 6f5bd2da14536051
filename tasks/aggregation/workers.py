"""What is said of each worker after a batch: skill, answers, and whether somebody should look at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tasks.exchange.columns import Strings
from tasks.quality.crowd import Crowd
from tasks.quality.estimate import Estimate
from tasks.quality.kernel import UnwieldyError
from tasks.quality.reasons import reasons
from tasks.quality.skill import skill
from tasks.quality.suspicion import Suspicion, suspect
from tasks.words import Join, Words


def report(names: Strings, crowd: Crowd, estimate: Estimate, say: Callable[[Words], str]) -> dict[str, Any]:
    """Columns, a row for each worker of ``names``; ``crowd`` is the one that was estimated.

    ``say`` puts the reasons into the reader's language. Where there are too many labels for tables of each worker,
    nothing is said about whom to look at.
    """
    able = skill(estimate.crowd, estimate.posterior)
    doubt = _doubt(crowd, estimate)
    why = [""] * len(names)
    if doubt:
        for worker in np.flatnonzero(doubt.flag).tolist():
            why[worker] = say(Join(reasons(doubt, worker), " "))
    return {
        "worker": names,
        "skill": able.share,
        "skill_low": able.low,
        "skill_high": able.high,
        "answers": able.answers,
        # All digits, unlike the figures beside it: many are near 0 or 1, and whom to look at first is told by these.
        "score": doubt.probability.tolist() if doubt else [None] * len(names),
        "flag": doubt.flag.astype(np.int8) if doubt else [None] * len(names),
        "reasons": why,
    }


def _doubt(crowd: Crowd, estimate: Estimate) -> Suspicion | None:
    """A narrowed crowd's labels mean another thing on each task: habits cannot be seen in them."""
    if estimate.crowd.labels != crowd.labels:
        return None
    try:
        return suspect(estimate.crowd, estimate.posterior)
    except UnwieldyError:
        return None
