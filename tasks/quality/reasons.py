"""Why a worker's answers are looked at, in words that the worker reads too."""

from __future__ import annotations

from datetime import timedelta

import numpy as np

from tasks.quality.suspicion import Explanation, Suspicion
from tasks.words import Text, _

_CLEARLY = 1.0
"""Nats from which on the time is named."""


def reasons(suspicion: Suspicion, worker: int) -> tuple[Text, ...]:
    """Why this worker is flagged, the most telling first; empty if they are not."""
    if not suspicion.flag[worker]:
        return ()
    why = (_of_answers(suspicion, worker), _of_fit(suspicion, worker), _of_time(suspicion, worker))
    return tuple(reason for reason in why if reason is not None)


def _of_answers(suspicion: Suspicion, worker: int) -> Text | None:
    counts = suspicion.counts[worker]
    n = int(counts.sum())
    match Explanation(int(suspicion.explanation[worker])):
        case Explanation.ONE_LABEL:
            return _("Nearly always the same label: {same} of {n} answers.", same=int(counts.max()), n=n)
        case Explanation.ASLEEP:
            before = int(suspicion.awake[worker])
            return _("The first {before} of {n} answers fit; those since look like chance.", before=before, n=n)
        case Explanation.COPYING:
            return _(
                "The same answer as one other person on {equal} of the {shared} items that both had.",
                equal=int(suspicion.equal[worker]),
                shared=int(suspicion.shared[worker]),
            )
        case Explanation.SHARES:
            return _("The labels come in their usual mix, but hardly depend on the item.")
        case Explanation.CHANCE:
            return None


def _of_fit(suspicion: Suspicion, worker: int) -> Text | None:
    """How many answers fit what others say, unless it is about as good as that of somebody who looks."""
    if suspicion.explanation[worker] in {Explanation.ASLEEP, Explanation.COPYING}:
        return None
    agreed, expected = suspicion.agreed[worker], suspicion.expected[worker]
    return _(
        "About {agreed} of {n} answers fit what others say or what is known; by luck it would be about {expected}.",
        agreed=round(agreed),
        n=int(suspicion.counts[worker].sum()),
        expected=round(expected),
    )


def _of_time(suspicion: Suspicion, worker: int) -> Text | None:
    tempo = suspicion.tempo
    if not tempo.odds[worker] >= _CLEARLY or np.isnan(tempo.usual):
        return None
    return _(
        "Much faster than usual: {own} an item where others take {usual}.",
        own=timedelta(seconds=float(tempo.seconds[worker])),
        usual=timedelta(seconds=tempo.usual),
    )
