"""What people wrote while reviewing: it goes with whoever wrote it, and any of it can be read in a file."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlmodel import col, select

from bot.translate import Translator
from db.session import Database
from db.statement import change
from db.tables import Audit, ReviewCase
from tasks.privacy.erase import forget
from tasks.privacy.my_data import write
from tests.conftest import NOON
from tests.tasks.review.appealing import a_room_of_rejections, appealed, rejected
from tests.tasks.review.disputes import CAT, DOG, Room, disputed
from tests.tasks.review.looking import a_desk
from tests.tasks.review.test_records import _another, _shown

_TRANSLATOR = Translator(lambda: NOON)
_DECIDED = change("""
    UPDATE review_case SET state = 'decided', why = 'I have seen it', decided_by = :admin WHERE id = :case
""")


def _file(room: Room, person: int, out: Path) -> dict[str, Any]:
    place = out / "mine.zip"
    write(room.rig.database, room.rig.catalog, person, place, NOON, lambda words: _TRANSLATOR.words(words, "en"))
    with ZipFile(place) as archive:
        return {name: json.loads(archive.read(name)) for name in archive.namelist() if name.endswith(".json")}


def _erase(room: Room, person: int) -> None:
    room.run(lambda tx, _known: forget(tx, person, room.now, random.Random(7)))  # noqa: S311 - a test's chance


def _whys(room: Room) -> list[str]:
    return room.run(lambda tx, _known: list(tx.orm.exec(select(ReviewCase.why).order_by(col(ReviewCase.id)))))


@pytest.mark.parametrize("gone", [0, 1, 2])
def test_notes_of_whoever_is_erased_are_quoted_nowhere(database: Database, gone: int) -> None:
    """Also where so much was written that the verdict quotes only its beginning, and where a note is one letter."""
    room = disputed(database)
    noted = ("a", "Ann’s cat " * 45, "Bob’s cat " * 45)
    for who, note in zip(room.reviewers, noted, strict=False):
        room.vote(who, CAT, note)
    _erase(room, room.reviewers[gone].id)
    (why,) = _whys(room)
    acts = room.run(lambda tx, _known: " ".join(row.figures for row in tx.orm.exec(select(Audit)).all()))
    first = noted[gone][:10]
    assert first not in why.split(" / ")
    assert gone == 0 or (first not in why and first not in acts)
    for other in {0, 1} - {gone}:
        assert noted[other].strip() in why.split(" / ")


def test_what_an_admin_gave_as_the_reason_stays_whoever_noted_the_same(database: Database) -> None:
    room = disputed(database)
    room.vote(room.reviewers[0], DOG, "seen")
    case = room.case().id
    written = {"case": case, "admin": room.reviewers[1].id}
    room.run(lambda tx, _known: tx.run(_DECIDED, **written))
    _erase(room, room.reviewers[0].id)
    assert _whys(room) == ["I have seen it"]


@pytest.mark.parametrize("words", ['{"cat": 1}', '["c", 1]', '"cat"', "[cat"])
def test_any_words_can_be_read(database: Database, tmp_path: Path, words: str) -> None:
    room = a_room_of_rejections(database)
    case = rejected(room, room.rig.workers[0])
    appealed(room, case, words)
    found = _file(room, room.rig.workers[0], tmp_path)["reviews.json"]
    assert [row["words"] for row in found] == ["", words]


def test_a_reviewers_file_does_not_show_what_was_a_check(database: Database, tmp_path: Path) -> None:
    room = disputed(database, tasks=3)
    _another(room)
    for who in room.reviewers[:3]:
        room.vote(who, CAT)
    who = room.reviewers[3]
    shown = _shown(room, who)
    assert shown is not None
    assert shown.planted
    room.vote(who, CAT, case=shown.case.id)
    room.vote(who, CAT)
    file = _file(room, who.id, tmp_path)
    check, other = file["votes.json"]
    differ = {name for name in check if check[name] != other[name]}
    assert differ <= {"offered_at", "lease_ends", "voted_at", "work_ms", "value"}
    check, other = (row for row in file["postings.json"])
    assert {name for name in check if check[name] != other[name]} <= {"id", "at", "task"}


def test_a_workers_file_does_not_show_who_looked_at_the_answer(database: Database, tmp_path: Path) -> None:
    """Nor how often whoever it was is right, by which they could be told from others."""
    desk = a_desk(database)
    desk.answer(0, "soup")
    desk.say({"reject": ["short"]}, "Say which.")
    file = _file(desk.room, desk.room.rig.workers[0], tmp_path)
    (row,) = file["reviews.json"]
    assert row["why"] == "Say which."
    assert not {"confidence", "decided_by"} & row.keys()
    (act,) = (one["figures"] for one in file["acts.json"] if one["what"] == "verdict")
    assert "confidence" not in act
