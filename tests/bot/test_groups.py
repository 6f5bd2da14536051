"""A group of reviewers through the whole bot: who votes, what is shown before and after, what is refused and why."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.channel import Message
from bot.channels.recorder import Recorder
from bot.wiring import Bot
from db.session import Database
from handlers.talk import Press
from tests.conftest import Clock
from tests.support.bots import ANIMALS, Talker, a_bot, add_project

GROUP = "-100"
_SPEC = {**ANIMALS, "overlap": 2, "reward": {"answer": "20", "vote": "10", "currency": "KRW"}}
_MINUTE = 60_000


@dataclass
class Group:
    """The group as its members see it."""

    bot: Bot
    channel: Recorder
    database: Database
    clock: Clock
    language: str = "en"
    people: dict[str, Talker] = field(default_factory=dict)

    def who(self, user: str) -> Talker:
        """A member."""
        return self.people.setdefault(user, Talker(self.bot, self.channel, user, self.clock, self.language))

    async def says(self, user: str, words: str) -> None:
        """They write it in the group."""
        await self.who(user).says(words, group=GROUP)

    async def taps(self, user: str, label: str, message: str = "") -> str:
        """They press a key of the group's message; the toast."""
        self.clock.pass_ms(_MINUTE)
        seen = self.channel.chats[GROUP]
        button, before = seen.button(label), len(self.toasts)
        where = message or seen.last_id
        await self.who(user).hears(Press(button.data), group=GROUP, press=GROUP, message_id=where)
        return self.toasts[-1] if len(self.toasts) > before else ""

    @property
    def toasts(self) -> list[str]:
        """All that popped up."""
        return self.channel.chats[GROUP].toasts

    @property
    def messages(self) -> list[Message]:
        """What stands there, the oldest first."""
        return list(self.channel.chats[GROUP].messages.values())

    def rows(self, sql: str) -> list[Any]:
        """Rows."""
        return self.database.run(lambda tx: [tuple(row) for row in tx.connection.execute(text(sql))]).result()


@pytest.fixture
async def group(database: Database, clock: Clock, tmp_path: Path) -> AsyncIterator[Group]:
    """Two disputed items, an admin, three reviewers who have spoken to the bot; votes are asked for here."""
    rows = [{"id": f"t{n}", "caption": f"animal {n}"} for n in (1, 2)]
    add_project(database, _SPEC, rows, clock())
    async with a_bot(database, clock, tmp_path) as (bot, channel):
        found = Group(bot, channel, database, clock)
        for user, label in (("ann", "Cat"), ("bob", "Dog")):
            await found.who(user).joins()
            await found.who(user).presses(label)
        for user in ("admin", "reviewer1", "reviewer2", "reviewer3"):
            await found.who(user).says("/start")
        await found.says("admin", "/review here")
        yield found


async def test_a_dispute_is_posted_voted_on_and_revealed_and_the_next_comes(group: Group) -> None:
    assert "animal 1" in group.messages[-1].text
    assert "0 of 3 votes" in group.messages[-1].text
    keys = [[button.label for button in row] for row in group.messages[-1].buttons]
    assert sorted(key[4:] for row in keys[:2] for key in row) == ["Cat", "Dog"]
    assert keys[2] == ["The item is at fault", "Another one"]
    assert await group.taps("reviewer1", "Cat") == "✓ Cat. Tap another key to change it, until the verdict."
    assert "1 of 3 votes" in group.messages[-1].text
    assert "Reviewer" not in group.messages[-1].text, "no contents before the verdict"
    await group.taps("reviewer2", "Dog")
    await group.taps("reviewer2", "Cat")
    assert "2 of 3 votes" in group.messages[-1].text, "a change is no second vote"
    assert await group.taps("reviewer3", "Cat") == "✓ Cat"
    revealed, posted = group.messages[-2:]
    assert "Decided" in revealed.text
    assert "The verdict: Cat" in revealed.text
    assert revealed.text.count("· Cat") == 3
    assert not revealed.buttons
    assert "Nothing to vote on just now." in posted.text
    assert group.rows("SELECT status, method, label FROM task WHERE id = 1") == [("decided", "verdict", '"cat"')]
    assert group.rows("SELECT SUM(balance) FROM account WHERE kind = 'payable'") == [(30,)]
    assert group.rows("SELECT COUNT(*) FROM vote WHERE state = 'voted'") == [(3,)]
    assert group.rows("SELECT SUM(fast) FROM reviewer") == [(0,)], "what stood there could be read"


