"""A person's file holds all that is stored of them, and nothing of anybody else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest

from bot.translate import Translator
from db.queries import people, stored
from db.session import Database, Tx
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.exchange.complete import UnwritableError
from tasks.notices import tell
from tasks.privacy.my_data import write
from tasks.privacy.stored import parts
from tasks.projects.catalog import Known
from tasks.words import _
from tests.conftest import NOON, Clock
from tests.property.rig import Rig, a_rig, chance
from tests.support.people import people_columns

TRANSLATOR = Translator(lambda: NOON)


def _file(rig: Rig, who: int, out: Path, language: str = "en") -> dict[str, Any]:
    """Their file, unpacked: lists by name, and the text."""
    place = out / f"{who}.zip"
    write(rig.database, rig.catalog, rig.workers[who], place, NOON, lambda words: TRANSLATOR.words(words, language))
    with ZipFile(place) as archive:
        assert archive.testzip() is None
        read = {name: archive.read(name).decode() for name in archive.namelist()}
    return {name: json.loads(text) if name.endswith(".json") else text for name, text in read.items()}


def _works(rig: Rig, who: int, label: str, times: int, seed: int = 1) -> None:
    rng = chance(seed)

    def turn(tx: Tx, known: Known) -> None:
        found = offer(tx, known, rig.workers[who], NOON, rng)
        assert not isinstance(found, NoWork)
        answering.submit(tx, known, rig.workers[who], found.task, label, NOON)

    for _time in range(times):
        rig.run(turn)


def test_every_column_that_says_who_somebody_is_stands_in_the_file_or_is_left_out_on_purpose() -> None:
    """A table made later is not forgotten: this fails until ``tasks.privacy.stored`` knows it."""
    told = {(part.table, part.who) for part in parts()}
    left_out = {(part.table, name) for part in parts() for name in part.others}
    found = {(table.name, column.name) for table, column in people_columns()}
    assert found - told - left_out == set()
    assert {("answer", "worker_id"), ("event", "worker_id"), ("audit", "actor_id")} <= found


def test_every_part_says_what_it_is_for_in_every_language() -> None:
    for part in parts():
        for language in TRANSLATOR.languages():
            assert TRANSLATOR.words(part.what, language)
        names = {one.name for one in stored.columns(part.table)}
        assert {part.who} | part.others | part.checks | part.asked <= names, part.name
    assert len({part.name for part in parts()}) == len(parts())


def test_it_is_all_there_and_can_be_read(database: Database, clock: Clock, tmp_path: Path) -> None:
    rig = a_rig(database, clock(), 2, 6)
    _works(rig, 0, "cat", 3)
    _works(rig, 1, "dog", 2)
    rig.run(lambda tx, _known: tell(tx, rig.workers[0], _("Welcome!"), NOON))
    mine = _file(rig, 0, tmp_path)
    assert [row["value"] for row in mine["answers.json"]] == ["cat"] * 3
    assert {row["task"] for row in mine["answers.json"]} <= {f"w{n}" for n in range(6)}
    assert {row["project"] for row in mine["answers.json"]} == {"animals"}
    assert mine["answers.json"][0]["submitted_at"].endswith("Z")
    assert mine["answers.json"][0]["rejected"] is False
    assert len(mine["assignments.json"]) == 3
    assert mine["habits.json"][0]["kept"]["counts"]["answers"] == 3
    assert mine["days.json"][0]["answers"] == 3
    assert mine["days.json"][0]["day"].startswith("20")
    assert mine["notices.json"][0]["words"] == "Welcome!"
    assert mine["person.json"][0]["external_id"].endswith("-0")
    assert mine["projects.json"][0]["name_in_exports"].startswith("w-")
    for part in parts():
        assert f"{part.name}.json" in mine["README.txt"]
        assert TRANSLATOR.words(part.what, "en") in mine["README.txt"]


def test_nothing_of_anybody_else_is_in_it(database: Database, clock: Clock, tmp_path: Path) -> None:
    rig = a_rig(database, clock(), 2, 1)
    _works(rig, 0, "cat", 1)
    _works(rig, 1, "dog", 1)

    def alike(tx: Tx, known: Known) -> None:
        tx.connection.exec_driver_sql(
            "INSERT INTO alike (project_id, worker_id, other_id, strength) "  # noqa: S608 - a test's own words
            f"VALUES ({known.id}, {rig.workers[0]}, {rig.workers[1]}, 0.5)"
        )

    rig.run(alike)
    for who, name in ((0, "alike.json"), (1, "alike-2.json")):
        mine = _file(rig, who, tmp_path)
        assert len(mine["answers.json"]) == len(mine[name]) == 1
        assert {"worker_id", "other_id"} & mine[name][0].keys() == set()
        assert f'-{1 - who}"' not in json.dumps(mine["person.json"])


@pytest.mark.parametrize("state", ["live", "paused", "closed"])
def test_checks_are_told_only_when_the_project_is_closed(
    database: Database, clock: Clock, tmp_path: Path, state: str
) -> None:
    rig = a_rig(database, clock(), 1, 20, 8, {"gold": {"share": 0.5}})
    _works(rig, 0, "cat", 12)
    rig.run(lambda tx, _known: tx.run(people.OPEN, person=rig.workers[0], chat="chat"))
    rig.run(lambda tx, _known: tx.connection.exec_driver_sql(f"UPDATE project SET state = '{state}'"))  # noqa: S608 - a test's own words
    mine = _file(rig, 0, tmp_path)
    told = {name for file in mine.values() if isinstance(file, list) for row in file for name in row}
    secret = {"gold", "gold_correct", "agreed", "weight", "gold_seen", "recent_gold", "seen", "correct"}
    assert told & secret == (secret if state == "closed" else set())
    if state == "closed":
        assert {row["gold"] for row in mine["assignments.json"]} == {True, False}
    else:
        assert told & {"memory", "cursor", "returned_cursor"} == set(), "they move with each item, but for a check"
        rows = [frozenset(row) for row in mine["answers.json"]]
        assert len(set(rows)) == 1, "a check looks like any other"


def test_somebody_who_has_done_nothing(database: Database, clock: Clock, tmp_path: Path) -> None:
    rig = a_rig(database, clock(), 1, 1)
    mine = _file(rig, 0, tmp_path)
    assert mine["answers.json"] == []
    assert len(mine["person.json"]) == 1


def test_in_korean(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    rig = a_rig(sqlite_database, clock(), 1, 1)
    assert "요." in _file(rig, 0, tmp_path, "ko")["README.txt"]


def test_nothing_is_left_where_it_cannot_be_written(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    rig = a_rig(sqlite_database, clock(), 1, 1)
    with pytest.raises(UnwritableError):
        write(sqlite_database, rig.catalog, rig.workers[0], tmp_path / "no" / "my.zip", NOON, str)
    assert list(tmp_path.glob("**/*.zip*")) == []
