"""What goes on around the courier: people are chosen, leftovers dropped, places counted down, progress shown."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

import structlog

from bot.channel import ChannelError, Hear, Incoming
from bot.conversation import Job
from bot.jobs.courier import Courier
from db.errors import CrowdloomError
from db.queries import deliveries
from db.queries.deliveries import Limited, Taken, Watcher
from db.session import Database, Tx
from db.transaction import T, Work
from handlers.talk import Event, Finished, Sender
from tasks.approval import Given, nobody
from tasks.outreach import audience as audiences
from tasks.outreach import holding
from tasks.outreach.audience import size
from tasks.outreach.deliveries import choose, drop, finish, step_of
from tasks.schedules.charge import Named
from tasks.words import error_words

_log = structlog.stdlib.get_logger(__name__)
_EVERY, _SHOWN_EVERY, _COUNTED_EVERY = 0.5, 2.0, 1.0
"""Seconds between two looks; between two edits of somebody's screen; between two looks at the places."""
_NEWEST = 2_000
"""Messages that a countdown is kept up in."""
_SHARE = 4
"""While messages wait to be sent, one call in so many is an edit of a countdown."""


@dataclass(slots=True)
class Outreach:
    """One process of several does all this, the one that leads. ``hear`` is ``Conversations.hear``.

    Whom the settings put in charge: ``given`` says their role, ``named`` lists them.
    """

    courier: Courier
    hear: Hear
    given: Given = nobody
    named: Named = ()
    _shown: float = 0.0
    _counted: float = 0.0
    _counting: asyncio.Task[None] | None = None
    _showing: asyncio.Task[None] | None = None
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Look again and again, until told to stop."""
        led = False
        while not self._stop.is_set():
            leads = self.courier.leads()
            try:
                if leads and not led:
                    await self.begin()
                led = leads
                if leads:
                    await self.step()
            except Exception:  # noqa: BLE001 - rows stay as they are: the next look goes on from them
                _log.exception("broadcasts held up")
            with suppress(TimeoutError):
                await asyncio.wait_for(self._stop.wait(), _EVERY)
        beside = [task for task in (self._counting, self._showing) if task is not None]
        for task in beside:
            task.cancel()
        await asyncio.gather(*beside, return_exceptions=True)

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()

    async def begin(self) -> None:
        """Hold what is sent by somebody whom the settings put in charge before, and do not any more."""
        look = partial(holding.without_charge, channels=self.courier.roads, given=self.given)
        for person in await self._turn(look):
            await self._turn(partial(self._hold, person=person))

    def _hold(self, tx: Tx, person: int) -> None:
        others = holding.others(tx, person, self.named)
        holding.hold_of(tx, person, others, self.courier.now())

    async def step(self) -> None:
        """One look at everything."""
        choosing, called_off, watchers = await self._turn(self._pulse)
        for number in choosing:
            await self._choose(number)
        for number in called_off:
            await self._drop(number)
        at = time.monotonic()
        if watchers and self._showing is not None:  # the end of it must be seen
            await self._showing
        if (watchers or at >= self._shown + _SHOWN_EVERY) and (self._showing is None or self._showing.done()):
            self._shown = at
            watchers += await self._turn(lambda tx: tx.all(deliveries.WATCHERS))
            self._showing = asyncio.create_task(self._progress(watchers))
        if at >= self._counted + _COUNTED_EVERY:
            self._counted = at
            await self.courier.forget_lost()
            if self._counting is None or self._counting.done():
                self._counting = asyncio.create_task(self._count())

    async def settle(self) -> None:
        """Wait until whoever looks at theirs has seen how it goes."""
        if self._showing is not None:
            await self._showing

    def _pulse(self, tx: Tx) -> tuple[list[int], list[int], list[Watcher]]:
        """What is to be chosen and dropped; what has come to its end or is held, by who looks at it."""
        ended = [*finish(tx, self.courier.now()), *holding.hold_closed(tx, self.named, self.courier.now())]
        watchers = [watcher for number in ended for watcher in tx.all(deliveries.WATCHER, broadcast=number)]
        choosing, called_off = tx.all(deliveries.CHOOSING), tx.all(deliveries.CALLED_OFF)
        return [row.id for row in choosing], [row.id for row in called_off], watchers

    async def _choose(self, number: int) -> None:
        """Store whom it is for, a stretch at a time; between two, others have the database for as long."""
        more = True
        while more and not self._stop.is_set():
            began = time.monotonic()
            more = await self._turn(partial(choose, number=number, now=self.courier.now()))
            await asyncio.sleep(time.monotonic() - began)

    async def _drop(self, number: int) -> None:
        while await self._turn(partial(drop, number=number)):
            pass

    async def _progress(self, watchers: Sequence[Watcher]) -> None:
        """Have whoever looks at theirs see how it goes: an edit of the bot's own accord, its turn taken before."""
        for one in watchers:
            await self.courier.pace.turn()
            done = Finished("broadcast_progress", {"number": one.broadcast})
            event = Event(f"job-{uuid.uuid4().hex}", self.courier.now(), Sender(one.channel, one.user), done)
            await self.hear(Incoming(event, one.chat))

    # ----------------------------------------------------------------------- places

    async def _count(self) -> None:
        try:
            await self.count()
        except Exception:  # noqa: BLE001 - the next look begins again
            _log.exception("places not counted down")

    async def count(self) -> None:
        """Where a step of the countdown is reached, say so in the messages that were sent; at 0 send no more."""
        for row in await self._turn(lambda tx: tx.all(deliveries.LIMITED)):
            left = max(0, row.places - row.used)
            self.courier.letters.left[row.id] = left
            if not left:
                await self._drop(row.id)
            said = row.places if row.shown is None else row.shown
            if step_of(row.places, said) != step_of(row.places, left) and (left or not row.in_flight):
                await self._say(row, left)

    async def _say(self, row: Limited, left: int) -> None:
        for taken in await asyncio.to_thread(self._newest, row.id):
            await self._edit(taken)
            if self.courier.pace.waiting:
                await asyncio.sleep(_SHARE / self.courier.pace.per_second)
        await self._turn(lambda tx: tx.run(deliveries.SHOWN, broadcast=row.id, shown=left))

    def _newest(self, number: int) -> list[Taken]:
        with self.courier.database.reading() as reader:
            return list(reader.stream(deliveries.NEWEST_SENT, broadcast=number, most=_NEWEST))

    async def _edit(self, taken: Taken) -> None:
        message = await self.courier.letters.write(taken)
        if message is None or taken.channel not in self.courier.roads:
            return
        channel = await self.courier.channel(taken.channel)
        with suppress(ChannelError):  # gone, or as it is already: nothing is lost
            await self.courier.paced(taken, lambda: channel.edit(taken.chat, taken.message_id, message))

    async def _turn(self, work: Work[T]) -> T:
        return await asyncio.wrap_future(self.courier.database.run(work))


class AudienceJob:
    """How many people a broadcast would reach: read in a thread, from a snapshot."""

    def __init__(self, database: Database, now: Callable[[], int]) -> None:
        self._database, self._now = database, now

    def all(self) -> Mapping[str, Job]:
        """Jobs by name."""
        return {"audience": self._run, "fits": self._run}

    async def _run(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        try:
            return await asyncio.to_thread(self._size, arguments)
        except CrowdloomError as error:
            return {**arguments, "mistakes": [error_words(error)]}

    def _size(self, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        wanted = audiences.unpack(arguments["audience"])
        audiences.check(wanted)
        with self._database.reading() as reader:
            found = size(reader, wanted, self._now())
        sample = [one._asdict() for one in found.sample]
        return {**arguments, **asdict(found), "by_language": dict(found.by_language), "sample": sample}
