"""When a verb cannot do what it was asked: the channel's own errors, over both libraries."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channel import Blocked, Button, ChannelError, Gone, Message, PictureFile, RetryAfter
from tests.fakes.botapi import Person
from tests.parity.conftest import Telegram, Ticks, picture


@pytest.fixture
def person(telegram: Telegram) -> Person:
    return telegram.server.person(7, "ko")


@pytest.mark.parametrize("why", ["blocked", "deactivated"])
async def test_people_who_are_not_there_any_more(telegram: Telegram, person: Person, why: str) -> None:
    posted = await telegram.channel.send("7", Message("one"))
    if why == "blocked":
        await person.blocks(wait=False)
    else:
        person.chat.blocked = "user is deactivated"
    for attempt in (
        telegram.channel.send("7", Message("two")),
        telegram.channel.edit("7", posted.id, Message("two")),
        telegram.channel.delete("7", posted.id),
    ):
        with pytest.raises(Blocked):
            await attempt


async def test_a_message_is_pinned_without_a_sound_and_again_is_no_error(telegram: Telegram, person: Person) -> None:
    posted = await telegram.channel.send("7", Message("kept"))
    for _again in range(2):
        await telegram.channel.pin("7", posted.id)
    assert person.chat.pinned == [int(posted.id)]
    assert telegram.server.called("pinChatMessage")[0].values["disable_notification"].lower() == "true"
    with pytest.raises(Gone):
        await telegram.channel.pin("7", "999")


async def test_people_who_never_were(telegram: Telegram) -> None:
    with pytest.raises(Blocked):
        await telegram.channel.send("8", Message("to nobody"))


@pytest.mark.parametrize("whose", ["the person's", "nobody's"])
async def test_a_message_that_is_not_the_bots_is_gone(telegram: Telegram, person: Person, whose: str) -> None:
    await person.says("hello", wait=False)
    number = max(person.chat.messages) + (whose == "nobody's")
    with pytest.raises(Gone):
        await telegram.channel.edit("7", str(number), Message("two"))


async def test_a_chat_that_had_too_much_is_left_alone_as_told(telegram: Telegram, person: Person, ticks: Ticks) -> None:
    posted = await telegram.channel.send("7", Message("one"))
    telegram.server.limits.chat = (1, 5.0)
    await telegram.channel.edit("7", posted.id, Message("two"))
    with pytest.raises(RetryAfter) as told:
        await telegram.channel.edit("7", posted.id, Message("three"))
    assert told.value.seconds >= 4
    asked = len(telegram.server.called("editMessageText"))
    with pytest.raises(RetryAfter):
        await telegram.channel.edit("7", posted.id, Message("four"))
    assert len(telegram.server.called("editMessageText")) == asked, "it was not even asked"
    telegram.server.person(8)
    await telegram.channel.send("8", Message("others are served"))
    ticks.now += told.value.seconds
    telegram.server.limits.chat = None
    await telegram.channel.edit("7", posted.id, Message("five"))
    assert person.last.text == "five"


async def test_what_telegram_refuses_is_an_error_and_posts_nothing(
    telegram: Telegram, person: Person, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.jpg"
    broken.write_bytes(b"no picture at all")
    many = tuple((Button(f"{number}", f"1.{number}.0"),) for number in range(101))
    for message in (
        Message("", picture=PictureFile("broken", broken)),
        Message("q", buttons=many),
        Message("q", buttons=((Button("x", "y" * 65),),)),
    ):
        with pytest.raises(ChannelError):
            await telegram.channel.send("7", message)
    with pytest.raises(ChannelError):
        await telegram.channel.album("7", [picture(tmp_path)])
    assert person.messages == []


async def test_a_file_that_is_too_big_is_not_fetched(telegram: Telegram, person: Person, tmp_path: Path) -> None:
    await person.sends_document(b"x", "big.zip", size=21 * 2**20, wait=False)
    handle = list(person.chat.messages.values())[-1]["document"]["file_id"]
    with pytest.raises(ChannelError):
        await telegram.channel.fetch(handle, tmp_path)
