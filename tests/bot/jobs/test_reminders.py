"""The look for what there is to remind of: everything once, whoever looks, however often, however many there are."""

from __future__ import annotations

from typing import Any

import pytest

from bot.jobs.reminders import Reminders
from db.session import Database
from tasks.notices import tell
from tasks.outreach import occasions
from tasks.projects import lifecycle
from tasks.projects.catalog import Catalog
from tests.conftest import Clock
from tests.support.bots import ANIMALS, add_project
from tests.support.outreach import people
from tests.support.reminded import Post

_MINUTE = 60_000


@pytest.fixture
def post(database: Database, clock: Clock) -> Post:
    return Post(database, clock)


def _reminders(post: Post) -> Reminders:
    return Reminders(post.database, post.catalog, post.clock)


def _tell(post: Post, person: int) -> None:
    post.database.run(lambda tx: tell(tx, person, "a notice", post.clock())).result()


async def test_many_notices_are_looked_at_in_turns(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(occasions, "AT_ONCE", 2)
    everybody = people(post.database, *([{}] * 5))
    for person in everybody:
        _tell(post, person)
    post.clock.pass_ms(3 * _MINUTE)
    looks = _reminders(post)
    await looks.all()
    await looks.all()
    assert [found.person for found in post.queued()] == everybody


async def test_who_was_here_when_it_came_is_looked_at_again_later(post: Post) -> None:
    (one,) = people(post.database, {})
    looks = _reminders(post)
    _tell(post, one)
    post.change("UPDATE conversation SET seen_at = :now", now=post.clock() + 5 * _MINUTE)
    for minute in range(1, 8):
        post.clock.pass_ms(_MINUTE)
        await looks.all()
        assert bool(post.queued()) == (minute == 7)
    for _minute in range(15):
        post.clock.pass_ms(_MINUTE)
        await looks.all()
    assert len(post.queued()) == 1


async def test_another_process_goes_on_and_reminds_of_nothing_twice(
    post: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(occasions, "PEOPLE_AT_ONCE", 2)
    everybody = people(post.database, *([{"age": 18}] * 5))
    add_project(post.database, ANIMALS, [{"id": "t1", "caption": "one"}], post.clock(), "draft")
    post.database.run(lambda tx: lifecycle.launch(tx, Catalog(), "animals", post.clock())).result()
    post.clock.pass_ms(11 * _MINUTE)
    seen: list[Any] = []
    real = occasions.new_work

    def watched(*given: Any) -> None:
        seen.append(given[3])
        if len(seen) == 2:
            raise RuntimeError("killed")
        real(*given)

    monkeypatch.setattr(occasions, "new_work", watched)
    with pytest.raises(RuntimeError):
        await _reminders(post).all()
    looks = _reminders(post)
    await looks.all()
    await looks.all()
    assert seen == [0, 2, 0, 2, 4], "once through all, then no more"
    assert [found.person for found in post.queued()] == everybody
