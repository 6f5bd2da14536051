"""Files of answers, however they come: as a crowd of flat arrays, or one sentence about what is wrong."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from tasks.exchange.answers import Answers, NoAnswersError, natural, read_answers, read_known
from tasks.exchange.columns import BrokenTableError, MissingColumnError, MistypedColumnError
from tasks.exchange.estimates import write_columns
from tasks.exchange.rows import MissingDataError, NoHeaderError, NotUtf8Error, SameColumnError

HEAD = "task,worker,label\n"


def _nothing(_done: int, _total: int) -> None:
    """Nobody watches."""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "answers.csv"


def _read(file: Path, content: str | bytes) -> Answers:
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_answers(file, _nothing)


def _rows(found: Answers) -> list[tuple[str, str, str]]:
    of = found.crowd
    tasks, workers = found.tasks.to_pylist(), found.workers.to_pylist()
    return [
        (tasks[task], workers[worker], found.labels[label])
        for task, worker, label in zip(of.task.tolist(), of.worker.tolist(), of.label.tolist(), strict=True)
    ]


@pytest.mark.parametrize(
    "content",
    [
        HEAD + "1,a,x\n2,b,y\n",
        HEAD.replace("\n", "\r\n") + "1,a,x\r\n2,b,y\r\n",
        "\ufeff" + HEAD + "1,a,x\n2,b,y",
        "\n\n" + HEAD + "1,a,x\n\n2,b,y\n",
        "more,label,worker,task\n?,x,a,1\n?,y,b,2\n",
        "Task ,WORKER,Label\n1,a,x\n2,b,y\n",
        "task_id,worker_id,label\n1,a,x\n2,b,y\n",
        "task;worker;label\n1;a;x\n2;b;y\n",
        "task\tworker\tlabel\n1\ta\tx\n2\tb\ty\n",
    ],
    ids=["plain", "crlf", "bom", "blank lines", "order", "case", "export", "semicolons", "tabs"],
)
def test_ways_of_writing_it(file: Path, content: str) -> None:
    assert _rows(_read(file, content)) == [("1", "a", "x"), ("2", "b", "y")]


def test_other_formats(tmp_path: Path) -> None:
    lines = '{"task": 1, "worker": "a", "label": "x"}\n{"task": "2", "worker": "b", "label": "y", "why": [1]}\n'
    (tmp_path / "a.jsonl").write_text(lines)
    table = pa.table({"task": [1, 2], "worker": ["a", "b"], "label": pa.array(["x", "y"]).dictionary_encode()})
    parquet.write_table(table, tmp_path / "a.parquet")
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress((HEAD + "1,a,x\n2,b,y\n").encode()))
    for name in ("a.jsonl", "a.parquet", "a.csv.gz"):
        assert _rows(read_answers(tmp_path / name, _nothing)) == [("1", "a", "x"), ("2", "b", "y")]


def test_everything_is_a_string(file: Path) -> None:
    found = _read(file, HEAD + '007,nan,NA\n7,null,nan\n7.0,"a,b",null\n1e3,"say ""hi""",None\n')
    assert found.tasks.to_pylist() == ["007", "7", "7.0", "1e3"]
    assert found.workers.to_pylist() == ["nan", "null", "a,b", 'say "hi"']
    assert found.labels == ["NA", "None", "nan", "null"]
    assert found.empty == 0


def test_labels_are_in_their_natural_order(file: Path) -> None:
    found = _read(file, HEAD + "1,a,10\n2,a,9\n3,a,-1\n4,a,b\n5,a,B\n6,a,09\n")
    assert found.labels == ["-1", "09", "9", "10", "B", "b"]
    assert sorted(["no", "2.5", "2"], key=natural) == ["2", "2.5", "no"]


def test_rows_that_are_left_out_are_counted(file: Path) -> None:
    found = _read(file, HEAD + "1,a,x\n1,a,y\n1,,x\n,a,x\n1,b,\n1,c\n1,c,x,more\n2,  ,x\n1,d,z\n")
    assert _rows(found) == [("1", "a", "x"), ("1", "d", "z")]
    assert (found.twice, found.empty, found.broken) == (1, 4, 2)
    assert found.labels == ["x", "z"]


def test_the_first_in_time_counts(file: Path) -> None:
    head = "task,worker,label,submitted_at,seconds\n"
    found = _read(
        file, head + "1,a,x,2026-01-02T00:00:00Z,3\n2,b,y,2026-01-01T00:00:00Z,?\n1,a,y,2026-01-01T00:00:00Z,5\n"
    )
    assert _rows(found) == [("2", "b", "y"), ("1", "a", "y")]
    assert found.tasks.to_pylist() == ["1", "2"]
    assert found.crowd.seconds is not None
    np.testing.assert_equal(found.crowd.seconds, [np.nan, 5])


