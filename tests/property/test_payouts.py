"""People ask to be paid out, think better of it, leave; admins hand out, confirm, hand out again: nobody is paid twice.

What everybody has is kept beside it in plain sums, and after each step the database says the same.
"""

from __future__ import annotations

import random
import shutil
import tempfile
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from db.errors import InputError
from db.session import Database, open_database
from tasks.money import batch, payout
from tasks.money.batch import BatchChangedError, NothingRequestedError
from tasks.money.confirmation import ConfirmationError
from tasks.money.confirming import confirm
from tasks.money.recount import differences
from tasks.privacy.audit import SHELL
from tasks.privacy.erase import forget
from tests.conftest import NOON
from tests.property.rig import chance
from tests.support.payouts import balances, confirmation, earns, people, total

WHO, SEED = st.integers(0, 3), st.integers(0, 2**16)
LEAST = {"KRW": 30}


def _quiet(_done: int, _total: int) -> None:
    """Nobody watches."""


class Payouts(RuleBasedStateMachine):
    """Four people and an admin. ``has`` sums up what each has, by the kind of account."""

    url: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.place = Path(self.folder.name)
        self.database: Database = open_database(self.fresh(self.place))
        self.people = people(self.database, 4)
        self.has: dict[int, Counter[str]] = {person: Counter() for person in self.people}
        self.asked: dict[int, tuple[int, int, str]] = {}
        """By payout: who, how much, and its state."""
        self.files: dict[int, bytes] = {}
        self.gone: set[int] = set()
        self.step = 0

    @classmethod
    def fresh(cls, folder: Path) -> str:
        """Where the database of one example is."""
        shutil.copy(cls.url, folder / "payouts.db")
        return f"sqlite:///{folder / 'payouts.db'}"

    def teardown(self) -> None:
        """Nothing is left."""
        self.database.close()
        self.folder.cleanup()

    @rule(who=WHO, amount=st.integers(1, 100))
    def earn(self, who: int, amount: int) -> None:
        """Something becomes payable."""
        self.step += 1
        person = self.people[who]
        if person not in self.gone:
            earns(self.database, person, amount, key=str(self.step))
            self.has[person]["payable"] += amount

    @rule(who=WHO)
    def ask(self, who: int) -> None:
        """For all of it, if it is enough and nothing is under way."""
        person = self.people[who]
        under_way = any(one == person and state in {"requested", "exported"} for one, _n, state in self.asked.values())
        fine = person not in self.gone and not under_way and self.has[person]["payable"] >= LEAST["KRW"]
        try:
            minor = self.database.run(
                lambda tx: payout.request(tx, person, "KRW", f"bank of {person}", LEAST, NOON)
            ).result()
        except InputError:
            assert not fine
            return
        assert fine
        assert minor == self.has[person]["payable"]
        number = max(self._open(person))
        self.asked[number] = (person, minor, "requested")
        self._moves(person, minor, "payable", "requested")

    def _open(self, person: int) -> list[int]:
        return [one.id for one in self.database.run(lambda tx: payout.open_of(tx, person)).result()]

    def _moves(self, person: int, minor: int, origin: str, to: str) -> None:
        self.has[person][origin] -= minor
        if to:
            self.has[person][to] += minor

    @rule(who=WHO, seed=SEED)
    def take_back(self, who: int, seed: int) -> None:
        """One of their own, or of anybody's."""
        if not self.asked:
            return
        person, number = self.people[who], chance(seed).choice(sorted(self.asked))
        owner, minor, state = self.asked[number]
        fine = owner == person and state == "requested"
        try:
            self.database.run(lambda tx: payout.cancel(tx, person, number, NOON)).result()
        except InputError:
            assert not fine
            return
        assert fine
        self.asked[number] = (owner, minor, "cancelled")
        self._moves(person, minor, "requested", "payable")

    @rule()
    def hand_out(self) -> None:
        """All that is asked for, once."""
        waiting = {number for number, (_who, _minor, state) in self.asked.items() if state == "requested"}
        out = self.place / "batch.csv"
        try:
            made = batch.export(self.database, SHELL, "KRW", out, NOON, _quiet)
        except NothingRequestedError:
            assert not waiting
            return
        lines = out.read_text("utf-8").splitlines()
        assert {int(line.split(",")[0]) for line in lines[1:-1]} == waiting
        self.files[made.id] = out.read_bytes()
        for number in waiting:
            self.asked[number] = (*self.asked[number][:2], "exported")

    @rule(seed=SEED)
    def hand_out_again(self, seed: int) -> None:
        """The same bytes, or none."""
        if not self.files:
            return
        number = chance(seed).choice(sorted(self.files))
        out = self.place / "again.csv"
        try:
            batch.again(self.database, number, out, _quiet)
        except BatchChangedError:
            return
        assert out.read_bytes() == self.files[number]

    @rule(seed=SEED, wrong=st.sampled_from(["", "", "", "sum", "count", "amount", "twice", "unknown", "cut"]))
    def confirmed(self, seed: int, wrong: str) -> None:
        """Some of any payouts are said to be paid or failed, perhaps with a mistake somewhere."""
        rng = chance(seed)
        chosen = [number for number in sorted(self.asked) if rng.random() < 0.5]
        said = {number: rng.choice(["paid", "failed"]) for number in chosen}
        fine = bool(chosen) and not wrong and all(self._fits(number, state) for number, state in said.items())
        file = self._file([(number, self.asked[number][1], state) for number, state in said.items()], wrong)
        try:
            confirm(self.database, SHELL, file, NOON, _quiet)
        except ConfirmationError:
            assert not fine
            return
        assert fine
        for number, state in said.items():
            self._settle(number, state)

    def _fits(self, number: int, state: str) -> bool:
        return self.asked[number][2] in {"exported", state}

    def _settle(self, number: int, state: str) -> None:
        person, minor, before = self.asked[number]
        if before == "exported":
            back = "" if person in self.gone else "payable"
            self._moves(person, minor, "requested", "paid" if state == "paid" else back)
            self.asked[number] = (person, minor, state)

    def _file(self, said: Sequence[tuple[int, int, str]], wrong: str) -> Path:
        rows = [f"{number},{minor + (wrong == 'amount')},{state},because" for number, minor, state in said]
        rows += rows[:1] if wrong == "twice" else []
        rows += ["999999,1,paid,"] if wrong == "unknown" else []
        total_ = sum(minor for _number, minor, _state in said) + (wrong == "sum")
        control = "" if wrong == "cut" else f"control,{len(rows) + (wrong == 'count')},{total_}"
        return confirmation(self.place / "done.csv", rows, control)

    @rule(who=WHO)
    def leave(self, who: int) -> None:
        """They give up what is not handed out."""
        person = self.people[who]
        if person in self.gone:
            return
        self.gone.add(person)
        self.database.run(lambda tx: forget(tx, person, NOON, random.Random(1 + person))).result()  # noqa: S311 - a test's chance
        for number, (owner, minor, state) in self.asked.items():
            if owner == person and state == "requested":
                self.asked[number] = (owner, minor, "cancelled")
                self._moves(person, minor, "requested", "")
        self.has[person]["payable"] = 0

    @invariant()
    def everybody_has_what_they_should(self) -> None:
        """And the ledger sums to nothing."""
        for person in self.people:
            assert balances(self.database, person) == {kind: n for kind, n in self.has[person].items() if n}
        assert total(self.database) == 0
        with self.database.reading() as reader:
            assert list(differences(reader)) == []

    @invariant()
    def payouts_are_as_they_should_be(self) -> None:
        """Each in its state, and paid once if it is paid."""
        sql = "SELECT id, state FROM payout ORDER BY id"
        found = self.database.run(lambda tx: {row[0]: row[1] for row in tx.connection.exec_driver_sql(sql)}).result()
        assert found == {number: state for number, (_who, _minor, state) in self.asked.items()}
        sql = "SELECT COALESCE(SUM(amount), 0) FROM posting WHERE reason = 'paid'"
        posted = self.database.run(lambda tx: int(tx.connection.exec_driver_sql(sql).scalar_one())).result()
        assert posted == sum(minor for _who, minor, state in self.asked.values() if state == "paid")

    @invariant()
    def nobody_who_is_gone_leaves_an_address(self) -> None:
        """Where they wanted it is nobody's business any more."""
        sql = "SELECT DISTINCT person_id FROM payout WHERE address <> ''"
        kept = self.database.run(lambda tx: {row[0] for row in tx.connection.exec_driver_sql(sql)}).result()
        assert not kept & self.gone


