"""In charge: broadcasts and their deliveries, schedules, a second admin's word, remarks, projects of one's own."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Up."""
    _make_broadcast()
    _make_delivery()
    _make_schedule()
    _make_charge()
    op.add_column("person", sa.Column("muted", sa.Text(), server_default="[]", nullable=False))
    _know_people()
    op.add_column("conversation", sa.Column("seen_at", _BIG, server_default="0", nullable=False))
    op.add_column("conversation", sa.Column("menu", sa.String(), server_default="", nullable=False))
    op.add_column("project", sa.Column("opened_at", _BIG, nullable=True))
    op.add_column("project", sa.Column("paused_at", _BIG, nullable=True))
    op.execute("UPDATE project SET opened_at = launched_at")
    op.add_column("project", sa.Column("owner_id", _BIG, nullable=True))
    op.add_column("project", sa.Column("emptied_at", _BIG, nullable=True))


def _make_broadcast() -> None:
    op.create_table(
        "broadcast",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("project_id", _BIG, nullable=True),
        sa.Column("made_by", _BIG, nullable=True),
        sa.Column("made_at", _BIG, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("audience", sa.Text(), nullable=False),
        sa.Column("timing", sa.Text(), server_default="{}", nullable=False),
        sa.Column("places", sa.Integer(), nullable=True),
        sa.Column("invitation", sa.String(), server_default="", nullable=False),
        sa.Column("shown", sa.Integer(), nullable=True),
        sa.Column("starts_at", _BIG, nullable=True),
        sa.Column("after", _BIG, server_default="0", nullable=False),
        sa.Column("total", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("failed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("blocked", sa.Integer(), server_default="0", nullable=False),
        sa.Column("dropped", sa.Integer(), server_default="0", nullable=False),
        sa.Column("began_at", _BIG, nullable=True),
        sa.Column("ended_at", _BIG, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("broadcast_under_way", "broadcast", ["id"], **_where("state IN ('choosing', 'running', 'paused')"))


def _make_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("broadcast_id", _BIG, nullable=True),
        sa.Column("person_id", _BIG, nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("words", sa.Text(), nullable=True),
        sa.Column("variant", sa.Integer(), server_default="0", nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", _BIG, nullable=False),
        sa.Column("taken_at", _BIG, nullable=True),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("sent_at", _BIG, nullable=True),
        sa.Column("message_id", sa.String(), server_default="", nullable=False),
        sa.Column("why", sa.Text(), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["broadcast_id"], ["broadcast.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cause"),
    )
    op.create_index("delivery_queue", "delivery", ["broadcast_id", "due_at", "id"], **_where("state = 'queued'"))
    op.create_index("delivery_sending", "delivery", ["taken_at"], **_where("state = 'sending'"))
    op.create_index("delivery_by_broadcast", "delivery", ["broadcast_id", "person_id"], unique=True)
    op.create_index("delivery_by_person", "delivery", ["person_id", "sent_at"])


def _make_schedule() -> None:
    op.create_table(
        "schedule",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("cron", sa.String(), server_default="", nullable=False),
        sa.Column("zone", sa.String(), server_default="UTC", nullable=False),
        sa.Column("every_ms", _BIG, server_default="0", nullable=False),
        sa.Column("arguments", sa.Text(), server_default="{}", nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("next_at", _BIG, nullable=True),
        sa.Column("last_at", _BIG, nullable=True),
        sa.Column("last_ms", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.Text(), server_default="", nullable=False),
        sa.Column("made_by", _BIG, nullable=True),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )


def _make_charge() -> None:
    op.create_table(
        "approval",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("arguments", sa.Text(), nullable=False),
        sa.Column("people", sa.Integer(), nullable=False),
        sa.Column("amount", _BIG, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("made_by", _BIG, nullable=True),
        sa.Column("made_at", _BIG, nullable=False),
        sa.Column("decided_by", _BIG, nullable=True),
        sa.Column("decided_at", _BIG, nullable=True),
        sa.Column("accepted", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("approval_waiting", "approval", ["id"], **_where("decided_at IS NULL"))
    op.create_table(
        "remark",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("person_id", _BIG, nullable=False),
        sa.Column("made_by", _BIG, nullable=True),
        sa.Column("at", _BIG, nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("remark_by_person", "remark", ["person_id", "id"])


_OF_PEOPLE = {
    "person_in_charge": "role <> 'worker'",
    "person_suspended": "suspended_at IS NOT NULL",
    "person_unreachable": "blocked_at IS NOT NULL",
    "person_paused": "paused_until IS NOT NULL",
    "person_switched": "muted <> '[]'",
}


def _know_people() -> None:
    op.add_column("person", sa.Column("proven_at", _BIG, nullable=True))
    op.add_column("person", sa.Column("paused_until", _BIG, nullable=True))
    op.add_column("person", sa.Column("paused_for", sa.Text(), server_default="", nullable=False))
    op.add_column("person", sa.Column("seen_day", sa.Integer(), server_default="0", nullable=False))
    last = "(SELECT MAX(d.day) FROM day d WHERE d.person_id = person.id)"
    op.execute(f"UPDATE person SET seen_day = COALESCE({last}, joined_at / 86400000) WHERE erased_at IS NULL")  # noqa: S608 - constants
    for name, column in (("gate", "gate"), ("language", "language"), ("seen", "seen_day")):
        op.create_index(f"person_by_{name}", "person", [column, "id"])
    for name, condition in _OF_PEOPLE.items():
        op.create_index(name, "person", ["id"], **_where(condition))
    op.create_index("qualification_by_skill", "qualification", ["skill", "person_id"])
    op.create_index("enrolment_in_doubt", "enrolment", ["worker_id"], **_where("doubts IS NOT NULL"))
    op.create_index("enrolment_paused", "enrolment", ["paused_until"], **_where("paused_until IS NOT NULL"))


def _forget_people() -> None:
    op.drop_index("enrolment_paused", "enrolment")
    op.drop_index("enrolment_in_doubt", "enrolment")
    op.drop_index("qualification_by_skill", "qualification")
    for name in ("person_by_gate", "person_by_language", "person_by_seen", *_OF_PEOPLE):
        op.drop_index(name, "person")
    for column in ("seen_day", "paused_for", "paused_until", "proven_at"):
        op.drop_column("person", column)


def downgrade() -> None:
    """Down."""
    _forget_people()
    op.drop_column("project", "emptied_at")
    op.drop_column("project", "owner_id")
    op.drop_column("project", "paused_at")
    op.drop_column("project", "opened_at")
    op.drop_column("conversation", "menu")
    op.drop_column("conversation", "seen_at")
    op.drop_column("person", "muted")
    for table in ("remark", "approval", "schedule", "delivery", "broadcast"):
        op.drop_table(table)
