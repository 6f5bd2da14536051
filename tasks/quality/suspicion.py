"""The probability that a worker's answers give no information, and how that shows.

Bayesian comparison of explanations, worker by worker: they look (``honest``), or their answers are chance, follow
the labels' shares, are nearly always one label, stopped to depend on the tasks (``idle``), or have a source that is
not the task (``copying``, ``source``); how fast they were speaks for or against all of these (``tempo``). What is
believed of the tasks leaves out a worker's own answers and those of people alike, and counts everybody as far as
they seem to look (``habits``); so beliefs about tasks and about people are found in turns (``explain``).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from tasks.quality.crowd import Crowd, Floats, Ints
from tasks.quality.explain import PRIOR, Explanation, Found, Turn, explain
from tasks.quality.habits import learn
from tasks.quality.kernel import LARGE, Numbers, Table, precision
from tasks.quality.passes import votes
from tasks.quality.sheets import by_worker
from tasks.quality.tempo import Tempo, tempo

__all__ = ["ALIKE_FROM", "FEWEST_ANSWERS", "FLAG_FROM", "Alike", "Explanation", "Suspicion", "suspect"]

FLAG_FROM = 0.9
"""Probability from which on a worker is flagged."""
ALIKE_FROM = 0.1
"""Strength from which on a pair is named."""
FEWEST_ANSWERS = 8
"""With fewer answers nobody is."""
_ROUNDS, _PASSES = 3, 2
"""Beliefs about people are found so often, after so many passes over the tasks each.

In a ``LARGE`` crowd once: few people change what is believed there, and the flags it costs are the uncertain ones.
"""


@dataclass(frozen=True, slots=True)
class Alike:
    """Pairs of people whose answers are suspiciously alike, each pair once."""

    worker: Ints
    other: Ints
    """(pairs,) each; the worker has the lower number."""
    strength: Floats
    """(pairs,) probability that the two are one source: their equal answers count as ``2 − strength``.

    Pairs below ``ALIKE_FROM`` are left out.
    """


@dataclass(frozen=True, slots=True)
class Suspicion:
    """What speaks for and against each worker. Arrays are (workers,) unless said otherwise."""

    probability: Floats
    """That this worker's answers give no information."""
    log_odds: Floats
    """The same as log-odds, which rank finely where the probability is near 0 or 1."""
    flag: NDArray[np.bool_]
    """Probable enough, and on enough answers, to have somebody look."""
    explanation: Ints
    """The most probable ``Explanation`` if they give none."""
    alike: Alike
    counts: Floats
    """(workers, labels) answers of each label."""
    agreed: Floats
    """Expected number of answers that are right by what the others say or is known."""
    expected: Floats
    """The same if the worker's answers had been given to other tasks of theirs."""
    awake: Ints
    """Answers before the one since which they look like chance."""
    shared: Ints
    equal: Ints
    """Tasks in common with the person who speaks most for copying, and equal answers among them; 0 without."""
    tempo: Tempo


def suspect(crowd: Crowd, posterior: Floats | None = None) -> Suspicion:
    """Compare, worker by worker, what answers of people who look are like with ways of giving no information.

    ``posterior`` (tasks, labels) is what to start from, by default the shares of the votes. The same crowd gives the
    same result, bit for bit. Raises UnwieldyError where tables of confusion would not fit.
    """
    sheets, order = by_worker(crowd)
    pace = tempo(sheets, None if crowd.seconds is None else crowd.seconds[order])
    turn = Turn(crowd, sheets, order, pace, np.full(crowd.workers, 1 - PRIOR))
    table = Table(crowd, precision(crowd))
    belief: Numbers = votes(crowd) if posterior is None else posterior
    for _ in range(1 if len(crowd) > LARGE else _ROUNDS):
        for _ in range(_PASSES):
            habits = learn(table, crowd, belief, turn.weight)
            belief = habits.posterior(crowd)
        found = explain(turn, habits)
    return _suspicion(turn, found)


def _suspicion(turn: Turn, found: Found) -> Suspicion:
    probability = expit(found.log_odds)
    pairs, sources = found.pairs, found.sources
    named = sources.strength >= ALIKE_FROM
    alike = Alike(pairs.worker[named].astype(np.int32), pairs.other[named].astype(np.int32), sources.strength[named])
    partner = sources.partner
    return Suspicion(
        probability=probability,
        log_odds=found.log_odds,
        flag=(probability >= FLAG_FROM) & (turn.sheets.given >= FEWEST_ANSWERS),
        explanation=found.ways.argmax(axis=1).astype(np.int32),
        alike=alike,
        counts=turn.sheets.by_label(),
        agreed=found.agreed,
        expected=found.expected,
        awake=found.awake,
        shared=np.append(sources.shared, 0)[partner],
        equal=np.append(sources.equal, 0)[partner],
        tempo=turn.tempo,
    )
