"""Statements of reviewing: what waits for whom, seats and votes, verdicts, and what is known of reviewers."""

from typing import NamedTuple

from db.queries.cases import COLUMNS, Case
from db.statement import Statement, change

# --------------------------------------------------------------------------- what waits for whom

_FITS = """
    (c.worker_id IS NULL OR c.worker_id <> :reviewer)
    AND NOT EXISTS (SELECT 1 FROM assignment a
        WHERE a.project_id = c.project_id AND a.task_id = c.task_id AND a.worker_id = :reviewer)
    AND NOT EXISTS (SELECT 1 FROM vote v
        WHERE v.case_id = c.id AND v.reviewer_id = :reviewer AND (v.planted OR v.state IN ('voted', 'skipped')))
    AND (c.what <> 'appeal' OR NOT EXISTS (SELECT 1 FROM review_case o LEFT JOIN vote v
            ON v.case_id = o.id AND v.reviewer_id = :reviewer
        WHERE o.project_id = c.project_id AND o.task_id = c.task_id AND o.id <> c.id
            AND (v.case_id IS NOT NULL OR o.decided_by = :reviewer)))
    AND (c.what <> 'appeal' OR NOT EXISTS (SELECT 1 FROM review_case o JOIN mass_rejection m
            ON m.project_id = o.project_id AND (m.worker_id IS NULL OR m.worker_id = o.worker_id)
        WHERE o.id = c.about_id AND o.cause = 'mass' AND m.made_by = :reviewer AND m.state IN ('accepted', 'done')))
"""
"""Nobody decides on a task that they held, in whatever state, or on a case that they have voted on or skipped; nor, of
an appeal, whoever has had any part in the task or has proposed the rejection of many that it is against."""
_WAITS = f"c.project_id = :project AND c.what = :what AND c.state = 'open' AND c.seats > 0 AND {_FITS}"


class Number(NamedTuple):
    """How many there are."""

    n: int


WAITING = Statement(
    f"SELECT COUNT(*) FROM (SELECT c.id FROM review_case c WHERE {_WAITS} ORDER BY c.id LIMIT :most) w",  # noqa: S608 - put together from constants
    Number,
)

_NEXT = f"SELECT {COLUMNS} FROM review_case c WHERE {_WAITS} ORDER BY c.id LIMIT 1"  # noqa: S608 - as above
NEXT = Statement(_NEXT, Case, postgresql=_NEXT + " FOR NO KEY UPDATE OF c SKIP LOCKED")
"""The oldest that waits for this reviewer, past those that another turn has in hand."""
NEXT_WAITING = Statement(_NEXT, Case, postgresql=_NEXT + " FOR NO KEY UPDATE OF c")

FITS = Statement(f"SELECT COUNT(*) FROM review_case c WHERE c.id = :case_id AND {_FITS}", Number)  # noqa: S608 - as above
"""1 where the reviewer may have a part in this case."""

SENIOR = Statement(
    f"""
    SELECT {COLUMNS} FROM review_case c
    WHERE c.state = 'senior' AND c.what = 'dispute' AND NOT EXISTS (SELECT 1 FROM assignment a
        WHERE a.project_id = c.project_id AND a.task_id = c.task_id AND a.worker_id = :person)
    ORDER BY c.id LIMIT :most
    """,  # noqa: S608 - as above
    Case,
)
"""What votes have not decided and this person has not answered, the oldest first."""
HELD = Statement(
    "SELECT COUNT(*) FROM assignment WHERE project_id = :project AND task_id = :task AND worker_id = :person", Number
)
"""Whether somebody has ever held a task."""

# --------------------------------------------------------------------------- seats

