"""Statements for people in charge: whom there is, what is known of one of them, what is done to them, what waits."""

from typing import NamedTuple

from db.statement import Statement, change


class Listed(NamedTuple):
    """A person as people in charge see them."""

    id: int
    channel: str
    external_id: str
    role: str
    gate: int
    language: str
    joined_at: int
    suspended_at: int | None
    erased_at: int | None


_LISTED = "SELECT id, channel, external_id, role, gate, language, joined_at, suspended_at, erased_at FROM person"

BY_NUMBER = Statement(f"{_LISTED} WHERE id = :person", Listed)
BY_CHANNEL = Statement(f"{_LISTED} WHERE channel = :channel AND external_id = :user", Listed)
LIST = Statement(
    f"""
    {_LISTED} WHERE erased_at IS NULL AND id > :after AND (:role = '' OR role = :role)
        AND (:suspended = 0 OR suspended_at IS NOT NULL)
    ORDER BY id LIMIT :most
    """,
    Listed,
)

# --------------------------------------------------------------------------- what is done to them

SET_ROLE = change("UPDATE person SET role = :role WHERE id = :person AND role <> :role")
SUSPEND = change("UPDATE person SET suspended_at = :now WHERE id = :person AND suspended_at IS NULL")
PROVE = change("UPDATE person SET proven_at = :now WHERE id = :person AND proven_at IS NULL")
UNPROVE = change("UPDATE person SET proven_at = NULL WHERE id = :person AND proven_at IS NOT NULL")
LIFT = change("UPDATE person SET suspended_at = NULL WHERE id = :person AND suspended_at IS NOT NULL")


class Held(NamedTuple):
    """A task that a person holds a lease on: open, kept while they answer another again, or sent back to them."""

    project: int
    task: int
    gold: bool
    pay: int
    budget: int | None
    """The account that its pay is promised from."""


HELD = Statement(
    """
    SELECT a.project_id, a.task_id, a.gold, a.pay, a.budget_id FROM enrolment e
    JOIN assignment a ON a.project_id = e.project_id AND a.worker_id = e.worker_id
        AND (a.task_id = e.open_task OR a.task_id = e.waiting_task)
    WHERE e.worker_id = :person AND a.state = 'offered'
    UNION
    SELECT a.project_id, a.task_id, a.gold, a.pay, a.budget_id FROM review_case c
    JOIN assignment a ON a.project_id = c.project_id AND a.task_id = c.task_id AND a.worker_id = c.worker_id
    WHERE c.worker_id = :person AND c.what = 'answer' AND c.ends_at IS NOT NULL AND a.state = 'offered'
    ORDER BY 1, 2
    """,
    Held,
)
LET_GO = change("""
    UPDATE enrolment SET open_task = NULL, waiting_task = NULL
    WHERE worker_id = :person AND (open_task IS NOT NULL OR waiting_task IS NOT NULL)
""")

# --------------------------------------------------------------------------- what waits for a decision


class Proposed(NamedTuple):
    """What a rule proposes. ``why`` is words, ``figures`` what made it fire (JSON)."""

    id: int
    person: int
    project: int | None
    what: str
    why: str
    figures: str
    made_at: int
    decided_at: int | None


_PROPOSED = "SELECT id, person_id, project_id, what, why, figures, made_at, decided_at FROM proposal"

WAITING = Statement(f"{_PROPOSED} WHERE decided_at IS NULL ORDER BY id LIMIT :most", Proposed)
WAITING_FOR = Statement(f"{_PROPOSED} WHERE decided_at IS NULL AND person_id = :person ORDER BY id", Proposed)
PROPOSED = Statement(f"{_PROPOSED} WHERE id = :proposal", Proposed)
DECIDE = change("""
    UPDATE proposal SET decided_at = :now, decided_by = :actor, accepted = :accepted
    WHERE id = :proposal AND decided_at IS NULL
""")
DECIDE_ALL = change("""
    UPDATE proposal SET decided_at = :now, decided_by = :actor, accepted = TRUE
    WHERE person_id = :person AND what = :what AND decided_at IS NULL
""")
"""All that propose what has just been done."""

# --------------------------------------------------------------------------- what is known of one of them


class Done(NamedTuple):
    """What was done to a person. ``figures`` are its before, after and why, or what made a rule fire (JSON)."""

    at: int
    channel: str
    actor: int | None
    rule: str
    what: str
    project: int | None
    figures: str


_DONE = "SELECT at, channel, actor_id, rule, what, project_id, figures FROM audit WHERE person_id = :person"

DONE = Statement(f"{_DONE} ORDER BY id DESC LIMIT :most", Done)
LAST = Statement(f"{_DONE} AND what = :what ORDER BY id DESC LIMIT 1", Done)


class Works(NamedTuple):
    """What a person has done in a project, and what is known of it."""

    project: int
    answered: int
    skipped: int
    seen: float
    correct: float
    gold_seen: int
    gold_correct: int
    checks: int
    doubt: float
    doubts: str | None
    paused_until: int | None


WORKS = Statement(
    """
    SELECT project_id, answered, skipped, seen, correct, gold_seen, gold_correct, checks, doubt, doubts, paused_until
    FROM enrolment WHERE worker_id = :person ORDER BY answered DESC, project_id LIMIT :most
    """,
    Works,
)


class Earned(NamedTuple):
    """A qualification."""

    skill: str
    score: float
    source: str
    ends_at: int | None


EARNED = Statement(
    "SELECT skill, score, source, ends_at FROM qualification WHERE person_id = :person ORDER BY earned_at DESC", Earned
)

# --------------------------------------------------------------------------- whom to look at


class Twins(NamedTuple):
    """Two people who answer alike, and the evidence."""

    project: int
    worker: int
    other: int
    strength: float
    shared: int
    same: int
    wrong: int
    chance: float


TWINS = Statement(
    """
    SELECT x.project_id, x.worker_id, x.other_id, x.strength, x.shared, x.same, x.wrong, x.chance
    FROM alike x JOIN person p ON p.id = x.worker_id JOIN person q ON q.id = x.other_id
    WHERE x.strength >= :least AND (p.suspended_at IS NULL OR q.suspended_at IS NULL)
        AND p.erased_at IS NULL AND q.erased_at IS NULL
    ORDER BY x.strength DESC, x.wrong DESC, x.project_id, x.worker_id, x.other_id LIMIT :most
    """,
    Twins,
)
"""Pairs of whom at least one still works."""
PAIR = Statement(
    """
    SELECT project_id, worker_id, other_id, strength, shared, same, wrong, chance FROM alike
    WHERE project_id = :project AND worker_id = :worker AND other_id = :other
    """,
    Twins,
)
TWINS_OF = Statement(
    """
    SELECT project_id, worker_id, other_id, strength, shared, same, wrong, chance FROM alike
    WHERE worker_id = :person OR other_id = :person ORDER BY strength DESC, project_id, worker_id, other_id LIMIT :most
    """,
    Twins,
)


class Doubted(NamedTuple):
    """Somebody whose answers hardly depend on the item, by a batch pass; ``doubts`` are the reasons (JSON)."""

    project: int
    person: int
    answered: int
    doubt: float
    doubts: str


DOUBTED = Statement(
    """
    SELECT e.project_id, e.worker_id, e.answered, e.doubt, e.doubts FROM enrolment e JOIN person p ON p.id = e.worker_id
    WHERE e.doubts IS NOT NULL AND p.suspended_at IS NULL AND p.erased_at IS NULL
    ORDER BY e.doubt DESC, e.project_id, e.worker_id LIMIT :most
    """,
    Doubted,
)
