"""Broken lines, servers that are down, wrong tokens: over both libraries."""

from __future__ import annotations

import importlib
import logging
import traceback
from collections.abc import Callable

import pytest

from bot.channel import ChannelError, Message, RetryAfter, Unchanged
from bot.channels.refusals import TokenRefusedError
from bot.pace import Pace, unasked
from tests.parity.conftest import Telegram, Ticks, shut


async def test_a_server_that_is_down_for_a_moment_is_asked_again(telegram: Telegram, ticks: Ticks) -> None:
    person = telegram.server.person(7)
    telegram.server.fail("sendMessage", 502, times=2)
    await telegram.channel.send("7", Message("one"))
    assert [message.text for message in person.messages] == ["one"]
    assert ticks.naps == [0.3, 0.6]


async def test_a_server_that_stays_down_is_an_error_after_three_tries(telegram: Telegram, ticks: Ticks) -> None:
    telegram.server.person(7)
    telegram.server.fail("sendMessage", 500, times=9)
    with pytest.raises(ChannelError):
        await telegram.channel.send("7", Message("one"))
    assert len(ticks.naps) == 2


async def test_a_message_whose_answer_was_lost_is_not_sent_twice(telegram: Telegram) -> None:
    person = telegram.server.person(7)
    telegram.server.cut("sendMessage")
    with pytest.raises(ChannelError):
        await telegram.channel.send("7", Message("one"))
    assert [message.text for message in person.messages] == ["one"]


async def test_an_edit_whose_answer_was_lost_is_made_again(telegram: Telegram) -> None:
    person = telegram.server.person(7)
    posted = await telegram.channel.send("7", Message("one"))
    telegram.server.cut("editMessageText")
    with pytest.raises(Unchanged):  # it had arrived
        await telegram.channel.edit("7", posted.id, Message("two"))
    assert person.last.text == "two"


async def test_without_a_server_there_is_an_error_that_does_not_name_the_token(
    telegram: Telegram, ticks: Ticks, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await telegram.server.stop()
    with pytest.raises(ChannelError) as error:
        await telegram.channel.send("7", Message("one"))
    assert len(ticks.naps) == 2
    secret = telegram.server.token.partition(":")[2]
    assert secret not in "".join(traceback.format_exception(error.value))
    assert secret not in caplog.text


async def test_a_wrong_token_is_told_with_its_remedy(
    telegram: Telegram, library: str, ticks: Ticks, clock: Callable[[], int]
) -> None:
    build = importlib.import_module(f"bot.channels.{library}").build
    wrong = build("4242:another-token-that-nobody-knows-here", telegram.server.url, Pace(ticks), clock, ticks.sleep)
    with pytest.raises(TokenRefusedError, match="CROWDLOOM_BOT_TOKEN"):
        await wrong.open()
    await shut(wrong)


async def test_handles_belong_to_the_bot(telegram: Telegram) -> None:
    assert telegram.channel.bot_id == "telegram:4242"
    assert telegram.channel.name == "telegram"


async def test_what_nobody_asked_for_waits_its_turn_and_answers_do_not(telegram: Telegram, ticks: Ticks) -> None:
    telegram.server.person(7)
    with unasked():
        for number in range(30):
            await telegram.channel.send("7", Message(f"news {number}"))
    assert 1.0 <= ticks.now < 1.1, "evenly, and a second for so many"
    before = ticks.now
    for number in range(30):
        await telegram.channel.send("7", Message(f"answer {number}"))
    assert ticks.now == before


async def test_what_nobody_asked_for_waits_out_a_429(telegram: Telegram, ticks: Ticks) -> None:
    person = telegram.server.person(7)
    telegram.server.fail("sendMessage", retry_after=7)
    with unasked():
        await telegram.channel.send("7", Message("news"))
    assert ticks.now == 7.0
    assert person.last.text == "news"


async def test_a_429_of_an_answer_is_told_at_once(telegram: Telegram, ticks: Ticks) -> None:
    telegram.server.person(7)
    telegram.server.fail("sendMessage", retry_after=7)
    with pytest.raises(RetryAfter):
        await telegram.channel.send("7", Message("answer"))
    assert ticks.naps == []


async def test_the_menu_is_set_only_where_it_has_changed(telegram: Telegram) -> None:
    menu = {"en": [("start", "Begin"), ("tasks", "See projects")], "ko": [("start", "시작해요")]}
    await telegram.channel.describe(menu)
    await telegram.channel.describe(menu)
    assert len(telegram.server.called("setMyCommands")) == 2
    menus = telegram.server.methods.menus
    assert menus["", ""] == [
        {"command": "start", "description": "Begin"},
        {"command": "tasks", "description": "See projects"},
    ]
    assert menus["ko", ""] == [{"command": "start", "description": "시작해요"}]
    await telegram.channel.describe({"ko": []})
    assert menus["ko", ""] == []
