"""Statements on all that is stored of one person, made from the tables themselves: a later column is not forgotten."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlmodel import SQLModel

import db.tables  # noqa: F401 - so that the metadata knows them
from db.statement import Statement


class Raw(tuple[Any, ...]):
    """A row, its cells in the order of the columns that were asked for."""

    __slots__ = ()

    @classmethod
    def _make(cls, cells: Iterable[Any]) -> Raw:
        return cls(cells)


class Stored(NamedTuple):
    """A column of a table, and what it holds: ``bool`` for what is true or false, which SQLite tells as a number."""

    name: str
    holds: type


class In(NamedTuple):
    """A project that a person has been in."""

    project: int


PROJECTS = Statement("SELECT project_id FROM enrolment WHERE worker_id = :person ORDER BY project_id", In)


class Joined(NamedTuple):
    """When a person came."""

    at: int


JOINED = Statement("SELECT joined_at FROM person WHERE id = :person", Joined)

_PROJECT = "(SELECT p.key FROM project p WHERE p.id = x.project_id)"
_TASK = "(SELECT t.row FROM task t WHERE t.project_id = x.project_id AND t.id = x.{column})"


def columns(table: str) -> Sequence[Stored]:
    """All columns of a table."""
    return [Stored(one.name, one.type.python_type) for one in SQLModel.metadata.tables[table].columns]


def of_person(table: str, who: str, asked: Sequence[str], *, by_project: bool) -> Statement[Raw]:
    """Rows whose column ``who`` is ``:person``; where tables are large, of one ``:project``.

    Projects and tasks are told by the ids of their files.
    """
    here = "x.project_id = :project AND " if by_project else ""
    cells = ", ".join(_told(column) for column in asked)
    return Statement(f"SELECT {cells} FROM {table} x WHERE {here}x.{who} = :person", Raw)  # noqa: S608 - our own names


def _told(column: str) -> str:
    if column == "project_id":
        return _PROJECT
    return _TASK.format(column=column) if column == "task_id" or column.endswith("_task") else f"x.{column}"