def test_milliseconds_become_seconds(file: Path) -> None:
    found = _read(file, "task,worker,label,response_time_ms\n1,a,x,1500\n2,a,x,\n")
    np.testing.assert_equal(found.crowd.seconds, [1.5, np.nan])


@pytest.mark.parametrize(
    ("content", "error", "says"),
    [
        (b"", NoHeaderError, "empty"),
        (HEAD.encode(), NoAnswersError, "at least one row"),
        (b"task,worker,label\n1,a,\n", NoAnswersError, "at least one row"),
        (b"task,wrker,label\n1,a,x\n", MistypedColumnError, "“wrker” to “worker”"),
        (b"task,label\n1,x\n", MissingColumnError, "“worker”"),
        (b"1,a,x\n2,b,y\n", MissingColumnError, "begins with “1”, “a”, “x”"),
        (b"task,task,worker,label\n1,1,a,x\n", SameColumnError, "“task”"),
        ("task,worker,label\n1,a,x\n2,b,süß\n".encode("latin-1"), NotUtf8Error, "line 3"),
        ("task,worker,label\n1,a,x\n".encode("utf-16"), NotUtf8Error, "line 1"),
        (b'task,"worker,label\n1,a,x\n', BrokenTableError, "plain table"),
    ],
)
def test_what_is_wrong_is_one_sentence(file: Path, content: bytes, error: type[Exception], says: str) -> None:
    with pytest.raises(error, match=says):
        _read(file, content)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.csv", tmp_path):
        with pytest.raises(MissingDataError):
            read_answers(path, _nothing)


def test_many_batches_keep_their_numbers(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.exchange.columns._BLOCK", 1 << 10)
    monkeypatch.setattr("tasks.exchange.answers._HELD", 0)
    rng = np.random.default_rng(0)
    rows = [(f"t{task}", f"w{n}", f"l{n % 3}") for n, task in enumerate(rng.integers(0, 500, 3_000).tolist())]
    told: list[tuple[int, int]] = []
    file.write_text(HEAD + "".join(",".join(row) + "\n" for row in rows))
    found = read_answers(file, lambda done, total: told.append((done, total)))
    assert _rows(found) == rows
    assert found.tasks.to_pylist() == list(dict.fromkeys(row[0] for row in rows))
    assert len(told) > 10
    assert told[-1][0] == told[-1][1] == file.stat().st_size


cells = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\n"), min_size=1).filter(str.strip)


@settings(max_examples=30, deadline=None)
@given(rows=st.lists(st.tuples(cells, cells, cells), min_size=1, max_size=8, unique_by=lambda row: row[:2]))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("again")
    for name in ("a.csv", "a.tsv", "a.jsonl", "a.parquet"):
        columns = {
            name: pa.array(column)
            for name, column in zip(("task", "worker", "label"), zip(*rows, strict=True), strict=True)
        }
        write_columns(folder / name, columns)
        assert _rows(read_answers(folder / name, _nothing)) == rows


def test_known_answers_and_those_that_contradict_themselves(tmp_path: Path) -> None:
    gold, answers = tmp_path / "gold.csv", tmp_path / "answers.csv"
    gold.write_text("task,label\n1,z\n2,x\n2,y\n9,x\n3,x\n3,x\n,x\n4,\n")
    known = read_known(gold, _nothing)
    assert (known.labels, known.torn) == ({"1": "z", "9": "x", "3": "x"}, ["2"])
    answers.write_text(HEAD + "2,a,x\n1,a,x\n3,a,y\n")
    found = read_answers(answers, _nothing, known)
    assert found.labels == ["x", "y", "z"]
    assert found.crowd.gold is not None
    assert found.crowd.gold.tolist() == [-1, 2, 0]


def test_numbers_are_written_short(tmp_path: Path) -> None:
    columns = {
        "a": np.array([0.123456789, 1.0, 0.00001]),
        "b": np.array([1, 20, 300]),
        "c": pa.array(['x"y', "z", "p,q"]),
    }
    write_columns(tmp_path / "a.csv", columns)
    assert (tmp_path / "a.csv").read_text() == 'a,b,c\n0.123457,1,"x""y"\n1,20,z\n0.00001,300,"p,q"\n'
