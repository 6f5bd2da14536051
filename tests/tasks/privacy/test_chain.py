"""The chain of records: whatever is changed, removed, put in or moved is found and named; erasures leave it whole."""

from __future__ import annotations

import json
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.queries import audit
from db.session import Database, Tx
from tasks.privacy import chain
from tasks.privacy.audit import SHELL, Act, Actor, record
from tasks.privacy.erase import forget
from tasks.privacy.verify import Break, HashError, Verified, told_of, verify
from tests.conftest import NOON, Clock
from tests.property.rig import Rig, a_rig

_RECORDS = 6
_COLUMNS: dict[str, Any] = {
    "at": NOON + 1,
    "channel": "'other'",
    "actor_id": 2,
    "rule": "'other'",
    "what": "'other'",
    "person_id": 2,
    "project_id": "NULL",
    "figures": """'{"before": 9, "after": 2, "why": "They asked"}'""",
    "digest": "'aa'",
    "salt": "'aa'",
    "hash": "'aa'",
}
"""A change for every column that a record has, beside its id and its number."""


def _quiet(_done: int, _total: int) -> None:
    pass


def _verified(database: Database, noted: str = "") -> Verified:
    return verify(database, noted, _quiet)


def _records(rig: Rig, n: int = _RECORDS, why: str = "They asked") -> None:
    for number in range(n):

        def turn(tx: Tx, known: Any, number: int = number) -> None:
            figures = {"before": number, "after": 2, "why": why}
            record(tx, Actor(rig.workers[0], "web"), Act("role", rig.workers[0], known.id, figures), NOON + number)

        rig.run(turn)


def _change(database: Database, *sql: str) -> None:
    def turn(tx: Tx) -> None:
        for one in sql:
            tx.connection.exec_driver_sql(one)

    database.run(turn).result()


def _told(found: Verified) -> list[tuple[str, int | None]]:
    return [(one.how, one.number) for one in found.breaks]


@pytest.fixture
def rig(database: Database, clock: Clock) -> Rig:
    """A project with two workers and six records."""
    rig = a_rig(database, clock(), 2, 3)
    before = _verified(database).records
    assert before == 0
    _records(rig)
    return rig


def test_records_are_a_chain(rig: Rig) -> None:
    found = _verified(rig.database)
    assert (found.records, found.since, found.breaks, found.whole) == (_RECORDS, NOON, [], True)
    assert _verified(rig.database, found.hash.upper()).whole
    unknown = _verified(rig.database, "0" * 64)
    assert (unknown.known, unknown.broken, unknown.whole) == (False, 0, False)
    with pytest.raises(HashError):
        _verified(rig.database, "abc")


@pytest.mark.parametrize("column", _COLUMNS)
@pytest.mark.parametrize("number", [1, 3, _RECORDS])
def test_a_change_is_found_and_named(rig: Rig, column: str, number: int) -> None:
    _change(rig.database, f"UPDATE audit SET {column} = {_COLUMNS[column]} WHERE number = {number}")  # noqa: S608 - a test's own words
    found = _verified(rig.database)
    assert ("changed", number) in _told(found)
    assert found.broken == (1 if column != "hash" else 2)  # the next record, or the end, holds the hash that was
    assert "Record {number}" in str(told_of(found.breaks[0]))


def test_a_changed_number_of_the_row_is_found(rig: Rig) -> None:
    _change(rig.database, "UPDATE audit SET id = 1000 WHERE number = 2")
    assert _told(_verified(rig.database)) == [("changed", 2)]


def test_a_record_changed_with_its_hash_is_found_at_the_next(rig: Rig) -> None:
    def turn(tx: Tx) -> str:
        rows = tx.all(audit.CHAIN)
        return chain.hash_of(rows[2]._replace(what="other"), rows[1].hash)

    forged = rig.database.run(turn).result()
    _change(rig.database, f"UPDATE audit SET what = 'other', hash = '{forged}' WHERE number = 3")  # noqa: S608 - as above
    assert _told(_verified(rig.database)) == [("changed", 4)]


