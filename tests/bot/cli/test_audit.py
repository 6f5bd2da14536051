"""``audit`` from the shell: a whole chain, a broken one, a hash that was noted, lists and files."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.cli import main
from db.session import Database, Tx, open_database
from tasks.privacy.audit import SHELL, Act, Actor, record
from tasks.privacy.erase import forget
from tests.conftest import NOON, Clock
from tests.property.rig import a_rig, chance
from tests.support.payouts import requested

Run = Callable[..., tuple[int, str, str]]
_DAY = 86_400_000


@pytest.fixture
def run(tmp_path: Path, sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command where three things were done."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CROWDLOOM_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    with _database(sqlite_url) as database:
        rig = a_rig(database, NOON, 2, 3)

        def turn(tx: Tx) -> None:
            first, second = rig.workers
            given = {"before": "worker", "after": "reviewer", "why": "=1+1"}
            record(tx, SHELL, Act("role", first, figures=given), NOON)
            record(tx, Actor(first, "web"), Act("suspend", second, figures={"why": "They asked"}), NOON + _DAY)
            record(tx, Actor(first, "web"), Act("spot check", second, rig.known_id, {"drawn": 2}), NOON + 2 * _DAY)

        database.run(turn).result()

    def command(*words: str) -> tuple[int, str, str]:
        code = main(words)
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@contextmanager
def _database(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


def _change(url: str, sql: str) -> None:
    with _database(url) as database:

        def turn(tx: Tx) -> None:
            tx.connection.exec_driver_sql(sql)

        database.run(turn).result()


def test_a_whole_chain(run: Run) -> None:
    code, said, err = run("audit", "verify")
    first, second = said.splitlines()
    assert (code, err) == (0, "")
    assert first.startswith("3 records, unbroken since ")
    noted = second.removeprefix("Keep this elsewhere, for --since: ")
    assert run("audit", "verify", "--since", noted)[0] == 0
    found = json.loads(run("audit", "verify", "--json")[1])
    assert (found["records"], found["whole"], found["hash"], found["breaks"]) == (3, True, noted, [])


def test_a_hash_that_is_not_in_it(run: Run) -> None:
    code, said, err = run("audit", "verify", "--since", "0" * 64)
    assert (code, said) == (1, "")
    assert "the hash that you noted is not in the chain" in err
    assert run("audit", "verify", "--since", "12") == (
        2,
        "",
        "Give the whole hash, 64 digits and letters from a to f, as “audit verify” has printed it.\n",
    )


def test_a_broken_chain_is_one_sentence_with_the_record_s_name(run: Run, sqlite_url: str) -> None:
    _change(sqlite_url, "UPDATE audit SET what = 'lift' WHERE number = 2")
    code, said, err = run("audit", "verify")
    assert (code, said, len(err.splitlines())) == (1, "", 1)
    assert err.startswith("Read docs/operators.md, “A broken chain”: Record 2 (")
    assert "“lift”) is not as it was recorded" in err
    _change(sqlite_url, "DELETE FROM audit WHERE number = 3")
    code, _said, err = run("audit", "verify")
    assert (code, "(and 1 more, below)" in err) == (1, True)
    assert err.splitlines()[1] == "Record 3 is missing at the end"
    found = json.loads(run("audit", "verify", "--json")[1])
    assert [(one["how"], one["number"]) for one in found["breaks"]] == [("changed", 2), ("cut", 3)]


def test_no_records_yet(run: Run, sqlite_url: str) -> None:
    _change(sqlite_url, "DELETE FROM audit")
    assert run("audit", "verify")[0] == 1
    _change(sqlite_url, "UPDATE chain SET number = 0, hash = ''")
    assert run("audit", "verify") == (0, "No records yet.\n", "")
    assert run("audit", "list") == (0, "No such records.\n", "")


def test_a_list_by_what_it_is_about(run: Run, sqlite_url: str) -> None:
    lines = run("audit", "list")[1].splitlines()
    assert [line.partition(" · ")[0] for line in lines] == ["Record 3", "Record 2", "Record 1"]
    assert "animals" in lines[0]
    assert "They asked" in lines[1]

    def numbers(*words: str) -> list[int]:
        return [one["number"] for one in json.loads(run("audit", "list", "--json", *words)[1])]

    assert numbers("--person", "2") == [3, 2]
    assert numbers("--project", "animals") == [3]
    assert numbers("--what", "role") == [1]
    assert numbers("--most", "1") == [3]
    assert numbers("--since", "2026-09-23", "--person", "2") == [3]
    assert run("audit", "list", "--since", "soon")[0] == 2
    with _database(sqlite_url) as database:
        database.run(lambda tx: forget(tx, 2, NOON, chance(1))).result()
    assert "the reason was erased with the person" in run("audit", "list", "--what", "suspend")[1]
    assert run("audit", "verify")[0] == 0


def test_a_file_of_them_runs_nothing(run: Run, tmp_path: Path) -> None:
    assert run("audit", "export", "--out", "records.csv") == (0, "records.csv: 4 records.\n", "")
    with (tmp_path / "records.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["number"] for row in rows] == ["1", "2", "3", "4"]
    assert [row["project"] for row in rows] == ["", "", "animals", ""]
    assert not any(cell.startswith(("=", "+", "@")) for row in rows for cell in row.values())
    assert run("audit", "export", "--out", "r.jsonl", "--person", "2")[0] == 0
    lines = [json.loads(line) for line in (tmp_path / "r.jsonl").read_text("utf-8").splitlines()]
    assert [(line["what"], line["person"]) for line in lines] == [("suspend", 2), ("spot check", 2), ("export", 2)]
    assert run("audit", "export", "--out", "r.txt")[0] == 2


def test_in_korean(run: Run, clock: Clock) -> None:
    assert clock() == NOON
    assert "끊기지" in run("--language", "ko", "audit", "verify")[1]


def test_a_file_of_payouts_that_is_written_again_is_on_record(run: Run, sqlite_url: str) -> None:
    with _database(sqlite_url) as database:
        requested(database, [12_400, 600])
    assert run("payout", "export", "KRW", "--out", "a.csv")[0] == 0
    assert run("payout", "export", "--again", "1", "--out", "b.csv")[0] == 0
    found = json.loads(run("audit", "list", "--json", "--what", "export_payouts")[1])
    assert [one["figures"] for one in found] == [{"batch": 1, "again": True}, {"batch": 1, "currency": "KRW"}]


def test_the_evidence_of_one_item_as_a_file(run: Run, tmp_path: Path) -> None:
    code, said, _err = run("evidence", "animals", "w0", "--out", "e.json")
    assert (code, said) == (0, "e.json: all there is about “w0”.\n")
    assert json.loads((tmp_path / "e.json").read_text("utf-8"))["item"]["id"] == "w0"
    assert run("evidence", "animals", "row-99", "--out", "n.json")[0] == 2
    assert not (tmp_path / "n.json").exists()
    assert run("audit", "verify")[0] == 0
