"""What is done to projects is on record, wherever it is done: who, before, after."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from db.queries import audit
from db.session import Database, Tx
from tasks.exchange.exports import UnknownExportError
from tasks.exchange.handing_out import Wanted, hand_out
from tasks.privacy.audit import Actor
from tasks.privacy.verify import verify
from tasks.projects import funding, lifecycle
from tasks.projects.catalog import Catalog
from tasks.projects.errors import TransitionError
from tasks.projects.importing import import_project, quiet
from tasks.projects.media import MediaStore
from tasks.projects.spec import Spec
from tests.conftest import NOON

_ADMIN = Actor(channel="web")
_FILE: dict[str, Any] = {
    "id": "birds",
    "title": "Birds",
    "instructions": "Look closely.",
    "kind": "choice",
    "question": "Which bird?",
    "labels": [{"key": "crow", "text": {"": "Crow"}}, {"key": "owl", "text": {"": "Owl"}}],
    "show": {"text": "said"},
    "overlap": 2,
    "reward": {"answer": "0.01", "currency": "EUR", "budget": "5"},
}


class _Desk:
    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.catalog, self.folder = database, Catalog(), folder

    def load(self, rows: int, *, dry_run: bool = False, **changed: Any) -> None:
        """Import the file with so many rows."""
        data = self.folder / "birds.csv"
        data.write_text("id,said\n" + "".join(f"{n},caw\n" for n in range(rows)), "utf-8")
        spec, media = Spec.model_validate({**_FILE, **changed}), MediaStore(self.folder)
        import_project(self.database, self.catalog, spec, data, media, NOON, quiet, actor=_ADMIN, dry_run=dry_run)

    def do(self, deed: Any, *given: Any) -> None:
        """Do it in a turn."""
        self.database.run(lambda tx: deed(tx, self.catalog, "birds", *given, NOON, _ADMIN)).result()

    def records(self) -> list[tuple[str, dict[str, Any]]]:
        """What is on record, from the oldest on."""
        rows = self.database.run(lambda tx: tx.all(audit.CHAIN)).result()
        assert {row.channel for row in rows} <= {"web"}
        assert verify(self.database, "", quiet).whole
        return [(row.what, json.loads(row.figures)) for row in rows]


@pytest.fixture
def desk(database: Database, tmp_path: Path) -> _Desk:
    return _Desk(database, tmp_path)


def test_a_project_s_life(desk: _Desk) -> None:
    desk.load(3, dry_run=True)
    assert desk.records() == []
    desk.load(3)
    for deed in (lifecycle.launch, lifecycle.pause, lifecycle.close):
        desk.do(deed)
    with pytest.raises(TransitionError):
        desk.do(lifecycle.launch)
    (first, figures), *others = desk.records()
    assert (first, figures["rows"], figures["new"], len(figures["file"])) == ("import", 3, True, 64)
    assert others == [
        ("launch", {"before": "draft", "after": "live"}),
        ("pause", {"before": "live", "after": "paused"}),
        ("close", {"before": "paused", "after": "closed"}),
    ]


def test_a_changed_file(desk: _Desk) -> None:
    desk.load(3)
    desk.load(3)  # the same again is nothing that was done
    desk.load(5, title="Birds of the yard", instructions="Look " * 500)
    (_new, _file), (what, more), (revise, changed) = desk.records()
    assert (what, more["rows"], more["new"]) == ("import", 2, False)
    assert (revise, changed["keys"]) == ("revise", ["title", "instructions"])
    assert changed["before"]["title"] != changed["after"]["title"]
    assert changed["after"]["instructions"].startswith("sha256:")


def test_a_budget(desk: _Desk) -> None:
    desk.load(3)
    desk.do(funding.change, "7")
    desk.do(funding.change, "7")
    assert desk.records()[1:] == [("budget", {"before": 500, "after": 700, "currency": "EUR"})]


def test_a_file_that_is_handed_out(desk: _Desk) -> None:
    desk.load(3)
    for what, name in (("results", "r.csv"), ("everything", "e.csv")):
        wanted = Wanted("birds", what, desk.folder / name)
        try:
            hand_out(desk.database, desk.catalog, _ADMIN, wanted, NOON, quiet)
        except UnknownExportError:
            assert what == "everything"
    assert desk.records()[1:] == [("export", {"what": "results"})]


def test_a_record_goes_with_its_turn(desk: _Desk) -> None:
    desk.load(3)

    def turn(tx: Tx) -> None:
        lifecycle.launch(tx, desk.catalog, "birds", NOON, _ADMIN)
        raise KeyError

    with pytest.raises(KeyError):
        desk.database.run(turn).result()
    assert [what for what, _figures in desk.records()] == ["import"]
