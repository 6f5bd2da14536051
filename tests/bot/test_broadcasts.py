"""Broadcasts as admins write them by chat: what cannot be sent, pictures, lists, two admins at one draft, approvals."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from PIL import Image

from bot.channels.recorder import Recorder
from bot.parts import Parts
from bot.wiring import Bot, build_bot
from db.session import Database
from handlers.talk import Sent
from tasks import approval
from tasks.limits import Limits
from tasks.outreach import broadcast
from tasks.outreach.broadcast import Standing
from tasks.privacy.audit import Actor
from tasks.projects.catalog import Catalog
from tasks.projects.media import MediaStore
from tests.conftest import Clock
from tests.support.bots import ANIMALS, Talker, add_project
from tests.support.outreach import people


@asynccontextmanager
async def _a_bot(
    database: Database, clock: Clock, folder: Path, limits: Limits | None = None
) -> AsyncIterator[tuple[Bot, Recorder]]:
    recorder, chance = Recorder(), random.Random(1)  # noqa: S311 - a test's chance
    media = MediaStore(folder / "media")
    parts = Parts(database, Catalog(), media, clock, chance, folder, limits=limits or Limits())
    async with build_bot(
        parts, [recorder], lambda sender: "admin" if sender.user.startswith("admin") else "", ticking=False
    ) as bot:
        yield bot, recorder
        await bot.conversations.settle()


class _Admin(Talker):
    """Somebody in charge; each step waits for what it has begun."""

    async def does(self, *steps: str) -> None:
        """Write, or press what stands in brackets."""
        for step in steps:
            if step.startswith("["):
                await self.presses(step[1:-1])
            else:
                await self.says(step)
            await self.bot.conversations.settle()

    async def sends(self, what: str, path: Path, caption: str = "") -> None:
        """A file."""
        await self.hears(Sent(what, name=path.name, path=str(path), caption=caption))
        await self.bot.conversations.settle()

    @property
    def sees(self) -> str:
        """The newest message."""
        return self.screen.text


def _standing(database: Database, number: int = 1) -> Standing:
    return database.run(lambda tx: broadcast.standing(tx, number)).result()


def _photo(folder: Path, name: str = "a.png", size: tuple[int, int] = (40, 30)) -> Path:
    path = folder / name
    Image.new("RGB", size, "teal").save(path)
    return path


async def test_what_is_too_long_changes_nothing(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    async with _a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        admin = _Admin(bot, channel, "admin", clock)
        await admin.does("/broadcast", "[New broadcast]", "가" * 5_000)
        assert "Make the text 904 characters shorter: it has 5,000, and a message holds 4,096." in admin.sees
        assert "Write the message in English." in admin.sees
        await admin.does("😀" * 2_048, "[Edit]", "[Text · English]", "😀" * 2_049)
        assert "Make the text 2 characters shorter: it has 4,098" in admin.sees
        assert _standing(sqlite_database).draft.content.variants == ({"en": "😀" * 2_048},)
        await admin.does(" \n ")
        assert "without words there is nothing to send" in admin.sees


@pytest.mark.parametrize("text", ["<b>bold", "*a* _b_ [c](d)", "&amp; {name} %s", "\u202eback"])
async def test_it_is_shown_as_it_was_typed(sqlite_database: Database, clock: Clock, tmp_path: Path, text: str) -> None:
    async with _a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        admin = _Admin(bot, channel, "admin", clock)
        await admin.does("/broadcast", "[New broadcast]", text)
        sample = next(one for one in admin.seen.messages.values() if one.text == text)
        assert sample.spans == []
        assert [[key.label for key in row] for row in sample.buttons] == [["No such messages"]]


async def test_a_picture_and_what_is_none(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    async with _a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        admin = _Admin(bot, channel, "admin", clock)
        await admin.does("/broadcast", "[New broadcast]")
        await admin.sends("photo", _photo(tmp_path))
        assert "Write the message first" in admin.sees
        await admin.sends("photo", _photo(tmp_path), caption="With its words")
        samples = [one for one in admin.seen.messages.values() if one.picture]
        assert [one.text for one in samples] == ["With its words"]
        content = _standing(sqlite_database).draft.content
        assert (content.variants, len(content.picture)) == (({"en": "With its words"},), 64)
        text = tmp_path / "b.png"
        text.write_bytes(b"no picture")
        await admin.does("[Edit]", "[Picture]")
        await admin.sends("document", text)
        assert admin.sees.startswith("Please save the picture “b.png” as JPEG, PNG")
        heavy = tmp_path / "c.jpg"
        heavy.write_bytes(b"\xff" * ((20 << 20) + 1))
        await admin.sends("document", heavy)
        assert "it has more than 20 MB" in admin.sees
        await admin.hears(Sent("document", name="d.jpg", too_big=True))
        assert "too big for a chat" in admin.sees
        assert _standing(sqlite_database).draft.content == content
        await admin.does("[Back]", "[Back]", "[Text · English]", "x" * 1_025)
        assert "1,024 fit below one" in admin.sees
        await admin.does("[Back]", "[Picture]", "[Leave the picture out]")
        assert _standing(sqlite_database).draft.content.picture == ""


async def test_a_list_of_people(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    known = people(sqlite_database, {}, {"language": "ko"}, {"language": "ko", "zone": "Asia/Seoul"})
    async with _a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        admin = _Admin(bot, channel, "admin", clock)
        await admin.does("/broadcast", "[New broadcast]", "Hello", "[Who]", "[A list]", "Ann, 12")
        assert "Line 1: write a number or channel:id: “Ann” is neither" in admin.sees
        file = tmp_path / "list.csv"
        file.write_text(f"person,name\n{known[0]},Ann\ntest:p1,Ben\n999,Cem\n", "utf-8")
        await admin.sends("document", file)
        assert "to 2 people: en 1 · ko 1" in admin.sees
        assert "1 of the list is not known here: 999" in admin.sees
        assert _standing(sqlite_database).draft.audience.people == tuple(known[:2])
        assert not [one for one in (tmp_path / "in").rglob("*") if one.is_file()]
        await admin.does("[That is right]")
        assert "한국어: 1 person reads it in English" in admin.sees
        await admin.does("[Who]", "[A list]", "998")
        assert "Nobody on this list is known here." in admin.sees
        assert _standing(sqlite_database).draft.audience.people == tuple(known[:2])


async def test_two_admins_at_one_draft(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    people(sqlite_database, {})
    async with _a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann, ben = _Admin(bot, channel, "admin-ann", clock), _Admin(bot, channel, "admin-ben", clock)
        await ann.does("/broadcast", "[New broadcast]", "As Ann wrote it")
        await ben.does("/broadcast", "[1: As Ann wrote it]", "[Edit]", "[Text · English]", "As Ben wrote it")
        await ann.does("[Send]")
        assert ann.seen.toasts[-1].startswith("Look at it once more: somebody else has changed it")
        assert any(one.text == "As Ben wrote it" for one in ann.seen.messages.values())
        assert _standing(sqlite_database).state == "draft"
        await ben.does("[When]", "[In waves]", "5 10")
        await ann.does("[Edit]", "[Text · English]", "As Ann wants it")
        assert "somebody else has changed it" in ann.sees
        assert _standing(sqlite_database).draft.content.variants == ({"en": "As Ben wrote it"},)
        await ann.does("[Send]")
        assert _standing(sqlite_database).state == "choosing"
        await ben.does("[Send]")
        assert _standing(sqlite_database).state == "choosing"


async def test_very_many_people_need_a_second_admin(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    people(sqlite_database, {}, {})
    async with _a_bot(sqlite_database, clock, tmp_path, Limits(people=1)) as (bot, channel):
        ann, ben = _Admin(bot, channel, "admin-ann", clock), _Admin(bot, channel, "admin-ben", clock)
        await ben.does("/start")
        await ann.does("/broadcast", "[New broadcast]", "Hello", "[Send]")
        assert "waits for a second admin" in ann.sees
        assert _standing(sqlite_database).state == "waiting"
        asked = sqlite_database.run(lambda tx: approval.waiting(tx, clock())).result()
        assert [(one.what, one.people) for one in asked] == [("broadcast", 2)]

        def decide(number: int, *, accept: bool) -> approval.Decided:
            return sqlite_database.run(
                lambda tx: approval.decide(
                    tx, Catalog(), Actor(1, "test"), number, clock(), accept=accept, why="not now", given=_given
                )
            ).result()

        assert not decide(asked[0].id, accept=False).done
        assert _standing(sqlite_database).state == "draft"
        await ann.does("[Look again]", "[Send]")
        again = sqlite_database.run(lambda tx: approval.waiting(tx, clock())).result()
        await ann.does("[When]", "[12:00]")
        assert _standing(sqlite_database).state == "draft"
        assert not decide(again[0].id, accept=True).done
        await ann.does("[Send]")
        last = sqlite_database.run(lambda tx: approval.waiting(tx, clock())).result()
        assert decide(last[0].id, accept=True).done
        assert _standing(sqlite_database).state == "choosing"


def _given(_channel: str, user: str) -> str:
    return "admin" if user.startswith("admin") else ""


async def test_it_is_tried_on_who_wrote_it_alone(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    people(sqlite_database, {})
    async with _a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        admin = _Admin(bot, channel, "admin", clock)
        await admin.does("/broadcast", "[New broadcast]", "Hello", "[Try it on me]")
        assert sum(one.text == "Hello" for one in admin.seen.messages.values()) == 2
        assert "Only you have got it." in admin.seen.toasts[-1]
        assert not channel.chats["p0"].messages


async def test_an_audience_of_none_cannot_be_sent_to(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    add_project(sqlite_database, {**ANIMALS, "audience": {"gate": 4}}, [{"caption": "a"}], clock())
    async with _a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        admin = _Admin(bot, channel, "admin", clock)
        await admin.does("/broadcast", "[New broadcast]", "Hello", "[Who]", "[As a project asks for]")
        await admin.does("[Which animal?]")
        assert "It reaches nobody." in admin.sees
        assert "at least: proven" in admin.sees
        await admin.does("[That is right]")
        keys = [key.label for row in admin.screen.buttons for key in row]
        assert (keys[0], "Send" in keys) == ("Who", False)


async def test_a_project_is_its_own_audience_and_first_key(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    add_project(sqlite_database, {**ANIMALS, "audience": {"languages": ["ko"]}}, [{"caption": "a"}], clock())
    people(sqlite_database, {"language": "ko"}, {})
    async with _a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        admin = _Admin(bot, channel, "admin", clock)
        await admin.does("/broadcast", "[New broadcast]", "Hello", "[Edit]", "[Project]", "[Which animal?]")
        await admin.does("[Edit]", "[Keys]", "Rules https://example.org/rules")
        shown = next(one for one in reversed(admin.seen.messages.values()) if one.text == "Hello")
        labels = [[key.label for key in row] for row in shown.buttons]
        assert labels == [["Open: Which animal?"], ["Rules"], ["No such messages"]]
        await admin.does("[Edit]", "[Keys]", "Read http://")
        assert "an address with https://" in admin.sees


async def test_a_project_file_is_heard_here_too(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    async with _a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        admin = _Admin(bot, channel, "admin", clock)
        await admin.does("/broadcast")
        file = tmp_path / "fruit.yaml"
        file.write_text("id: fruit\ntitle: Fruit?\nkind: rating\nshow: {text: name}\n", "utf-8")
        await admin.sends("document", file)
        assert "Fruit?" in admin.sees


async def test_an_old_count_is_counted_again_before_it_is_sent(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    people(sqlite_database, {})
    async with _a_bot(sqlite_database, clock, tmp_path, Limits(people=1)) as (bot, channel):
        admin = _Admin(bot, channel, "admin", clock)
        await admin.does("/broadcast", "[New broadcast]", "Hello")
        people(sqlite_database, {"external_id": "late"})
        clock.pass_ms(2 * 3_600_000)
        await admin.does("[Send]")
        assert "to 2 people" in admin.sees
        assert _standing(sqlite_database).state == "draft"
        await admin.does("[Send]")
        assert _standing(sqlite_database).state == "waiting"
