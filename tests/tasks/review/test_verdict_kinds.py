"""A verdict on each kind of question: what is written, and how near each answer came."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import pytest

from db.session import Database
from db.statement import Statement
from tests.tasks.review.disputes import Room, a_room


class Judged(NamedTuple):
    """What a worker is credited with."""

    seen: float
    correct: float


JUDGED = Statement("SELECT seen, correct FROM enrolment WHERE project_id = :project ORDER BY worker_id", Judged)
LABELS: Sequence[Mapping[str, str]] = [{"key": key, "text": key} for key in ("food", "place", "person")]
TAGS: Mapping[str, Any] = {"kind": "multi-choice", "labels": LABELS}
MOODS: Mapping[str, Any] = {"kind": "rating", "labels": [], "scale": {"min": 1, "max": 5}}
SAYINGS: Mapping[str, Any] = {"kind": "text", "labels": []}


def _decide(room: Room, answers: Sequence[Any], verdict: Any) -> list[tuple[float, float]]:
    for worker, answer in zip(room.rig.workers, answers, strict=True):
        room.answer(worker, answer)
    for who in room.reviewers[:3]:
        assert room.sit(who) is not None
        room.vote(who, {"answer": verdict})
    return [(one.seen, one.correct) for one in room.run(lambda tx, known: tx.all(JUDGED, project=known.id))]


@pytest.mark.parametrize(
    ("kind", "answers", "verdict", "label", "records"),
    [
        (TAGS, [["food"], ["place", "food"]], ["place", "food"], ["food", "place"], [(1, 0.5), (1, 1)]),
        (TAGS, [["food"], ["place"]], ["person"], ["person"], [(1, 0), (1, 0)]),
        (MOODS, [1, 4], 4, 4, [(1, 0), (1, 1)]),
        (SAYINGS, ["a big dog", "a cat"], "A  Cat", "A  Cat", [(1, 0), (1, 1)]),
    ],
    ids=["many", "none of them", "rating", "text"],
)
def test_a_verdict(
    database: Database,
    kind: Mapping[str, Any],
    answers: Sequence[Any],
    verdict: Any,
    label: Any,
    records: Sequence[tuple[float, float]],
) -> None:
    room = a_room(database, **kind)
    found = _decide(room, answers, verdict)
    assert [value for one in found for value in one] == pytest.approx(
        [value for one in records for value in one], abs=0.01
    )
    row = room.task()
    assert (row.status, row.method, json.loads(row.label or "")) == ("decided", "verdict", label)
    assert json.loads(room.case().verdict or "") == {"answer": label}


def test_texts_that_read_the_same_are_one_candidate(database: Database) -> None:
    room = a_room(database, **SAYINGS)
    for worker, answer in zip(room.rig.workers, ("a dog", "a cat"), strict=True):
        room.answer(worker, answer)
    for who, said in zip(room.reviewers, ("A cat", "a  CAT", "a dog"), strict=False):
        room.vote(who, {"answer": said})
    assert room.label() == "A cat"
