"""Whether a task has been asked often enough: fixed overlap, or until it is sure."""

from __future__ import annotations

from dataclasses import dataclass

from tasks.consensus.consensus import Belief


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a task: ``status`` open | agreed | disputed, how many answers are wanted, and why."""

    status: str
    wanted: int
    method: str


def decide(belief: Belief, answers: int, wanted: int, most: int, confidence: float | None) -> Decision:
    """Decide after ``answers`` of the ``wanted`` are in; ``most`` and ``confidence`` are the project's overlap.

    With a fixed overlap (``confidence`` None) all answers are waited for. Otherwise one more is asked for until
    the belief reaches ``confidence`` and rests on more than one newcomer's word, ``most`` at the most.
    """
    if answers < wanted:
        return Decision("open", wanted, "")
    sure = not belief.tied and belief.confidence > 0.5  # noqa: PLR2004 - rather right than not
    if confidence is None:
        return Decision("agreed" if sure else "disputed", wanted, "overlap")
    if sure and belief.backed and belief.confidence >= confidence:
        return Decision("agreed", wanted, "confidence")
    if answers < most:
        return Decision("open", answers + 1, "")
    return Decision("disputed", wanted, "most answers")
