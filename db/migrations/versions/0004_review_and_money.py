"""Review and money: what waits for reviewers and their votes; the ledger, and payouts."""

import json
import time
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from alembic import op
from babel.numbers import get_currency_precision

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _where(condition: str) -> dict[str, Any]:
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Up. What was in dispute before waits for reviewers now; what was earned before is payable."""
    _make_money()
    _make_review()
    _extend()
    op.execute("""
        INSERT INTO review_case (project_id, task_id, what, cause, state, wanted, most, seats, votes, opened_at,
                                 words, why)
        SELECT project_id, id, 'dispute', CASE WHEN method = 'reported' THEN 'reported' ELSE 'crowd' END, 'open',
               3, 7, 3, 0, COALESCE(settled_at, 0), '', ''
        FROM task WHERE status = 'disputed' ORDER BY project_id, id
    """)
    _open_accounts(op.get_bind())


def _open_accounts(bind: sa.Connection) -> None:
    """What answers have earned by their projects' rewards before there was a ledger; what is offered is promised."""
    now = time.time_ns() // 1_000_000
    for project, file in bind.execute(sa.text("SELECT id, spec FROM project ORDER BY id")).all():
        reward = json.loads(file).get("reward") or {}
        currency = str(reward.get("currency", ""))
        digits = 0 if currency == "points" else get_currency_precision(currency) if currency else 0
        answer = int(Decimal(str(reward.get("answer", "0"))).scaleb(digits))
        if answer:
            _open_account(bind, {"project": project, "currency": currency, "answer": answer, "now": now})


_EARNED = """
    enrolment e JOIN person p ON p.id = e.worker_id AND p.erased_at IS NULL
    WHERE e.project_id = :project AND e.answered > 0
"""
_OPENING = (
    """
    INSERT INTO account (name, kind, currency, project_id, balance, reserved)
    VALUES (:house, 'house', :currency, :project, :owed, 0),
           (:budget, 'budget', :currency, :project, :promised, :promised)
    """,
    """
    INSERT INTO posting (at, from_id, to_id, amount, reason, cause, project_id)
    SELECT :now, h.id, b.id, :given, 'fund', 'opening:' || h.project_id, :project FROM account h, account b
    WHERE h.project_id = :project AND h.kind = 'house' AND b.project_id = :project AND b.kind = 'budget'
    """,
    """
    UPDATE assignment SET pay = :answer,
        budget_id = (SELECT id FROM account WHERE project_id = :project AND kind = 'budget')
    WHERE project_id = :project AND state = 'offered'
    """,
    f"""
    INSERT INTO account (name, kind, currency, person_id, balance, reserved)
    SELECT 'payable:' || e.worker_id || ':' || :currency, 'payable', :currency, e.worker_id, 0, 0
    FROM {_EARNED} ORDER BY e.worker_id
    ON CONFLICT (name) DO NOTHING
    """,  # noqa: S608 - put together from constants
    f"""
    INSERT INTO posting (at, from_id, to_id, amount, reason, cause, person_id, project_id)
    SELECT :now, b.id, a.id, e.answered * CAST(:answer AS BIGINT), 'answer',
           'opening:' || e.project_id || ':' || e.worker_id, e.worker_id, :project
    FROM account b, account a, {_EARNED} AND b.project_id = :project AND b.kind = 'budget'
        AND a.person_id = e.worker_id AND a.kind = 'payable' AND a.currency = :currency
    ORDER BY e.worker_id
    """,  # noqa: S608 - as above
    """
    UPDATE account SET balance = balance + p.amount FROM posting p
    WHERE p.to_id = account.id AND p.project_id = :project AND p.reason = 'answer'
    """,
)


def _open_account(bind: sa.Connection, reward: dict[str, Any]) -> None:
    """One project's: from the house to its budget, and from there to each worker."""
    earned = f"SELECT COALESCE(SUM(e.answered), 0) FROM {_EARNED}"  # noqa: S608 - put together from constants
    offered = "SELECT COUNT(*) FROM assignment WHERE project_id = :project AND state = 'offered'"
    project, currency = reward["project"], reward["currency"]
    spent, promised = (
        int(bind.execute(sa.text(counted), {"project": project}).scalar_one()) * reward["answer"]
        for counted in (earned, offered)
    )
    if not spent + promised:
        return
    amounts = {"given": spent + promised, "owed": -spent - promised, "promised": promised}
    names = {"house": f"house:{project}:{currency}", "budget": f"budget:{project}:{currency}:0"}
    for statement in _OPENING:
        bind.execute(sa.text(statement), {**reward, **amounts, **names})


