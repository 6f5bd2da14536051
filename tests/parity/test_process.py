"""``main.py run`` as a process of its own: answers, SIGTERM, a new start; over both libraries."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.cli import main
from db.session import open_database
from tests.conftest import NOON
from tests.fakes.botapi import TOKEN, BotApi, Person
from tests.support.bots import ANIMALS, add_project

ROOT = Path(__file__).parents[2]
ROWS = [{"id": f"t{n}", "caption": f"animal {n}"} for n in range(1, 9)]


@pytest.fixture(params=["aiogram", "python-telegram-bot"])
def settings(request: pytest.FixtureRequest, sqlite_url: str, tmp_path: Path) -> Mapping[str, str]:
    """The environment of a bot, without the server's address."""
    return {
        "CROWDLOOM_BOOTSTRAP": "off",
        "CROWDLOOM_BOT_TOKEN": TOKEN,
        "CROWDLOOM_BOT_LIBRARY": str(request.param),
        "CROWDLOOM_DATABASE_URL": sqlite_url,
        "CROWDLOOM_MEDIA_DIR": str(tmp_path / "media"),
        "CROWDLOOM_LISTEN": "127.0.0.1:0",
        "CROWDLOOM_LOG_FORMAT": "json",
    }


@asynccontextmanager
async def running(settings: Mapping[str, str], folder: Path) -> AsyncIterator[Process]:
    """A bot in a process of its own, once it is ready; killed if the test did not stop it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, ROOT / "main.py", "run", cwd=folder, env={**os.environ, **settings}, stderr=PIPE
    )
    try:
        line = await asyncio.wait_for(_line(process, "ready"), 50)
        assert line["seconds"] >= 0
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _line(process: Process, event: str) -> Mapping[str, Any]:
    """The next line of the log with this event."""
    assert process.stderr
    async for line in process.stderr:
        found: Mapping[str, Any] = json.loads(line)
        if found["event"] == event:
            return found
    raise EOFError(event)


async def _stopped(process: Process) -> str:
    """Ask it to stop; what it still logs."""
    process.send_signal(signal.SIGTERM)
    _out, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 0, err
    return err.decode()


async def _joins(person: Person) -> None:
    await person.says("/start")
    for label in ("I agree, let’s go", "Later", "Which animal?", "Start"):
        await person.presses(label)
    await person.sees("animal 1")


@pytest.mark.slow
async def test_it_is_stopped_in_mid_work_and_goes_on_after_the_next_start(
    settings: Mapping[str, str], tmp_path: Path
) -> None:
    database = open_database(settings["CROWDLOOM_DATABASE_URL"])
    add_project(database, ANIMALS, ROWS, NOON)
    database.close()
    async with BotApi() as api:
        ada, bo = api.person(7), api.person(8)
        where = {**settings, "CROWDLOOM_API_URL": api.url}
        async with running(where, tmp_path) as process:
            for person in (ada, bo):
                await _joins(person)
            await ada.presses("Cat")
            await ada.sees("animal 2")
            late = await ada.presses("Dog", wait=False)
            logged = await _stopped(process)
        assert late
        assert '"stopped"' in logged
        assert TOKEN not in logged
        later = await bo.presses("Cat", wait=False)
        async with running(where, tmp_path) as process:
            assert later
            await asyncio.wait_for(asyncio.gather(late.confirmed.wait(), later.confirmed.wait()), 20)
            assert "animal 3" in ada.screen.text
            assert "animal 2" in bo.screen.text
            await ada.presses("Cat")
            await ada.sees("animal 4")
            await _stopped(process)
        assert len(ada.messages) == 2
    assert _answers(settings["CROWDLOOM_DATABASE_URL"]) == 4


def _answers(url: str) -> int:
    database = open_database(url)
    try:
        with database.engine.connect() as connection:
            return int(connection.exec_driver_sql("SELECT count(*) FROM answer").scalar_one())
    finally:
        database.close()


async def test_a_token_that_telegram_does_not_know_is_told_in_one_sentence(
    settings: Mapping[str, str], tmp_path: Path
) -> None:
    wrong = "4242:a-token-that-nobody-knows-here"
    async with BotApi() as api:
        env = {**os.environ, **settings, "CROWDLOOM_API_URL": api.url, "CROWDLOOM_BOT_TOKEN": wrong, "LANG": "C"}
        process = await asyncio.create_subprocess_exec(
            sys.executable, ROOT / "main.py", "run", cwd=tmp_path, env=env, stderr=PIPE
        )
        _out, err = await asyncio.wait_for(process.communicate(), 50)
    said = err.decode()
    assert process.returncode == 1, said
    assert said.splitlines()[-1].startswith("Set CROWDLOOM_BOT_TOKEN to the token that BotFather gave you")
    assert "Traceback" not in said
    assert wrong not in said


def test_without_a_token_it_says_what_to_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "C")
    assert main(["run"]) == 2
    said = capsys.readouterr().err
    assert said.startswith("Set CROWDLOOM_BOT_TOKEN")
    assert len(said.splitlines()) == 1
    assert not list(tmp_path.iterdir()), "nothing is made before there is a token"
