"""Statements on what a preview shows of a project."""

from typing import NamedTuple

from db.statement import Statement


class Item(NamedTuple):
    """A task of work."""

    task: int
    item: str
    pictures: str


ITEMS = Statement(
    """
    SELECT id, item, pictures FROM task WHERE project_id = :project AND split = 'work' ORDER BY id LIMIT :most
    """,
    Item,
)
"""The first ones in the order of the file."""
