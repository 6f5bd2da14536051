"""Everybody in pages: whoever is meant stands on one page, once, in order; nobody else, nobody who was erased."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest

from db.session import Database, Tx
from db.tables import Enrolment, Person, Qualification, Remark
from tasks.reports import answers, profile, roll
from tasks.reports.card import card
from tasks.reports.roll import Among
from tasks.staff import find
from tests.conftest import NOON
from tests.property.rig import Rig, a_rig, chance
from tests.tasks.reports.crowds import works
from tests.tasks.review.appealing import a_room_of_rejections, appealed, decide, rejected

DAY = 86_400_000
TODAY = NOON // DAY
_ROLES = ("worker", "worker", "worker", "reviewer", "admin")
_Meant = Callable[[Person], bool]


def _somebody(n: int, rng: random.Random) -> Person:
    person = Person(
        channel="test",
        external_id=f"p{n}",
        joined_at=NOON,
        language=rng.choice(["en", "ko", ""]),
        role=rng.choice(_ROLES),
        gate=rng.randrange(5),
        seen_day=rng.choice([0, TODAY, TODAY - 6, TODAY - 7, TODAY - 30, TODAY - 31, TODAY - 90]),
        suspended_at=rng.choice([None, None, NOON]),
        blocked_at=rng.choice([None, None, NOON]),
        paused_until=rng.choice([None, NOON - 1, NOON + 1]),
    )
    if rng.random() < 0.1:
        person.erased_at, person.role, person.gate, person.seen_day = NOON, "worker", 0, 0
        person.suspended_at = person.blocked_at = person.paused_until = None
    return person


def _fill(tx: Tx, project: int) -> list[Person]:
    rng = random.Random(3)  # noqa: S311 - a test's chance
    people = [_somebody(n, rng) for n in range(60)]
    tx.orm.add_all(people)
    tx.orm.flush()
    for person in people:
        assert person.id is not None
        if person.id % 3 == 0:
            doubts = "[]" if person.id % 2 else None
            tx.orm.add(Enrolment(project_id=project, worker_id=person.id, joined_at=NOON, doubts=doubts))
        if person.id % 4 == 0 and person.erased_at is None:
            ends = NOON if person.id % 8 else None
            tx.orm.add(
                Qualification(person_id=person.id, skill="birds", source="quiz", score=1, earned_at=NOON, ends_at=ends)
            )
    tx.orm.flush()
    return [Person(**person.model_dump()) for person in people]


_MEANT: dict[str, tuple[object, _Meant]] = {
    "all": (None, lambda _p: True),
    "newest": (None, lambda _p: True),
    "active": (None, lambda p: p.seen_day >= TODAY - 6),
    "silent": (None, lambda p: p.seen_day < TODAY - 30),
    "doubt": (None, lambda p: bool(p.id and p.id % 3 == 0 and p.id % 2)),
    "paused": (None, lambda p: p.paused_until == NOON + 1),
    "suspended": (None, lambda p: p.suspended_at is not None),
    "unreachable": (None, lambda p: p.blocked_at is not None),
    "role": ("reviewer", lambda p: p.role == "reviewer"),
    "gate": (3, lambda p: p.gate == 3),
    "language": ("ko", lambda p: p.language == "ko"),
    "project": (1, lambda p: bool(p.id and p.id % 3 == 0)),
    "skill": ("birds", lambda p: bool(p.id and p.id % 8 == 0)),
}


def _walk(tx: Tx, among: Among, most: int) -> list[int]:
    place: roll.Place | None = among.start
    found: list[int] = []
    while place is not None:
        shown, place = roll.page(tx, among, place, most, NOON)
        found += [person.id for person in shown]
        assert len(found) < 200
    return found


@pytest.mark.parametrize("most", [1, 7, 100])
def test_each_page_follows_the_last(database: Database, most: int) -> None:
    rig = a_rig(database, NOON, workers=0, tasks=1)
    people = rig.run(lambda tx, known: _fill(tx, known.id))
    for by, (value, meant) in _MEANT.items():
        wanted = {person.id for person in people if person.erased_at is None and meant(person)}
        among = Among(by, rig.known_id if by == "project" else value)
        found = rig.run(lambda tx, _known, among=among: _walk(tx, among, most))  # type: ignore[misc]
        assert len(found) == len(wanted), by
        assert set(found) == wanted, by
    workers = rig.run(lambda tx, _known: _walk(tx, Among("role", "worker"), most))
    assert set(workers) == {p.id for p in people if p.role == "worker" and p.erased_at is None}


def test_the_newest_and_who_was_here_last_come_first(database: Database) -> None:
    rig = a_rig(database, NOON, workers=0, tasks=1)
    people = {person.id: person for person in rig.run(lambda tx, known: _fill(tx, known.id))}
    newest = rig.run(lambda tx, _known: _walk(tx, Among("newest"), 7))
    assert newest == sorted(newest, reverse=True)
    active = rig.run(lambda tx, _known: _walk(tx, Among("active"), 7))
    assert active == sorted(active, key=lambda number: (people[number].seen_day, number), reverse=True)


def test_languages_and_skills_there_are(database: Database) -> None:
    rig = a_rig(database, NOON, workers=0, tasks=1)
    rig.run(lambda tx, known: _fill(tx, known.id))
    assert rig.run(lambda tx, _known: roll.words(tx, "language", "", 9)) == ["en", "ko"]
    assert rig.run(lambda tx, _known: roll.words(tx, "language", "en", 9)) == ["ko"]
    assert rig.run(lambda tx, _known: roll.words(tx, "skill", "", 9)) == ["birds"]


# --------------------------------------------------------------------------- one of them


@pytest.fixture
def rig(database: Database) -> Rig:
    return a_rig(database, NOON, workers=2, tasks=24)


def test_the_last_answers_in_pages(rig: Rig) -> None:
    works(rig, rig.workers[0], 24, NOON, chance(2))
    with rig.database.reading() as reader:
        first, older = answers.last(reader, rig.workers[0], None)
        second, more = answers.last(reader, rig.workers[0], older)
        third, end = answers.last(reader, rig.workers[0], more)
        assert answers.last(reader, rig.workers[1], None) == ([], None)
    at = [row.at for row in (*first, *second, *third)]
    assert [len(page) for page in (first, second, third)] == [10, 10, 4]
    assert end is None
    assert at == sorted(set(at), reverse=True)


def test_figures_with_what_they_are_made_of(rig: Rig) -> None:
    works(rig, rig.workers[0], 24, NOON, chance(2))
    noted = Remark(person_id=rig.workers[0], at=NOON, words="careful")
    rig.run(lambda tx, _known: tx.orm.add(noted))

    def look(tx: Tx) -> profile.Whole:
        return profile.whole(tx, card(tx, rig.catalog, find(tx, str(rig.workers[0]))))

    found = rig.run(lambda tx, _known: look(tx))
    assert (found.sums.answered, found.remarks, found.sent_back) == (24, 1, 0)
    assert found.sums.pace is not None
    assert "test" not in str(profile.head(found, "English"))


@pytest.mark.parametrize(("votes", "granted"), [("yy", True), ("nn", False)])
def test_what_was_sent_back_and_what_came_of_the_appeal(database: Database, votes: str, granted: bool) -> None:  # noqa: FBT001 - both ways
    room = a_room_of_rejections(database)
    worker = room.rig.workers[0]
    first, second = rejected(room, worker), rejected(room, worker)
    appealed(room, first)

    def found() -> list[tuple[int, str, str | None]]:
        rows = room.run(lambda tx, _known: answers.sent_back(tx, worker, None, 9))
        return [(row.id, row.why, row.appeal) for row in rows]

    assert found() == [(second.id, "Look again.", None), (first.id, "Look again.", "open")]
    decide(room, votes)
    assert found()[1] == (first.id, "Look again.", "decided")
    [last] = room.run(lambda tx, _known: answers.sent_back(tx, worker, second.id, 9))
    assert json.loads(last.outcome or "") == {"granted": granted}
    assert room.run(lambda tx, _known: answers.sent_back(tx, room.rig.workers[1], None, 9)) == []
