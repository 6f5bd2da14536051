"""``approval`` from the shell: what waits is listed, confirmed at once, or declined with a reason."""

from __future__ import annotations

import json

import pytest

from db.session import open_database
from tests.bot.cli.conftest import Run
from tests.conftest import NOON
from tests.property.rig import a_rig
from tests.support.approvals import waits_for_a_word

_PAID = {"reward": {"answer": "20", "currency": "KRW", "budget": "30000"}}


@pytest.fixture
def run(command: Run, sqlite_url: str) -> Run:
    """Runs a command where a budget waits to be raised."""
    database = open_database(sqlite_url)
    try:
        rig = a_rig(database, NOON, 1, 3, changed={**_PAID, "id": "animals"})
        rig.run(lambda tx, known: waits_for_a_word(tx, known, 1_900_000_000_000))
    finally:
        database.close()
    return command


def test_what_waits_is_confirmed_once(run: Run) -> None:
    code, out, _err = run("approval", "list")
    assert code == 0
    assert out.startswith("1: Raise the budget of “")
    _code, out, _err = run("approval", "list", "--json")
    assert [(one["id"], one["what"], one["amount"]) for one in json.loads(out)] == [(1, "budget", 90_000)]
    code, out, _err = run("approval", "confirm", "1")
    assert code == 0
    assert out.startswith("Done: Raise the budget of “")
    code, out, _err = run("project", "show", "animals")
    assert "₩90,000" in out
    code, _out, err = run("approval", "confirm", "1")
    assert (code, err) == (2, "Look at /approvals again: this does not wait any more.\n")


def test_it_is_declined_with_a_reason(run: Run) -> None:
    code, _out, err = run("approval", "decline", "1", "--reason", "…")
    assert code == 2
    assert err.startswith("Say why")
    code, out, _err = run("approval", "decline", "1", "--reason", "too dear", "--json")
    assert (code, json.loads(out)["done"]) == (0, False)
    assert run("approval", "list")[1] == "Nothing waits for a decision.\n"
