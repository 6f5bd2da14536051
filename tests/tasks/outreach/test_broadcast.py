"""A broadcast's life as people in charge see it: each step is on record, and each wrong one is answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial

import pytest

from db.queries import audit
from db.session import Database, Tx
from tasks import staff
from tasks.charge import Charge
from tasks.notices import take
from tasks.outreach import broadcast as service
from tasks.outreach import content, holding, timing
from tasks.outreach.audience import Audience
from tasks.outreach.broadcast import Draft, Standing
from tasks.outreach.content import Content, OutreachError
from tasks.outreach.timing import Timing
from tasks.privacy.audit import SHELL, Actor
from tasks.projects.catalog import Catalog
from tests.conftest import NOON
from tests.property.rig import a_rig
from tests.support.outreach import a_draft, people

CATALOG = Catalog()


def _do(database: Database, deed: Callable[[Tx], object]) -> object:
    return database.run(deed).result()


def _drafted(database: Database, made: Draft | None = None, actor: Actor = SHELL) -> int:
    return database.run(lambda tx: service.draft(tx, actor, made or a_draft(), NOON)).result()


def _standing(database: Database, number: int) -> Standing:
    return database.run(lambda tx: service.standing(tx, number)).result()


def _send(database: Database, number: int, actor: Actor = SHELL) -> None:
    _do(database, lambda tx: service.send(tx, CATALOG, actor, number, NOON))


def _acts(database: Database) -> list[tuple[str, int]]:
    rows = database.run(lambda tx: tx.all(audit.listed(person=False, project=False, newest=False),
                                          what="", since=0, before=1 << 60)).result()  # fmt: skip
    return [(row.what, json.loads(row.figures).get("broadcast")) for row in rows]


def test_written_changed_sent_held_called_off(database: Database) -> None:
    number = _drafted(database)
    changed = a_draft(
        content=Content(({"en": "Other words"},)), audience=Audience(gate=2), timing=Timing(wave=5, every=1)
    )
    _do(database, lambda tx: service.change(tx, SHELL, number, changed, NOON))
    found = _standing(database, number)
    assert (found.state, found.draft, found.made_by, found.total) == ("draft", changed, None, 0)
    _send(database, number)
    for deed in (service.pause, service.resume, service.cancel):
        _do(database, partial(deed, actor=SHELL, number=number, now=NOON))
    found = _standing(database, number)
    assert (found.state, found.ended_at, found.left, found.rate(NOON), found.to_go(NOON)) == (
        "cancelled",
        NOON,
        0,
        0,
        None,
    )
    done = ["write", "change", "send", "pause", "resume", "cancel"]
    assert _acts(database) == [(f"{what} broadcast", number) for what in done]
    assert [one.number for one in database.run(service.listed).result()] == [number]


def test_what_cannot_be_done(database: Database) -> None:
    number, deeds = _drafted(database), (service.pause, service.resume, service.cancel)

    def refused(deed: Callable[[Tx], object], error: type[OutreachError]) -> None:
        with pytest.raises(error):
            _do(database, deed)

    for deed in deeds:
        refused(partial(deed, actor=SHELL, number=99, now=NOON), service.UnknownBroadcastError)
    refused(lambda tx: service.pause(tx, SHELL, number, NOON), service.NotUnderWayError)
    refused(lambda tx: service.resume(tx, SHELL, number, NOON), service.NotPausedError)
    _send(database, number)
    refused(lambda tx: service.change(tx, SHELL, number, a_draft(), NOON), service.SentError)
    refused(lambda tx: service.send(tx, CATALOG, SHELL, number, NOON), service.SentError)
    refused(lambda tx: service.wait(tx, number), service.SentError)
    _do(database, lambda tx: service.cancel(tx, SHELL, number, NOON))
    refused(lambda tx: service.cancel(tx, SHELL, number, NOON), service.OverError)


@pytest.mark.parametrize(
    ("made", "error"),
    [
        (a_draft(content=Content(({"en": "x" * 5000},))), content.LongTextError),
        (a_draft(timing=Timing(at=1)), timing.PastError),
        (a_draft(places=5), service.PlacesError),
        (a_draft(audience=Audience(gate=9)), OutreachError),
    ],
)
def test_what_cannot_be_sent(database: Database, made: Draft, error: type[OutreachError]) -> None:
    number = _drafted(database, made)
    with pytest.raises(error):
        _send(database, number)
    assert _standing(database, number).state == "draft"


def test_places_are_an_invitation_to_a_live_project(database: Database) -> None:
    rig = a_rig(database, NOON, workers=1, tasks=2)
    number = _drafted(database, a_draft(project=rig.known_id, places=3))
    _send(database, number)
    found = _standing(database, number)
    assert len(found.invitation) == 16
    assert found.taken == 0
    _do(database, lambda tx: tx.connection.exec_driver_sql("UPDATE project SET state = 'paused'"))
    with pytest.raises(service.ClosedProjectError):
        _send(database, _drafted(database, a_draft(project=rig.known_id)))


def _hold(tx: Tx, maker: int) -> object:
    return holding.hold_of(tx, maker, holding.others(tx, maker), NOON)


def test_what_nobody_answers_for_is_held(database: Database) -> None:
    maker, *others = people(database, {"role": "worker"}, {"role": "admin"}, {"role": "owner"})
    number = _drafted(database, actor=Actor(maker, "test"))
    _send(database, number, Actor(maker, "test"))
    assert _do(database, partial(_hold, maker=maker)) == [number]
    assert _standing(database, number).state == "paused"
    told = database.run(lambda tx: [len(take(tx, one)) for one in (maker, *others)]).result()
    assert told == [0, 1, 1]
    assert ("pause broadcast", number) in _acts(database)
    assert _do(database, partial(_hold, maker=maker)) == []


@pytest.mark.parametrize("deed", ["role", "suspend"])
def test_who_is_not_in_charge_any_more_sends_no_more(database: Database, deed: str) -> None:
    maker, owner = people(database, {"role": "admin"}, {"role": "owner"})
    number = _drafted(database, actor=Actor(maker, "test"))
    _send(database, number, Actor(maker, "test"))
    charge = Charge(Actor(owner, "test"), "owner")

    def turn(tx: Tx) -> None:
        them = staff.find(tx, str(maker))
        if deed == "role":
            staff.set_role(tx, charge, them, "worker", "moved on", NOON)
        else:
            staff.suspend(tx, charge, them, "for now", NOON)

    _do(database, turn)
    assert _standing(database, number).state == "paused"


def _running(planned: Timing, *, left: int = 8) -> Standing:
    done = Standing(1, "running", a_draft(timing=planned), None, NOON, NOON, NOON, None, 2 + left, 2, 0, 0, 0, 0)
    assert done.left == left
    return done


def test_time_to_go_counts_the_waves_and_says_nothing_of_hours_that_are_each_ones_own() -> None:
    later = NOON + 4_000
    assert _running(Timing()).to_go(later) == 16
    assert _running(Timing(wave=2, every=1)).to_go(later) == 240
    assert _running(Timing(wave=3, every=10)).to_go(later) == 1_800
    assert _running(Timing(day="2026-12-24", minute=540)).to_go(later) is None
