"""What each schedule does: every one in bounded turns, and what is long in a thread."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from bot.jobs.clock import Clock, Job
from db.queries.schedules import Row
from db.session import Database
from db.transaction import T, Work
from handlers.talk import Sender
from tasks import approval
from tasks.approval import nobody
from tasks.limits import Limits
from tasks.schedules import charge, closing, digest, opening, pattern, retention, week
from tasks.schedules.morning import mornings
from tasks.store import CrowdloomError
from tasks.words import Words, error_words

if TYPE_CHECKING:
    from bot.conversation import RoleOf
    from bot.jobs.lead import Lead
    from bot.parts import Parts
    from tasks.outreach.broadcast import Draft
    from tasks.projects.catalog import Catalog, Known
    from tasks.projects.media import MediaStore

_log = structlog.stdlib.get_logger(__name__)
_WINDOW_MS = 15 * 60_000
_FILES_KEPT_MS = 7 * 86_400_000
"""So long files that were sent by chat, or written for one, lie in their folder."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What the settings say that the clock needs."""

    limits: Limits
    named: charge.Named
    """Those whom the settings make owners."""
    given: pattern.Given = nobody


class Schedules:
    """Projects that open and close, items that are taken away, broadcasts by cron, digests."""

    def __init__(
        self,
        database: Database,
        catalog: Catalog,
        media: MediaStore,
        now: Callable[[], int],
        files: Path,
        settings: Settings,
    ) -> None:
        self._database, self._catalog, self._media, self._now = database, catalog, media, now
        self._files, self._settings = files, settings

    def jobs(self) -> Mapping[str, Job]:
        """By what they do (``tasks.schedules.work``)."""
        simple = {
            "opening": self.opening,
            "closing": self.closing,
            "due": self.due,
            "approvals": self.approvals,
            "retention": self.retention,
            "cleaning": self.cleaning,
        }
        return {**{name: of(work) for name, work in simple.items()}, **self._of_rows()}

    def _of_rows(self) -> Mapping[str, Job]:
        return {"digest": self.digest, "week": self.week, "broadcast": self.broadcast}

    # ----------------------------------------------------------------- projects

    async def opening(self) -> None:
        """Launch what is to open now, each in a turn of its own; who is in charge hears once why one cannot."""
        named, limits = self._settings.named, self._settings.limits
        for known in await self._run(lambda tx: opening.due(tx, self._catalog, self._now())):
            launch = partial(
                opening.launch, catalog=self._catalog, project=known.id, limits=limits, named=named, now=self._now()
            )
            try:
                await self._run(launch)
            except CrowdloomError as error:
                why = error_words(error)
                await self._run(
                    partial(
                        opening.tell_why_not,
                        catalog=self._catalog,
                        project=known.id,
                        why=why,
                        named=named,
                        now=self._now(),
                    )
                )

    async def closing(self) -> None:
        """Close what is due now."""
        named = self._settings.named
        for known in await self._run(lambda tx: closing.due(tx, self._catalog, self._now())):
            await self._run(
                partial(closing.close, catalog=self._catalog, project=known.id, named=named, now=self._now())
            )

    async def due(self) -> None:
        """Tell requesters whose deadline comes within a day how far it is; it is read in a thread, once each."""
        for known in await self._run(lambda tx: closing.nearing(tx, self._catalog, self._now())):
            if await self._run(partial(closing.told_near, known=known, named=self._settings.named)):
                continue
            words = await asyncio.to_thread(self._outlook, known)
            tell = partial(closing.tell_near, known=known, words=words, named=self._settings.named, now=self._now())
            await self._run(tell)

    def _outlook(self, known: Known) -> Words:
        with self._database.reading() as reader:
            return closing.outlook(reader, known, self._now())

    async def approvals(self) -> None:
        """Let go of what no second admin has confirmed in time."""
        await self._run(lambda tx: approval.expire(tx, self._catalog, self._now()))

    async def retention(self) -> None:
        """Take away what was to be kept no longer."""
        for known in await self._run(lambda tx: retention.due(tx, self._catalog, self._now())):
            done = await asyncio.to_thread(
                retention.empty, self._database, self._catalog, self._media, known, self._now()
            )
            await asyncio.to_thread(self._forget_files, known.key)
            _log.info("items taken away", project=known.key, items=done.items, pictures=done.pictures)

    async def cleaning(self) -> None:
        """Forget messages sent long ago, and files that lie about."""
        await asyncio.to_thread(retention.forget_messages, self._database, self._now())
        await asyncio.to_thread(self._forget_files)

    def _forget_files(self, project: str = "") -> None:
        """Those that are old, or what was written of this project (``number-project-what.csv``)."""
        old = (self._now() - _FILES_KEPT_MS) / 1000
        for file in [*self._files.glob("in/**/*"), *self._files.glob("out/*")]:
            of = file.stem.partition("-")[2].rpartition("-")[0]
            if file.is_file() and (file.stat().st_mtime < old or (project and of == project)):
                file.unlink(missing_ok=True)

    # ----------------------------------------------------------------- people are told

    async def digest(self, row: Row) -> None:
        """Tell those in charge, zone by zone where it has become morning, what happened."""
        named, now = self._settings.named, self._now()
        zones = await self._run(lambda tx: digest.zones(tx, named))
        for zone, day in mornings(zones, _at(row), _since(row, now), now):
            await self._run(partial(digest.tell, catalog=self._catalog, zone=zone, day=day, named=named, now=now))

    async def week(self, row: Row) -> None:
        """Tell workers who want it how their week was, some at a time, where Monday morning has come."""
        now = self._now()
        zones = await asyncio.to_thread(self._zones)
        for zone, day in mornings(zones, _at(row), _since(row, now), now, on=week.MONDAY):
            after: int | None = 0
            while after is not None:
                after = await self._run(
                    partial(week.tell, catalog=self._catalog, zone=zone, day=day, after=after, now=now)
                )

    def _zones(self) -> frozenset[str]:
        with self._database.reading() as reader:
            return week.zones(reader)

    async def broadcast(self, row: Row) -> None:
        """Send one like the draft. Raises OutreachError, ScheduleError: whoever has added it is told."""
        now, given = self._now(), self._settings.given
        try:
            made = await self._run(lambda tx: pattern.like(tx, row, now, given))
            people = await asyncio.to_thread(self._people, made)
            limits = self._settings.limits
            send = partial(
                pattern.send, catalog=self._catalog, row=row, made=made, people=people, limits=limits, now=now
            )
            await self._run(send)
        except CrowdloomError as error:
            why = error_words(error)
            await self._run(partial(pattern.failed, row=row, why=why, named=self._settings.named, now=now))
            raise

    def _people(self, made: Draft) -> int:
        with self._database.reading() as reader:
            return pattern.people(reader, made, self._now())

    async def _run(self, work: Work[T]) -> T:
        return await asyncio.wrap_future(self._database.run(work))


def clock_of(parts: Parts, lead: Lead, role_of: RoleOf, swept: Mapping[str, Callable[[], Awaitable[None]]]) -> Clock:
    """The clock of a bot: ``swept`` is what else is done, by name (``tasks.schedules.work``)."""
    given = Settings(parts.limits, parts.named, lambda channel, user: role_of(Sender(channel, user)))
    made = Schedules(parts.database, parts.catalog, parts.media, parts.now_ms, parts.files, given)
    return Clock(parts.database, lead, parts.now_ms, {**{name: of(job) for name, job in swept.items()}, **made.jobs()})


def of(work: Callable[[], Awaitable[None]]) -> Job:
    """Work that needs not know what its row says."""

    async def job(_row: Row) -> None:
        await work()

    return job


def _at(row: Row) -> str:
    return str(json.loads(row.arguments).get("at", "09:00"))


def _since(row: Row, now: int) -> int:
    return row.last_at if row.last_at is not None else now - _WINDOW_MS
