"""The web server: health, readiness, metrics, headers, the address."""

from __future__ import annotations

import aiohttp
import pytest
from prometheus_client import CollectorRegistry

from bot.metrics import Metrics
from bot.web.health import Health
from bot.web.server import AddressTakenError, serving
from db.session import Database
from db.statement import change


async def _get(address: str, path: str) -> tuple[int, str, dict[str, str]]:
    async with aiohttp.ClientSession() as session, session.get(address + path) as response:
        return response.status, await response.text(), dict(response.headers)


async def test_health_readiness_and_metrics_of_a_bot_that_works(database: Database) -> None:
    metrics = Metrics(CollectorRegistry())
    metrics.turn("telegram", "press", 0.004, failed=False)
    metrics.turn("telegram", "press", 0.004, failed=True)
    metrics.sent("send", "done")
    metrics.swept(3)
    metrics.watch_queue(lambda: 7)
    async with serving([Health(database, metrics, lambda: "").mount], "127.0.0.1", 0) as address:
        assert (await _get(address, "/healthz"))[0] == 200
        assert (await _get(address, "/readyz"))[:2] == (200, '{"status": "ready"}')
        status, text, headers = await _get(address, "/metrics")
    assert status == 200
    assert headers["Content-Type"].startswith("text/plain")
    for line in (
        'crowdloom_turns_total{channel="telegram",heard="press",outcome="done"} 1.0',
        'crowdloom_turns_total{channel="telegram",heard="press",outcome="failed"} 1.0',
        'crowdloom_sends_total{method="send",outcome="done"} 1.0',
        "crowdloom_leases_swept_total 3.0",
        "crowdloom_waiting_turns 7.0",
        'crowdloom_work{what="answers"} 0.0',
    ):
        assert line in text.splitlines()


async def test_a_channel_that_does_not_receive_makes_it_not_ready(sqlite_database: Database) -> None:
    health = Health(sqlite_database, Metrics(CollectorRegistry()), lambda: "telegram does not receive yet")
    async with serving([health.mount], "127.0.0.1", 0) as address:
        status, text, _headers = await _get(address, "/readyz")
    assert status == 503
    assert "telegram does not receive yet" in text


async def test_a_database_of_another_revision_makes_it_not_ready(sqlite_database: Database) -> None:
    sqlite_database.run(lambda tx: tx.run(change("UPDATE alembic_version SET version_num = 'older'"))).result()
    health = Health(sqlite_database, Metrics(CollectorRegistry()), lambda: "")
    async with serving([health.mount], "127.0.0.1", 0) as address:
        status, text, _headers = await _get(address, "/readyz")
    assert status == 503
    assert "at revision older" in text


async def test_a_closed_database_makes_it_not_ready_and_the_counts_stay(sqlite_database: Database) -> None:
    sqlite_database.close()
    health = Health(sqlite_database, Metrics(CollectorRegistry()), lambda: "")
    async with serving([health.mount], "127.0.0.1", 0) as address:
        assert (await _get(address, "/readyz"))[0] == 503
        assert (await _get(address, "/healthz"))[0] == 200
        assert (await _get(address, "/metrics"))[0] == 200


async def test_every_answer_carries_safe_headers_and_no_version() -> None:
    async with serving([], "127.0.0.1", 0) as address:
        status, _text, headers = await _get(address, "/nothing")
    assert status == 404
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Server"] == "crowdloom"


async def test_an_address_that_is_taken_is_one_clear_sentence() -> None:
    async with serving([], "127.0.0.1", 0) as address:
        port = int(address.rpartition(":")[2])
        with pytest.raises(AddressTakenError, match="Set CROWDLOOM_LISTEN to another address"):
            async with serving([], "127.0.0.1", port):
                pass
