"""Where a reviewed label comes from, for whoever asks later: in the results, in the report, in the evidence."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.session import Database
from tasks.consensus.evidence import Evidence, evidence
from tasks.exchange.exports import export
from tasks.reports.reviews import Told, reviews
from tasks.review import voting
from tests.tasks.review.disputes import CAT, DOG, GAP, UNCLEAR, Room, a_room, disputed


def _rows(room: Room, what: str, out: Path) -> list[dict[str, str]]:
    export(room.rig.database, room.rig.catalog, "animals", what, out, "csv", lambda _done, _total: None)
    with out.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def _told(room: Room) -> list[Told]:
    known = room.run(lambda _tx, known: known)
    with room.rig.database.reading() as reader:
        return list(reviews(reader, known))


def _evidence(room: Room) -> Evidence:
    return room.run(lambda tx, known: evidence(tx, known, "w0"))


def _all_vote(room: Room, *values: Mapping[str, Any], note: str = "") -> None:
    for who, value in zip(room.reviewers, values, strict=False):
        room.vote(who, value, note)


@pytest.mark.parametrize(
    ("votes", "label", "method"),
    [((DOG, DOG, DOG), "dog", "verdict"), ((GAP, GAP, UNCLEAR), "", "fault: gap")],
)
def test_results_say_who_decided(
    votes: tuple[Mapping[str, Any], ...], label: str, method: str, database: Database, tmp_path: Path
) -> None:
    room = disputed(database)
    (row,) = _rows(room, "results", tmp_path / "before.csv")
    assert (row["status"], row["method"]) == ("disputed", "overlap")
    _all_vote(room, *votes)
    (row,) = _rows(room, "results", tmp_path / "after.csv")
    assert (row["label"], row["status"], row["method"], row["answers"]) == (label, "decided", method, "2")


def test_results_say_that_an_admin_decided(database: Database, tmp_path: Path) -> None:
    room = disputed(database)
    admin = replace(room.reviewers[0], role="admin")
    case = room.case().id
    room.run(lambda tx, known: voting.decide(tx, known, admin, case, CAT, "Look at the ears.", room.now))
    (row,) = _rows(room, "results", tmp_path / "results.csv")
    assert (row["label"], row["status"], row["method"]) == ("cat", "decided", "admin")
    found = _evidence(room).verdict
    assert found is not None
    assert (found.admin, found.why, found.votes) == (True, "Look at the ears.", [])
    assert ("disputes", "crowd: decided: an answer", 1, None, None, "by an admin") in _told(room)


def test_the_report_counts_disputes_votes_and_how_far_reviewers_agree(database: Database, tmp_path: Path) -> None:
    room = disputed(database)
    assert [row[:3] for row in _told(room)] == [("disputes", "crowd: waiting for votes", 1)]
    _all_vote(room, DOG, CAT, DOG)
    told = {(row[0], row[1]): row for row in _told(room)}
    assert told["disputes", "crowd: decided: an answer"][2] == 1
    assert told["votes", "given"][2] == 3
    same = told["votes", "the same as the verdict"]
    assert (round(same[2] or 0, 3), same[5]) == (0.667, "of 3")
    low, high = same[3:5]
    assert low is not None
    assert high is not None
    assert 0.2 < low < 2 / 3 < high < 1
    assert told["disputes", "verdicts unlike what most had answered"][2:] == (0, None, None, "of 1"), "a tie"
    rows = [row for row in _rows(room, "quality", tmp_path / "quality.csv") if row["section"] == "review"]
    assert {row["subject"] for row in rows} == {"disputes", "votes"}


def test_a_verdict_against_most_is_told(database: Database) -> None:
    room = a_room(database, review={"audit": 1})
    for worker in room.rig.workers:
        room.answer(worker, "cat")
    _all_vote(room, DOG, DOG, DOG)
    assert ("disputes", "verdicts unlike what most had answered", 1, None, None, "of 1") in _told(room)


def test_nothing_reviewed_is_nothing_to_tell(database: Database) -> None:
    room = disputed(database, workers=1, overlap=1)
    assert _told(room) == []


def test_votes_are_nobodys_to_see_before_it_is_decided(database: Database) -> None:
    room = disputed(database)
    room.vote(room.reviewers[0], CAT, "ears")
    found = _evidence(room)
    assert (found.waits, found.verdict) == (True, None)
    for who in room.reviewers[1:3]:
        room.vote(who, CAT)
    found = _evidence(room)
    assert not found.waits
    assert found.verdict is not None
    assert (found.verdict.value, found.verdict.admin) == (CAT, False)
    assert [(vote.value, vote.note) for vote in found.verdict.votes] == [(CAT, "ears"), (CAT, ""), (CAT, "")]
    assert all(vote.reviewer.startswith("w-") for vote in found.verdict.votes)
