"""Promise 4 over kill -9 at every step of paid work, on both databases: nothing is paid twice, or not at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from db.session import open_database
from tests.conftest import Clock
from tests.property.rig import a_rig

_ROOT = Path(__file__).parents[2]


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_killed_at_every_step(database_url: str, clock: Clock) -> None:
    database = open_database(database_url)
    changed = {"overlap": 2, "rules": [], "reward": {"answer": "20", "currency": "KRW"}}
    rig = a_rig(database, clock(), workers=2, tasks=12, changed=changed)
    database.close()
    command = [sys.executable, "-m", "tests.kill.steps", database_url, str(rig.known_id), *map(str, rig.workers)]
    done = subprocess.run(command, cwd=_ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own
    assert done.returncode == 0, done.stderr[-3_000:]
    steps = [int(line.rpartition(": ")[2]) for line in done.stdout.splitlines()]
    assert len(steps) == 21
    assert min(steps) >= 3
    assert sum(steps) > 150