TAKE_SEAT = change("UPDATE review_case SET seats = seats - 1 WHERE id = :case_id AND state = 'open' AND seats > 0")
SIT = change("""
    INSERT INTO vote (case_id, reviewer_id, state, planted, offered_at, lease_ends, work_ms, note, changes, told, pay,
                      budget_id)
    VALUES (:case_id, :reviewer, 'offered', :is_planted, :now, :lease_ends, 0, '', 0, FALSE, :pay, :budget)
    ON CONFLICT (case_id, reviewer_id) DO UPDATE SET
        state = 'offered', offered_at = :now, lease_ends = :lease_ends, pay = :pay, budget_id = :budget
""")
EXTEND_SEAT = change("""
    UPDATE vote SET lease_ends = :lease_ends
    WHERE case_id = :case_id AND reviewer_id = :reviewer AND state = 'offered'
""")


class Paid(NamedTuple):
    """A case whose vote was paid."""

    case: int


PAID_BEFORE = Statement(
    """
    SELECT o.id FROM review_case c JOIN review_case o ON o.project_id = c.project_id AND o.task_id = c.task_id
        AND o.what = c.what AND COALESCE(o.worker_id, 0) = COALESCE(c.worker_id, 0) AND o.state = 'withdrawn'
    JOIN vote v ON v.case_id = o.id AND v.reviewer_id = :reviewer AND v.state = 'voted' AND v.budget_id IS NOT NULL
    WHERE c.id = :case_id LIMIT 1
    """,
    Paid,
)
"""The same question, asked before and withdrawn: a reviewer’s vote on it is paid once."""


class Mine(NamedTuple):
    """A reviewer's own vote, or seat, at a case."""

    case: int
    reviewer: int
    state: str
    planted: bool
    offered_at: int
    lease_ends: int
    value: str | None
    note: str
    pay: int
    budget: int | None


_MINE = "SELECT case_id, reviewer_id, state, planted, offered_at, lease_ends, value, note, pay, budget_id FROM vote"
_OF_CASE = f"{_MINE} WHERE case_id = :case_id AND reviewer_id = :reviewer"
MINE = Statement(f"{_MINE} WHERE reviewer_id = :reviewer AND state = 'offered' ORDER BY offered_at DESC LIMIT 1", Mine)
OF_CASE = Statement(_OF_CASE, Mine, postgresql=_OF_CASE + " FOR NO KEY UPDATE")
"""Always after the case's row."""

# --------------------------------------------------------------------------- votes

VOTE = change("""
    UPDATE vote SET state = 'voted', value = :value, note = :note, voted_at = :now, work_ms = :work_ms
    WHERE case_id = :case_id AND reviewer_id = :reviewer AND state = 'offered'
""")
CHANGE_VOTE = change("""
    UPDATE vote SET value = :value, note = :note, changes = changes + 1
    WHERE case_id = :case_id AND reviewer_id = :reviewer AND state = 'voted'
""")
COUNT_VOTE = change("UPDATE review_case SET votes = votes + 1 WHERE id = :case_id")
ASK_ONE_MORE = change("""
    UPDATE review_case SET wanted = wanted + 1, seats = seats + 1 WHERE id = :case_id AND state = 'open'
""")
ASK_SENIOR = change("UPDATE review_case SET state = 'senior', seats = 0 WHERE id = :case_id AND state = 'open'")


class Voted(NamedTuple):
    """A vote that counts, with what is known of who gave it."""

    reviewer: int
    value: str
    note: str
    voted_at: int
    judged: int
    agreed: int
    planted: int
    planted_agreed: int


VOTES = Statement(
    """
    SELECT v.reviewer_id, v.value, v.note, v.voted_at, COALESCE(r.judged, 0), COALESCE(r.agreed, 0),
           COALESCE(r.planted, 0), COALESCE(r.planted_agreed, 0)
    FROM vote v LEFT JOIN reviewer r ON r.person_id = v.reviewer_id
    WHERE v.case_id = :case_id AND v.state = 'voted' AND NOT v.planted
    ORDER BY v.voted_at, v.reviewer_id
    """,
    Voted,
)


class Person(NamedTuple):
    """Somebody whom a verdict concerns."""

    id: int


