"""What people say of themselves is kept, read back, and taken back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.session import Database, Tx
from db.tables import Enrolment
from tasks import profile
from tasks.people import Who, reached_age
from tasks.profile import Profile
from tasks.projects.spec import Spec
from tasks.zones import Quiet
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig
from tests.support.bots import ANIMALS


@pytest.fixture
def rig(database: Database, clock: Clock) -> Rig:
    return a_rig(database, clock(), workers=1, tasks=1)


def who(rig: Rig) -> Who:
    return Who(rig.workers[0], "en", "", "worker", "")


def stands(rig: Rig) -> Profile:
    return rig.run(lambda tx, _known: profile.read(tx, rig.workers[0]))


def test_nothing_is_said_at_first(rig: Rig) -> None:
    assert stands(rig) == Profile()
    assert rig.run(lambda tx, _known: profile.read(tx, 10**9)) == Profile(), "nobody has said nothing"


def test_all_of_it_is_kept_and_can_be_taken_back(rig: Rig) -> None:
    def say(tx: Tx) -> Who:
        profile.set_quiet(tx, who(rig), Quiet(1320, 480))
        profile.set_likes(tx, who(rig), ["topic:음식", "kind:choice", "kind:choice"])
        profile.set_speaks(tx, who(rig), "ja", 1)
        profile.set_speaks(tx, who(rig), "ja", 3)
        profile.set_speaks(tx, who(rig), "vi", 2)
        return profile.set_zone(tx, who(rig), "Asia/Seoul")

    assert rig.run(lambda tx, _known: say(tx)).zone == "Asia/Seoul"
    said = Profile("Asia/Seoul", Quiet(1320, 480), ("kind:choice", "topic:음식"), {"ja": 3, "vi": 2})
    assert stands(rig) == said

    def take_back(tx: Tx) -> None:
        profile.set_quiet(tx, who(rig), None)
        profile.set_likes(tx, who(rig), [])
        profile.set_speaks(tx, who(rig), "ja", 0)
        profile.set_speaks(tx, who(rig), "ja", 0)

    rig.run(lambda tx, _known: take_back(tx))
    assert stands(rig) == Profile("Asia/Seoul", None, (), {"vi": 2})


def test_midnight_is_an_hour_too(rig: Rig) -> None:
    rig.run(lambda tx, _known: profile.set_quiet(tx, who(rig), Quiet(0, 360)))
    assert stands(rig).quiet == Quiet(0, 360)


def test_the_highest_age_counts(rig: Rig) -> None:
    ages = []
    person = who(rig)
    for age in (14, 30, 18):
        person = rig.run(lambda tx, _known, p=person, a=age: reached_age(tx, p, a))  # type: ignore[misc]
        ages.append(person.age)
    assert ages == [14, 30, 30]


@pytest.mark.parametrize(("zone", "answered", "asked"), [("", 20, True), ("", 21, False), ("UTC", 20, False)])
def test_what_was_left_for_later_is_asked_once(rig: Rig, zone: str, answered: int, *, asked: bool) -> None:
    def turn(tx: Tx) -> bool:
        row = Enrolment(project_id=rig.known_id, worker_id=rig.workers[0], joined_at=0, answered=answered)
        tx.orm.add(row)
        tx.orm.flush()
        return profile.to_be_said(tx, Who(rig.workers[0], "en", zone, "worker", ""), 20)

    assert rig.run(lambda tx, _known: turn(tx)) is asked


@given(
    st.lists(st.sampled_from(["kind:choice", "kind:text", "topic:Food", "topic:Cars"])), st.sampled_from(["", "Food"])
)
def test_a_project_is_liked_for_its_kind_or_its_topic(likes: list[str], topic: str) -> None:
    spec = Spec.model_validate({**ANIMALS, **({"topic": topic} if topic else {})})
    wanted = not likes or "kind:choice" in likes or (topic == "Food" and "topic:Food" in likes)
    assert profile.liked(likes, spec) is wanted
