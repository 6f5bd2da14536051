"""A person's own file, written outside of any turn; one at a time for each, and none is left lying about."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from bot.conversation import Job
from bot.translate import Translator
from db.errors import CrowdloomError
from db.session import Database
from tasks.projects.catalog import Catalog
from tasks.words import Words, error_words

_PREFIX, _NAME = "my-data-", "my-data.zip"
_FORGOTTEN_MS = 3_600_000
"""A file that nobody could be sent within an hour is of no use to anybody."""


class MyDataJobs:
    """The job that a person may start for themselves."""

    def __init__(
        self, database: Database, catalog: Catalog, translator: Translator, now: Callable[[], int], outbox: Path
    ) -> None:
        self._database, self._catalog, self._translator = database, catalog, translator
        self._now, self._outbox = now, outbox
        self._under_way: set[int] = set()

    def all(self) -> Mapping[str, Job]:
        """Jobs by name."""
        return {"my_data": self._run}

    async def _run(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        person = int(arguments["person"])
        if person in self._under_way:
            return {"busy": True}
        self._under_way.add(person)
        try:
            return await asyncio.to_thread(self._write, person, arguments)
        except CrowdloomError as error:
            return {"mistakes": [error_words(error)]}
        finally:
            self._under_way.discard(person)

    def _write(self, person: int, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        from tasks.privacy.my_data import write  # noqa: PLC0415 - seldom needed

        def say(words: Words) -> str:
            return self._translator.words(words, arguments["language"], arguments["zone"])

        now = self._now()
        self._outbox.mkdir(parents=True, exist_ok=True)
        for left in self._outbox.glob(f"{_PREFIX}*.zip"):
            if int(left.stem.rpartition("-")[2]) < now - _FORGOTTEN_MS:
                left.unlink(missing_ok=True)
        out = self._outbox / f"{_PREFIX}{person}-{now}.zip"
        rows = write(self._database, self._catalog, person, out, now, say)
        return {"path": str(out), "name": _NAME, "rows": rows, "once": True}
