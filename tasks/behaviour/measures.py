"""Three figures from what is known of somebody's work: expertise, diligence, proficiency. Pure; each shows its parts.

A figure is 0 to 1, or None while too little is known. It tells what a person may be asked and what is worth checking;
nobody is rejected or suspended by it.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tasks.behaviour import signals, tempo
from tasks.behaviour.habits import Habits

LEAST_KNOWN = 10
"""Answers whose truth is known: with fewer nothing is said of how right they are."""
LEAST_ANSWERS = 20
"""Answers: with fewer nothing is said of how they are made."""
_LEAST_GOLD = 5
_LEAST_OF_LENGTH = 10
_LEAST_PARTS = 3
_LEAST_BITS = 0.1
"""With less entropy in the crowd's mix everybody gives the same answer, and nobody can be held against it."""
_LEAST_SKILL = 0.05
_Z = 1.96


@dataclass(frozen=True, slots=True)
class Part:
    """What a figure rests on: 0 to 1, its 95 % interval where it is a share, and of how many."""

    name: str
    value: float
    count: int
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, the answers that it rests on, and its parts."""

    value: float | None
    answers: int
    parts: Sequence[Part] = ()


@dataclass(frozen=True, slots=True)
class Truth:
    """How right somebody's answers were: by gold and consensus (``seen``, soft), and by gold alone."""

    seen: float = 0
    correct: float = 0
    gold_seen: int = 0
    gold_correct: int = 0


def share(name: str, right: float, of: float) -> Part:
    """A share: the mean under Jeffreys's prior, with Wilson's interval (Brown, Cai & DasGupta 2001)."""
    observed = right / of if of else 0.5
    middle = (right + _Z * _Z / 2) / (of + _Z * _Z)
    half = _Z * math.sqrt(of * observed * (1 - observed) + _Z * _Z / 4) / (of + _Z * _Z)
    return Part(name, (right + 0.5) / (of + 1), round(of), max(0.0, middle - half), min(1.0, middle + half))


def expertise(truth: Truth) -> Figure:
    """How right: the share of right answers among those whose truth became known, by gold or by the others."""
    parts = []
    if truth.gold_seen:
        parts.append(share("gold", truth.gold_correct, truth.gold_seen))
    others = truth.seen - truth.gold_seen
    if others > 0:
        parts.append(share("agreement", min(others, max(0.0, truth.correct - truth.gold_correct)), others))
    known = truth.seen >= LEAST_KNOWN
    value = share("", min(truth.correct, truth.seen), truth.seen).value if known else None
    return Figure(value, round(truth.seen), tuple(parts))


def diligence(habits: Habits, crowd: Habits, truth: Truth, lapsed: int = 0) -> Figure:
    """Whether they work as one who reads and means it: the geometric mean of the parts, so that none hides another.

    ``time``: share of the answers that took as long as reading does; ``steadiness`` and ``variety``: spread of the
    times and entropy of the answers against the crowd's; ``gold``: those known right; ``finished``: of what was taken.
    """
    answers, counts = habits.answers, habits.counts
    done = answers + counts.skips
    parts = [share("time", answers - counts.fast, answers)] if answers else []
    parts += _against_crowd(habits, crowd)
    if truth.gold_seen >= _LEAST_GOLD:
        parts.append(share("gold", truth.gold_correct, truth.gold_seen))
    if done:
        parts.append(share("finished", done, done + counts.dropped + lapsed))
    known = answers >= LEAST_ANSWERS and len(parts) >= _LEAST_PARTS
    value = math.exp(sum(math.log(part.value) for part in parts) / len(parts)) if known else None
    return Figure(value, answers, tuple(parts))


def _against_crowd(habits: Habits, crowd: Habits) -> Sequence[Part]:
    parts = []
    steadiness = _steadiness(habits, crowd)
    if steadiness is not None:
        parts.append(Part("steadiness", steadiness, habits.answers))
    mine, theirs = signals.entropy(habits), signals.entropy(crowd)
    if habits.answers >= LEAST_ANSWERS and mine is not None and theirs is not None and theirs >= _LEAST_BITS:
        parts.append(Part("variety", min(1.0, max(mine / theirs, 0.5 / habits.answers)), habits.answers))
    return parts


def _steadiness(habits: Habits, crowd: Habits) -> float | None:
    """The crowd's spread of times by the worker's own, 1 at the most; items of each length among themselves."""
    logs = [
        (sum(habits.times[length]), (theirs or 0) / mine)
        for length in _comparable(habits, crowd)
        if (mine := signals.spread(habits, length)) and (theirs := signals.spread(crowd, length)) is not None
    ]
    total = sum(count for count, _ratio in logs)
    return min(1.0, max(sum(count * ratio for count, ratio in logs) / total, 0.01)) if total else None


def _comparable(habits: Habits, crowd: Habits) -> Sequence[int]:
    """Classes of length of which both have enough."""
    return [n for n in range(tempo.LENGTHS) if min(sum(habits.times[n]), sum(crowd.times[n])) >= _LEAST_OF_LENGTH]


def proficiency(habits: Habits, crowd: Habits, truth: Truth, chance: float, typical: float) -> Figure:
    """Speed at equal accuracy: r / (1 + r), so that the typical worker has a half.

    r is the rate of right answers against the crowd's (rate-correct score, Woltz & Was 2006, Mem. Cognit. 34:668):
    the crowd's median time by the worker's own, items of each length among themselves, times the ratio of what they
    know. That is accuracy corrected for guessing, (accuracy − chance) / (1 − chance): fast guesses are worth nothing.
    ``chance``: how often a guess is right; ``typical``: accuracy of a typical worker.
    """
    speed = _speed(habits, crowd)
    if speed is None or truth.seen < LEAST_KNOWN or habits.answers < LEAST_ANSWERS:
        return Figure(None, habits.answers)
    accuracy = share("accuracy", min(truth.correct, truth.seen), truth.seen)
    rate = speed * _skill(accuracy.value, chance) / max(_LEAST_SKILL, _skill(typical, chance))
    parts = (Part("speed", speed / (1 + speed), habits.answers), accuracy)
    return Figure(rate / (1 + rate), habits.answers, parts)


def _skill(accuracy: float, chance: float) -> float:
    return max(0.0, (accuracy - chance) / (1 - chance))


def _speed(habits: Habits, crowd: Habits) -> float | None:
    """How many times as fast as the crowd, the geometric mean over items of each length."""
    logs = [
        (sum(habits.times[length]), math.log(theirs / mine))
        for length in _comparable(habits, crowd)
        if (mine := signals.median_seconds(habits, length)) and (theirs := signals.median_seconds(crowd, length))
    ]
    total = sum(count for count, _log in logs)
    return math.exp(sum(count * log for count, log in logs) / total) if total else None


def together(figures: Sequence[Figure]) -> Figure:
    """The same figure of several projects: the mean, by how many answers each rests on."""
    known = [figure for figure in figures if figure.value is not None and figure.answers]
    answers = sum(figure.answers for figure in known)
    value = sum((figure.value or 0) * figure.answers for figure in known) / answers if answers else None
    return Figure(value, answers)
