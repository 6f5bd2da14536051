"""Skills that people hold: granted by a quiz, a rule or an admin, for good or up to a day."""

from __future__ import annotations

from typing import Literal

from db.queries import qualification as queries
from db.session import Tx
from tasks.qualification import gates

Source = Literal["quiz", "rule", "admin"]


def grant(
    tx: Tx, person: int, skill: str, score: float, source: Source, project: int | None, ends_at: int | None, now: int
) -> None:
    """They hold it from now on; whoever held it before holds it anew. ``score`` is 0 to 1."""
    tx.run(
        queries.GRANT,
        person=person,
        skill=skill,
        project=project,
        source=source,
        score=score,
        now=now,
        ends_at=ends_at,
    )
    gates.reached(tx, person, gates.QUALIFIED, "qualification", now, skill=skill, source=source, score=score)


def revoke(tx: Tx, person: int, skill: str, now: int) -> bool:
    """They hold it no longer; whether they did."""
    if not tx.run(queries.REVOKE, person=person, skill=skill):
        return False
    gates.recount(tx, person, "qualification taken back", now, skill=skill)
    return True
