"""What rules do to somebody's work, on both databases: each action, each default, told and written down."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import text
from sqlmodel import select

from db.session import Database, Tx
from db.tables import Audit, Person, Proposal, Qualification, ReviewCase
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.behaviour import habits
from tasks.consensus import credit
from tasks.projects.catalog import Known
from tasks.projects.mistakes import english
from tasks.projects.rules import Rule
from tasks.projects.spec import Spec
from tasks.rules.defaults import operators_rules
from tasks.rules.look import Done, look
from tasks.rules.reviewed import reviewed
from tasks.rules.words import why
from tests.conftest import Clock
from tests.property.rig import chance
from tests.support.house import House
from tests.tasks.rules.test_evaluate import Known as Habits
from tests.tasks.rules.test_evaluate import ring, rule

_WRONG = {"gold_accuracy": {"below": 0.6, "last": 10}}
_ADAPTIVE = {"min": 1, "max": 4, "confidence": 0.9}


def _look(house: House, rules: Sequence[Rule] = ()) -> Sequence[Done]:
    return house.rig.run(lambda tx, known: look(tx, rules, known, house.rig.workers[0], house.clock()))


def _house(
    database: Database, clock: Clock, wrong: int = 10, columns: dict[str, Any] | None = None, **changed: Any
) -> House:
    """Somebody who was wrong on so many known answers, and is known for more."""
    house = House(database, clock, **changed)
    house.enrolled(0, gold_seen=wrong, recent_gold=ring(0, wrong), **(columns or {}))
    return house


def _all(house: House, table: type[Any]) -> Sequence[Any]:
    def turn(tx: Tx, _known: Known) -> Sequence[Any]:
        rows = tx.orm.exec(select(table)).all()
        tx.orm.expunge_all()
        return rows

    return house.rig.run(turn)


def _acts(house: House) -> Sequence[str]:
    return [row.what for row in sorted(_all(house, Audit), key=lambda row: row.id)]


# --------------------------------------------------------------------------- actions


def test_checks_are_raised(database: Database, clock: Clock) -> None:
    house = _house(database, clock, gold={"share": 0.1})
    (done,) = _look(house, [rule(_WRONG, "raise-checks")])
    assert house.of(0).more_gold == pytest.approx(0.2)
    assert english(done.words).endswith("0 of your last 10 checked items were right.")


def test_their_items_get_more_answers(database: Database, clock: Clock) -> None:
    house = _house(database, clock, overlap={"min": 2, "max": 4, "confidence": 0.6})
    _look(house, [rule(_WRONG, "more-answers")])
    assert house.of(0).further == 1
    house.answer(0, "cat")
    assert house.given(0).further == 2
    house.answer(1, "cat")
    assert (house.task().status, house.task().wanted) == ("open", 3)
    house.answer(2, "cat")
    assert house.task().status == "agreed"


def test_more_answers_mean_nothing_where_the_number_is_fixed(database: Database, clock: Clock) -> None:
    house = _house(database, clock)
    assert _look(house, [rule(_WRONG, "more-answers")]) == []


def test_promotion_makes_proven_and_demotion_takes_it_back(database: Database, clock: Clock) -> None:
    house = House(database, clock)
    house.enrolled(0, settled=4, recent_agreed=ring(4, 0))
    up, down = rule({"agreement": {"from": 0.8, "last": 4}}, "promote"), rule(_WRONG, "demote")
    (done,) = _look(house, [up, down])
    assert (house.of(0).checks, house.of(0).proven_at) == (3, clock())
    assert _gate(house) == 4
    assert "one in 3" in english(done.words)
    assert _look(house, [up, down]) == []
    _set(house, gold_seen=10, recent_gold=ring(0, 10))
    (done,) = _look(house, [up, down])
    assert (house.of(0).checks, house.of(0).proven_at) == (1, None)
    assert _gate(house) < 4
    assert [what for what in _acts(house) if what != "gate"] == ["promote", "demote"]


def test_levels_go_up_to_every_tenth(database: Database, clock: Clock) -> None:
    house = House(database, clock)
    house.enrolled(0, recent_agreed=ring(4, 0))
    up = rule({"agreement": {"from": 0.8, "last": 4}}, "promote")
    levels = []
    for settled in range(4, 44, 4):
        _set(house, settled=settled)
        _look(house, [up])
        levels.append(house.of(0).checks)
    assert levels == [3, 5, 10, 10, 10, 10, 10, 10, 10, 10]
    assert _acts(house).count("promote") == 3


def test_two_rules_promote_by_one_level_at_a_time(database: Database, clock: Clock) -> None:
    """And the second does not make up for it at the next look."""
    house = House(database, clock)
    house.enrolled(0, settled=20, recent_agreed=ring(20, 0))
    rules = [rule({name: {"from": 0.8, "last": 20}}, "promote") for name in ("agreement", "accuracy")]
    assert len(_look(house, rules)) == 1
    assert not _look(house, rules)
    assert house.of(0).checks == 3


def test_a_skill_is_granted_once(database: Database, clock: Clock) -> None:
    house = House(database, clock)
    house.enrolled(0, gold_seen=20, recent_gold=ring(19, 1))
    careful = rule({"gold_accuracy": {"from": 0.9, "last": 20}}, {"skill": "careful"})
    (done,) = _look(house, [careful])
    (held,) = _all(house, Qualification)
    assert (held.skill, held.source, held.score) == ("careful", "rule", pytest.approx(0.95))
    assert "careful" in english(done.words)
    _set(house, gold_seen=60)
    assert _look(house, [careful]) == []


def test_a_pause_stops_new_items_and_lets_finish_what_is_in_hand(database: Database, clock: Clock) -> None:
    house = _house(database, clock, tasks=3)
    in_hand = _offer(house)
    (done,) = _look(house, [rule(_WRONG, {"pause": "1h"})])
    until = clock() + 3_600_000
    assert house.of(0).paused_until == until
    assert _offer(house) == in_hand
    house.rig.run(lambda tx, known: answering.submit(tx, known, house.rig.workers[0], 1, "cat", clock()))
    found = _offered(house)
    assert isinstance(found, NoWork)
    assert (found.reason, found.until, english(found.why)) == ("paused", until, english(why(done.firing)))
    clock.pass_ms(3_600_000)
    assert _offer(house) == 2
    assert house.of(0).recent_gold == ring(0, 10)


def test_a_suspension_is_proposed_and_nothing_is_done(database: Database, clock: Clock) -> None:
    house = _house(database, clock)
    grave = rule(_WRONG, "propose-suspension")
    _look(house, [grave])
    (proposal,) = _all(house, Proposal)
    assert (proposal.what, proposal.person_id, proposal.decided_at) == ("suspend", house.rig.workers[0], None)
    assert json.loads(proposal.figures) == {"gold_accuracy": [0.0, 10]}
    assert all(person.suspended_at is None for person in _all(house, Person))
    _set(house, gold_seen=20)
    assert _look(house, [grave]) == []


def test_an_open_item_is_set_aside_for_reviewers(database: Database, clock: Clock) -> None:
    """Not counted as agreed, given to nobody more, and once only: also after it is answered anew."""
    house, ask = House(database, clock), rule({"answers": {"from": 1}}, "dispute")
    house.answer(0, "cat")
    (done,) = _look(house, [ask])
    assert "reviewers will look" in english(done.words)
    task = house.task()
    assert (task.status, task.method, task.slots, task.label) == ("disputed", "rule", 0, '"cat"')
    (case,) = _all(house, ReviewCase)
    assert (case.what, case.cause, case.state, case.worker_id) == ("dispute", "rule", "open", None)
    assert _acts(house) == ["dispute"]
    house.undo(0)
    house.rig.run(lambda tx, known: answering.submit(tx, known, house.rig.workers[0], 1, "dog", clock()))
    assert _look(house, [rule({"answers": {"from": 0}}, "dispute")]) == []
    assert house.rig.broken() == []


def test_a_settled_item_stays_so_until_reviewers_have_decided(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap=2)
    house.answer(1, "cat")
    house.answer(0, "cat")
    assert len(_look(house, [rule({"answers": {"from": 1}}, "dispute")])) == 1
    assert house.task().status == "agreed"
    assert [(case.cause, case.state) for case in _all(house, ReviewCase)] == [("rule", "open")]
    assert house.rig.broken() == []


def test_reviewers_are_not_asked_twice(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap=2)
    house.answer(1, "dog")
    house.answer(0, "cat")
    assert [case.cause for case in _all(house, ReviewCase)] == ["crowd"]
    assert _look(house, [rule({"answers": {"from": 1}}, "dispute")]) == []


@pytest.mark.parametrize("last", [None, 2], ids=["nothing yet", "a hidden check"])
def test_reviewers_are_asked_about_work_alone(last: int | None, database: Database, clock: Clock) -> None:
    house = _house(database, clock, golds=1, columns={"last_task": last})
    assert _look(house, [rule(_WRONG, "dispute")]) == []
    assert _all(house, ReviewCase) == []


def test_practice_is_offered(database: Database, clock: Clock) -> None:
    house = _house(database, clock)
    (done,) = _look(house, [rule(_WRONG, "invite-to-practice")])
    assert "instructions" in english(done.words)
    (act,) = _all(house, Audit)
    assert (act.what, act.rule, act.person_id) == (
        "invite-to-practice",
        "if: {gold_accuracy: {below: 0.6, last: 10}}, then: invite-to-practice",
        house.rig.workers[0],
    )
    assert json.loads(act.figures)["figures"] == {"gold_accuracy": [0.0, 10]}


# --------------------------------------------------------------------------- defaults


@pytest.mark.parametrize(
    ("columns", "acts"),
    [
        ({"settled": 20, "recent_agreed": ring(18, 2)}, {"promote"}),
        ({"settled": 20, "recent_agreed": ring(18, 2), "doubt": 0.6}, set()),
        ({"settled": 20, "recent_agreed": ring(11, 9), "checks": 5}, {"demote"}),
        ({"gold_seen": 10, "recent_gold": ring(5, 5)}, {"raise-checks", "invite-to-practice"}),
        ({"gold_seen": 5, "recent_gold": ring(2, 3)}, {"raise-checks", "invite-to-practice"}),
        ({"gold_seen": 4, "recent_gold": ring(0, 4)}, set()),
        ({"skips_in_row": 5, "skipped": 5}, {"invite-to-practice"}),
        ({"doubt": 0.9, "answered": 30}, {"more-answers"}),
        (
            {"gold_seen": 20, "recent_gold": ring(8, 12)},
            {"raise-checks", "invite-to-practice", "propose-suspension"},
        ),
        ({"answered": 5_000}, set()),
    ],
)
def test_the_defaults(columns: dict[str, Any], acts: set[str], database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap=_ADAPTIVE, gold={"share": 0.1})
    house.enrolled(0, **columns)
    assert {done.action for done in _look(house, operators_rules())} == acts


def test_hurry_is_no_fault_but_hurry_with_many_mistakes_is_given_a_break(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(habits, "read", lambda _tx, _project, _worker: Habits(fast=0.7))
    house = House(database, clock)
    house.enrolled(0, settled=20, recent_agreed=ring(16, 4))
    assert "pause" not in {done.action for done in _look(house, operators_rules())}
    _set(house, recent_agreed=ring(10, 10))
    assert "pause" in {done.action for done in _look(house, operators_rules())}


def test_an_empty_list_of_rules_is_none_at_all(database: Database, clock: Clock) -> None:
    assert _look(_house(database, clock, rules=[]), operators_rules()) == ()


def test_a_projects_own_rule_comes_before_the_operators(database: Database, clock: Clock) -> None:
    own = [{"if": {"gold_accuracy": {"below": 0.6, "last": 10}}, "then": {"pause": "5m"}}]
    house = _house(database, clock, rules=own)
    _look(house, [rule(_WRONG, {"pause": "1h"})])
    assert house.of(0).paused_until == clock() + 300_000


# --------------------------------------------------------------------------- what is remembered


def test_gold_is_remembered_and_taken_back_with_the_answer(database: Database, clock: Clock) -> None:
    house = House(database, clock, tasks=1, golds=2, gold={"share": 0.9})
    house.answer(0, "cat")
    house.answer(0, "dog")
    assert house.of(0).recent_gold == ring(1, 1)
    house.undo(0)
    assert (house.of(0).recent_gold, house.of(0).gold_seen) == (ring(1, 0), 1)


def test_a_known_answer_is_asked_only_beside_work_that_is_left(database: Database, clock: Clock) -> None:
    house = House(database, clock, tasks=0, golds=5, gold={"share": 0.9})
    found = _offered(house)
    assert isinstance(found, NoWork)
    assert found.reason == "done"


@pytest.mark.parametrize(("given", "near"), [(3, 1.0), (2, 1 / 6), (4, 1 / 6), (1, 0.0), (5, 0.0)])
def test_on_a_scale_one_step_beside_is_better_than_a_guess(given: int, near: float) -> None:
    spec = Spec.model_validate({"id": "scale", "title": "Scale", "kind": "rating"})
    known = Known(1, "scale", "live", 1, spec)
    assert credit.nearer_than_a_guess(known, given, 3) == pytest.approx(near)


def test_what_was_settled_is_remembered_and_taken_back(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap=2)
    house.answer(0, "cat")
    house.answer(1, "cat")
    row = house.of(0)
    assert (row.settled, len(row.recent_agreed or b"")) == (1, 1)
    assert (row.recent_agreed or b"")[0] > 128
    house.undo(1)
    assert (house.of(0).settled, house.of(0).recent_agreed) == (0, b"")


def test_what_was_settled_before_it_was_remembered_takes_none_away(database: Database, clock: Clock) -> None:
    """After an upgrade: rows of before have a record, and no memory of single answers."""
    house = House(database, clock, overlap=2)

    def turn(tx: Tx, known: Known) -> None:
        for worker in house.rig.workers[:2]:
            found = offer(tx, known, worker, house.clock(), chance(1))
            assert not isinstance(found, NoWork)
            answering.submit(tx, known, worker, found.task, "cat", house.clock())
        tx.connection.execute(text("UPDATE enrolment SET settled = 0, recent_agreed = NULL"))
        answering.undo(tx, known, house.rig.workers[0], house.clock())

    house.rig.run(turn)
    assert [house.of(n).settled for n in (0, 1)] == [0, 0]


def test_what_reviewers_said_is_remembered(database: Database, clock: Clock) -> None:
    house = _house(database, clock)
    for accepted in (True, False, False):
        house.rig.run(lambda tx, known, yes=accepted: reviewed(tx, known.id, house.rig.workers[0], accepted=yes))  # type: ignore[misc]
    assert (house.of(0).recent_reviewed, house.of(0).reviewed) == (ring(1, 2), 3)
    house.rig.run(lambda tx, known: reviewed(tx, known.id, house.rig.workers[0], accepted=False, undone=True))
    assert (house.of(0).recent_reviewed, house.of(0).reviewed) == (ring(1, 1), 2)
    assert [done.action for done in _look(house, [rule({"rejections": {"from": 0.5, "last": 2}}, "demote")])] == []


def test_skips_in_a_row_end_with_an_answer(database: Database, clock: Clock) -> None:
    house = House(database, clock, tasks=9)
    rows = []
    for what in ("skip", "skip", "report", "undo", "skip", "undo", "answer", "skip"):
        _do(house, what)
        rows.append(house.of(0).skips_in_row)
    assert rows == [1, 2, 2, 2, 3, 2, 0, 1]


def _do(house: House, what: str) -> None:
    worker, now = house.rig.workers[0], house.clock()
    if what == "undo":
        house.undo(0)
    elif what == "answer":
        house.answer(0, "cat")
    else:
        task = _offer(house)
        house.rig.run(lambda tx, known: answering.skip(tx, known, worker, task, "unsure", now, report=what == "report"))


def _offered(house: House) -> Any:
    return house.rig.run(lambda tx, known: offer(tx, known, house.rig.workers[0], house.clock(), chance(1)))


def _offer(house: House) -> int:
    found = _offered(house)
    assert not isinstance(found, NoWork)
    return int(found.task)


def _gate(house: House) -> int:
    return next(int(person.gate) for person in _all(house, Person) if person.id == house.rig.workers[0])


def _set(house: House, **columns: Any) -> None:
    changes = ", ".join(f"{name} = :{name}" for name in columns)
    sql = text(f"UPDATE enrolment SET {changes} WHERE worker_id = :worker")  # noqa: S608 - names of columns
    _run: Callable[[Tx, Known], Any] = lambda tx, _known: tx.connection.execute(  # noqa: E731 - one line
        sql, {**columns, "worker": house.rig.workers[0]}
    )
    house.rig.run(_run)
