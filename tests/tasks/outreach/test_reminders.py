"""Reminders: what brings them about, whether they are still wanted when it comes to sending, and when that is."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

import pytest

from db.session import Database
from tasks.assignment.deal import Offer, offer
from tasks.notices import take, tell, tell_together
from tasks.outreach import reminders
from tasks.outreach.queue import Go, remind
from tasks.outreach.switches import switch, switches
from tasks.projects import lifecycle
from tasks.qualification.endings import TOPIC
from tasks.words import Join, Text, _
from tests.conftest import NOON, Clock
from tests.support.bots import ANIMALS, add_project
from tests.support.outreach import people
from tests.support.reminded import Post

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
WORDS = _("Nothing to do just now.")
_ADULT = {"age": 18, "joined_at": NOON - 600_000}


@pytest.fixture
def post(database: Database, clock: Clock) -> Post:
    return Post(database, clock)


def _run(post: Post, work: Callable[..., Any], *given: Any, **named: Any) -> Any:
    return post.database.run(lambda tx: work(tx, *given, **named)).result()


def _queue(post: Post, person: int, topic: str = "digest", cause: str = "c", **changes: Any) -> None:
    assert _run(post, remind, person, topic, cause, WORDS, post.clock(), **changes)


# --------------------------------------------------------------------------- notices


def test_a_notice_is_told_by_a_message_once_it_has_waited(post: Post) -> None:
    (one,) = people(post.database, {})
    _run(post, tell, one, WORDS, post.clock())
    post.look()
    assert not post.queued(), "it may be told in the chat still"
    post.clock.pass_ms(3 * _MINUTE)
    post.look()
    post.look()
    (found,) = post.queued()
    assert (found.person, found.topic) == (one, "notice")
    assert post.post() == [(Join([WORDS], "\n\n"), Go(_("To the projects"), "menu.projects"))]
    assert not _run(post, take, one), "it is not told again"
    post.clock.pass_ms(_HOUR)
    post.look()
    assert not post.queued()


def test_the_next_notice_comes_too(post: Post) -> None:
    """Its number may be one that was there before."""
    (one,) = people(post.database, {})
    for _time in range(3):
        _run(post, tell, one, WORDS, post.clock())
        post.clock.pass_ms(3 * _MINUTE)
        post.look()
        assert len(post.post()) == 1


def test_a_notice_that_grows_is_queued_once(post: Post) -> None:
    (one,) = people(post.database, {"zone": "UTC", "quiet_from": 0, "quiet_until": 1439})
    for _time in range(3):
        _run(post, tell_together, one, "verdicts", lambda n, _before: str(n), post.clock())
        post.clock.pass_ms(3 * _MINUTE)
        post.look()
    assert len(post.queued()) == 1


def test_what_waits_comes_together_and_leads_on(post: Post) -> None:
    (one,) = people(post.database, {})
    _run(post, tell, one, WORDS, post.clock(), TOPIC)
    _run(post, tell_together, one, "payouts", lambda _n, _before: _("Wallet"), post.clock())
    post.clock.pass_ms(3 * _MINUTE)
    post.look()
    assert {found.topic for found in post.queued()} == {"notice", "qualification"}
    ((words, go),) = post.post()
    assert words == Join([WORDS, _("Wallet")], "\n\n")
    assert go == Go(_("Wallet"), "wallet.show")
    assert not post.queued(), "the other had nothing left to say"


def test_what_was_read_meanwhile_is_not_sent(post: Post) -> None:
    (one,) = people(post.database, {})
    _run(post, tell, one, WORDS, post.clock())
    post.clock.pass_ms(3 * _MINUTE)
    post.look()
    _run(post, take, one)
    assert not post.post()
    assert [found.state for found in post.queued("dropped")] == ["dropped"]


def test_what_is_muted_waits_until_they_come(post: Post) -> None:
    (one,) = people(post.database, {})
    _run(post, switch, one, "qualification", on=False)
    _run(post, tell, one, WORDS, post.clock(), TOPIC)
    _run(post, tell, one, _("Wallet"), post.clock())
    post.clock.pass_ms(3 * _MINUTE)
    post.look()
    assert [words for words, _go in post.post()] == [Join([_("Wallet")], "\n\n")]
    assert list(_run(post, take, one)) == [WORDS]


def test_what_could_not_be_sent_waits_again(post: Post) -> None:
    (one,) = people(post.database, {})
    _run(post, tell, one, WORDS, post.clock())
    post.clock.pass_ms(3 * _MINUTE)
    post.look()
    (found,) = post.queued()
    assert post.when(found) == post.clock(), "taken"
    (taken,) = post.queued()
    assert post.when(taken) == post.clock(), "taken again after a crash: it still has its words"
    post.change("UPDATE person SET blocked_at = 1")
    assert post.when(taken) is None
    assert list(_run(post, take, one)) == [Join([WORDS], "\n\n")]


def test_old_notices_are_left_alone(post: Post) -> None:
    (one,) = people(post.database, {})
    _run(post, tell, one, WORDS, post.clock())
    post.clock.pass_ms(2 * _DAY)
    post.look()
    assert not post.queued()


# --------------------------------------------------------------------------- items left open


def _leaves_an_item(post: Post, one: int, lease: str = "15m") -> int:
    spec = {**ANIMALS, "limits": {"lease": lease}}
    project = add_project(post.database, spec, [{"id": "t1", "caption": "one"}], post.clock())
    known = _run(post, post.catalog.get, project)
    found = _run(post, offer, known, one, post.clock(), Random(1))  # noqa: S311 - the same chance in each run
    assert isinstance(found, Offer)
    return project


def test_an_item_left_open_is_named_once_some_minutes_before_it_goes(post: Post) -> None:
    (one,) = people(post.database, {})
    project = _leaves_an_item(post, one)
    post.clock.pass_ms(9 * _MINUTE)
    post.look()
    assert not post.queued(), "there is time"
    post.clock.pass_ms(2 * _MINUTE)
    post.look()
    post.look()
    ((words, go),) = post.post()
    assert isinstance(words, Text)
    assert "left an item open" in words.message
    assert go == Go(_("Go on"), "work.take_up", project)
    post.look()
    assert not post.queued()


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE assignment SET state = 'answered'",
        "UPDATE assignment SET lease_ends = 1",
        "UPDATE project SET state = 'closed'",
        "UPDATE person SET suspended_at = 1",
        "UPDATE person SET muted = '[\"assignment\"]'",
        "UPDATE person SET consent = ''",
        "UPDATE person SET blocked_at = 1",
    ],
)
def test_an_item_that_is_no_longer_theirs_is_not_named(post: Post, meanwhile: str) -> None:
    (one,) = people(post.database, {})
    _leaves_an_item(post, one)
    post.clock.pass_ms(11 * _MINUTE)
    post.look()
    (found,) = post.queued()
    post.change(meanwhile)
    assert post.when(found) is None


def test_nobody_is_reminded_of_a_short_lease_or_while_at_work(post: Post) -> None:
    one, other = people(post.database, {}, {})
    _leaves_an_item(post, one, "9m")
    post.change(
        "UPDATE conversation SET seen_at = :now WHERE person_id = :one", now=post.clock() + 7 * _MINUTE, one=one
    )
    post.clock.pass_ms(8 * _MINUTE)
    post.look()
    assert not post.queued()
    assert other


# --------------------------------------------------------------------------- new work


def _opens(post: Post, **changes: Any) -> int:
    spec = {**ANIMALS, **changes}
    project = add_project(post.database, spec, [{"id": "t1", "caption": "one"}], post.clock(), "draft")
    _run(post, lifecycle.launch, post.catalog, spec["id"], post.clock())
    return project


def _away(post: Post) -> None:
    post.change("UPDATE conversation SET seen_at = :at", at=post.clock() - _DAY)


def test_new_work_comes_together_once_a_day_to_whom_it_fits(post: Post) -> None:
    one, other, _third = people(post.database, _ADULT, {**_ADULT, "language": "ko"}, {**_ADULT, "gate": 0})
    _away(post)
    first = _opens(post, audience={"languages": ["en"]})
    _opens(post, id="korean", audience={"languages": ["ko"]})
    _opens(post, id="second", title="Second", audience={"languages": ["en"], "gate": 1})
    post.look()
    assert not post.queued(), "it may be a mistake"
    post.clock.pass_ms(11 * _MINUTE)
    post.look()
    post.post()
    assert [(person, topic) for person, topic, *_rest in post.sent] == [(one, "new"), (other, "new")]
    words = post.sent[0][3]
    assert isinstance(words, Join)
    assert len(words.parts) == 3
    post.clock.pass_ms(_HOUR)
    _opens(post, id="third", title="Third", audience={"languages": ["en"]})
    post.clock.pass_ms(11 * _MINUTE)
    post.look()
    assert not [queued for queued in post.queued() if queued.person == one], "one a day"
    post.clock.pass_ms(_DAY - 2 * _HOUR)
    post.look()
    (found,) = [queued for queued in post.queued() if queued.person == one]
    assert found.due_at <= post.clock()
    ((words, go),) = post.post()
    assert isinstance(words, Join)
    assert len(words.parts) == 2
    assert go is not None
    assert go.to == "work.choose"
    assert first != go.value


@pytest.mark.parametrize(
    "meanwhile",
    [
        "UPDATE project SET state = 'paused'",
        "UPDATE project SET opened_at = opened_at - 600001",
        "UPDATE person SET likes = '[\"topic:Food\"]'",
        "UPDATE tally SET agreed = tasks",
        """INSERT INTO enrolment (project_id, worker_id, joined_at, cursor, gold_cursor, returned_cursor, day, today,
        answered, skipped, seen, correct, gold_seen, gold_correct) SELECT id, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0
        FROM project""",
    ],
)
def test_new_work_that_does_not_fit_any_more(post: Post, meanwhile: str) -> None:
    people(post.database, _ADULT)
    _away(post)
    _opens(post)
    post.clock.pass_ms(11 * _MINUTE)
    post.look()
    (found,) = post.queued()
    post.change(meanwhile)
    assert post.when(found) is None


def test_new_work_that_fits(post: Post) -> None:
    people(post.database, _ADULT)
    _away(post)
    project = _opens(post)
    post.clock.pass_ms(11 * _MINUTE)
    post.look()
    (found,) = post.queued()
    assert post.when(found) == post.clock()
    ((_words, go),) = post.post()
    assert go == Go(_("Have a look"), "work.choose", project)


@pytest.mark.parametrize(("changes", "hour"), [({}, 9), ({"quiet_from": 1380, "quiet_until": 420}, 7)])
def test_new_work_comes_by_day(post: Post, changes: dict[str, int], hour: int) -> None:
    people(post.database, {**_ADULT, "zone": "Asia/Seoul", **changes})
    _away(post)
    _at(post, 26)
    _opens(post)
    post.clock.pass_ms(11 * _MINUTE)
    post.look()
    assert not post.post()
    (found,) = post.queued()
    assert (found.due_at // _HOUR + 9) % 24 == hour


def test_new_work_waits_for_the_end_of_a_pause(post: Post) -> None:
    people(post.database, {**_ADULT, "paused_until": NOON + 5 * _HOUR})
    _away(post)
    project = _opens(post)
    post.clock.pass_ms(11 * _MINUTE)
    post.look()
    (found,) = post.queued()
    assert post.when(found) == NOON + 5 * _HOUR
    post.clock.pass_ms(5 * _HOUR)
    ((_words, go),) = post.post()
    assert go == Go(_("Have a look"), "work.choose", project)


def test_who_has_charge_is_not_told_of_what_they_opened(post: Post) -> None:
    people(post.database, {**_ADULT, "role": "admin"})
    _away(post)
    _opens(post)
    post.clock.pass_ms(11 * _MINUTE)
    post.look()
    assert not post.post()


def test_a_pause_of_an_hour_makes_nothing_new(post: Post) -> None:
    people(post.database, {})
    _away(post)
    _opens(post)
    post.clock.pass_ms(3 * _DAY)
    _run(post, lifecycle.pause, post.catalog, "animals", post.clock())
    post.clock.pass_ms(_HOUR)
    _run(post, lifecycle.launch, post.catalog, "animals", post.clock())
    post.clock.pass_ms(11 * _MINUTE)
    post.look()
    assert not post.queued()
    _run(post, lifecycle.pause, post.catalog, "animals", post.clock())
    post.clock.pass_ms(_DAY)
    _run(post, lifecycle.launch, post.catalog, "animals", post.clock())
    post.clock.pass_ms(11 * _MINUTE)
    post.look()
    assert len(post.queued()) == 1


def test_only_the_invited_hear_of_a_project_for_the_invited(post: Post) -> None:
    one, _other = people(post.database, _ADULT, _ADULT)
    _away(post)
    project = _opens(post, audience={"invited": True})
    post.change(
        "INSERT INTO invitation (code, project_id, used, made_at) VALUES ('abc', :project, 1, 1)", project=project
    )
    post.change("INSERT INTO invited (code, person_id, at) VALUES ('abc', :one, 1)", one=one)
    post.clock.pass_ms(11 * _MINUTE)
    post.look()
    assert [found.person for found in post.queued()] == [one]
    assert len(post.post()) == 1


def test_whoever_was_not_here_for_a_month_is_left_alone(post: Post) -> None:
    people(post.database, {"seen_day": NOON // _DAY - 31})
    _opens(post)
    post.clock.pass_ms(11 * _MINUTE)
    post.look()
    assert not post.queued()


# --------------------------------------------------------------------------- when


def _at(post: Post, hour: int) -> None:
    """It is so late in Seoul."""
    day = (post.clock() + 9 * _HOUR) // _DAY
    post.clock.now = day * _DAY + hour * _HOUR - 9 * _HOUR


def test_quiet_hours_and_the_day_are_their_own(post: Post) -> None:
    (one,) = people(post.database, {"zone": "Asia/Seoul", "quiet_from": 22 * 60, "quiet_until": 8 * 60})
    _at(post, 23)
    for number in range(5):
        _queue(post, one, "notice", f"notice:{number}")
    assert not post.post()
    post.clock.pass_ms(9 * _HOUR)
    assert len(post.post()) == 3
    assert {found.due_at - post.clock() for found in post.queued()} == {25 * _HOUR}, "tomorrow at nine"
    post.clock.pass_ms(25 * _HOUR)
    assert len(post.post()) == 2


def test_news_and_what_was_ordered_count_and_are_not_held_back(post: Post) -> None:
    (one,) = people(post.database, {})
    for number in range(4):
        _queue(post, one, "digest", f"d{number}")
    _queue(post, one, "notice", "notice:1")
    _queue(post, one, "notice", "broadcast:1")
    assert len(post.post()) == 5
    assert [found.cause for found in post.queued()] == ["notice:1"]


def test_an_operator_may_have_none(post: Post) -> None:
    (one,) = people(post.database, {})
    post.per_day = 0
    _queue(post, one, "digest", "d")
    _queue(post, one, "notice", "notice:1")
    assert len(post.post()) == 1
    assert not post.queued()


def test_nothing_comes_between_two_items(post: Post) -> None:
    (one,) = people(post.database, {})
    post.change("UPDATE conversation SET seen_at = :at", at=post.clock() - _MINUTE)
    _queue(post, one, "notice")
    assert not post.post()
    post.clock.pass_ms(2 * _MINUTE)
    assert len(post.post()) == 1


def test_who_blocked_the_bot_gets_nothing_old(post: Post) -> None:
    (one,) = people(post.database, {})
    _queue(post, one, "notice")
    post.clock.pass_ms(reminders.STALE_MS + 1)
    assert not post.post()
    assert not post.queued()


def test_who_is_suspended_is_still_answered(post: Post) -> None:
    (one,) = people(post.database, {"suspended_at": 1})
    _queue(post, one, "notice", "n")
    _queue(post, one, "qualification", "q")
    _queue(post, one, "new", "w")
    assert len(post.post()) == 2


def test_of_somebody_who_is_erased_nothing_is_left(post: Post) -> None:
    (one,) = people(post.database, {})
    _queue(post, one, "notice")
    (found,) = post.queued()
    post.change("DELETE FROM conversation")
    post.change("UPDATE person SET erased_at = 1")
    assert post.when(found) is None


# --------------------------------------------------------------------------- switches


def test_switches_are_each_their_own(post: Post) -> None:
    (one,) = people(post.database, {})
    assert [topic for topic, on in _run(post, switches, one, "worker").items() if not on] == ["digest"]
    assert all(_run(post, switches, one, "requester").values())
    _run(post, switch, one, "digest", on=True)
    _run(post, switch, one, "broadcast", on=False)
    _run(post, switch, one, "nonsense", on=False)
    assert [topic for topic, on in _run(post, switches, one, "worker").items() if not on] == ["broadcast"]
    _run(post, switch, one, "digest", on=False)
    assert not _run(post, switches, one, "admin")["digest"]
