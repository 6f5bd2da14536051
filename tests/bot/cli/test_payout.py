"""``payout`` from the shell: what is asked for, batches as files, confirmations that fit or change nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from db.session import Database, open_database
from tests.bot.cli.conftest import Run
from tests.support.payouts import balances, requested


@pytest.fixture
def run(command: Run, sqlite_url: str) -> Run:
    """Runs a command where two people ask for a payout."""
    with _database(sqlite_url) as database:
        requested(database, [12_400, 600])
    return command


@contextmanager
def _database(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


def test_from_what_is_asked_for_to_what_is_paid(run: Run, tmp_path: Path, sqlite_url: str) -> None:
    assert run("payout", "list")[1] == "2 people ask for ₩13,000\n"
    assert run("payout", "export", "KRW", "--out", "a.csv") == (0, "a.csv: batch 1, 2 payouts, ₩13,000.\n", "")
    code, said, _err = run("payout", "export", "--again", "1", "--out", "b.csv")
    assert (code, said.splitlines()[1]) == (
        0,
        "It is the same file as before, byte for byte: nothing new was handed out.",
    )
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    header, first, second, control = (tmp_path / "a.csv").read_text("utf-8").splitlines()
    done = "\n".join([f"{header},status", f"{first},paid", f"{second},failed", control])
    (tmp_path / "done.csv").write_text(done + "\n", "utf-8")
    assert run("payout", "confirm", "done.csv") == (0, "Paid: 1. Failed: 1. Settled before: 0.\n", "")
    assert run("payout", "confirm", "done.csv")[1] == "Nothing has changed: all of it was settled so before.\n"
    assert run("payout", "list")[1].splitlines() == [
        "Nobody asks for a payout now.",
        "Batch 1: ₩13,000, 2 of 2 payouts settled",
    ]
    with _database(sqlite_url) as database:
        assert (balances(database, 1), balances(database, 2)) == ({"paid": 12_400}, {"payable": 600})


def test_for_a_program(run: Run, tmp_path: Path) -> None:
    asked = json.loads(run("payout", "list", "--json")[1])
    assert asked == {"requested": [{"currency": "KRW", "payouts": 2, "total": 13_000}], "batches": []}
    made = json.loads(run("payout", "export", "KRW", "--out", "a.csv", "--json")[1])
    assert (made["id"], made["payouts"], made["total"], made["out"], made["again"]) == (1, 2, 13_000, "a.csv", False)
    assert made["control"] in (tmp_path / "a.csv").read_text("utf-8").splitlines()[-1]
    (tmp_path / "done.csv").write_text("payout_id,amount,status\n1,12400,paid\ncontrol,1,12400\n", "utf-8")
    assert json.loads(run("payout", "confirm", "done.csv", "--json")[1]) == {"paid": 1, "failed": 0, "unchanged": 0}
    code, said, _err = run("payout", "confirm", "a.csv", "--json")
    assert (code, list(json.loads(said))) == (2, ["error"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("export", "--out", "a.csv"), "Name a currency such as KRW, or a batch with --again: one of the two."),
        (("export", "KRW", "--again", "1", "--out", "a.csv"), "Name a currency such as KRW, or a batch"),
        (("export", "EUR", "--out", "a.csv"), "Look again later: nobody asks for a payout in EUR now."),
        (
            ("export", "--again", "7", "--out", "a.csv"),
            "Look the number up in the list of payouts: there is no",
        ),
        (("export", "KRW", "--out", "no/a.csv"), "Choose another place for the file: “no/a.csv” cannot be written."),
        (("confirm", "nothing.csv"), "Check the path: “nothing.csv” cannot be read."),
    ],
)
def test_bad_input_is_one_sentence_and_changes_nothing(run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run("payout", *words)
    assert (code, out) == (2, "")
    assert err.startswith(said)
    assert run("payout", "list")[1] == "2 people ask for ₩13,000\n"


def test_in_korean(run: Run) -> None:
    assert run("--language", "ko", "payout", "list")[1] == "2명이 ₩13,000 출금을 신청했어요\n"
