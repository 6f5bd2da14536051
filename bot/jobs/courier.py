"""The courier: sends what waits in the queue of deliveries, at the pace that the bot may have, and loses none of it.

Messages are taken from the queue a second ahead and no further, so that the pace never waits for the database, and one
that is paused stops within a second. What became of them is written for many at once. Over Telegram it is
python-telegram-bot that sends, whichever library receives (``bot.service``).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol, TypeVar

import structlog

from bot.channel import Blocked, Channel, ChannelError, Message, Posted, RetryAfter, Unanswered
from bot.letters import Letters
from bot.pace import Pace, unasked
from db.errors import CrowdloomError
from db.queries.deliveries import Taken
from db.session import Database, Tx
from db.transaction import T, Work
from tasks.outreach.deliveries import Claim, Outcome, again, claim, settle, take_back
from tasks.outreach.reminders import PER_DAY
from tasks.projects.catalog import Catalog

Result = TypeVar("Result")

_log = structlog.stdlib.get_logger(__name__)
_AT_ONCE, _MOST_AT_ONCE = 24, 48
"""Messages that are taken in one turn: people's own turns wait for no longer one."""
_FULL, _LOW = 0.8, 0.45
"""Of a second's budget: so many messages are ahead of the pace at the most, and when there are fewer than so many, more
are taken."""
_MOST_SECONDS = 12
"""Of budget: so many are under way at the most, those included that a slow network has."""
_IDLE, _BUSY, _WRITE_EVERY = 1.0, 0.05, 0.25
"""Seconds between two looks at the queue, while there is nothing to do and while there is; and between two writes."""
_LOST_MS = 15 * 60_000
"""What was taken so long ago, and never settled, is in nobody's hand."""
_REFUSED_MS = 60_000
_PATIENCE = 20.0
"""Seconds that a stop waits for what is in flight."""


@dataclass(frozen=True, slots=True)
class Road:
    """How a channel is reached. ``paced``: its own calls wait for the budget already (a library's hook)."""

    open: Callable[[], Awaitable[Channel]]
    paced: bool = False


def road_to(channel: Channel) -> Road:
    """The road over a channel that is there already, and knows nothing of the pace."""

    async def there() -> Channel:
        return channel

    return Road(there)


class Sends(Protocol):
    """Counts what becomes of messages (``bot.metrics``)."""

    def delivered(self, state: str) -> None:
        """One has been sent, or has not."""


