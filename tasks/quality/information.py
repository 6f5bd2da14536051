"""What one more answer to an open task is worth: the information that it is expected to give about the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence


def expected_information(posterior: Sequence[float], accuracy: float, labels: int) -> float:
    """Bits that the next answer is expected to give, by somebody of this accuracy whose errors go to all alike.

    The mutual information of truth and answer (Lindley, Annals of Mathematical Statistics 27, 1956):
    H(Σ_k q_k p(· | k)) − Σ_k q_k H(p(· | k)), where all rows have the same entropy. ``posterior`` may leave out
    improbable labels; ``labels`` is how many there are.
    """
    slip = (1 - accuracy) / (labels - 1)
    chances = [slip + (accuracy - slip) * share for share in posterior]
    rest = labels - len(chances)
    left = max(0.0, 1 - sum(chances)) / rest if rest else 0.0
    row = _surprise(accuracy) + (labels - 1) * _surprise(slip)
    return max(0.0, math.fsum(map(_surprise, chances)) + rest * _surprise(left) - row)


def _surprise(chance: float) -> float:
    return -chance * math.log2(chance) if chance > 0 else 0.0
