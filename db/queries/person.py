"""Statements on what one person has done and earned: rows of theirs alone, however much they have answered."""

from typing import NamedTuple

from db.statement import Statement, change


class OwnProject(NamedTuple):
    """A project that a person has been in."""

    project: int
    answered: int
    seen: float
    correct: float


OWN_PROJECTS = Statement(
    "SELECT project_id, answered, seen, correct FROM enrolment WHERE worker_id = :person ORDER BY project_id",
    OwnProject,
)


class OwnRecord(NamedTuple):
    """What is known of their work in a project; ``recent_reviewed`` is a byte an answer: 255 accepted, 0 rejected."""

    answered: int
    seen: float
    correct: float
    gold_seen: int
    gold_correct: int
    recent_reviewed: bytes | None


RECORDS_OF = Statement(
    "SELECT answered, seen, correct, gold_seen, gold_correct, recent_reviewed FROM enrolment WHERE worker_id = :person",
    OwnRecord,
)


class OwnSkill(NamedTuple):
    """A qualification."""

    skill: str
    project: int | None
    score: float
    ends_at: int | None


OWN_SKILLS = Statement(
    """
    SELECT skill, project_id, score, ends_at FROM qualification
    WHERE person_id = :person AND (ends_at IS NULL OR ends_at > :now) ORDER BY earned_at DESC
    """,
    OwnSkill,
)


class OwnDay(NamedTuple):
    """A day on which they answered."""

    day: int
    answers: int


OWN_DAYS = Statement(
    """
    SELECT day, answers FROM day WHERE person_id = :person AND day > :since AND answers > 0
    ORDER BY day DESC LIMIT :most
    """,
    OwnDay,
)

COUNT_DAY = change("""
    INSERT INTO day (person_id, day, answers) VALUES (:person, :day, :n)
    ON CONFLICT (person_id, day) DO UPDATE SET answers = day.answers + excluded.answers
""")
UNCOUNT_DAY = change("""
    UPDATE day SET answers = answers - 1 WHERE person_id = :person AND day = (
        SELECT d.day FROM day d
        WHERE d.person_id = :person AND d.day BETWEEN :day - 1 AND :day + 1 AND d.answers > 0
        ORDER BY ABS(d.day - :day), d.day DESC LIMIT 1)
""")
"""One answer less on that day; where none was counted on it, on the day beside it: the person may have moved since."""


class Zone(NamedTuple):
    """The zone that somebody has said."""

    zone: str


ZONE = Statement("SELECT zone FROM person WHERE id = :person", Zone)


class Gone(NamedTuple):
    """Somebody who is erased."""

    id: int


ERASED = Statement("SELECT id FROM person WHERE id = :person AND erased_at IS NOT NULL", Gone)
