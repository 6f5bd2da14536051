"""Before the work, in the chat: every kind is practised and asked, the reviewer's quiz in both languages, edges."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.translate import Translator
from db.session import Database
from handlers.parts import qualify as parts
from handlers.talk import Screen
from tasks.projects import lifecycle
from tasks.projects.catalog import Catalog, Known
from tasks.projects.spec import Spec
from tasks.qualification.attempt import Attempt, Given, Rules
from tasks.qualification.door import Door
from tasks.qualification.practice import Exercise
from tests.conftest import NOON, Clock
from tests.handlers.screens import LANGUAGES, faults
from tests.support.bots import Talker, a_bot, add_project
from tests.talks.projects import PROJECTS

TRANSLATOR = Translator(lambda: NOON)
TRUTHS: Mapping[str, tuple[Any, Sequence[str]]] = {
    "animals": ("cat", ["Cat"]),
    "moods": (4, ["4"]),
    "tags": (["food", "place"], ["☐ Food", "☐ A place", "Hand in (2)"]),
    "captions": ("a cat", ["a cat", "Hand in"]),
    "forty": ("s14", ["›", "Shelf 14"]),
}
"""A right answer to each project of the talks, and what one does to give it."""


def rows(truth: Any) -> list[Mapping[str, Any]]:
    """Items to practise on, to be asked, to work on."""
    known = {"gold": truth, "why": "So it is."}
    return [
        {"id": "p", "caption": "a practice item", "split": "practice", **known},
        *({"id": f"q{n}", "caption": f"question {n}", "split": "quiz", **known} for n in range(2)),
        {"id": "w", "caption": "work"},
    ]


async def do(me: Talker, steps: Sequence[str]) -> None:
    """Press what is a key, write what is none."""
    for step in steps:
        keys = [button.label for row in me.screen.buttons for button in row]
        await (me.presses(step) if step in keys else me.says(step))


@pytest.mark.parametrize("name", TRUTHS)
async def test_every_kind_is_practised_and_asked(
    name: str, sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    truth, steps = TRUTHS[name]
    needs = {"practice": 1, "quiz": 1, "pass": 1}
    add_project(sqlite_database, {**PROJECTS[name], "qualification": needs}, rows(truth), clock())
    title = PROJECTS[name]["title"]["en"]
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        me = Talker(bot, channel, "worker", clock)
        await me.says("/start")
        await do(me, ["I agree, let’s go", "Later", title, "Practise", *steps])
        assert "✓ Yes: So it is." in me.screen.text
        await do(me, ["Go on", "Begin the quiz"])
        assert "question 1 of 1" in me.screen.text
        await do(me, steps)
        assert "Passed!" in me.screen.text
        await do(me, ["Start to work", "Start"])
        assert "1 of 20" in me.screen.text


async def test_a_project_closed_in_mid_quiz_is_told(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    catalog = Catalog()
    needs = {"qualification": {"quiz": 2, "pass": 1}}
    add_project(sqlite_database, {**PROJECTS["animals"], **needs}, rows("cat"), clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        me = Talker(bot, channel, "worker", clock)
        await me.says("/start")
        await do(me, ["I agree, let’s go", "Later", "Which animal?", "Begin the quiz"])
        for change in (lifecycle.pause, lifecycle.close):
            sqlite_database.run(lambda tx, change=change: change(tx, catalog, "animals", clock())).result()  # type: ignore[misc]
        await me.presses("Cat")
        assert me.seen.toasts[-1] == "Choose a project: this quiz is over."
        assert "Nothing to do just now." in me.screen.text


REVIEWING: Mapping[str, Mapping[str, Any]] = {
    "en": {
        "join": ["I agree, let’s go", "Later", "Which animal?", "Start", "Cat", "⋯", "Stop for now"],
        "become": "Become a reviewer: Which animal?",
        "begin": "Begin the quiz",
        "said": "Somebody answered: ",
        "labels": ["Cat", "Dog"],
        "keys": ["Accept", "Reject"],
        "end": "An admin decides, and you are told.",
    },
    "ko": {
        "join": ["동의하고 시작하기", "나중에", "어떤 동물일까요?", "시작하기", "고양이", "⋯", "여기까지 하기"],
        "become": "검토자 되기: 어떤 동물일까요?",
        "begin": "퀴즈 시작하기",
        "said": "누군가의 답: ",
        "labels": ["고양이", "개"],
        "keys": ["받아들이기", "반려하기"],
        "end": "관리자가 정한 뒤 알려 드릴게요.",
    },
}


@pytest.mark.parametrize("language", REVIEWING)
async def test_a_proven_worker_becomes_a_reviewer(
    language: str, sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    words = REVIEWING[language]
    pool = [{"id": f"q{n}", "caption": f"{'cat' if n % 2 else 'dog'} {n}", "split": "quiz"} for n in range(8)]
    pool = [{**row, "gold": row["caption"][:3]} for row in pool]
    work = [{"id": f"w{n}", "caption": "work"} for n in range(3)]
    add_project(sqlite_database, {**PROJECTS["animals"], "review": {"quiz": 4}}, [*pool, *work], clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        me = Talker(bot, channel, "worker", clock, language)
        await me.says("/start")
        await do(me, words["join"])
        assert words["become"] not in [button.label for row in me.screen.buttons for button in row]
        sqlite_database.run(lambda tx: tx.connection.exec_driver_sql("UPDATE person SET gate = 4").rowcount).result()
        await me.says("/tasks")
        await do(me, [words["become"], words["begin"]])
        for _ in range(4):
            text = me.screen.text
            shown = text.partition(words["said"])[2].splitlines()[0]
            truth = words["labels"]["dog" in text]
            await do(me, [words["keys"][0]] if shown == truth else [words["keys"][1], truth])
        assert words["end"] in me.screen.text
        proposal = sqlite_database.run(
            lambda tx: tx.connection.exec_driver_sql("SELECT what, figures FROM proposal").fetchone()
        ).result()
        assert proposal is not None
        assert (proposal[0], json.loads(proposal[1])["score"]) == ("reviewer", 1.0)


# --------------------------------------------------------------------------- screens


def _known(name: str) -> Known:
    needs = {"practice": 3, "quiz": 30, "per_question": "30s", "expires_after": "30d"}
    return Known(7, name, "live", 1, Spec.model_validate({**PROJECTS[name], "qualification": needs}))


def _attempt(known: Known, marks: str, state: Any, count: int = 30) -> Attempt:
    truth = TRUTHS[known.key][0]
    questions = [{"task": n, "truth": truth, "shown": truth, "reason": None} for n in range(count)]
    given = tuple(Given(truth, mark == "+", 4_000) for mark in marks)
    return Attempt(1, Rules(count, 0.8, 0.5, 30_000), questions, given, NOON, state)


DOORS = (
    Door("open"),
    Door("practice", left=2),
    Door("quiz", left=3),
    Door("closed", "why", NOON + 5_000_000),
    Door("closed", "why"),
)


def _screens() -> Iterator[tuple[str, Screen]]:
    item = parts.Item({"caption": "가" * 3_000}, {})
    exercise = Exercise(1, item.columns, {}, "이유" * 200, 1)
    for name, (truth, _steps) in TRUTHS.items():
        known = _known(name)
        running = _attempt(known, "+", "running")
        yield f"{name} age", parts.asks_age(known, 0)
        yield f"{name} shut", parts.shut(known, DOORS[3])
        yield f"{name} practice", parts.practice_begins(known, DOORS[1])
        yield f"{name} exercise", parts.exercise(known, exercise, {}, parts.look_again(""))
        yield f"{name} done", parts.well_done(known, exercise, truth, done=True)
        yield f"{name} quiz", parts.quiz_begins(known, 30, 24)
        yield f"{name} question", parts.question(known, _attempt(known, "+", "running", 9), item, {})
        yield f"{name} planted", parts.planted(known, running, item)
        yield f"{name} reasons", parts.reasons(known, running, item, 0)
        for state in ("passed", "failed", "again"):
            ended = _attempt(known, "+--", state)
            for number, door in enumerate(DOORS):
                yield f"{name} {state} {number}", parts.result(known, ended, door, [item] * 7, NOON)
            yield f"{name} review {state}", parts.review_result(known, ended, auto=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_screens(language: str) -> None:
    for name, screen in _screens():
        assert faults(screen, TRANSLATOR, language) == [], name


def test_the_bar_of_dots() -> None:
    assert parts.dots(3, 5) == "●●●○○"
    assert parts.dots(3, 30) == "", "the words alone, where it would not fit"
