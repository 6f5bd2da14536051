"""Importing: all or nothing, the same rows once, in chunks, and reachable by those who are at work already."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from PIL import Image

from db.queries import projects
from db.session import Database
from db.statement import Statement
from tasks.projects import lifecycle, loading
from tasks.projects.catalog import Catalog, progress
from tasks.projects.errors import (
    ClosedForGoodError,
    FixedAfterLaunchError,
    NoDataError,
    NoSuchColumnError,
    NothingShownError,
    PicturesWithoutDataError,
    ShapeChangedError,
)
from tasks.projects.importing import Checked, Imported, check_data, import_project, quiet
from tasks.projects.media import MediaStore
from tasks.projects.mistakes import DataFileError
from tasks.projects.spec import Spec

BIRDS: Mapping[str, Any] = {
    "id": "birds",
    "title": "Which bird?",
    "kind": "choice",
    "labels": [{"key": "owl", "text": "Owl"}, {"key": "jay", "text": "Jay"}],
    "show": {"text": "sound"},
}
ROWS = "id,sound,gold\na,hoo,owl\nb,krah,\nc,hoohoo,\n"


class Stored(NamedTuple):
    """A task as it is stored."""

    id: int
    row: str
    item: str
    pictures: str
    split: str
    gold: str | None
    why: str | None
    prior: str | None
    place: int
    wanted: int
    slots: int
    status: str
    label: str | None
    confidence: float | None
    method: str


TASKS = Statement(f"SELECT {', '.join(Stored._fields)} FROM task ORDER BY id", Stored)  # noqa: S608 - our own names
RETURNED = Statement("SELECT task_id FROM returned ORDER BY id", projects.Number)
MEDIA = Statement("SELECT COUNT(*) FROM media", projects.Number)


def spec(**changed: Any) -> Spec:
    return Spec.model_validate({**BIRDS, **changed})


class Importer:
    """Imports texts as files into one database."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.folder = database, folder
        self.catalog = Catalog()
        self.media = MediaStore(folder / "media")

    def file(self, data: str | bytes, name: str = "data.csv") -> Path:
        """A data file."""
        (self.folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
        return self.folder / name

    def __call__(
        self, data: str | bytes | None, *, name: str = "data.csv", dry_run: bool = False, **changed: Any
    ) -> Imported:
        """Import it."""
        path = None if data is None else self.file(data, name)
        return import_project(self.database, self.catalog, spec(**changed), path, self.media, 7, quiet, dry_run=dry_run)

    def tasks(self) -> list[Stored]:
        """All tasks."""
        return self.database.run(lambda tx: tx.all(TASKS)).result()

    def launch(self) -> None:
        """Open it to workers."""
        self.database.run(lambda tx: lifecycle.launch(tx, self.catalog, "birds", 8)).result()

    def counted(self) -> int:
        """Tasks of work, as the tally has them."""
        known = self.database.run(lambda tx: self.catalog.by_key(tx, "birds")).result()
        return self.database.run(lambda tx: progress(tx, known.id)).result().tasks


@pytest.fixture
def load(database: Database, tmp_path: Path) -> Importer:
    return Importer(database, tmp_path)


@pytest.fixture
def load_here(sqlite_database: Database, tmp_path: Path) -> Importer:
    return Importer(sqlite_database, tmp_path)


def mistakes(work: Callable[[], object]) -> list[str]:
    with pytest.raises(DataFileError) as raised:
        work()
    return [str(mistake) for mistake in raised.value.mistakes]


# --------------------------------------------------------------------------- what becomes of rows


def test_rows_become_tasks(load: Importer) -> None:
    assert load(
        "id,sound,from,gold,why,prior\na,hoo,wood,,,owl\nb,krah,yard,jay,It croaks.,\n", gold={"share": 0.5}
    ) == Imported("birds", added=2, unchanged=0)
    work, gold = load.tasks()
    assert work._replace(place=0) == Stored(
        1, "a", '{"sound": "hoo", "from": "wood"}', "{}", "work", None, None, '"owl"', 0, 3, 3, "open", None, None, ""
    )
    assert gold._replace(place=0) == Stored(
        2,
        "b",
        '{"sound": "krah", "from": "yard"}',
        "{}",
        "gold",
        '"jay"',
        "It croaks.",
        None,
        0,
        0,
        0,
        "decided",
        '"jay"',
        1.0,
        "gold",
    )
    assert work.place != gold.place
    assert load.counted() == 1


def test_the_same_rows_twice_change_nothing(load: Importer) -> None:
    load(ROWS)
    before = load.tasks()
    assert load(ROWS) == Imported("birds", added=0, unchanged=3)
    assert load("gold,sound,id\nowl,hoo,a\n,krah,b\n,hoohoo,c\n").unchanged == 3
    assert load.tasks() == before
    assert load.counted() == 3


def test_more_rows_are_added_to_those_that_are_there(load: Importer) -> None:
    load(ROWS)
    assert load(ROWS + "d,krahkrah,\n") == Imported("birds", added=1, unchanged=3)
    assert [task.id for task in load.tasks()] == [1, 2, 3, 4]


def test_new_rows_reach_workers_who_have_passed_their_places(load: Importer) -> None:
    load(ROWS)
    assert load.database.run(lambda tx: tx.all(RETURNED)).result() == []
    load.launch()
    load("id,sound,gold,split\nd,krah,,\ne,hoo,owl,gold\n")
    assert [entry.n for entry in load.database.run(lambda tx: tx.all(RETURNED)).result()] == [4]


def test_rows_without_an_id_have_their_number(load_here: Importer) -> None:
    load_here("sound\nhoo\nkrah\n")
    assert [task.row for task in load_here.tasks()] == ["1", "2"]


def test_many_rows_go_in_chunks_and_progress_is_told(load: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "AT_ONCE", 50)
    monkeypatch.setattr("tasks.projects.importing.AT_ONCE", 50)
    told: list[tuple[int, int]] = []
    path = load.file("sound\n" + "".join(f"hoo {number}\n" for number in range(1234)))
    done = import_project(load.database, load.catalog, spec(), path, load.media, 7, lambda *parts: told.append(parts))
    assert done.added == 1234
    assert len({task.place for task in load.tasks()}) == 1234
    assert told == sorted(told)
    assert told[-1][0] == told[-1][1]
    assert len(told) == 50


def test_a_dry_run_changes_nothing(load_here: Importer) -> None:
    assert load_here(ROWS, dry_run=True) == Imported("birds", added=3, unchanged=0)
    assert load_here.tasks() == []
    load_here(ROWS)
    assert load_here(ROWS + "d,x,\n", dry_run=True) == Imported("birds", added=1, unchanged=3)
    assert len(load_here.tasks()) == 3


def test_a_broken_import_is_completed_by_the_next(load: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.projects.importing.AT_ONCE", 2)

    def dies(part: int, total: int) -> None:
        if part > total / 2:
            raise KeyboardInterrupt

    rows = "id,sound,gold\n" + "".join(f"{number},hoo,{'owl' if number % 2 else ''}\n" for number in range(8))
    path = load.file(rows)
    with pytest.raises(KeyboardInterrupt):
        import_project(load.database, load.catalog, spec(gold={"share": 0.3}), path, load.media, 7, dies)
    begun = load.tasks()
    assert 0 < len(begun) < 8
    assert load(rows, gold={"share": 0.3}) == Imported("birds", added=8 - len(begun), unchanged=len(begun))
    assert load.tasks()[: len(begun)] == begun
    assert sum(task.split == "gold" for task in load.tasks()) == 2
    assert load.counted() == 6


def test_two_imports_at_once_add_each_row_once(load: Importer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.projects.importing.AT_ONCE", 10)
    path = load.file("sound\n" + "".join(f"hoo {number}\n" for number in range(200)))
    with ThreadPoolExecutor(2) as both:
        imports = [
            both.submit(import_project, load.database, Catalog(), spec(), path, load.media, 7, quiet) for _ in range(2)
        ]
        for each in imports:
            each.result()
    assert [task.id for task in load.tasks()] == [*range(1, 201)]
    assert load.counted() == 200


# --------------------------------------------------------------------------- shares


def test_known_answers_become_gold_tasks_up_to_the_share(load_here: Importer) -> None:
    load_here("id,sound,gold\n" + "".join(f"r{number},hoo,owl\n" for number in range(40)))
    splits = {task.row: task.split for task in load_here.tasks()}
    assert sorted(splits.values()) == ["gold"] * 4 + ["work"] * 36
    assert all(task.gold == '"owl"' for task in load_here.tasks())


def test_a_split_that_is_written_holds(load_here: Importer) -> None:
    rows = "id,sound,gold,split\na,x,owl,practice\nb,x,owl,quiz\nc,x,owl,work\nd,x,owl,Gold\ne,x,,\n"
    load_here(rows, gold={"share": 0})
    assert [task.split for task in load_here.tasks()] == ["practice", "quiz", "work", "gold", "work"]
    assert [task.slots for task in load_here.tasks()] == [0, 0, 3, 0, 3]


@pytest.mark.parametrize(
    ("kind", "gold", "kept"),
    [("multi-choice", "jay | owl", '["owl", "jay"]'), ("rating", " 4 ", "4"), ("text", "an owl", '"an owl"')],
)
def test_known_answers_are_kept_in_canonical_form(load_here: Importer, kind: str, gold: str, kept: str) -> None:
    load_here(f"sound,gold\nhoo,{gold}\n", kind=kind)
    assert load_here.tasks()[0].gold == kept


# --------------------------------------------------------------------------- bad rows


def test_every_bad_row_is_told_and_nothing_is_imported(load_here: Importer) -> None:
    rows = (
        "id,sound,gold,split\na,hoo,owl,\nb,,,\nc,x,bat,\na,y,,\nd,z,,gold\ne,z,,wrok\nf,z\n"
        f"{'g' * 201},z,,\nh,{'z' * 3001},,\n"
    )
    assert mistakes(lambda: load_here(rows)) == [
        "Row 2: give it something to show: its cells are empty",
        "Row 3: Choose one of the labels: “bat” is not one of them.",
        "Row 4: give it an id of its own: “a” is that of row 1",
        "Row 5: add the known answer in “gold”: a row of the split “gold” needs one",
        "Row 6: did you mean “work”? “wrok” is not a split",
        "Row 7: give it 4 cells: it has 2",
        "Row 8: choose a shorter id: 200 characters are the most",
        "Row 9: show at most 3000 characters: it has 3001",
    ]
    assert load_here.tasks() == []
    assert load_here.database.run(load_here.catalog.all).result() == []


def test_a_thousand_bad_rows_are_told_in_a_hundred_lines(load_here: Importer) -> None:
    found = mistakes(lambda: load_here("id,sound\n" + "a,\n" * 1000))
    assert len(found) == 101
    assert found[-1] == "… and 900 more bad rows"


def test_a_row_that_changed_is_told(load: Importer) -> None:
    load(ROWS)
    found = mistakes(lambda: load(ROWS.replace("krah", "squawk") + "d,new,\n"))
    assert found == ["Row 2: give it a new id: “b” was imported before, with other content"]
    assert len(load.tasks()) == 3


@pytest.mark.parametrize("text", ["\\ud800", "a\\u0000b"])
def test_what_no_database_takes_is_a_bad_row(load_here: Importer, text: str) -> None:
    assert "no screen can show them" in mistakes(lambda: load_here(f'{{"sound": "{text}"}}\n', name="d.jsonl"))[0]


def test_a_file_without_rows_is_told(load_here: Importer) -> None:
    with pytest.raises(NoDataError):
        load_here("id,sound\n")


def test_what_is_shown_must_be_there(load_here: Importer) -> None:
    with pytest.raises(NoSuchColumnError, match="there is no “sound”; there are noise, from"):
        load_here("noise,from\nhoo,wood\n")
    with pytest.raises(NothingShownError, match="the data has noise, from"):
        load_here("noise,from\nhoo,wood\n", show={})


@pytest.mark.parametrize(("header", "shown"), [("noise", "noise"), ("text,from", "text")])
def test_what_is_shown_is_guessed_where_it_is_plain(load_here: Importer, header: str, shown: str) -> None:
    load_here(f"{header}\n{','.join('ab'[: header.count(',') + 1])}\n", show={})
    known = load_here.database.run(lambda tx: load_here.catalog.by_key(tx, "birds")).result()
    assert known.spec.show.text == shown


def test_data_are_checked_without_a_database(tmp_path: Path) -> None:
    (tmp_path / "d.csv").write_text(ROWS + "d,,\n")
    found = check_data(spec(), tmp_path / "d.csv")
    assert (found.rows, [str(mistake) for mistake in found.mistakes]) == (
        3,
        ["Row 4: give it something to show: its cells are empty"],
    )
    (tmp_path / "d.csv").write_text(ROWS)
    assert check_data(spec(), tmp_path / "d.csv") == Checked(3, [])


# --------------------------------------------------------------------------- pictures


def drawing(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (30, 20), colour).save(out, "PNG")
    return out.getvalue()


def packed(**files: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packing:
        for name, raw in files.items():
            packing.writestr(name.replace("_", "."), raw)
    return out.getvalue()


PHOTOS: Mapping[str, Any] = {"show": {"image": "photo", "text": "sound"}, "name": "d.zip"}


def test_pictures_of_a_zip_are_kept_by_content(load: Importer) -> None:
    load(
        packed(
            d_csv="id,photo,sound\na,a.png,\nb,b.png,hoo\nc,,krah\nd,a.png,\n",
            a_png=drawing("red"),
            b_png=drawing("blue"),
        ),
        **PHOTOS,
    )
    tasks = load.tasks()
    contents = [json.loads(task.pictures).get("photo") for task in tasks]
    assert contents[2] is None
    assert contents[0] == contents[3] != contents[1]
    assert all(load.media.has(content) for content in contents if content)
    assert json.loads(tasks[0].item) == {"photo": "a.png", "sound": ""}
    assert [count.n for count in load.database.run(lambda tx: tx.all(MEDIA)).result()] == [2]


def test_a_bad_picture_is_told_with_its_row(load_here: Importer) -> None:
    raw = packed(d_csv="photo,sound\na.png,\nb.png,\nc.png,\n", a_png=drawing("red"), b_png=b"no picture")
    assert mistakes(lambda: load_here(raw, **PHOTOS)) == [
        "Row 2: save the picture “b.png” as JPEG, PNG, WebP, GIF or BMP: it is none of them",
        "Row 3: add the picture “c.png”: it is not there",
    ]


def test_another_picture_of_the_same_name_is_another_row(load_here: Importer) -> None:
    load_here(packed(d_csv="id,photo,sound\na,a.png,\n", a_png=drawing("red")), **PHOTOS)
    found = mistakes(lambda: load_here(packed(d_csv="id,photo,sound\na,a.png,\n", a_png=drawing("blue")), **PHOTOS))
    assert "“a” was imported before, with other content" in found[0]


def test_examples_get_their_pictures_from_beside_the_data(load_here: Importer) -> None:
    examples = [{"image": "red.png", "answer": "owl"}]
    load_here(packed(d_csv="photo,sound\n,hoo\n", red_png=drawing("red")), **PHOTOS, examples=examples)
    known = load_here.database.run(lambda tx: load_here.catalog.by_key(tx, "birds")).result()
    assert known.spec.examples[0].image
    assert load_here.media.has(known.spec.examples[0].image)
    assert (
        load_here(packed(d_csv="photo,sound\n,hoo\n", red_png=drawing("red")), **PHOTOS, examples=examples).unchanged
        == 1
    )
    assert known.revision == load_here.database.run(lambda tx: load_here.catalog.by_key(tx, "birds")).result().revision
    with pytest.raises(PicturesWithoutDataError):
        load_here(None, examples=examples)
    missing = mistakes(lambda: load_here(packed(d_csv="photo,sound\n,hoo\n"), **PHOTOS, examples=examples))
    assert missing == ["an example: add the picture “red.png”: it is not there"]


# --------------------------------------------------------------------------- a changed file


def test_words_and_limits_may_change_while_people_work(load: Importer) -> None:
    load(ROWS)
    load.launch()
    labels = [{"key": "owl", "text": "An owl"}, {"key": "jay", "text": "A jay"}]
    load(ROWS, title="Who calls?", labels=labels, limits={"per_day": 5}, reward={"answer": "5", "currency": "KRW"})
    known = load.database.run(lambda tx: load.catalog.by_key(tx, "birds")).result()
    assert (known.revision, known.state, known.spec.title, known.spec.limits.per_day) == (
        2,
        "live",
        {"": "Who calls?"},
        5,
    )
    load(None, title="Who calls now?", reward={"answer": "0", "currency": "KRW"})
    assert load.database.run(lambda tx: load.catalog.by_key(tx, "birds")).result().revision == 3
    with pytest.raises(FixedAfterLaunchError, match="Put reward back"):
        load(None, title="Who calls for nothing?")


def test_reopening_may_be_allowed_later(load_here: Importer) -> None:
    load_here(ROWS, overlap={"min": 1, "max": 3})
    load_here.launch()
    load_here(ROWS, overlap={"min": 1, "max": 3, "reopen": 0.1})
    with pytest.raises(FixedAfterLaunchError, match="Put overlap back"):
        load_here(ROWS, overlap={"min": 1, "max": 4, "reopen": 0.1})


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"overlap": 5}, "overlap"),
        ({"kind": "multi-choice"}, "kind"),
        ({"labels": [{"key": "owl", "text": "Owl"}, {"key": "bat", "text": "Bat"}]}, "labels"),
        ({"gold": {"share": 0.5}}, "gold"),
    ],
)
def test_what_answers_depend_on_may_not(load_here: Importer, changed: dict[str, Any], named: str) -> None:
    load_here(ROWS)
    load_here.launch()
    with pytest.raises(FixedAfterLaunchError, match=f"Put {named} back"):
        load_here(ROWS, **changed)


