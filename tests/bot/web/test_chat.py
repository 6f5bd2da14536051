"""The local chat's routes: who may speak, what is pushed, what is kept, what can be loaded."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient

from bot.web.chat import ChatRoutes
from handlers.talk import Command, Press, Said, Sent

Client = TestClient[web.Request, web.Application]


def origin(client: Client) -> dict[str, str]:
    return {"Origin": f"http://{client.host}:{client.port}"}


async def say(client: Client, number: str, **said: Any) -> ClientResponse:
    return await client.post("/chat/say", json={"id": number, "role": "worker", **said}, headers=origin(client))


async def events(response: ClientResponse) -> AsyncIterator[tuple[str, Any]]:
    """What the stream says, event by event."""
    name = ""
    async for raw in response.content:
        line = raw.decode().rstrip("\n")
        if line.startswith("event: "):
            name = line[7:]
        elif line.startswith("data: "):
            yield name, json.loads(line[6:])


async def until(stream: AsyncIterator[tuple[str, Any]], wanted: str) -> Any:
    """The next event of that name."""
    async for name, data in stream:
        if name == wanted:
            return data
    raise AssertionError(f"the stream ended without {wanted}")


@pytest.fixture
async def page(client: Client) -> AsyncIterator[AsyncIterator[tuple[str, Any]]]:
    """An open page of the worker, past its greeting."""
    await client.get("/")
    async with client.get("/chat/stream?role=worker") as response:
        yield events(response)


async def test_the_page_carries_its_texts_a_session_and_strict_headers(client: Client) -> None:
    response = await client.get("/", headers={"Accept-Language": "xx, ko-KR;q=0.9"})
    text = await response.text()
    assert '<html lang="ko">' in text
    assert '"write": "Write a message"' in text
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    cookie = response.cookies[f"crowdloom_{client.port}"]
    assert (cookie["httponly"], cookie["samesite"]) == (True, "Strict")


@pytest.mark.parametrize("file", ["chat.js", "chat.css", "icon.svg", "board.js", "bubbles.js", "log.js", "stream.js"])
async def test_a_file_that_has_not_changed_is_not_sent_again(client: Client, file: str) -> None:
    first = await client.get(f"/chat/static/{file}")
    again = await client.get(f"/chat/static/{file}", headers={"If-None-Match": first.headers["ETag"]})
    assert (first.status, again.status) == (200, 304)


async def test_only_this_machine_is_served(client: Client) -> None:
    refused = await client.get("/", headers={"Host": "evil.example"})
    assert refused.status == 403


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://evil.example"}, {"Origin": "null"}])
async def test_other_pages_cannot_speak(client: Client, routes: ChatRoutes, headers: dict[str, str]) -> None:
    await client.get("/")
    said = {"id": "abcdefgh", "role": "worker", "text": "hello"}
    refused = await client.post("/chat/say", json=said, headers=headers)
    assert refused.status == 403
    assert not routes.channel.chat("x").messages


async def test_without_a_session_nothing_is_told(client: Client) -> None:
    assert (await client.get("/chat/stream?role=worker")).status == 401


async def test_a_new_page_is_greeted_once(client: Client, page: Any, bot: Any) -> None:
    assert await until(page, "hello") == {"messages": []}
    assert (await until(page, "message"))["text"] == "Welcome!"
    async with client.get("/chat/stream?role=worker") as second:
        assert len((await until(events(second), "hello"))["messages"]) == 2
    assert [incoming.event.heard for incoming in bot.heard] == [Command("start")]


async def test_a_press_is_answered_in_place_with_a_toast(client: Client, page: Any, bot: Any) -> None:
    await until(page, "message")
    item = await until(page, "message")
    key = item["keys"][0][0]
    assert (await say(client, "press-01", press=key["data"], message=item["id"])).status == 200
    edited = await until(page, "edit")
    assert edited["id"] == item["id"]
    assert edited["picture"] == {"src": f"/chat/media/{'ab' * 32}", "alt": "A red box"}
    assert await until(page, "toast") == {"press": "press-01", "text": "✓ Complaint"}
    assert bot.heard[-1].message_id == item["id"]
    picture = await client.get(edited["picture"]["src"])
    assert picture.content_type == "image/png"


async def test_the_same_post_twice_has_its_effect_once(client: Client, page: Any, bot: Any) -> None:
    await until(page, "message")
    item = await until(page, "message")
    for _ in range(2):
        assert (await say(client, "press-01", press=item["keys"][0][0]["data"], message=item["id"])).status == 200
        assert (await say(client, "text-001", text="hello")).status == 200
    heard = [incoming.event.heard for incoming in bot.heard]
    assert heard == [Command("start"), Press("0.Complaint"), Said("hello")]
    mine = [message for message in _chat(bot) if message.get("mine")]
    assert [message["text"] for message in mine] == ["hello"]


def _chat(bot: Any) -> list[dict[str, Any]]:
    user = bot.heard[0].event.sender.user
    return list(bot.channel.chat(user).messages.values())


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("/Start", Command("start")),
        ("/project  list ", Command("project", "list")),
        ("/ 5", Said("/ 5")),
        ("a/b", Said("a/b")),
    ],
)
async def test_a_slash_makes_a_command(client: Client, bot: Any, text: str, heard: object) -> None:
    await client.get("/")
    await say(client, "text-001", text=text)
    assert bot.heard[-1].event.heard == heard


async def test_each_role_is_a_person_of_its_own(client: Client, bot: Any) -> None:
    await client.get("/")
    await say(client, "text-001", text="as worker")
    await say(client, "text-002", text="as admin", role="admin")
    one, other = (incoming.event.sender.user for incoming in bot.heard)
    assert one.removesuffix("-worker") == other.removesuffix("-admin")
    assert bot.heard[0].chat == one


@pytest.mark.parametrize(
    "said",
    [
        {"role": "owner", "text": "x"},
        {"id": "../../etc", "text": "x"},
        {"id": 5, "text": "x"},
        {"text": 5},
        {"press": None},
        {},
    ],
)
async def test_what_no_page_of_ours_says_is_refused(client: Client, bot: Any, said: dict[str, Any]) -> None:
    await client.get("/")
    refused = await client.post("/chat/say", json={"id": "abcdefgh", "role": "worker", **said}, headers=origin(client))
    assert refused.status == 400
    assert not bot.heard


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff"])
async def test_a_body_that_is_no_message_is_refused(client: Client, body: bytes) -> None:
    await client.get("/")
    headers = {**origin(client), "Content-Type": "application/json"}
    assert (await client.post("/chat/say", data=body, headers=headers)).status == 400


async def test_a_file_arrives_and_comes_back_as_a_download(client: Client, page: Any, bot: Any) -> None:
    await until(page, "message")
    query = "/chat/file?role=worker&id=file-0001&name=../my%20items.csv"
    sent = await client.post(query, data=b"id,text\n1,hi\n", headers=origin(client))
    assert sent.status == 200
    assert bot.heard[-1].event.heard == Sent("document", name="my items.csv")
    file = _chat(bot)[-1]["file"]
    assert file["name"] == "copy of my items.csv"
    loaded = await client.get(file["href"])
    assert await loaded.read() == b"id,text\n1,hi\n"
    assert "copy%20of%20my%20items.csv" in loaded.headers["Content-Disposition"]


async def test_a_file_of_another_session_cannot_be_loaded(client: Client, page: Any, bot: Any) -> None:
    await until(page, "message")
    await client.post("/chat/file?role=worker&id=file-0001&name=a.csv", data=b"a", headers=origin(client))
    href = _chat(bot)[-1]["file"]["href"]
    client.session.cookie_jar.clear()
    await client.get("/")
    assert (await client.get(href)).status == 404


async def test_a_picture_sent_is_no_document(client: Client, bot: Any) -> None:
    await client.get("/")
    headers = {**origin(client), "Content-Type": "image/jpeg"}
    await client.post("/chat/file?role=admin&id=file-0001&name=a.jpg", data=b"\xff\xd8", headers=headers)
    assert (bot.heard[-1].event.heard, bot.heard[-1].file) == (Sent("photo", name="a.jpg"), "file-0001.jpg")


async def test_results_are_downloaded_under_a_name_that_says_what_they_are(client: Client) -> None:
    await client.get("/")
    loaded = await client.get("/chat/results/shop.csv")
    assert loaded.headers["Content-Disposition"].endswith("shop-results.csv")
    assert (await loaded.text()).startswith("task_id,label")
    assert (await client.get("/chat/results/other.csv")).status == 404


async def test_the_board_is_told_and_the_words_follow_the_language(
    client: Client, page: Any, routes: ChatRoutes
) -> None:
    assert (await until(page, "board"))["sum"] == "40 answers · 12 of 48 agreed"
    routes.backstage.language = "ko"  # type: ignore[attr-defined]
    assert (await (await client.get("/chat/words?role=worker")).json())["language"] == "ko"
    assert (await (await say(client, "text-001", text="hi")).json()) == {"language": "ko"}


async def test_pictures_that_were_never_shown_are_not_there(client: Client, tmp_path: Path) -> None:
    await client.get("/")
    assert (await client.get(f"/chat/media/{'cd' * 32}")).status == 404
    assert (await client.get("/chat/static/chat.py")).status == 404
    assert not (tmp_path / "in").exists()
