"""Dynamic overlap on made-up crowds: the share of answers saved at the accuracy of a majority of five.

Each rule stops earlier or later by its own number, which gives a curve; the references are k votes or k answers and
iBCC, a lead of n votes, and the rule of Toloka, a crowd platform, as its documentation tells it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bench.crowds import Recipe, drawn
from bench.rule import Asked, Rule
from tasks.quality.crowd import Crowd, Floats, Ints, Method
from tasks.quality.ibcc import Ibcc
from tasks.quality.majority import Majority

_EACH = 12.0
CROWDS = {
    "2 labels": Recipe(500, 60, 2, each=_EACH),
    "2, skewed": Recipe(500, 60, 2, each=_EACH, skew=6),
    "2, guessers": Recipe(500, 60, 2, each=_EACH, guessers=0.3),
    "4, hard": Recipe(500, 60, 4, each=_EACH, able=(4, 3)),
    "5, traps": Recipe(500, 60, 5, each=_EACH, traps=0.05),
}
COLUMNS = ("majority of 5", "k of iBCC", "lead of n", "Toloka's rule", "ours")
_KNOWN_SKILL, _KNOWN_WEIGHT = 0.75, 4.0
"""What Toloka's rule takes for the skill of those whose answers it knows nothing of, and for how many answers."""


@dataclass(slots=True)
class _Pool:
    """A crowd's answers, handed out one by one in their order."""

    crowd: Crowd
    truth: Ints
    asked: list[int] = field(default_factory=list)
    """Which answers were handed out."""
    _queues: list[list[int]] = field(init=False)

    def __post_init__(self) -> None:
        self._queues = [[] for _ in range(self.crowd.tasks)]
        for number, task in reversed(list(enumerate(self.crowd.task.tolist()))):
            self._queues[task].append(number)

    def ask(self, tasks: Sequence[int]) -> Iterator[Asked]:
        """The next answer to each, where there is one."""
        for task in tasks:
            if self._queues[task]:
                number = self._queues[task].pop()
                self.asked.append(number)
                yield Asked(task, int(self.crowd.worker[number]), int(self.crowd.label[number]))

    def left(self) -> Ints:
        """(tasks,) answers that are left."""
        return np.array([len(queue) for queue in self._queues], np.int32)

    def point(self, labels: Ints) -> tuple[float, float]:
        """Answers a task, and accuracy."""
        return len(self.asked) / self.crowd.tasks, float(np.mean(labels == self.truth))


