"""A person of whom something stands in every table, and what stands there in the end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Float, LargeBinary, Table, inspect
from sqlmodel import SQLModel

import db.tables  # noqa: F401 - so that the metadata knows them
from db.session import Tx
from tasks.projects.catalog import Known
from tests.property.rig import INVARIANTS, Rig, miscounted

NEEDLE = "7000123456789"
"""Their id at the channel: nothing else may hold it by accident."""
_PEOPLE = frozenset({"worker_id", "person_id", "other_id", "actor_id", "inviter_id", "decided_by", "owner_id"})


def people_columns() -> Iterator[tuple[Table, Column[Any]]]:
    """All columns that say who somebody is: by a foreign key, or by their name where tables are too large for one."""
    for table in SQLModel.metadata.sorted_tables:
        for column in table.columns:
            keys = {f"{key.column.table.name}.{key.column.name}" for key in column.foreign_keys}
            if "person.id" in keys or column.name in _PEOPLE or column.name.endswith(("_by", "person", "worker")):
                yield table, column


def fill(tx: Tx, person: int, project: int) -> None:
    """Add a row about them to every table that can have one more, with their id in all words."""
    for table in SQLModel.metadata.sorted_tables:
        who = [column for one, column in people_columns() if one is table]
        if table.name in {"person", "alike"} or not who:
            continue
        row = {column.name: _value(column, person, project) for column in table.columns if not _numbered(column)}
        known = {column.name: row[column.name] for column in table.primary_key if column.name in row}
        found = known and tx.connection.execute(table.select().filter_by(**known)).first()
        if not found:
            tx.connection.execute(table.insert().values(row))


def _numbered(column: Column[Any]) -> bool:
    return column.name in {"id", "number"}


def _value(column: Column[Any], person: int, project: int) -> Any:
    """Something that the column takes; the person, where it says who."""
    if column.name == "project_id":
        return project
    if any(one is column for _table, one in people_columns()):
        return person
    if column.name == "figures":
        return f'{{"why": "{NEEDLE}", "before": 1}}'
    kind = column.type.python_type
    if isinstance(column.type, LargeBinary):
        return NEEDLE.encode()
    if kind is bool:
        return False
    return {int: 1, float: 0.5}.get(kind, f'"{NEEDLE}"') if not isinstance(column.type, Float) else 0.5


def everything(tx: Tx) -> Iterator[tuple[str, str]]:
    """Each table and column, and what stands in it as text, cell by cell."""
    for name in inspect(tx.connection).get_table_names():
        for row in tx.connection.exec_driver_sql(f"SELECT * FROM {name}").mappings():  # noqa: S608 - names of tables
            for column, cell in row.items():
                yield (
                    f"{name}.{column}",
                    bytes(cell).decode("latin-1") if isinstance(cell, bytes | memoryview) else str(cell),
                )


def broken_rows(rig: Rig) -> list[str]:
    """What does not hold of a project's rows; but for habits, which go with whoever is erased."""

    def turn(tx: Tx, known: Known) -> list[str]:
        of = {"project": known.id, "most": known.spec.overlap.max}
        return [row.what for one in INVARIANTS for row in tx.all(one, **of)] + miscounted(tx, known.id)

    return rig.run(turn)
