"""``worker`` from the shell: who there is, and what is done to them with a reason."""

from __future__ import annotations

import json

import pytest

from db.session import open_database
from db.tables import Audit, Person, Proposal
from tests.bot.cli.conftest import Run
from tests.support.bots import ANIMALS, add_project


@pytest.fixture
def run(command: Run, sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs a command where three people are known, of whom the second is an admin by the settings."""
    monkeypatch.setenv("CROWDLOOM_ADMINS", "1002")
    database = open_database(sqlite_url)
    people = [
        Person(channel=channel, external_id=user, language="en", joined_at=1_790_000_000_000, gate=gate)
        for channel, user, gate in (("telegram", "1001", 3), ("telegram", "1002", 1), ("web", "a:b", 0))
    ]
    try:
        database.run(lambda tx: tx.orm.add_all(people)).result()
    finally:
        database.close()
    return command


def _propose(url: str, what: str = "suspend") -> None:
    database = open_database(url)
    try:
        proposal = Proposal(person_id=1, what=what, why='"too fast"', figures='{"fast": 0.9}', made_at=1)
        database.run(lambda tx: tx.orm.add_all([proposal])).result()
    finally:
        database.close()


def test_who_there_is(run: Run) -> None:
    assert run("worker", "list")[1].splitlines() == [
        "No. 1 · Worker · qualified · en · telegram",
        "No. 2 · Worker · joined · en · telegram",
        "No. 3 · Worker · not joined yet · en · web",
    ]
    assert run("worker", "list", "--role", "admin")[1] == "Nobody yet.\n"
    assert run("worker", "list", "--most", "1")[1:] == (
        "No. 1 · Worker · qualified · en · telegram\n",
        "Go on with: --after 1\n",
    )
    listed = json.loads(run("worker", "list", "--after", "1", "--json")[1])
    assert [one["number"] for one in listed] == [2, 3]
    assert "external_id" not in listed[0]
    assert "1001" not in run("worker", "show", "telegram:1001")[1]


def test_from_worker_to_reviewer_to_suspended_and_back(run: Run) -> None:
    assert run("worker", "role", "telegram:1001", "reviewer", "--reason", "good work")[:2] == (
        0,
        "No. 1 is told about the new role.\n",
    )
    assert json.loads(run("worker", "suspend", "1", "--reason", "sells answers", "--json")[1])["suspended_at"]
    assert run("worker", "list", "--suspended")[1] == "No. 1 · suspended · qualified · en · telegram\n"
    assert (
        run("worker", "lift", "1", "--reason", "it was somebody else")[1] == "No. 1 can work again, and is told so.\n"
    )
    shown = run("worker", "show", "1")[1]
    assert "No. 1 · Reviewer · qualified" in shown
    assert "suspension lifted, by the shell · it was somebody else" in shown
    assert "Worker → Reviewer, by the shell · good work" in shown
    acts = json.loads(run("worker", "show", "1", "--json")[1])["acts"]
    assert [act["what"] for act in acts] == ["lift", "suspend", "role"]


def test_a_proposal_is_decided(run: Run, sqlite_url: str) -> None:
    assert run("worker", "proposals")[1] == "Nothing waits for a decision.\n"
    _propose(sqlite_url)
    _propose(sqlite_url, "reviewer")
    assert run("worker", "proposals")[1].splitlines()[0] == "1: No. 1, to suspend them · too fast"
    assert json.loads(run("worker", "proposals", "--json")[1])[0]["figures"] == {"fast": 0.9}
    assert run("worker", "decide", "1", "--decline", "--reason", "a poor network")[1] == "Decided: No. 1 is told.\n"
    assert json.loads(run("worker", "decide", "2", "--accept", "--reason", "yes", "--json")[1])["role"] == "reviewer"
    code, _said, err = run("worker", "decide", "1", "--accept", "--reason", "again")
    assert (code, err) == (2, "Look at the list again: this has been decided already.\n")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("show", "Kim"), "there is nobody known as “Kim”"),
        (("show", "99"), "there is nobody known as “99”"),
        (("role", "1", "king", "--reason", "x"), "“king” is no role"),
        (("role", "1", "worker", "--reason", "x"), "they have this role already"),
        (("role", "1", "reviewer"), "--reason"),
        (("role", "1", "reviewer", "--reason", " "), "Say why"),
        (("suspend", "1"), "--reason"),
        (("suspend", "2", "--reason", "x"), "CROWDLOOM_ADMINS"),
        (("lift", "1", "--reason", "x"), "they are not suspended"),
        (("decide", "9", "--accept", "--reason", "x"), "decided already"),
        (("decide", "9", "--reason", "x"), "--accept"),
        (("list", "--role", "king"), "“king” is no role"),
        (("nonsense",), "nonsense"),
    ],
)
def test_bad_input_is_one_line_and_exit_2(run: Run, words: tuple[str, ...], says: str, sqlite_url: str) -> None:
    code, _said, err = run("worker", *words)
    assert code == 2
    assert err.count("\n") == 1
    assert says in err
    database = open_database(sqlite_url)
    try:
        assert database.run(lambda tx: tx.orm.get(Audit, 1)).result() is None
    finally:
        database.close()


def test_a_spot_check_of_nothing(run: Run, sqlite_url: str) -> None:
    database = open_database(sqlite_url)
    try:
        add_project(database, ANIMALS, [{"caption": "one"}], 1)
    finally:
        database.close()
    assert run("worker", "check", "1", "--project", "animals") == (
        0, "Nothing to draw: reviewers have looked at all of their answers here, or will.\n", "",
    )  # fmt: skip
    assert run("worker", "check", "1", "--project", "animals", "--json")[1] == '{"drawn": 0}\n'
    code, _said, why = run("worker", "check", "1", "--project", "animals", "--answers", "0")
    assert (code, "Choose a number from 1 to 100." in why) == (2, True)


def test_what_is_done_for_one_person(run: Run) -> None:
    """A pause, a skill, a note and a message, each as by chat; the card says so."""
    assert run("worker", "pause", "1", "--days", "3", "--why", "a lot")[:2] == (0, "Done: No. 1 is told.\n")
    assert run("worker", "skill", "1", "birds", "--why", "knows them")[0] == 0
    assert run("worker", "note", "1", "--why", "Careful with small type.")[1] == "Noted about No. 1.\n"
    assert run("worker", "message", "1", "--why", "Could you look again?")[1] == "It is on its way to No. 1.\n"
    told = run("worker", "show", "1")[1]
    assert "No new items until" in told
    assert "birds: 100%" in told
    shown = json.loads(run("worker", "show", "telegram:1001", "--json")[1])
    assert (shown["remarks"], shown["paused_for"], shown["gold"]) == (1, "a lot", None)
    assert [act["what"] for act in shown["acts"]][:3] == ["look up", "message", "note"]
    assert run("worker", "skill", "1", "birds", "--take", "--reason", "did not")[0] == 0
    assert run("worker", "pause", "1", "--days", "0", "--why", "back")[0] == 0
    code, _out, told = run("worker", "pause", "1", "--days", "0", "--why", "back")
    assert (code, "they are not paused" in told) == (2, True)
    code, _out, told = run("worker", "pause", "2", "--why", "rest")
    assert (code, "CROWDLOOM_ADMINS" in told) == (2, True)
