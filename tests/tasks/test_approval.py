"""A second admin's word: what asks for it, who may give it, what it does, what makes it void; and it is done once."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import text

from db.queries import audit
from db.queries.projects import REVISE
from db.session import Database, Tx, open_database
from tasks import approval, asked, staff
from tasks.approval import Ask, Decided, Limits
from tasks.money import budget
from tasks.notices import take
from tasks.outreach import broadcast
from tasks.outreach.broadcast import Draft
from tasks.outreach.content import Content
from tasks.privacy.audit import SHELL, Actor
from tasks.privacy.erase import forget
from tasks.projects import funding, lifecycle
from tasks.projects.catalog import Catalog, Known
from tasks.projects.errors import NoBudgetError
from tasks.words import Money, Text
from tests.conftest import NOON
from tests.property.rig import chance
from tests.support.bots import ANIMALS, add_project

_DAY = 86_400_000
_PAID = {**ANIMALS, "reward": {"answer": "20", "currency": "KRW", "budget": "30000"}}
ONE, OTHER = Actor(1, "test"), Actor(2, "test")


class Room:
    """A project that is not launched, two admins, one worker."""

    def __init__(self, database: Database, spec: dict[str, Any] | None = None) -> None:
        self.database, self.catalog = database, Catalog()
        add_project(database, spec or _PAID, [{"id": "t1", "caption": "one"}, {"id": "t2"}], NOON, "draft")
        for number, role in ((1, "admin"), (2, "admin"), (3, "worker")):
            self.run(partial(_person, number=number, role=role))

    def run(self, work: Callable[[Tx], Any]) -> Any:
        """A turn."""
        return self.database.run(work).result()

    def known(self) -> Known:
        """The project."""
        known: Known = self.run(lambda tx: self.catalog.by_key(tx, "animals"))
        return known

    def ask(self, wanted: Ask, actor: Actor = ONE, now: int = NOON) -> int:
        """Let it wait: its number."""
        return int(self.run(lambda tx: approval.ask(tx, actor, wanted, now)))

    def launch(self) -> int:
        """Ask for the launch."""
        return self.ask(Ask("launch", asked.of_launch(self.known()), amount=30_000, currency="KRW"))

    def decide(self, number: int, actor: Actor = OTHER, now: int = NOON + 1, **how: Any) -> Decided:
        """By the other admin, a moment later."""
        how = {"accept": True, **how}
        done: Decided = self.run(lambda tx: approval.decide(tx, self.catalog, actor, number, now, **how))
        return done

    def told(self, person: int) -> list[str]:
        """What somebody has been told since."""
        return [words.message for words in self.run(lambda tx: take(tx, person)) if isinstance(words, Text)]

    def acts(self) -> list[str]:
        """What is on record, the newest first."""
        rows = self.run(lambda tx: tx.all(audit.listed(person=False, project=True, newest=True), project=1, what="",
                                          since=0, before=1 << 62, most=99))  # fmt: skip
        return [row.what for row in rows]


def _person(tx: Tx, number: int, role: str) -> None:
    tx.connection.execute(_PERSON, {"n": number, "name": str(number), "role": role})


_PERSON = text("""
    INSERT INTO person (id, channel, external_id, role, language, zone, joined_at, consent)
    VALUES (:n, 'test', :name, :role, 'en', 'UTC', 1, '1')
