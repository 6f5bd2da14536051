"""What measurements stand on: a bot in a temporary folder, projects of any size, people who answer."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path
from random import Random

from bot.channel import Incoming, Message, PictureFile, Posted
from bot.parts import Parts
from bot.wiring import Bot, build_bot, freeze_what_stays
from db.migrations.upgrade import upgrade
from db.session import Database, Tx, open_database
from db.statement import change
from db.tables import Project, Tally
from handlers.talk import Command, Event, Heard, Press, Sender
from tasks.projects.catalog import Catalog
from tasks.projects.media import MediaStore
from tasks.projects.spec import Spec

SPEC = Spec.model_validate(
    {
        "id": "bench",
        "title": "Bench",
        "kind": "choice",
        "question": "Which is it?",
        "labels": [{"key": key, "text": key.title()} for key in ("cat", "dog", "bird")],
        "show": {"text": "caption"},
        "overlap": 3,
        "gold": {"share": 0},
    }
)
_INSERT = change("""
    INSERT INTO task (project_id, id, row, digest, item, pictures, split, place, wanted, slots, answers, reports,
                      status, method)
    VALUES (:project, :id, :row, '', :item, '{}', 'work', :id, 3, 3, 0, 0, 'open', '')
""")


def now_ms() -> int:
    """This moment."""
    return time.time_ns() // 1_000_000


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of the values do not exceed."""
    ranked = sorted(values)
    return ranked[min(len(ranked) - 1, int(share * len(ranked)))]


def database_in(folder: Path) -> Database:
    """An empty, migrated SQLite file."""
    folder.mkdir(parents=True, exist_ok=True)
    database = open_database(f"sqlite:///{folder / 'bench.db'}")
    upgrade(database.engine)
    return database


def fill(database: Database, tasks: int, spec: Spec = SPEC) -> int:
    """A live project with that many tasks; its number."""

    def project(tx: Tx) -> int:
        made = Project(key=spec.id, state="live", spec=spec.model_dump_json(), created_at=0, launched_at=0)
        tx.orm.add(made)
        tx.orm.flush()
        assert made.id is not None  # noqa: S101 - flushed
        tx.orm.add(Tally(project_id=made.id, shard=0, tasks=tasks))
        return made.id

    number = database.run(project).result()
    ids = iter(range(1, tasks + 1))
    while chunk := list(itertools.islice(ids, 5_000)):
        rows = [
            {"project": number, "id": n, "row": str(n), "item": json.dumps({"caption": f"item {n}"})} for n in chunk
        ]
        database.run(partial(_insert, rows)).result()
    return number


def _insert(rows: Sequence[Mapping[str, object]], tx: Tx) -> None:
    tx.many(_INSERT, rows)


class Wall:
    """A channel that shows nothing and keeps only each person's newest message."""

    name = "wall"

    def __init__(self) -> None:
        self.last: dict[str, Message] = {}
        self._ids = itertools.count(1)

    async def send(self, chat: str, message: Message) -> Posted:
        """Keep it."""
        self.last[chat] = message
        return Posted(str(next(self._ids)))

    async def edit(self, chat: str, message_id: str, message: Message) -> Posted:
        """Keep it."""
        self.last[chat] = message
        return Posted(message_id)

    async def delete(self, chat: str, message_id: str) -> None:
        """Nothing is shown."""

    async def pin(self, chat: str, message_id: str) -> None:
        """Nothing is shown."""

    async def answer(self, press: str, toast: str) -> None:
        """Nothing is shown."""

    async def album(self, chat: str, pictures: Sequence[PictureFile]) -> Sequence[Posted]:
        """Nothing is shown."""
        return []

    async def document(self, chat: str, path: Path, name: str) -> Posted:
        """Nothing is shown."""
        return Posted("0")

    async def fetch(self, handle: str, to: Path) -> Path:
        """There is none."""
        return to / handle


class Worker:
    """Answers as fast as it can, with the first key."""

    def __init__(self, bot: Bot, wall: Wall, user: str) -> None:
        self._bot, self._wall, self.user = bot, wall, user
        self._ids: Iterator[int] = itertools.count()

    async def join(self) -> None:
        """Hello, agree, a time, any work, choose, start."""
        await self._hears(Command("start"))
        for _ in range(5):
            await self.press()

    async def press(self, row: int = 0) -> None:
        """Press the first key of a row."""
        await self._hears(Press(self._wall.last[self.user].buttons[row][0].data))

    async def _hears(self, heard: Heard) -> None:
        event = Event(f"b{next(self._ids)}", now_ms(), Sender("wall", self.user, "en"), heard)
        await self._bot.conversations.hear(Incoming(event, self.user, "p" if isinstance(heard, Press) else ""))


@asynccontextmanager
async def a_bot(database: Database, folder: Path) -> AsyncIterator[tuple[Bot, Wall]]:
    """A bot on a wall."""
    wall = Wall()
    rng = Random(1)
    parts = Parts(database, Catalog(), MediaStore(folder / "media"), now_ms, rng, folder)
    async with build_bot(parts, [wall], lambda _sender: "", ticking=True) as bot:
        freeze_what_stays()  # as ``run`` does
        yield bot, wall
