"""How a label came about, by example: open, settled, gold, with a guess; and what is not there."""

from __future__ import annotations

import pytest

from db.session import Database
from db.tables import Task
from tasks.consensus.evidence import Evidence, UnknownTaskError, evidence
from tasks.privacy.pseudonym import pseudonym
from tests.conftest import Clock
from tests.support.house import House


def _evidence(house: House, row: str = "w0") -> Evidence:
    return house.rig.run(lambda tx, known: evidence(tx, known, row))


def test_nobody_has_answered(database: Database, clock: Clock) -> None:
    found = _evidence(House(database, clock, overlap=2))
    assert (found.status, found.missing, found.label, found.given, found.shares) == ("open", 2, None, [], [])
    assert found.item == {"id": "w0", "caption": "0"}


def test_while_it_is_open_answers_are_weighed_as_things_stand(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap=3)
    house.enrolled(0, seen=100.0, correct=100.0)
    house.answer(0, "cat")
    house.answer(1, "dog")
    found = _evidence(house)
    assert (found.status, found.missing, found.label) == ("open", 1, "cat")
    assert [given.value for given in found.given] == ["cat", "dog"]
    assert (found.given[0].counts or 0) > 2
    assert found.given[1].counts == pytest.approx(1)
    assert found.given[1].worker == pseudonym(house.rig.known_id, house.rig.workers[1], clock.now - 2)


def test_what_an_answer_counted_for_stays_as_it_was_when_it_was_settled(database: Database, clock: Clock) -> None:
    house = House(database, clock, tasks=2, overlap=2)
    for who in (0, 1):
        house.answer(who, "cat")
        house.answer(who, "cat")
    found = _evidence(house)
    assert (found.status, found.method, found.missing) == ("agreed", "overlap", 0)
    assert [share for _label, share in found.shares] == sorted((s for _, s in found.shares), reverse=True)
    assert found.shares[0][0] == "cat"
    assert found.shares[0][1] == pytest.approx(found.confidence, abs=1e-6)
    assert [given.counts for given in found.given] == pytest.approx([1, 1])


def test_a_guess_is_told(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap=2)
    house.rig.run(lambda tx, known: setattr(tx.orm.get_one(Task, (known.id, 1)), "prior", '"dog"'))
    assert _evidence(house).guess == "dog"


def test_several_labels_have_a_share_each(database: Database, clock: Clock) -> None:
    house = House(database, clock, overlap=1, kind="multi-choice")
    house.answer(0, ["cat", "dog"])
    found = _evidence(house)
    assert found.label == ["cat", "dog"]
    assert [label for label, _share in found.shares] == ["cat", "dog"]
    assert [given.counts for given in found.given] == pytest.approx([1])


def test_what_is_not_there(database: Database, clock: Clock) -> None:
    with pytest.raises(UnknownTaskError, match="“w7” is not in this project"):
        _evidence(House(database, clock), "w7")
