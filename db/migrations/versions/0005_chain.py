"""Records of what was done become a chain."""

import json
from hashlib import sha256
from secrets import token_hex
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_AT_ONCE = 1_000


def upgrade() -> None:
    """Up. Records that are there become the beginning of the chain."""
    op.add_column("audit", sa.Column("number", _BIG, nullable=True))
    for name in ("salt", "digest", "hash"):
        op.add_column("audit", sa.Column(name, sa.String(), server_default="", nullable=False))
    op.create_table(
        "chain",
        sa.Column("id", _BIG, autoincrement=False, nullable=False),
        sa.Column("number", _BIG, nullable=False),
        sa.Column("hash", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    _chain()
    op.create_index("audit_number", "audit", ["number"], unique=True)
    op.create_index("audit_by_project", "audit", ["project_id", "id"])


def _chain() -> None:
    """As ``tasks.privacy.chain`` does it, as it was when this was written."""
    connection, number, link, last = op.get_bind(), 0, "", 0
    read = sa.text("""
        SELECT id, at, channel, actor_id, rule, what, person_id, project_id, figures FROM audit
        WHERE id > :last ORDER BY id LIMIT :most
    """)
    write = sa.text("UPDATE audit SET number = :number, salt = :salt, digest = :digest, hash = :hash WHERE id = :id")
    while rows := connection.execute(read, {"last": last, "most": _AT_ONCE}).fetchall():
        links = []
        for row in rows:
            figures, salt, digest = json.loads(row[-1]), "", ""
            words = figures.pop("why", None)
            if words is not None:
                salt = token_hex(16)
                digest = _sha(salt, words)
            number += 1
            link = _sha(link, [number, *row[:-1], figures, digest])
            links.append({"id": row[0], "number": number, "salt": salt, "digest": digest, "hash": link})
        connection.execute(write, links)
        last = rows[-1][0]
    connection.execute(sa.text("INSERT INTO chain (id, number, hash) VALUES (1, :number, :hash)"),
                       {"number": number, "hash": link})  # fmt: skip


def _sha(before: str, value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return sha256(f"{before}\n{text}".encode()).hexdigest()


def downgrade() -> None:
    """Down."""
    op.drop_index("audit_by_project", "audit")
    op.drop_index("audit_number", "audit")
    for column in ("number", "salt", "digest", "hash"):
        op.drop_column("audit", column)
    op.drop_table("chain")
