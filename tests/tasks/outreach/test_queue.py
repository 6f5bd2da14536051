"""Reminders are queued once for each cause, and only for people who want them and can be reached."""

from __future__ import annotations

import pytest

from db.session import Database, Tx
from tasks.outreach.queue import Go, read, remind
from tasks.words import _
from tests.conftest import NOON
from tests.support.outreach import people

WORDS = _("Nothing to do just now.")


def _remind(database: Database, person: int, topic: str = "new", cause: str = "c") -> bool:
    def turn(tx: Tx) -> bool:
        return remind(tx, person, topic, cause, WORDS, NOON, go=Go(_("Look"), "menu.projects", 3), due_at=NOON + 5)

    return database.run(turn).result()


def test_once_for_each_cause(database: Database) -> None:
    one, other = people(database, {}, {})
    assert [_remind(database, one), _remind(database, one), _remind(database, other)] == [True, False, False]
    assert _remind(database, one, cause="d")
    with database.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT person_id, topic, state, due_at, words FROM delivery").all()
    assert [tuple(row)[:4] for row in rows] == [(one, "new", "queued", NOON + 5)] * 2
    assert read(rows[0][4]) == (WORDS, Go(_("Look"), "menu.projects", 3))


@pytest.mark.parametrize(
    ("changes", "queued"),
    [
        ({"muted": '["new"]'}, False),
        ({"muted": '["broadcast"]'}, True),
        ({"blocked_at": 1}, False),
        ({"erased_at": 1}, False),
        ({"suspended_at": 1}, True),
    ],
)
def test_only_who_wants_it(database: Database, changes: dict[str, object], *, queued: bool) -> None:
    (one,) = people(database, changes)
    assert _remind(database, one) is queued
