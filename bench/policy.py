"""The rule of dynamic overlap as a program that can be measured from outside: ``python -m bench.policy P``.

It speaks lines of JSON, on its input and output by turns, with whoever holds recorded answers::

    < {"start": {"tasks": [{"task": "t1", "available": 10}, …], "labels": ["a", "b"], "gold": {"t9": "a"}}}
    > {"next": ["t1", "t2"]}
    < {"answers": [{"task": "t1", "worker": "w3", "label": "a", "left": 9}, …]}      worker null: no more
    > {"done": {"t1": {"label": "a", "confidence": 0.93}, …}}

P from 1 on is how many answers a task may have on average: they go where they are worth most. P below 1 is the
confidence at which a task is closed. With ``--arrive`` it does not choose who answers: workers come, and each is given
the tasks that are worth most among those that they can do::

    > {"arrive": true}
    < {"worker": "w3", "can": ["t1", "t2", …]}                                       worker null: nobody left
    > {"take": ["t1"], "worker": "w3"}
    < {"answers": [{"task": "t1", "worker": "w3", "label": "a"}]}
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol, TextIO

import numpy as np

if not __package__:  # started by its path, from any folder
    sys.path[0] = str(Path(__file__).resolve().parents[1])

from bench.rule import Asked, Rule

SITTING = 10
"""Tasks that a worker is given when they come."""
PATIENCE, MOST_PASSED = 100, 2000
"""So many come in vain before less is asked of them, and before nobody is waited for any more."""


class Lines(Protocol):
    """What is read from."""

    def readline(self) -> str:
        """The next line."""


class Holder:
    """Whoever holds the recorded answers, at the other end of two streams of lines."""

    def __init__(self, lines: Lines, out: TextIO) -> None:
        self._lines, self._out = lines, out
        start = json.loads(lines.readline())["start"]
        self.tasks = [one["task"] for one in start["tasks"]]
        self.left = np.array([one["available"] for one in start["tasks"]])
        self.labels: list[str] = start["labels"]
        self.gold: Mapping[str, str] = start.get("gold") or {}
        self._number = {task: number for number, task in enumerate(self.tasks)}
        self._label = {label: number for number, label in enumerate(self.labels)}
        self._workers: dict[str, int] = {}

    def known(self) -> dict[int, int]:
        """Tasks whose answer is known, and that."""
        return {self._number[task]: self._label[label] for task, label in self.gold.items() if task in self._number}

    def next(self, tasks: Sequence[int]) -> Iterator[Asked]:
        """One more answer to each of these, where there is one."""
        for given in self._ask({"next": [self.tasks[task] for task in tasks]})["answers"]:
            self.left[self._number[given["task"]]] = given["left"]
            if given["worker"] is not None:
                yield self._asked(given)

    def arrival(self) -> tuple[str, list[int]] | None:
        """Who comes next, and the tasks that they can do."""
        came = self._ask({"arrive": True})
        return None if came["worker"] is None else (came["worker"], [self._number[task] for task in came["can"]])

    def take(self, worker: str, tasks: Sequence[int]) -> Iterator[Asked]:
        """That worker's answers to these."""
        given = self._ask({"take": [self.tasks[task] for task in tasks], "worker": worker})
        return map(self._asked, given["answers"])

    def number(self, worker: str) -> int:
        """A worker's number."""
        return self._workers.setdefault(worker, len(self._workers))

    def done(self, labels: Sequence[int], confidence: Sequence[float]) -> None:
        """Hand in the results."""
        results = {
            task: {"label": self.labels[label], "confidence": float(sure)}
            for task, label, sure in zip(self.tasks, labels, confidence, strict=True)
        }
        self._say({"done": results})

    def _asked(self, given: Mapping[str, Any]) -> Asked:
        return Asked(self._number[given["task"]], self.number(given["worker"]), self._label[given["label"]])

    def _ask(self, question: Mapping[str, Any]) -> Any:
        self._say(question)
        return json.loads(self._lines.readline())

    def _say(self, what: Mapping[str, Any]) -> None:
        print(json.dumps(what), file=self._out, flush=True)


def choosing(holder: Holder, rule: Rule) -> None:
    """Ask for answers to tasks until the rule wants no more."""
    while len(tasks := rule.wanted(holder.left)):
        rule.add(holder.next(tasks.tolist()))


def serving(holder: Holder, rule: Rule, share: float) -> None:
    """Give those who come what is worth most, until the rule wants no more or nobody is left who could do it.

    Tasks of which somebody would tell less than ``share`` of what a typical worker does wait for others; the longer
    nobody has come who fits, the less is asked for.
    """
    passed = 0
    while passed < MOST_PASSED and rule.open().any() and (came := holder.arrival()):
        worker, can = came
        lowered = share * 0.7 ** (passed // PATIENCE)
        tasks = rule.best(rule.fit_for(holder.number(worker), np.array(can), lowered), SITTING)
        if len(tasks):
            rule.add(holder.take(worker, tasks.tolist()))
        passed = 0 if len(tasks) else passed + 1


def main() -> int:
    """Speak with whoever holds the answers, on standard input and output."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("goal", type=float, metavar="P", help="answers a task; below 1 the confidence to stop at")
    parser.add_argument("--most", type=int, help="answers after which a task comes last, or is given up")
    parser.add_argument("--arrive", action="store_true", help="workers come, and are given tasks")
    parser.add_argument("--share", type=float, default=0.5, help="of what a typical worker tells: who less, waits")
    given = parser.parse_args()
    holder = Holder(sys.stdin, sys.stdout)
    rule = Rule(len(holder.tasks), len(holder.labels), given.goal, given.most, holder.known())
    if given.arrive:
        serving(holder, rule, given.share)
    else:
        choosing(holder, rule)
    posterior = rule.posterior()
    holder.done(posterior.argmax(axis=1).tolist(), posterior.max(axis=1).tolist())
    return 0


if __name__ == "__main__":
    sys.exit(main())
