"""Whom a broadcast is for: each condition, and whom it never reaches."""

from __future__ import annotations

import pytest

from db.session import Database
from db.tables import Enrolment, Project, Qualification, Speaks
from tasks.outreach import audience as audiences
from tasks.outreach.audience import Audience, AudienceError, LongListError, size
from tests.conftest import NOON
from tests.support.outreach import people

_TODAY = NOON // 86_400_000


@pytest.fixture
def everybody(database: Database) -> list[int]:
    """Five who may be written to, then some who may not."""
    made = people(
        database,
        {"gate": 3, "language": "ko", "zone": "Asia/Seoul", "quiet_from": 0, "quiet_until": 1439},
        {"gate": 1, "seen_day": _TODAY - 40},
        {"gate": 4, "role": "reviewer", "seen_day": _TODAY - 3},
        {"gate": 1, "language": "ko"},
        {"gate": 2, "seen_day": 0},
        {"blocked_at": NOON},
        {"muted": '["broadcast"]'},
        {"suspended_at": NOON},
        {"erased_at": NOON},
        {"consent": "", "gate": 0},
    )
    for changes in (
        lambda tx: tx.orm.add(Speaks(person_id=made[1], language="ko", level=1)),
        lambda tx: tx.orm.add(Project(id=7, key="seven", spec="{}", created_at=NOON)),
        lambda tx: [
            tx.orm.add(
                Enrolment(project_id=7, worker_id=made[at], joined_at=NOON, answered=n, gold_seen=4, gold_correct=n)
            )
            for at, n in ((0, 3), (1, 1), (2, 0))
        ],
        lambda tx: [
            tx.orm.add(
                Qualification(person_id=made[at], skill="birds", source="quiz", score=1, earned_at=1, ends_at=ends)
            )
            for at, ends in ((0, None), (3, NOON - 1), (4, NOON + 1))
        ],
    ):
        database.run(changes).result()
    return made


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        (Audience(), {0, 1, 2, 3, 4}),
        (Audience(gate=3), {0, 2}),
        (Audience(role="reviewer"), {2}),
        (Audience(skills=("birds", "cats")), {0, 4}),
        (Audience(languages=("ko",)), {0, 1, 3}),
        (Audience(active_days=7), {0, 2, 3}),
        (Audience(silent_days=30), {1, 4}),
        (Audience(worked=7), {0, 1}),
        (Audience(worked=7, answers=2), {0}),
        (Audience(never=7), {2, 3, 4}),
        (Audience(measured=7, right=0.5), {0}),
        (Audience(people=(1, 2, 9_999_999)), {0, 1}),
        (Audience(gate=2, languages=("ko",), worked=7, skills=("birds",), active_days=2), {0}),
        (Audience(gate=4, languages=("ko",)), set()),
    ],
)
def test_conditions(database: Database, everybody: list[int], wanted: Audience, meant: set[int]) -> None:
    if wanted.people:
        wanted = Audience(people=(*everybody[:2], 9_999_999))
    assert audiences.unpack(wanted.pack()) == wanted
    audiences.check(wanted)
    with database.reading() as reader:
        found = size(reader, wanted, NOON)
    numbers = {everybody[at] for at in meant}
    assert found.total == len(meant) == sum(found.by_language.values())
    assert {one.id for one in found.sample} <= numbers
    assert bool(found.sample) == bool(meant)


def test_what_is_said_of_everybody(database: Database, everybody: list[int]) -> None:
    with database.reading() as reader:
        found = size(reader, Audience(), NOON)
    assert dict(found.by_language) == {"en": 3, "ko": 2}
    assert (found.asleep, found.unreachable) == (1, 1)
    assert len(found.sample) == 3  # numbers stand close together here, so that chance finds few
    assert {one.id for one in found.sample} <= set(everybody[:5])


def test_what_means_nothing() -> None:
    for wrong in (Audience(gate=5), Audience(active_days=0), Audience(role="king"), Audience(right=2)):
        with pytest.raises(AudienceError):
            audiences.check(wrong)
    with pytest.raises(LongListError):
        audiences.check(Audience(people=tuple(range(50_001))))


def test_when_those_asleep_wake(database: Database, everybody: list[int]) -> None:
    assert everybody
    with database.reading() as reader:
        night, day = size(reader, Audience(), NOON), size(reader, Audience(gate=4), NOON)
    assert (night.asleep, night.wakes) == (1, 1439)
    assert (day.asleep, day.wakes) == (0, None)
