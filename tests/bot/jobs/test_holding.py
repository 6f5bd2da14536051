"""What is held by rule: what leads into closed projects, what nobody in charge sends; and what an old leader says."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from db.queries import audit, qualification
from db.queries import people as queries
from db.session import Database, Tx
from tasks import cases, staff
from tasks.charge import Charge
from tasks.notices import take
from tasks.outreach import broadcast
from tasks.outreach.content import OutreachError
from tasks.outreach.deliveries import Outcome, again, choose, claim, settle, take_back
from tasks.outreach.queue import remind
from tasks.outreach.timing import Timing
from tasks.privacy import erase
from tasks.privacy.audit import Actor
from tasks.projects.lifecycle import close
from tasks.words import _
from tests.conftest import Clock
from tests.property.rig import a_rig, chance
from tests.support.outreach import Office, a_draft, people

_PLACES: tuple[str, ...] = ("choosing", "running", "waves")


@pytest.fixture
def office(database: Database, clock: Clock) -> Office:
    return Office(database, clock)


def _acts(office: Office, what: str) -> list[tuple[str, int | None]]:
    listed = audit.listed(person=False, project=False, newest=False)
    rows = office.do(lambda tx: tx.all(listed, what=what, since=0, before=1 << 60))
    return [(row.rule, row.actor) for row in rows]


# --------------------------------------------------------------------------- closed projects


def _close(office: Office, project: int) -> None:
    office.do(lambda tx: close(tx, office.catalog, office.catalog.get(tx, project).key, office.clock()))


@pytest.mark.parametrize("place", _PLACES)
async def test_nobody_is_invited_into_a_closed_project(office: Office, clock: Clock, place: str) -> None:
    rig = a_rig(office.database, clock(), workers=1, tasks=2)
    maker, *_rest = people(office.database, {"role": "admin"}, {}, {})
    timing = Timing(wave=1, every=1) if place == "waves" else Timing()
    number = office.sent(a_draft(project=rig.known_id, timing=timing), Actor(maker, "test"))
    if place != "choosing":
        await office.outreach.step()
    if place == "waves":
        await office.courier.once()
    before = sum(office.post.arrived.values())
    _close(office, rig.known_id)
    await office.outreach.step()
    clock.pass_ms(3_600_000)
    await office.work()
    assert office.standing(number).state == "paused"
    assert sum(office.post.arrived.values()) == before + 1, "its maker is told, once"
    assert "closed" in office.post.texts("p0")[-1]
    assert _acts(office, "pause broadcast") == [("broadcast", None)]
    with pytest.raises(OutreachError, match="closed"):
        office.do(partial(broadcast.resume, actor=Actor(maker, "test"), number=number, now=clock()))
    office.do(partial(broadcast.cancel, actor=Actor(maker, "test"), number=number, now=clock()))


async def test_of_what_the_shell_sends_all_in_charge_are_told(office: Office, clock: Clock) -> None:
    rig = a_rig(office.database, clock(), workers=1, tasks=2)
    people(office.database, {"role": "admin"}, {"role": "owner", "language": "ko"}, {})
    office.outreach.named = [("test", "p2")]
    number = office.sent(a_draft(project=rig.known_id))
    _close(office, rig.known_id)
    await office.work()
    assert office.post.arrived == {"p0": 1, "p1": 1, "p2": 1}
    assert office.post.texts("p1")[0].startswith(f"{number}번 공지를 멈췄어요.")


# --------------------------------------------------------------------------- an old leader


@pytest.mark.parametrize("end", ["again", "failed", "sent"])
async def test_what_another_took_anew_is_not_settled_by_who_had_it_before(
    office: Office, clock: Clock, end: str
) -> None:
    people(office.database, {})
    number = office.sent()
    office.do(lambda tx: choose(tx, number, clock()))
    (old,) = office.do(lambda tx: claim(tx, office.catalog, clock(), 5, 3)).letters
    clock.pass_ms(1_000)
    assert office.do(lambda tx: take_back(tx, clock())) == 1
    (new,) = office.do(lambda tx: claim(tx, office.catalog, clock(), 5, 3)).letters
    late = again(old, clock(), "no connection") if end == "again" else Outcome(old, end, "1", "x")
    office.do(lambda tx: settle(tx, [late], clock()))
    assert office.states() == {"sending": 1}
    found = office.standing(number)
    assert (found.sent, found.failed) == (0, 0)
    office.do(lambda tx: settle(tx, [Outcome(new, "sent", "2")], clock()))
    assert (office.states(), office.standing(number).sent) == ({"sent": 1}, 1)


# --------------------------------------------------------------------------- locks


@pytest.mark.parametrize("deed", ["suspend", "role", "forget"])
def test_people_are_locked_before_tasks(office: Office, monkeypatch: pytest.MonkeyPatch, deed: str) -> None:
    maker, other, owner = people(office.database, {"role": "admin"}, {"role": "admin"}, {"role": "owner"})
    office.sent(actor=Actor(maker, "test"))
    order: list[str] = []

    def marked(module: Any, name: str) -> None:
        real = getattr(module, name)

        def then(*values: Any) -> Any:
            order.append("tasks")
            return real(*values)

        monkeypatch.setattr(module, name, then)

    marked(staff, "end_leases")
    marked(cases, "leave")
    marked(erase, "end_leases")
    real: dict[str, Callable[..., Any]] = {"one": Tx.one, "run": Tx.run}
    for name in real:

        def watched(tx: Tx, statement: Any, *, _name: str = name, **values: Any) -> Any:
            if statement in {qualification.LOCK_PERSON, queries.TELLS} and values["person"] == other:
                order.append("other")
            return real[_name](tx, statement, **values)

        monkeypatch.setattr(Tx, name, watched)
    charge = Charge(Actor(owner, "test"), "owner")
    deeds: dict[str, Callable[[Tx], object]] = {
        "suspend": lambda tx: staff.suspend(tx, charge, staff.find(tx, str(maker)), "for now", office.clock()),
        "role": lambda tx: staff.set_role(tx, charge, staff.find(tx, str(maker)), "worker", "moved on", office.clock()),
        "forget": lambda tx: erase.forget(tx, maker, office.clock(), chance(1)),
    }
    office.do(deeds[deed])
    assert "tasks" in order
    assert order[0] == "other"
    assert len(office.do(lambda tx: take(tx, other))) == 1


# --------------------------------------------------------------------------- charge by the settings


async def _leads(office: Office) -> None:
    """This process begins to lead, and looks once."""
    office.courier.leads = lambda: not office.outreach.stop()  # type: ignore[func-returns-value]
    await office.outreach.run()


async def test_who_was_taken_from_the_settings_sends_no_more(office: Office, clock: Clock) -> None:
    maker, other, _reader = people(office.database, {}, {"role": "admin"}, {})
    number = office.sent(actor=Actor(maker, "test"))
    office.outreach.given = lambda _channel, user: "owner" if user == "p0" else ""
    await office.outreach.begin()
    assert office.standing(number).state == "choosing"
    office.outreach.given = lambda _channel, _user: ""
    office.outreach.named = [("test", "p2")]
    await _leads(office)
    assert office.standing(number).state == "paused"
    assert office.do(lambda tx: [len(take(tx, one)) for one in (maker, other, _reader)]) == [0, 1, 1]
    assert _acts(office, "pause broadcast") == [("broadcast", None)]
    office.do(partial(broadcast.resume, actor=Actor(other, "test"), number=number, now=clock()))
    assert office.standing(number).made_by == other
    assert _acts(office, "resume broadcast") == [("", other)]
    await office.outreach.begin()
    assert office.standing(number).state == "choosing"


async def test_of_others_channels_this_process_knows_nothing(office: Office) -> None:
    (maker,) = people(office.database, {"channel": "elsewhere"})
    number = office.sent(actor=Actor(maker, "elsewhere"))
    shell = office.sent()
    await office.outreach.begin()
    assert office.standing(number).state == office.standing(shell).state == "choosing"


async def test_a_reminder_in_anothers_hand_is_not_given_back(office: Office, clock: Clock) -> None:
    (person,) = people(office.database, {})
    office.do(lambda tx: remind(tx, person, "notice", "notice:1", _("Nothing to do just now."), clock()))
    (old,) = office.do(lambda tx: claim(tx, office.catalog, clock(), 5, 3)).letters
    clock.pass_ms(1_000)
    office.do(lambda tx: take_back(tx, clock()))
    office.do(lambda tx: claim(tx, office.catalog, clock(), 5, 3))
    office.do(lambda tx: settle(tx, [Outcome(old, "failed")], clock()))
    assert office.states() == {"sending": 1}
    assert office.do(lambda tx: take(tx, person)) == []
