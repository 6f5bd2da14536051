"""People who work, for tests of what is told of them."""

from __future__ import annotations

import random

from db.session import Tx
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.projects.catalog import Known
from tests.property.rig import Rig


def works(rig: Rig, worker: int, times: int, now: int, rng: random.Random) -> None:
    """So many answers of somebody, one in two seconds."""

    def turn(tx: Tx, known: Known, at: int) -> None:
        found = offer(tx, known, worker, at, rng)
        assert not isinstance(found, NoWork)
        answering.submit(tx, known, worker, found.task, "cat", at + 1_000)

    for n in range(times):
        rig.run(lambda tx, known, n=n: turn(tx, known, now + 2_000 * n))  # type: ignore[misc]