@pytest.mark.timeout(240)
def test_payouts(sqlite_template: Path) -> None:
    run_state_machine_as_test(
        type("OnSQLite", (Payouts,), {"url": str(sqlite_template)}),
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.timeout(120)
def test_everybody_at_once(database: Database, tmp_path: Path) -> None:
    """Asking, taking back, leaving, handing out and confirming race: each payout is in one batch, and paid once."""
    crowd = people(database, 12)
    for person in crowd:
        earns(database, person, 100)

    def act(seed: int) -> None:
        rng = chance(seed)
        person, kind = rng.choice(crowd), rng.randrange(10)
        try:
            if kind < 5:
                database.run(lambda tx: payout.request(tx, person, "KRW", "my bank", {}, NOON)).result()
            elif kind < 7:
                for one in database.run(lambda tx: payout.open_of(tx, person)).result():
                    database.run(lambda tx, n=one.id: payout.cancel(tx, person, n, NOON)).result()  # type: ignore[misc]
            else:
                _hand_out_and_confirm(database, tmp_path, seed, rng)
        except InputError:
            return

    with ThreadPoolExecutor(6) as threads:
        for done in [threads.submit(act, seed) for seed in range(120)]:
            done.result()
    posted, settled = (
        _count(database, f"{table} = 'paid'") for table in ("posting WHERE reason", "payout WHERE state")
    )
    assert posted == settled > 0
    assert total(database) == 0
    with database.reading() as reader:
        assert list(differences(reader)) == []


def _count(database: Database, of: str) -> int:
    sql = f"SELECT COUNT(*) FROM {of}"  # noqa: S608 - a test's own words
    return database.run(lambda tx: int(tx.connection.exec_driver_sql(sql).scalar_one())).result()


def _hand_out_and_confirm(database: Database, folder: Path, seed: int, rng: random.Random) -> None:
    out = folder / f"{seed}.csv"
    made = batch.export(database, SHELL, "KRW", out, NOON, _quiet)
    rows = [line.split(",") for line in out.read_text("utf-8").splitlines()[1:-1]]
    said = [f"{cells[0]},{cells[5]},{rng.choice(['paid', 'failed'])}," for cells in rows]
    file = confirmation(folder / f"{seed}-done.csv", said, f"control,{made.payouts},{made.total}")
    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(confirm, database, SHELL, file, NOON, _quiet) for _time in range(2)]:
            done.result()
