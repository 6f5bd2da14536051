"""What waits for reviewers, their votes on it, and what is known of their own work."""

from sqlalchemy import CheckConstraint, Column, Float, ForeignKey, ForeignKeyConstraint, Index, Text, text
from sqlmodel import Field, SQLModel

from db.tables.columns import Big, key, millis

_WAITING = "state = 'open' AND seats > 0"
_DISPUTED = "what = 'dispute' AND state IN ('open', 'senior')"
_REVIEWED = "what = 'answer' AND state IN ('open', 'senior')"
_SENT_BACK = "what = 'answer' AND ends_at IS NOT NULL"
_DECIDED = "what = 'dispute' AND state = 'decided'"
_UNSEEN = "state = 'voted' AND NOT told"


class ReviewCase(SQLModel, table=True):
    """Something that reviewers decide: a dispute about a task, a single answer, or a worker's appeal.

    While it is open, ``seats`` + live votes (offered) + ``votes`` = ``wanted``.
    """

    __tablename__ = "review_case"
    __table_args__ = (
        ForeignKeyConstraint(["project_id", "task_id"], ["task.project_id", "task.id"]),
        CheckConstraint("seats >= 0", name="seats_not_negative"),
        Index(
            "case_waiting",
            "project_id",
            "what",
            "id",
            sqlite_where=text(_WAITING),
            postgresql_where=text(_WAITING),
        ),
        Index(
            "case_disputed",
            "project_id",
            "task_id",
            unique=True,
            sqlite_where=text(_DISPUTED),
            postgresql_where=text(_DISPUTED),
        ),
        Index(
            "case_reviewed",
            "project_id",
            "task_id",
            "worker_id",
            unique=True,
            sqlite_where=text(_REVIEWED),
            postgresql_where=text(_REVIEWED),
        ),
        Index("case_by_task", "project_id", "task_id"),
        Index(
            "case_by_worker",
            "worker_id",
            "id",
            sqlite_where=text("worker_id IS NOT NULL"),
            postgresql_where=text("worker_id IS NOT NULL"),
        ),
        Index(
            "case_sent_back",
            "worker_id",
            "id",
            sqlite_where=text(_SENT_BACK),
            postgresql_where=text(_SENT_BACK),
        ),
        Index(
            "case_appealed",
            "about_id",
            unique=True,
            sqlite_where=text("about_id IS NOT NULL"),
            postgresql_where=text("about_id IS NOT NULL"),
        ),
        Index(
            "case_senior",
            "id",
            sqlite_where=text("state = 'senior'"),
            postgresql_where=text("state = 'senior'"),
        ),
        Index(
            "case_decided",
            "decided_at",
            sqlite_where=text(_DECIDED),
            postgresql_where=text(_DECIDED),
        ),
        Index(
            "case_ends",
            "ends_at",
            sqlite_where=text("ends_at IS NOT NULL"),
            postgresql_where=text("ends_at IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    project_id: int = Field(sa_column=Column(Big, nullable=False))
    task_id: int = Field(sa_column=Column(Big, nullable=False))
    what: str
    """dispute | answer | appeal"""
    cause: str
    """Of a dispute: crowd | reported | rule | audit; of an answer: share | spot | mass; of an appeal: worker."""
    worker_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    """Whose answer; empty for a dispute."""
    about_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("review_case.id")))
    """Of an appeal: the case in which the answer was rejected."""
    given: str | None = Field(default=None, sa_column=Column(Text))
    """The answer as it was handed in, in canonical form (JSON); empty for a dispute."""
    words: str = Field(default="", sa_column=Column(Text, nullable=False))
    """What the worker writes in an appeal."""
    state: str = "open"
    """open | senior (waits for an admin) | decided | withdrawn"""
    wanted: int
    """How many votes are asked for as things stand."""
    most: int
    """How many may be asked for before an admin decides."""
    seats: int
    votes: int = 0
    opened_at: int = Field(sa_column=millis())
    ends_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    """When something happens to it by itself: an open appeal is granted; a redo not done or a rejection not appealed
    against becomes final. Empty where nothing does."""
    verdict: str | None = Field(default=None, sa_column=Column(Text))
    """Of a dispute ``{"answer": …}`` or ``{"fault": reason}``; of an answer ``{"accept": true}``, ``{"repair": …}``,
    ``{"redo": [reasons]}`` or ``{"reject": [reasons]}``; of an appeal ``{"granted": bool}`` (JSON)."""
    why: str = Field(default="", sa_column=Column(Text, nullable=False))
    """The notes that speak for the verdict."""
    confidence: float | None = Field(default=None, sa_column=Column(Float))
    decided_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    decided_by: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    """The admin who decided; empty where votes, or the silence of reviewers, did."""
    answered_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    """When the worker said what they make of a rejection or a redo."""


class Vote(SQLModel, table=True):
    """One reviewer's seat on a case, and the choice they made: blind to the others' until the verdict."""

    __table_args__ = (
        Index("vote_by_reviewer", "reviewer_id", "state", "voted_at"),
        Index(
            "vote_unseen",
            "reviewer_id",
            "state",
            "voted_at",
            sqlite_where=text(_UNSEEN),
            postgresql_where=text(_UNSEEN),
        ),
        Index(
            "vote_lease",
            "lease_ends",
            sqlite_where=text("state = 'offered'"),
            postgresql_where=text("state = 'offered'"),
        ),
    )

    case_id: int = Field(sa_column=key("review_case.id"))
    reviewer_id: int = Field(sa_column=key("person.id"))
    state: str = "offered"
    """offered | voted | skipped | expired"""
    planted: bool = False
    """The case was decided before: it is shown to check the reviewer, and takes no seat."""
    offered_at: int = Field(sa_column=millis())
    lease_ends: int = Field(sa_column=millis())
    voted_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    work_ms: int = 0
    """From the offer to the vote."""
    value: str | None = Field(default=None, sa_column=Column(Text))
    """The choice, as verdicts are written (JSON)."""
    note: str = Field(default="", sa_column=Column(Text, nullable=False))
    changes: int = 0
    weight: float | None = Field(default=None, sa_column=Column(Float))
    """What it counted for (natural log-odds), once the verdict is there."""
    agreed: bool | None = None
    """Whether the verdict was the same."""
    told: bool = False
    """Whether the reviewer has seen what became of it."""
    pay: int = Field(default=0, sa_column=Column(Big, nullable=False))
    """What it earns (minor units of the project's currency)."""
    budget_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("account.id")))
    """The account that it is promised from."""


