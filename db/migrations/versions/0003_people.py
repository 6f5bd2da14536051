"""People: what they say of themselves, gates, qualifications, behaviour, rules, what was done and told."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _number(name: str, default: str | None = "0") -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=default is None, server_default=default)


def _big(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, _BIG, autoincrement=False, nullable=nullable)


def _words(name: str, default: str | None = None, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable, server_default=default)


def _name(name: str, default: str | None = None) -> sa.Column[str]:
    return sa.Column(name, sa.String(), nullable=False, server_default=default)


def _id() -> sa.Column[int]:
    return sa.Column("id", _BIG, nullable=False, primary_key=True)


def _person(column: str = "person_id") -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], ["person.id"])


def _project() -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["project_id"], ["project.id"])


def _added_up() -> sa.Column[int]:
    return sa.Column("added_up", _BIG, nullable=False, server_default="0")


def _added() -> Mapping[str, tuple[sa.Column[Any], ...]]:
    return {
        "person": (
            _number("age"),
            _number("gate"),
            _number("quiet_from", None),
            _number("quiet_until", None),
            _words("likes", "[]"),
            _name("invitation", ""),
            _number("notices"),
            _big("erased_at", nullable=True),
        ),
        "enrolment": (
            _big("gold_from", nullable=True),
            _number("practised"),
            sa.Column("practice_cursor", _BIG, nullable=False, server_default="0"),
            _number("checks", "1"),
            _number("further"),
            sa.Column("more_gold", sa.Float(), nullable=False, server_default="0"),
            _big("proven_at", nullable=True),
            _big("paused_until", nullable=True),
            _words("paused_for", nullable=True),
            _words("fired", "{}"),
            _number("skips_in_row"),
            *(sa.Column(f"recent_{of}", sa.LargeBinary(), nullable=True) for of in ("gold", "agreed", "reviewed")),
            _number("settled"),
            _number("reviewed"),
        ),
        "assignment": (
            _name("channel", ""),
            _number("sitting"),
            _number("in_sitting"),
            _number("hour", None),
            _number("media"),
            _number("edits"),
            _number("retries"),
        ),
        "answer": (_number("further"),),
        "alike": (
            _number("shared"),
            _number("same"),
            _number("wrong"),
            sa.Column("chance", sa.Float(), nullable=False, server_default="0"),
        ),
        "crowd": (sa.Column("habits", sa.LargeBinary(), nullable=True), _added_up()),
    }


def upgrade() -> None:
    """Up. Nobody was asked for a time zone before; whoever has agreed has passed the first gate."""
    for table, columns in _added().items():
        for column in columns:
            op.add_column(table, column)
    op.execute("UPDATE person SET zone = ''")
    op.execute("UPDATE person SET gate = 1 WHERE consent <> ''")
    _make_people()
    _make_qualifications()
    _make_behaviour()
    _make_audit()
    op.create_index("enrolment_by_worker", "enrolment", ["worker_id"])
    some = sa.text("doubts IS NOT NULL")
    op.create_index("enrolment_doubted", "enrolment", ["doubt"], sqlite_where=some, postgresql_where=some)


def _make_people() -> None:
    op.create_table(
        "speaks",
        _big("person_id"),
        _name("language"),
        sa.Column("level", sa.Integer(), nullable=False),
        _person(),
        sa.PrimaryKeyConstraint("person_id", "language"),
    )
    op.create_table(
        "receipt",
        _big("person_id"),
        _name("version"),
        _big("agreed_at"),
        _name("language"),
        _name("digest"),
        _big("withdrawn_at", nullable=True),
        _person(),
        sa.PrimaryKeyConstraint("person_id", "version", "agreed_at"),
    )
    op.create_table(
        "invitation",
        _name("code"),
        _big("project_id", nullable=True),
        _big("inviter_id", nullable=True),
        _number("places", None),
        sa.Column("used", sa.Integer(), nullable=False),
        _big("made_at"),
        _big("ends_at", nullable=True),
        _project(),
        _person("inviter_id"),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("invitation_by_inviter", "invitation", ["inviter_id"])
    op.create_table(
        "invited",
        _name("code"),
        _big("person_id"),
        _big("at"),
        sa.ForeignKeyConstraint(["code"], ["invitation.code"]),
        _person(),
        sa.PrimaryKeyConstraint("code", "person_id"),
    )
    op.create_index("invited_by_person", "invited", ["person_id"])
    op.create_table(
        "day",
        _big("person_id"),
        _big("day"),
        sa.Column("answers", sa.Integer(), nullable=False),
        _person(),
        sa.PrimaryKeyConstraint("person_id", "day"),
    )
    op.create_table("notice", _id(), _big("person_id"), _big("at"), _words("words"), _person())
    op.create_index("notice_by_person", "notice", ["person_id", "id"])


def _make_qualifications() -> None:
    op.create_table(
        "qualification",
        _big("person_id"),
        _name("skill"),
        _big("project_id", nullable=True),
        _name("source"),
        sa.Column("score", sa.Float(), nullable=False),
        _big("earned_at"),
        _big("ends_at", nullable=True),
        _big("reminded_at", nullable=True),
        _person(),
        _project(),
        sa.PrimaryKeyConstraint("person_id", "skill"),
    )
    untold = sa.text("ends_at IS NOT NULL AND (reminded_at IS NULL OR reminded_at < ends_at)")
    op.create_index("qualification_untold", "qualification", ["ends_at"], sqlite_where=untold, postgresql_where=untold)
    pool = sa.text("split IN ('practice', 'quiz')")
    op.create_index("task_pool", "task", ["project_id", "split", "place"], sqlite_where=pool, postgresql_where=pool)
    op.create_table(
        "quiz",
        _id(),
        _big("person_id"),
        _big("project_id"),
        *(_name(name) for name in ("what", "skill", "state")),
        *(_words(name) for name in ("rules", "questions", "given")),
        _big("asked_at"),
        _big("started_at"),
        _big("ended_at", nullable=True),
        sa.Column("score", sa.Float(), nullable=True),
        _person(),
        _project(),
    )
    op.create_index("quiz_by_person", "quiz", ["person_id", "project_id", "id"])
    running = sa.text("state = 'running'")
    op.create_index(
        "quiz_running",
        "quiz",
        ["person_id", "project_id", "what"],
        unique=True,
        sqlite_where=running,
        postgresql_where=running,
    )


def _make_behaviour() -> None:
    op.create_table(
        "event",
        _id(),
        *(_big(name) for name in ("project_id", "worker_id", "task_id", "at")),
        _name("what"),
        _words("detail", nullable=True),
    )
    op.create_index("event_by_worker", "event", ["project_id", "worker_id", "task_id"])
    op.create_table(
        "habit",
        _big("project_id"),
        _big("worker_id"),
        sa.Column("kept", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["project_id", "worker_id"], ["enrolment.project_id", "enrolment.worker_id"]),
        sa.PrimaryKeyConstraint("project_id", "worker_id"),
    )


def _make_audit() -> None:
    op.create_table(
        "audit",
        _id(),
        _big("at"),
        _name("channel"),
        _big("actor_id", nullable=True),
        _name("rule"),
        _name("what"),
        _big("person_id", nullable=True),
        _big("project_id", nullable=True),
        _words("figures"),
        _person("actor_id"),
        _person(),
        _project(),
    )
    op.create_index("audit_by_person", "audit", ["person_id", "id"])
    op.create_table(
        "proposal",
        _id(),
        _big("person_id"),
        _big("project_id", nullable=True),
        _name("what"),
        _words("why"),
        _words("figures"),
        _big("made_at"),
        _big("decided_at", nullable=True),
        _big("decided_by", nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        _person(),
        _person("decided_by"),
        _project(),
    )
    op.create_index("proposal_by_person", "proposal", ["person_id", "id"])


def downgrade() -> None:
    """Down."""
    op.drop_index("task_pool", "task")
    for table in ("proposal", "audit", "habit", "event", "quiz", "qualification"):
        op.drop_table(table)
    for table in ("notice", "day", "invited", "invitation", "receipt", "speaks"):
        op.drop_table(table)
    op.drop_index("enrolment_doubted", "enrolment")
    op.drop_index("enrolment_by_worker", "enrolment")
    for table, columns in _added().items():
        for column in columns:
            op.drop_column(table, column.name)
    op.execute("UPDATE person SET zone = 'UTC' WHERE zone = ''")
