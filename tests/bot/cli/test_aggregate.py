"""``aggregate`` from the shell: files in, files out, one sentence for whatever is wrong."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.cli import main
from tests.support.crowds import Made, made

Run = Callable[..., tuple[int, str, str]]
ROOT = Path(__file__).parents[3]
HEAD = "task,worker,label\n"
EASY = HEAD + "".join(f"{task},{worker},{'yes' if task % 2 else 'no'}\n" for task in range(6) for worker in "abc")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in a folder of its own; its exit code, what it said and what it complained of."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("COLUMNS", "200")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)

    def command(*words: str) -> tuple[int, str, str]:
        code = main(("aggregate", *words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def _write(file: Path, of: Made, tasks: range | None = None) -> None:
    """Answers, or the truth of some tasks."""
    with file.open("w") as out:
        if tasks is not None:
            out.write("task,label\n" + "".join(f"t{task},l{of.truth[task]}\n" for task in tasks))
            return
        rows = zip(of.crowd.task.tolist(), of.crowd.worker.tolist(), of.crowd.label.tolist(), strict=True)
        out.write(HEAD + "".join(f"t{task},w{worker},l{label}\n" for task, worker, label in rows))


def _table(file: Path) -> list[dict[str, str]]:
    with file.open(newline="") as lines:
        return list(csv.DictReader(lines))


def test_a_label_and_a_confidence_for_every_task(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(EASY)
    assert run("a.csv", "--out", "r.csv")[:2] == (0, "r.csv: 6 tasks, by “committee”.\n")
    rows = _table(tmp_path / "r.csv")
    assert [(row["task"], row["label"]) for row in rows] == [(str(n), "yes" if n % 2 else "no") for n in range(6)]
    assert all(0.5 < float(row["confidence"]) <= 1 for row in rows)


def test_the_same_twice_to_the_byte(run: Run, tmp_path: Path) -> None:
    _write(tmp_path / "a.csv", made())
    for out in ("one", "two"):
        run("a.csv", "--out", f"{out}.csv", "--workers", f"{out}-w.csv", "--method", "ebcc", "--seed", "7")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "two.csv").read_bytes()
    assert (tmp_path / "one-w.csv").read_bytes() == (tmp_path / "two-w.csv").read_bytes()


def test_workers_with_skill_and_whom_to_look_at(run: Run, tmp_path: Path) -> None:
    of = made(tasks=300, workers=12, labels=2, each=6, able=(12, 2))
    _write(tmp_path / "a.csv", of)
    with (tmp_path / "a.csv").open("a") as more:
        more.write("".join(f"t{task},button,l0\n" for task in range(200)))
    assert run("a.csv", "--out", "r.csv", "--workers", "w.csv")[0] == 0
    rows = {row["worker"]: row for row in _table(tmp_path / "w.csv")}
    assert list(rows["button"]) == [
        "worker", "skill", "skill_low", "skill_high", "answers", "score", "flag", "reasons"
    ]  # fmt: skip
    assert (rows["button"]["answers"], rows["button"]["flag"]) == ("200", "1")
    assert rows["w0"]["flag"] == "0"
    assert float(rows["w0"]["skill_low"]) < float(rows["w0"]["skill"]) < float(rows["w0"]["skill_high"])
    assert float(rows["button"]["score"]) > 0.9 > float(rows["w0"]["score"])


def test_gold_is_used_and_said(run: Run, tmp_path: Path) -> None:
    of = made(tasks=80, workers=8, labels=3, each=3, able=(3, 2))
    _write(tmp_path / "a.csv", of)
    _write(tmp_path / "g.csv", of, range(40))
    with (tmp_path / "g.csv").open("a") as more:
        more.write("t3,l9\nnobody,l1\nt50,never seen\n")
    code, said, err = run("a.csv", "--out", "r.csv", "--gold", "g.csv", "--json")
    assert code == 0
    assert "1 known answer not used, for the file gives that task several: t3." in err
    assert json.loads(said)["gold"]["contradicts_itself"] == ["t3"]
    rows = {row["task"]: row for row in _table(tmp_path / "r.csv")}
    assert len(rows) == 80
    assert all(rows[f"t{task}"]["label"] == f"l{of.truth[task]}" for task in range(40) if task != 3)
    assert rows["t50"] == {"task": "t50", "label": "never seen", "confidence": "1"}


def test_a_gold_set_that_everybody_gets_wrong_is_suspected(run: Run, tmp_path: Path) -> None:
    of = made(tasks=60, labels=2, each=5, able=(12, 2))
    _write(tmp_path / "a.csv", of)
    (tmp_path / "g.csv").write_text("task,label\n" + "".join(f"t{task},l{1 - of.truth[task]}\n" for task in range(30)))
    code, _said, err = run("a.csv", "--out", "r.csv", "--gold", "g.csv")
    assert code == 0
    assert "Check the known answers, none was used: nearly everybody contradicts them, on 30 tasks: " in err
    rows = {row["task"]: row["label"] for row in _table(tmp_path / "r.csv")}
    assert np.mean([rows[f"t{task}"] == f"l{of.truth[task]}" for task in range(60)]) > 0.9


def test_all_methods_side_by_side(run: Run, tmp_path: Path) -> None:
    of = made(tasks=80, labels=2)
    _write(tmp_path / "a.csv", of)
    _write(tmp_path / "g.csv", of, range(40))
    code, said, _err = run("a.csv", "--out", "r.csv", "--compare")
    assert code == 0
    assert "dawid-skene" in said
    assert "log loss" not in said
    assert "Krippendorff’s alpha: 0." in said
    assert (tmp_path / "r.png").read_bytes()[:4] == b"\x89PNG"
    code, said, _err = run("a.csv", "--out", "r.csv", "--gold", "g.csv", "--plot", "p.svg")
    assert code == 0
    assert "log loss" in said
    assert "The known answers served to score only: 40 tasks." in said
    assert "<svg" in (tmp_path / "p.svg").read_text()
    code, said, _err = run("a.csv", "--out", "r.csv", "--gold", "g.csv", "--compare", "--json")
    told = json.loads(said)
    assert {"method", "accuracy", "calibration_error", "log_loss", "seconds"} <= told["compared"][0].keys()
    assert told["gold"]["used"] == 0
    assert told["alpha"]["low"] < told["alpha"]["value"] < told["alpha"]["high"]


def test_what_is_left_out_is_told_in_a_line_each(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(EASY + "0,a,yes\n1,a,no\n2,,no\n3,d\n")
    code, _said, err = run("a.csv", "--out", "r.csv")
    assert code == 0
    assert err.splitlines() == [
        "2 answers left out: their workers had answered those tasks before.",
        "1 row left out: it has no task, no worker or no label.",
        "1 row left out: it cannot be read.",
    ]


def test_without_overlap_it_says_so(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(HEAD + "1,a,x\n2,b,y\n")
    code, _said, err = run("a.csv", "--out", "r.csv")
    assert (code, err) == (0, "Have some tasks answered twice: none is, so nothing could be cross-checked.\n")
    assert [row["label"] for row in _table(tmp_path / "r.csv")] == ["x", "y"]


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["none.csv", "--out", "r.csv"], "none.csv"),
        (["empty.csv", "--out", "r.csv"], "it is empty"),
        (["head.csv", "--out", "r.csv"], "at least one row"),
        (["typo.csv", "--out", "r.csv"], "Rename the column “labl” to “label”"),
        (["latin.csv", "--out", "r.csv"], "UTF-8"),
        (["a.csv", "--out", "r.csv", "--gold", "empty.csv"], "it is empty"),
        (["a.csv", "--out", "r.csv", "--gold", "typo.csv"], "“label”"),
        (["a.csv", "--out", "r.csv", "--method", "dawid-skeen"], "Did you mean “dawid-skene”?"),
        (["a.csv", "--out", "r.csv", "--method", "magic"], "Choose one of committee"),
        (["a.csv", "--out", "a.csv"], "named twice"),
        (["a.csv", "--out", "r.csv", "--workers", "r.csv"], "named twice"),
        (["a.csv", "--out", "."], "cannot be written"),
        (["a.csv", "--out", "no/such/r.csv"], "cannot be written"),
        (["a.csv", "--out", "r.csv", "--plot", "p.doc"], "“p.doc”"),
        (["a.csv", "--out", "r.csv", "--seed", "-1"], "--seed"),
    ],
)
def test_bad_input_is_one_sentence_and_writes_nothing(run: Run, tmp_path: Path, words: list[str], says: str) -> None:
    for name, content in {
        "a.csv": EASY,
        "empty.csv": "",
        "head.csv": HEAD,
        "typo.csv": "task,worker,labl\n1,a,x\n",
    }.items():
        (tmp_path / name).write_text(content)
    (tmp_path / "latin.csv").write_bytes("task,worker,label\n1,a,süß\n".encode("latin-1"))
    code, said, err = run(*words)
    assert (code, said) == (2, "")
    assert says in err
    assert len(err.splitlines()) == 1
    assert not (tmp_path / "r.csv").exists()


def test_a_method_whose_tables_would_not_fit(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.quality.kernel.MOST_CELLS", 10)
    (tmp_path / "a.csv").write_text(EASY)
    code, _said, err = run("a.csv", "--out", "r.csv", "--method", "ibcc")
    assert (code, "wawa" in err) == (2, True)
    code, said, err = run("a.csv", "--out", "r.csv")
    assert (code, said) == (0, "r.csv: 6 tasks, by “wawa”.\n")
    assert "Weighed by “wawa”: there are too many labels for more." in err
    assert run("a.csv", "--out", "r.csv", "--workers", "w.csv")[0] == 0
    row = _table(tmp_path / "w.csv")[0]
    assert (row["answers"], row["score"], row["flag"], row["reasons"]) == ("6", "", "", "")


def test_a_pipe_and_the_device_of_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(EASY)
    assert run("a.csv", "--out", "/dev/null", "--compare")[0] == 0
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    heard: list[str] = []
    reader = threading.Thread(target=lambda: heard.append(pipe.read_text()))
    reader.start()
    code, said, err = run("a.csv", "--out", str(pipe))
    reader.join(10)
    assert (code, said) == (0, "")
    assert "6 tasks" in err
    assert len(heard[0].splitlines()) == 7
    assert pipe.is_fifo()


def test_it_speaks_korean(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    (tmp_path / "a.csv").write_text(EASY)
    assert "6개" in run("a.csv", "--out", "r.csv")[1]


def test_the_command_line_loads_nothing_heavy() -> None:
    code = (
        "import sys, bot.cli.aggregate, bot.cli.comparison, bot.cli.group;"
        "print({'numpy', 'scipy', 'pyarrow', 'matplotlib', 'krippendorff'} & set(sys.modules))"
    )
    said = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)  # noqa: S603 - fixed words of ours
    assert said.stdout.strip() == "set()"