async def test_who_does_not_vote_here_is_told_why(group: Group) -> None:
    assert await group.taps("ann", "Cat") == "Only reviewers vote here."
    assert "private chat first" in await group.taps("stranger", "Cat")
    assert group.rows("SELECT COUNT(*) FROM person WHERE external_id = 'stranger'") == [(0,)]
    assert group.rows("SELECT COUNT(*) FROM vote") == [(0,)]


async def test_whoever_answered_it_does_not_vote_on_it(group: Group) -> None:
    group.rows("UPDATE person SET role = 'reviewer' WHERE external_id = 'ann' RETURNING id")
    assert "not yours to decide" in await group.taps("ann", "Cat")
    assert group.rows("SELECT COUNT(*) FROM vote") == [(0,)]


async def test_a_suspended_reviewer_does_not_vote(group: Group) -> None:
    group.rows("UPDATE person SET role = 'reviewer', suspended_at = 1 WHERE external_id = 'bob' RETURNING id")
    assert await group.taps("bob", "Cat") == "Only reviewers vote here."


async def test_a_fault_can_be_voted_for(group: Group) -> None:
    for user in ("reviewer1", "reviewer2", "reviewer3"):
        await group.taps(user, "The item is at fault")
        await group.taps(user, "The item is unclear")
    assert group.rows("SELECT status, method FROM task WHERE id = 1") == [("decided", "fault: unclear")]
    assert "The verdict: The item is unclear" in group.messages[-2].text


async def test_a_key_of_an_earlier_message_says_so(group: Group) -> None:
    earlier = group.channel.chats[GROUP].last_id
    await group.says("reviewer1", "/review")
    assert "newest message" in await group.taps("reviewer1", "Cat", earlier)
    assert group.rows("SELECT COUNT(*) FROM vote") == [(0,)]


async def test_what_was_decided_in_private_meanwhile_is_revealed_at_the_next_tap(group: Group) -> None:
    for user in ("reviewer1", "reviewer2", "reviewer3"):
        await group.who(user).says("/review")
        await group.who(user).presses("Vote: Which animal?")
        label = next(b.label for row in group.who(user).screen.buttons for b in row if b.label.endswith("Dog"))
        await group.who(user).presses(label)
    assert "decided meanwhile" in await group.taps("admin", "Cat")
    assert "The verdict: Dog" in group.messages[-2].text


async def test_a_seat_that_others_hold_is_not_taken(group: Group) -> None:
    for user in ("reviewer1", "reviewer2", "reviewer3"):
        await group.who(user).says("/review")
        await group.who(user).presses("Vote: Which animal?")
    assert "as many as are needed" in await group.taps("admin", "Cat")


async def test_only_an_admin_begins_and_ends_it(group: Group) -> None:
    await group.says("reviewer1", "/review stop")
    assert group.rows("SELECT reviews FROM group_chat") == [(True,)]
    await group.says("admin", "/review stop")
    assert "no longer" in group.messages[-1].text
    count = len(group.messages)
    await group.says("reviewer1", "/review here")
    await group.says("reviewer1", "hello")
    assert len(group.messages) == count
    assert not group.rows("SELECT reviews FROM group_chat")[0][0]


async def test_other_groups_are_told_once_that_work_is_done_in_private(group: Group) -> None:
    for words in ("hello", "/review", "/review here"):
        await group.who("reviewer1").says(words, group="-200")
    seen = group.channel.chats["-200"].messages.values()
    assert [message.text for message in seen] == ["Write to me in a private chat to work here: in groups I stay quiet."]


async def test_the_group_speaks_the_language_of_the_admin(group: Group) -> None:
    await group.who("admin").says("/language")
    await group.who("admin").presses("한국어")
    await group.says("admin", "/review here")
    assert "3표 중 0표" in group.messages[-1].text
    assert await group.taps("reviewer1", "고양이") == "✓ 고양이. 결정되기 전에는 다른 버튼을 눌러 바꿀 수 있어요."
