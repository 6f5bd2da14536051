"""Majority: each answer is a vote."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Self

from tasks.quality.crowd import Crowd, Floats
from tasks.quality.passes import agreement, votes


@dataclass(slots=True)
class Majority:
    """Share of the votes: ``p(task, label) = votes for the label / votes``."""

    posterior_: Floats = field(init=False)
    skill_: Floats = field(init=False)

    def fit(self, crowd: Crowd) -> Self:
        """See ``Method``."""
        self.posterior_ = votes(crowd)
        self.skill_ = agreement(crowd, self.posterior_)
        return self
