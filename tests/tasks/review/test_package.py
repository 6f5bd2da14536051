"""The evidence package of a task: its whole history as one file, blind while reviewers decide."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from db.queries import audit
from db.session import Database
from tasks.consensus.evidence import UnknownTaskError
from tasks.privacy.audit import Actor
from tasks.reports.package import FORMAT, write
from tasks.review import voting
from tests.conftest import NOON
from tests.tasks.review.disputes import DOG, Room, disputed


def _package(room: Room, folder: Path, row: str = "") -> dict[str, Any]:
    out = folder / "evidence.json"
    named = ("animals", row or _first_row(room))
    write(room.rig.database, room.rig.catalog, Actor(channel="web"), named, out, NOON)
    found: dict[str, Any] = json.loads(out.read_text("utf-8"))
    return found


def _first_row(room: Room) -> str:
    def turn(tx: Any, _known: Any) -> str:
        return str(tx.connection.exec_driver_sql("SELECT row FROM task ORDER BY id").scalar())

    return room.run(turn)


def test_while_it_is_decided_no_vote_is_shown(database: Database, tmp_path: Path) -> None:
    room = disputed(database)
    case = room.case().id
    found = _package(room, tmp_path)
    assert (found["format"], found["stands"]["status"]) == (FORMAT, "disputed")
    (one,) = found["cases"]
    assert (one["number"], one["state"], one["votes"], one["verdict"]) == (case, "open", None, None)
    assert {work["answer"]["value"] for work in found["assignments"]} == {"cat", "dog"}
    assert all(work["worker"].startswith("w-") for work in found["assignments"])


def test_everything_is_there_once_it_is_decided(database: Database, tmp_path: Path) -> None:
    room = disputed(database)
    admin, case = replace(room.reviewers[0], role="admin"), room.case().id
    room.run(lambda tx, known: voting.decide(tx, known, admin, case, DOG, "Look at the ears.", room.now))
    found = _package(room, tmp_path)
    (one,) = found["cases"]
    assert (one["verdict"], one["why"], one["votes"]) == (DOG, "Look at the ears.", [])
    assert one["decided_by"].startswith("w-")
    assert {paid["reason"] for paid in found["payments"]} >= {"answer"}
    assert {paid["currency"] for paid in found["payments"]} == {"KRW"}
    (verdict,) = [record for record in found["records"] if record["what"] == "verdict"]
    assert verdict["by"] == one["decided_by"]
    hashes = room.run(lambda tx, _known: {row.hash for row in tx.all(audit.CHAIN)})
    assert verdict["hash"] in hashes
    assert found["project"]["file"]["id"] == "animals"


def test_who_took_it_is_on_record_and_stands_in_the_next(database: Database, tmp_path: Path) -> None:
    room = disputed(database)
    _package(room, tmp_path)
    with pytest.raises(UnknownTaskError):
        _package(room, tmp_path, "nothing")
    taken = [one for one in _package(room, tmp_path)["records"] if one["what"] == "export"]
    assert [one["figures"] for one in taken] == [{"what": "evidence", "task": _first_row(room)}]
    assert sorted(file.name for file in tmp_path.iterdir() if file.suffix == ".json" or "part" in file.name) == [
        "evidence.json"
    ]
