"""Spot checks, and what exports say of single answers."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from db.session import Database
from tasks.exchange.exports import export
from tasks.privacy.audit import Actor
from tasks.review import spot
from tasks.staff import YourselfError
from tests.property.rig import chance
from tests.tasks.review.looking import a_desk


def test_a_spot_check_draws_what_nobody_has_looked_at(database: Database) -> None:
    desk = a_desk(database, tasks=5, review={"share": 0})
    for text in ("one", "two", "three", "four"):
        desk.answer(0, text)
    who, boss = desk.room.rig.workers[0], Actor(desk.room.reviewers[0].id, "test")

    def drawn(n: int) -> int:
        return desk.room.run(lambda tx, known: spot.draw(tx, boss, known, who, n, chance(1), desk.room.now))

    assert (drawn(1), drawn(2), drawn(9), drawn(9)) == (1, 2, 1, 0)
    desk.undo()
    assert desk.room.case(0).cause == "spot"
    for n in (0, 101):
        with pytest.raises(spot.SpotNumberError):
            drawn(n)
    with pytest.raises(YourselfError):
        desk.room.run(lambda tx, known: spot.draw(tx, Actor(who), known, who, 1, chance(1), desk.room.now))


def test_exports_say_what_was_rejected_and_what_was_corrected(database: Database, tmp_path: Path) -> None:
    desk = a_desk(database, tasks=2)
    desk.answer(0, "soup")
    desk.answer(0, "stw")
    desk.say({"reject": ["rude"]})
    desk.say({"repair": "stew"})

    def rows(what: str) -> list[dict[str, str]]:
        out = tmp_path / f"{what}.csv"
        key = desk.room.run(lambda _tx, known: known.key)
        export(database, desk.room.rig.catalog, key, what, out, None, lambda _done, _total: None)
        return list(csv.DictReader(out.read_text("utf-8-sig").splitlines()))

    assert [(row["label"], row["rejected"]) for row in rows("answers")] == [("soup", "true"), ("stw", "false")]
    results = [(row["label"], row["status"], row["method"], row["answers"]) for row in rows("results")]
    assert results == [("", "open", "", "0"), ("stew", "decided", "repaired", "1")]
    assert "soup" not in str(rows("quality"))
