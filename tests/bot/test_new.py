"""A project by chat: files in any order, items that are written, what is wrong with a file; over a whole bot."""

from __future__ import annotations

import io
import itertools
import shutil
import zipfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.channel import Message
from bot.inbox import Inbox
from bot.jobs.files import FileJobs
from bot.translate import Translator
from bot.wiring import Bot
from db.session import Database
from handlers.talk import Press, Sent
from tasks.projects.catalog import Catalog
from tasks.projects.media import MediaStore
from tasks.projects.reading import parse_project
from tests.conftest import Clock
from tests.support.bots import ANIMALS, Talker, a_bot, add_project

PROJECT = """
id: dishes
title: {en: "Is it spicy?", ko: "매운가요?"}
kind: choice
labels:
  - {key: spicy, text: {en: Spicy, ko: 매워요}}
  - {key: mild, text: {en: Mild, ko: 안 매워요}}
show: {text: caption}
overlap: {min: 2, max: 5}
gold: {share: 0.2}
qualification: {practice: 1}
reward: {answer: "20", currency: KRW}
"""
DATA = "id,caption,gold,split\n1,Stew,spicy,practice\n2,Soup,,\n3,Salad,,\n4,Curry,spicy,gold\n"


@asynccontextmanager
async def boss(database: Database, clock: Clock, folder: Path) -> AsyncIterator[tuple[Talker, Bot]]:
    async with a_bot(database, clock, folder / "files") as (bot, channel):
        talker = Talker(bot, channel, "admin", clock)
        await talker.says("/start")
        yield talker, bot


async def sends(who: Talker, folder: Path, name: str, content: str | bytes, *, settle: bool = True) -> None:
    file = folder / name
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    await who.hears(Sent("document", name, str(file)))
    if settle:
        await who.bot.conversations.settle()


async def press(who: Talker, label: str) -> None:
    await who.presses(label)
    await who.bot.conversations.settle()


