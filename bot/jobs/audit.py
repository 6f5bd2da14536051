"""Whether the records of what was done are unbroken, read outside of any turn."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from bot.conversation import Job
from db.session import Database

_MOST_TOLD = 5


class AuditJobs:
    """The job that an admin may start."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def all(self) -> Mapping[str, Job]:
        """Jobs by name."""
        return {"audit_verify": self._run}

    async def _run(self, _arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        return await asyncio.to_thread(self._verify)

    def _verify(self) -> Mapping[str, Any]:
        from tasks.privacy.verify import told_of, verify  # noqa: PLC0415 - seldom needed

        found = verify(self._database, "", lambda _done, _total: None)
        told = [told_of(one) for one in found.breaks[:_MOST_TOLD]]
        return {
            "records": found.records,
            "since": found.since,
            "hash": found.hash,
            "breaks": told,
            "broken": found.broken,
        }