def _make_money() -> None:
    op.create_table(
        "account",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("person_id", _BIG, nullable=True),
        sa.Column("project_id", _BIG, nullable=True),
        sa.Column("balance", _BIG, server_default="0", nullable=False),
        sa.Column("reserved", _BIG, server_default="0", nullable=False),
        sa.CheckConstraint("kind = 'house' OR balance >= reserved", name="nothing_is_spent_twice"),
        sa.CheckConstraint("reserved >= 0", name="reserved_not_negative"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index("account_by_person", "account", ["person_id"])
    op.create_index("account_by_project", "account", ["project_id"])
    op.create_table(
        "payout_batch",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("made_at", _BIG, nullable=False),
        sa.Column("made_by", _BIG, nullable=True),
        sa.Column("payouts", _BIG, nullable=False),
        sa.Column("total", _BIG, nullable=False),
        sa.Column("control", sa.String(), nullable=False),
        sa.Column("settled", _BIG, server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "payout",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("person_id", _BIG, nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("amount", _BIG, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("requested_at", _BIG, nullable=False),
        sa.Column("batch_id", _BIG, nullable=True),
        sa.Column("settled_at", _BIG, nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint("amount > 0", name="payout_positive"),
        sa.ForeignKeyConstraint(["batch_id"], ["payout_batch.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("payout_by_batch", "payout", ["batch_id", "id"])
    op.create_index("payout_by_person", "payout", ["person_id", "id"])
    op.create_index("payout_requested", "payout", ["currency", "id"], **_where("state = 'requested'"))
    op.create_table(
        "posting",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("at", _BIG, nullable=False),
        sa.Column("from_id", _BIG, nullable=False),
        sa.Column("to_id", _BIG, nullable=False),
        sa.Column("amount", _BIG, nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("person_id", _BIG, nullable=True),
        sa.Column("project_id", _BIG, nullable=True),
        sa.Column("task_id", _BIG, nullable=True),
        sa.CheckConstraint("amount > 0", name="amount_positive"),
        sa.ForeignKeyConstraint(["from_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.ForeignKeyConstraint(["to_id"], ["account.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cause"),
    )
    op.create_index("posting_by_person", "posting", ["person_id", "at", "id"])


def _make_review() -> None:
    op.create_table(
        "mass_rejection",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("project_id", _BIG, nullable=False),
        sa.Column("worker_id", _BIG, nullable=True),
        sa.Column("until_at", _BIG, nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("answers", _BIG, nullable=False),
        sa.Column("people", _BIG, nullable=False),
        sa.Column("amount", _BIG, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("made_by", _BIG, nullable=True),
        sa.Column("made_at", _BIG, nullable=False),
        sa.Column("decided_by", _BIG, nullable=True),
        sa.Column("decided_at", _BIG, nullable=True),
        sa.Column("after_task", _BIG, nullable=False),
        sa.Column("rejected", _BIG, nullable=False),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["made_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["project_id"], ["project.id"]),
        sa.ForeignKeyConstraint(["worker_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("mass_rejection_waiting", "mass_rejection", ["id"], **_where("state IN ('proposed', 'accepted')"))
    op.create_table(
        "reviewer",
        sa.Column("person_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("planted", sa.Integer(), nullable=False),
        sa.Column("planted_agreed", sa.Integer(), nullable=False),
        sa.Column("rejected", sa.Integer(), nullable=False),
        sa.Column("overturned", sa.Integer(), nullable=False),
        sa.Column("fast", sa.Integer(), nullable=False),
        sa.Column("proposed_at", _BIG, nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("person_id"),
    )
    op.create_table(
        "review_case",
        sa.Column("id", _BIG, nullable=False),
        sa.Column("project_id", _BIG, nullable=False),
        sa.Column("task_id", _BIG, nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("worker_id", _BIG, nullable=True),
        sa.Column("about_id", _BIG, nullable=True),
        sa.Column("given", sa.Text(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("wanted", sa.Integer(), nullable=False),
        sa.Column("most", sa.Integer(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("votes", sa.Integer(), nullable=False),
        sa.Column("opened_at", _BIG, nullable=False),
        sa.Column("ends_at", _BIG, nullable=True),
        sa.Column("verdict", sa.Text(), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("decided_at", _BIG, nullable=True),
        sa.Column("decided_by", _BIG, nullable=True),
        sa.Column("answered_at", _BIG, nullable=True),
        sa.CheckConstraint("seats >= 0", name="seats_not_negative"),
        sa.ForeignKeyConstraint(["about_id"], ["review_case.id"]),
        sa.ForeignKeyConstraint(["decided_by"], ["person.id"]),
        sa.ForeignKeyConstraint(["project_id", "task_id"], ["task.project_id", "task.id"]),
        sa.ForeignKeyConstraint(["worker_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("case_appealed", "review_case", ["about_id"], unique=True, **_where("about_id IS NOT NULL"))
    op.create_index("case_by_task", "review_case", ["project_id", "task_id"])
    op.create_index("case_by_worker", "review_case", ["worker_id", "id"], **_where("worker_id IS NOT NULL"))
    op.create_index(
        "case_disputed",
        "review_case",
        ["project_id", "task_id"],
        unique=True,
        **_where("what = 'dispute' AND state IN ('open', 'senior')"),
    )
    op.create_index("case_decided", "review_case", ["decided_at"], **_where("what = 'dispute' AND state = 'decided'"))
    op.create_index("case_ends", "review_case", ["ends_at"], **_where("ends_at IS NOT NULL"))
    op.create_index(
        "case_reviewed",
        "review_case",
        ["project_id", "task_id", "worker_id"],
        unique=True,
        **_where("what = 'answer' AND state IN ('open', 'senior')"),
    )
    op.create_index(
        "case_sent_back", "review_case", ["worker_id", "id"], **_where("what = 'answer' AND ends_at IS NOT NULL")
    )
    op.create_index("case_senior", "review_case", ["id"], **_where("state = 'senior'"))
    op.create_index(
        "case_waiting", "review_case", ["project_id", "what", "id"], **_where("state = 'open' AND seats > 0")
    )
    op.create_table(
        "vote",
        sa.Column("case_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("reviewer_id", _BIG, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("planted", sa.Boolean(), nullable=False),
        sa.Column("offered_at", _BIG, nullable=False),
        sa.Column("lease_ends", _BIG, nullable=False),
        sa.Column("voted_at", _BIG, nullable=True),
        sa.Column("work_ms", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("changes", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Float(), nullable=True),
        sa.Column("agreed", sa.Boolean(), nullable=True),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("pay", _BIG, nullable=False),
        sa.Column("budget_id", _BIG, nullable=True),
        sa.ForeignKeyConstraint(["budget_id"], ["account.id"]),
        sa.ForeignKeyConstraint(["case_id"], ["review_case.id"]),
        sa.ForeignKeyConstraint(["reviewer_id"], ["person.id"]),
        sa.PrimaryKeyConstraint("case_id", "reviewer_id"),
    )
    op.create_index("vote_by_reviewer", "vote", ["reviewer_id", "state", "voted_at"])
    op.create_index(
        "vote_unseen", "vote", ["reviewer_id", "state", "voted_at"], **_where("state = 'voted' AND NOT told")
    )
    op.create_index("vote_lease", "vote", ["lease_ends"], **_where("state = 'offered'"))


def _extend() -> None:
    op.add_column("answer", sa.Column("due_at", _BIG, nullable=True))
    op.create_index("answer_due", "answer", ["due_at"], **_where("due_at IS NOT NULL AND NOT rejected"))
    op.add_column("assignment", sa.Column("pay", _BIG, server_default="0", nullable=False))
    op.add_column("assignment", sa.Column("budget_id", _BIG, nullable=True))
    op.add_column("group_chat", sa.Column("reviews", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("group_chat", sa.Column("language", sa.String(), server_default="", nullable=False))
    op.add_column("group_chat", sa.Column("case_id", _BIG, nullable=True))
    op.add_column("group_chat", sa.Column("serial", sa.Integer(), server_default="0", nullable=False))
    op.add_column("group_chat", sa.Column("screen", sa.Text(), server_default="", nullable=False))
    op.add_column("group_chat", sa.Column("message_id", sa.String(), server_default="", nullable=False))
    op.add_column("notice", sa.Column("topic", sa.String(), server_default="", nullable=False))
    op.add_column("notice", sa.Column("n", sa.Integer(), server_default="1", nullable=False))
    op.add_column("tally", sa.Column("decided", _BIG, server_default="0", nullable=False))


def downgrade() -> None:
    """Down."""
    op.drop_index("answer_due", "answer")
    for table, columns in (
        ("answer", ("due_at",)),
        ("assignment", ("pay", "budget_id")),
        ("group_chat", ("reviews", "language", "case_id", "serial", "screen", "message_id")),
        ("notice", ("topic", "n")),
        ("tally", ("decided",)),
    ):
        for column in columns:
            op.drop_column(table, column)
    for table in ("mass_rejection", "vote", "reviewer", "review_case", "payout", "payout_batch", "posting", "account"):
        op.drop_table(table)
