"""Statements on audiences: how many people it is, by what they get, and who, a stretch of numbers at a time.

An audience is put together of conditions; each stands here once, and means the same to both databases. They ask by keys
(person, or project and person), so that a stretch costs no more than its people.
"""

from collections.abc import Collection
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from db.statement import R, Statement

_LISTED = "IN (SELECT value FROM json_each(:{name}))"
_LISTED_THERE = "= ANY(ARRAY(SELECT CAST(jsonb_array_elements_text(CAST(:{name} AS jsonb)) AS {kind})))"
"""An array is read once; a subquery would be read for each person."""

_REACHED = """
    p.consent <> '' AND p.erased_at IS NULL AND p.suspended_at IS NULL AND p.muted NOT LIKE :muted
"""
"""They have agreed to what is kept of them, they are here, and want broadcasts. ``muted`` is a pattern."""

CONDITIONS = MappingProxyType(
    {
        "gate": "+p.gate >= :gate",
        "role": "p.role = :role",
        "skills": """
            EXISTS (SELECT 1 FROM qualification q WHERE q.person_id = p.id AND q.skill {skills}
                AND (q.ends_at IS NULL OR q.ends_at > :now))
        """,
        "languages": """
            (p.language {languages}
            OR EXISTS (SELECT 1 FROM speaks s WHERE s.person_id = p.id AND s.language {languages}))
        """,
        "active": "+p.seen_day >= :since",
        "silent": "+p.seen_day < :until",
        "worked": """
            EXISTS (SELECT 1 FROM enrolment e WHERE e.project_id = :worked AND e.worker_id = p.id
                AND e.answered >= :answers)
        """,
        "never": """
            NOT EXISTS (SELECT 1 FROM enrolment n WHERE n.project_id = :never AND n.worker_id = p.id
                AND n.answered > 0)
        """,
        "measured": """
            EXISTS (SELECT 1 FROM enrolment g WHERE g.project_id = :measured AND g.worker_id = p.id
                AND g.gold_seen > 0 AND g.gold_correct >= :right * g.gold_seen)
        """,
        "people": "p.id {numbers}",
    }
)
"""What may narrow an audience. ``{…}`` are lists (JSON). A ``+`` keeps out an index that would hold nearly all."""
_LISTS = MappingProxyType({"skills": "text", "languages": "text", "numbers": "bigint"})


class Share(NamedTuple):
    """How many people there are of one language, zone and quiet time."""

    language: str
    zone: str
    quiet_from: int | None
    quiet_until: int | None
    n: int
    unreachable: int
    """Of them those whose channel last said that it cannot reach them; the others are the audience."""
    some: int | None
    """The number of one of the audience."""


class Chosen(NamedTuple):
    """Somebody of an audience."""

    id: int
    zone: str
    quiet_from: int | None
    quiet_until: int | None


class Newest(NamedTuple):
    """The highest number of a person there is."""

    id: int | None


NEWEST = Statement("SELECT MAX(id) AS id FROM person", Newest)


def shares(conditions: Collection[str]) -> Statement[Share]:
    """How many people it is, in groups of what decides when they are awake and what they read."""
    return _shares(tuple(sorted(conditions)))


def stretch(conditions: Collection[str]) -> Statement[Chosen]:
    """Who of the people with numbers above ``:after`` and up to ``:upto`` is reached, in the order of their numbers."""
    return _stretch(tuple(sorted(conditions)))


@lru_cache(2048)
def _shares(conditions: tuple[str, ...]) -> Statement[Share]:
    return _statement(
        """
        SELECT p.language, p.zone, p.quiet_from, p.quiet_until, COUNT(*), COUNT(p.blocked_at),
               MAX(CASE WHEN p.blocked_at IS NULL THEN p.id END)
        FROM person p WHERE {where} GROUP BY p.language, p.zone, p.quiet_from, p.quiet_until
        """,
        conditions,
        Share,
    )


@lru_cache(2048)
def _stretch(conditions: tuple[str, ...]) -> Statement[Chosen]:
    return _statement(
        """
        SELECT p.id, p.zone, p.quiet_from, p.quiet_until FROM person p
        WHERE p.id > :after AND p.id <= :upto AND p.blocked_at IS NULL AND {where} ORDER BY p.id
        """,
        conditions,
        Chosen,
    )


def _statement(sql: str, conditions: tuple[str, ...], row: type[R]) -> Statement[R]:
    where = " AND ".join([_REACHED, *(CONDITIONS[name] for name in conditions)])
    here = {name: _LISTED.format(name=name) for name in _LISTS}
    there = {name: _LISTED_THERE.format(name=name, kind=kind) for name, kind in _LISTS.items()}
    return Statement(sql.format(where=where.format(**here)), row, postgresql=sql.format(where=where.format(**there)))