def packed(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packing:
        for name, content in files.items():
            packing.writestr(name.replace("__", "."), content)
    return out.getvalue()


@pytest.mark.parametrize("order", ["project first", "data first", "album", "one archive"])
async def test_files_in_any_order(order: str, sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    async with boss(sqlite_database, clock, tmp_path) as (ann, _bot):
        files = [("dishes.yaml", PROJECT), ("dishes.csv", DATA)]
        if order == "one archive":
            await sends(ann, tmp_path, "all.zip", packed(dishes__yaml=PROJECT, data__csv=DATA))
        for name, content in (files if order != "data first" else files[::-1]) if order != "one archive" else []:
            await sends(ann, tmp_path, name, content, settle=order != "album")
        await ann.bot.conversations.settle()
        assert "4 items would be added: 1 for practice, 1 hidden check" in ann.screen.text
        assert "Costs at the most ₩400: up to 5 answers an item" in ann.screen.text
        await press(ann, "Import")
        assert "4 new items" in ann.screen.text
        assert not list((tmp_path / "files" / "in").glob("*/*.csv"))
        await press(ann, "See it as people will")
        await press(ann, "Launch")
        await press(ann, "Launch it")
        assert "running" in ann.screen.text


async def test_a_preview_writes_nothing_and_its_keys_say_so(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    async with boss(sqlite_database, clock, tmp_path) as (ann, _bot):
        await sends(ann, tmp_path, "all.zip", packed(dishes__yaml=PROJECT, data__csv=DATA))
        await press(ann, "Import")
        before = sqlite_database.run(everything).result()
        await press(ann, "See it as people will")
        for _page in range(6):
            await press(ann, "Next")
        assert "From the beginning" in labels(ann.screen)
        await press(ann, "한국어")
        shown = list(ann.seen.messages.values())
        told = "\n".join([message.text for message in shown] + [label for one in shown for label in labels(one)])
        for part in ("Is it spicy?", "₩20 each", "Practise", "✓ Yes: Spicy", "Soup", "Salad", "매운가요?", "안 매워요"):
            assert part in told
        sample = next(one for one in shown if "Soup" in one.text)
        await ann.hears(Press(sample.buttons[0][0].data), press="admin")
        assert "only shows how it looks to others" in ann.seen.toasts[-1]
        assert sqlite_database.run(everything).result() == before


async def test_the_project_file_comes_back_and_is_taken_again(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    async with boss(sqlite_database, clock, tmp_path) as (ann, _bot):
        await sends(ann, tmp_path, "all.zip", packed(dishes__yaml=PROJECT, data__csv=DATA))
        await press(ann, "Import")
        await press(ann, "See it as people will")
        await press(ann, "Change")
        (name, content) = ann.seen.documents[-1]
        assert name == "dishes.yaml"
        await sends(ann, tmp_path, name, content.replace(b"{min: 2, max: 5", b"{min: 1, max: 2"))
        await press(ann, "Change only the project file")
        assert "The project follows its file" in ann.screen.text
        await press(ann, "Import")
        assert not list((tmp_path / "files" / "out").glob("*.yaml"))


async def test_items_of_a_project_that_is_there(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    add_project(sqlite_database, ANIMALS, [{"id": "1", "caption": "one"}], clock())
    async with boss(sqlite_database, clock, tmp_path) as (ann, bot):
        await sends(ann, tmp_path, "more.csv", "id,caption\n1,other\n2,two\n")
        await press(ann, "Which animal?")
        assert "Row 1: give it a new id" in ann.screen.text
        await press(ann, "Back")
        await ann.says("a mouse = Cat\na whale\na whale")
        assert "2 items" in ann.screen.text
        await press(ann, "Go on with 2 items")
        assert "2 items would be added" in ann.screen.text
        await press(ann, "Import")
        assert "2 new items" in ann.screen.text
        assert bot.flows.commands["new"].permit == "request"


async def test_a_restart_in_the_middle_loses_nothing(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    async with boss(sqlite_database, clock, tmp_path) as (ann, _bot):
        await ann.says("/new")
        for label in ("Answer a few questions", "Choosing one answer"):
            await press(ann, label)
        await ann.says("Is it spicy?")
    async with a_bot(sqlite_database, clock, tmp_path / "files") as (bot, channel):
        ann = Talker(bot, channel, "admin", clock, ids=itertools.count(1_000))
        await ann.says("Is it really spicy?")
        assert "Is it really spicy?" in ann.screen.text
        await press(ann, "Go on")
        await ann.says("Yes\nNo")
        assert labels(ann.screen) == ["Go on", "Back"]
        await ann.says("/new")
        await press(ann, "Go on answering")
        assert "Yes" in ann.screen.text


async def test_a_requester_adds_to_none_but_their_own(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    add_project(sqlite_database, ANIMALS, [{"id": "1", "caption": "one"}], clock())
    async with boss(sqlite_database, clock, tmp_path) as (ann, _bot):
        other = Talker(ann.bot, ann.channel, "rita", clock)
        await other.says("/start")
        sqlite_database.run(
            lambda tx: tx.connection.execute(text("UPDATE person SET role = 'requester' WHERE external_id = 'rita'"))
        ).result()
        await sends(other, tmp_path, "more.csv", "id,caption\n2,two\n")
        assert "Which animal?" not in labels(other.screen)
        await sends(
            other, tmp_path, "animals.yaml", PROJECT.replace("dishes", "animals").replace("practice: 1", "practice: 0")
        )
        assert "Which animal?" not in said(other)
        assert "animals" in other.screen.text


async def test_what_takes_too_long_is_ended(sqlite_database: Database, tmp_path: Path) -> None:
    inbox = Inbox(tmp_path / "in", lambda: 1)
    seconds = iter(range(0, 100_000, 601))
    jobs = FileJobs(
        sqlite_database, Catalog(), MediaStore(tmp_path), Translator(lambda: 1), lambda: 1, inbox, tmp_path,
        lambda: next(seconds),
    )  # fmt: skip
    file = inbox.folder() / "data.csv"
    file.parent.mkdir(parents=True)
    file.write_text("caption\nStew\n")
    spec = parse_project(PROJECT.replace("practice: 1", "practice: 0").encode()).model_dump_json()
    given = {"file": spec, "data": str(file), "person": 1, "channel": "test"}
    outcome = await jobs.all()["plan"](given)
    assert "more than" in str(outcome["mistakes"])


# --------------------------------------------------------------------------- bad files


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packing:
        packing.writestr("data.csv", "text\n" + "a" * (40 << 20))
    return out.getvalue()


BAD: list[tuple[str, bytes, str]] = [
    ("notes.docx", b"x", "Send a project file"),
    ("data.csv", b"", "it is empty"),
    ("data.csv", b"\x89PNG\r\n\x1a\n" + bytes(99), "this file is a picture"),
    ("data.csv", b"PK\x03\x04" + bytes(99), "a workbook"),
    ("data.csv", "text\nhi\n".encode("utf-16"), "it is UTF-16"),
    ("data.csv", bytes(1000), "null characters"),
    ("data.csv", b"," * 2_000_000, "far too long"),
    ("data.csv", b"text\n" + b"a" * (50 << 20), "far too long"),
    ("data.zip", b"PK\x03\x04 no", "damaged, or it is no ZIP"),
    ("data.zip", _bomb(), "far too large"),
    ("data.zip", packed(**{"../data__csv": "text\nhi\n"}), "points outside"),
    ("data.zip", packed(a__csv="text\n", b__csv="text\n"), "Leave one data file"),
    ("data.zip", packed(a__yaml=PROJECT, b__yml=PROJECT, c__csv=DATA), "Leave one project file"),
    ("data.zip", packed(inner__zip=packed(data__csv=DATA)), "Put the data file into the ZIP"),
    ("data.zip", b"PK\x01\x02" * 100_001, "more than 100,000 files"),
    ("dishes.yaml", b"a: " + b"[" * 100_000, "flatter"),
    ("dishes.yaml", b"a: &a [x]\nb: [*a, *a]", "write it out"),
    ("dishes.yaml", b"#" * 5_000_000, "far too large"),
    ("dishes.yaml", b"\xff\xfei\x00d\x00", "save the file as UTF-8"),
    ("dishes.json", b"{", "mend the JSON"),
]


@pytest.mark.parametrize(("name", "content", "told"), BAD, ids=[told for _name, _content, told in BAD])
async def test_a_bad_file_gets_one_sentence_and_leaves_nothing(
    name: str, content: bytes, told: str, sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    async with boss(sqlite_database, clock, tmp_path) as (ann, _bot):
        before = sqlite_database.run(everything).result()
        await sends(ann, tmp_path, name, content)
        assert told in said(ann)
        assert sqlite_database.run(everything).result() == before
        assert not [path for path in (tmp_path / "files" / "in").rglob("*") if path.is_file()] or name == "notes.docx"
        assert labels(ann.screen)


async def test_too_big_for_the_chat_and_what_did_not_arrive(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    async with boss(sqlite_database, clock, tmp_path) as (ann, _bot):
        await ann.hears(Sent("document", "data.csv", too_big=True))
        assert "too big for a chat" in said(ann)
        await ann.hears(Sent("document", "data.csv"))
        assert "did not arrive" in said(ann)


async def test_a_data_file_that_is_gone_is_asked_for_again(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    async with boss(sqlite_database, clock, tmp_path) as (ann, _bot):
        await sends(ann, tmp_path, "dishes.yaml", PROJECT)
        await sends(ann, tmp_path, "dishes.csv", DATA)
        shutil.rmtree(tmp_path / "files" / "in")
        await press(ann, "Import")
        assert "Send the data file once more" in ann.screen.text


async def test_a_picture_beside_it_is_nobody_elses(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    """A file lies in a folder of its own: a row cannot name what somebody else has sent."""
    async with boss(sqlite_database, clock, tmp_path) as (ann, _bot):
        project = PROJECT.replace("show: {text: caption}", "show: {image: photo}").replace("practice: 1", "practice: 0")
        await sends(ann, tmp_path, "secret.csv", "photo\nx.png\n")
        await sends(ann, tmp_path, "dishes.yaml", project)
        await sends(ann, tmp_path, "data.csv", "id,photo\n1,secret.csv\n2,../secret.csv\n")
        assert "Row 1: add the picture “secret.csv”: it is not there" in ann.screen.text
        assert "Row 2: put the picture “../secret.csv” beside the data file" in ann.screen.text


# --------------------------------------------------------------------------- what is seen of it


def everything(tx: Any) -> str:
    """A digest of all rows but of where talks stand."""
    tables = tx.connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).scalars()
    kept = [name for name in tables if name != "conversation"]
    rows = {name: [tuple(row) for row in tx.connection.execute(text(f"SELECT * FROM {name}"))] for name in kept}  # noqa: S608 - names of our tables
    return sha256(repr(rows).encode()).hexdigest()


def said(who: Talker) -> str:
    return "\n".join([message.text for message in who.seen.messages.values()])


def labels(message: Message) -> list[str]:
    return [button.label for row in message.buttons for button in row]
