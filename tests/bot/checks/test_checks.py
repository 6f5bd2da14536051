"""The doctor's checks: what each finds, and that its remedy is the first thing said."""

from __future__ import annotations

import asyncio
import socket
from pathlib import Path

import pytest
from aiohttp import web
from prometheus_client import CollectorRegistry

from bot.bootstrap import ROOT
from bot.checks import database, machine, telegram
from bot.checks.finding import Finding, State
from bot.checks.rules import rules
from bot.metrics import Metrics
from bot.settings import load_settings
from bot.web.health import Health
from bot.web.server import serving
from db.session import Database, open_database
from db.statement import change
from tasks.words import Text

TOKEN = "123456789:" + "A" * 35


def _said(finding: Finding) -> str:
    said = finding.said
    return said.message.format(**said.values) if isinstance(said, Text) else str(said)


def test_this_machine_is_well() -> None:
    assert machine.python().state is State.GOOD
    assert machine.packages(ROOT).state is State.GOOD


def test_packages_that_differ_are_named(tmp_path: Path) -> None:
    (tmp_path / "requirements.txt").write_text("no-such-thing==1.0 \\\n    --hash=sha256:00\n")
    found = machine.packages(tmp_path)
    assert found.state is State.WRONG
    assert "no-such-thing" in _said(found)


def test_an_up_to_date_database_is_well_and_durable(sqlite_url: str) -> None:
    assert [found.state for found in database.database(sqlite_url)] == [State.GOOD, State.GOOD]


def test_a_database_that_may_lose_a_commit_is_told_the_knob(postgres_url: str) -> None:
    written, durable = database.database(postgres_url)  # the tests' server has fsync off
    assert written.state is State.GOOD
    assert durable.state is State.WRONG
    assert "fsync" in _said(durable)


def test_a_database_that_is_behind_is_told_the_command(sqlite_url: str) -> None:
    opened = open_database(sqlite_url)
    opened.run(lambda tx: tx.run(change("UPDATE alembic_version SET version_num = '0000'"))).result()
    opened.close()
    (found,) = database.database(sqlite_url)
    assert found.state is State.WRONG
    assert _said(found).startswith("Run “python main.py db upgrade”")


def test_a_database_that_is_not_there_yet_is_not_made(tmp_path: Path) -> None:
    (found,) = database.database(f"sqlite:///{tmp_path}/var/new.db")
    assert found.state is State.GOOD
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_cannot_be_reached_is_wrong() -> None:
    (found,) = database.database("postgresql://u:p@127.0.0.1:1/x")
    assert found.state is State.WRONG


def test_a_file_that_is_no_database_is_wrong(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_text("no database " * 400)
    (found,) = database.database(f"sqlite:///{tmp_path}/x.db")
    assert found.state is State.WRONG


def test_secrets_that_others_can_read_are_told_the_command(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    assert list(machine.secrets_file(file)) == []
    file.touch(0o644)
    (found,) = machine.secrets_file(file)
    assert _said(found).startswith("Run “chmod 600 .env”")
    file.chmod(0o600)
    (found,) = machine.secrets_file(file)
    assert found.state is State.GOOD


def test_rules_of_an_operator_are_read_as_at_the_start(tmp_path: Path) -> None:
    assert rules(None).state is State.GOOD
    file = tmp_path / "rules.yaml"
    assert rules(file).state is State.WRONG
    file.write_text("rules:\n  - if: {skips_in_row: {from: 3}}\n    then: pawse\n")
    found = rules(file)
    assert found.state is State.WRONG
    assert _said(found).startswith("Mend the file of rules first")
    file.write_text("rules:\n  - if: {skips_in_row: {from: 3}}\n    then: {pause: 10m}\n")
    assert rules(file).state is State.GOOD


def test_a_clock_before_the_program_itself_is_wrong() -> None:
    assert machine.clock(1_000, ROOT).state is State.WRONG


def test_a_port_that_another_program_has_is_wrong() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        number = server.getsockname()[1]
        found = machine.port("127.0.0.1", number)
    assert found.state is State.WRONG
    assert _said(found).startswith("Set CROWDLOOM_LISTEN")
    assert machine.port("127.0.0.1", number).state is State.GOOD


async def test_a_port_that_another_bot_has_is_advice(sqlite_database: Database) -> None:

    health = Health(sqlite_database, Metrics(CollectorRegistry()), lambda: "")
    async with serving([health.mount], "127.0.0.1", 0) as address:
        found = await asyncio.to_thread(machine.port, "127.0.0.1", int(address.rpartition(":")[2]))
    assert found.state is State.ADVICE
    assert _said(found).startswith("Stop the bot at 127.0.0.1")


def test_the_token_is_looked_at_and_not_shown() -> None:
    assert telegram.token(load_settings(None)).state is State.ADVICE
    assert telegram.token(load_settings(None, bot_token=TOKEN)).state is State.GOOD
    short = telegram.token(load_settings(None, bot_token="12:abc"))
    assert short.state is State.WRONG
    assert "abc" not in _said(short)


async def _bot_api(status: int, url: str = "") -> web.Application:
    async def answer(request: web.Request) -> web.Response:
        if status != 200:
            return web.json_response({"ok": False}, status=status)
        method = request.match_info["method"]
        return web.json_response(
            {"ok": True, "result": {"username": "loom_bot"} if method == "getMe" else {"url": url}}
        )

    app = web.Application()
    app.router.add_get("/bot{token}/{method}", answer)
    return app


@pytest.mark.parametrize(
    ("status", "hook", "states"),
    [
        (200, "", ["good", "good", "good"]),
        (200, "https://elsewhere.example/", ["good", "advice", "good"]),
        (401, "", ["wrong"]),
    ],
)
async def test_online_the_server_is_asked(status: int, hook: str, states: list[str]) -> None:

    runner = web.AppRunner(await _bot_api(status, hook))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    settings = load_settings(None, bot_token=TOKEN, api_url=f"http://127.0.0.1:{runner.addresses[0][1]}")
    try:
        found = await asyncio.to_thread(lambda: [*telegram.server(settings), *telegram.online(settings)])
    finally:
        await runner.cleanup()
    assert [str(finding.state) for finding in found] == ["good", *states]
    assert all(TOKEN not in _said(finding) for finding in found)


def test_a_server_that_does_not_answer_is_wrong() -> None:
    settings = load_settings(None, bot_token=TOKEN, api_url="http://127.0.0.1:1")
    assert [found.state for found in telegram.server(settings)] == [State.WRONG]
    assert [found.state for found in telegram.online(settings)] == [State.WRONG]
