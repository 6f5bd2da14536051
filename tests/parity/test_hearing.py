"""What is heard of each thing a person can do, and that nothing of it is lost: over both libraries."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from bot.channel import Button, Incoming, Message
from handlers.talk import Command, Press, Said, Sender, Sent, Shared
from tests.fakes.botapi import Person, Seen
from tests.parity.conftest import Ear, Telegram, listening

KEYS = ((Button("Cat", "1.0.0"), Button("Dog", "1.0.1")),)


@pytest.fixture
def person(telegram: Telegram) -> Person:
    return telegram.server.person(7, "ko")


async def test_everything_a_person_can_do(telegram: Telegram, person: Person) -> None:
    ear = Ear()
    async with listening(telegram.channel, ear):
        await person.says("/Start hello there")
        await person.says("안녕")
        await person.edits(max(person.chat.messages), "안녕!")
        await person.forwards("/start")
        await person.sends_photo("my cat")
        await person.sends_document(b"x", "data.csv", "rows")
        await person.sends_document(b"x", "big.zip", size=21 * 2**20)
        await person.sends_sticker()
        await person.sends_voice()
        await person.sends_video()
        await person.sends_dice()
        await person.shares_contact("+821000")
        await person.shares_location(37.5, 127.0)
    assert [one.event.heard for one in ear.heard] == [
        Command("start", "hello there"),
        Said("안녕"),
        Said("안녕!", edited=True),
        Said("/start", forwarded=True),
        Sent("photo", caption="my cat"),
        Sent("document", name="data.csv", caption="rows"),
        Sent("document", name="big.zip", too_big=True),
        Sent("sticker"),
        Sent("voice"),
        Sent("video"),
        Sent("other"),
        Shared("contact", {"phone": "+821000", "name": "Ada", "own": True}),
        Shared("location", {"latitude": 37.5, "longitude": 127.0}),
    ]
    assert {one.event.sender for one in ear.heard} == {Sender("telegram", "7", "ko")}
    assert {one.chat for one in ear.heard} == {"7"}
    files = [one.file for one in ear.heard if isinstance(one.event.heard, Sent) and one.event.heard.what == "document"]
    assert files[0] in telegram.server.files.by_id
    assert files[1] == "", "nobody tries to fetch what is too big"
    assert len({one.event.id for one in ear.heard}) == len(ear.heard)


async def test_a_press_carries_what_its_answer_needs(
    telegram: Telegram, person: Person, clock: Callable[[], int]
) -> None:
    posted = await telegram.channel.send("7", Message("q", buttons=KEYS))
    ear = Ear(lambda incoming: telegram.channel.answer(incoming.press, "✓ Dog"))
    async with listening(telegram.channel, ear):
        await person.presses("Dog")
        await person.forges("9.9.9; drop table")
        person.clears(int(posted.id))
        await person.forges("1.0.0", Seen(int(posted.id), "", (), "", {}))
    assert [one.event.heard for one in ear.heard] == [Press("1.0.1"), Press("9.9.9; drop table"), Press("1.0.0")]
    assert {one.message_id for one in ear.heard} == {posted.id}
    assert person.toasts == ["✓ Dog"] * 3
    assert ear.heard[0].event.at == clock()


async def test_groups_and_channels_are_told_apart(telegram: Telegram, person: Person) -> None:
    group = telegram.server.group(-100_5)
    channel = telegram.server.group(-100_6, kind="channel", title="News")
    ear = Ear()
    async with listening(telegram.channel, ear):
        await person.within(group).says("/start@crowdloom_bot")
        await person.within(group).says("/start@another_bot")
        await person.within(channel).says("a post")
    assert [one.event.heard for one in ear.heard] == [Command("start"), Said("a post")]
    assert [one.event.sender.group for one in ear.heard] == ["-1005", "-1006"]
    assert [one.chat for one in ear.heard] == ["-1005", "-1006"]


async def test_blocking_tells_nothing_and_breaks_nothing(telegram: Telegram, person: Person) -> None:
    ear = Ear()
    async with listening(telegram.channel, ear):
        await person.says("one")
        await person.blocks()
        await person.unblocks()
        await person.says("two")
    assert [one.event.heard for one in ear.heard] == [Said("one"), Said("two")]


async def test_an_update_that_makes_no_sense_stops_nobody(telegram: Telegram, person: Person) -> None:
    ear = Ear()
    async with listening(telegram.channel, ear):
        await person.says("one")
        telegram.server.updates.add("message", "m7", {"message_id": 5, "chat": "nonsense", "from": None, "text": {}})
        await person.says("two")
    assert [one.event.heard for one in ear.heard] == [Said("one"), Said("two")]


# --------------------------------------------------------------------------- order


async def test_many_people_are_heard_at_once_and_each_in_order(telegram: Telegram) -> None:
    people = [telegram.server.person(number) for number in range(1, 33)]
    most, now = 0, 0

    async def slowly(_: Incoming) -> None:
        nonlocal most, now
        now += 1
        most = max(most, now)
        await asyncio.sleep(0)
        now -= 1

    ear = Ear(slowly)
    for number in range(3):
        for person in people:
            await person.says(f"{number}", wait=False)
    async with listening(telegram.channel, ear):
        await people[0].says("last")
    assert most > 20
    for person in people:
        said = [
            one.event.heard.text
            for one in ear.heard
            if one.chat == str(person.id) and isinstance(one.event.heard, Said)
        ]
        assert said[:3] == ["0", "1", "2"]


async def test_updates_that_come_backwards_are_heard_in_their_order(telegram: Telegram, person: Person) -> None:
    telegram.server.updates.held = True
    for text in ("one", "two", "three"):
        await person.says(text, wait=False)
    ear = Ear()
    async with listening(telegram.channel, ear):
        telegram.server.updates.release(backwards=True)
        await person.says("four")
    assert [one.event.heard for one in ear.heard] == [Said("one"), Said("two"), Said("three"), Said("four")]


async def test_an_update_that_comes_again_has_the_same_id(telegram: Telegram, person: Person) -> None:
    ear = Ear()
    async with listening(telegram.channel, ear):
        pending = await person.says("one")
        assert pending
        telegram.server.updates.redeliver(pending.json)
        await person.says("two")
    assert [one.event.id for one in ear.heard][:2] == [str(pending.id)] * 2


# --------------------------------------------------------------------------- nothing is lost


async def test_nothing_is_confirmed_before_it_is_heard_to_the_end(telegram: Telegram, person: Person) -> None:
    begun, go = asyncio.Event(), asyncio.Event()

    async def wait(_: Incoming) -> None:
        begun.set()
        await go.wait()

    async with listening(telegram.channel, wait):
        pending = await person.says("one", wait=False)
        assert pending
        await begun.wait()
        assert not pending.confirmed.is_set()
        go.set()
        await pending.confirmed.wait()


async def test_a_stop_finishes_what_is_in_hand_and_leaves_the_rest(telegram: Telegram, person: Person) -> None:
    begun, go, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()
    done: list[Incoming] = []

    async def wait(incoming: Incoming) -> None:
        begun.set()
        await go.wait()
        done.append(incoming)

    task = asyncio.create_task(telegram.channel.receive(wait, stop))
    first = await person.says("one", wait=False)
    await begun.wait()
    stop.set()
    second = await person.says("two", wait=False)
    go.set()
    await task
    assert first
    assert second
    assert [one.event.heard for one in done] == [Said("one")]
    assert first.confirmed.is_set()
    assert not second.confirmed.is_set()
    ear = Ear()
    async with listening(telegram.channel, ear):
        await second.confirmed.wait()
    assert [one.event.heard for one in ear.heard] == [Said("two")]


async def test_a_kill_in_the_middle_brings_the_update_again(telegram: Telegram, person: Person) -> None:
    begun = asyncio.Event()

    async def never(_: Incoming) -> None:
        begun.set()
        await asyncio.Event().wait()

    task = asyncio.create_task(telegram.channel.receive(never, asyncio.Event()))
    await person.says("one", wait=False)
    await begun.wait()
    for one in asyncio.all_tasks() - {asyncio.current_task()}:
        if "Poller" in repr(one) or one is task:
            one.cancel()
    await asyncio.gather(task, return_exceptions=True)
    ear = Ear()
    async with listening(telegram.channel, ear):
        await person.says("two")
    assert [one.event.heard for one in ear.heard] == [Said("one"), Said("two")]


async def test_somebody_slow_does_not_keep_the_others_waiting(telegram: Telegram, person: Person) -> None:
    other = telegram.server.person(8)
    go = asyncio.Event()
    heard: list[str] = []

    async def hear(incoming: Incoming) -> None:
        heard.append(incoming.chat)
        if incoming.chat == "7":
            await go.wait()
        await telegram.channel.send(incoming.chat, Message("done"))

    async with listening(telegram.channel, hear):
        slow = await person.says("one", wait=False)
        await other.says("two", wait=False)
        await other.sees("done")
        await other.says("three", wait=False)
        await other.sees(lambda: len(other.messages) == 2)
        assert slow
        assert not slow.confirmed.is_set()
        go.set()
        await person.sees("done")
    assert heard == ["7", "8", "8"], "what is in hand comes again with each poll, and is not heard again"


async def test_a_server_that_is_down_for_a_while_is_polled_again(telegram: Telegram, person: Person) -> None:
    telegram.server.fail("getUpdates", 502, times=3)
    telegram.server.fail("getUpdates", 409, times=1, description="Conflict: terminated by other getUpdates request")
    ear = Ear()
    async with listening(telegram.channel, ear):
        await person.says("one")
    assert [one.event.heard for one in ear.heard] == [Said("one")]
