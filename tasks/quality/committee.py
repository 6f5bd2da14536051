"""The default method: five views of the same answers, from one weight a person to full tables, heard alike."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from tasks.quality.bwa import Bwa
from tasks.quality.calibration import calibrated
from tasks.quality.crowd import Crowd, Floats
from tasks.quality.dependence import independence
from tasks.quality.hierarchical import SHARED, Hierarchical
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
    posterior_: Floats = field(init=False)
    skill_: Floats = field(init=False)
    weights_: Floats = field(init=False)
    """(answers,) how much each counted beside the others on its task."""

    def fit(self, crowd: Crowd) -> Self:
        """See ``Method``. Raises UnwieldyError."""
        tables = Hierarchical(tolerance=self.tolerance).fit(crowd)
        by_answers = tables.evidence_
        mean = tables.posterior_ + Bwa().fit(crowd).posterior_
        mean += Hierarchical(skewed=False, tolerance=self.tolerance).fit(crowd).posterior_
        self.weights_ = self._weights(crowd)
        mean += Hierarchical(weights=self.weights_, tolerance=self.tolerance).fit(crowd).posterior_
        mean += Hierarchical(own=SHARED, weights=self.weights_, tolerance=self.tolerance).fit(crowd).posterior_
        mean /= 5
        self.posterior_ = finished(calibrated(mean, by_answers, crowd), crowd)
        self.skill_ = agreement(crowd, self.posterior_)
        return self

    def _weights(self, crowd: Crowd) -> Floats:
        """From the plainest model that tells workers apart: a richer one would explain errors made together."""
        plain = OneCoin().fit(crowd)
        return independence(crowd, plain.posterior_, plain.skill_)
