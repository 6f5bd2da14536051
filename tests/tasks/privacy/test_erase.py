"""Whoever is erased is gone from every table, and everything that rests on their answers stays as it was."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlmodel import col, select

from db.session import Database, Tx
from db.tables import Assignment, Audit, Enrolment, Person, Task
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.assignment.sweep import expire_leases
from tasks.exchange.exports import export
from tasks.notices import tell
from tasks.privacy.audit import Act, Actor, record
from tasks.privacy.erase import forget
from tasks.projects.catalog import Known, progress
from tasks.words import _
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig, chance
from tests.support.people import NEEDLE, broken_rows, everything, fill, people_columns

_KEPT = {
    "answer.worker_id": "the answer itself",
    "assignment.worker_id": "how it came about",
    "enrolment.worker_id": "what it counts for",
    "event.worker_id": "times without details",
    "alike.worker_id": "what it counts for beside another's",
    "alike.other_id": "the same",
    "audit.person_id": "acts on record",
    "audit.actor_id": "the same",
    "proposal.person_id": "the same",
    "proposal.decided_by": "the same",
    "review_case.worker_id": "whose answer was decided on",
    "review_case.decided_by": "acts on record",
    "vote.reviewer_id": "what was decided rests on it",
    "reviewer.person_id": "what their votes weigh",
    "mass_rejection.worker_id": "acts on record",
    "mass_rejection.made_by": "the same",
    "mass_rejection.decided_by": "the same",
    "account.person_id": "amounts: the ledger sums to zero",
    "posting.person_id": "the same",
    "payout.person_id": "the same, without where it went",
    "payout_batch.made_by": "acts on record",
    "remark.made_by": "acts on record",
    "broadcast.made_by": "the same",
    "schedule.made_by": "the same",
    "approval.made_by": "the same",
    "approval.decided_by": "the same",
}
"""Columns in which the number of somebody who is erased stays, with nobody behind it."""

_WORDS_OF_OURS = {
    "event.what", "invitation.code", "account.name", "account.kind", "account.currency", "posting.reason",
    "posting.cause", "payout.state", "payout.currency", "payout_batch.currency", "payout_batch.control",
    "review_case.what", "review_case.cause", "review_case.state", "vote.state", "mass_rejection.reasons",
    "mass_rejection.state", "broadcast.state", "broadcast.audience", "broadcast.timing", "broadcast.invitation",
    "broadcast.content", "schedule.name", "schedule.what", "schedule.cron",
    "schedule.zone", "schedule.arguments", "schedule.last_error", "approval.what", "approval.arguments",
    "approval.currency", "project.key", "project.state", "project.spec",
}  # fmt: skip
"""Words that no person chooses; here they are made up."""
_THE_WORK = {"review_case.given", "review_case.verdict", "vote.value"}
"""Answers and what was decided on them: they are the data set."""


def _works(rig: Rig, who: int, label: str, now: int, *, times: int = 1) -> None:
    def turn(tx: Tx, known: Known) -> None:
        found = offer(tx, known, rig.workers[who], now, chance(1))
        assert not isinstance(found, NoWork)
        answering.submit(tx, known, rig.workers[who], found.task, label, now)

    for _time in range(times):
        rig.run(turn)


def _holds(rig: Rig, who: int, now: int) -> int:
    def turn(tx: Tx, known: Known) -> int:
        found = offer(tx, known, rig.workers[who], now, chance(1))
        assert not isinstance(found, NoWork)
        return found.task

    return rig.run(turn)


def _erase(rig: Rig, who: int, now: int) -> None:
    rig.run(lambda tx, _known: forget(tx, rig.workers[who], now, random.Random(7)))  # noqa: S311 - a test's chance


def test_nothing_leads_back(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 3, 6, 2, {"gold": {"share": 0.5}})
    person = rig.workers[0]
    _works(rig, 0, "cat", clock(), times=4)
    _holds(rig, 0, clock())

    def known_well(tx: Tx, known: Known) -> None:
        row = tx.orm.get_one(Person, person)
        row.external_id = row.likes = row.zone = row.invitation = NEEDLE
        tx.orm.add(row)
        tx.orm.flush()
        fill(tx, person, known.id)
        for column in ("doubts", "paused_for", "fired"):
            tx.connection.exec_driver_sql(f"UPDATE enrolment SET {column} = '{NEEDLE}' WHERE worker_id = {person}")  # noqa: S608 - a test's own words
        tx.connection.exec_driver_sql(f"UPDATE event SET detail = '{NEEDLE}' WHERE worker_id = {person}")  # noqa: S608 - as above

    rig.run(known_well)
    before = {place for place, cell in rig.run(lambda tx, _known: list(everything(tx))) if NEEDLE in cell}
    _erase(rig, 0, clock())
    after = {place for place, cell in rig.run(lambda tx, _known: list(everything(tx))) if NEEDLE in cell}
    assert {"person.external_id", "conversation.chat", "notice.words", "speaks.language", "quiz.given"} <= before
    assert {"payout.address", "payout.why", "review_case.words", "vote.note", "mass_rejection.why"} <= before
    assert (
        after <= {place for place in before if place.startswith(("proposal.", "audit."))} | _WORDS_OF_OURS | _THE_WORK
    )


def test_every_column_that_says_who_is_emptied_or_kept_on_purpose(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 1, 3)
    person = rig.workers[0]
    _works(rig, 0, "cat", clock())
    rig.run(lambda tx, known: fill(tx, person, known.id))
    _erase(rig, 0, clock())

    def left(tx: Tx, _known: Known) -> set[str]:
        return {
            f"{table.name}.{column.name}"
            for table, column in people_columns()
            if tx.connection.execute(table.select().where(column == person)).first()
        }

    assert rig.run(left) <= set(_KEPT)


def test_acts_stay_on_record_without_what_people_wrote(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 2, 1)
    person, admin = rig.workers

    def acts(tx: Tx, _known: Known) -> None:
        record(tx, Actor(admin, "test"), Act("suspend", person, figures={"why": "Ann was rude", "given_back": 2}), 1)
        record(tx, Actor(rule="gate"), Act("gate", person, figures={"why": "qualification", "after": 3}), 2)

    def told(tx: Tx, _known: Known) -> list[tuple[str, str]]:
        found = tx.orm.exec(select(Audit).order_by(col(Audit.id))).all()
        tx.orm.expunge_all()
        return [(row.what, row.figures) for row in found]

    rig.run(acts)
    _erase(rig, 0, clock())
    assert rig.run(told) == [
        ("suspend", '{"given_back": 2}'),
        ("gate", '{"why": "qualification", "after": 3}'),
        ("erase", "{}"),
    ]


def test_what_rests_on_the_answers_stays_as_it_was(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 4, 8, 2, {"gold": {"share": 0.3}})
    for who in range(3):
        _works(rig, who, "cat" if who else "dog", clock(), times=5)
    task = _holds(rig, 0, clock())

    def believed(tx: Tx, known: Known) -> object:
        rows = tx.orm.exec(select(Task).order_by(col(Task.id))).all()
        told = [(row.status, row.label, row.confidence, row.answers, row.posterior) for row in rows]
        tx.orm.expunge_all()
        return told, progress(tx, known.id)

    def slots(tx: Tx, known: Known) -> int:
        row = tx.orm.get_one(Task, (known.id, task))
        tx.orm.expunge_all()
        return row.slots

    before, free = rig.run(believed), rig.run(slots)
    _erase(rig, 0, clock())
    assert rig.run(believed) == before
    assert rig.run(slots) == free + 1
    assert broken_rows(rig) == []
    assert rig.run(lambda tx, _known: expire_leases(tx, clock() + 10**9)) == 0
    _works(rig, 3, "cat", clock(), times=6)
    assert broken_rows(rig) == []


def test_an_item_that_waits_behind_an_undone_one_goes_back_too(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 1, 5)
    _works(rig, 0, "cat", clock())
    _holds(rig, 0, clock())
    rig.run(lambda tx, known: answering.undo(tx, known, rig.workers[0], clock()))
    _erase(rig, 0, clock())
    assert broken_rows(rig) == []

    def live(tx: Tx, _known: Known) -> list[str]:
        states = [row.state for row in tx.orm.exec(select(Assignment)).all()]
        tx.orm.expunge_all()
        return states

    assert rig.run(live) == ["expired", "expired"]


def test_settling_goes_on_without_them(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), 3, 1)
    _works(rig, 0, "cat", clock())
    _erase(rig, 0, clock())
    for who in (1, 2):
        _works(rig, who, "cat", clock())
    assert broken_rows(rig) == []

    def credited(tx: Tx, known: Known) -> float:
        row = tx.orm.get_one(Enrolment, (known.id, rig.workers[0]))
        tx.orm.expunge_all()
        return row.seen

    assert rig.run(credited) == 1


def test_exports_name_them_by_another_name(database: Database, clock: Clock, tmp_path: Path) -> None:
    rig = a_rig(database, clock(), 2, 3)
    for who in (0, 1):
        _works(rig, who, "cat", clock(), times=2)

    def names(what: str) -> list[str]:
        out = tmp_path / f"{what}.csv"
        key = rig.run(lambda _tx, known: known.key)
        export(database, rig.catalog, key, what, out, "csv", lambda _done, _total: None)
        return [line.split(",")[1] for line in out.read_text("utf-8").splitlines()[1:]]

    before = names("answers")
    _erase(rig, 0, clock())
    after = names("answers")
    assert len(after) == len(before) == 4
    assert len(set(after)) == 2
    assert len(set(after) & set(before)) == 1, "only the other one's name is the same"
    assert set(names("behaviour")) == set(after)


@pytest.mark.parametrize("does", [lambda tx, person: tell(tx, person, _("Thank you!"), 1)])
def test_nobody_is_told_anything_any_more(database: Database, clock: Clock, does: Callable[[Tx, int], None]) -> None:
    rig = a_rig(database, clock(), 1, 1)
    _erase(rig, 0, clock())
    rig.run(lambda tx, _known: does(tx, rig.workers[0]))
    assert not [place for place, _cell in rig.run(lambda tx, _k: list(everything(tx))) if place.startswith("notice.")]
