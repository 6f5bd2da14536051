"""The way from 0004 to 0005: records that are there become the beginning of the chain, and back."""

from __future__ import annotations

import json

from alembic import command
from sqlalchemy import Engine, text

from db.migrations.upgrade import config, upgrade
from db.session import Database, Tx, open_database
from tasks.privacy.audit import SHELL, Act, record
from tasks.privacy.verify import verify

_ROWS = 2_500
"""More than are read at once."""


def _records(engine: Engine) -> None:
    figures = [json.dumps({"before": n, "why": "They asked"} if n % 2 else {"share": n / 7}) for n in range(_ROWS)]
    add = text("INSERT INTO audit (at, channel, rule, what, figures) VALUES (:at, 'web', '', 'role', :figures)")
    with engine.begin() as connection:
        connection.execute(add, [{"at": n, "figures": one} for n, one in enumerate(figures)])
        connection.execute(text("DELETE FROM audit WHERE id = 3"))


def _verified(database: Database) -> tuple[int, int, list[object]]:
    found = verify(database, "", lambda _done, _total: None)
    return found.records, found.broken, list(found.breaks)


def test_records_that_are_there_become_the_beginning(alembic_engine: Engine) -> None:
    upgrade(alembic_engine, "0004")
    _records(alembic_engine)
    upgrade(alembic_engine)
    database = open_database(alembic_engine.url.render_as_string(hide_password=False))
    try:
        assert _verified(database) == (_ROWS - 1, 0, [])

        def turn(tx: Tx) -> None:
            record(tx, SHELL, Act("role", figures={"why": "One more"}), 1)

        database.run(turn).result()
        assert _verified(database) == (_ROWS, 0, [])
    finally:
        database.close()
    command.downgrade(config(alembic_engine), "0004")
    upgrade(alembic_engine)
    with alembic_engine.connect() as connection:
        assert connection.execute(text("SELECT number FROM chain")).scalar() == _ROWS


def test_without_records_it_begins_empty(alembic_engine: Engine) -> None:
    upgrade(alembic_engine)
    with alembic_engine.connect() as connection:
        assert tuple(connection.execute(text("SELECT id, number, hash FROM chain")).one()) == (1, 0, "")
