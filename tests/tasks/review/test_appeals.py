"""Appeals: who may make one and until when, what votes, ties and silence come to, what moves and who is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from db.errors import InputError
from db.queries import staff
from db.session import Database, Tx
from db.statement import change
from tasks.assignment import answering
from tasks.assignment.deal import Offer, offer
from tasks.calendar import until
from tasks.notices import take
from tasks.privacy.erase import forget
from tasks.projects import lifecycle
from tasks.projects.catalog import Known
from tasks.review import appeals, records, returned, voting
from tasks.review.appeals import (
    AppealedError,
    AppealWordsError,
    NotSentBackError,
    SettledError,
    TooLateError,
)
from tasks.review.errors import DecidedMeanwhileError, NotYourCaseError, UnknownChoiceError
from tests.conftest import NOON
from tests.property.rig import ENROLMENTS, INVARIANTS, chance
from tests.tasks.review.appealing import (
    a_room_of_rejections,
    appealed,
    balances,
    case_of,
    decide,
    end,
    rejected,
    stands,
)
from tests.tasks.review.disputes import Room

_DAY = 86_400_000
_ZONE = change("UPDATE person SET zone = :zone WHERE id = :person")


@pytest.fixture
def room(database: Database) -> Room:
    return a_room_of_rejections(database)


def _worker(room: Room) -> int:
    return room.rig.workers[0]


def _told(room: Room, person: int) -> str:
    return str(room.run(lambda tx, _known: take(tx, person)))


def _refused(room: Room, error: type[InputError], deed: Callable[[Tx, Known], Any]) -> None:
    before = room.run(lambda tx, _known: tx.connection.exec_driver_sql("SELECT * FROM review_case ORDER BY id").all())
    with pytest.raises(error):
        room.run(deed)
    after = room.run(lambda tx, _known: tx.connection.exec_driver_sql("SELECT * FROM review_case ORDER BY id").all())
    assert before == after


def _appeal(case: int, person: int, now: int, words: str = "Look at the ears.") -> Callable[[Tx, Known], Any]:
    return lambda tx, known: appeals.appeal(tx, known, case, person, words, now)


# --------------------------------------------------------------------------- making one


def test_an_appeal_waits_for_others_and_stops_the_end_of_the_rejection(room: Room) -> None:
    case = rejected(room, _worker(room))
    assert case.ends_at == until("", NOON, 7 * _DAY)
    made = appealed(room, case)
    assert (made.what, made.about, made.wanted, made.most, made.seats) == ("appeal", case.id, 2, 5, 2)
    assert made.ends_at == NOON + 3 * _DAY
    assert made.words == "It is a cat, look at the ears."
    after = case_of(room, case.id)
    assert (after.ends_at, after.answered_at) == (None, NOON)
    assert balances(room, _worker(room)) == {"pending": 20}
    room.now += 60 * _DAY
    assert end(room) == [made.id]


@pytest.mark.parametrize("words", ["", "  \n ", "ab", "?!?!?!", "12345", "x" * 1_001])
def test_words_that_are_none(room: Room, words: str) -> None:
    case = rejected(room, _worker(room))
    _refused(room, AppealWordsError, _appeal(case.id, _worker(room), NOON, words))


@pytest.mark.parametrize("words", ["abc", "고양이", "x" * 1_000, " 귀를 보세요! "])
def test_words_that_are_some(room: Room, words: str) -> None:
    case = rejected(room, _worker(room))
    assert appealed(room, case, words).words == words.strip()


def test_nobody_appeals_for_others_or_against_what_is_no_rejection(room: Room) -> None:
    case = rejected(room, _worker(room))
    _refused(room, NotSentBackError, _appeal(case.id, room.rig.workers[1], NOON))
    _refused(room, NotSentBackError, _appeal(case.id + 77, _worker(room), NOON))
    made = appealed(room, case)
    _refused(room, NotSentBackError, _appeal(made.id, _worker(room), NOON))


def test_a_second_appeal(room: Room) -> None:
    case = rejected(room, _worker(room))
    appealed(room, case)
    _refused(room, AppealedError, _appeal(case.id, _worker(room), NOON))
    decide(room, "yy")
    _refused(room, AppealedError, _appeal(case.id, _worker(room), room.now))


def test_an_appeal_after_all_right(room: Room) -> None:
    case = rejected(room, _worker(room))
    room.run(lambda tx, known: returned.accept(tx, known, case.id, _worker(room), NOON))
    assert balances(room, _worker(room)) == {"payable": 10}
    _refused(room, SettledError, _appeal(case.id, _worker(room), NOON))
    _refused(room, SettledError, lambda tx, known: returned.accept(tx, known, case.id, _worker(room), NOON))


def test_an_appeal_after_doing_it_again(room: Room) -> None:
    case = rejected(room, _worker(room))
    room.run(lambda tx, known: returned.again(tx, known, case.id, _worker(room), NOON))
    _refused(room, SettledError, _appeal(case.id, _worker(room), NOON))
    assert balances(room, _worker(room)) == {}
    found = room.run(lambda tx, known: offer(tx, known, _worker(room), NOON, chance(1)))
    assert isinstance(found, Offer)
    assert found.task == case.task
    room.run(lambda tx, known: answering.submit(tx, known, _worker(room), case.task, "dog", NOON))
    assert balances(room, _worker(room)) == {"pending": 20}
    assert room.rig.broken([one for one in INVARIANTS if one is not ENROLMENTS]) == []  # habits keep both answers


@pytest.mark.parametrize("zone", ["Pacific/Honolulu", "Asia/Seoul", "America/New_York", "Europe/Berlin"])
def test_the_last_day_counts_until_midnight_where_the_worker_is(room: Room, zone: str) -> None:
    room.run(lambda tx, _known: tx.run(_ZONE, person=_worker(room), zone=zone))
    cases = [rejected(room, _worker(room)) for _ in range(2)]
    last = until(zone, NOON, 7 * _DAY)
    assert {case.ends_at for case in cases} == {last}
    room.now = last  # 23:59:59.999 there
    assert end(room) == []
    appealed(room, cases[0])
    room.now += 1
    _refused(room, TooLateError, _appeal(cases[1].id, _worker(room), room.now))
    assert end(room) == [cases[1].id]
    _refused(room, TooLateError, _appeal(cases[1].id, _worker(room), room.now))
    assert balances(room, _worker(room)) == {"pending": 20, "payable": 10}


def test_a_project_that_closes_takes_nobodys_right(room: Room) -> None:
    case = rejected(room, _worker(room))
    room.run(lambda tx, known: lifecycle.close(tx, room.rig.catalog, known.key, NOON))
    _refused(room, InputError, lambda tx, known: returned.again(tx, known, case.id, _worker(room), NOON))
    appealed(room, case)
    decide(room, "yy")
    assert balances(room, _worker(room)) == {"payable": 20}


# --------------------------------------------------------------------------- deciding


def test_it_is_granted_by_two(room: Room) -> None:
    first = room.reviewers[3].id
    case = rejected(room, _worker(room), by=first)
    made = appealed(room, case)
    decide(room, "yy", note="The ears are a cat’s.")
    after = case_of(room, made.id)
    assert (after.state, after.verdict, after.ends_at) == ("decided", '{"granted": true}', None)
    assert stands(room, case) == ("answered", False)
    assert balances(room, _worker(room)) == {"payable": 20}
    assert balances(room, room.reviewers[0].id) == {"payable": 10}
    assert room.run(lambda tx, _known: records.record(tx, first).overturned) == 1
    assert "you were right" in (told := _told(room, _worker(room)))
    assert "The ears are a cat’s." in told
    assert "counts after all" in _told(room, first)
    assert room.rig.broken() == []


def test_it_is_dismissed_by_two(room: Room) -> None:
    first = room.reviewers[3].id
    case = rejected(room, _worker(room), by=first)
    appealed(room, case)
    decide(room, "nn", note="It is too dark to say.")
    assert stands(room, case) == ("rejected", True)
    assert balances(room, _worker(room)) == {"payable": 10}
    assert room.run(lambda tx, _known: records.record(tx, first).overturned) == 0
    assert "the rejection stands" in (told := _told(room, _worker(room)))
    assert "It is too dark to say." in told
    assert "agree with you" in _told(room, first)
    assert room.rig.broken() == []


@pytest.mark.parametrize("third", [True, False])
def test_one_each_asks_a_third(room: Room, *, third: bool) -> None:
    case = rejected(room, _worker(room))
    made = appealed(room, case)
    decide(room, "yn")
    assert (case_of(room, made.id).state, case_of(room, made.id).wanted) == ("open", 3)
    decide(Room(room.rig, room.reviewers[2:], room.now), "y" if third else "n")
    assert case_of(room, made.id).state == "decided"
    assert stands(room, case).rejected is not third


def test_silence_counts_for_the_worker_and_against_nobody(room: Room) -> None:
    first = room.reviewers[3].id
    case = rejected(room, _worker(room), by=first)
    made = appealed(room, case)
    room.now = (made.ends_at or 0) + 1
    assert end(room) == [made.id]
    assert end(room) == []
    assert stands(room, case) == ("answered", False)
    assert balances(room, _worker(room)) == {"payable": 20}
    assert room.run(lambda tx, _known: records.record(tx, first).overturned) == 0
    assert "nobody has decided in time" in _told(room, _worker(room))


def test_one_vote_in_time_is_not_enough(room: Room) -> None:
    case = rejected(room, _worker(room))
    made = appealed(room, case)
    decide(room, "n")
    room.now = (made.ends_at or 0) + 1
    assert end(room) == [made.id]
    assert stands(room, case) == ("answered", False)
    late = room.reviewers[0]
    _refused(room, DecidedMeanwhileError, lambda tx, known: voting.vote(
        tx, known, late.id, made.id, {"granted": False}, "", room.now))  # fmt: skip


def test_without_a_word_a_rejection_is_final(room: Room) -> None:
    case = rejected(room, _worker(room))
    room.now = (case.ends_at or 0) + 1
    assert end(room) == [case.id]
    assert end(room) == []
    assert stands(room, case) == ("rejected", True)
    assert balances(room, _worker(room)) == {"payable": 10}
    assert room.rig.broken() == []


def test_who_rejected_it_or_is_its_author_does_not_decide(room: Room) -> None:
    first = room.reviewers[0]
    case = rejected(room, _worker(room), by=first.id)
    made = appealed(room, case)
    for person in (first.id, _worker(room), room.rig.workers[1]):
        _refused(room, NotYourCaseError, lambda tx, known, who=person: voting.vote(  # type: ignore[misc]
            tx, known, who, made.id, {"granted": True}, "", NOON))  # fmt: skip


@pytest.mark.parametrize("value", [None, True, {}, {"granted": 1}, {"granted": "yes"}, {"answer": "cat"}])
def test_choices_that_are_none(room: Room, value: Any) -> None:
    made = appealed(room, rejected(room, _worker(room)))
    _refused(room, UnknownChoiceError, lambda tx, known: voting.vote(
        tx, known, room.reviewers[0].id, made.id, value, "", NOON))  # fmt: skip


def test_whoever_is_erased_appeals_no_more(room: Room) -> None:
    made, other = (appealed(room, rejected(room, _worker(room))), rejected(room, _worker(room)))
    room.run(lambda tx, _known: forget(tx, _worker(room), NOON, chance(1)))
    assert case_of(room, made.id).state == "withdrawn"
    room.now += 60 * _DAY
    assert end(room) == [other.id]
    assert not balances(room, _worker(room))
    assert room.run(lambda tx, _known: tx.all(staff.WAITING, most=9)) == []


def test_several_outcomes_are_one_notice(room: Room) -> None:
    for case in [rejected(room, _worker(room)) for _ in range(3)]:
        room.now = NOON
        appealed(room, case)
    room.now = NOON + 30 * _DAY
    assert len(end(room)) == 3
    said = room.run(lambda tx, _known: take(tx, _worker(room)))
    assert len(said) == 1
    assert str(said).count("nobody has decided in time") == 3
