"""``--dry-run`` on every verb that changes something: it says what it would touch, and no row of any table changes."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, text

from db.queries import staff
from db.session import Database, Tx, open_database
from db.statement import change
from db.tables import Answer, Assignment, Proposal
from tasks.outreach import broadcast
from tasks.privacy.audit import SHELL
from tasks.projects.catalog import Catalog, Known
from tasks.schedules import pattern, table
from tests.bot.cli.conftest import Run
from tests.conftest import NOON
from tests.property.rig import a_rig
from tests.support.approvals import waits_for_a_word
from tests.support.outreach import a_draft
from tests.support.payouts import asks, earns
from tests.support.returned import wanted_rejected

_PAID = {"reward": {"answer": "20", "currency": "KRW", "budget": "30000"}, "id": "animals"}
_LATER = 1_900_000_000_000
_BY_SOMEBODY = change("UPDATE mass_rejection SET made_by = 2")
_JOINED = change("UPDATE person SET gate = 3, consent = '1' WHERE id = :person")
_VERBS = [
    ("project pause animals", "in people’s hands"),
    ("project close animals", "of its budget goes back"),
    ("project budget animals 50000", "₩30,000 → ₩50,000"),
    ("worker role 1 reviewer --reason careful", "No. 1: Worker → Reviewer"),
    ("worker suspend 1 --reason careless", "No. 1 has"),
    ("worker pause 1 --days 2 --reason rest", "person 2"),
    ("worker note 1 --why careful", "remark 1"),
    ("worker bonus 1 500 --project animals --reason careful", "₩500 to No. 1"),
    ("worker lift 2 --reason rested", "person 2"),
    ("worker skill 1 birds --reason careful", "qualification 1"),
    ("worker message 1 --why careful", "notice 1"),
    ("worker check 1 --project animals", "review_case 1"),
    ("worker decide 1 --accept --reason careless", "proposal 1"),
    ("worker decide 1 --decline --reason careful", "proposal 1"),
    ("broadcast pause 1", "paused"),
    ("broadcast resume 2", "broadcast 1"),
    ("broadcast cancel 1", "called off"),
    ("schedule pause holds", "What people have earned stays on hold"),
    ("schedule resume news", "schedule 1"),
    ("schedule run leases", "schedule 1"),
    ("schedule change leases --every 30s", "every 30 sec"),
    ("schedule add more --cron '0 9 * * 1' --like 3", "more"),
    ("schedule remove news", "schedule 1"),
    ("rejection propose animals --worker 1 --reason unreadable --why same", "mass_rejection 1"),
    ("approval confirm 1", "Done: Raise the budget"),
    ("approval decline 1 --reason no", "Declined: Raise the budget"),
    ("rejection confirm 1", "mass_rejection 1"),
    ("rejection decline 1", "mass_rejection 1"),
    ("payout export KRW --out {folder}/out.csv", "1 payout, ₩12,400"),
]

_REFUSED = (
    "project launch animals",
    "project budget animals 1,5",
    "worker role 1 emperor --reason x",
    "payout export EUR --out x.csv",
    "broadcast pause 2",
    "broadcast resume 1",
    "schedule pause nothing",
    "schedule remove leases",
    "worker decide 9 --accept --reason x",
)


@pytest.fixture
def run(command: Run, sqlite_url: str) -> Run:
    """Runs a command where something of everything waits."""
    database = open_database(sqlite_url)
    try:
        _fill(database)
    finally:
        database.close()
    return command


def _fill(database: Database) -> None:
    from tasks.money import budget  # noqa: PLC0415 - needed here alone

    rig = a_rig(database, NOON, 2, 3, changed=_PAID)
    rig.run(lambda tx, known: budget.follow(tx, known.purse, NOON) if known.purse else None)
    rig.run(lambda tx, known: waits_for_a_word(tx, known, _LATER))
    earns(database, rig.workers[0], 12_400, "KRW")
    asks(database, rig.workers[0], "KRW")
    rig.run(lambda tx, known: wanted_rejected(tx, known, NOON))
    rig.run(lambda tx, _known: tx.run(_BY_SOMEBODY))
    rig.run(lambda tx, known: _waits(tx, known, rig.workers))
    rig.run(_by_itself)


def _waits(tx: Tx, known: Known, workers: Sequence[int]) -> None:
    """An answer nobody has looked at, a proposal, and somebody who is suspended."""
    key: dict[str, Any] = {"project_id": known.id, "task_id": 1, "worker_id": workers[0]}
    tx.orm.add(Assignment(**key, state="answered", offered_at=NOON, lease_ends=NOON, submitted_at=NOON))
    tx.orm.flush()
    tx.orm.add(Answer(**key, value='"cat"', submitted_at=NOON, work_ms=1_000))
    tx.orm.add(Proposal(person_id=workers[0], what="suspend", why='"too fast"', figures="{}", made_at=1))
    tx.run(_JOINED, person=workers[0])
    tx.run(staff.SUSPEND, person=workers[1], now=NOON)


def _by_itself(tx: Tx, _known: Known) -> None:
    """A broadcast that is sent, one that is paused, a draft, and a schedule that is paused."""
    for _n in range(3):
        broadcast.draft(tx, SHELL, a_draft(), NOON)
    for number in (1, 2):
        broadcast.send(tx, Catalog(), SHELL, number, NOON)
    broadcast.pause(tx, SHELL, 2, NOON)
    table.make_missing(tx, NOON)
    pattern.add(tx, SHELL, "news", "0 9 * * 1", "UTC", 3, NOON)
    table.pause(tx, SHELL, "news", NOON)


def _digest(url: str) -> str:
    engine = create_engine(url)
    with engine.connect() as connection:
        names = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).scalars()
        rows = [[tuple(row) for row in connection.execute(text(f"SELECT * FROM {name}"))] for name in names]  # noqa: S608 - names of our tables
    engine.dispose()
    return sha256(repr(rows).encode()).hexdigest()


@pytest.mark.parametrize(("verb", "told"), _VERBS, ids=[verb for verb, _told in _VERBS])
def test_nothing_has_changed(verb: str, told: str, run: Run, sqlite_url: str, tmp_path: Path) -> None:
    before = _digest(sqlite_url)
    words = shlex.split(verb.format(folder=tmp_path))
    code, out, err = run(*words, "--dry-run")
    assert (code, err) == (0, ""), err
    assert told in out
    assert "Nothing has changed: it was a dry run." in out
    assert _digest(sqlite_url) == before
    assert not (tmp_path / "out.csv").exists()


def test_what_it_would_refuse_it_refuses(run: Run, sqlite_url: str) -> None:
    before = _digest(sqlite_url)
    for verb in _REFUSED:
        assert run(*verb.split(), "--dry-run")[0] == 2, verb
    assert _digest(sqlite_url) == before


def test_a_program_is_told_as_ever(run: Run) -> None:
    code, out, _err = run("project", "pause", "animals", "--dry-run", "--json")
    assert (code, json.loads(out)) == (0, {"id": "animals", "state": "paused", "dry_run": True})
