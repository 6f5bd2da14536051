"""``simulate`` from the shell: a table of people, the result, what the project needs; bad input in one line."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.cli import main

Run = Callable[..., tuple[int, str, str]]

FILE = """
id: birds
title: Which bird?
kind: choice
labels:
  - {key: owl, text: Owl}
  - {key: jay, text: Jay}
overlap: 2
reward: {answer: "20", currency: KRW}
"""


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in a folder of its own, with few items a person."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("bot.cli.simulate._ITEMS_EACH", 2)
    monkeypatch.setattr("tasks.simulation.plan._PEOPLE", 12)
    monkeypatch.setattr("tasks.simulation.plan._ITEMS_EACH", 2)
    monkeypatch.setattr("tasks.simulation.plan.OVERLAPS", ("2",))
    (tmp_path / "birds.yaml").write_text(FILE)

    def command(*words: str) -> tuple[int, str, str]:
        code = main(("simulate", *words))
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def test_who_ends_where_and_what_is_needed(run: Run, tmp_path: Path) -> None:
    code, said, _err = run("birds.yaml", "--people", "12")
    assert code == 0
    for words in (
        "careful",
        "slow expert",
        "copiers",
        "False alarms: ",
        "Missed: ",
        "Result: 24 of 24 items",
        "Cost: ₩",
    ):
        assert words in said
    assert "Recommended: overlap 2, " in said
    assert "For 1,000 items that is about " in said
    assert [path.name for path in tmp_path.iterdir()] == ["birds.yaml"]


def test_a_program_reads_json_and_a_seed_is_a_crowd(run: Run) -> None:
    first = json.loads(run("birds.yaml", "--people", "12", "--seed", "3", "--json")[1])
    assert [group["sort"] for group in first["people"]] == ["careful", "hurried", "expert", "random", "same", "pair"]
    assert sum(group["people"] + group["late"] for group in first["people"]) == 12
    assert first["result"]["items"] == 24
    assert [way["recommended"] for way in first["ways"]].count(True) == 1
    assert json.loads(run("birds.yaml", "--people", "12", "--seed", "3", "--json")[1]) == first


def test_own_data_and_no_grid(run: Run, tmp_path: Path) -> None:
    (tmp_path / "birds.csv").write_text("id,sound,gold\n" + "".join(f"{n},s{n},owl\n" for n in range(20)))
    said = run("birds.yaml", "--data", "birds.csv", "--people", "12", "--no-needs")[1]
    assert "Result: 18 of 18 items" in said
    assert "Recommended" not in said


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("none.yaml",), "“none.yaml” cannot be read"),
        (("birds.yaml", "--data", "none.csv"), "“none.csv” cannot be read"),
        (("birds.yaml", "--people", "3"), "--people"),
        (("text.yaml",), "“text” answers cannot be made up"),
        (("quiz.yaml", "--data", "birds.csv"), "Add rows with known answers first"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(run: Run, words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    (tmp_path / "text.yaml").write_text("id: t\ntitle: T\nkind: text\n")
    (tmp_path / "quiz.yaml").write_text(FILE + "qualification: {quiz: 10}\n")
    (tmp_path / "birds.csv").write_text("id,sound\n1,hoo\n")
    code, said, err = run(*words)
    assert (code, said) == (2, "")
    assert says in err
