"""Made-up crowds: people of different ability answer questions whose truth is known."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from tasks.quality.crowd import UNKNOWN, Crowd, Ints


@dataclass(frozen=True, slots=True)
class Made:
    """A crowd, and the truth (tasks,) behind it."""

    crowd: Crowd
    truth: Ints


def made(
    tasks: int = 60,
    workers: int = 12,
    labels: int = 3,
    each: int = 5,
    seed: int = 0,
    able: tuple[float, float] = (6.0, 2.0),
    shares: tuple[float, ...] | None = None,
) -> Made:
    """Each task answered by ``each`` people, who are right by Beta(``able``) and else say any other label."""
    rng = np.random.default_rng(seed)
    truth = rng.choice(labels, tasks, p=shares)
    task = np.arange(tasks).repeat(each)
    worker = rng.random((tasks, workers)).argsort(axis=1)[:, :each].ravel()
    right = rng.random(len(task)) < rng.beta(*able, workers)[worker]
    wrong = (truth[task] + rng.integers(1, max(labels, 2), len(task))) % labels
    label = np.where(right, truth[task], wrong)
    order = rng.permutation(len(task))
    return Made(crowd(task[order], worker[order], label[order], tasks, workers, labels), truth.astype(np.int32))


def crowd(task: object, worker: object, label: object, tasks: int, workers: int, labels: int) -> Crowd:
    """From anything that is like an array."""

    def flat(column: object) -> Ints:
        return np.asarray(column, np.int32)

    return Crowd(flat(task), flat(worker), flat(label), tasks, workers, labels)


def knowing(of: Made, tasks: int) -> Crowd:
    """The crowd with the truth of its first ``tasks`` tasks known."""
    gold = np.full(of.crowd.tasks, UNKNOWN, np.int32)
    gold[:tasks] = of.truth[:tasks]
    return replace(of.crowd, gold=gold)
