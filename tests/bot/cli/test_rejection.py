"""``rejection`` from the shell: what it would cost, that the shell alone is not enough, and what a program is told."""

from __future__ import annotations

import json

import pytest

from db.session import open_database
from db.statement import change
from tasks.assignment import answering
from tasks.assignment.deal import Offer, offer
from tests.bot.cli.conftest import Run
from tests.conftest import NOON
from tests.property.rig import a_rig, chance
from tests.tasks.review.appealing import REASONS

_FROM_THE_CHAT = change("UPDATE mass_rejection SET made_by = 1")


@pytest.fixture
def run(command: Run, sqlite_url: str) -> Run:
    """Runs a command where one person has answered twice."""
    database = open_database(sqlite_url)
    try:
        rig = a_rig(database, NOON, 1, 3, changed={**REASONS, "id": "animals"})
        for _n in range(2):
            found = rig.run(lambda tx, known: offer(tx, known, rig.workers[0], NOON, chance(1)))
            assert isinstance(found, Offer)
            task = found.task
            rig.run(lambda tx, known, t=task: answering.submit(tx, known, rig.workers[0], t, "cat", NOON))  # type: ignore[misc]
    finally:
        database.close()
    return command


def _by_somebody(url: str) -> None:
    database = open_database(url)
    try:
        database.run(lambda tx: tx.run(_FROM_THE_CHAT)).result()
    finally:
        database.close()


def test_what_it_would_cost(run: Run) -> None:
    code, out, _err = run("rejection", "preview", "animals", "--reason", "blurred", "--worker", "1")
    assert code == 0
    assert "2 answers of 1 person" in out
    assert "₩20 on hold would go back to the budget." in out
    _code, out, _err = run("rejection", "preview", "animals", "--reason", "blurred", "--json")
    assert json.loads(out) == {
        "answers": 2, "people": 1, "amount": 20, "paid": 0, "most_of": [{"worker": 1, "answers": 2}],
    }  # fmt: skip


def test_the_shell_alone_is_not_enough(run: Run, sqlite_url: str) -> None:
    code, out, _err = run("rejection", "propose", "animals", "--reason", "blurred", "--why", "All the same.")
    assert (code, out) == (0, "1: It waits for an admin to confirm it in the chat, under /people.\n")
    code, _out, err = run("rejection", "confirm", "1")
    assert code == 2
    assert "Confirm it in the chat, under /people" in err
    _by_somebody(sqlite_url)
    _code, out, _err = run("rejection", "confirm", "1", "--json")
    assert json.loads(out)["state"] == "accepted"
    assert run("rejection", "list")[1] == "1: Which animal? · 2 answers · of everybody · under way: 0 are rejected\n"


def test_it_is_declined(run: Run) -> None:
    run("rejection", "propose", "animals", "--reason", "blurred", "--why", "All the same.", "--worker", "1")
    found = json.loads(run("rejection", "list", "--json")[1])
    assert [(row["worker"], row["reasons"], row["why"]) for row in found] == [(1, ["blurred"], "All the same.")]
    assert run("rejection", "decline", "1")[:2] == (0, "1: Nothing is rejected.\n")
    assert run("rejection", "list")[1] == "Nothing waits for a decision.\n"
    code, _out, err = run("rejection", "decline", "1")
    assert code == 2
    assert "does not wait for a decision any more" in err


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("animals", "--reason", "nonsense", "--why", "All the same."), "Choose one of blurred"),
        (("animals", "--reason", "blurred", "--why", "…"), "Say why"),
        (("animals", "--reason", "blurred", "--why", "So.", "--worker", "77"), "there is nobody known as “77”"),
        (("nothing", "--reason", "blurred", "--why", "So."), "nothing"),
    ],
)
def test_what_cannot_be(run: Run, words: tuple[str, ...], told: str) -> None:
    code, _out, err = run("rejection", "propose", *words)
    assert code == 2
    assert told in err
