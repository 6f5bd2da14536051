"""The courier: everybody once, whatever fails on the way; who blocks, who is away, what is held or called off."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial

import pytest
from prometheus_client import CollectorRegistry

from bot.channel import Blocked, ChannelError, RetryAfter, Unanswered
from bot.metrics import Metrics
from db.queries import people as queries
from db.session import Database, Tx
from tasks.notices import take
from tasks.outreach import broadcast
from tasks.outreach.broadcast import Standing
from tasks.outreach.deliveries import MOST_TRIES, choose, claim, settle, take_back
from tasks.outreach.queue import Go, remind
from tasks.outreach.timing import Timing
from tasks.privacy.audit import SHELL, Actor
from tasks.privacy.erase import forget
from tasks.words import _
from tests.conftest import Clock
from tests.property.rig import chance
from tests.support.outreach import Office, a_draft, people

WORDS = _("Nothing to do just now.")
_HOUR = 3_600_000


@pytest.fixture
def office(database: Database, clock: Clock) -> Office:
    return Office(database, clock)


def _counts(found: Standing) -> tuple[int, int, int, int, int, int]:
    return found.total, found.sent, found.failed, found.blocked, found.dropped, found.left


async def test_everybody_gets_it_once_in_their_language(office: Office) -> None:
    people(office.database, {}, {"language": "ko"}, {"language": "fr"}, {"muted": '["broadcast"]'}, {"erased_at": 1})
    number = office.sent()
    await office.work()
    assert office.post.arrived == {"p0": 1, "p1": 1, "p2": 1}
    assert office.post.texts("p0") == office.post.texts("p2") == ["New work is here."]
    assert office.post.texts("p1") == ["새 일이 있어요."]
    found = office.standing(number)
    assert (found.state, _counts(found)) == ("done", (3, 3, 0, 0, 0, 0))
    await office.work()
    assert sum(office.post.arrived.values()) == 3


async def test_an_audience_of_none_is_over_at_once_and_its_maker_is_told(office: Office) -> None:
    (maker,) = people(office.database, {"role": "admin", "muted": '["broadcast"]'})
    number = office.sent(actor=Actor(maker, "test"))
    await office.work()
    assert (office.standing(number).state, office.standing(number).total) == ("done", 0)
    await office.courier.once()
    assert "reached nobody" in office.post.texts("p0")[0]


async def test_who_blocks_in_the_middle_gets_nothing_more_until_they_write(office: Office, clock: Clock) -> None:
    one, _other = people(office.database, {}, {})
    assert office.do(lambda tx: remind(tx, one, "new", "later", WORDS, clock(), due_at=clock() + _HOUR))
    office.post.troubles["p0"].append(Blocked("bot was blocked by the user"))
    number = office.sent()
    await office.work()
    assert _counts(office.standing(number)) == (2, 1, 0, 1, 0, 0)
    clock.pass_ms(2 * _HOUR)
    second = office.sent()
    await office.work()
    assert office.post.arrived == {"p1": 2}
    assert office.states() == {"sent": 2, "blocked": 1, "dropped": 1}
    assert office.standing(second).total == 1
    office.do(lambda tx: tx.run(queries.REACHABLE, person=one))
    office.sent()
    await office.work()
    assert office.post.arrived["p0"] == 1


async def test_trouble_is_tried_again_later_and_later_and_not_for_ever(office: Office, clock: Clock) -> None:
    people(office.database, {}, {}, {})
    office.post.troubles["p0"] += [Unanswered("Bad Gateway")] * 2
    office.post.troubles["p1"] += [Unanswered("no connection")] * 9
    office.post.troubles["p2"].append(ChannelError("Bad Request: something"))
    number = office.sent()
    await office.work()
    assert _counts(office.standing(number)) == (3, 0, 1, 0, 0, 2)
    for pause in (30_000, 120_000, 480_000, 1_920_000):
        clock.pass_ms(pause - 1)
        before = sum(office.post.arrived.values()), len(office.post.troubles["p1"])
        await office.courier.once()
        assert (sum(office.post.arrived.values()), len(office.post.troubles["p1"])) == before, "not too early"
        clock.pass_ms(1)
        await office.courier.once()
    await office.work()
    assert _counts(office.standing(number)) == (3, 1, 2, 0, 0, 0)
    assert len(office.post.troubles["p1"]) == 9 - MOST_TRIES
    assert office.standing(number).state == "done"


async def test_asked_to_wait_it_waits_and_nobody_else_does(office: Office, clock: Clock) -> None:
    people(office.database, {}, {})
    office.post.troubles["p0"].append(RetryAfter(400.0))
    number = office.sent()
    await office.work()
    assert office.post.arrived == {"p1": 1}
    clock.pass_ms(400_000)
    await office.work()
    assert office.standing(number).sent == 2


async def test_called_off_in_the_middle(office: Office) -> None:
    people(office.database, *[{}] * 520)
    number = office.sent()
    await office.outreach.step()
    claimed = office.do(lambda tx: claim(tx, office.catalog, office.clock(), 5, 3))
    office.do(lambda tx: broadcast.cancel(tx, SHELL, number, office.clock()))
    await office.courier.once()
    assert not office.post.arrived
    await office.outreach.step()
    assert office.states() == {"dropped": 515, "sending": 5}
    assert len(claimed.letters) == 5


async def test_paused_and_gone_on(office: Office) -> None:
    people(office.database, {}, {})
    number = office.sent()
    await office.outreach.step()
    office.do(lambda tx: broadcast.pause(tx, SHELL, number, office.clock()))
    await office.courier.once()
    assert not office.post.arrived
    office.do(lambda tx: broadcast.resume(tx, SHELL, number, office.clock()))
    await office.courier.once()
    assert sum(office.post.arrived.values()) == 2


async def test_two_processes_send_each_message_once(database: Database, clock: Clock) -> None:
    people(database, *[{}] * 60)
    one, other = Office(database, clock), Office(database, clock)
    one.sent()
    await one.outreach.step()
    await asyncio.gather(one.courier.once(), other.courier.once())
    assert sum((one.post.arrived + other.post.arrived).values()) == 60
    assert set((one.post.arrived + other.post.arrived).values()) == {1}


async def test_what_a_dead_process_had_in_its_hand_is_sent_by_the_next(office: Office, clock: Clock) -> None:
    people(office.database, *[{}] * 8)
    office.sent()
    await office.outreach.step()
    office.do(lambda tx: claim(tx, office.catalog, clock(), 5, 3))  # and then it is killed
    running = asyncio.create_task(office.courier.run())
    await office.post.until(lambda: sum(office.post.arrived.values()) == 8)
    office.courier.stop()
    await running
    assert set(office.post.arrived.values()) == {1}
    assert office.states() == {"sent": 8}


async def test_killed_while_choosing(office: Office, clock: Clock) -> None:
    people(office.database, *[{}] * 520)
    number = office.sent()
    assert office.do(partial(choose, number=number, now=clock()))
    between = Office(office.database, clock)
    await between.work()
    assert between.standing(number).total == 520
    assert set(between.post.arrived.values()) == {1}


async def test_who_sleeps_keeps_nobody_waiting_who_is_awake(office: Office) -> None:
    people(office.database, *[{}] * 60)
    number = office.sent()
    await office.outreach.step()

    def sleep(tx: Tx) -> None:
        tx.connection.exec_driver_sql(
            "UPDATE person SET zone = 'UTC', quiet_from = 0, quiet_until = 1439 WHERE external_id <> 'p59'"
        )

    office.do(sleep)
    await office.courier.once()
    assert office.post.arrived == {"p59": 1}
    assert _counts(office.standing(number)) == (60, 1, 0, 0, 0, 59)


async def test_what_takes_long_is_in_ones_own_hand_and_not_sent_twice(office: Office, clock: Clock) -> None:
    people(office.database, {})
    office.sent()
    await office.outreach.step()
    office.post.gate = asyncio.Event()
    first = asyncio.create_task(office.courier.once())
    await office.post.until(lambda: office.post.asked == 1)
    clock.pass_ms(_HOUR)
    await office.courier.forget_lost()
    second = asyncio.create_task(office.courier.once())
    await asyncio.sleep(0)
    assert office.states() == {"sending": 1}
    office.post.gate.set()
    await asyncio.gather(first, second)
    assert office.post.arrived == {"p0": 1}
    assert office.states() == {"sent": 1}


async def test_a_stop_finishes_what_is_in_flight(office: Office) -> None:
    people(office.database, *[{}] * 3)
    office.sent()
    await office.outreach.step()
    office.post.gate = asyncio.Event()
    running = asyncio.create_task(office.courier.run())
    await office.post.until(lambda: office.post.asked == 3)
    office.courier.stop()
    await asyncio.sleep(0)
    office.post.gate.set()
    await running
    assert office.states() == {"sent": 3}


async def test_who_is_erased_gets_nothing(office: Office, clock: Clock) -> None:
    one, _other = people(office.database, {}, {})
    number = office.sent()
    await office.outreach.step()
    claimed = office.do(lambda tx: claim(tx, office.catalog, clock(), 9, 3))
    office.do(lambda tx: forget(tx, one, clock(), chance(1)))
    office.do(lambda tx: settle(tx, [], clock()))
    office.do(lambda tx: take_back(tx, clock() + 1))
    await office.work()
    assert len(claimed.letters) == 2
    assert office.post.arrived == {"p1": 1}
    assert office.standing(number).state == "done"
    assert _counts(office.standing(number)) == (2, 1, 0, 0, 1, 0)


async def test_reminders_go_first_and_lead_on(office: Office, clock: Clock) -> None:
    one, *_rest = people(office.database, *[{}] * 30)
    office.sent()
    await office.outreach.step()
    go = Go(_("Look again"), "menu.projects")
    office.do(lambda tx: remind(tx, one, "new", "c", WORDS, clock(), go=go))
    claimed = office.do(lambda tx: claim(tx, office.catalog, clock(), 4, 3))
    assert claimed.letters[-1].topic == "new"
    office.do(lambda tx: take_back(tx, clock() + 1))
    await office.courier.once()
    last = next(message for message in office.post.chats["p0"].messages.values() if "Nothing" in message.text)
    assert [key.label for row in last.buttons for key in row] == ["Look again", "No such messages"]


async def test_at_each_persons_own_hour(office: Office, clock: Clock) -> None:
    night = {"zone": "UTC", "quiet_from": 0, "quiet_until": 23 * 60 + 59}
    people(office.database, {}, night)
    number = office.sent(a_draft(timing=Timing(at=clock() + _HOUR)))
    await office.work()
    assert not office.post.arrived
    clock.pass_ms(_HOUR)
    await office.work()
    assert office.post.arrived == {"p0": 1}
    clock.pass_ms(24 * _HOUR)
    await office.work()
    assert (office.standing(number).state, office.standing(number).sent) == ("running", 1)  # still their quiet time


@pytest.mark.parametrize("deed", [broadcast.pause, broadcast.cancel])
async def test_held_within_a_second(database: Database, clock: Clock, deed: Callable[..., None]) -> None:
    """At the real pace: what is ahead of it when it is held is less than a second's budget."""
    people(database, *[{}] * 300)
    office = Office(database, clock, per_second=28)
    number = office.sent()
    await office.outreach.step()
    running = asyncio.create_task(office.courier.run())
    await office.post.until(lambda: sum(office.post.arrived.values()) >= 30)
    office.do(partial(deed, actor=SHELL, number=number, now=clock()))
    before = sum(office.post.arrived.values())
    office.courier.stop()
    await running
    assert sum(office.post.arrived.values()) - before <= 28
    assert not office.states()["sending"]


