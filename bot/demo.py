"""The demonstration: sample projects, simulated people at work, and what the page shows of it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeVar

from bot import board
from bot.channels.recorder import Recorder
from bot.crowd import Lesson, Mind, Simulated
from bot.translate import Translator
from bot.wiring import Bot, Parts
from db.queries import people
from db.session import Tx
from db.statement import Statement
from handlers.talk import Sender
from tasks.exchange.exports import export
from tasks.projects import lifecycle
from tasks.projects.catalog import Known
from tasks.projects.errors import UnknownProjectError
from tasks.projects.importing import import_project
from tasks.projects.reading import read_project
from tasks.words import Local, Words

EXAMPLES = Path(__file__).parent.parent / "examples" / "demo"
_PROJECTS = (
    ("urgent.yaml", "urgent.csv"),
    ("tone.yaml", "tone.csv"),
    ("clocks.yaml", "clocks.zip"),
    ("shop.yaml", "shop.csv"),
)
"""The last is the first in the list that people see; the first asks for practice and a quiz."""
_ERRORS = (0.02, 0.04, 0.06, 0.1, 0.15, 0.3)
"""How often each simulated person is wrong."""
_LANGUAGE = "en"


T = TypeVar("T")


class _Item(NamedTuple):
    item: str
    pictures: str
    gold: str


_ITEMS = Statement("SELECT item, pictures, gold FROM task WHERE project_id = :project AND gold IS NOT NULL", _Item)


def load(parts: Parts) -> Sequence[Known]:
    """Import and launch the sample projects."""
    for file, data in _PROJECTS:
        spec = read_project(EXAMPLES / file)
        import_project(parts.database, parts.catalog, spec, EXAMPLES / data, parts.media, parts.now_ms(), _quiet)
        parts.database.run(partial(_launch, parts, spec.id)).result()
    return parts.database.run(parts.catalog.live).result()


def _launch(parts: Parts, key: str, tx: Tx) -> None:
    lifecycle.launch(tx, parts.catalog, key, parts.now_ms())


def crowd(parts: Parts, projects: Sequence[Known], bot: Bot, channel: Recorder, rng: Random) -> Sequence[Simulated]:
    """Simulated people, who know the answers more or less."""
    lessons = [_lesson(parts, known, bot.translator) for known in projects]
    return [
        Simulated(
            f"{channel.name}-{number}",
            Mind(lessons, errs, rng),
            _LANGUAGE,
            bot.conversations.hear,
            channel,
            parts.now_ms,
        )
        for number, errs in enumerate(_ERRORS, 1)
    ]


def _lesson(parts: Parts, known: Known, translator: Translator) -> Lesson:
    spec = known.spec
    with parts.database.reading() as reader:
        items = list(reader.stream(_ITEMS, project=known.id))
    truth: dict[str, Any] = {}
    for row in items:
        shown = json.loads(row.pictures).get(spec.show.image or "") or json.loads(row.item).get(spec.show.text or "")
        truth[str(shown)] = json.loads(row.gold)
    labels = {label.key: translator.words(Local(label.text), _LANGUAGE) for label in spec.labels}
    steps = range(spec.scale.min, spec.scale.max + 1) if spec.kind == "rating" else ()
    return Lesson(translator.words(Local(spec.title), _LANGUAGE), truth, labels, steps)


def role_of(sender: Sender) -> str:
    """The page's switch decides: anybody at this machine may see every role of the demonstration."""
    role = sender.user.rpartition("-")[2]
    return role if sender.channel == "web" and role in {"admin", "reviewer"} else ""


class DemoStage:
    """What the page needs beside the talk (``bot.web.chat.Backstage``)."""

    def __init__(self, parts: Parts, bot: Bot) -> None:
        self._parts, self._bot = parts, bot

    async def language_of(self, user: str) -> str:
        """The language that the person chose."""
        found = await self._run(lambda tx: tx.one(people.FIND, channel="web", user=user))
        return found.language if found else ""

    async def board(self, user: str, language: str) -> Mapping[str, Any]:
        """How far the crowd is, and how this person's last item stands."""
        speak = self._bot.translator.words
        return await self._run(lambda tx: board.draw(tx, self._parts.catalog, user, lambda said: speak(said, language)))

    async def results(self, project: str) -> Path | None:
        """The results as they stand now."""
        out = self._parts.files / "results" / f"{project}.csv"
        out.parent.mkdir(parents=True, exist_ok=True)
        try:
            await asyncio.to_thread(
                export, self._parts.database, self._parts.catalog, project, "results", out, "csv", _quiet
            )
        except UnknownProjectError:
            return None
        return out

    def commands(self, user: str) -> Sequence[tuple[str, Words]]:
        """The commands of the role that the page shows."""
        role = role_of(Sender("web", user)) or "worker"
        return self._bot.flows.menu(role)

    async def _run(self, work: Callable[[Tx], T]) -> T:
        return await asyncio.wrap_future(self._parts.database.run(work))


def _quiet(_done: int, _total: int) -> None:
    """So few rows need no progress."""
