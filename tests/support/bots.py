"""A whole bot in memory: a database, projects made by hand, a recording channel, people who speak."""

from __future__ import annotations

import asyncio
import itertools
import json
import random
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.channel import Incoming, Message
from bot.channels.recorder import Recorder, Seen
from bot.parts import Parts
from bot.wiring import Bot, build_bot
from db.session import Database, Tx
from db.tables import Project, Tally, Task
from handlers.talk import Command, Event, Press, Said, Sender, Sent
from tasks.limits import Limits
from tasks.money import budget
from tasks.projects.catalog import Catalog, Known
from tasks.projects.spec import Spec

ANIMALS: Mapping[str, Any] = {
    "id": "animals",
    "title": {"en": "Which animal?", "ko": "어떤 동물일까요?"},
    "kind": "choice",
    "question": {"en": "Which animal is this?", "ko": "어떤 동물인가요?"},
    "instructions": {"en": "Look closely.", "ko": "자세히 봐 주세요."},
    "labels": [
        {"key": "cat", "text": {"en": "Cat", "ko": "고양이"}},
        {"key": "dog", "text": {"en": "Dog", "ko": "개"}},
    ],
    "show": {"text": "caption"},
    "overlap": 3,
    "gold": {"share": 0},
}


LIMITS = Limits(1_000, {"USD": 10_000})
"""Above 1,000 people or 100 dollars a second admin is asked."""


class NoMedia:
    """A media store for projects without pictures."""

    def path(self, content: str) -> Path:
        """Where a picture would be."""
        return Path(content)


def add_project(
    database: Database, spec: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], now: int, state: str = "live"
) -> int:
    """A project with a task for each row: ``caption`` and perhaps ``gold``, ``split``; and with its budget."""
    checked = Spec.model_validate(spec)

    def insert(tx: Tx) -> int:
        project = Project(key=checked.id, state=state, spec=checked.model_dump_json(), created_at=now, launched_at=now)
        tx.orm.add(project)
        tx.orm.flush()
        assert project.id is not None
        for number, row in enumerate(rows, 1):
            tx.orm.add(_task(project.id, number, row, checked))
        work = sum(1 for row in rows if row.get("split", "work") == "work")
        tx.orm.add(Tally(project_id=project.id, shard=0, tasks=work))
        tx.orm.flush()
        purse = Known(project.id, checked.id, state, 1, checked).purse
        if purse and state != "draft":
            budget.follow(tx, purse, now)
        return project.id

    return database.run(insert).result()


def _task(project: int, number: int, row: Mapping[str, Any], spec: Spec) -> Task:
    split = row.get("split", "work")
    item = {key: value for key, value in row.items() if key not in {"gold", "split", "pictures", "why"}}
    slots = spec.overlap.min if split == "work" else 0
    return Task(
        project_id=project,
        id=number,
        row=str(row.get("id", number)),
        digest=str(number),
        item=json.dumps(item, ensure_ascii=False),
        pictures=json.dumps(row.get("pictures", {})),
        split=split,
        gold=json.dumps(row["gold"]) if "gold" in row else None,
        why=row.get("why"),
        place=number,
        wanted=slots,
        slots=slots,
        status="open" if split == "work" else "decided",
    )


@dataclass
class Talker:
    """Somebody who talks to the bot on the recording channel."""

    bot: Bot
    channel: Recorder
    user: str
    clock: Callable[[], int]
    language: str = "en"
    ids: Any = field(default_factory=itertools.count)

    @property
    def seen(self) -> Seen:
        """What this person's chat has shown."""
        return self.channel.chats[self.user]

    @property
    def screen(self) -> Message:
        """The newest message."""
        return self.seen.last

    async def hears(
        self, heard: Any, *, event_id: str = "", message_id: str = "", press: str = "", group: str = ""
    ) -> None:
        """Hand an event to the bot."""
        sender = Sender(self.channel.name, self.user, self.language, group)
        event = Event(event_id or f"e{next(self.ids)}", self.clock(), sender, heard)
        file = heard.path if isinstance(heard, Sent) else ""
        await self.bot.conversations.hear(Incoming(event, group or self.user, press, message_id, file))

    async def says(self, text: str, **how: Any) -> None:
        """Write a text or a command."""
        if text.startswith("/"):
            name, _space, argument = text[1:].partition(" ")
            await self.hears(Command(name, argument), **how)
        else:
            await self.hears(Said(text), **how)

    async def presses(self, label: str, **how: Any) -> None:
        """Press the button with this label under the newest message."""
        button = self.seen.button(label)
        await self.hears(Press(button.data), message_id=self.seen.last_id, press=self.user, **how)

    async def joins(self, project: str = "Which animal?") -> None:
        """Hello, agree, leave the rest for later, choose, start."""
        await self.says("/start")
        await self.presses("I agree, let’s go")
        await self.presses("Later")
        await self.presses(project)
        await self.presses("Start")


@asynccontextmanager
async def a_bot(
    database: Database, clock: Callable[[], int], folder: Path, channels: Sequence[Recorder] = (), seed: int = 1
) -> AsyncIterator[tuple[Bot, Recorder]]:
    """A bot on a recording channel; users whose id begins with ``admin`` or ``reviewer`` have that role."""
    recorder = channels[0] if channels else Recorder()
    parts = Parts(database, Catalog(), NoMedia(), clock, random.Random(seed), folder, limits=LIMITS)  # type: ignore[arg-type]  # noqa: S311
    async with build_bot(parts, [recorder], _role_of, ticking=False) as bot:
        yield bot, recorder
        await asyncio.wait_for(bot.conversations.settle(), 30)


def _role_of(sender: Sender) -> str:
    return next((role for role in ("admin", "reviewer") if sender.user.startswith(role)), "")
