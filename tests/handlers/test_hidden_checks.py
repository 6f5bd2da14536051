"""Nothing that people see tells which of their items was a hidden check, however they go about it."""

from __future__ import annotations

from pathlib import Path

from bot.translate import Translator
from db.session import Database
from handlers import figures
from handlers.parts.task import sitting
from tasks.behaviour.figures import Figures
from tasks.behaviour.measures import Figure, Part
from tasks.projects.catalog import Known
from tasks.projects.spec import Spec
from tests.conftest import Clock
from tests.support.bots import ANIMALS, Talker, a_bot, add_project

_ROWS = [
    *({"id": f"w{n}", "caption": f"item {n}"} for n in range(40)),
    *({"id": f"g{n}", "caption": f"known {n}", "gold": "cat", "split": "gold"} for n in range(40)),
]
_CHECKED = {**ANIMALS, "gold": {"share": 0.9}, "rules": []}
_KNOWN = Known(7, "animals", "live", 1, Spec.model_validate(ANIMALS))


def _tells(talker: Talker) -> bool:
    return "checked" in talker.screen.text


async def test_a_short_sitting_does_not_say_how_the_checked_items_went(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    add_project(sqlite_database, _CHECKED, _ROWS, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        worker = Talker(bot, channel, "worker", clock)
        await worker.joins()
        for _item in range(5):
            await worker.presses("Dog")
            await worker.says("/stop")
            assert not _tells(worker)
            await worker.presses("Go on")


async def test_a_whole_sitting_says_it_and_an_answer_taken_back_counts_once(
    sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    add_project(sqlite_database, _CHECKED, _ROWS, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        worker = Talker(bot, channel, "worker", clock)
        await worker.joins()
        for _item in range(19):
            await worker.presses("Dog")
            await worker.presses("Undo “Dog”")
            await worker.presses("Cat")
        await worker.presses("Cat")
        line = next(line for line in worker.screen.text.splitlines() if "checked" in line)
        right, _of, checked, *_rest = line.split()
        assert int(right) == int(checked) <= 20


async def test_rules_do_not_speak_right_after_a_check(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    """Or whoever undoes the answer then would give a better one."""
    rule = {"if": {"gold_accuracy": {"below": 1, "last": 1}}, "then": "raise-checks"}
    add_project(sqlite_database, {**ANIMALS, "gold": {"share": 0.5}, "rules": [rule]}, _ROWS, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        worker = Talker(bot, channel, "worker", clock)
        await worker.joins()
        answered: list[bool] = []
        while not any("Take your time" in message.text for message in worker.seen.messages.values()):
            answered.append("known" in worker.screen.text)
            await worker.presses("Dog")
        assert any(answered)
        assert not answered[-1]


def test_figures_that_rest_on_checks_are_told_in_steps() -> None:
    """One check more or less moves them, so whole percents would name it."""
    one = Figure(0.873, 40, (Part("gold", 0.873, 12), Part("time", 0.873, 40)))
    said = [Translator(lambda: 0).words(line.words, "en") for line in figures._lines(Figures(one, one, one))]
    assert ["87%" in line for line in said[::2]] == [False] * 3
    assert all("87%" in line and "85%" in line for line in said[1::2])


def test_what_a_sitting_says_is_of_ten_items_at_least() -> None:
    told = [len(sitting({"done": done, "checked": 1, "right": 1}).lines) for done in (1, 9, 10)]
    assert told[0] == told[1] == told[2] - 1
