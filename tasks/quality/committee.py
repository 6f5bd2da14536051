"""The default method: five views of the same answers, from one weight a person to full tables, heard alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

import numpy as np

from tasks.quality.bwa import Bwa
from tasks.quality.calibration import calibrated
from tasks.quality.crowd import Crowd, Floats
from tasks.quality.dependence import independence
from tasks.quality.hierarchical import SHARED, Hierarchical
from tasks.quality.kernel import LARGE, Numbers, by_task
from tasks.quality.one_coin import OneCoin
from tasks.quality.passes import agreement, finished


@dataclass(slots=True)
class Committee:
    """The mean of five posteriors, with a confidence that is as often right as it says.

    No one model is best on all crowds: full tables are on skewed questions with many answers, plain weights on small
    or noisy ones, and where a few people answer most of the tasks and err together a full table takes them for the
    truth. Each member makes one assumption more or less than its neighbour, so that the mean is near the best of them
    without knowing which that is:

    1. a weight for each worker (``Bwa``),
    2. hierarchical tables, labels as frequent as they appear (``Hierarchical``),
    3. the same, all labels alike, so that a rare one is not drowned,
    4. the second, answers of people who err together discounted (``independence``),
    5. one accuracy for each worker beside the crowd's own table, discounted too.

    (Bayesian model averaging with equal weights: the likelihood of the answers prefers the full tables always, also
    where they are wrong, so it cannot weigh the members. See docs/decisions/committee.md for what was tried.)
    """

    tolerance: float = 1e-4
    """Mean change of a task at which the members stop; ten times that where a million answers leave little to find."""
    most_passes: int = 100
    """Of each member. Two are better than many while tasks have few answers: people are then known so little that
    further passes agree on the errors that the first has made (docs/decisions/dynamic-overlap.md)."""
    start: Floats | None = None
    """(tasks, labels) where the tables begin, for a large crowd that was estimated before; else with the votes."""
    posterior_: Floats = field(init=False)
    skill_: Floats = field(init=False)
    opinion_: Floats = field(init=False)
    """(tasks, labels) the plain mean of the members, surer than ``posterior_``: what people are held against."""
    weights_: Floats = field(init=False)
    """(answers,) how much each counted beside the others on its task."""

    def fit(self, crowd: Crowd) -> Self:
        """See ``Method``. Raises UnwieldyError."""
        order, _begin = by_task(crowd)
        near = crowd.ordered(order)  # a task's answers side by side: sums over them stay in the processor's cache
        mean, evidence, weights = self._opinions(near)
        mean /= 5
        self.opinion_ = finished(mean.copy(), near)
        self.posterior_ = finished(calibrated(mean, evidence, near), near)
        self.skill_ = agreement(near, self.posterior_)
        self.weights_ = np.empty_like(weights)
        self.weights_[order] = weights
        return self

    def _opinions(self, crowd: Crowd) -> tuple[Floats, Numbers, Floats]:
        """The members' posteriors, added; the tables' before known answers are pinned; the answers' weights."""
        enough, most = self.tolerance * (10 if len(crowd) > LARGE else 1), self.most_passes
        tables = Hierarchical(tolerance=enough, most_passes=most, start=self.start).fit(crowd)
        sure, evidence = tables.posterior_, tables.evidence_
        del tables
        total = sure + Bwa(tolerance=self.tolerance, most_passes=most).fit(crowd).posterior_
        total += Hierarchical(skewed=False, tolerance=enough, most_passes=most, start=sure).fit(crowd).posterior_
        plain = OneCoin(tolerance=self.tolerance, most_passes=most).fit(crowd)
        weights = independence(crowd, plain.posterior_, plain.skill_)
        total += Hierarchical(weights=weights, tolerance=enough, most_passes=most, start=sure).fit(crowd).posterior_
        shared = Hierarchical(own=SHARED, weights=weights, tolerance=enough, most_passes=most, start=plain.posterior_)
        total += shared.fit(crowd).posterior_
        return total, evidence, weights
