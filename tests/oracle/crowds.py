"""The made-up crowds that crowd-kit is asked about: ``python -m tests.oracle.crowds > tests/oracle/crowds.json``."""

from __future__ import annotations

import json
import sys
from typing import Any

from tests.support.crowds import Made, made


def plain(of: Made, known: int) -> dict[str, Any]:
    """A crowd as JSON, with the truth of its first tasks as gold."""
    return {
        "tasks": of.crowd.tasks,
        "workers": of.crowd.workers,
        "labels": of.crowd.labels,
        "task": of.crowd.task.tolist(),
        "worker": of.crowd.worker.tolist(),
        "label": of.crowd.label.tolist(),
        "gold": {task: int(of.truth[task]) for task in range(known)},
    }


def crowds() -> dict[str, Any]:
    """Two labels with skewed shares, five even ones, and people who hardly know."""
    return {
        "skewed": plain(made(60, 10, 2, 5, seed=1, shares=(0.8, 0.2)), 6),
        "five labels": plain(made(80, 12, 5, 6, seed=2), 8),
        "noisy": plain(made(50, 12, 3, 7, seed=3, able=(4.0, 2.0)), 6),
    }


if __name__ == "__main__":
    json.dump(crowds(), sys.stdout)
