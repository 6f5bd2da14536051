"""Delivery times, written together: a screen that was shown costs no transaction of its own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence

from db.queries import behaviour
from db.session import Database, Tx

Receipt = tuple[int, int, int]
"""Project, task and worker."""


class Deliveries:
    """Receipts since the last flush. What a crash takes is a few unknown times, never an answer."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database, self._now = database, now
        self._waiting: list[tuple[Receipt, int]] = []

    def __call__(self, receipt: Receipt) -> None:
        """The channel has taken the screen of this assignment, just now."""
        self._waiting.append((receipt, self._now()))

    async def flush(self) -> None:
        """Write what has come in."""
        waiting, self._waiting = dict(reversed(self._waiting)), []  # of each the first time
        rows = [
            {"project": project, "task": task, "worker": worker, "at": at}
            for (project, task, worker), at in waiting.items()
        ]
        if rows:
            await asyncio.wrap_future(self._database.run(lambda tx: _delivered(tx, rows)))


def _delivered(tx: Tx, rows: Sequence[Mapping[str, int]]) -> None:
    tx.many(behaviour.SHOWN, rows)
    tx.many(behaviour.DELIVERED, rows)
