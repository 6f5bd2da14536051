"""The demo's stage: the sample projects are sound, the crowd works them to the end, the board tells of it."""

from __future__ import annotations

import csv
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot import demo
from bot.channels.recorder import Recorder
from bot.parts import Parts
from bot.wiring import Bot, build_bot
from db.session import Database
from handlers.talk import Sender
from tasks.projects.catalog import Catalog, progress
from tasks.projects.media import MediaStore
from tasks.qualification.door import asks
from tests.support.bots import Talker


@pytest.fixture
def parts(sqlite_database: Database, clock: Callable[[], int], rng: Random, tmp_path: Path) -> Parts:
    return Parts(sqlite_database, Catalog(), MediaStore(tmp_path / "media"), clock, rng, tmp_path)


@pytest.fixture
def crowd() -> Recorder:
    return Recorder("crowd")


@pytest.fixture
def web() -> Recorder:
    return Recorder("web")


@pytest.fixture
async def bot(parts: Parts, crowd: Recorder, web: Recorder) -> AsyncIterator[Bot]:
    demo.load(parts)
    async with build_bot(parts, [web, crowd], demo.role_of, ticking=False) as bot:
        yield bot


async def work(parts: Parts, bot: Bot, crowd: Recorder, rng: Random, steps: int, *, quizzes: bool = False) -> int:
    """Let the crowd do so many things, in projects that ask for nothing or in all; how many answers came of it."""
    live = parts.database.run(parts.catalog.live).result()
    projects = [known for known in live if quizzes or not asks(known.spec)]
    people = demo.crowd(parts, projects, bot, crowd, rng)
    return sum([await rng.choice(people).step() for _ in range(steps)])


def test_everything_in_it_is_in_both_languages(parts: Parts) -> None:
    demo.load(parts)
    for known in parts.database.run(parts.catalog.live).result():
        spec = known.spec
        words = [spec.title, spec.question, spec.instructions, *(label.text for label in spec.labels)]
        words += [spec.scale.low or {}, spec.scale.high or {}] if spec.kind == "rating" else []
        words += [each for one in spec.examples for each in (one.text or {}, one.why or {})]
        assert all(each.keys() == {"en", "ko"} for each in words), spec.id


def test_every_item_has_both_languages_or_a_picture() -> None:
    for file in ("shop.csv", "tone.csv", "urgent.csv", "mixed.csv"):
        with (demo.EXAMPLES / file).open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        assert len({row["id"] for row in rows}) == len(rows)
        for row in rows:
            english, _slash, korean = (row.get("message") or row["reply"]).partition(" / ")
            assert english.isascii() or "’" in english
            assert any("가" <= letter <= "힣" for letter in korean), row


async def test_the_crowd_works_until_nothing_is_left(parts: Parts, bot: Bot, crowd: Recorder, rng: Random) -> None:
    answers = await work(parts, bot, crowd, rng, 900)

    def counts(tx: Any) -> tuple[int, int, int, int]:
        every = [progress(tx, known.id) for known in parts.catalog.live(tx)]
        return (
            sum(each.answers for each in every),
            sum(each.tasks for each in every if each.answers),
            sum(each.agreed for each in every),
            sum(each.disputed for each in every),
        )

    stored, tasks, agreed, disputed = parts.database.run(counts).result()
    assert stored == answers
    assert agreed + disputed > 0.85 * tasks, "all but what waits for a second reading"
    assert agreed > 0.75 * tasks


async def test_the_board_counts_and_shows_what_was_agreed(parts: Parts, bot: Bot, crowd: Recorder, rng: Random) -> None:
    stage = demo.DemoStage(parts, bot)
    before = await stage.board("nobody", "en")
    assert (before["sum"], before["share"]) == ("0 answers · 0 of 101 agreed", 0)
    assert [card["head"] for card in before["cards"]] == ["You and the simulated crowd"]
    await work(parts, bot, crowd, rng, 300)
    after = await stage.board("nobody", "ko")
    assert after["share"] > 0
    assert [card["head"] for card in after["cards"]] == ["나와 가상의 사람들", "방금 합의된 항목"]
    assert len(after["cards"][1]["rows"]) == 3


