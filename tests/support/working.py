"""Simulated people who work a project through, each with an error rate of their own."""

from __future__ import annotations

from collections.abc import Mapping

from db.session import Database
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tests.conftest import Clock
from tests.property.rig import LABELS, Rig, a_rig, chance


def truth(task: int) -> str:
    """What a task's answer should be."""
    return LABELS[task * 7 % 11 % 2]


def work_through(rig: Rig, clock: Clock, errors: Mapping[int, float], seed: int = 1) -> None:
    """Everybody in turn answers until there is nothing left; ``errors`` by worker."""
    rng, left = chance(seed), list(errors)
    while left:
        for worker in list(left):
            found = rig.run(lambda tx, known, who=worker: offer(tx, known, who, clock(), rng))  # type: ignore[misc]
            if isinstance(found, NoWork):
                left.remove(worker)
                continue
            clock.pass_ms(4_000)
            right = truth(found.task)
            said = right if rng.random() >= errors[worker] else next(label for label in LABELS if label != right)
            rig.run(lambda tx, known, t=found.task, w=worker, s=said: answering.submit(tx, known, w, t, s, clock()))  # type: ignore[misc]


def spoiled(database: Database, clock: Clock, reopen: float) -> Rig:
    """Two people who tap one key whatever is asked settle tasks between them, before they meet others."""
    changed = {"overlap": {"min": 2, "max": 4, "confidence": 0.75, "reopen": reopen}}
    rig = a_rig(database, clock(), workers=8, tasks=120, changed=changed)
    bad, good = rig.workers[:2], rig.workers[2:]
    rng = chance(3)
    for worker in [*list(bad) * 24, *[*good[:3], *bad, *good[3:]] * 60]:
        found = rig.run(lambda tx, known, who=worker: offer(tx, known, who, clock(), rng))  # type: ignore[misc]
        if not isinstance(found, NoWork):
            clock.pass_ms(1_000)
            said = "cat" if worker in bad else truth(found.task)
            rig.run(lambda tx, known, t=found.task, w=worker, s=said: answering.submit(tx, known, w, t, s, clock()))  # type: ignore[misc]
    return rig
