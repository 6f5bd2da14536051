"""Statements by which the items of a closed project are taken away, and messages of long ago."""

from typing import NamedTuple

from db.statement import Statement, change


class Number(NamedTuple):
    """A number by which something is known."""

    id: int


class Item(NamedTuple):
    """A task's item (JSON)."""

    id: int
    item: str


class Pictures(NamedTuple):
    """Column name to media content (JSON)."""

    pictures: str


class Content(NamedTuple):
    """A broadcast as it was written (JSON)."""

    content: str


FULL = Statement("SELECT id FROM project WHERE state = 'closed' AND emptied_at IS NULL ORDER BY id", Number)
EMPTIED = change("UPDATE project SET emptied_at = :now WHERE id = :project AND emptied_at IS NULL")

ITEMS = Statement("SELECT id, item FROM task WHERE project_id = :project AND id > :after ORDER BY id LIMIT :most", Item)
BLANK = change("""
    UPDATE task SET item = :item, pictures = '{}', why = NULL, digest = '' WHERE project_id = :project AND id = :id
""")
WORKERS = Statement(
    """
    SELECT worker_id FROM enrolment WHERE project_id = :project AND worker_id > :after ORDER BY worker_id LIMIT :most
    """,
    Number,
)
PLAIN_TYPED = change("""
    UPDATE event SET detail = NULL
    WHERE project_id = :project AND worker_id = :worker AND what = 'change' AND detail IS NOT NULL
""")

# --------------------------------------------------------------------------- pictures

OF_PROJECT = Statement("SELECT pictures FROM task WHERE project_id = :project AND pictures <> '{}'", Pictures)
OF_OTHERS = Statement("SELECT pictures FROM task WHERE project_id <> :project AND pictures <> '{}'", Pictures)
OF_BROADCASTS = Statement("SELECT content FROM broadcast", Content)

DROP_HANDLES = change("DELETE FROM media_handle WHERE content = :content")
DROP_MEDIA = change("DELETE FROM media WHERE content = :content")


class Medium(NamedTuple):
    """A picture in the store."""

    content: str


MEDIUM = Statement("SELECT content FROM media WHERE content = :content", Medium)

# --------------------------------------------------------------------------- messages


class Delivered(NamedTuple):
    """A message to one person."""

    id: int
    state: str
    due_at: int


DELIVERIES = Statement("SELECT id, state, due_at FROM delivery WHERE id > :after ORDER BY id LIMIT :most", Delivered)
FORGET = change("DELETE FROM delivery WHERE id = :id")
