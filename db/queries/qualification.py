"""Statements on what people have shown: qualifications, gates, practice, quizzes, and who may work on what."""

from typing import NamedTuple

from db.queries.projects import Number
from db.statement import Statement, change

# --------------------------------------------------------------------------- how a person stands


class Fact(NamedTuple):
    """One thing that decides what a person may do: what ``name``, ``n`` and ``at`` are depends on ``what``."""

    what: str
    """speaks (language, level) | skill (skill, -, end) | invited | enrolled (why paused, practised, paused until) |
    quiz (state, number, when it ended)"""
    name: str | None
    project: int
    n: int
    at: int | None


def _standing(enrolled: str, quiz: str) -> str:
    return f"""
    SELECT 'speaks', language, CAST(0 AS BIGINT), CAST(level AS BIGINT), CAST(NULL AS BIGINT)
    FROM speaks WHERE person_id = :person
    UNION ALL SELECT 'skill', skill, 0, 0, ends_at FROM qualification WHERE person_id = :person
    UNION ALL SELECT 'invited', v.code, v.project_id, 0, i.at
    FROM invited i JOIN invitation v ON v.code = i.code WHERE i.person_id = :person AND v.project_id IS NOT NULL
    UNION ALL SELECT 'enrolled', paused_for, project_id, practised, paused_until
    FROM enrolment WHERE worker_id = :person {enrolled}
    UNION ALL SELECT 'quiz', state, project_id, id, ended_at
    FROM quiz WHERE person_id = :person AND what = 'quiz' {quiz}
    """  # noqa: S608 - put together from constants


STANDING = Statement(_standing("", ""), Fact)
STANDING_IN = Statement(_standing("AND project_id = :project", "AND project_id = :project"), Fact)

# --------------------------------------------------------------------------- gates


class Gate(NamedTuple):
    """A stage."""

    gate: int


GATE = Statement("SELECT gate FROM person WHERE id = :person", Gate)
REACH = change("UPDATE person SET gate = :gate WHERE id = :person AND gate < :gate")
RECOUNT = change("""
    UPDATE person SET gate = CASE
        WHEN proven_at IS NOT NULL THEN 4
        WHEN EXISTS (SELECT 1 FROM enrolment WHERE worker_id = :person AND proven_at IS NOT NULL) THEN 4
        WHEN EXISTS (SELECT 1 FROM qualification
                     WHERE person_id = :person AND (ends_at IS NULL OR ends_at > :now)) THEN 3
        WHEN gate > 2 THEN 2 ELSE gate END
    WHERE id = :person AND gate > 0
""")


class Reached(NamedTuple):
    """A step that was put on record (JSON)."""

    figures: str


GATES_REACHED = Statement("SELECT figures FROM audit WHERE person_id = :person AND rule = 'gate'", Reached)

# --------------------------------------------------------------------------- qualifications

GRANT = change("""
    INSERT INTO qualification (person_id, skill, project_id, source, score, earned_at, ends_at)
    VALUES (:person, :skill, :project, :source, :score, :now, :ends_at)
    ON CONFLICT (person_id, skill) DO UPDATE SET
        project_id = excluded.project_id, source = excluded.source, score = excluded.score,
        earned_at = excluded.earned_at, ends_at = excluded.ends_at, reminded_at = NULL
""")
REVOKE = change("DELETE FROM qualification WHERE person_id = :person AND skill = :skill")


class Ending(NamedTuple):
    """A qualification that ends soon, or has ended, and whose holder has not been told."""

    person: int
    skill: str
    project: int | None
    ends_at: int


_UNTOLD = "ends_at IS NOT NULL AND (reminded_at IS NULL OR reminded_at < ends_at)"
_SOON = 3 * 86_400_000

ENDING = Statement(
    f"""
    SELECT person_id, skill, project_id, ends_at FROM qualification
    WHERE {_UNTOLD} AND ends_at <= :now + {_SOON}
        AND (ends_at <= :now OR (reminded_at IS NULL AND (ends_at - :now) * 4 <= ends_at - earned_at))
    ORDER BY ends_at LIMIT :most
    """,  # noqa: S608 - put together from constants
    Ending,
)
"""Three days before its end, or in the last quarter of a short one; and once it has ended."""

LOCK_PERSON = Statement(
    "SELECT id FROM person WHERE id = :person",
    Number,
    postgresql="SELECT id FROM person WHERE id = :person FOR NO KEY UPDATE",
)
"""Before anything of theirs, as their own turns do."""

REMINDED = change(f"""
    UPDATE qualification SET reminded_at = :now
    WHERE person_id = :person AND skill = :skill AND ends_at = :ends_at AND {_UNTOLD}
""")  # noqa: S608 - put together from constants

