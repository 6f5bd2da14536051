"""A screen as others will see it: in their language, and with keys that only say that."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bot.channel import PictureFile
from bot.channels.recorder import Recorder
from bot.presenter import Presenter, View
from bot.translate import Translator
from db.session import Database
from handlers.talk import Key, Line, Picture, Press, Sample, Screen
from tasks.words import _
from tests.conftest import Clock
from tests.support.bots import ANIMALS, Talker, a_bot, add_project


class _Pictures:
    """Knows every picture, and remembers what it is told."""

    kept: str | None = None

    async def find(self, content: str, describes: str) -> PictureFile:
        return PictureFile(content, Path("x"), None, describes)

    async def keep(self, _picture: PictureFile, handle: str | None) -> None:
        self.kept = handle


async def test_it_speaks_the_language_of_others(clock: Clock) -> None:
    recorder, pictures = Recorder(), _Pictures()
    lines = [Line("*as* <b>typed")]
    screen = Screen(lines, [[Key(_("Back"), "menu.projects")]], Picture("ab"))
    presenter = Presenter(recorder, Translator(clock), pictures, lambda _receipt: None)  # type: ignore[arg-type]
    await presenter.play(View(1, "en", "UTC", "ann", 3, None, "", [Sample(screen, "ko")], fresh=False), "")
    shown = recorder.chats["ann"].last
    assert (shown.text, shown.spans) == ("*as* <b>typed", [])
    assert [[button.label for button in row] for row in shown.buttons] == [["돌아가기"]]
    assert shown.buttons[0][0].data == "-.0.0"
    assert pictures.kept


async def test_its_keys_do_nothing(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    rows: list[Any] = [{"caption": "animal 1"}]
    add_project(sqlite_database, ANIMALS, rows, clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        ann = Talker(bot, channel, "ann", clock)
        await ann.joins()
        await ann.hears(Press("-.0.0"), press="ann")
        assert ann.seen.toasts[-1].startswith("This only shows how it looks")
        assert "animal 1" in ann.screen.text
