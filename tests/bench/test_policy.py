"""The rule of dynamic overlap as a program: what it asks of whoever holds the answers, and when it ends."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
import pytest

from bench.policy import Holder, choosing, serving
from bench.rule import Rule
from tests.support.crowds import made

TASKS, EACH, LABELS = 60, 6, 3


class Recorded:
    """Holds a crowd's answers: reads what is said to it, and gives the line that follows."""

    def __init__(self, seed: int = 1) -> None:
        self.out = io.StringIO()
        some = made(tasks=TASKS, workers=12, labels=LABELS, each=EACH, seed=seed)
        self.truth = some.truth
        self.queues: dict[str, list[tuple[str, str]]] = {str(task): [] for task in range(TASKS)}
        columns = (some.crowd.task.tolist(), some.crowd.worker.tolist(), some.crowd.label.tolist())
        for task, worker, label in zip(*columns, strict=True):
            self.queues[str(task)].append((f"w{worker}", f"l{label}"))
        self.used = 0
        self._comers = np.random.default_rng(seed)

    def readline(self) -> str:
        """The answer to what was said last."""
        if not self.said:
            tasks = [{"task": task, "available": len(queue)} for task, queue in self.queues.items()]
            return json.dumps({"start": {"tasks": tasks, "labels": [f"l{n}" for n in range(LABELS)], "gold": {}}})
        question = json.loads(self.said[-1])
        if "next" in question:
            return json.dumps({"answers": [self._next(task) for task in question["next"]]})
        if "take" in question:
            return json.dumps({"answers": [self._take(task, question["worker"]) for task in question["take"]]})
        return json.dumps(self._arrival())

    def _next(self, task: str) -> dict[str, Any]:
        queue = self.queues[task]
        worker, label = queue.pop(0) if queue else (None, None)
        self.used += worker is not None
        return {"task": task, "worker": worker, "label": label, "left": len(queue)}

    def _take(self, task: str, worker: str) -> dict[str, Any]:
        found = next(one for one in self.queues[task] if one[0] == worker)
        self.queues[task].remove(found)
        self.used += 1
        return {"task": task, "worker": worker, "label": found[1]}

    def _arrival(self) -> dict[str, Any]:
        there = sorted({worker for queue in self.queues.values() for worker, _label in queue})
        if not there:
            return {"worker": None, "can": []}
        worker = there[self._comers.integers(len(there))]
        return {"worker": worker, "can": [t for t, queue in self.queues.items() if worker in dict(queue)]}

    @property
    def said(self) -> list[str]:
        """Lines said to it so far."""
        return self.out.getvalue().splitlines()

    def right(self) -> float:
        """Share of the results that are."""
        results = json.loads(self.said[-1])["done"]
        return float(np.mean([results[str(task)]["label"] == f"l{label}" for task, label in enumerate(self.truth)]))


def _play(goal: float, *, arrive: bool = False, most: int | None = None) -> Recorded:
    recorded = Recorded()
    holder = Holder(recorded, recorded.out)
    rule = Rule(len(holder.tasks), len(holder.labels), goal, most, holder.known())
    if arrive:
        serving(holder, rule, 0.5)
    else:
        choosing(holder, rule)
    posterior = rule.posterior()
    holder.done(posterior.argmax(axis=1).tolist(), posterior.max(axis=1).tolist())
    return recorded


def test_a_budget_is_spent_and_not_passed() -> None:
    assert _play(2.5).used == round(2.5 * TASKS)


def test_more_than_there_is_ends_with_all_of_it() -> None:
    assert _play(20).used == TASKS * EACH


def test_a_confidence_stops_before_the_most_answers() -> None:
    recorded = _play(0.8, most=4)
    left = [len(queue) for queue in recorded.queues.values()]
    assert min(left) == EACH - 4
    assert max(left) > EACH - 4
    assert recorded.right() > 0.8


@pytest.mark.parametrize("goal", [2.0, 0.8])
def test_those_who_come_are_served(goal: float) -> None:
    recorded = _play(goal, arrive=True)
    assert TASKS <= recorded.used < TASKS * EACH
    assert recorded.right() > 0.8


def test_the_same_again() -> None:
    assert _play(2.5).said == _play(2.5).said