def test_a_closed_project_takes_nothing_more(load_here: Importer) -> None:
    load_here(ROWS)
    load_here.launch()
    load_here.database.run(lambda tx: lifecycle.close(tx, load_here.catalog, "birds", 9)).result()
    with pytest.raises(ClosedForGoodError):
        load_here(ROWS + "d,x,\n")


def test_the_tasks_of_a_draft_follow_its_file(load: Importer) -> None:
    rows = "id,sound,gold\n" + "".join(f"{number},hoo,owl\n" for number in range(10))
    load(rows)
    assert load.counted() == 9
    load(rows, overlap=5, gold={"share": 0.4})
    assert sorted({(task.split, task.slots, task.status) for task in load.tasks()}) == [
        ("gold", 0, "decided"),
        ("work", 5, "open"),
    ]
    assert load.counted() == 6


def test_another_question_needs_all_rows_again(load_here: Importer) -> None:
    load_here("id,sound,gold\na,hoo,owl\n")
    load_here("id,sound,gold\nb,hoo,owl\n")
    for data in ("id,sound,gold\na,hoo,owl\n", None):
        with pytest.raises(ShapeChangedError):
            load_here(data, kind="multi-choice")
    load_here("id,sound,gold\na,hoo,owl\nb,hoo,owl\n", kind="multi-choice")
    assert [task.gold for task in load_here.tasks()] == ['["owl"]', '["owl"]']
