"""What a project is asked for by chat and takes long: exports, evidence, weighing again; outside of any turn."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.conversation import Job
from db.errors import CrowdloomError
from db.session import Database
from tasks.consensus import corrections
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Catalog
from tasks.words import error_words


class ProjectJobs:
    """The jobs that conversations may start; each runs in a thread of its own."""

    def __init__(
        self,
        database: Database,
        catalog: Catalog,
        now: Callable[[], int],
        outbox: Path,
    ) -> None:
        self._database, self._catalog = database, catalog
        self._now, self._outbox = now, outbox

    def all(self) -> Mapping[str, Job]:
        """Jobs by name."""
        works = {
            "export": self._export,
            "again": self._again,
            "evidence": self._evidence,
        }
        return {name: self._threaded(work) for name, work in works.items()}

    def _threaded(self, work: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Job:
        def guarded(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
            try:
                return work(arguments)
            except CrowdloomError as error:
                return {"mistakes": [error_words(error)], "more": 0}

        async def run(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
            return await asyncio.to_thread(guarded, arguments)

        return run

    def _export(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        from tasks.exchange.handing_out import Wanted, hand_out  # noqa: PLC0415 - seldom needed

        name = f"{arguments['key']}-{arguments['what']}.csv"
        self._outbox.mkdir(parents=True, exist_ok=True)
        out = self._outbox / f"{self._now()}-{name}"
        wanted = Wanted(arguments["key"], arguments["what"], out, "csv")
        hand_out(self._database, self._catalog, _actor(arguments), wanted, self._now(), _quiet)
        return {"path": str(out), "name": name}

    def _evidence(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        from tasks.reports.package import write  # noqa: PLC0415 - seldom needed

        key, row, now = arguments["key"], arguments["row"], self._now()
        self._outbox.mkdir(parents=True, exist_ok=True)
        out = self._outbox / f"{now}-evidence-{arguments['person']}.json"
        write(self._database, self._catalog, _actor(arguments), (key, row), out, now)
        return {"path": str(out), "name": f"{key}-evidence.json", "once": True}

    def _again(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """Weigh settled tasks again that the last batch pass found in doubt."""
        known = self._database.run(lambda tx: self._catalog.by_key(tx, arguments["key"])).result()
        wrong = self._database.run(lambda tx: corrections.corrections(tx, known)).result()
        tasks = [one.task for one in wrong]
        act = Act("weigh again", project=known.id, figures={"tasks": len(tasks)})
        self._database.run(lambda tx: record(tx, _actor(arguments), act, self._now())).result()
        done = corrections.reopen(self._database, self._catalog, known.id, tasks, self._now)
        return {"key": known.key, **asdict(done)}


def _actor(arguments: Mapping[str, Any]) -> Actor:
    return Actor(int(arguments["person"]), arguments["channel"])


def _quiet(_done: int, _total: int) -> None:
    """Progress is not shown in a chat."""
