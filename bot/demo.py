"""The demonstration: sample projects, simulated people at work, and what the page shows of it."""

from __future__ import annotations

import asyncio
import csv
import json
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, NamedTuple, TypeVar

from bot import board
from bot.channels.recorder import Recorder
from bot.crowd import Judge, Lesson, Mind, Simulated
from bot.parts import Parts
from bot.translate import Translator
from bot.wiring import Bot
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
    ("mixed.yaml", "mixed.csv"),
    ("clocks.yaml", "clocks.zip"),
    ("shop.yaml", "shop.csv"),
)
"""The last is the first in the list that people see; the first asks for practice and a quiz."""
_ERRORS = (0.02, 0.04, 0.06, 0.1, 0.15, 0.3)
"""How often each simulated person is wrong."""
_LANGUAGE = "en"
_MIXED, _READINGS = "mixed-feelings", "mixed-readings.csv"
"""The project whose items can be read in two ways, and how."""
_ONE, _OTHER = "one", "other"
_DISPUTES = 4
"""So many wait for the visitor's vote from the beginning."""
_MOST_STEPS = 80


T = TypeVar("T")


class _Item(NamedTuple):
    row: str
    item: str
    pictures: str
    gold: str | None


_ITEMS = Statement("SELECT row, item, pictures, gold FROM task WHERE project_id = :project", _Item)


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
    every = _lessons(parts, projects, bot, _ONE)
    most = _lessons(parts, [known for known in projects if known.key != _MIXED], bot, _ONE)
    # only the first answers what can be read in two ways: the second answer to it is the visitor's
    minds = [Mind(most if number else every, errs, rng) for number, errs in enumerate(_ERRORS)]
    return [_simulated(parts, bot, channel, str(number), mind) for number, mind in enumerate(minds, 1)]


def reviewers(parts: Parts, projects: Sequence[Known], bot: Bot, channel: Recorder) -> Sequence[Simulated]:
    """Two simulated reviewers, who read what can be read in two ways each in their own: a third vote decides."""
    judges = [Judge(_lessons(parts, projects, bot, side)) for side in (_ONE, _OTHER)]
    named = enumerate(judges, 1)
    return [_simulated(parts, bot, channel, f"reviewer-{number}", judge, "review") for number, judge in named]


async def prepare(parts: Parts, projects: Sequence[Known], bot: Bot, channel: Recorder, rng: Random) -> None:
    """Let something happen before the visitor comes: people have differed on a few items, two reviewers have voted."""
    mixed = [known for known in projects if known.key == _MIXED]
    early = [Mind(_lessons(parts, mixed, bot, side), 0.0, rng) for side in (_ONE, _OTHER)]
    people = [_simulated(parts, bot, channel, f"early-{number}", mind) for number, mind in enumerate(early, 1)]
    for person in (*people, *reviewers(parts, mixed, bot, channel)):
        done = 0
        for _step in range(_MOST_STEPS):
            done += await person.step()
            if done == _DISPUTES:
                break


def _simulated(
    parts: Parts, bot: Bot, channel: Recorder, name: str, mind: Mind | Judge, home: str = "tasks"
) -> Simulated:
    user, hear = f"{channel.name}-{name}", bot.conversations.hear
    return Simulated(user, mind, _LANGUAGE, hear, channel, parts.now_ms, home)


def _lessons(parts: Parts, projects: Sequence[Known], bot: Bot, side: str) -> Sequence[Lesson]:
    return [_lesson(parts, known, bot.translator, side) for known in projects]


def _lesson(parts: Parts, known: Known, translator: Translator, side: str) -> Lesson:
    spec = known.spec
    with parts.database.reading() as reader:
        items = list(reader.stream(_ITEMS, project=known.id))
    readings = _readings() if known.key == _MIXED else {}
    truth: dict[str, Any] = {}
    notes: dict[str, str] = {}
    for row in items:
        shown = json.loads(row.pictures).get(spec.show.image or "") or json.loads(row.item).get(spec.show.text or "")
        if row.gold is not None:
            truth[str(shown)] = json.loads(row.gold)
        elif row.row in readings:
            truth[str(shown)], notes[str(shown)] = readings[row.row][side], readings[row.row][f"{side}_note"]
    labels = {label.key: translator.words(Local(label.text), _LANGUAGE) for label in spec.labels}
    steps = range(spec.scale.min, spec.scale.max + 1) if spec.kind == "rating" else ()
    return Lesson(translator.words(Local(spec.title), _LANGUAGE), truth, labels, steps, notes)


def _readings() -> Mapping[str, Mapping[str, str]]:
    """By the row's id: two answers that can both be defended, and what is said for each."""
    with (EXAMPLES / _READINGS).open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def role_of(sender: Sender) -> str:
    """The page's switch decides: anybody at this machine may see every role; some of the simulated people review."""
    if sender.channel == "crowd":
        return "reviewer" if sender.user.startswith("crowd-reviewer-") else ""
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
