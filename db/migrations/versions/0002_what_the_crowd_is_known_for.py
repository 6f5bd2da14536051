"""What the crowd is known for: confusion and doubt of each worker, weights, worth, the crowd's model, corrections."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _key(name: str) -> sa.Column[int]:
    return sa.Column(name, _BIG, autoincrement=False, nullable=False)


def upgrade() -> None:
    """Up."""
    op.add_column("enrolment", sa.Column("confusion", sa.LargeBinary(), nullable=True))
    op.add_column("enrolment", sa.Column("doubt", sa.Float(), nullable=False, server_default="0"))
    op.add_column("enrolment", sa.Column("doubts", sa.Text(), nullable=True))
    op.add_column("answer", sa.Column("weight", sa.Float(), nullable=True))
    op.add_column("task", sa.Column("worth", sa.Float(), nullable=True))
    op.create_table(
        "crowd",
        _key("project_id"),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        *(sa.Column(name, _BIG, nullable=False) for name in ("made_at", "busy_until", "answers", "reopened")),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("corrections", "doubted")),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("project_id"),
    )
    op.create_table(
        "alike",
        _key("project_id"),
        _key("worker_id"),
        _key("other_id"),
        sa.Column("strength", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["project_id", "worker_id"], ["enrolment.project_id", "enrolment.worker_id"]),
        sa.ForeignKeyConstraint(["project_id", "other_id"], ["enrolment.project_id", "enrolment.worker_id"]),
        sa.PrimaryKeyConstraint("project_id", "worker_id", "other_id"),
    )
    op.create_table(
        "correction",
        _key("project_id"),
        _key("task_id"),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("made_at", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["project_id", "task_id"], ["task.project_id", "task.id"]),
        sa.PrimaryKeyConstraint("project_id", "task_id"),
    )


def downgrade() -> None:
    """Down; the counts that were there before stay."""
    for table in ("correction", "alike", "crowd"):
        op.drop_table(table)
    op.drop_column("task", "worth")
    op.drop_column("answer", "weight")
    for column in ("doubts", "doubt", "confusion"):
        op.drop_column("enrolment", column)