@dataclass(slots=True)
class Courier:
    """Sends while ``leads()``: one process of several does. ``pace`` is the one that all channels share."""

    database: Database
    catalog: Catalog
    letters: Letters
    roads: Mapping[str, Road]
    pace: Pace
    now: Callable[[], int]
    leads: Callable[[], bool]
    sends: Sends
    per_day: int = PER_DAY
    _flights: set[asyncio.Task[None]] = field(default_factory=set)
    _writing: int = 0
    """How many are being put together, and not yet at the pace."""
    _outcomes: list[Outcome] = field(default_factory=list)
    _hand: set[int] = field(default_factory=set)
    """Numbers of messages that were taken here, and of which it is not written yet what became of them."""
    _wrote: float = 0.0
    _empty: float = 0.0
    """When the queue was last found empty, and when outcomes were last written, in seconds of the loop."""
    _channels: dict[str, Channel] = field(default_factory=dict)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Send until told to stop; then finish what is in flight. An error of the database is waited out."""
        led = False
        while not self._stop.is_set():
            try:
                if self.leads() and not led:
                    await self._take_over()
                led = self.leads()
                busy = await (self.step() if led else self._hand_over())
            except Exception:  # noqa: BLE001 - rows stay as they are: the next look goes on from them
                _log.exception("courier held up")
                busy = False
            await self._rest(_BUSY if busy else _IDLE)
        await self._settle_down()

    def stop(self) -> None:
        """Take nothing more."""
        self._stop.set()

    async def once(self) -> None:
        """Send all that is due at this moment, and wait for it: for tests and for what runs by hand."""
        while await self._look(_AT_ONCE):
            await asyncio.gather(*self._flights)
        await self._look(0)

    async def step(self) -> bool:
        """Take more if there is room, write what has come back; whether there is anything to do."""
        at, ahead, budget = asyncio.get_running_loop().time(), self._writing + self.pace.waiting, self.pace.per_second
        room = ahead <= _LOW * budget and len(self._flights) < max(_AT_ONCE, _MOST_SECONDS * budget)
        wanted = min(_MOST_AT_ONCE, max(2, round(_FULL * budget) - ahead)) if room and at >= self._empty + _IDLE else 0
        if wanted or (self._outcomes and at >= self._wrote + _WRITE_EVERY):
            self._wrote = at
            if await self._look(wanted) < wanted:
                self._empty = at
        return bool(self._flights or self._outcomes)

    async def _look(self, most: int) -> int:
        """One turn: write what became of messages, and take more of them, up to ``most``; how many were due.

        If it fails, all of it is written the next time.
        """
        outcomes, self._outcomes = self._outcomes, []
        if not outcomes and not most:
            return 0
        try:
            found = await self._turn(partial(self._settled, outcomes, most))
        except BaseException:
            self._outcomes = outcomes + self._outcomes
            raise
        self._hand.difference_update(one.taken.id for one in outcomes)
        for one in outcomes:
            self.sends.delivered(one.state)
        self._outcomes += found.dropped
        self._hand.update(taken.id for taken in (*found.letters, *(one.taken for one in found.dropped)))
        for taken in found.letters:
            self._writing += 1
            flight = asyncio.create_task(self._send(taken))
            self._flights.add(flight)
            flight.add_done_callback(self._flights.discard)
        return found.looked

    def _settled(self, outcomes: Sequence[Outcome], most: int, tx: Tx) -> Claim:
        settle(tx, outcomes, self.now())
        return claim(tx, self.catalog, self.now(), most, self.per_day) if most else Claim([], [])

    # ----------------------------------------------------------------------- one message

    async def _send(self, taken: Taken) -> None:
        try:
            outcome = await self._sent(taken, await self._written(taken))
            self._outcomes.append(outcome)  # only now: the list may be another one by then
        except RetryAfter as error:
            self._later(taken, round(1000 * error.seconds), str(error))
        except Blocked as error:
            self._outcomes.append(Outcome(taken, "blocked", why=str(error)))
        except Unanswered as error:
            self._outcomes.append(again(taken, self.now(), str(error)))
        except ChannelError as error:
            self._outcomes.append(Outcome(taken, "failed", why=str(error)))
        except CrowdloomError as error:  # the token is not valid, the database is away: nothing of this message's
            self._later(taken, _REFUSED_MS, str(error))
        except Exception as error:  # noqa: BLE001 - one message's trouble is no other's
            _log.exception("message not sent", delivery=taken.id)
            self._outcomes.append(again(taken, self.now(), type(error).__name__))

    async def _written(self, taken: Taken) -> Message | None:
        try:
            return await self.letters.write(taken)
        finally:
            self._writing -= 1

    async def _sent(self, taken: Taken, message: Message | None) -> Outcome:
        if message is None:
            return Outcome(taken, "dropped", tried=False)
        if taken.channel not in self.roads:  # another process has a way there
            return Outcome(taken, "queued", due=self.now() + _REFUSED_MS, tried=False)
        channel = await self.channel(taken.channel)
        posted: Posted = await self.paced(taken, lambda: channel.send(taken.chat, message))
        await self.letters.sent(taken, message, posted.handle)
        return Outcome(taken, "sent", message_id=posted.id)

    async def paced(self, taken: Taken, call: Callable[[], Awaitable[Result]]) -> Result:
        """Make a call of the bot's own accord, in its turn, whatever the channel. Raises ChannelError."""
        with unasked():
            if self.roads[taken.channel].paced:
                return await call()
            return await self.pace.run(f"{taken.channel}:{taken.chat}", call, _told)

    async def channel(self, name: str) -> Channel:
        """The channel, opened at the first use."""
        async with self._opening:
            if name not in self._channels:
                self._channels[name] = await self.roads[name].open()
        return self._channels[name]

    def _later(self, taken: Taken, ms: int, why: str) -> None:
        self._outcomes.append(Outcome(taken, "queued", why=why, due=self.now() + ms, tried=False))

    # ----------------------------------------------------------------------- beginning and end

    async def _take_over(self) -> None:
        """Queue again what another process had in its hand when it died; what this one still has is finished."""
        await self._land()
        lost = await self._turn(lambda tx: take_back(tx, self.now() + 1, self._hand))
        if lost:
            _log.info("messages taken again", count=lost)

    async def _hand_over(self) -> bool:
        """It leads no longer: what is still in its hand is finished and written; whether anything is."""
        await self._look(0)
        return bool(self._flights)

    async def forget_lost(self) -> None:
        """The same for what has been in nobody's hand for long."""
        await self._turn(partial(take_back, before=self.now() - _LOST_MS, but=self._hand))

    async def _land(self) -> None:
        if self._flights:
            await asyncio.wait(self._flights, timeout=_PATIENCE)
        await self._look(0)

    async def _settle_down(self) -> None:
        await self._land()
        for flight in self._flights:
            flight.cancel()  # it stays taken, and is taken again by whoever leads next
        for name, channel in self._channels.items():
            if self.roads[name].paced and (close := getattr(channel, "close", None)):
                await close()

    async def _rest(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop.wait(), seconds)

    async def _turn(self, work: Work[T]) -> T:
        return await asyncio.wrap_future(self.database.run(work))


def _told(error: Exception) -> float | None:
    return error.seconds if isinstance(error, RetryAfter) else None
