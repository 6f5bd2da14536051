"""The way from 0003 to 0004: what answers had earned before there was a ledger is its workers' afterwards."""

from __future__ import annotations

import json
from typing import Any

from alembic import command
from sqlalchemy import Boolean, Connection, Engine, Float, Integer, LargeBinary, MetaData, Table, text

from db.migrations.upgrade import config, upgrade

_SPEC = {"reward": {"currency": "USD", "answer": "0.05", "vote": "0"}}


def _add(connection: Connection, table: str, **values: Any) -> None:
    """A row as it was then: whatever must not be empty is nothing."""
    shape = Table(table, MetaData(), autoload_with=connection)
    row = dict(values)
    for column in shape.columns:
        if column.name not in row and not column.nullable and column.server_default is None:
            row[column.name] = _nothing(column.type)
    connection.execute(shape.insert(), row)


def _nothing(kind: Any) -> Any:
    if isinstance(kind, Boolean):
        return False
    if isinstance(kind, Integer | Float):
        return 0
    return b"" if isinstance(kind, LargeBinary) else ""


def _crowd(connection: Connection) -> None:
    """Two projects that pay, one that does not; a worker of both, one who is erased, one with a task in hand."""
    specs = {1: _SPEC, 2: _SPEC, 3: {}}
    for project, spec in specs.items():
        _add(connection, "project", id=project, key=f"p{project}", state="live", spec=json.dumps(spec))
        _add(connection, "task", project_id=project, id=1, row="1", place=1, item="{}", pictures="{}", split="work")
    for person in (1, 2, 3):
        erased = {"erased_at": 1} if person == 3 else {}
        _add(connection, "person", id=person, channel="test", external_id=str(person), role="worker", **erased)
    for project, worker, answered in ((1, 1, 7), (1, 2, 0), (1, 3, 5), (2, 1, 2), (3, 1, 9)):
        _add(connection, "enrolment", project_id=project, worker_id=worker, answered=answered)
    _add(connection, "assignment", project_id=1, task_id=1, worker_id=2, state="offered")
    _add(connection, "assignment", project_id=3, task_id=1, worker_id=2, state="offered")


def _rows(connection: Connection, sql: str) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(sql))]


def test_what_was_earned_is_payable_and_what_is_in_hand_is_promised(alembic_engine: Engine) -> None:
    upgrade(alembic_engine, "0003")
    with alembic_engine.begin() as connection:
        _crowd(connection)
    upgrade(alembic_engine)
    with alembic_engine.connect() as connection:
        accounts = _rows(connection, "SELECT name, balance, reserved FROM account ORDER BY name")
        postings = _rows(connection, "SELECT cause, amount, reason, person_id FROM posting ORDER BY id")
        leases = _rows(connection, "SELECT project_id, pay, budget_id IS NOT NULL FROM assignment ORDER BY project_id")
    assert accounts == [
        ("budget:1:USD:0", 5, 5),
        ("budget:2:USD:0", 0, 0),
        ("house:1:USD", -40, 0),
        ("house:2:USD", -10, 0),
        ("payable:1:USD", 45, 0),
    ]
    assert postings == [
        ("opening:1", 40, "fund", None),
        ("opening:1:1", 35, "answer", 1),
        ("opening:2", 10, "fund", None),
        ("opening:2:1", 10, "answer", 1),
    ]
    assert [tuple(map(int, lease)) for lease in leases] == [(1, 5, 1), (3, 0, 0)]


def test_and_back(alembic_engine: Engine) -> None:
    upgrade(alembic_engine, "0003")
    with alembic_engine.begin() as connection:
        _crowd(connection)
    upgrade(alembic_engine)
    command.downgrade(config(alembic_engine), "0003")
    upgrade(alembic_engine)
    with alembic_engine.connect() as connection:
        assert _rows(connection, "SELECT SUM(balance) FROM account WHERE kind = 'payable'") == [(45,)]
