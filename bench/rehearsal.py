"""A project worked through by simulated people over Telegram's API: how right the results are, at what cost.

``python -m bench.rehearsal PROJECT DATA`` does it with files of your own, whose rows have a ``gold`` column;
the demo's texts and pictures by default. People's error rates are known and spread evenly.
"""

from __future__ import annotations

import asyncio
import csv
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from functools import partial
from hashlib import sha256
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from bench.house import now_ms
from bench.telegram import ROOT, child
from bot.channel import Button, Message, PictureFile, Span
from bot.crowd import Lesson, Mind, Tap, Write
from db.session import Database, open_database
from db.statement import Statement
from tasks.projects import lifecycle
from tasks.projects.catalog import Catalog, Known, progress
from tasks.words import Local
from tests.fakes.botapi import BotApi, Person

COLUMNS = ("library", "people", "their errors", "tasks", "right", "agreed", "answers a task", "seconds")
_DEMO = ROOT / "examples" / "demo"
_PEOPLE, _BEST, _WORST = 24, 0.02, 0.35
_STYLES = {"blockquote": "quote"}
_PATIENCE = 20.0


class _Truth(NamedTuple):
    row: str
    item: str
    pictures: str
    gold: str
    split: str


_TRUTHS = Statement(
    "SELECT row, item, pictures, gold, split FROM task WHERE project_id = :project AND gold IS NOT NULL", _Truth
)


def measure(*, short: bool) -> Iterator[tuple[str, ...]]:
    """Texts and pictures through both libraries."""
    pairs = [("shop.yaml", "shop.csv"), ("clocks.yaml", "clocks.zip")]
    for project, data in pairs[:1] if short else pairs:
        for library in ("aiogram", "python-telegram-bot"):
            yield rehearse(_DEMO / project, _DEMO / data, library)


def rehearse(project: Path, data: Path, library: str) -> tuple[str, ...]:
    """One project from its file to its results."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/bench.db"
        settings = {
            "CROWDLOOM_DATABASE_URL": url,
            "CROWDLOOM_MEDIA_DIR": f"{folder}/media",
            "CROWDLOOM_LISTEN": "127.0.0.1:0",
            "CROWDLOOM_BOT_LIBRARY": library,
            "CROWDLOOM_BOOTSTRAP": "off",
        }
        _shell(settings, "project", "add", str(project), str(data))
        database = open_database(url)
        try:
            known = database.run(Catalog().live).result() or database.run(partial(_launched, Catalog())).result()
            truths = _truths(database, known[0])
            seconds = asyncio.run(_work(settings, known[0], truths))
            counts = database.run(lambda tx: progress(tx, known[0].id)).result()
        finally:
            database.close()
        out = Path(folder) / "results.csv"
        _shell(settings, "export", known[0].key, "results", "--out", str(out))
        right, tasks = _score(out, {truth.row: truth for truth in truths})
    return (
        known[0].key,
        library,
        str(_PEOPLE),
        f"{_BEST:.0%}-{_WORST:.0%}",
        str(counts.tasks),
        f"{right / tasks:.1%}",
        f"{counts.agreed / counts.tasks:.1%}",
        f"{(counts.answers - counts.gold_seen) / counts.tasks:.2f}",
        f"{seconds:.0f}",
    )


def _shell(settings: Mapping[str, str], *words: str) -> None:
    subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "main.py", *words], cwd=ROOT, env={"PATH": "/usr/bin:/bin", **settings}, check=True,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip


def _launched(catalog: Catalog, tx: Any) -> list[Known]:
    known = catalog.all(tx)[0]
    lifecycle.launch(tx, catalog, known.key, now_ms())
    return catalog.live(tx)


def _truths(database: Database, known: Known) -> list[_Truth]:
    with database.reading() as reader:
        return list(reader.stream(_TRUTHS, project=known.id))


def _score(out: Path, truths: Mapping[str, _Truth]) -> tuple[int, int]:
    """Right labels among the worked tasks, and how many there are."""
    with out.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["method"] != "gold" and row["task_id"] in truths]
    return sum(row["label"] == str(json.loads(truths[row["task_id"]].gold)) for row in rows), len(rows)


async def _work(settings: Mapping[str, str], known: Known, truths: list[_Truth]) -> float:
    """Let people work until nobody finds anything to do; seconds from the first hello."""
    spec = known.spec
    truth = {
        str(
            json.loads(one.pictures).get(spec.show.image or "") or json.loads(one.item)[spec.show.text or ""]
        ): json.loads(one.gold)
        for one in truths
    }
    title = _english(spec.title)
    lesson = Lesson(title, truth, {label.key: _english(label.text) for label in spec.labels})
    async with BotApi(record=False) as api:
        wanted = {**settings, "CROWDLOOM_API_URL": api.url, "CROWDLOOM_BOT_TOKEN": api.token}
        with child([sys.executable, "main.py", "run"], wanted):
            began = time.perf_counter()
            people = [
                _live(
                    api,
                    api.person(1000 + n),
                    Mind([lesson], _BEST + (_WORST - _BEST) * n / (_PEOPLE - 1), Random(n)),
                )
                for n in range(_PEOPLE)
            ]
            await asyncio.gather(*people)
            return time.perf_counter() - began


def _english(words: Mapping[str, str]) -> str:
    return words.get("en") or words.get("") or next(iter(Local(words).by_language.values()))


async def _live(api: BotApi, person: Person, mind: Mind) -> None:
    """Work until told that there is nothing left."""
    await person.says("/start", wait=False)
    while True:
        try:
            async with asyncio.timeout(_PATIENCE):
                while not person.messages:
                    await person.chat.changed.wait()
        except TimeoutError:
            return
        screen = person.screen
        if "You have done all there is for you here." in screen.text:
            return
        act = mind.look(_message(api, screen.raw))
        before = person.chat.messages.get(screen.id)
        if isinstance(act, Tap):
            await person.forges(act.data, screen, wait=False)
        elif isinstance(act, Write):
            await person.says(act.text, wait=False)
        else:
            return
        try:
            async with asyncio.timeout(_PATIENCE):
                while person.chat.messages.get(screen.id) is before:
                    await person.chat.changed.wait()
        except TimeoutError:
            continue


def _message(api: BotApi, raw: Mapping[str, Any]) -> Message:
    """A message of the fake server as a channel's message."""
    picture = None
    if "photo" in raw:
        content = sha256(api.files.by_id[raw["photo"][-1]["file_id"]].body).hexdigest()
        picture = PictureFile(content, Path(content))
    entities = raw.get("entities") or raw.get("caption_entities") or []
    spans = [Span(_STYLES.get(one["type"], one["type"]), one["offset"], one["length"]) for one in entities]
    rows = raw.get("reply_markup", {}).get("inline_keyboard", [])
    buttons = [[Button(button["text"], button["callback_data"]) for button in row] for row in rows]
    return Message(raw.get("text") or raw.get("caption") or "", spans, buttons, picture)


if __name__ == "__main__":
    for name in ("aiogram", "python-telegram-bot"):
        print(*rehearse(Path(sys.argv[1]), Path(sys.argv[2]), name), sep=" | ")
