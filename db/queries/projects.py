"""Statements on projects, their tasks as they are imported, their media and their counts."""

from typing import NamedTuple

from db.statement import Statement, change

# --------------------------------------------------------------------------- projects


class Head(NamedTuple):
    """A project without its file."""

    id: int
    key: str
    state: str
    revision: int
    crowd: int
    """Revision of what is known of its crowd; 0 while nothing is."""
    owner: int | None
    """The requester whose own it is."""


class File(NamedTuple):
    """The file of a project."""

    revision: int
    spec: str


class Key(NamedTuple):
    """The id that a project's file gives it."""

    key: str


_HEAD = """
    SELECT p.id, p.key, p.state, p.revision, COALESCE(c.revision, 0), p.owner_id
    FROM project p LEFT JOIN crowd c ON c.project_id = p.id
"""
HEAD = Statement(_HEAD + "WHERE p.id = :id", Head)
HEAD_BY_KEY = Statement(_HEAD + "WHERE p.key = :key", Head)
HEADS = Statement(_HEAD + "ORDER BY p.id", Head)
HEADS_OF = Statement(_HEAD + "WHERE p.owner_id = :owner ORDER BY p.id", Head)
HEADS_IN = Statement(_HEAD + "WHERE p.state = :state ORDER BY p.id", Head)
KEYS = Statement("SELECT key FROM project ORDER BY key", Key)
KEYS_OF = Statement("SELECT key FROM project WHERE owner_id = :owner ORDER BY key", Key)
FILE = Statement("SELECT revision, spec FROM project WHERE id = :id", File)

_LOCKED = _HEAD + "WHERE p.key = :key"
HEAD_LOCKED = Statement(_LOCKED, Head, postgresql=_LOCKED + " FOR UPDATE OF p")
"""So that two imports into one project take turns."""


class Model(NamedTuple):
    """What is known of a project's crowd."""

    revision: int
    model: str


CROWD = Statement("SELECT revision, model FROM crowd WHERE project_id = :id", Model)

BEGIN = change("""
    INSERT INTO project (key, state, revision, spec, created_at, owner_id)
    VALUES (:key, 'draft', 1, :spec, :now, :owner)
    ON CONFLICT (key) DO NOTHING
""")
REVISE = change("UPDATE project SET spec = :spec, revision = revision + 1 WHERE id = :id")

_DAY = 86_400_000

LAUNCH = change(f"""
    UPDATE project SET state = 'live', launched_at = COALESCE(launched_at, :now),
        opened_at = CASE WHEN opened_at IS NULL OR paused_at <= :now - {_DAY} THEN :now ELSE opened_at END
    WHERE id = :id AND state = :state
""")  # noqa: S608 - put together from constants
PAUSE = change("UPDATE project SET state = 'paused', paused_at = :now WHERE id = :id AND state = :state")
CLOSE = change("UPDATE project SET state = 'closed', closed_at = :now WHERE id = :id AND state = :state")

# --------------------------------------------------------------------------- counts


class Sums(NamedTuple):
    """The counts of a project over all shards."""

    tasks: int
    answers: int
    agreed: int
    disputed: int
    work_ms: int
    gold_seen: int
    gold_correct: int
    decided: int = 0

    @property
    def settled(self) -> int:
        """How many tasks the crowd is done with."""
        return self.agreed + self.disputed + self.decided


SUMS = Statement(
    """
    SELECT CAST(COALESCE(SUM(tasks), 0) AS BIGINT), CAST(COALESCE(SUM(answers), 0) AS BIGINT),
           CAST(COALESCE(SUM(agreed), 0) AS BIGINT), CAST(COALESCE(SUM(disputed), 0) AS BIGINT),
           CAST(COALESCE(SUM(work_ms), 0) AS BIGINT), CAST(COALESCE(SUM(gold_seen), 0) AS BIGINT),
           CAST(COALESCE(SUM(gold_correct), 0) AS BIGINT), CAST(COALESCE(SUM(decided), 0) AS BIGINT)
    FROM tally WHERE project_id = :project
    """,
    Sums,
)

COUNT_TASKS = change("""
    INSERT INTO tally (project_id, shard, tasks, answers, agreed, disputed, work_ms, gold_seen, gold_correct)
    VALUES (:project, 0, :tasks, 0, 0, 0, 0, 0, 0)
    ON CONFLICT (project_id, shard) DO UPDATE SET tasks = tally.tasks + excluded.tasks
""")

# --------------------------------------------------------------------------- tasks


class Number(NamedTuple):
    """One number."""

    n: int


class Known(NamedTuple):
    """A row that was imported before."""

    row: str
    digest: str


LAST_TASK = Statement("SELECT COALESCE(MAX(id), 0) FROM task WHERE project_id = :project", Number)
COUNT_ALL = Statement("SELECT COUNT(*) FROM task WHERE project_id = :project", Number)

KNOWN = Statement(
    """
    SELECT row, digest FROM task
    WHERE project_id = :project AND row IN (SELECT value FROM json_each(:rows))
    """,
    Known,
    postgresql="""
    SELECT row, digest FROM task
    WHERE project_id = :project AND row = ANY(ARRAY(SELECT json_array_elements_text(CAST(:rows AS json))))
    """,
)
"""Which of ``rows`` (a JSON list) are there."""

ADD_TASK = change("""
    INSERT INTO task (project_id, id, row, digest, item, pictures, split, gold, why, prior, place, wanted, slots,
                      answers, reports, status, label, confidence, method, settled_at)
    VALUES (:project, :id, :row, :digest, :item, :pictures, :split, :gold, :why, :prior, :place, :wanted, :wanted,
            0, 0, :status, :label, :confidence, :method, :settled_at)
""")

RESHAPE_TASK = change("""
    UPDATE task
    SET item = :item, pictures = :pictures, split = :split, gold = :gold, prior = :prior, wanted = :wanted,
        slots = :wanted, status = :status, label = :label, confidence = :confidence, method = :method,
        settled_at = :settled_at
    WHERE project_id = :project AND row = :row
""")
"""Only while the project is a draft: nobody holds a lease, nothing is answered."""

COUNT_WORK = Statement("SELECT COUNT(*) FROM task WHERE project_id = :project AND split = 'work'", Number)
WANT = change("UPDATE task SET wanted = :wanted, slots = :wanted WHERE project_id = :project AND split = 'work'")
SET_TASKS = change("UPDATE tally SET tasks = :tasks WHERE project_id = :project AND shard = 0")

REACHABLE_AGAIN = change("INSERT INTO returned (project_id, task_id) VALUES (:project, :task)")

ANALYZE = change("ANALYZE task")

# --------------------------------------------------------------------------- media


class Kept(NamedTuple):
    """A picture in the store."""

    content: str
    suffix: str
    width: int
    height: int
    bytes: int


MEDIA_OF = Statement("SELECT content, suffix, width, height, bytes FROM media WHERE source = :source", Kept)
KEEP_MEDIA = change("""
    INSERT INTO media (content, suffix, width, height, bytes, source)
    VALUES (:content, :suffix, :width, :height, :bytes, :source)
    ON CONFLICT (content) DO NOTHING
""")
