"""What one more answer to an open task is worth: the information that it is expected to give about the truth."""

from __future__ import annotations

import math
from collections.abc import Sequence

from tasks.consensus.consensus import TEXTS_TO_MISS
from tasks.kinds import Kind, Question
from tasks.quality.model import CrowdModel

_HALF = 0.5


def worth_of_next(
    kind: Kind, question: Question, crowd: CrowdModel, chances: Sequence[float], answers: int = 0
) -> float:
    """Bits that one more answer is expected to give to a task whose labels have these chances, over √(answers + 1).

    The root is the step by which a mean still moves with its next member: a task that stays in doubt whatever is
    asked does not take the answers of those where they would help.
    """
    if kind.belief == "many":
        bits = math.fsum(expected_information((chance, 1 - chance), crowd.accuracy, 2) for chance in chances)
    else:
        labels = len(kind.options(question)) or max(TEXTS_TO_MISS, len(chances)) + 1
        bits = expected_information(chances, crowd.accuracy, labels)
    return bits / math.sqrt(answers + 1)


def worth_of_first(kind: Kind, question: Question, crowd: CrowdModel) -> float:
    """The same for the first answer to any task of the project."""
    if kind.belief == "many":
        return worth_of_next(kind, question, crowd, [_HALF] * len(kind.options(question)))
    return worth_of_next(kind, question, crowd, crowd.prior)


def expected_information(chances: Sequence[float], accuracy: float, labels: int) -> float:
    """Bits that the next answer is expected to give, by somebody of this accuracy whose errors go to all alike.

    The mutual information of truth and answer (Lindley, Annals of Mathematical Statistics 27, 1956):
    H(Σ_k q_k p(· | k)) − Σ_k q_k H(p(· | k)), where all rows have the same entropy. ``chances`` may leave out
    labels, which share what is left of one.
    """
    slip = (1 - accuracy) / (labels - 1)
    answers = [slip + (accuracy - slip) * chance for chance in chances]
    rest = labels - len(answers)
    other = max(0.0, 1 - math.fsum(answers)) / rest if rest else 0.0
    row = _surprise(accuracy) + (labels - 1) * _surprise(slip)
    return max(0.0, math.fsum(map(_surprise, answers)) + rest * _surprise(other) - row)


def _surprise(chance: float) -> float:
    return -chance * math.log2(chance) if chance > 0 else 0.0
