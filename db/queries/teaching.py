"""Statements that make what reviewers decided teach: practice tasks, hidden checks."""

from typing import NamedTuple

from db.statement import Statement, change

PRACTICE = "~practice"
"""What the id of a practice task ends with that was made of a decided item."""

_MADE = f"SELECT 1 FROM task p WHERE p.project_id = t.project_id AND p.row = t.row || '{PRACTICE}'"  # noqa: S608 - constants
_SUGGESTED = """
    EXISTS (SELECT 1 FROM audit a WHERE a.what = 'suggest-teaching' AND a.project_id = c.project_id
        AND a.figures = '{"case": ' || CAST(c.id AS TEXT) || '}')
"""


class Candidate(NamedTuple):
    """A decided item that could teach."""

    case: int
    project: int
    row: str
    item: str
    suggested: bool


CANDIDATES = Statement(
    f"""
    SELECT * FROM (
        SELECT c.id, c.project_id, t.row, t.item, {_SUGGESTED} AS suggested
        FROM review_case c JOIN task t ON t.project_id = c.project_id AND t.id = c.task_id
        JOIN project o ON o.id = c.project_id AND o.state <> 'closed'
        WHERE c.what = 'dispute' AND c.state = 'decided' AND c.cause <> 'planted'
            AND t.split = 'work' AND t.status = 'decided' AND t.label IS NOT NULL AND NOT EXISTS ({_MADE})
        ORDER BY c.decided_at DESC LIMIT 200) found
    ORDER BY suggested DESC, id DESC LIMIT :most
    """,  # noqa: S608 - put together from constants
    Candidate,
)
"""Of the last that were decided those first that a reviewer has suggested."""


class Suggested(NamedTuple):
    """A record that somebody has suggested it."""

    id: int


SUGGESTED = Statement(
    "SELECT id FROM audit WHERE what = 'suggest-teaching' AND project_id = :project AND figures = :value LIMIT 1",
    Suggested,
)

TO_GOLD = change("""
    UPDATE task SET split = 'gold', gold = label, why = :why
    WHERE project_id = :project AND id = :task AND split = 'work' AND status = 'decided' AND label IS NOT NULL
""")
"""In place: its row stays in the results with the method by which it was decided."""
COPY = change(f"""
    INSERT INTO task (project_id, id, row, digest, item, pictures, split, gold, why, place, wanted, slots, answers,
                      reports, status, label, confidence, method, settled_at)
    SELECT project_id, :id, row || '{PRACTICE}', digest, item, pictures, 'practice', label, :why, :place, 0, 0, 0,
           0, 'decided', label, 1.0, 'gold', :now
    FROM task WHERE project_id = :project AND id = :task AND status = 'decided' AND label IS NOT NULL
    ON CONFLICT DO NOTHING
""")  # noqa: S608 - put together from constants
ONE_LESS = change("""
    UPDATE tally SET tasks = tasks - 1, decided = decided - 1 WHERE project_id = :project AND shard = 0
""")