Play = Callable[[_Pool, float], Ints]


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """A row for each crowd: the accuracy of five votes, and what each rule saves at it."""
    for name, recipe in CROWDS.items():
        curves: dict[str, list[Floats]] = {}
        made = replace(recipe, tasks=recipe.tasks // 5, workers=recipe.workers // 2) if short else recipe
        for seed in range(1 if short else 4):
            crowd, truth = drawn(made, seed)
            for rule, (play, numbers) in _RULES.items():
                points = [_played(play, number, crowd, truth) for number in numbers[:: 2 if short else 1]]
                curves.setdefault(rule, []).append(np.array(points))
        means = {rule: np.mean(several, axis=0) for rule, several in curves.items()}
        target = float(np.interp(5, *means.pop("k votes").T))
        yield (name, f"{100 * target:.1f} %", *(_saved(curve, target) for curve in means.values()))


def _played(play: Play, number: float, crowd: Crowd, truth: Ints) -> tuple[float, float]:
    pool = _Pool(crowd, truth)
    return pool.point(play(pool, number))


def _saved(curve: Floats, target: float) -> str:
    """Of five answers a task, at that accuracy."""
    curve = curve[np.argsort(curve[:, 0])]
    best = np.maximum.accumulate(curve[:, 1])
    if best[-1] < target:
        return "never as right"
    first = int(np.argmax(best >= target))
    needed = (
        curve[0, 0] if first == 0 else np.interp(target, best[first - 1 : first + 1], curve[first - 1 : first + 1, 0])
    )
    return f"{100 * (1 - needed / 5):.0f} %"


# --------------------------------------------------------------------------- the rules


def _fixed(method: Callable[[], Method]) -> Play:
    def play(pool: _Pool, number: float) -> Ints:
        everything = range(pool.crowd.tasks)
        answers = [one for _ in range(int(number)) for one in pool.ask(everything)]
        flat = np.array(answers, np.int32)
        crowd = pool.crowd
        given = Crowd(flat[:, 0].copy(), flat[:, 1].copy(), flat[:, 2].copy(), crowd.tasks, crowd.workers, crowd.labels)
        return _best(method().fit(given).posterior_)

    return play


def _lead(pool: _Pool, number: float) -> Ints:
    votes = np.zeros((pool.crowd.tasks, pool.crowd.labels))
    tasks = list(range(len(votes)))
    while tasks:
        for one in list(pool.ask(tasks)):
            votes[one.task, one.label] += 1
        ahead = np.sort(votes, axis=1)
        tasks = np.flatnonzero((ahead[:, -1] - ahead[:, -2] < number) & (pool.left() > 0)).tolist()
    return _best(votes)


def _toloka(pool: _Pool, number: float) -> Ints:
    """Weighted votes until a label's probability, with all errors alike, reaches ``number``; two answers at least.

    A worker's skill is how often they agreed with tasks that were closed.
    """
    seen, right = np.full(pool.crowd.workers, _KNOWN_WEIGHT), np.full(pool.crowd.workers, _KNOWN_WEIGHT * _KNOWN_SKILL)
    given: list[list[Asked]] = [[] for _ in range(pool.crowd.tasks)]
    labels = np.zeros(pool.crowd.tasks, np.int32)
    tasks = list(range(pool.crowd.tasks))
    while tasks:
        for one in list(pool.ask(tasks)):
            given[one.task].append(one)
        left, still = pool.left(), []
        for task in tasks:
            skills = {one.worker: right[one.worker] / seen[one.worker] for one in given[task]}
            labels[task], sure = _weighed(given[task], skills, pool.crowd.labels)
            if left[task] and (len(given[task]) == 1 or sure < number):
                still.append(task)
                continue
            for one in given[task]:
                seen[one.worker] += 1
                right[one.worker] += one.label == labels[task]
        tasks = still
    return labels


def _weighed(given: Sequence[Asked], skills: Mapping[int, float], labels: int) -> tuple[int, float]:
    sums, logs = np.zeros(labels), np.zeros(labels)
    for one in given:
        skill = min(max(skills[one.worker], 0.001), 0.999)
        sums[one.label] += skill
        logs += math.log((1 - skill) / (labels - 1))
        logs[one.label] += math.log(skill) - math.log((1 - skill) / (labels - 1))
    chances = np.exp(logs - logs.max())
    best = int(sums.argmax())
    return best, float(chances[best] / chances.sum())


def _ours(pool: _Pool, number: float) -> Ints:
    rule = Rule(pool.crowd.tasks, pool.crowd.labels, number)
    while len(tasks := rule.wanted(pool.left())):
        rule.add(pool.ask(tasks.tolist()))
    return _best(rule.posterior())


def _best(scores: Floats) -> Ints:
    best: Ints = scores.argmax(axis=1).astype(np.int32)
    return best


_RULES: Mapping[str, tuple[Play, Sequence[float]]] = {
    "k votes": (_fixed(Majority), (3, 5, 7)),
    "k of iBCC": (_fixed(Ibcc), (1, 2, 3, 4, 5, 6, 8, 10)),
    "lead of n": (_lead, (1, 2, 3, 4, 5)),
    "Toloka's rule": (_toloka, (0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999)),
    "ours": (_ours, (1, 1.25, 1.5, 1.75, 2, 2.5, 3, 4, 5, 6)),
}
