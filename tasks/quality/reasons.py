"""Why a worker's answers are looked at, in words that the worker reads too."""

from __future__ import annotations

from tasks.quality.suspicion import Suspicion
from tasks.words import Text


def reasons(suspicion: Suspicion, worker: int) -> tuple[Text, ...]:
    """Why this worker is flagged, the most telling first; empty if they are not."""
    if not suspicion.flag[worker]:
        return ()
    return ()
