"""Invitations: as many people as there are places, each once; and who may invite to what."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import pytest

from db.session import Database, Tx
from db.statement import Statement
from db.tables import Enrolment, Person
from tasks.outreach import invitation
from tasks.outreach.invitation import Terms
from tasks.people import Who
from tasks.projects.catalog import Known
from tasks.qualification.door import standing
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig, chance

_DAY = 86_400_000


class _Counts(NamedTuple):
    used: int
    came: int


_COUNTS = Statement(
    "SELECT used, (SELECT COUNT(*) FROM invited i WHERE i.code = v.code) AS came FROM invitation v WHERE code = :code",
    _Counts,
)


@pytest.fixture
def rig(database: Database, clock: Clock) -> Rig:
    return a_rig(database, clock(), workers=12, tasks=3)


def who(rig: Rig, number: int = 0, role: str = "worker") -> Who:
    return Who(rig.workers[number], "en", "", role, "", "test")


def boss(rig: Rig) -> Who:
    return who(rig, 11, "admin")


def made(rig: Rig, clock: Clock, terms: Terms, *, to_all: bool = False) -> str:
    rng = chance(int(to_all))
    return rig.run(lambda tx, known: invitation.invite(tx, boss(rig), None if to_all else known, terms, clock(), rng))


def accepts(rig: Rig, person: Who, code: str, now: int) -> str:
    """What comes of it: empty, or the name of the error."""
    try:
        rig.run(lambda tx, _known: invitation.accept(tx, person, code, now))
    except invitation.InvitationError as error:
        return type(error).__name__
    return ""


def counts(rig: Rig, code: str) -> tuple[int, int]:
    found = rig.run(lambda tx, _known: tx.one(_COUNTS, code=code))
    assert found
    return found.used, found.came


@pytest.mark.parametrize("places", [1, 4, 9])
def test_of_ten_at_once_as_many_get_in_as_there_are_places(rig: Rig, clock: Clock, places: int) -> None:
    code = made(rig, clock, Terms(places))
    with ThreadPoolExecutor(10) as pool:
        came = list(pool.map(lambda number: accepts(rig, who(rig, number), code, clock()), range(10)))
    assert came.count("") == places
    assert came.count("FullInvitationError") == 10 - places
    assert counts(rig, code) == (places, places)


def test_the_same_person_takes_one_place_however_often_and_on_two_devices(rig: Rig, clock: Clock) -> None:
    code = made(rig, clock, Terms(2))
    assert [accepts(rig, who(rig), code, clock()) for _ in range(3)] == ["", "", ""]
    assert counts(rig, code) == (1, 1)
    assert accepts(rig, who(rig, 1), code, clock()) == ""
    assert accepts(rig, who(rig, 2), code, clock()) == "FullInvitationError"
    assert accepts(rig, who(rig), code, clock()) == "", "who is in stays in when it is full"


def test_any_number_for_ever(rig: Rig, clock: Clock) -> None:
    code = made(rig, clock, Terms())
    assert {accepts(rig, who(rig, n), code, clock() + 10_000 * _DAY) for n in range(8)} == {""}


def test_after_its_end_nobody_new_comes(rig: Rig, clock: Clock) -> None:
    code = made(rig, clock, Terms(5, clock() + _DAY))
    assert accepts(rig, who(rig), code, clock() + _DAY - 1) == ""
    assert accepts(rig, who(rig, 1), code, clock() + _DAY) == "EndedInvitationError"
    assert accepts(rig, who(rig), code, clock() + 2 * _DAY) == ""


@pytest.mark.parametrize("code", ["", "x", "x" * 64, "x" * 65, "가나다", "a\x00b", "'; DROP TABLE person; --", " "])
def test_rubbish_is_no_invitation(rig: Rig, clock: Clock, code: str) -> None:
    assert accepts(rig, who(rig), code, clock()) == "UnknownInvitationError"


def test_nobody_comes_by_their_own(rig: Rig, clock: Clock) -> None:
    code = made(rig, clock, Terms(5))
    assert accepts(rig, boss(rig), code, clock()) == "OwnInvitationError"
    assert counts(rig, code) == (0, 0)


def test_who_is_invited_to_what(rig: Rig, clock: Clock) -> None:
    here, everywhere = made(rig, clock, Terms(5)), made(rig, clock, Terms(5), to_all=True)
    accepts(rig, who(rig, 0), here, clock())
    accepts(rig, who(rig, 1), everywhere, clock())

    def known_of(tx: Tx, known: Known) -> list[tuple[bool, int | None]]:
        people = [rig.workers[number] for number in range(3)]
        return [(known.id in standing(tx, one, known.id).invited, invitation.wanted(tx, one)) for one in people]

    assert rig.run(known_of) == [(True, rig.known_id), (False, None), (False, None)]
    accepts(rig, who(rig, 0), everywhere, clock())
    assert rig.run(known_of)[0] == (True, None), "the last one says where to go, all of them count"


def works_here(rig: Rig, number: int) -> None:
    row = Enrolment(project_id=rig.known_id, worker_id=rig.workers[number], joined_at=0, answered=1)
    rig.run(lambda tx, _known: tx.orm.add(row))


def test_a_worker_invites_to_where_they_work_and_gets_the_same_link_while_it_is_open(rig: Rig, clock: Clock) -> None:
    def invites(tx: Tx, known: Known) -> str:
        return invitation.invite(tx, who(rig), known, Terms(10_000), clock(), rng)

    rng = chance(3)
    with pytest.raises(invitation.NotYoursToInviteError):
        rig.run(invites)
    works_here(rig, 0)
    code = rig.run(invites)
    assert rig.run(invites) == code
    terms = rig.run(lambda tx, _known: invitation.terms_of(tx, code))
    assert terms == Terms(invitation.WORKERS_PLACES, clock() + invitation.WORKERS_DAYS * _DAY), "terms are not theirs"
    clock.pass_ms(invitation.WORKERS_DAYS * _DAY)
    assert rig.run(invites) != code
    to_all = rig.run(lambda tx, _known: invitation.invite(tx, who(rig), None, Terms(), clock(), rng))
    assert to_all != code


def test_to_a_project_for_the_invited_only_admins_invite(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), workers=12, tasks=3, changed={"audience": {"invited": True}})
    works_here(rig, 0)
    assert not rig.run(lambda tx, known: invitation.may_invite(tx, who(rig), known))
    assert rig.run(lambda tx, known: invitation.may_invite(tx, boss(rig), known))


def test_codes_are_long_and_fit_a_link(rig: Rig, clock: Clock) -> None:
    rng = chance(5)
    codes = {
        rig.run(lambda tx, known: invitation.invite(tx, boss(rig), known, Terms(), clock(), rng)) for _ in range(50)
    }
    assert len(codes) == 50
    assert all(len(code) == 16 and code.isalnum() and code.isascii() for code in codes)


def test_the_person_is_remembered_by_the_last_code(rig: Rig, clock: Clock) -> None:
    code = made(rig, clock, Terms(5))
    accepts(rig, who(rig), code, clock())
    assert rig.run(lambda tx, _known: tx.orm.get_one(Person, rig.workers[0]).invitation) == code
