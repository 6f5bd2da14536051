"""Many answers rejected at once: what it would cost and whom, two admins, turns that a crash goes on from."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

import pytest

from bot.jobs.reviews import Reviews
from bot.translate import Translator
from db.errors import InputError
from db.queries import staff as people
from db.queries.cases import Case
from db.session import Database, Tx
from db.statement import change
from tasks import cases, staff
from tasks.charge import the_shell
from tasks.notices import take
from tasks.privacy.audit import SHELL, Actor
from tasks.privacy.erase import forget
from tasks.projects import lifecycle
from tasks.projects.catalog import Known
from tasks.review import appeals, mass, rejecting, returned
from tasks.review.appeals import AppealWordsError, NotSentBackError
from tasks.review.mass import (
    ClosedError,
    DecidedError,
    NothingToRejectError,
    SameAdminError,
    ShellTwiceError,
    UnknownReasonError,
    WaitsAlreadyError,
)
from tasks.review.mass_cost import Cost, preview
from tasks.staff import NoReasonError, YourselfError
from tests.conftest import NOON
from tests.property.rig import chance
from tests.tasks.review.appealing import (
    ANSWER,
    a_room_of_rejections,
    appealed,
    balances,
    case_of,
    decide,
    stands,
)
from tests.tasks.review.disputes import CASES, Room

_RELEASED = change("UPDATE answer SET due_at = NULL WHERE task_id = :task AND worker_id = :worker")
_TASKS = 3


@pytest.fixture
def room(database: Database) -> Room:
    return a_room_of_rejections(database, overlap=2)


def _admin(room: Room, n: int) -> Actor:
    return Actor(room.reviewers[n].id, "test")


def _worked(room: Room) -> tuple[int, int]:
    """Both workers answer everything."""
    one, other = room.rig.workers
    for worker in (one, other):
        for _ in range(_TASKS):
            room.answer(worker, "cat" if worker == one else "dog")
    return one, other


def _propose(room: Room, worker: int | None, actor: Actor | None = None, **changed: Any) -> int:
    wanted: dict[str, Any] = {"keys": ["blurred"], "why": "All answers are the same.", **changed}

    def turn(tx: Tx, known: Known) -> int:
        person = staff.find(tx, str(worker)) if worker else None
        asked = mass.Wanted(person, wanted["keys"], wanted["why"])
        return mass.propose(tx, known, actor or _admin(room, 0), asked, cost, room.now).id

    cost = _preview(room, worker, wanted["keys"], room.now)
    return room.run(turn)


def _preview(room: Room, worker: int | None, keys: list[str], now: int) -> Cost:
    known = room.run(lambda _tx, known: known)
    with room.rig.database.reading() as reader:
        return preview(reader, known, worker, keys, now)


def _confirm(room: Room, number: int, actor: Actor | None = None) -> None:
    who = actor or _admin(room, 1)
    room.run(lambda tx, _known: mass.confirm(tx, room.rig.catalog, who, number, room.now))


def _step(room: Room) -> bool:
    return room.run(lambda tx, _known: mass.carry_on(tx, room.rig.catalog, room.now))


def _all(room: Room) -> int:
    steps = 0
    while _step(room):
        steps += 1
    return steps


def _answers(room: Room, worker: int) -> list[tuple[str, bool | None]]:
    row = {"project": room.rig.known_id, "worker": worker}
    found = room.run(lambda tx, _known: [tx.one(ANSWER, task=task, **row) for task in range(1, _TASKS + 1)])
    return [(one.state, one.rejected) for one in found if one]


def _refused(error: type[InputError], deed: Callable[[], object]) -> None:
    with pytest.raises(error):
        deed()


def test_what_it_would_cost_and_whom(room: Room) -> None:
    one, other = _worked(room)
    room.run(lambda tx, _known: tx.run(_RELEASED, task=1, worker=one))
    cost = _preview(room, one, ["blurred"], NOON)
    assert (cost.answers, cost.people, cost.amount, cost.paid) == (3, 1, 20, 1)  # half of 20 stays theirs
    cost = _preview(room, None, ["blurred"], NOON)
    assert (cost.answers, cost.people, cost.amount, cost.paid) == (6, 2, 50, 1)
    assert [(row.worker, row.answers) for row in cost.most_of] == [(one, 3), (other, 3)]
    assert _preview(room, one, ["blurred"], NOON - 1).answers == 0


def test_two_admins_reject_and_the_worker_is_told_once(room: Room) -> None:
    one, other = _worked(room)
    number = _propose(room, one)
    assert not _step(room)
    _confirm(room, number)
    assert _all(room) == _TASKS + 1
    assert _answers(room, one) == [("rejected", True)] * _TASKS
    assert _answers(room, other) == [("answered", False)] * _TASKS
    row = room.run(lambda tx, _known: mass._of(tx, number))
    assert (row.state, row.rejected, row.answers, row.people, row.amount) == ("done", 3, 3, 1, 30)
    told = room.run(lambda tx, _known: take(tx, one))
    assert len(told) == 1
    assert "All answers are the same." in str(told)
    assert "'n': 3" in str(told)
    assert room.run(lambda tx, _known: take(tx, other)) == []
    done = room.run(lambda tx, _known: tx.all(people.DONE, person=one, most=9))
    assert [act.what for act in done] == ["rejection done", "confirm rejection", "propose rejection"]
    assert json.loads(done[-1].figures)["why"] == "All answers are the same."
    assert room.rig.broken() == []


def test_each_can_be_appealed_against(room: Room) -> None:
    one, _other = _worked(room)
    _confirm(room, _propose(room, one))
    _all(room)
    found = room.run(lambda tx, _known: returned.listed(tx, room.rig.catalog, one, NOON, 9))
    assert len(found) == _TASKS
    case = case_of(room, found[0].case)
    assert (case.cause, case.state, case.why, case.decided_by) == (
        "mass", "decided", "All answers are the same.", room.reviewers[1].id,
    )  # fmt: skip
    appealed(room, case)
    decide(Room(room.rig, room.reviewers[2:], room.now), "yy")
    assert stands(room, case) == ("answered", False)
    assert balances(room, one) == {"payable": 20, "pending": 40}
    assert room.rig.broken() == []


def test_one_disagrees_with_all_of_them_in_one_go(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = _worked(room)
    _confirm(room, _propose(room, None))
    _all(room)
    monkeypatch.setattr(returned, "MOST_APPEALS_AT_ONCE", 2)
    ((first, n),) = room.run(lambda tx, _known: returned.together(tx, one, room.now, 9))
    assert n == _TASKS

    def disagree(person: int) -> list[Case]:
        return room.run(
            lambda tx, known: list(returned.disagree_with_all(tx, known, first, person, "I looked.", room.now))
        )

    with pytest.raises(NotSentBackError):
        disagree(other)
    with pytest.raises(AppealWordsError):
        room.run(lambda tx, known: returned.disagree_with_all(tx, known, first, one, "?", room.now))
    assert len(disagree(one)) == 2
    assert room.run(lambda tx, _known: returned.alike(tx, one, first, room.now)) == 1
    (last,) = disagree(one)
    assert (last.what, last.words, last.state, last.votes) == ("appeal", "I looked.", "open", 0)
    with pytest.raises(NotSentBackError):
        disagree(one)
    assert len(room.run(lambda tx, _known: returned.appealing(tx, room.rig.catalog, one, 9))) == _TASKS
    assert room.run(lambda tx, _known: returned.count(tx, other, room.now)) == _TASKS, "it is theirs to say"
    assert room.rig.broken() == []


def test_what_was_accepted_or_granted_stays(room: Room) -> None:
    one, _other = _worked(room)
    _confirm(room, _propose(room, one))
    _step(room)
    granted = case_of(room, room.run(lambda tx, known: tx.all(CASES, project=known.id))[-1].id)
    made = appealed(room, granted)
    room.run(lambda tx, known: appeals.settle(tx, known, made, {"granted": True}, "", 1.0, None, NOON))
    room.run(lambda tx, _known: tx.connection.exec_driver_sql(
        "UPDATE review_case SET state = 'decided', verdict = '{\"granted\": true}' WHERE what = 'appeal'"))  # fmt: skip
    _all(room)
    second = _propose(room, None, why="Again.")
    _confirm(room, second)
    _all(room)
    assert _answers(room, one) == [("answered", False), ("rejected", True), ("rejected", True)]
    assert room.rig.broken() == []


def test_a_crash_between_two_tasks_goes_on_from_there(room: Room) -> None:
    one, other = _worked(room)
    _confirm(room, _propose(room, None))
    assert _step(room)
    assert [state for state, _ in _answers(room, one)] == ["rejected", "answered", "answered"]

    class Crash(Exception):  # noqa: N818 - what it is
        pass

    def killed(tx: Tx, _known: Known) -> None:
        mass.carry_on(tx, room.rig.catalog, room.now)
        raise Crash

    with suppress(Crash):
        room.run(killed)
    assert [state for state, _ in _answers(room, other)] == ["rejected", "answered", "answered"]
    assert _all(room) == _TASKS
    assert not _step(room)
    found = room.run(lambda tx, known: tx.all(CASES, project=known.id))
    assert len([row for row in found if case_of(room, row.id).cause == "mass"]) == 2 * _TASKS
    assert room.rig.broken() == []


async def test_the_job_does_it_in_one_tick_and_twice_is_once(room: Room) -> None:
    one, _other = _worked(room)
    _confirm(room, _propose(room, one))
    job = Reviews(room.rig.database, room.rig.catalog, lambda: room.now)
    await job.all()
    await job.all()
    assert _answers(room, one) == [("rejected", True)] * _TASKS
    assert balances(room, one) == {"pending": 60}
    room.now += 60 * 86_400_000
    await job.all()
    await job.all()
    assert balances(room, one) == {"payable": 30}
    assert room.rig.broken() == []


# --------------------------------------------------------------------------- refused


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"keys": []}, UnknownReasonError),
        ({"keys": ["nonsense"]}, UnknownReasonError),
        ({"keys": ["blurred", "nonsense"]}, UnknownReasonError),
        ({"why": "  "}, NoReasonError),
        ({"why": "…!"}, NoReasonError),
        ({"why": "x" * 301}, NoReasonError),
    ],
)
def test_what_cannot_be_proposed(room: Room, changed: Mapping[str, Any], error: type[InputError]) -> None:
    one, _other = _worked(room)
    _refused(error, lambda: _propose(room, one, **changed))
    assert room.run(lambda tx, _known: mass.waiting(tx)) == []


def test_nothing_to_reject(room: Room) -> None:
    _refused(NothingToRejectError, lambda: _propose(room, room.rig.workers[0]))


def test_the_same_twice(room: Room) -> None:
    one, _other = _worked(room)
    number = _propose(room, one)
    _refused(WaitsAlreadyError, lambda: _propose(room, one))
    room.run(lambda tx, _known: mass.decline(tx, _admin(room, 0), number, NOON))
    _propose(room, one)


def test_nobody_confirms_their_own(room: Room) -> None:
    one, _other = _worked(room)
    _refused(YourselfError, lambda: _propose(room, one, Actor(one, "test")))
    number = _propose(room, one)
    _refused(SameAdminError, lambda: _confirm(room, number, _admin(room, 0)))
    _refused(YourselfError, lambda: _confirm(room, number, Actor(one, "test")))
    _confirm(room, number, SHELL)


def test_the_shell_confirms_nothing_of_the_shell(room: Room) -> None:
    one, _other = _worked(room)
    number = _propose(room, one, SHELL)
    _refused(ShellTwiceError, lambda: _confirm(room, number, SHELL))
    _confirm(room, number)


def test_two_admins_who_race(room: Room) -> None:
    one, _other = _worked(room)
    number = _propose(room, one)
    _confirm(room, number)
    _refused(DecidedError, lambda: _confirm(room, number, _admin(room, 2)))
    _refused(DecidedError, lambda: room.run(lambda tx, _known: mass.decline(tx, _admin(room, 2), number, NOON)))
    _refused(DecidedError, lambda: _confirm(room, 77))


def test_a_closed_project(room: Room) -> None:
    one, other = _worked(room)
    number = _propose(room, one)
    room.run(lambda tx, known: lifecycle.close(tx, room.rig.catalog, known.key, NOON))
    _refused(ClosedError, lambda: _confirm(room, number))
    _refused(ClosedError, lambda: _propose(room, other))
    assert _answers(room, one) == [("answered", False)] * _TASKS


@pytest.mark.parametrize("how", ["demoted", "suspended", "erased"])
def test_a_proposer_who_is_an_admin_no_longer(room: Room, how: str) -> None:
    one, _other = _worked(room)
    number = _propose(room, one)
    proposer = room.reviewers[0].id

    def leave(tx: Tx, _known: Known) -> None:
        if how == "erased":
            forget(tx, proposer, NOON, chance(1))
        elif how == "suspended":
            staff.suspend(tx, the_shell(), staff.find(tx, str(proposer)), "Left.", NOON)
        else:
            staff.set_role(tx, the_shell(), staff.find(tx, str(proposer)), "worker", "Left.", NOON)

    room.run(leave)
    _refused(DecidedError, lambda: _confirm(room, number))
    assert _answers(room, one) == [("answered", False)] * _TASKS


def test_what_cannot_be_rejected_holds_back_nothing_and_is_told(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    one, _other = _worked(room)
    number = _propose(room, one)
    _confirm(room, number)
    reject = rejecting.reject

    def fails(tx: Tx, known: Known, task: int, *rest: int) -> None:
        if task == 2:
            raise ZeroDivisionError
        reject(tx, known, task, *rest)

    monkeypatch.setattr(rejecting, "reject", fails)
    job = Reviews(room.rig.database, room.rig.catalog, lambda: room.now)
    asyncio.run(job.rejections())
    assert [state for state, _ in _answers(room, one)] == ["rejected", "answered", "answered"], "it is tried again"
    asyncio.run(job.rejections())
    assert [state for state, _ in _answers(room, one)] == ["rejected", "answered", "rejected"]
    row = room.run(lambda tx, _known: mass._of(tx, number))
    assert (row.state, row.rejected) == ("done", 2)
    for admin in room.reviewers[:2]:
        assert "1 answer in “Which animal?” could not be rejected" in _plain(room, admin.id)
    assert _plain(room, room.reviewers[2].id) == ""
    monkeypatch.undo()
    again = _propose(room, one)
    _confirm(room, again)
    asyncio.run(job.rejections())
    assert _answers(room, one) == [("rejected", True)] * _TASKS
    assert _plain(room, room.reviewers[0].id) == ""
    assert room.rig.broken() == []


def _plain(room: Room, person: int) -> str:
    """What they are told."""
    told = room.run(lambda tx, _known: take(tx, person))
    return " ".join(Translator(lambda: NOON).words(words, "en") for words in told)


def test_an_answer_under_review_is_decided_once(room: Room) -> None:
    one, _other = _worked(room)
    room.run(lambda tx, known: cases.ask(tx, known, 1, one, "cat", "spot", NOON))
    asked = room.run(lambda tx, known: tx.all(CASES, project=known.id))[-1].id
    _confirm(room, _propose(room, one))
    _all(room)
    assert case_of(room, asked).state == "withdrawn"
    assert _answers(room, one) == [("rejected", True)] * _TASKS