def test_removed_records_are_named(rig: Rig) -> None:
    _change(rig.database, "DELETE FROM audit WHERE number IN (3, 4)")
    found = _verified(rig.database)
    assert found.breaks == [Break("missing", 3, to=4)]
    _change(rig.database, "DELETE FROM audit WHERE number = 1")
    assert _told(_verified(rig.database)) == [("missing", 1), ("missing", 3)]


def test_a_cut_end_is_named(rig: Rig) -> None:
    noted = _verified(rig.database).hash
    _change(rig.database, "DELETE FROM audit WHERE number >= 5")
    assert _verified(rig.database).breaks == [Break("cut", 5, to=6)]
    _change(
        rig.database,
        "UPDATE chain SET number = 4, hash = (SELECT hash FROM audit WHERE number = 4)",
    )
    assert _verified(rig.database).whole  # all of it was made to fit, so that only what is kept elsewhere tells
    assert not _verified(rig.database, noted).known


def test_records_in_another_order_are_named(rig: Rig) -> None:
    _change(
        rig.database,
        "UPDATE audit SET number = 100 WHERE number = 2",
        "UPDATE audit SET number = 2 WHERE number = 4",
        "UPDATE audit SET number = 4 WHERE number = 100",
    )
    found = _told(_verified(rig.database))
    assert {("changed", 2), ("changed", 4)} <= set(found)


def test_records_from_outside_are_named(rig: Rig) -> None:
    put = "INSERT INTO audit (at, channel, rule, what, figures, number) VALUES (5, '', '', 'role', '{}', %s)"
    _change(rig.database, *(put.replace("%s", number) for number in ("NULL", "7", "0")))
    assert _told(_verified(rig.database)) == [("added", 0), ("beyond", 7), ("added", None)]


def test_a_changed_end_is_named(rig: Rig) -> None:
    _change(rig.database, "UPDATE chain SET hash = 'aa'")
    assert _told(_verified(rig.database)) == [("end", 6)]
    _change(rig.database, "DELETE FROM chain")
    assert _told(_verified(rig.database)) == [("end", 6)]
    with pytest.raises(chain.NoChainError):
        _records(rig, 1)


# --------------------------------------------------------------------------- erasing


def _forget(rig: Rig, person: int) -> None:
    rig.run(lambda tx, _known: forget(tx, person, NOON + 100, random.Random(3)))  # noqa: S311 - a test's chance


def _rows(database: Database) -> list[dict[str, Any]]:
    def turn(tx: Tx) -> list[dict[str, Any]]:
        found = tx.connection.exec_driver_sql("SELECT * FROM audit ORDER BY number").mappings()
        return [dict(row) for row in found]

    return database.run(turn).result()


def test_an_erasure_takes_words_and_leaves_the_chain(rig: Rig) -> None:
    _forget(rig, rig.workers[0])
    found, rows = _verified(rig.database), _rows(rig.database)
    assert found.breaks == []
    assert (found.records, rows[-1]["what"]) == (_RECORDS + 1, "erase")
    for row in rows[:-1]:
        assert "why" not in json.loads(row["figures"])
        assert row["salt"] == ""
        assert row["digest"] != chain.digest("They asked", "")  # nobody can guess them


def test_what_an_erasure_leaves_is_still_held(rig: Rig) -> None:
    _forget(rig, rig.workers[0])
    _change(rig.database, """UPDATE audit SET figures = '{"before": 0, "after": 3}' WHERE number = 1""")
    assert _told(_verified(rig.database)) == [("changed", 1)]


def test_words_that_go_without_an_erasure_are_missed(rig: Rig) -> None:
    _change(
        rig.database,
        """UPDATE audit SET figures = '{"before": 2, "after": 2}', salt = '' WHERE number = 3""",
    )
    assert _told(_verified(rig.database)) == [("wordless", 3)]


