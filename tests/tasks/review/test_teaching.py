"""Verdicts teach: as practice tasks beside the results, as hidden checks in them; once, and by an admin's word."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from db.session import Database
from db.tables import Audit, Task
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.exchange.exports import export
from tasks.privacy.audit import Actor
from tasks.projects import lifecycle
from tasks.projects.catalog import progress
from tasks.review import teaching
from tasks.review.teaching import NoExplanationError, NotTeachableError, SuggestedError
from tests.property.rig import chance
from tests.tasks.review.disputes import DOG, GAP, Room, disputed

_ADMIN = Actor(channel="test")


def _decided(database: Database, value: Any = DOG, **changed: Any) -> Room:
    room = disputed(database, **{"gold": {"share": 0.5}, **changed})
    for who in room.reviewers[:3]:
        room.vote(who, value, "It barks.")
    return room


def _confirm(room: Room, how: teaching.How, why: str = "It barks.") -> None:
    case = room.case().id
    room.run(lambda tx, _known: teaching.confirm(tx, room.rig.catalog, _ADMIN, case, how, why, room.now))


def _tasks(room: Room) -> list[dict[str, Any]]:
    return room.run(lambda tx, _known: [row.model_dump() for row in tx.orm.exec(select(Task).order_by("id"))])


def _results(room: Room, out: Path) -> str:
    export(room.rig.database, room.rig.catalog, "animals", "results", out, "csv", lambda _done, _total: None)
    return out.read_text("utf-8-sig")


def _titles(room: Room) -> list[tuple[str, bool]]:
    found = room.run(lambda tx, _known: teaching.candidates(tx, room.rig.catalog, 8))
    return [(one.words, one.suggested) for one in found]


def test_practice_is_a_copy_and_the_results_stay(database: Database, tmp_path: Path) -> None:
    room = _decided(database)
    before = _results(room, tmp_path / "before.csv")
    _confirm(room, "practice")
    first, copy = _tasks(room)
    assert (first["split"], first["method"]) == ("work", "verdict")
    assert (copy["row"], copy["split"], copy["gold"], copy["why"]) == ("w0~practice", "practice", '"dog"', "It barks.")
    assert (copy["status"], copy["slots"], copy["item"]) == ("decided", 0, first["item"])
    assert _results(room, tmp_path / "after.csv") == before
    assert room.rig.broken() == []
    (made,) = room.run(
        lambda tx, _known: [row.figures for row in tx.orm.exec(select(Audit).where(Audit.what == "teach"))]
    )
    assert json.loads(made) == {"task": "w0", "as": "practice", "case": room.case().id, "why": "It barks."}


def test_a_hidden_check_is_the_item_itself_and_its_row_stays(database: Database, tmp_path: Path) -> None:
    """Others are asked it and are right or wrong; who had answered it or voted on it meets it no more."""
    room = _decided(database, workers=3, tasks=12, gold={"share": 0.9})
    before = _results(room, tmp_path / "before.csv")
    _confirm(room, "gold")
    task = _tasks(room)[0]
    assert (task["split"], task["gold"], task["why"], task["method"]) == ("gold", '"dog"', "It barks.", "verdict")
    assert _results(room, tmp_path / "after.csv") == before
    counts = room.run(lambda tx, known: progress(tx, known.id))
    assert (counts.tasks, counts.agreed, counts.disputed) == (11, 0, 0)
    met = {worker: _meets(room, worker, task["id"]) for worker in reversed(room.rig.workers)}
    assert met == {room.rig.workers[0]: False, room.rig.workers[1]: False, room.rig.workers[2]: True}
    assert not _meets(room, room.reviewers[0].id, task["id"]), "they know what was decided"
    assert room.rig.broken() == []


def _meets(room: Room, worker: int, task: int) -> bool:
    """Whether they are asked the task while they work on."""
    seen = set()
    for n in range(10):
        found = room.run(lambda tx, known, n=n: offer(tx, known, worker, room.now, chance(n)))  # type: ignore[misc]
        if isinstance(found, NoWork):
            break
        seen.add(found.task)
        room.run(lambda tx, known, t=found.task: answering.submit(tx, known, worker, t, "dog", room.now))  # type: ignore[misc]
    return task in seen


@pytest.mark.parametrize("how", ["practice", "gold"])
def test_an_item_teaches_once(how: teaching.How, database: Database) -> None:
    room = _decided(database)
    assert len(_titles(room)) == 1
    _confirm(room, how)
    assert _titles(room) == []
    with pytest.raises(NotTeachableError):
        _confirm(room, how)
    assert len(_tasks(room)) == (2 if how == "practice" else 1)


def test_without_an_answer_nothing_is_taught(database: Database) -> None:
    room = _decided(database, GAP)
    assert _titles(room) == []
    with pytest.raises(NotTeachableError):
        _confirm(room, "practice")


def test_what_is_not_decided_or_is_closed_teaches_nobody(database: Database) -> None:
    room = disputed(database)
    with pytest.raises(NotTeachableError):
        _confirm(room, "gold")
    for who in room.reviewers[:3]:
        room.vote(who, DOG)
    room.run(lambda tx, known: lifecycle.close(tx, room.rig.catalog, known.key, room.now))
    with pytest.raises(NotTeachableError):
        _confirm(room, "gold")


@pytest.mark.parametrize("why", ["", " ", "?!", "x" * 501])
def test_practice_needs_an_explanation(why: str, database: Database) -> None:
    room = _decided(database)
    with pytest.raises(NoExplanationError):
        _confirm(room, "practice", why)
    assert len(_tasks(room)) == 1


def test_suggested_items_come_first_and_are_suggested_once(database: Database) -> None:
    room = _decided(database, tasks=2, workers=4)
    for worker, label in zip(room.rig.workers[2:], ("cat", "dog"), strict=True):
        room.answer(worker, label)
    for who in room.reviewers[:3]:
        room.vote(who, DOG)
    assert [suggested for _words, suggested in _titles(room)] == [False, False]
    case = room.case(0).id
    room.run(lambda tx, _known: teaching.suggest(tx, room.rig.catalog, Actor(1, "test"), case, room.now))
    assert _titles(room) == [("0", True), ("1", False)]
    with pytest.raises(SuggestedError):
        room.run(lambda tx, _known: teaching.suggest(tx, room.rig.catalog, Actor(2, "test"), case, room.now))
