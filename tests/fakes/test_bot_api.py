"""The fake refuses what the Bot API refuses, in its words."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable, Coroutine
from typing import Any

import pytest
from aiohttp import ClientSession, FormData
from PIL import Image

from tests.fakes.botapi import BotApi

Call = Callable[..., Coroutine[Any, Any, dict[str, Any]]]
MANY = [[{"text": str(number), "callback_data": str(number)}] for number in range(101)]


def _keys(*data: str) -> str:
    return json.dumps({"inline_keyboard": [[{"text": "key", "callback_data": one} for one in data]]})


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with BotApi() as server:
        yield server


@pytest.fixture
async def call(api: BotApi) -> AsyncIterator[Call]:
    """Calls a method with form fields, as a library would."""
    async with ClientSession() as session:

        async def ask(method: str, token: str = api.token, **values: object) -> dict[str, Any]:
            form = FormData()
            for name, value in values.items():
                if isinstance(value, bytes):
                    form.add_field(name, value, filename="file.bin")
                else:
                    form.add_field(name, str(value))
            async with session.post(f"{api.url}/bot{token}/{method}", data=form) as response:
                found: dict[str, Any] = await response.json()
                assert found["ok"] == (response.status == 200)
                return found

        yield ask


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \u200b"}, "text must be non-empty"),
        ({"text": "🙂" * 2049}, "message is too long"),
        ({"text": "a < b", "parse_mode": "HTML"}, "can't parse entities: Unsupported start tag"),
        ({"text": "<b>a", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
        ({"text": "<b>a</i>", "parse_mode": "HTML"}, "can't parse entities: Unmatched end tag"),
        ({"text": "<blink>a</blink>", "parse_mode": "HTML"}, 'Unsupported start tag "blink" at byte offset 0'),
        ({"text": "a", "entities": '[{"type": "bold", "offset": 5, "length": 1}]'}, "begins after the end of the text"),
        ({"text": "🙂", "entities": '[{"type": "bold", "offset": 1, "length": 1}]'}, "middle of a UTF-16 symbol"),
        ({"text": "a", "entities": '[{"type": "loud", "offset": 0, "length": 1}]'}, "unsupported type"),
        ({"text": "a", "reply_markup": "{nonsense"}, "can't parse reply markup JSON object"),
        ({"text": "a", "reply_markup": _keys("x" * 65)}, "BUTTON_DATA_INVALID"),
        ({"text": "a", "reply_markup": _keys("")}, "Text buttons are unallowed"),
        ({"text": "a", "reply_markup": json.dumps({"inline_keyboard": MANY})}, "reply markup is too long"),
        ({"text": "a", "txet": "b"}, "no parameter 'txet'"),
    ],
)
async def test_a_message_that_is_refused(api: BotApi, call: Call, values: dict[str, str], words: str) -> None:
    person = api.person(7)
    found = await call("sendMessage", chat_id=7, **values)
    assert found["error_code"] == 400
    assert words in found["description"]
    assert person.messages == []


async def test_html_is_measured_after_parsing(api: BotApi, call: Call) -> None:
    person = api.person(7)
    found = await call("sendMessage", chat_id=7, text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")
    assert found["ok"]
    assert person.last.styled("bold") == ["x" * 4096]


async def test_chats_that_cannot_be_written_to(api: BotApi, call: Call) -> None:
    assert (await call("sendMessage", chat_id=8, text="a"))["description"] == "Bad Request: chat not found"
    await api.person(7).blocks(wait=False)
    found = await call("sendMessage", chat_id=7, text="a")
    assert (found["error_code"], found["description"]) == (403, "Forbidden: bot was blocked by the user")
    assert (await call("sendMessage", text="a"))["description"] == "Bad Request: chat_id is empty"
    assert (await call("sendMessage", chat_id="x", text="a"))["description"].endswith("must be a valid Integer")


async def test_tokens_and_methods_that_nobody_knows(call: Call) -> None:
    assert (await call("getMe", token="4242:wrong"))["error_code"] == 401
    assert (await call("getMe", token="nonsense"))["error_code"] == 404
    assert (await call("sendLove"))["error_code"] == 404
    assert (await call("getme"))["ok"], "methods are the same in any case"


async def test_photos_that_are_refused(api: BotApi, call: Call) -> None:
    api.person(7)

    def image(width: int, height: int) -> bytes:
        out = io.BytesIO()
        Image.new("1", (width, height)).save(out, "PNG")
        return out.getvalue()

    for photo, words in [
        (b"no image", "IMAGE_PROCESS_FAILED"),
        (image(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (image(5001, 5000), "PHOTO_INVALID_DIMENSIONS"),
    ]:
        assert words in (await call("sendPhoto", chat_id=7, photo=photo))["description"]
    assert (await call("sendPhoto", chat_id=7, photo=bytes(10 * 2**20 + 1)))["error_code"] == 413
    sent = await call("sendDocument", chat_id=7, document=b"x")
    handle = sent["result"]["document"]["file_id"]
    found = await call("sendPhoto", chat_id=7, photo=handle)
    assert found["description"] == "Bad Request: can't use file of type Document as Photo"
    assert (
        "caption is too long"
        in (await call("sendDocument", chat_id=7, document=handle, caption="x" * 1025))["description"]
    )


async def test_an_answer_to_a_press_that_nobody_made_is_refused(call: Call) -> None:
    found = await call("answerCallbackQuery", callback_query_id="12")
    assert found["description"].startswith("Bad Request: query is too old")


async def test_a_second_poller_ends_the_first(call: Call) -> None:
    first = asyncio.create_task(call("getUpdates", timeout=5))
    await asyncio.sleep(0.1)
    await call("getUpdates", offset=-1)
    assert (await first)["error_code"] == 409
    await call("setWebhook", url="http://127.0.0.1:9/x")
    assert "webhook is active" in (await call("getUpdates"))["description"]
    assert "HTTPS" in (await call("setWebhook", url="http://example.org"))["description"]


async def test_an_offset_confirms_what_is_before_it(api: BotApi, call: Call) -> None:
    person = api.person(7)
    for text in ("one", "two"):
        await person.says(text, wait=False)
    first = (await call("getUpdates"))["result"]
    assert [update["message"]["text"] for update in first] == ["one", "two"]
    again = (await call("getUpdates"))["result"]
    assert again == first[:1], "asked for the same offset again at once, it hands out a single one"
    after = (await call("getUpdates", offset=first[1]["update_id"]))["result"]
    assert after == first[1:]


async def test_limits_count_edits_and_not_answers(api: BotApi, call: Call) -> None:
    person = api.person(7)
    sent = await call("sendMessage", chat_id=7, text="a", reply_markup=_keys("1"))
    pending = await person.presses("key", wait=False)
    assert pending
    api.limits.chat = (2, 60.0)
    number = sent["result"]["message_id"]
    for text in ("b", "c"):
        assert (await call("editMessageText", chat_id=7, message_id=number, text=text))["ok"]
    found = await call("editMessageText", chat_id=7, message_id=number, text="d")
    assert found["error_code"] == 429
    assert 0 < found["parameters"]["retry_after"] <= 60
    assert (await call("answerCallbackQuery", callback_query_id=pending.json["callback_query"]["id"]))["ok"]
    api.limits.chat, api.limits.overall = None, (1, 60.0)
    assert (await call("sendMessage", chat_id=7, text="e"))["ok"]
    assert (await call("sendMessage", chat_id=7, text="f"))["error_code"] == 429
