"""The door: every condition by example, its words, and what looking costs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from db.session import Database, Tx
from db.statement import Statement
from db.tables import Enrolment, Invitation, Invited, Qualification, Speaks
from tasks.people import Who
from tasks.projects.catalog import Catalog, Known
from tasks.projects.mistakes import english
from tasks.projects.spec import Spec
from tasks.qualification.door import Door, Place, Standing, asks, decide, door, standing, still
from tests.conftest import NOON, Clock
from tests.support.bots import ANIMALS, add_project
from tests.support.quizzes import POOL, a_worker

NOBODY = Standing()


def known(**changed: Any) -> Known:
    return Known(7, "animals", "live", 1, Spec.model_validate({**ANIMALS, **changed}))


def who(**changed: Any) -> Who:
    said: dict[str, Any] = {"language": "en", "zone": "", "role": "worker", "consent": "x", "age": 18, "gate": 1}
    return Who(1, **{**said, **changed})


def place(**there: Any) -> Standing:
    return Standing(places={7: Place(**there)})


QUIZ = {"qualification": {"quiz": 4, "attempts": 2, "retry_after": "1h"}}
BOTH = {"qualification": {"practice": 3, "quiz": 4}}
CASES: list[tuple[Mapping[str, Any], Who, Standing, tuple[str, str]]] = [
    ({}, who(), NOBODY, ("open", "")),
    ({"audience": {"languages": ["ko"]}}, who(), NOBODY, ("closed", "for people who read 한국어")),
    ({"audience": {"languages": ["ko", "en"], "level": 3}}, who(), NOBODY, ("open", "")),
    (
        {"audience": {"languages": ["en"], "level": 3}},
        who(),
        Standing(speaks={"en": 1}),
        ("closed", "for people whose own language is English"),
    ),
    ({"audience": {"languages": ["fr"], "level": 2}}, who(), Standing(speaks={"fr": 2}), ("open", "")),
    (
        {"audience": {"languages": ["fr"], "level": 2}},
        who(),
        Standing(speaks={"fr": 1}),
        ("closed", "for people who speak français well"),
    ),
    ({"audience": {"gate": 2}}, who(), NOBODY, ("closed", "for people who have practised here")),
    ({"audience": {"gate": 3}}, who(gate=4), NOBODY, ("open", "")),
    ({"audience": {"age": 19}}, who(), NOBODY, ("age", "for people aged 19 and over")),
    ({}, who(age=0), NOBODY, ("age", "for people aged 18 and over")),
    ({"audience": {"age": 0}}, who(age=0), NOBODY, ("open", "")),
    ({"audience": {"invited": True}}, who(), NOBODY, ("closed", "for people who were invited")),
    ({"audience": {"invited": True}}, who(), Standing(invited=frozenset({7})), ("open", "")),
    (
        {"audience": {"skills": ["a", "b"]}},
        who(),
        Standing(skills={"a": None}),
        ("closed", "for people who have shown: B"),
    ),
    ({"audience": {"skills": ["a"]}}, who(), Standing(skills={"a": NOON}), ("closed", "for people who have shown: a")),
    ({"audience": {"skills": ["a"]}}, who(), Standing(skills={"a": NOON + 1}), ("open", "")),
    ({}, who(), place(paused_until=NOON + 1, paused_for='"too quick"'), ("closed", "paused for you until")),
    ({}, who(), place(paused_until=NOON), ("open", "")),
    (BOTH, who(), place(practised=1), ("practice", "opens with 2 practice items")),
    (BOTH, who(), place(practised=9), ("quiz", "opens with a quiz of 4 questions")),
    (BOTH, who(), Standing(skills={"animals": None}), ("open", "")),
    (QUIZ, who(), place(running=True, failed=1, failed_at=NOON), ("quiz", "go on with the quiz")),
    (QUIZ, who(), place(failed=1, failed_at=NOON), ("closed", "the quiz can be tried again")),
    (QUIZ, who(), place(failed=1, failed_at=NOON - 3_600_000), ("quiz", "opens with a quiz of 4 questions")),
    (QUIZ, who(), place(failed=2, failed_at=0), ("closed", "all 2 attempts at the quiz are used up")),
    ({}, who(), place(running=True), ("open", "")),
]


@pytest.mark.parametrize(("asked", "person", "stands", "opens"), CASES)
def test_a_door(asked: Mapping[str, Any], person: Who, stands: Standing, opens: tuple[str, str]) -> None:
    found = decide(known(**asked), person, stands, NOON, {"b": "B"})
    assert found.state == opens[0]
    assert english(found.why).startswith(opens[1])


def test_what_is_not_live_is_closed() -> None:
    paused = Known(7, "animals", "paused", 1, known().spec)
    assert decide(paused, who(), NOBODY, NOON).state == "closed"


class Counting:
    """A transaction that counts what is asked of it."""

    def __init__(self, tx: Tx) -> None:
        self._tx, self.asked = tx, 0

    def all(self, statement: Statement[Any], **values: Any) -> Any:
        """Count, and ask."""
        self.asked += 1
        return self._tx.all(statement, **values)


def test_looking_costs_one_statement_and_none_where_nothing_is_asked(database: Database, clock: Clock) -> None:
    person = a_worker(database, clock())
    free = add_project(database, ANIMALS, POOL, clock())
    asking = add_project(database, {**ANIMALS, "id": "zoo", **BOTH}, POOL, clock())
    catalog = Catalog()

    def look(tx: Tx, project: int) -> tuple[int, Door]:
        counting: Any = Counting(tx)
        found = still(counting, catalog.get(tx, project), Who(person, "en", "", "worker", "x", "", 18, 1), clock())
        return counting.asked, found

    assert database.run(lambda tx: look(tx, free)).result() == (0, Door("open"))
    asked, found = database.run(lambda tx: look(tx, asking)).result()
    assert (asked, found.state, found.left) == (1, "practice", 3)
    assert not asks(known().spec)


def test_how_somebody_stands_is_read_as_it_was_written(database: Database, clock: Clock) -> None:
    me, other = a_worker(database, clock(), "me"), a_worker(database, clock(), "other")
    project = add_project(database, {**ANIMALS, **BOTH}, POOL, clock())
    elsewhere = add_project(database, {**ANIMALS, "id": "zoo"}, POOL, clock())

    def write(tx: Tx) -> None:
        for person in (me, other):
            tx.orm.add(Speaks(person_id=person, language="fr", level=2))
            tx.orm.add(Qualification(person_id=person, skill="x", source="rule", score=1, earned_at=0, ends_at=person))
            tx.orm.add(Enrolment(project_id=project, worker_id=person, joined_at=0, practised=2, paused_until=5))
        tx.orm.add(Enrolment(project_id=elsewhere, worker_id=me, joined_at=0, practised=1))
        tx.orm.add(Invitation(code="c", project_id=project, made_at=0))
        tx.orm.flush()
        tx.orm.add(Invited(code="c", person_id=me, at=0))

    database.run(write).result()
    everywhere = database.run(lambda tx: standing(tx, me)).result()
    here = database.run(lambda tx: standing(tx, me, project)).result()
    assert everywhere.speaks == {"fr": 2}
    assert everywhere.skills == {"x": me}
    assert everywhere.invited == {project}
    assert set(everywhere.places) == {project, elsewhere}
    assert here == Standing({"fr": 2}, {"x": me}, frozenset({project}), {project: Place(2, 5)})
    catalog = Catalog()
    shut = database.run(lambda tx: door(tx, catalog.get(tx, project), who(), clock())).result()
    assert (shut.state, shut.left) == ("practice", 1)
