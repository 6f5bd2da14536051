"""One process leads; another does within one look of its end, however it ended."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry

from bot.jobs.lead import Lead
from bot.metrics import Metrics
from db.lock import FileLock, SessionLock, lock_of
from db.session import Database, open_database

_ROOT = Path(__file__).parents[3]


@contextmanager
def _other(url: str) -> Iterator[subprocess.Popen[str]]:
    """Another process that stands for the lead; it has had its first look."""
    command = [sys.executable, "-m", "tests.bot.jobs.holder", url]
    with subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 - our own
        try:
            yield process
        finally:
            process.kill()


def _said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


async def _soon(lead: Lead) -> bool:
    """Look until it leads, as a process does every two seconds; a server learns of a death in its own time."""
    for _look in range(200):
        await lead.look()
        if lead.held:
            return True
        await asyncio.sleep(0.02)
    return False


async def test_one_of_two_leads_and_the_other_follows_when_it_is_left(database: Database, database_url: str) -> None:
    other = open_database(database_url)
    first, second = Lead(lock_of(database.engine), patience=30), Lead(lock_of(other.engine), patience=30)
    told: list[tuple[str, bool]] = []
    first.watch(lambda held: told.append(("first", held)))
    second.watch(lambda held: told.append(("second", held)))
    async with first.standing():
        await second.look()
        assert (first.held, second.held) == (True, False)
        await first.look()
        assert first.held
    await second.look()
    assert (first.held, second.held) == (False, True)
    assert told == [("first", True), ("first", False), ("second", True)]
    await second.leave()
    other.close()


@pytest.mark.timeout(60)
@pytest.mark.parametrize("how", ["killed", "stopped"])
async def test_another_process_follows(database: Database, database_url: str, how: str) -> None:
    lead = Lead(lock_of(database.engine), patience=30)
    with _other(database_url) as process:
        assert await asyncio.to_thread(_said, process) == "leads"
        await lead.look()
        assert not lead.held
        if how == "killed":
            process.kill()
        else:
            process.communicate("\n", timeout=30)
        assert await _soon(lead)
        with _other(database_url) as waiting:
            assert await asyncio.to_thread(_said, waiting) == "waits"
    await lead.leave()


async def test_who_loses_the_connection_does_not_lead(postgres_url: str) -> None:
    database = open_database(postgres_url)
    lock = SessionLock(database.engine)
    lead, other = Lead(lock, patience=30), Lead(lock_of(database.engine), patience=30)
    await lead.look()
    with database.engine.connect() as connection:
        connection.exec_driver_sql(f"SELECT pg_terminate_backend({lock._session.info.backend_pid})")
    await lead.look()
    assert not lead.held
    assert await _soon(other)
    await lead.look()
    assert not lead.held
    await other.leave()
    await lead.look()
    assert lead.held
    await lead.leave()
    database.close()


async def test_who_loses_the_file_does_not_lead(tmp_path: Path) -> None:
    path = tmp_path / "crowdloom.db-lead"
    first, second = Lead(FileLock(str(path)), patience=30), Lead(FileLock(str(path)), patience=30)
    await first.look()
    path.unlink()
    await second.look()
    await first.look()
    assert (first.held, second.held) == (False, True)
    await second.leave()


class _Stuck:
    """A lock whose database does not answer until it is let go."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.answers.set()
        self.asked = 0

    def take(self) -> bool:
        self.asked += 1
        self.answers.wait(30)
        return True

    def leave(self) -> None:
        """Nothing to let go of."""


async def test_who_gets_no_answer_in_time_does_not_lead_and_asks_once() -> None:
    lock = _Stuck()
    lead = Lead(lock)
    await lead.look()
    assert lead.held
    lock.answers.clear()
    lead._patience = 0.01
    await lead.look()
    await lead.look()
    assert not lead.held
    assert lock.asked == 2
    lock.answers.set()
    lead._patience = 5
    await lead.look()
    assert lead.held


async def test_long_jobs_do_not_cost_the_lead(tmp_path: Path) -> None:
    lead, over = Lead(FileLock(str(tmp_path / "a-lead")), patience=30), threading.Event()
    jobs = [asyncio.ensure_future(asyncio.to_thread(over.wait, 30)) for _job in range(64)]
    await lead.look()
    assert lead.held
    over.set()
    await asyncio.gather(*jobs)
    await lead.leave()


def test_metrics_say_who_leads() -> None:
    metrics, held = Metrics(CollectorRegistry()), [True]
    metrics.watch_lead(lambda: held[0])
    assert b"crowdloom_leads 1.0" in metrics.text()
    held[0] = False
    assert b"crowdloom_leads 0.0" in metrics.text()


async def test_a_talk_in_the_terminal_gives_way_to_a_bot(database: Database, database_url: str) -> None:
    """Its courier reaches nobody on Telegram: whoever runs the bot later must not wait until the talk ends."""
    other = open_database(database_url)
    talk = Lead(lock_of(database.engine), 0.02, patience=30, gives_way=True)
    runs = Lead(lock_of(other.engine), 0.01, patience=30)
    follows = asyncio.Event()
    async with talk.standing():
        assert talk.held
        runs.watch(lambda held: follows.set() if held else None)
        async with runs.standing():
            await asyncio.wait_for(follows.wait(), 30)
            await talk.look()
            assert (talk.held, runs.held) == (False, True)
    other.close()
