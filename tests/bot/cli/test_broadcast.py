"""``broadcast`` from the shell: a file is read, counted, sent; each mistake has its line and changes nothing."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PIL import Image

from db.session import Database, open_database
from tests.bot.cli.conftest import Run
from tests.conftest import NOON
from tests.support.bots import ANIMALS, add_project
from tests.support.outreach import people

_WHOLE = """\
text: {en: "New <b>dishes</b>", ko: "새 요리"}
second: {en: "Hungry?"}
picture: dish.png
keys:
  - {text: Rules, link: "https://example.org/rules"}
  - {text: {en: All, ko: 모두}, opens: projects}
project: animals
places: 5
audience: {gate: 1, languages: [en, ko], list: people.csv}
when: {hour: "09:30", zone: Asia/Seoul, waves: {people: 100, every: 10m}}
"""


@contextmanager
def _database(url: str) -> Iterator[Database]:
    database = open_database(url)
    try:
        yield database
    finally:
        database.close()


@pytest.fixture
def run(command: Run, sqlite_url: str, tmp_path: Path) -> Run:
    """Runs a command where there are a project, three people, a picture and a list."""
    with _database(sqlite_url) as database:
        add_project(database, ANIMALS, [{"caption": "a"}], NOON)
        people(database, {}, {"language": "ko"}, {"language": "ko", "blocked_at": NOON})
    Image.new("RGB", (40, 30), "teal").save(tmp_path / "dish.png")
    (tmp_path / "people.csv").write_text("person\n1\ntest:p1\n3\n99\n", "utf-8")
    return command


def _write(folder: Path, text: str) -> str:
    (folder / "news.yaml").write_text(text, "utf-8")
    return "news.yaml"


def test_a_dry_run_says_whom_it_reaches_and_changes_nothing(run: Run, tmp_path: Path) -> None:
    code, out, err = run("broadcast", "send", _write(tmp_path, _WHOLE), "--dry-run")
    assert (code, err) == (0, "")
    said = out.splitlines()
    assert said[0] in {"to 2 people: en 1 · ko 1", "to 2 people: ko 1 · en 1"}
    assert said[1].startswith("Such as: No. ")
    assert said[2].endswith("09:30 by each person’s clock · 100 people every 10 min")
    assert said[3:] == [
        "not counted: 1 who has blocked the bot",
        "1 of the list is not known here: 99",
        "Nothing was sent, and nothing has changed.",
    ]
    assert run("broadcast", "list")[1] == "There is none yet. Send one with: python main.py broadcast send FILE\n"
    assert not (tmp_path / "var" / "media").exists()


def test_from_a_file_to_its_end(run: Run, tmp_path: Path) -> None:
    sent = json.loads(run("broadcast", "send", _write(tmp_path, _WHOLE), "--json")[1])
    assert (sent["number"], sent["state"], sent["people"], sent["unknown"]) == (1, "choosing", 2, ["99"])
    assert run("broadcast", "list")[1] == "1 · choosing whom it goes to · New <b>dishes</b>\n"
    found = json.loads(run("broadcast", "show", "1", "--json")[1])
    content = found["file"]["content"]
    assert content["variants"] == [{"en": "New <b>dishes</b>", "ko": "새 요리"}, {"en": "Hungry?"}]
    assert len(content["picture"]) == 64
    assert content["keys"] == [
        [{"": "Rules"}, "url", "https://example.org/rules"],
        [{"en": "All", "ko": "모두"}, "tasks", None],
    ]
    assert (found["file"]["places"], found["file"]["audience"]["people"]) == (5, [1, 2, 3])
    said = run("broadcast", "show", "1")[1].splitlines()
    assert said[1] == "Who: at least: joined · language: English, 한국어 · a list: 1, 2, 3"
    assert run("broadcast", "pause", "1")[1] == "It is paused. Go on with: python main.py broadcast resume 1\n"
    assert run("broadcast", "resume", "1")[1] == "It goes on.\n"
    assert json.loads(run("broadcast", "cancel", "1", "--json")[1])["state"] == "cancelled"
    code, out, err = run("broadcast", "pause", "1")
    assert (code, out, err) == (2, "", "Nothing to do: it is not being sent just now.\n")


def test_very_many_people_wait_for_a_second_admin(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CROWDLOOM_SECOND_ADMIN", "people=1")
    code, out, _err = run("broadcast", "send", _write(tmp_path, "text: Hello\n"))
    assert (code, out.splitlines()[-1]) == (
        0,
        "Another admin has to confirm it, under /approvals: it is broadcast 1.",
    )
    assert run("broadcast", "list")[1] == "1 · waits to be confirmed · Hello\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "write the broadcast into the file, such as “text: {en: Hello}”"),
        ("- a\n", "Line 1: begin with keys and values"),
        ("text: Hello\naudiance: {}\n", "Line 2: audiance: did you mean “audience”? there is no such key"),
        ("places: 5\ntext: Hi\n", "Line 1: places: add “project”: a place is one in a project"),
        ("project: animals\n", "write what the message is to say"),
        ("text: Hello\nproject: horses\n", "Line 2: "),
        ("text: Hello\npicture: none.png\n", "Line 2: put the file “none.png” beside this one: it is not there"),
        ("text: Hello\npicture: people.csv\n", "Line 2: save the picture “people.csv” as JPEG, PNG"),
        ("text: Hello\nkeys:\n  - {text: Go, link: ftp://x}\n", "Let each key lead to a project"),
        ("text: Hello\nkeys:\n  - {text: Go}\n", "Line 3: keys[1]: say where the key leads"),
        ("text: Hello\nwhen: {at: 2001-01-01T09:00Z}\n", "Line 2: Choose a time to come: this one is over."),
        ("text: Hello\nwhen: {hour: '25:00'}\n", "Line 2: when.hour: Write the time as 18:30"),
        ("text: Hello\nwhen: {day: 2026-12-24}\n", "Line 2: when: add “hour”"),
        ("text: Hello\naudience: {here_within: 5h}\n", "Line 2: audience.here_within: write whole days, such as 7d"),
        ("text: Hello\naudience: {people: [Ann]}\n", "Line 1: write a number or channel:id: “Ann” is neither"),
        ("text: Hello\naudience: {people: [99]}\n", "Line 2: choose people who are known here: nobody of this list is"),
        ("text: Hello\naudience: {gate: 4}\n", "Choose more people: there is nobody whom this would reach."),
        ("text: {fr: Bonjour}\n", "Choose one of en, ko: nobody reads “fr” here."),
        (
            f"text: {'x' * 4_000}\nproject: animals\nplaces: 1\npicture: dish.png\n",
            "Make the text 3,072 characters shorter, or leave the picture out: it has 4,000, 928 fit",
        ),
    ],
)
def test_a_mistake_has_its_line_and_nothing_is_sent(run: Run, tmp_path: Path, text: str, said: str) -> None:
    code, out, err = run("broadcast", "send", _write(tmp_path, text))
    assert (code, out) == (2, "")
    assert said in err, err
    assert run("broadcast", "list")[1].startswith("There is none yet.")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("send", "none.yaml"), "Check the path of the broadcast file: “none.yaml” cannot be read."),
        (("show", "7"), "Look at the list of broadcasts: there is none with the number 7."),
        (("cancel", "7"), "Look at the list of broadcasts"),
    ],
)
def test_what_is_not_there(run: Run, words: tuple[str, ...], said: str) -> None:
    code, out, err = run("broadcast", *words)
    assert (code, out) == (2, "")
    assert err.startswith(said)


def test_in_korean(run: Run) -> None:
    assert run("--language", "ko", "broadcast", "list")[1].startswith("아직 없어요.")