def test_words_that_go_after_an_erasure_are_missed(rig: Rig) -> None:
    _forget(rig, rig.workers[0])
    _records(rig, 1)
    _change(rig.database, """UPDATE audit SET figures = '{"before": 0, "after": 2}', salt = '' WHERE number = 8""")
    assert _told(_verified(rig.database)) == [("wordless", 8)]


# --------------------------------------------------------------------------- turns beside each other


def test_many_turns_that_record_wait_for_no_ring(rig: Rig) -> None:
    """Each holds rows of its own while it waits for the end of the chain; whoever has the end waits for nobody."""
    people = rig.workers

    def turn(n: int) -> None:
        def work(tx: Tx, known: Any) -> None:
            first, second = (people[0], people[1]) if n % 2 else (people[1], people[0])
            record(tx, SHELL, Act("role", first, known.id, {"why": str(n)}), NOON)
            tx.connection.exec_driver_sql(f"UPDATE person SET likes = '{n}' WHERE id = {first}")  # noqa: S608 - as above
            record(tx, SHELL, Act("role", second, known.id, {"n": n}), NOON)
            if n % 7 == 3:
                raise _Undone

        with suppress(_Undone):
            rig.run(work)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(turn, range(80)))
    undone = len([n for n in range(80) if n % 7 == 3])
    found = _verified(rig.database)
    assert (found.breaks, found.records) == ([], _RECORDS + 2 * (80 - undone))


class _Undone(Exception):  # noqa: N818 - a test's own
    pass


# --------------------------------------------------------------------------- properties

_FIGURES = st.dictionaries(
    st.sampled_from(["why", "before", "after", "n"]),
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False) | st.text(max_size=20),
    max_size=4,
)
_TURNS = st.lists(st.lists(st.tuples(st.sampled_from(["role", "launch"]), _FIGURES), max_size=3), max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    turns=_TURNS,
    place=st.integers(0, 1_000),
    column=st.sampled_from(["at", "channel", "what", "hash", "digest", "salt", "rule"]),
)
def test_any_figures_make_a_chain_and_any_change_is_found(
    sqlite_database: Database, turns: Any, place: int, column: str
) -> None:
    before = _verified(sqlite_database)
    assert before.whole

    def work(tx: Tx, acts: Any) -> None:
        for what, figures in acts:
            record(tx, SHELL, Act(what, figures=figures), NOON)

    for acts in turns:
        sqlite_database.run(lambda tx, acts=acts: work(tx, acts)).result()  # type: ignore[misc]
    found = _verified(sqlite_database)
    assert (found.breaks, found.records) == ([], before.records + sum(map(len, turns)))
    if not found.records:
        return
    number = 1 + place % found.records
    with _changed(sqlite_database, column, number):
        assert ("changed", number) in _told(_verified(sqlite_database))
    assert _verified(sqlite_database).whole


class _changed:  # noqa: N801 - reads as a sentence
    """A cell changed for as long as it lasts."""

    def __init__(self, database: Database, column: str, number: int) -> None:
        self._database, self._column, self._number = database, column, number
        self._old: Any = None

    def __enter__(self) -> None:
        def turn(tx: Tx) -> Any:
            where = f"FROM audit WHERE number = {self._number}"
            return tx.connection.exec_driver_sql(f"SELECT {self._column} {where}").scalar()

        self._old = self._database.run(turn).result()
        self._set(self._old + (1 if isinstance(self._old, int) else "x"))

    def __exit__(self, *_error: object) -> None:
        self._set(self._old)

    def _set(self, value: Any) -> None:
        def turn(tx: Tx) -> None:
            change = f"UPDATE audit SET {self._column} = ? WHERE number = {self._number}"  # noqa: S608 - as above
            tx.connection.exec_driver_sql(change, (value,))

        self._database.run(turn).result()
