"""Exports: the columns as promised, in every format, streamed, and complete or not there."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.session import Database, Reader, Tx
from db.tables import Answer, Assignment, Enrolment, Person
from tasks.exchange.columns import Table
from tasks.exchange.complete import UnwritableError
from tasks.exchange.estimates import write_columns
from tasks.exchange.exports import (
    UnknownExportError,
    UnknownExportFormatError,
    export,
)
from tasks.exchange.formats import WRITERS, open_data
from tasks.exchange.harmless import harmless
from tasks.privacy.pseudonym import pseudonym
from tasks.projects.catalog import Catalog
from tasks.projects.errors import MistypedProjectError
from tests.support.bots import ANIMALS, add_project

NOON = 1_790_000_000_000
ROWS: list[Mapping[str, Any]] = [
    {"id": "a", "caption": "=1+1", "label": "mine"},
    {"id": "b", "caption": "-5"},
    {"id": "c", "caption": "meow", "split": "gold", "gold": "cat"},
    {"id": "d", "caption": "hm", "split": "practice", "gold": "cat"},
]


@pytest.fixture
def stage(database: Database) -> Database:
    """A project with an answer, a skip and an open lease."""
    add_project(database, {**ANIMALS, "id": "animals"}, ROWS, NOON)

    def work(tx: Tx) -> None:
        for worker in (1, 2):
            tx.orm.add(Person(id=worker, channel="test", external_id=str(worker), joined_at=worker))
        tx.orm.flush()
        for worker in (1, 2):
            tx.orm.add(Enrolment(project_id=1, worker_id=worker, joined_at=worker))
        tx.orm.flush()
        answered: dict[str, Any] = {
            "state": "answered",
            "delivered_at": NOON + 500,
            "first_tap_at": NOON + 1500,
            "submitted_at": NOON + 2250,
        }
        skipped: dict[str, Any] = {
            "state": "skipped",
            "skipped_at": NOON + 900,
            "reason": "=unsure",
            "first_tap_at": NOON + 900,
        }
        for task, worker, how in ((1, 1, answered), (1, 2, skipped), (3, 2, {})):
            lease: dict[str, Any] = {"offered_at": NOON, "lease_ends": NOON + 9000}
            tx.orm.add(Assignment(project_id=1, task_id=task, worker_id=worker, **lease, **how))
        tx.orm.flush()
        tx.orm.add(Answer(project_id=1, task_id=1, worker_id=1, value='"cat"', submitted_at=NOON + 2250, work_ms=1750))

    database.run(work).result()
    return database


def written(database: Database, what: str, out: Path, form: str | None = None) -> int:
    return export(database, Catalog(), "animals", what, out, form, lambda _done, _total: None)


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8", newline="") as source:
        return list(csv.DictReader(source))


# --------------------------------------------------------------------------- columns


def test_results_have_a_row_for_each_item(stage: Database, tmp_path: Path) -> None:
    assert written(stage, "results", tmp_path / "r.csv") == 3
    rows = rows_of(tmp_path / "r.csv")
    assert list(rows[0]) == [
        "task_id",
        "id",
        "caption",
        "item.label",
        "label",
        "confidence",
        "answers",
        "status",
        "method",
    ]
    assert [row["task_id"] for row in rows] == ["a", "b", "c"]
    assert [row["status"] for row in rows] == ["open", "open", "decided"]
    assert [row["caption"] for row in rows] == ["'=1+1", "-5", "meow"]
    assert [row["item.label"] for row in rows] == ["mine", "", ""]


def test_answers_have_no_person_behind_them(stage: Database, tmp_path: Path) -> None:
    written(stage, "answers", tmp_path / "a.csv")
    assert rows_of(tmp_path / "a.csv") == [
        {
            "task_id": "a",
            "worker": pseudonym(1, 1, 1),
            "label": "cat",
            "submitted_at": "2026-09-21T14:13:22.250Z",
            "seconds": "1.75",
            "gold_correct": "",
            "rejected": "false",
        }
    ]


def test_a_pseudonym_is_of_one_project() -> None:
    assert pseudonym(1, 7, 5) == pseudonym(1, 7, 5)
    assert len({pseudonym(1, 7, 5), pseudonym(2, 7, 5), pseudonym(1, 8, 5)}) == 3
    assert pseudonym(1, 7, 5).startswith("w-")


def test_behaviour_has_a_row_for_each_assignment(stage: Database, tmp_path: Path) -> None:
    assert written(stage, "behaviour", tmp_path / "b.csv") == 3
    answered, skipped, offered = rows_of(tmp_path / "b.csv")
    assert " ".join(answered) == (
        "task_id worker state position offered_at delivered_at first_tap_at changes instructions undone undone_at "
        "submitted_at skipped_at reason reported seconds_to_first_tap seconds_of_work "
        "seconds_to_delivery channel sitting in_sitting hour media edits retries"
    )
    assert (answered["seconds_to_first_tap"], answered["seconds_of_work"]) == ("1.0", "1.75")
    assert (skipped["state"], skipped["reason"], skipped["seconds_to_first_tap"]) == ("skipped", "'=unsure", "0.9")
    assert (offered["state"], offered["submitted_at"], offered["reported"]) == ("offered", "", "false")


# --------------------------------------------------------------------------- formats


@pytest.mark.parametrize("what", ["results", "answers", "behaviour"])
def test_all_formats_say_the_same(stage: Database, tmp_path: Path, what: str) -> None:
    from pyarrow import parquet  # noqa: PLC0415 - slow to load

    for form in ("csv", "tsv", "jsonl", "parquet"):
        written(stage, what, tmp_path / f"x.{form}")
    from_json = [json.loads(line) for line in (tmp_path / "x.jsonl").read_text("utf-8").splitlines()]
    assert parquet.read_table(tmp_path / "x.parquet").to_pylist() == from_json
    with (tmp_path / "x.tsv").open(encoding="utf-8", newline="") as source:
        assert list(csv.DictReader(source, delimiter="\t")) == rows_of(tmp_path / "x.csv")
    assert [list(row) for row in from_json] == [list(row) for row in rows_of(tmp_path / "x.csv")]


def test_an_empty_export_has_its_header(database: Database, tmp_path: Path) -> None:
    from pyarrow import parquet  # noqa: PLC0415 - slow to load

    add_project(database, ANIMALS, [], NOON)
    for form in ("csv", "jsonl", "parquet"):
        assert written(database, "answers", tmp_path / f"x.{form}") == 0
    assert (tmp_path / "x.csv").read_text().startswith("task_id,worker,label")
    assert parquet.read_table(tmp_path / "x.parquet").num_rows == 0


def test_the_format_may_be_given(stage: Database, tmp_path: Path) -> None:
    written(stage, "results", tmp_path / "out.txt", "jsonl")
    assert json.loads((tmp_path / "out.txt").read_text("utf-8").splitlines()[0])["caption"] == "=1+1"


@pytest.mark.parametrize("text", ["=SUM(A1)", "+cmd", "-cmd|' /C calc'!A0", "@x", "\tx", "\rx", "=1"])
def test_what_a_spreadsheet_would_run_is_made_harmless(text: str) -> None:
    assert harmless(text) == f"'{text}"


@given(st.one_of(st.floats(allow_nan=False, allow_infinity=False), st.integers()))
def test_numbers_stay_as_they_are(number: float) -> None:
    assert harmless(str(number)) == str(number)


_CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00\r")) | st.sampled_from(
    [
        "=1+1",
        "'=1",
        "''=1",
        "'",
        "'x",
        "-5",
        "'-5",
        "+82 10",
        "\tx",
        "\rx",
        "\n=1",
        "@a",
        "-",
        "=",
        "1e5",
        "+1.5e-3",
        "a\rb",
    ]
)


@given(st.lists(st.tuples(_CELLS, _CELLS), min_size=1, max_size=5))
def test_what_is_written_is_read_as_it_was_and_no_cell_runs(rows: list[tuple[str, str]]) -> None:
    """Over all formats of text, by both readers; rows of nothing are left out, and are no rows."""
    with TemporaryDirectory() as folder:
        for suffix, separator in (("csv", ","), ("tsv", "\t")):
            path = Path(folder) / f"x.{suffix}"
            with closing(WRITERS[suffix](path, ["=task", "label"], ())) as writer:
                writer.write(rows)
            with open_data(path) as source:
                read = [dict(row.cells) for row in source.rows()]
            assert read == [{"=task": first, "label": second} for first, second in rows if first or second]
            with path.open(encoding="utf-8", newline="") as file:
                cells = [cell for row in csv.reader(file, delimiter=separator) for cell in row]
            assert not [
                cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not _number(cell)
            ]


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@given(st.lists(_CELLS, min_size=1, max_size=5))
def test_columns_are_written_and_read_the_same_way(cells: list[str]) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.csv"
        write_columns(path, {"label": pa.array(cells, pa.string()), "n": pa.array(range(len(cells)))})
        with path.open(encoding="utf-8", newline="") as file:
            written = [row[0] for row in list(csv.reader(file))[1:]]
        assert written == [harmless(cell) for cell in cells]
        batches = Table(path, {"label": ["label"]}, {}).batches(lambda _done, _total: None)
        assert [cell for batch in batches for cell in batch["label"].to_pylist()] == cells


# --------------------------------------------------------------------------- what cannot be


def test_what_cannot_be_exported_is_told_and_nothing_is_left(stage: Database, tmp_path: Path) -> None:
    with pytest.raises(UnknownExportError, match="results, answers, behaviour"):
        written(stage, "nonsense", tmp_path / "x.csv")
    with pytest.raises(UnknownExportFormatError, match=r"\.csv, \.tsv, \.jsonl, \.parquet"):
        written(stage, "results", tmp_path / "x.xlsx")
    with pytest.raises(UnwritableError):
        written(stage, "results", tmp_path / "none" / "x.csv")
    with pytest.raises(UnwritableError):
        written(stage, "results", tmp_path, "csv")
    with pytest.raises(MistypedProjectError):
        export(stage, Catalog(), "animal", "results", tmp_path / "x.csv", None, lambda _done, _total: None)
    assert [file.name for file in tmp_path.iterdir() if not file.name.startswith("crowdloom.db")] == []


def test_an_interrupted_export_leaves_the_old_file(
    stage: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "r.csv").write_text("yesterday's")
    stream = Reader.stream

    def dies(self: Reader, *given: Any, **values: Any) -> Iterator[Any]:
        yield from [next(stream(self, *given, **values))]
        raise KeyboardInterrupt

    monkeypatch.setattr(Reader, "stream", dies)
    with pytest.raises(KeyboardInterrupt):
        written(stage, "behaviour", tmp_path / "r.csv")
    assert (tmp_path / "r.csv").read_text() == "yesterday's"
    assert list(tmp_path.glob(".r.csv*")) == []
