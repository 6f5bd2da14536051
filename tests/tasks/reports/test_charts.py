"""Pictures of how a project goes: there is something in each, it can be read, and every letter has its shape."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from zoneinfo import ZoneInfo

import matplotlib as mpl
import pytest
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]
from matplotlib.font_manager import fontManager
from matplotlib.text import Text as Drawn
from PIL import Image

from bot.translate import Translator
from tasks.reports import canvas, charts, told
from tasks.reports.canvas import WIDE, Voice
from tasks.reports.course import Course, Disputed
from tasks.words import Words
from tests.tasks.reports.courses import DAY_MS, NOW, a_course, nothing

_SEOUL = ZoneInfo("Asia/Seoul")
_SMALLEST = 16
"""Points at 100 an inch: 22 pixels, 11 on a phone of 360."""


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator(lambda: NOW)


@pytest.fixture(autouse=True)
def _complain() -> Iterator[None]:
    """A letter without a shape is a warning: here it is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", UserWarning)  # what is said of missing letters; not of sockets of other tests
        yield


def _voice(translator: Translator, language: str, zone: tzinfo = _SEOUL) -> Voice:
    return Voice(
        lambda words: translator.words(words, language, str(zone)), lambda day: translator.date(day, language), zone
    )


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize(
    "course",
    [a_course(), a_course(days=1), a_course(labels=9), a_course(days=90, forecast=None, deadline=NOW - DAY_MS)],
    ids=["days", "hours", "labels", "months"],
)
def test_every_picture_is_as_wide_as_a_chat_and_has_something_on_it(
    translator: Translator, language: str, course: Course
) -> None:
    drawn = charts.draw(course, _voice(translator, language))
    assert len(drawn) == len(charts.PICTURES) == 8
    for picture in drawn:
        image = Image.open(io.BytesIO(picture.png))
        assert image.width == WIDE
        assert 240 <= image.height <= 760
        colours = image.convert("RGB").getcolors(1 << 20)
        assert colours is not None
        assert len(colours) > 20


def _texts(course: Course, voice: Voice, monkeypatch: pytest.MonkeyPatch) -> list[Drawn]:
    """All that is written on the pictures, as it is drawn."""
    seen: list[Drawn] = []
    really = Drawn.draw

    def spied(self: Drawn, *given: object, **named: object) -> None:
        if self.get_text().strip() and self.get_visible():
            seen.append(self)
        really(self, *given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(Drawn, "draw", spied)
    charts.draw(course, voice)
    return seen


@pytest.mark.parametrize("language", ["en", "ko"])
def test_all_words_are_said_in_the_readers_language_and_large_enough(
    translator: Translator, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    def say(words: Words) -> str:
        said.append(translator.words(words, language, "Asia/Seoul"))
        return said[-1]

    texts = _texts(a_course(), Voice(say, lambda day: f"{day:%d.%m.}", _SEOUL), monkeypatch)
    assert min(float(text.get_fontsize()) for text in texts) >= _SMALLEST
    written = " ".join(text.get_text() for text in texts)
    for words in ("Which", "고양이") if language == "ko" else ("Cat", "due ", "likely", "₩"):
        assert (words in written) is (words != "Which")
    if language == "ko":
        assert "waiting" not in written
        assert "how often" not in written
    assert r"\$" in written or language == "ko", "a dollar begins no formula"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_no_word_leaves_the_picture(translator: Translator, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for course in (a_course(), a_course(labels=6), a_course(labels=9), a_course(days=1)):
        for text in _texts(course, _voice(translator, language), monkeypatch):
            box = text.get_window_extent()
            figure = text.get_figure()
            assert figure is not None
            height = figure.bbox.height
            assert box.x0 >= -1, text.get_text()
            assert box.x1 <= WIDE + 1, text.get_text()
            assert box.y0 >= -1, text.get_text()
            assert box.y1 <= height + 1, text.get_text()
        monkeypatch.undo()


def test_the_font_has_a_shape_for_everything_that_is_said(translator: Translator) -> None:
    charts.draw(a_course(), _voice(translator, "ko"))
    file = next(Path(font.fname) for font in fontManager.ttflist if font.name == "NanumGothic")
    shapes = TTFont(file).getBestCmap()
    for language in ("en", "ko"):
        for title, _paint in charts.PICTURES:
            assert all(ord(letter) in shapes for letter in translator.words(title, language))


def test_of_nothing_nothing_is_drawn(translator: Translator) -> None:
    assert charts.draw(nothing(), _voice(translator, "en")) == []
    assert told.lines(nothing()) == []


def test_one_answer_is_one_bar(translator: Translator) -> None:
    course = a_course(tasks=30, agreed=0, disputed=0, decided=0, hours=a_course().hours[-1:], forecast=None, mix=(),
                      confusion=(), workers=(), disputes=())  # fmt: skip
    assert len(charts.draw(course, _voice(translator, "en", UTC))) >= 1


def test_labels_that_look_alike_are_bars_of_their_own(translator: Translator) -> None:
    mix = [one._replace(label=one.label._replace(words="the same long words " * 4)) for one in a_course().mix]
    assert charts.draw(a_course(mix=mix), _voice(translator, "en"))


def test_a_cause_that_nobody_knows_is_drawn_too(translator: Translator) -> None:
    assert charts.draw(a_course(disputes=[Disputed("other", "waiting", 1)]), _voice(translator, "en"))


def test_settings_of_the_process_stay_as_they_were(translator: Translator) -> None:
    before = dict(mpl.rcParams)
    charts.draw(a_course(), _voice(translator, "ko"))
    assert dict(mpl.rcParams) == before


def test_the_same_figures_are_the_same_picture(translator: Translator) -> None:
    one, other = (charts.draw(a_course(), _voice(translator, "ko")) for _time in range(2))
    assert one == other


def test_labels_are_cut_where_there_is_no_room() -> None:
    assert canvas.short("a very long label indeed", 10) == "a very lo…"
    assert canvas.folded("one two three four", 8) == "one two\nthree …"
    assert canvas.folded("강아지 또는 큰 개", 12) == "강아지 또는\n큰 개", "a letter of Hangul takes the room of two"
    assert canvas.folded("unbreakable", 8) == "unbreak…"
    assert canvas.folded("", 8) == ""


def test_a_day_is_the_readers_day(translator: Translator) -> None:
    """15:00 UTC is midnight in Seoul: the answers of one UTC day are of two days there."""
    course = a_course(days=2)
    for zone in (UTC, _SEOUL, ZoneInfo("Asia/Kathmandu"), ZoneInfo("America/Santiago")):
        assert charts.draw(course, _voice(translator, "en", zone))
    assert datetime.fromtimestamp(NOW / 1000, _SEOUL).tzinfo is _SEOUL
