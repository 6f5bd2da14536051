"""Roles, suspensions and decisions: what they change and refuse; all of it is told and written down."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from threading import Barrier, BrokenBarrierError

import pytest

from db.queries import people, qualification, staff
from db.session import Database, Tx, open_database
from db.statement import change
from tasks import staff as service
from tasks.access import PERMITS, ROLES, SUSPENDED, may
from tasks.assignment.deal import Offer, offer
from tasks.charge import Charge, the_shell
from tasks.notices import take
from tasks.privacy.audit import Actor
from tasks.privacy.erase import forget
from tasks.words import Text
from tests.conftest import NOON
from tests.property.rig import Rig, a_rig, chance

ADMIN = Charge(Actor(id=2, channel="test"), "admin")
SHELL = the_shell()
PROPOSE = change("""
    INSERT INTO proposal (person_id, what, why, figures, made_at) VALUES (:person, :what, '"x"', '{}', 1)
""")


@pytest.fixture
def rig(database: Database) -> Rig:
    return a_rig(database, NOON, workers=2, tasks=3)


def _do(rig: Rig, deed: Callable[[Tx], object]) -> None:
    rig.run(lambda tx, _known: deed(tx))


def _told(rig: Rig, person: int) -> list[str]:
    said = rig.run(lambda tx, _known: take(tx, person))
    return [str(words.values["why"]) for words in said if isinstance(words, Text)]


def _acts(rig: Rig, person: int) -> list[str]:
    return rig.run(lambda tx, _known: [done.what for done in tx.all(staff.DONE, person=person, most=9)])


def test_a_role_is_given_told_and_written_down(rig: Rig) -> None:
    worker = rig.workers[0]
    _do(rig, lambda tx: service.set_role(tx, SHELL, service.find(tx, str(worker)), "reviewer", " good\nwork ", NOON))
    assert rig.run(lambda tx, _known: service.find(tx, str(worker)).role) == "reviewer"
    assert _told(rig, worker) == ["good work"]
    done = rig.run(lambda tx, _known: tx.all(staff.DONE, person=worker, most=1))[0]
    assert (done.what, done.channel, done.actor) == ("role", "shell", None)
    assert json.loads(done.figures) == {"before": "worker", "after": "reviewer", "why": "good work"}


def test_who_is_suspended_lets_go_of_what_they_held(rig: Rig) -> None:
    worker, other = rig.workers
    held = rig.run(lambda tx, known: offer(tx, known, worker, NOON, chance(1)))
    assert isinstance(held, Offer)
    given_back = rig.run(lambda tx, _known: service.suspend(tx, SHELL, service.find(tx, str(worker)), "why", NOON))
    assert given_back == 1
    assert rig.broken() == []
    assert rig.run(lambda tx, _known: service.suspension(tx, worker)) == service.Suspension(NOON, "why")
    _do(rig, lambda tx: service.lift(tx, SHELL, service.find(tx, str(worker)), "a mistake", NOON + 1))
    assert _told(rig, worker) == ["why", "a mistake"]
    assert _acts(rig, worker) == ["lift", "suspend"]
    again = rig.run(lambda tx, known: offer(tx, known, worker, NOON, chance(1)))
    assert isinstance(again, Offer)
    assert rig.broken() == []
    assert _told(rig, other) == []


@pytest.mark.parametrize("accept", [True, False])
@pytest.mark.parametrize("what", ["suspend", "reviewer"])
def test_a_person_decides_on_what_is_proposed(rig: Rig, what: str, accept: bool) -> None:  # noqa: FBT001 - both ways
    worker = rig.workers[0]
    _do(rig, lambda tx: [tx.run(PROPOSE, person=worker, what=what) for _ in range(2)])
    first, second = rig.run(lambda tx, _known: tx.all(staff.WAITING, most=9))
    _do(rig, lambda tx: service.decide(tx, ADMIN, first.id, "seen", NOON, accept=accept))
    person = rig.run(lambda tx, _known: service.find(tx, str(worker)))
    assert (person.suspended_at is not None) == (accept and what == "suspend")
    assert (person.role == "reviewer") == (accept and what == "reviewer")
    assert _told(rig, worker) == ["seen"]
    left = rig.run(lambda tx, _known: tx.all(staff.WAITING, most=9))
    assert [one.id for one in left] == ([] if accept else [second.id])
    with pytest.raises(service.DecidedError):
        _do(rig, lambda tx: service.decide(tx, ADMIN, first.id, "again", NOON, accept=True))


def test_accepting_what_is_so_already_changes_nothing_more(rig: Rig) -> None:
    worker = rig.workers[0]
    _do(rig, lambda tx: service.suspend(tx, SHELL, service.find(tx, str(worker)), "why", NOON))
    _do(rig, lambda tx: tx.run(PROPOSE, person=worker, what="suspend"))
    [waiting] = rig.run(lambda tx, _known: tx.all(staff.WAITING, most=9))
    _do(rig, lambda tx: service.decide(tx, ADMIN, waiting.id, "yes", NOON + 5, accept=True))
    assert _acts(rig, worker) == ["decide", "suspend"]


def test_what_is_refused(rig: Rig) -> None:
    worker = rig.workers[0]
    person = rig.run(lambda tx, _known: service.find(tx, str(worker)))
    refusals: list[tuple[type[service.StaffError], Callable[[Tx], object]]] = [
        (service.NoReasonError, lambda tx: service.suspend(tx, SHELL, person, " ", NOON)),
        (service.NoReasonError, lambda tx: service.suspend(tx, SHELL, person, "x" * 301, NOON)),
        (service.YourselfError, lambda tx: service.suspend(tx, Charge(Actor(id=worker), "admin"), person, "why", NOON)),
        (service.UnknownRoleError, lambda tx: service.set_role(tx, SHELL, person, "king", "why", NOON)),
        (service.UnknownRoleError, lambda tx: service.set_role(tx, SHELL, person, SUSPENDED, "why", NOON)),
        (service.SameRoleError, lambda tx: service.set_role(tx, SHELL, person, "worker", "why", NOON)),
        (service.NotSuspendedError, lambda tx: service.lift(tx, SHELL, person, "why", NOON)),
        (service.DecidedError, lambda tx: service.decide(tx, SHELL, 99, "why", NOON, accept=True)),
    ]
    for error, deed in refusals:
        with pytest.raises(error):
            _do(rig, deed)
    assert _acts(rig, worker) == []
    assert _told(rig, worker) == []


@pytest.mark.parametrize("named", ["99", "-1", "", "9" * 40, "Kim", "test:", "tset:w1-0"])
def test_nobody_is_found_by_that(rig: Rig, named: str) -> None:
    with pytest.raises(service.UnknownPersonError):
        rig.run(lambda tx, _known: service.find(tx, named))


def test_who_was_erased_is_found_no_more(rig: Rig) -> None:
    erase = change("UPDATE person SET erased_at = 1")
    assert rig.run(lambda tx, known: service.find(tx, f"test:w{known.id}-0").id) == rig.workers[0]
    _do(rig, lambda tx: tx.run(erase))
    with pytest.raises(service.UnknownPersonError):
        rig.run(lambda tx, _known: service.find(tx, str(rig.workers[0])))


@pytest.mark.parametrize("deed", ["suspend", "lift", "set_role"])
def test_who_is_erased_meanwhile_is_left_alone(rig: Rig, deed: str) -> None:
    """Nothing is done to a row with nobody behind it, and no words about them are kept."""
    worker = rig.workers[0]
    found = rig.run(lambda tx, _known: service.find(tx, str(worker)))
    _do(rig, lambda tx: forget(tx, worker, NOON, chance(1)))
    does: dict[str, Callable[[Tx], object]] = {
        "suspend": lambda tx: service.suspend(tx, ADMIN, found, "why", NOON),
        "lift": lambda tx: service.lift(tx, ADMIN, found, "why", NOON),
        "set_role": lambda tx: service.set_role(tx, ADMIN, found, "reviewer", "why", NOON),
    }
    with pytest.raises(service.UnknownPersonError):
        _do(rig, does[deed])
    assert _acts(rig, worker) == ["erase"]


def test_decisions_and_those_they_are_about_do_not_wait_for_each_other(postgres_url: str) -> None:
    """Both lock the person first, then what is proposed."""
    database = open_database(postgres_url)
    rig, asked = a_rig(database, NOON, workers=2, tasks=1), Barrier(2, timeout=5)
    worker = rig.workers[0]
    _do(rig, lambda tx: tx.run(PROPOSE, person=worker, what="suspend"))
    number = rig.run(lambda tx, _known: tx.all(staff.WAITING, most=1)[0].id)

    def leaves(tx: Tx) -> None:
        tx.one(qualification.LOCK_PERSON, person=worker)
        with suppress(BrokenBarrierError):
            asked.wait()
        forget(tx, worker, NOON, chance(1))

    def decides(tx: Tx) -> None:
        with suppress(BrokenBarrierError):
            asked.wait()
        with suppress(service.StaffError):
            service.decide(tx, ADMIN, number, "why", NOON, accept=True)

    tries = [0, 0]

    def counted(n: int, work: Callable[[Tx], None]) -> Callable[[Tx], None]:
        def turn(tx: Tx) -> None:
            tries[n] += 1
            work(tx)

        return turn

    try:
        for done in [database.run(counted(0, leaves)), database.run(counted(1, decides))]:
            done.result(30)
    finally:
        database.close()
    assert tries == [1, 1]


def test_each_role_may_what_the_one_before_may() -> None:
    assert [role for role in PERMITS if not may(role, "work")] == [SUSPENDED]
    assert [len(PERMITS[role]) for role in (SUSPENDED, *ROLES)] == [1, 2, 4, 4, 6, 7]
    assert not may("nobody", "own")


def test_notices_are_counted(rig: Rig) -> None:
    worker = rig.workers[0]
    _do(rig, lambda tx: service.suspend(tx, SHELL, service.find(tx, str(worker)), "why", NOON))
    assert len(rig.run(lambda tx, _known: tx.all(people.TOLD, person=worker))) == 1
