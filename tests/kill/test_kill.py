"""Promise 1: an answer that was confirmed is never lost, over kill -9 and restart, on both databases."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path
from typing import NamedTuple

import pytest

from db.session import Database, open_database
from db.statement import Statement
from tasks.money.recount import differences
from tests.conftest import Clock
from tests.property.rig import broken
from tests.support.bots import ANIMALS, add_project
from tests.talks.projects import rows

_KILLS, _TASKS = 8, 4_000
_PAYS = {"answer": "20", "currency": "KRW", "budget": "1000000"}
_ROOT = Path(__file__).parents[2]


class Stored(NamedTuple):
    """An answer as it stands in the database."""

    person: str
    item: str
    value: str


STORED = Statement(
    """
    SELECT p.external_id, t.row, a.value FROM answer a
    JOIN person p ON p.id = a.worker_id JOIN task t ON t.project_id = a.project_id AND t.id = a.task_id
    """,
    Stored,
)


def _until_killed(url: str, seed: int, folder: Path, answers: int) -> list[str]:
    """Let a crowd answer; kill it once ``answers`` are confirmed. All that was confirmed until the pipe's end."""
    command = [sys.executable, "-m", "tests.kill.crowd", url, str(seed), str(folder)]
    with subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, text=True) as crowd:  # noqa: S603 - our own
        assert crowd.stdout is not None
        alarm = threading.Timer(20, crowd.kill)
        alarm.start()
        said: list[str] = []
        for line in crowd.stdout:
            said.append(line.strip())
            if len(said) == answers:
                crowd.kill()
        alarm.cancel()
    return said


@pytest.mark.slow
@pytest.mark.timeout(120)
def test_no_confirmed_answer_is_lost(database_url: str, clock: Clock, tmp_path: Path) -> None:
    database = open_database(database_url)
    project = add_project(database, {**ANIMALS, "overlap": 2, "rules": [], "reward": _PAYS}, rows(_TASKS), clock())
    database.close()
    chance = random.Random(11)  # noqa: S311 - when to kill
    confirmed: list[str] = []
    for seed in range(1, _KILLS + 1):
        said = _until_killed(database_url, seed, tmp_path / str(seed), chance.randint(3, 150))
        assert said, "the crowd confirmed nothing at all"
        confirmed += [line for line in said if line != "done"]
    database = open_database(database_url)
    stored = _stored(database)
    faults = database.run(lambda tx: broken(tx, project, 2)).result()
    with database.reading() as reader:
        unpaid = list(differences(reader))
    database.close()
    assert len(confirmed) > 10 * _KILLS
    assert len(set(confirmed)) == len(confirmed)
    assert set(confirmed) <= stored
    assert faults == []
    assert unpaid == []  # each stored answer was paid, and none twice


def _stored(database: Database) -> set[str]:
    with database.reading() as reader:
        every = list(reader.stream(STORED))
    return {f"{one.person} {one.item.removeprefix('row-')} {one.value.strip(chr(34))}" for one in every}
