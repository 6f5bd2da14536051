"""What is said of each worker after a batch: skill, answers, and whether somebody should look at them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from tasks.exchange.columns import Strings
from tasks.quality.estimate import Estimate
from tasks.quality.reasons import reasons
from tasks.quality.skill import skill
from tasks.quality.suspicion import suspect
from tasks.words import Join, Words


def report(names: Strings, estimate: Estimate, say: Callable[[Words], str]) -> dict[str, Any]:
    """Columns, a row for each worker of ``names``. ``say`` puts the reasons into the reader's language."""
    able = skill(estimate.crowd, estimate.posterior)
    doubt = suspect(estimate.crowd, estimate.posterior)
    why = [""] * len(names)
    for worker in np.flatnonzero(doubt.flag).tolist():
        why[worker] = say(Join(reasons(doubt, worker), " "))
    return {
        "worker": names,
        "skill": able.share,
        "skill_low": able.low,
        "skill_high": able.high,
        "answers": able.answers,
        "score": doubt.probability,
        "flag": doubt.flag.astype(np.int8),
        "reasons": why,
    }
