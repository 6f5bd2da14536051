"""Figures of live projects under /metrics: the same as in the chat, seldom read, and nobody's name among them."""

from __future__ import annotations

import aiohttp
import pytest
from prometheus_client import CollectorRegistry

from bot.figures import Figures
from bot.metrics import Metrics
from bot.web.health import Health
from bot.web.server import serving
from db.session import Database
from tasks.projects import lifecycle
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig
from tests.support.working import work_through


def _worked(database: Database, clock: Clock) -> Rig:
    changed = {
        "overlap": 3,
        "reward": {"answer": "20", "currency": "KRW"},
        "schedule": {"deadline": "2030-01-01T00:00+00:00"},
    }
    rig = a_rig(database, clock(), workers=4, tasks=20, changed=changed)
    work_through(rig, clock, dict.fromkeys(rig.workers[:3], 0.05))
    return rig


def _projects(metrics: Metrics) -> list[str]:
    return [line for line in metrics.text().decode().splitlines() if line.startswith("crowdloom_project")]


async def test_metrics_have_the_figures_of_live_projects(database: Database, clock: Clock) -> None:
    rig = _worked(database, clock)
    metrics = Metrics(CollectorRegistry())
    figures = Figures(database, rig.catalog, clock, metrics)
    health = Health(database, metrics, lambda: "", figures.refresh)
    async with (
        serving([health.mount], "127.0.0.1", 0) as address,
        aiohttp.ClientSession() as session,
        session.get(f"{address}/metrics") as response,
    ):
        text = await response.text()
    for line in (
        'crowdloom_project_items{project="animals",what="all"} 20.0',
        'crowdloom_project_answers{project="animals"} 60.0',
        'crowdloom_project_spent_minor_units{currency="KRW",project="animals"} 1200.0',
        'crowdloom_project_due_timestamp_seconds{project="animals"} 1.8934560e+09',
    ):
        assert line.replace("1.8934560e+09", "1.893456e+09") in text.splitlines()
    assert "w-" not in text.replace("crowdloom_", "")


async def test_they_are_read_once_a_minute_and_forgotten_with_the_project(
    sqlite_database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig, metrics, reads = _worked(sqlite_database, clock), Metrics(CollectorRegistry()), 0
    figures = Figures(sqlite_database, rig.catalog, clock, metrics)
    really = figures._read

    def counted(live: list[object]) -> None:
        nonlocal reads
        reads += 1
        really(live)  # type: ignore[arg-type]

    monkeypatch.setattr(figures, "_read", counted)
    for _time in range(5):
        await figures.refresh()
    assert reads == 1
    assert _projects(metrics)
    rig.run(lambda tx, known: lifecycle.pause(tx, rig.catalog, known.key, clock()))
    clock.pass_ms(61_000)
    await figures.refresh()
    assert reads == 2
    assert _projects(metrics) == []


async def test_what_cannot_be_read_spoils_nothing_else(
    sqlite_database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig, metrics = _worked(sqlite_database, clock), Metrics(CollectorRegistry())
    figures = Figures(sqlite_database, rig.catalog, clock, metrics)

    def broken(_live: object) -> None:
        raise OSError("away")

    monkeypatch.setattr(figures, "_read", broken)
    await figures.refresh()
    assert _projects(metrics) == []
    monkeypatch.undo()
    clock.pass_ms(61_000)
    await figures.refresh()
    assert _projects(metrics)