_CONCERNED = """
    SELECT p.id FROM person p WHERE p.id IN (
        SELECT worker_id FROM answer WHERE project_id = :project AND task_id = :task
        UNION SELECT reviewer_id FROM vote WHERE case_id = :case_id AND state = 'voted' AND NOT planted
        UNION SELECT v.reviewer_id FROM review_case c JOIN vote v ON v.case_id = c.about_id
            WHERE c.id = :case_id AND v.state = 'voted' AND NOT v.planted)
    ORDER BY p.id
"""
"""Who answered, who voted, and of an appeal who voted for the rejection."""
LOCK_CONCERNED = Statement(_CONCERNED, Person, postgresql=_CONCERNED + " FOR NO KEY UPDATE OF p")
"""Whoever is told of a verdict, locked before the task, as their own turns do it."""

# --------------------------------------------------------------------------- verdicts

DECIDE = change("""
    UPDATE review_case SET state = 'decided', seats = 0, ends_at = NULL, verdict = :verdict, why = :why,
        confidence = :confidence, decided_at = :now, decided_by = :actor
    WHERE id = :case_id AND state IN ('open', 'senior')
""")
JUDGE_VOTE = change("""
    UPDATE vote SET weight = :weight, agreed = :as_decided WHERE case_id = :case_id AND reviewer_id = :reviewer
""")
PLANTED_VOTE = change("""
    UPDATE vote SET agreed = :as_decided, told = TRUE WHERE case_id = :case_id AND reviewer_id = :reviewer
""")
COUNT_DECIDED = change("""
    INSERT INTO tally (project_id, shard, tasks, answers, agreed, disputed, decided, work_ms, gold_seen, gold_correct)
    VALUES (:project, 0, 0, 0, :agreed, :disputed, :decided, 0, 0, 0)
    ON CONFLICT (project_id, shard) DO UPDATE SET
        agreed = tally.agreed + excluded.agreed, disputed = tally.disputed + excluded.disputed,
        decided = tally.decided + excluded.decided
""")


class Row(NamedTuple):
    """The id that a task has in the data file."""

    row: str


ROW = Statement("SELECT row FROM task WHERE project_id = :project AND id = :task", Row)

# --------------------------------------------------------------------------- what became of one's votes


class Became(NamedTuple):
    """A vote on a case that has a verdict since."""

    case: int
    project: int
    task: int
    told: bool


def _became(seen: str) -> str:
    return f"""
        SELECT v.case_id, c.project_id, c.task_id, v.told, v.voted_at
        FROM vote v JOIN review_case c ON c.id = v.case_id
        WHERE v.reviewer_id = :reviewer AND v.state = 'voted' AND {seen} AND NOT v.planted AND c.state = 'decided'
            AND c.what IN ('dispute', 'appeal')
        ORDER BY v.voted_at DESC LIMIT :most
    """  # noqa: S608 - put together from constants


BECAME = Statement(
    f"""
    SELECT case_id, project_id, task_id, told FROM (
        SELECT * FROM ({_became("NOT v.told")}) unseen UNION ALL SELECT * FROM ({_became("v.told")}) seen) both_sorts
    ORDER BY told, voted_at DESC, case_id DESC LIMIT :most
    """,  # noqa: S608 - put together from constants
    Became,
)
"""The unseen first, of these the newest vote; a few steps in two indexes, however much somebody has voted."""
UNSEEN = Statement(f"SELECT COUNT(*) FROM ({_became('NOT v.told')}) unseen", Number)  # noqa: S608 - as above
"""How many of them have not been looked at, counted up to ``most``."""
SEEN = change("UPDATE vote SET told = TRUE WHERE case_id = :case_id AND reviewer_id = :reviewer AND state = 'voted'")

# --------------------------------------------------------------------------- checking reviewers

