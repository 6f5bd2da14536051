"""Payouts that admins hand out and confirm by chat: files written and read outside of any turn, kept no longer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.conversation import Job
from bot.inbox import Inbox
from db.errors import CrowdloomError
from db.session import Database
from tasks.privacy.audit import Actor
from tasks.words import error_words


class PayoutJobs:
    """The jobs that an admin may start: addresses of people are in their files, which are deleted at the end."""

    def __init__(self, database: Database, now: Callable[[], int], inbox: Inbox, outbox: Path) -> None:
        self._database, self._now, self._inbox, self._outbox = database, now, inbox, outbox

    def all(self) -> Mapping[str, Job]:
        """Jobs by name."""
        works = {"hand_out": self._hand_out, "payouts_again": self._again, "payouts_confirm": self._confirm}
        return {name: _threaded(work) for name, work in works.items()}

    def _hand_out(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        from tasks.money import batch  # noqa: PLC0415 - seldom needed

        made = batch.hand_out(self._database, _actor(arguments), arguments["currency"], self._now())
        return self._written(made.id)

    def _again(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        from tasks.money import batch  # noqa: PLC0415 - seldom needed

        number = int(arguments["batch"])
        batch.once_more(self._database, _actor(arguments), number, self._now())
        return self._written(number)

    def _written(self, number: int) -> Mapping[str, Any]:
        from tasks.money import batch  # noqa: PLC0415 - as above

        self._outbox.mkdir(parents=True, exist_ok=True)
        out = self._outbox / f"payouts-{number}-{self._now()}.csv"
        made = batch.again(self._database, number, out, _quiet)
        return {"path": str(out), "name": f"payouts-{number}-{made.currency}.csv", "batch": number, "once": True}

    def _confirm(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        from tasks.money.confirming import confirm  # noqa: PLC0415 - as above

        file = Path(arguments["path"])
        try:
            return asdict(confirm(self._database, _actor(arguments), file, self._now(), _quiet))
        finally:
            self._inbox.drop(file)


def _threaded(work: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Job:
    def guarded(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return work(arguments)
        except CrowdloomError as error:
            return {"mistakes": [error_words(error)]}

    async def run(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        return await asyncio.to_thread(guarded, arguments)

    return run


def _actor(arguments: Mapping[str, Any]) -> Actor:
    return Actor(int(arguments["person"]), arguments["channel"])


def _quiet(_done: int, _total: int) -> None:
    """Progress is not shown in a chat."""
