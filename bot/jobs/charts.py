"""How a project goes, drawn and written outside of any turn: from a read connection, in a thread, one by one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.conversation import Job
from bot.media import Drawn
from bot.translate import Translator
from db.errors import CrowdloomError
from db.session import Database
from tasks.calendar import zone_of
from tasks.projects.catalog import Catalog
from tasks.words import error_words

if TYPE_CHECKING:
    from tasks.reports.course import Course

_KEPT_MS = 60_000
"""So long the same pictures are shown again."""
_MOST_KEPT = 100

Arguments = Mapping[str, Any]
Outcome = Mapping[str, Any]


class ChartJobs:
    """Pictures for a chat, and the same figures as a file."""

    def __init__(
        self,
        database: Database,
        catalog: Catalog,
        translator: Translator,
        now: Callable[[], int],
        drawn: Drawn,
        outbox: Path,
    ) -> None:
        self._database, self._catalog, self._translator = database, catalog, translator
        self._now, self._drawn, self._outbox = now, drawn, outbox
        self._one = asyncio.Lock()
        self._kept: dict[tuple[str, ...], tuple[int, Outcome]] = {}

    def all(self) -> Mapping[str, Job]:
        """Jobs by name."""
        return {"charts": self._charts, "figures": self._figures, "report": self._report}

    async def _charts(self, arguments: Arguments) -> Outcome:
        async with self._one:
            wanted = (arguments["key"], arguments["language"], arguments["zone"])
            made, outcome = self._kept.get(wanted, (0, {}))
            if not made or not 0 <= self._now() - made < _KEPT_MS:
                outcome = await self._guarded(self._draw, arguments)
                if len(self._kept) >= _MOST_KEPT:
                    self._kept.clear()
                if "key" in outcome:
                    self._kept[wanted] = self._now(), outcome
            return outcome

    async def _figures(self, arguments: Arguments) -> Outcome:
        async with self._one:
            return await self._guarded(self._write, arguments)

    async def _report(self, arguments: Arguments) -> Outcome:
        async with self._one:
            return await self._guarded(self._write_report, arguments)

    async def _guarded(self, work: Callable[[Arguments], Outcome], arguments: Arguments) -> Outcome:
        try:
            return await asyncio.to_thread(work, arguments)
        except CrowdloomError as error:
            return {"mistakes": [error_words(error)]}

    def _read(self, key: str) -> Course:
        from tasks.reports.progress import read  # noqa: PLC0415 - loads NumPy

        known = self._database.run(lambda tx: self._catalog.by_key(tx, key)).result()
        with self._database.reading() as reader:
            return read(reader, known, self._now())

    def _draw(self, arguments: Arguments) -> Outcome:
        from tasks.reports.canvas import Voice  # noqa: PLC0415 - loads matplotlib
        from tasks.reports.charts import draw  # noqa: PLC0415 - as above
        from tasks.reports.told import lines  # noqa: PLC0415 - seldom needed

        course = self._read(arguments["key"])
        language, zone = arguments["language"], arguments["zone"]
        reading = self._translator.reading(language, zone, course.now)
        voice = Voice(reading.say, reading.date, zone_of(zone))
        pictures = [(self._drawn.keep(one.png), one.title) for one in draw(course, voice)]
        return {"key": course.key, "pictures": pictures, "lines": lines(course)}

    def _write(self, arguments: Arguments) -> Outcome:
        from tasks.exchange.complete import complete  # noqa: PLC0415 - seldom needed
        from tasks.exchange.formats import WRITERS  # noqa: PLC0415 - as above
        from tasks.reports.told import COLUMNS, TEXT, rows  # noqa: PLC0415 - as above

        course = self._read(arguments["key"])
        name = f"{course.key}-figures.csv"
        out = self._place(name)
        with complete(out) as part, closing(WRITERS["csv"](part, COLUMNS, TEXT)) as writer:
            writer.write(list(rows(course)))
        return {"path": str(out), "name": name, "once": True}

    def _write_report(self, arguments: Arguments) -> Outcome:
        from tasks.exchange.documents import write_report  # noqa: PLC0415 - seldom needed
        from tasks.privacy.audit import Actor  # noqa: PLC0415 - as above

        name = f"{arguments['key']}-quality.html"
        out = self._place(name)
        reading = self._translator.reading(arguments["language"], arguments["zone"], self._now())
        actor = Actor(int(arguments["person"]), arguments["channel"])
        write_report(self._database, self._catalog, actor, arguments["key"], out, "html", reading)
        return {"path": str(out), "name": name, "once": True}

    def _place(self, name: str) -> Path:
        self._outbox.mkdir(parents=True, exist_ok=True)
        return self._outbox / f"{self._now()}-{name}"