_PLANTABLE = f"""
    SELECT {COLUMNS} FROM review_case c
    WHERE c.project_id = :project AND c.what = :what AND c.state = 'decided' AND c.worker_id IS NULL
        AND (c.cause = 'planted' OR c.decided_by IS NOT NULL
            OR (c.votes >= 2 AND NOT EXISTS (
                SELECT 1 FROM vote v WHERE v.case_id = c.id AND v.state = 'voted' AND NOT v.planted AND NOT v.agreed)))
        AND NOT EXISTS (SELECT 1 FROM vote v WHERE v.case_id = c.id AND v.reviewer_id = :reviewer)
        AND (c.decided_by IS NULL OR c.decided_by <> :reviewer)
        AND NOT EXISTS (SELECT 1 FROM assignment a
            WHERE a.project_id = c.project_id AND a.task_id = c.task_id AND a.worker_id = :reviewer)
    ORDER BY c.id LIMIT :most
"""  # noqa: S608 - put together from constants
PLANTABLE = Statement(_PLANTABLE, Case)
"""Cases that are surely decided, and that this reviewer has had no part in."""


class Gold(NamedTuple):
    """A gold task and its known answer."""

    task: int
    gold: str


GOLD = Statement(
    """
    SELECT t.id, t.gold FROM task t
    WHERE t.project_id = :project AND t.split = 'gold'
        AND EXISTS (SELECT 1 FROM answer n WHERE n.project_id = t.project_id AND n.task_id = t.id AND n.gold_correct)
        AND EXISTS (
            SELECT 1 FROM answer n WHERE n.project_id = t.project_id AND n.task_id = t.id AND NOT n.gold_correct)
        AND NOT EXISTS (SELECT 1 FROM assignment a
            WHERE a.project_id = t.project_id AND a.task_id = t.id AND a.worker_id = :reviewer)
        AND NOT EXISTS (SELECT 1 FROM review_case c WHERE c.project_id = t.project_id AND c.task_id = t.id)
    ORDER BY t.place LIMIT 1
    """,
    Gold,
)
"""One that people have answered differently, and that has not been planted yet."""


class Made(NamedTuple):
    """The number of a new case."""

    id: int


PLANT = Statement(
    """
    INSERT INTO review_case (project_id, task_id, what, cause, words, state, wanted, most, seats, votes, opened_at,
                             verdict, why, confidence, decided_at)
    VALUES (:project, :task, 'dispute', 'planted', '', 'decided', 0, 0, 0, 0, :now, :verdict, '', 1, :now)
    RETURNING id
    """,
    Made,
)


class Reviews(NamedTuple):
    """What is known of somebody's reviewing."""

    votes: int
    judged: int
    agreed: int
    planted: int
    planted_agreed: int
    rejected: int
    overturned: int
    fast: int
    proposed_at: int | None


_REVIEWS = """
    SELECT votes, judged, agreed, planted, planted_agreed, rejected, overturned, fast, proposed_at
    FROM reviewer WHERE person_id = :person
"""
REVIEWS = Statement(_REVIEWS, Reviews)
COUNT_REVIEWS = change("""
    INSERT INTO reviewer (person_id, votes, judged, agreed, planted, planted_agreed, rejected, overturned, fast)
    VALUES (:person, :votes, :judged, :agreed, :planted, :planted_agreed, :rejected, :overturned, :fast)
    ON CONFLICT (person_id) DO UPDATE SET
        votes = reviewer.votes + excluded.votes, judged = reviewer.judged + excluded.judged,
        agreed = reviewer.agreed + excluded.agreed, planted = reviewer.planted + excluded.planted,
        planted_agreed = reviewer.planted_agreed + excluded.planted_agreed,
        rejected = reviewer.rejected + excluded.rejected, overturned = reviewer.overturned + excluded.overturned,
        fast = reviewer.fast + excluded.fast
""")
ASKED_OF = change("UPDATE reviewer SET proposed_at = :now WHERE person_id = :person")


class Role(NamedTuple):
    """Somebody's role, and whether a proposal about their reviewing waits."""

    role: str
    waits: bool


ROLE = Statement(
    """
    SELECT p.role, EXISTS (SELECT 1 FROM proposal o
        WHERE o.person_id = p.id AND o.what = 'no-reviewer' AND o.decided_at IS NULL)
    FROM person p WHERE p.id = :person
    """,
    Role,
)
