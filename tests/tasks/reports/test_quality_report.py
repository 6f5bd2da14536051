"""The report for an auditor: from rows in the database to a file that anybody can read."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from db.session import Database
from tasks.consensus.revise import revise
from tasks.exchange.exports import QUALITY, export
from tests.conftest import Clock
from tests.property.rig import a_rig
from tests.support.working import work_through


def _quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


def _export(database: Database, rig_catalog: object, key: str, out: Path) -> list[dict[str, str]]:
    export(database, rig_catalog, key, "quality", out, None, _quiet)  # type: ignore[arg-type]
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_a_report_tells_how_everything_came_about(database: Database, clock: Clock, tmp_path: Path) -> None:
    rig = a_rig(database, clock(), workers=5, tasks=40, changed={"overlap": 3})
    work_through(rig, clock, dict.fromkeys(rig.workers, 0.1))
    revise(database, rig.catalog, rig.known_id, clock)
    rows = _export(database, rig.catalog, "animals", tmp_path / "quality.csv")
    assert tuple(rows[0]) == QUALITY
    assert {row["section"] for row in rows} >= {"project", "label", "confusion", "worker", "task", "answer"}
    alpha = next(row for row in rows if row["section"] == "project" and "alpha" in row["figure"])
    assert 0.3 < float(alpha["low"]) <= float(alpha["value"]) <= float(alpha["high"]) <= 1
    weighed = [row for row in rows if row["section"] == "answer"]
    assert len(weighed) == 120
    assert all(float(row["value"]) > 0 for row in weighed)
    assert all(row["note"] in {"cat", "dog"} for row in weighed)
    workers = {row["subject"] for row in rows if row["section"] == "worker"}
    assert len(workers) == 5
    assert all(worker.startswith("w-") for worker in workers)


@pytest.mark.parametrize("suffix", ["csv", "jsonl", "parquet"])
def test_a_project_without_answers_has_a_report_too(
    sqlite_database: Database, clock: Clock, tmp_path: Path, suffix: str
) -> None:
    rig = a_rig(sqlite_database, clock(), workers=1, tasks=2)
    out = tmp_path / f"quality.{suffix}"
    assert export(sqlite_database, rig.catalog, "animals", "quality", out, None, _quiet) > 0
    assert out.stat().st_size


@pytest.mark.parametrize("kind", ["text", "multi-choice"])
def test_kinds_whose_answers_cannot_be_listed_have_a_report(
    sqlite_database: Database, clock: Clock, tmp_path: Path, kind: str
) -> None:
    changed = {"kind": kind, "overlap": 2} | ({"labels": []} if kind == "text" else {})
    rig = a_rig(sqlite_database, clock(), workers=2, tasks=3, changed=changed)
    rows = _export(sqlite_database, rig.catalog, "animals", tmp_path / "quality.csv")
    assert rows[0]["section"] == "project"