async def test_the_crowd_passes_the_quiz_and_a_newcomer_finds_open_work_first(
    parts: Parts, bot: Bot, crowd: Recorder, web: Recorder, clock: Callable[[], int], rng: Random
) -> None:
    await work(parts, bot, crowd, rng, 650, quizzes=True)
    held = parts.database.run(lambda tx: tx.connection.exec_driver_sql("SELECT COUNT(*) FROM qualification").scalar())
    assert (held.result() or 0) >= 3
    me = Talker(bot, web, "abc-worker", clock)
    await me.says("/start")
    await me.presses("I agree, let’s go")
    await me.says("/tasks")
    titles = [button.label for row in me.screen.buttons for button in row]
    assert titles[0] == "What does the customer say?"
    assert titles[-1] == "Must it be answered today?"
    assert "🔒 opens with 3 practice items" in me.screen.text


async def test_the_board_follows_your_last_item(
    parts: Parts, bot: Bot, web: Recorder, clock: Callable[[], int]
) -> None:
    me = Talker(bot, web, "abc-worker", clock)
    await me.joins("How friendly is the reply?")
    await me.presses("5")
    board = await demo.DemoStage(parts, bot).board("abc-worker", "en")
    assert board["cards"][0]["head"] == "Your last item"
    assert "after 1 answer" in board["cards"][0]["rows"][0]["note"]
    assert "“5”" in board["cards"][0]["rows"][0]["note"]


async def test_results_are_there_and_unknown_ones_are_not(parts: Parts, bot: Bot) -> None:
    stage = demo.DemoStage(parts, bot)
    path = await stage.results("clocks")
    assert path is not None
    assert path.read_text("utf-8").startswith("task_id,")
    assert await stage.results("nonsense") is None


async def test_the_menu_has_what_the_role_may(parts: Parts, bot: Bot) -> None:
    stage = demo.DemoStage(parts, bot)
    worker, admin = ({name for name, _says in stage.commands(f"abc-{role}")} for role in ("worker", "admin"))
    assert {"start", "tasks", "language"} <= worker < admin
    assert "projects" in admin


@pytest.mark.parametrize(
    ("channel", "user", "role"),
    [
        ("web", "abc-admin", "admin"),
        ("web", "abc-reviewer", "reviewer"),
        ("web", "abc-worker", ""),
        ("crowd", "abc-admin", ""),
        ("crowd", "crowd-reviewer-1", "reviewer"),
        ("web", "abc-owner", ""),
    ],
)
def test_the_switch_on_the_page_decides_the_role(channel: str, user: str, role: str) -> None:
    assert demo.role_of(Sender(channel, user)) == role


async def test_disputes_wait_and_the_visitors_vote_settles_one(
    parts: Parts, bot: Bot, crowd: Recorder, web: Recorder, clock: Callable[[], int], rng: Random
) -> None:
    live = parts.database.run(parts.catalog.live).result()
    await demo.prepare(parts, live, bot, crowd, rng)
    me = Talker(bot, web, "abc-reviewer", clock)
    await me.says("/start")
    assert "4 items without agreement · ₩50 a vote" in me.screen.text
    await me.presses("Vote: Is the customer happy?")
    keys = [button.label for row in me.screen.buttons for button in row]
    assert keys[0].startswith("A · ")
    assert keys[1].startswith("B · ")
    message = next(line for line in me.screen.text.splitlines() if " / " in line)
    await me.presses(keys[0])
    await me.presses("To the reviews")
    await me.presses("What became of your votes (1 new)")
    await me.presses(f"New · {message}")
    assert "Reviewer 1" in me.screen.text
    assert "Reviewer 2" in me.screen.text
    assert "“" in me.screen.text, "their notes"
    board = await demo.DemoStage(parts, bot).board("abc-reviewer", "en")
    assert "0 of 10 agreed · 1 decided by reviewers" in [row["note"] for row in board["cards"][-1]["rows"]]
    path = await demo.DemoStage(parts, bot).results("mixed-feelings")
    assert path is not None
    with path.open(encoding="utf-8-sig", newline="") as opened:
        rows = list(csv.DictReader(opened))
    (settled,) = [row for row in rows if row["status"] == "decided"]
    assert (settled["message"], settled["method"]) == (message, "verdict")
    assert len([row for row in rows if row["status"] == "disputed"]) == 3