class Reviewer(SQLModel, table=True):
    """How somebody reviews, over all projects: what their votes weigh, and whether they stay."""

    person_id: int = Field(sa_column=key("person.id"))
    votes: int = 0
    judged: int = 0
    """Votes on what has a verdict by others too,"""
    agreed: int = 0
    """and how many of them were the same."""
    planted: int = 0
    """Votes on cases that were decided before,"""
    planted_agreed: int = 0
    """and how many of them were the same."""
    rejected: int = 0
    """Answers that they rejected,"""
    overturned: int = 0
    """and how many of those were granted an appeal."""
    fast: int = 0
    """Votes faster than the item can be read."""
    proposed_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    """When an admin was last asked whether they should stay."""


class MassRejection(SQLModel, table=True):
    """Many answers that an admin wants rejected at once, and another admin confirms."""

    __tablename__ = "mass_rejection"
    __table_args__ = (
        Index(
            "mass_rejection_waiting",
            "id",
            sqlite_where=text("state IN ('proposed', 'accepted')"),
            postgresql_where=text("state IN ('proposed', 'accepted')"),
        ),
    )

    id: int | None = Field(default=None, sa_column=Column(Big, primary_key=True))
    project_id: int = Field(sa_column=Column(Big, ForeignKey("project.id"), nullable=False))
    worker_id: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    """Whose answers; empty for everybody's in the project."""
    until_at: int = Field(sa_column=millis())
    """Answers that were handed in up to this moment."""
    reasons: str = Field(sa_column=Column(Text, nullable=False))
    """Keys of the project's reasons (JSON list)."""
    why: str = Field(sa_column=Column(Text, nullable=False))
    answers: int = Field(sa_column=Column(Big, nullable=False))
    people: int = Field(sa_column=Column(Big, nullable=False))
    amount: int = Field(sa_column=Column(Big, nullable=False))
    """What would go back to the budget, as it was when it was proposed (minor units)."""
    state: str = "proposed"
    """proposed | accepted (under way) | done | declined"""
    made_by: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    """Empty for the shell."""
    made_at: int = Field(sa_column=millis())
    decided_by: int | None = Field(default=None, sa_column=Column(Big, ForeignKey("person.id")))
    decided_at: int | None = Field(default=None, sa_column=millis(nullable=True))
    after_task: int = Field(default=0, sa_column=Column(Big, nullable=False))
    """How far it is, while under way: a crash goes on from here."""
    rejected: int = Field(default=0, sa_column=Column(Big, nullable=False))
