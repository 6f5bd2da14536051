"""Statements on records of what was done by people in charge and by rules, and on the chain they make."""

from typing import NamedTuple

from db.statement import Statement, change


class Recorded(NamedTuple):
    """A record that was added."""

    id: int


RECORD = Statement(
    """
    INSERT INTO audit (at, channel, actor_id, rule, what, person_id, project_id, figures, salt, digest)
    VALUES (:at, :channel, :actor, :rule, :what, :person, :project, :figures, :salt, :digest) RETURNING id
    """,
    Recorded,
)


class Newest(NamedTuple):
    """The end of the chain: number and hash of the newest record."""

    number: int
    hash: str


NEWEST = Statement("SELECT number, hash FROM chain WHERE id = 1", Newest)
NEWEST_LOCKED = Statement(
    "SELECT number, hash FROM chain WHERE id = 1",
    Newest,
    "SELECT number, hash FROM chain WHERE id = 1 FOR UPDATE",
)
LINK = change("UPDATE audit SET number = :number, hash = :hash WHERE id = :id")
MOVE = change("UPDATE chain SET number = :number, hash = :hash WHERE id = 1")


class Link(NamedTuple):
    """A record as it stands in the chain."""

    number: int | None
    id: int
    at: int
    channel: str
    actor: int | None
    rule: str
    what: str
    person: int | None
    project: int | None
    figures: str
    salt: str
    digest: str
    hash: str


_LINK = """
    SELECT number, id, at, channel, actor_id, rule, what, person_id, project_id, figures, salt, digest, hash FROM audit
"""
CHAIN = Statement(f"{_LINK} WHERE number IS NOT NULL ORDER BY number", Link)
UNCHAINED = Statement(f"{_LINK} WHERE number IS NULL ORDER BY id", Link)

# --------------------------------------------------------------------------- looking

ABOUT_TASK = Statement(
    f"""
    {_LINK} WHERE project_id = :project AND (
        what IN ('import', 'revise', 'launch', 'pause', 'close', 'suggest-teaching') OR figures LIKE :named
    ) ORDER BY id
    """,
    Link,
)
"""Records that may be about a task: those of its project, and those in whose figures its row is named."""


_OWN = "person_id IS NULL AND project_id IN (SELECT id FROM project WHERE owner_id = :owner)"


REVISIONS = Statement(
    f"{_LINK} WHERE project_id = :project AND what IN ('revise', 'budget') ORDER BY id DESC LIMIT :most", Link
)
"""What has changed a project's file, the newest first."""


def listed(*, person: bool, project: bool, newest: bool, owner: bool = False) -> Statement[Link]:
    """Records by what they are about, the newest first or last; each column that is asked for by its index."""
    wanted = [
        *(["person_id = :person"] if person else []),
        *(["project_id = :project"] if project else []),
        *([_OWN] if owner else []),
        "id < :before AND at >= :since AND (:what = '' OR what = :what)",
    ]
    order = "DESC LIMIT :most" if newest else ""
    return Statement(f"{_LINK} WHERE {' AND '.join(wanted)} ORDER BY id {order}", Link)