""")


@pytest.fixture
def room(database: Database) -> Room:
    return Room(database)


@pytest.mark.parametrize(
    ("limits", "people", "money", "asks"),
    [
        (Limits(), 1_000, None, False),
        (Limits(), 1_001, None, True),
        (Limits(None), 1_000_000, Money(10**12, "KRW"), False),
        (Limits(None, {"KRW": 100}), 0, Money(100, "KRW"), False),
        (Limits(None, {"KRW": 100}), 0, Money(101, "KRW"), True),
        (Limits(None, {"KRW": 100}), 0, Money(101, "EUR"), False),
    ],
)
def test_what_asks(limits: Limits, people: int, money: Money | None, asks: bool) -> None:  # noqa: FBT001 - a table
    assert approval.over(limits, people, money) == asks


def test_confirmed_is_done_in_the_same_turn_and_on_record_with_both(room: Room) -> None:
    number = room.launch()
    assert room.known().state == "draft"
    done = room.decide(number)
    assert (done.done, done.project) == (True, "animals")
    assert room.known().state == "live"
    assert room.acts() == ["launch", "approve", "ask approval"]
    assert room.told(1) == ["Another admin has confirmed it, and it is done: {what}"]
    with pytest.raises(approval.SettledError):
        room.decide(number)


def test_the_same_is_asked_for_once(room: Room) -> None:
    assert room.launch() == room.launch()
    assert len(room.run(lambda tx: approval.waiting(tx, NOON))) == 1


def test_who_asked_cannot_confirm_and_may_take_it_back(room: Room) -> None:
    number = room.launch()
    with pytest.raises(approval.AskedYourselfError):
        room.decide(number, ONE)
    assert not room.decide(number, ONE, accept=False).done
    assert room.told(1) == []
    assert room.known().state == "draft"


def test_the_shell_confirms_but_not_what_it_has_asked_for(room: Room) -> None:
    assert room.decide(room.launch(), SHELL).done
    number = room.ask(Ask("budget", asked.of_budget(room.known(), "50000")), SHELL)
    with pytest.raises(approval.ShellAskedError):
        room.decide(number, SHELL)


def test_declined_with_a_reason_that_who_asked_is_told(room: Room) -> None:
    number = room.launch()
    with pytest.raises(staff.NoReasonError):
        room.decide(number, accept=False, why=" … ")
    assert not room.decide(number, accept=False, why="too dear").done
    assert room.told(1) == ["Another admin has declined it: {what}. The reason: {why}"]
    assert room.known().state == "draft"
    assert room.acts()[0] == "decline approval"


def _edited(room: Room) -> None:
    room.run(lambda tx: funding.change(tx, room.catalog, "animals", "40000", NOON))


def _launched(room: Room) -> None:
    room.run(lambda tx: lifecycle.launch(tx, room.catalog, "animals", NOON))


def _in_charge_no_longer(room: Room) -> None:
    room.run(lambda tx: tx.connection.execute(text("UPDATE person SET role = 'worker' WHERE id = 1")))


@pytest.mark.parametrize("meanwhile", [_edited, _launched, _in_charge_no_longer])
def test_what_has_changed_meanwhile_makes_it_void(room: Room, meanwhile: Callable[[Room], None]) -> None:
    number = room.launch()
    meanwhile(room)
    state = room.known().state
    done = room.decide(number)
    assert not done.done
    assert isinstance(done.said, Text)
    assert done.said.message.startswith("Nothing was done")
    assert room.known().state == state
    assert room.acts()[0] == "approval void"
    assert room.told(1) == ["Ask again, if you still want it: {why}."]
    assert not room.run(lambda tx: approval.waiting(tx, NOON))


def test_more_items_than_were_asked_for_make_a_launch_void(database: Database) -> None:
    room = Room(database, {**_PAID, "reward": {"answer": "20", "currency": "KRW"}})
    known = room.known()
    most = room.run(lambda tx: funding.at_most(tx, known))
    number = room.ask(Ask("launch", asked.of_launch(known), amount=most.minor, currency="KRW"))
    room.run(lambda tx: tx.connection.execute(text("UPDATE tally SET tasks = 900000")))
    done = room.decide(number)
    assert (done.done, room.known().state) == (False, "draft")
    again = room.run(lambda tx: funding.at_most(tx, known))
    number = room.ask(Ask("launch", asked.of_launch(known), amount=again.minor, currency="KRW"))
    assert room.decide(number).done


def test_whom_the_settings_name_has_charge_whatever_the_database_says(room: Room) -> None:
    number = room.launch()
    room.run(lambda tx: tx.connection.execute(text("UPDATE person SET role = 'worker' WHERE id = 1")))
    assert room.decide(number, given=lambda _channel, user: "owner" if user == "1" else "").done


def test_what_cannot_be_done_goes_on_waiting(database: Database) -> None:
    room = Room(database, {**_PAID, "reward": {"answer": "20", "currency": "KRW", "budget": "0"}})
    number = room.launch()
    with pytest.raises(NoBudgetError):
        room.decide(number)
    assert [one.id for one in room.run(lambda tx: approval.waiting(tx, NOON))] == [number]


def test_a_budget_and_a_bonus(room: Room) -> None:
    _launched(room)
    known = room.known()
    assert room.run(lambda tx: funding.raised(tx, known, "30000")) is None
    assert room.run(lambda tx: funding.raised(tx, known, "20000")) is None
    assert room.run(lambda tx: funding.raised(tx, known, "50000")) == Money(50_000, "KRW")
    assert room.decide(room.ask(Ask("budget", asked.of_budget(known, "50000")))).done
    paid = Ask("bonus", asked.of_bonus(room.known(), 3, 5_000, "careful"), 1, 5_000, "KRW")
    number = room.ask(paid)
    assert room.decide(number).done
    purse = room.known().purse
    assert purse is not None
    assert room.run(lambda tx: budget.standing(tx, purse)).spent == 5_000
    assert [words for words in room.told(3) if words.startswith("A bonus")]


def test_a_bonus_is_confirmed_by_nobody_who_gets_it(room: Room) -> None:
    _launched(room)
    number = room.ask(Ask("bonus", asked.of_bonus(room.known(), 2, 5_000, "careful"), 1, 5_000, "KRW"))
    with pytest.raises(staff.YourselfError):
        room.decide(number, OTHER)


def test_what_has_lost_its_reward_is_still_listed_and_declined(room: Room) -> None:
    number = room.ask(Ask("budget", asked.of_budget(room.known(), "50000"), amount=50_000, currency="KRW"))
    spec = room.known().spec.model_copy(update={"reward": None}).model_dump_json()
    room.run(lambda tx: tx.run(REVISE, id=1, spec=spec))
    row = room.run(lambda tx: approval.one(tx, number, NOON))
    assert room.run(lambda tx: approval.said(tx, room.catalog, row))
    assert room.run(lambda tx: approval.touches(tx, room.catalog, row)) == []
    assert not room.decide(number).done
    late = room.ask(Ask("budget", {**asked.of_budget(room.known(), "60000")}))
    assert late != number
    assert room.run(lambda tx: approval.expire(tx, room.catalog, NOON + 7 * _DAY)) == 1


def test_a_word_on_what_a_broadcast_was_leaves_what_it_is_waiting(room: Room) -> None:
    def waits(words: str) -> int:
        made = Draft(Content(({"en": words},)))
        room.run(lambda tx: broadcast.change(tx, ONE, 1, made, NOON))
        room.run(lambda tx: broadcast.wait(tx, 1))
        return room.ask(Ask("broadcast", asked.of_broadcast(1, made, 5_000), 5_000))

    room.run(lambda tx: broadcast.draft(tx, ONE, Draft(Content(({"en": "a"},))), NOON))
    first, second = waits("one"), waits("two")
    assert not room.decide(first).done
    assert room.decide(second).done
    assert room.run(lambda tx: broadcast.standing(tx, 1)).state == "choosing"


def test_what_is_asked_for_somebody_goes_with_them(room: Room) -> None:
    _launched(room)
    number = room.ask(Ask("bonus", asked.of_bonus(room.known(), 3, 5_000, "careful"), 1, 5_000, "KRW"))
    room.run(lambda tx: forget(tx, 3, NOON, chance(1)))
    assert not room.run(lambda tx: approval.waiting(tx, NOON))
    with pytest.raises(approval.SettledError):
        room.decide(number)
    assert "careful" not in str(room.run(lambda tx: tx.connection.execute(text("SELECT * FROM approval")).all()))


def test_what_it_can_cost_at_the_most_without_a_budget(database: Database) -> None:
    spec = {**_PAID, "reward": {"answer": "20", "vote": "10", "currency": "KRW"}, "overlap": {"min": 2, "max": 5,
            "confidence": 0.9}}  # fmt: skip
    room = Room(database, spec)
    known = room.known()
    assert room.run(lambda tx: funding.at_most(tx, known)) == Money(2 * (5 * 20 + 7 * 10), "KRW")


def test_it_waits_for_seven_days(room: Room) -> None:
    number = room.launch()
    late = NOON + 7 * _DAY
    assert room.run(lambda tx: approval.count(tx, late - 1)) == 1
    assert room.run(lambda tx: approval.count(tx, late)) == 0
    with pytest.raises(approval.SettledError):
        room.decide(number, now=late)
    assert room.run(lambda tx: approval.expire(tx, room.catalog, late)) == 1
    assert room.run(lambda tx: approval.expire(tx, room.catalog, late)) == 0
    assert room.told(1) == ["Ask again: nobody has confirmed it within 7 days: {what}"]
    assert room.acts()[0] == "approval expired"


@pytest.mark.parametrize("what", ["launch", "bonus"])
def test_two_who_confirm_at_once_do_it_once(database_url: str, what: str) -> None:
    first = open_database(database_url)
    second = open_database(database_url)
    try:
        room = Room(first)
        if what == "launch":
            number = room.launch()
        else:
            _launched(room)
            number = room.ask(Ask("bonus", asked.of_bonus(room.known(), 3, 5_000, "careful"), 1, 5_000, "KRW"))
        together = Barrier(2)

        def confirm(actor: Actor) -> Callable[[Tx], Decided]:
            def work(tx: Tx) -> Decided:
                if first.engine.dialect.name == "postgresql":
                    together.wait(5)
                return approval.decide(tx, Catalog(), actor, number, NOON + 1, accept=True)

            return work

        futures = [first.run(confirm(OTHER)), second.run(confirm(SHELL))]
        outcomes = [future.exception(30) or future.result() for future in futures]
        assert sum(isinstance(one, Decided) for one in outcomes) == 1
        assert sum(isinstance(one, approval.SettledError) for one in outcomes) == 1
        assert room.acts().count("approve") == 1
    finally:
        first.close()
        second.close()


def test_the_arguments_are_what_a_program_reads(room: Room) -> None:
    number = room.launch()
    row = room.run(lambda tx: approval.one(tx, number, NOON))
    assert approval.plain(row)["arguments"] == {"project": 1, "revision": 1, "state": "draft"}
    assert json.dumps(approval.plain(row))


def test_a_file_does_not_get_round_it(room: Room) -> None:
    _launched(room)
    known, limits = room.known(), Limits(None, {"KRW": 40_000})
    reward = known.spec.reward
    assert reward is not None
    dearer = known.spec.model_copy(update={"reward": reward.model_copy(update={"budget": 40_001})})
    with pytest.raises(approval.DearerError):
        room.run(lambda tx: approval.refuse_dearer(tx, limits, known, dearer))
    room.run(lambda tx: approval.refuse_dearer(tx, limits, known, known.spec))
    room.run(lambda tx: approval.refuse_dearer(tx, Limits(None), known, dearer))
