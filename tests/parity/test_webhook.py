"""Updates by webhook, and the reply that carries a call: over both libraries."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from aiohttp import web

from bot.channel import Button, Hear, Incoming, Message
from handlers.talk import Press, Said
from tests.fakes.botapi import Person
from tests.parity.conftest import Ear, Telegram

KEYS = ((Button("Cat", "1.0.0"), Button("Dog", "1.0.1")),)
SECRET = "a-secret-of-the-webhook"
Hook = Callable[[Hear], "asyncio.Future[None]"]


@pytest.fixture
def person(telegram: Telegram) -> Person:
    return telegram.server.person(7, "ko")


@pytest.fixture
async def hooked(telegram: Telegram) -> AsyncIterator[list[Hear]]:
    """A little web server before the channel; what is put first into the list hears."""
    hears: list[Hear] = []

    async def serve(request: web.Request) -> web.Response:
        if request.headers.get("X-Telegram-Bot-Api-Secret-Token") != SECRET:
            return web.Response(status=403)
        reply = await telegram.channel.handle(await request.json(), hears[0])
        return web.Response() if reply is None else web.json_response(dict(reply))

    app = web.Application()
    app.router.add_post("/webhook", serve)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await telegram.channel.hook(f"http://127.0.0.1:{runner.addresses[0][1]}/webhook", SECRET)
    yield hears
    await telegram.server.updates.stop()
    await telegram.channel._replies.settle()
    await runner.cleanup()


async def test_the_answer_to_a_press_goes_into_the_reply(
    telegram: Telegram, person: Person, hooked: list[Hear]
) -> None:
    posted = await telegram.channel.send("7", Message("q", buttons=KEYS))

    async def hear(incoming: Incoming) -> None:
        answered = asyncio.ensure_future(telegram.channel.answer(incoming.press, "✓ Cat"))
        await telegram.channel.edit(incoming.chat, incoming.message_id, Message("next", buttons=KEYS))
        await answered

    hooked.append(hear)
    await person.presses("Cat")
    await person.sees("next")
    assert person.toasts == ["✓ Cat"]
    assert [call.by_webhook for call in telegram.server.called("answerCallbackQuery")] == [True]
    assert str(person.screen.id) == posted.id


async def test_a_text_is_heard_to_the_end_before_the_reply(
    telegram: Telegram, person: Person, hooked: list[Hear]
) -> None:
    async def hear(incoming: Incoming) -> None:
        await telegram.channel.send(incoming.chat, Message("heard you"))

    hooked.append(hear)
    await person.says("hello")
    assert person.last.text == "heard you"
    assert not any(call.by_webhook for call in telegram.server.calls)


async def test_a_press_that_nobody_answers_gets_an_empty_reply(
    telegram: Telegram, person: Person, hooked: list[Hear]
) -> None:
    await telegram.channel.send("7", Message("q", buttons=KEYS))
    ear = Ear()
    hooked.append(ear)
    await person.presses("Dog")
    assert [one.event.heard for one in ear.heard] == [Press("1.0.1")]
    assert not telegram.server.called("answerCallbackQuery")


async def test_a_second_answer_or_one_to_another_press_goes_to_the_api(
    telegram: Telegram, person: Person, hooked: list[Hear]
) -> None:
    await telegram.channel.send("7", Message("q", buttons=KEYS))
    other = await person.presses("Dog", wait=False)
    assert other

    async def hear(incoming: Incoming) -> None:
        if incoming.event.heard == Press("1.0.0"):
            await telegram.channel.answer(other.json["callback_query"]["id"], "other")
            await telegram.channel.answer(incoming.press, "first")
            await telegram.channel.answer(incoming.press, "second")

    hooked.append(hear)
    await person.presses("Cat")
    await person.sees(lambda: len(person.toasts) == 3)
    assert sorted(person.toasts) == ["first", "other", "second"]
    assert sum(call.by_webhook for call in telegram.server.called("answerCallbackQuery")) == 1


async def test_order_and_redelivery(telegram: Telegram, person: Person, hooked: list[Hear]) -> None:
    ear = Ear()
    hooked.append(ear)
    for text in ("one", "two", "three"):
        pending = await person.says(text, wait=text == "three")
    assert pending
    telegram.server.updates.redeliver(pending.json)
    await person.says("four")
    said = [one.event.heard.text for one in ear.heard if isinstance(one.event.heard, Said)]
    assert [text for text in said if text != "three"] == ["one", "two", "four"]


async def test_a_turn_that_fails_is_delivered_again(telegram: Telegram, person: Person, hooked: list[Hear]) -> None:
    heard: list[str] = []

    async def hear(incoming: Incoming) -> None:
        heard.append(incoming.event.id)
        if len(heard) == 1:
            raise RuntimeError

    hooked.append(hear)
    await person.says("one")
    assert len(heard) == 2
    assert len(set(heard)) == 1
    assert telegram.server.updates.webhook.last_error.startswith("Wrong response")


async def test_an_update_that_makes_no_sense_is_taken_and_forgotten(
    telegram: Telegram, person: Person, hooked: list[Hear]
) -> None:
    ear = Ear()
    hooked.append(ear)
    telegram.server.updates.add("message", f"m{person.id}", {"message_id": 5, "chat": "nonsense", "text": {}})
    await person.says("one")
    assert [one.event.heard for one in ear.heard] == [Said("one")]


async def test_polling_takes_over_from_a_webhook(telegram: Telegram, person: Person, hooked: list[Hear]) -> None:
    ear = Ear()
    hooked.append(ear)
    await person.says("one")
    stop = asyncio.Event()
    task = asyncio.create_task(telegram.channel.receive(ear, stop))
    await telegram.server.updates.polled.wait()
    await person.says("two")
    stop.set()
    await task
    assert [one.event.heard for one in ear.heard] == [Said("one"), Said("two")]


async def test_closing_waits_for_what_goes_on_behind_a_reply(
    telegram: Telegram, person: Person, hooked: list[Hear]
) -> None:
    await telegram.channel.send("7", Message("q", buttons=KEYS))
    go = asyncio.Event()

    async def hear(incoming: Incoming) -> None:
        await telegram.channel.answer(incoming.press, "✓")
        await go.wait()
        await telegram.channel.edit(incoming.chat, incoming.message_id, Message("next"))

    hooked.append(hear)
    await person.presses("Cat")
    closing = asyncio.create_task(telegram.channel.close())
    await asyncio.sleep(0)
    assert not closing.done()
    go.set()
    await closing
    assert person.last.text == "next"
