"""Health, readiness and metrics of a process."""

from __future__ import annotations

import socket

import aiohttp
import pytest

from bot.metrics import Metrics
from bot.web.server import AddressTakenError, build_app, database_answers, serving
from db.session import Database


async def test_a_well_process_is_alive_and_ready(sqlite_database: Database) -> None:
    metrics = Metrics()
    metrics.turn("test", "press", 0.004, failed=False)
    app = build_app(metrics, {"database": database_answers(sqlite_database)})
    async with serving(app, "127.0.0.1:0") as address, aiohttp.ClientSession() as http:
        assert (await http.get(f"{address}/healthz")).status == 200
        assert (await (await http.get(f"{address}/readyz")).json()) == {"ready": True, "wrong": {}}
        assert "crowdloom_turn_seconds_bucket" in await (await http.get(f"{address}/metrics")).text()


async def test_a_process_without_its_database_is_not_ready(sqlite_database: Database) -> None:
    app = build_app(Metrics(), {"database": database_answers(sqlite_database)})
    sqlite_database.close()
    async with serving(app, "127.0.0.1:0") as address, aiohttp.ClientSession() as http:
        answer = await http.get(f"{address}/readyz")
        assert answer.status == 503
        assert (await answer.json())["wrong"] == {"database": "DatabaseUnavailableError"}


async def test_a_port_in_use_is_one_sentence() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        listen = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(AddressTakenError, match="Choose another port"):
            async with serving(build_app(Metrics(), {}), listen):
                pass