async def test_whoever_looks_at_theirs_sees_it_move(office: Office) -> None:
    maker, *_rest = people(office.database, {"role": "admin"}, {})

    def looks(tx: Tx) -> None:
        tx.connection.exec_driver_sql("UPDATE conversation SET flow = 'broadcast'")

    office.do(looks)
    number = office.sent(actor=Actor(maker, "test"))
    await office.work()
    await office.work()
    heard = [incoming.event.heard for incoming in office.heard]
    assert heard
    assert {(one.job, one.outcome["number"]) for one in heard} == {("broadcast_progress", number)}  # type: ignore[union-attr]


async def test_what_becomes_of_messages_is_counted(office: Office) -> None:
    people(office.database, {}, {})
    office.post.troubles["p0"].append(Blocked("bot was blocked by the user"))
    metrics = Metrics(CollectorRegistry())
    office.courier.sends = metrics
    office.sent()
    await office.work()
    text = metrics.text().decode()
    assert 'crowdloom_deliveries_total{state="sent"} 1.0' in text
    assert 'crowdloom_deliveries_total{state="blocked"} 1.0' in text


async def test_who_erases_themselves_sends_no_more(office: Office, clock: Clock) -> None:
    maker, other = people(office.database, {"role": "admin"}, {"role": "admin"})
    number = office.sent(actor=Actor(maker, "test"))
    office.do(lambda tx: forget(tx, maker, clock(), chance(1)))
    assert office.standing(number).state == "paused"
    assert len(office.do(lambda tx: take(tx, other))) == 1