# --------------------------------------------------------------------------- pools


class Pooled(NamedTuple):
    """How many tasks of a split have this known answer."""

    split: str
    gold: str
    n: int


class Candidate(NamedTuple):
    """A task of the quiz pool."""

    task: int
    gold: str


_POOL = "project_id = :project AND split IN ('practice', 'quiz')"

POOLS = Statement(f"SELECT split, gold, COUNT(*) FROM task WHERE {_POOL} GROUP BY split, gold", Pooled)  # noqa: S608 - constants
QUIZ_POOL = Statement(f"SELECT id, gold FROM task WHERE {_POOL} AND split = 'quiz' ORDER BY place", Candidate)  # noqa: S608 - constants

# --------------------------------------------------------------------------- practice


class Practised(NamedTuple):
    """Where somebody is in the practice of a project."""

    practised: int
    cursor: int


class PracticeTask(NamedTuple):
    """A task to practise on."""

    task: int
    place: int
    item: str
    pictures: str
    gold: str
    why: str | None


_PRACTICE = f"""
    SELECT id, place, item, pictures, gold, why FROM task
    WHERE {_POOL} AND split = 'practice'
"""  # noqa: S608 - put together from constants

PRACTISED = Statement(
    "SELECT practised, practice_cursor FROM enrolment WHERE project_id = :project AND worker_id = :worker", Practised
)
PRACTICE_AT = Statement(f"{_PRACTICE} AND place >= :place ORDER BY place LIMIT 1", PracticeTask)
PRACTICE_FIRST = Statement(f"{_PRACTICE} ORDER BY place LIMIT 1", PracticeTask)
LAST_PLACE = Statement(f"SELECT COALESCE(MAX(place), 0) FROM task WHERE {_POOL} AND split = 'practice'", Number)  # noqa: S608 - constants
PRACTISE = change("""
    UPDATE enrolment SET practised = practised + :right, practice_cursor = :place
    WHERE project_id = :project AND worker_id = :worker
""")
PRACTISE_AGAIN = change("UPDATE enrolment SET practised = 0 WHERE project_id = :project AND worker_id = :worker")

# --------------------------------------------------------------------------- quizzes


class Kept(NamedTuple):
    """A quiz as it stands; ``rules``, ``questions``, ``given`` are JSON."""

    id: int
    project: int
    what: str
    skill: str
    state: str
    rules: str
    questions: str
    given: str
    asked_at: int
    score: float | None


class Failed(NamedTuple):
    """When an attempt ended that did not pass."""

    at: int


class Questions(NamedTuple):
    """What was asked in a quiz (JSON)."""

    questions: str


_KEPT = """
    SELECT id, project_id, what, skill, state, rules, questions, given, asked_at, score
    FROM quiz WHERE person_id = :person AND project_id = :project AND what = :what
"""
RUNNING = Statement(f"{_KEPT} AND state = 'running'", Kept)
LAST_QUIZ = Statement(f"{_KEPT} ORDER BY id DESC LIMIT 1", Kept)
EARLIER_QUESTIONS = Statement(
    "SELECT questions FROM quiz WHERE person_id = :person AND project_id = :project AND what = :what ORDER BY id",
    Questions,
)

FAILED = Statement(
    """
    SELECT COALESCE(ended_at, asked_at) FROM quiz
    WHERE person_id = :person AND project_id = :project AND what = :what AND state IN ('failed', 'left')
    """,
    Failed,
)

BEGIN_QUIZ = change("""
    INSERT INTO quiz (person_id, project_id, what, skill, state, rules, questions, given, asked_at, started_at)
    VALUES (:person, :project, :what, :skill, 'running', :rules, :questions, '[]', :now, :now)
    ON CONFLICT DO NOTHING
""")
GIVEN = change("UPDATE quiz SET given = :given, asked_at = :now WHERE id = :quiz AND state = 'running'")
END_QUIZ = change("""
    UPDATE quiz SET state = :state, given = :given, score = :score, ended_at = :now
    WHERE id = :quiz AND state = 'running'
""")
CHECK_MORE = change("""
    UPDATE enrolment SET more_gold = CASE WHEN more_gold < :share THEN :share ELSE more_gold END,
        further = CASE WHEN further < :further THEN :further ELSE further END
    WHERE project_id = :project AND worker_id = :worker
""")

# --------------------------------------------------------------------------- proposals

PROPOSE = change("""
    INSERT INTO proposal (person_id, project_id, what, why, figures, made_at)
    VALUES (:person, :project, :what, :why, :figures, :now)
""")
MAKE_REVIEWER = change("UPDATE person SET role = 'reviewer' WHERE id = :person AND role = 'worker'")
