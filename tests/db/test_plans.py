"""What is looked for again and again is found by an index, or a look would cost more with each message sent."""

from __future__ import annotations

import re
from typing import Any

import pytest

from db.queries import deliveries, erase, outreach, reminders, schedules
from db.session import Database, Tx
from db.statement import Statement

_PARAMETER = re.compile(r"(?<![:\w]):([a-z_]+)")
_END_TO_END = re.compile(r"Seq Scan on (delivery|person|notice|assignment|audit)\b|^SCAN (?!b$)\w+$")
"""As PostgreSQL and SQLite say it; ``b`` are broadcasts, of which there are few."""
_OFTEN: dict[str, Statement[Any]] = {
    "claimed": deliveries.CLAIM,
    "reminders claimed": deliveries.CLAIM_REMINDERS,
    "taken before": deliveries.TAKEN_BEFORE,
    "finished": deliveries.FINISHED,
    "called off": deliveries.CALLED_OFF,
    "limited": deliveries.LIMITED,
    "unsent": erase.UNSENT,
    "sent": reminders.SENT,
    "last of": reminders.LAST_OF,
    "unfinished": reminders.UNFINISHED,
    "waiting": reminders.WAITING,
    "into closed": outreach.INTO_CLOSED,
    "makers": outreach.MAKERS,
    "told by the clock": schedules.IN_CHARGE,
    "revised": schedules.REVISED,
}


@pytest.mark.parametrize("name", sorted(_OFTEN))
def test_nothing_that_grows_is_read_from_end_to_end(database: Database, name: str) -> None:
    found = database.run(lambda tx: _plan(tx, _OFTEN[name])).result()
    assert not [line for line in found if _END_TO_END.search(line)]


def _plan(tx: Tx, statement: Statement[Any]) -> list[str]:
    """Lines of the plan, with the names of tables; PostgreSQL reads a table from end to end only where it must."""
    sql = statement.sql
    if tx.dialect == "postgresql":
        sql = statement.postgresql or sql
        tx.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
    plain = _PARAMETER.sub(lambda match: "'a'" if match[1] in {"topic", "cause"} else "1", sql)
    explain = "EXPLAIN QUERY PLAN" if tx.dialect == "sqlite" else "EXPLAIN"
    rows = tx.connection.exec_driver_sql(f"{explain} {plain}").all()
    return [str(row[-1]).strip() for row in rows]
