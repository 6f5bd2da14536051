"""``schedule`` from the shell: the same as in the chat, for a person and for a program."""

from __future__ import annotations

import json

import pytest

from db.session import open_database
from tasks.outreach import broadcast
from tasks.outreach.content import Content
from tasks.privacy.audit import SHELL
from tests.bot.cli.conftest import Run
from tests.conftest import NOON


@pytest.fixture
def run(command: Run, sqlite_url: str) -> Run:
    """Runs a command where there is a draft of a broadcast."""
    database = open_database(sqlite_url)
    made = broadcast.Draft(Content(({"en": "Hello"},)))
    database.run(lambda tx: broadcast.draft(tx, SHELL, made, NOON)).result()
    database.close()
    return command


def test_what_there_is_and_what_is_changed(run: Run) -> None:
    listed = run("schedule", "list")[1].splitlines()
    assert listed[0].startswith("leases · gives back what nobody answered in time · every 15 sec · next ")
    code, said, _err = run("schedule", "pause", "holds")
    assert code == 0
    assert "⚠ What people have earned stays on hold: they cannot be paid." in said.splitlines()
    assert "paused" not in run("schedule", "resume", "holds")[1]
    assert "every 30 sec" in run("schedule", "change", "leases", "--every", "30s")[1]
    assert "at 08:00, by each person’s own clock" in run("schedule", "change", "digest", "--at", "8:00")[1]
    assert run("schedule", "run", "leases")[0] == 0


def test_one_is_added_and_taken_away(run: Run) -> None:
    code, said, _err = run(
        "schedule", "add", "news", "--cron", "0 9 * * 1", "--zone", "Asia/Seoul", "--like", "1", "--json"
    )
    made = json.loads(said)
    assert code == 0
    assert (made["name"], made["cron"], made["zone"]) == ("news", "0 9 * * 1", "Asia/Seoul")
    assert (made["arguments"], made["paused"]) == ({"broadcast": 1}, False)
    assert json.loads(run("schedule", "list", "--json")[1])[0]["name"] == "news"
    assert "by “0 10 * * *”" in run("schedule", "change", "news", "--cron", "0 10 * * *")[1]
    assert run("schedule", "remove", "news")[:2] == (0, "It is taken away.\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("pause", "nothing"), "nothing there is called “nothing”"),
        (("add", "news", "--cron", "0 0 31 2 *", "--like", "1"), "the days of “0 0 31 2 *” never come"),
        (("add", "news", "--cron", "soon", "--like", "1"), "such as “0 9 * * 1”"),
        (("add", "news", "--cron", "0 9 * * 1", "--like", "7"), "only a draft can be a pattern"),
        (("add", "news", "--cron", "0 9 * * 1", "--like", "1", "--zone", "Mars"), "such as Asia/Seoul"),
        (("add", "news", "--cron", "0 9 * * 1", "--like", "1", "--what", "tea"), "Choose one of broadcast"),
        (("add", "My news", "--cron", "0 9 * * 1", "--like", "1"), "small letters"),
        (("remove", "leases"), "Pause “leases” instead"),
        (("change", "leases"), "Give one of"),
        (("change", "leases", "--every", "soon"), "such as 30s or 5m"),
        (("change", "leases", "--every", "0s"), "7 days"),
        (("change", "leases", "--at", "08:00"), "in another way"),
        (("change", "digest", "--at", "25:00"), "such as 09:00"),
        (("change", "digest", "--every", "5m"), "in another way"),
    ],
)
def test_bad_input_is_one_line_and_changes_nothing(run: Run, arguments: tuple[str, ...], told: str) -> None:
    before = json.loads(run("schedule", "list", "--json")[1])
    code, said, err = run("schedule", *arguments)
    assert (code, said, err.count("\n")) == (2, "", 1)
    assert told in err
    assert json.loads(run("schedule", "list", "--json")[1]) == before
