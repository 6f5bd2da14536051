"""People to write to, and what was sent to them."""

from __future__ import annotations

import asyncio
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bot.channel import Incoming, Message, Posted
from bot.channels.recorder import Recorder
from bot.jobs.courier import Courier, road_to
from bot.jobs.outreach import Outreach
from bot.letters import Letters
from bot.media import Pictures
from bot.observer import NoObserver
from bot.pace import Pace
from bot.translate import Translator
from db.session import Database, Tx
from db.tables import Conversation, Person
from tasks.outreach import broadcast
from tasks.outreach.broadcast import Draft, Standing
from tasks.outreach.content import Content
from tasks.privacy.audit import SHELL, Actor
from tasks.projects.catalog import Catalog
from tests.conftest import NOON, Clock

_AT_ONCE = 100_000.0
HELLO: Mapping[str, str] = {"en": "New work is here.", "ko": "새 일이 있어요."}


def a_draft(**changes: Any) -> Draft:
    """A broadcast of a plain text to everybody, but for what is changed."""
    return Draft(**{"content": Content((HELLO,)), **changes})


def people(database: Database, *each: Mapping[str, Any]) -> list[int]:
    """Workers who have agreed, with these changes, each with a conversation; their numbers."""

    def turn(tx: Tx) -> list[int]:
        made: list[int] = []
        for number, changes in enumerate(each):
            values = {"channel": "test", "external_id": f"p{number}", "language": "en", "consent": "1", "gate": 1}
            person = Person(**{**values, "joined_at": NOON, "seen_day": NOON // 86_400_000, **changes})
            tx.orm.add(person)
            tx.orm.flush()
            tx.orm.add(Conversation(person_id=person.id or 0, chat=person.external_id))
            made.append(person.id or 0)
        tx.orm.flush()
        return made

    return database.run(turn).result()


class Post(Recorder):
    """A channel that counts what arrives, and fails as it is told: one error a call, in order, by chat."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: Counter[str] = Counter()
        self.troubles: defaultdict[str, list[Exception]] = defaultdict(list)
        self.gate: asyncio.Event | None = None
        self.asked = 0
        self._moved = asyncio.Event()

    async def send(self, chat: str, message: Message) -> Posted:
        """Append, or fail."""
        self.asked += 1
        self._moved.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.troubles[chat]:
            raise self.troubles[chat].pop(0)
        self.arrived[chat] += 1
        self._moved.set()
        return await super().send(chat, message)

    async def until(self, holds: Callable[[], bool]) -> None:
        """Wait for something that calls bring about."""
        async with asyncio.timeout(30):
            while not holds():
                self._moved.clear()
                await self._moved.wait()

    def texts(self, chat: str) -> list[str]:
        """What has arrived in a chat."""
        return [message.text for message in self.chats[chat].messages.values()]


class Office:
    """A courier with all around it, on a channel of its own; time is the test's."""

    def __init__(self, database: Database, clock: Clock, per_second: float = _AT_ONCE) -> None:
        self.database, self.clock, self.post = database, clock, Post()
        self.catalog, self.heard = Catalog(), list[Incoming]()
        pictures = Pictures(database, "test", Path)
        pace = Pace(time.monotonic, per_second) if per_second < _AT_ONCE else Pace(lambda: clock() / 1000, per_second)
        self.courier = Courier(
            database,
            self.catalog,
            Letters(database, self.catalog, Translator(clock), {"test": pictures}),
            {"test": road_to(self.post)},
            pace,
            clock,
            lambda: True,
            NoObserver(),
        )
        self.outreach = Outreach(self.courier, self._hear)

    async def _hear(self, incoming: Incoming) -> None:
        self.heard.append(incoming)

    def do(self, deed: Callable[[Tx], Any]) -> Any:
        """One turn."""
        return self.database.run(deed).result()

    def sent(self, made: Draft | None = None, actor: Actor = SHELL) -> int:
        """The number of a broadcast that is sent from now on."""
        number = self.do(lambda tx: broadcast.draft(tx, actor, made or a_draft(), self.clock()))
        self.do(lambda tx: broadcast.send(tx, self.catalog, actor, number, self.clock()))
        return int(number)

    def standing(self, number: int) -> Standing:
        """How it stands."""
        found: Standing = self.do(partial(broadcast.standing, number=number))
        return found

    def states(self) -> Counter[str]:
        """How many deliveries there are in each state."""
        with self.database.engine.connect() as connection:
            return Counter(state for (state,) in connection.exec_driver_sql("SELECT state FROM delivery"))

    async def work(self) -> None:
        """Choose, send all that is due, and end what is over."""
        await self.outreach.step()
        await self.courier.once()
        await self.outreach.step()
