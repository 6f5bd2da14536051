"""Statements on what people in charge have noted about somebody."""

from typing import NamedTuple

from db.statement import Statement, change


class Noted(NamedTuple):
    """A remark. ``by`` is empty for the shell."""

    id: int
    person: int
    by: int | None
    at: int
    words: str


class Many(NamedTuple):
    """How many."""

    n: int


_NOTED = "SELECT id, person_id, made_by, at, words FROM remark"
_LOOK_AT = 20_000
"""Remarks that a search reads at the most, the newest first."""

OF_PERSON = Statement(f"{_NOTED} WHERE person_id = :person ORDER BY id DESC LIMIT :most", Noted)
COUNT = Statement("SELECT COUNT(*) FROM remark WHERE person_id = :person", Many)
ONE = Statement(f"{_NOTED} WHERE id = :remark", Noted)
ADD = change("INSERT INTO remark (person_id, made_by, at, words) VALUES (:person, :actor, :now, :note)")
REMOVE = change("DELETE FROM remark WHERE id = :remark")
WITH = Statement(
    f"""
    SELECT id, person_id, made_by, at, words FROM ({_NOTED} ORDER BY id DESC LIMIT {_LOOK_AT}) newest
    WHERE LOWER(words) LIKE :named ESCAPE '!' ORDER BY id DESC LIMIT :most
    """,  # noqa: S608 - put together from constants
    Noted,
)
