"""``project`` and ``export`` from the shell, from the file to the results."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.bot.cli.conftest import Run

FILE = "id: birds\ntitle: Which bird?\nkind: choice\nlabels:\n  - {key: owl, text: Owl}\n  - {key: jay, text: Jay}\n"
DATA = "id,sound\na,hoo\nb,krah\n"


@pytest.fixture
def run(command: Run, tmp_path: Path) -> Run:
    """Runs a command in a folder of its own; its exit code, what it said and what it complained of."""
    (tmp_path / "birds.yaml").write_text(FILE)
    (tmp_path / "birds.csv").write_text(DATA)
    return command


def test_from_the_file_to_the_results(run: Run, tmp_path: Path) -> None:
    assert run("project", "check", "birds.yaml", "birds.csv")[:2] == (
        0,
        "birds.yaml and birds.csv have no mistakes: 2 rows.\n",
    )
    code, said, _err = run("project", "add", "birds.yaml", "birds.csv")
    assert (code, said.splitlines()[0]) == (0, "birds: 2 rows added.")
    assert run("project", "add", "birds.yaml", "birds.csv")[1].splitlines()[:2] == [
        "birds: 0 rows added.",
        "2 rows were there already.",
    ]
    assert run("project", "launch", "birds")[1] == "birds is running: workers see it now.\n"
    assert run("project", "list")[1] == "birds  running  0 of 2 settled  Which bird?\n"
    assert run("project", "show", "birds")[1].startswith("Which bird? (birds): running\n0% settled: 0 of 2 tasks\n")
    assert run("project", "pause", "birds")[0] == 0
    assert run("project", "close", "birds")[0] == 0
    assert run("export", "birds", "results", "--out", "r.csv")[:2] == (0, "r.csv: 2 rows.\n")
    assert (tmp_path / "r.csv").read_text().splitlines()[1] == "a,hoo,,,0,open,"


def test_mistakes_go_line_by_line_and_change_nothing(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(FILE.replace("kind: choice", "kind: choise\ngolf: 1"))
    code, said, _err = run("project", "check", "bad.yaml")
    assert (code, said.splitlines()) == (
        2,
        [
            "Line 3: kind: did you mean “choice”? “choise” is not a kind",
            "Line 4: golf: did you mean “gold”? there is no such key",
        ],
    )
    (tmp_path / "bad.csv").write_text(DATA + "a,\n")
    code, said, _err = run("project", "check", "birds.yaml", "bad.csv")
    assert (code, said) == (2, "Row 3: give it something to show: its cells are empty\n")
    code, said, err = run("project", "add", "birds.yaml", "bad.csv")
    assert (code, said) == (2, "")
    assert "Row 3: give it something to show" in err
    assert run("project", "list")[1].startswith("No project yet.")


def test_a_program_reads_json(run: Run) -> None:
    ahead = json.loads(run("project", "add", "birds.yaml", "birds.csv", "--dry-run", "--json")[1])
    assert [ahead[name] for name in ("id", "added", "unchanged", "dry_run")] == ["birds", 2, 0, True]
    assert ahead["splits"] == {"work": 2}
    assert (ahead["estimate"]["most"], ahead["estimate"]["cost"]) == (6, None)
    run("project", "add", "birds.yaml", "birds.csv")
    [listed] = json.loads(run("project", "list", "--json")[1])
    assert (listed["id"], listed["state"], listed["tasks"]) == ("birds", "draft", 2)
    assert json.loads(run("project", "show", "birds", "--json")[1])["file"]["kind"] == "choice"
    assert json.loads(run("project", "launch", "birds", "--json")[1]) == {"id": "birds", "state": "live"}
    assert json.loads(run("export", "birds", "answers", "--out", "a.jsonl", "--json")[1])["rows"] == 0
    assert json.loads(run("project", "check", "birds.yaml", "birds.csv", "--json")[1]) == {"mistakes": [], "rows": 2}
    code, said, _err = run("project", "launch", "brids", "--json")
    assert (code, json.loads(said)) == (2, {"error": "Did you mean “birds”? There is no project “brids”."})


@pytest.mark.parametrize(
    "words",
    [
        ("project", "check", "none.yaml"),
        ("project", "add", "birds.yaml", "none.csv"),
        ("project", "add", "birds.yaml", "birds.yaml"),
        ("project", "launch", "none"),
        ("project", "nonsense"),
        ("export", "none", "results", "--out", "x.csv"),
        ("export", "none", "results"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(run: Run, words: tuple[str, ...]) -> None:
    code, _said, err = run(*words)
    assert code == 2
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_the_list_speaks_korean(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "ko_KR.UTF-8")
    run("project", "add", "birds.yaml", "birds.csv")
    assert "시작 전" in run("project", "list")[1]


# --------------------------------------------------------------------------- what it may cost

PAYS = 'reward: {answer: "20", vote: "10", currency: KRW, budget: "100000"}\n'


@pytest.fixture
def paying(run: Run, tmp_path: Path) -> Run:
    """A project that pays, launched."""
    (tmp_path / "birds.yaml").write_text(FILE + PAYS)
    assert run("project", "add", "birds.yaml", "birds.csv")[0] == 0
    assert run("project", "launch", "birds")[0] == 0
    return run


def test_a_budget_is_shown_and_changed(paying: Run) -> None:
    assert paying("project", "show", "birds")[1].splitlines()[-1] == "₩0 of ₩100,000 earned · ₩0 promised"
    code, said, _err = paying("project", "budget", "birds", "150000")
    assert (code, said.splitlines()[0]) == (0, "₩0 of ₩150,000 earned · ₩0 promised")
    assert said.splitlines()[1] == "Write it into the project file too: the next “project add” follows the file."
    money = json.loads(paying("project", "show", "birds", "--json")[1])["money"]
    assert money == {"currency": "KRW", "budget": "150000", "earned": "0", "promised": "0"}
    assert paying("project", "budget", "birds", "none")[1].splitlines()[0] == "₩0 earned · ₩0 promised"
    assert json.loads(paying("project", "budget", "birds", "40", "--json")[1]) == {
        "id": "birds",
        "money": {"currency": "KRW", "budget": "40", "earned": "0", "promised": "0"},
    }


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        ("1,5", "Budget: write the amount in plain digits, such as “20”"),
        ("1e9", "Budget: write the amount in plain digits, such as “20”"),
        ("-5", "Budget: write the amount in plain digits, such as “20”"),
        ("٣", "Budget: write the amount in plain digits, such as “20”"),
        ("", "Budget: write the amount in plain digits, such as “20”"),
        ("9999999999999", "Budget: write the amount in plain digits, such as “20”"),
        ("60.5", "Budget: write the amount as KRW has it, such as “20”: “60.5” has too many digits"),
    ],
)
def test_an_amount_that_is_none_changes_nothing(paying: Run, amount: str, told: str) -> None:
    assert paying("project", "budget", "birds", amount) == (2, "", f"{told}\n")
    assert json.loads(paying("project", "show", "birds", "--json")[1])["money"]["budget"] == "100000"


def test_a_budget_that_pays_nothing_is_not_launched(run: Run, tmp_path: Path) -> None:
    (tmp_path / "birds.yaml").write_text(FILE + PAYS.replace("100000", "19"))
    run("project", "add", "birds.yaml", "birds.csv")
    assert run("project", "launch", "birds") == (
        2,
        "",
        "Give “birds” a budget first: what is left of it, ₩19, pays for no answer.\n",
    )
    assert run("project", "budget", "birds", "20")[0] == 0
    assert run("project", "launch", "birds")[0] == 0
    assert "Raise the budget" not in run("project", "show", "birds")[1]
    assert run("project", "budget", "birds", "19")[0] == 0
    assert "⚠ Raise the budget" in run("project", "show", "birds")[1]


def test_no_budget_without_a_reward_or_for_what_is_closed(run: Run) -> None:
    run("project", "add", "birds.yaml", "birds.csv")
    assert run("project", "budget", "birds", "20")[2] == (
        "Name a reward in the project file first: “birds” pays nothing yet.\n"
    )
    assert "earned" not in run("project", "show", "birds")[1]
    assert json.loads(run("project", "show", "birds", "--json")[1])["money"] is None
    assert run("project", "budget", "bird", "20")[2] == "Did you mean “birds”? There is no project “bird”.\n"
    run("project", "launch", "birds")
    run("project", "close", "birds")
    assert "closed" in run("project", "budget", "birds", "20")[2]


def test_a_budget_of_the_next_file_is_followed(paying: Run, tmp_path: Path) -> None:
    (tmp_path / "birds.yaml").write_text(FILE + PAYS.replace("100000", "300"))
    assert paying("project", "add", "birds.yaml", "birds.csv")[0] == 0
    assert paying("project", "show", "birds")[1].splitlines()[-1] == "₩0 of ₩300 earned · ₩0 promised"
