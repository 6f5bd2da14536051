"""Every statement there is means something to both databases, with the shape that its row promises."""

from __future__ import annotations

import importlib
import pkgutil
import re
from typing import Any

import pytest

import db.queries
from db.session import Database, Tx
from db.statement import Nothing, Statement

_PARAMETER = re.compile(r"(?<!:):([a-z_]+)")
_WORDS = frozenset(
    {"key", "state", "spec", "row", "digest", "item", "pictures", "split", "gold", "why", "prior", "status", "label"}
    | {"tombstone", "arguments", "by_rule", "menu"}
    | {"method", "content", "suffix", "source", "value", "reason", "channel", "user", "role", "chat", "flow", "memory"}
    | {
        "skill",
        "screen",
        "heard",
        "message_id",
        "language",
        "version",
        "code",
        "bot",
        "handle",
        "posterior",
        "result",
        "what",
        "name",
        "own",
        "kind",
        "currency",
        "cause",
        "topic",
        "note",
        "verdict",
        "address",
        "control",
        "named",
        "state",
        "words",
        "muted",
        "zone",
        "planned",
        "said",
        "meant",
    }
)
"""Parameters that are words; all others are numbers."""
_SPECIAL = {
    "rows": '["1"]',
    "reported": False,
    "as_decided": False,
    "is_planted": False,
    "reviews": False,
    "accepted": False,
    "confusion": b"",
    "kept": b"",
    "recent": b"",
}


def _statements() -> list[tuple[str, Statement[Any]]]:
    found = []
    for module in pkgutil.iter_modules(db.queries.__path__):
        loaded = importlib.import_module(f"db.queries.{module.name}")
        for name, one in vars(loaded).items():
            for at in one if isinstance(one, tuple) else (one,):
                found += [(f"{module.name}.{name}", at)] if isinstance(at, Statement) else []
    return found


STATEMENTS = _statements()


class _UndoneError(Exception):
    """Takes back what a statement did."""


def _value(statement: Statement[Any], name: str, dialect: str) -> object:
    """A value of the parameter's type; the same name may be a number here and a truth there."""
    if name in _SPECIAL:
        return _SPECIAL[name]
    sql = statement.text(dialect)
    if (name == "gold" and "INTO assignment" in sql) or (name == "gold_correct" and "INTO answer" in sql):
        return False
    return "a" if name in _WORDS else 1


@pytest.mark.parametrize(("name", "statement"), STATEMENTS, ids=[name for name, _ in STATEMENTS])
def test_statement(name: str, statement: Statement[Any], statement_database: Database) -> None:
    def prepare(tx: Tx) -> None:
        if tx.dialect != "sqlite":
            tx.connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        else:
            tx.connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
        names = _PARAMETER.findall(statement.postgresql or statement.sql if tx.dialect != "sqlite" else statement.sql)
        values = {name: _value(statement, name, tx.dialect) for name in names}
        raw: Any = tx.connection.connection.driver_connection
        cursor = raw.cursor()
        cursor.execute(statement.text(tx.dialect), values)
        if statement.row is not Nothing:
            columns = len(cursor.description)
            assert columns == len(statement.row._fields), f"{name}: {columns} columns"
            cursor.fetchall()
        raise _UndoneError

    with pytest.raises(_UndoneError):
        statement_database.run(prepare).result(10)


def test_there_are_statements() -> None:
    assert len(STATEMENTS) > 50
