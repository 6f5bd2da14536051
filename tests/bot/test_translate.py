"""Words into a person's language: catalogues, plurals, values, languages that are missing."""

from __future__ import annotations

import random
import string
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.translate import Translator
from db.errors import InputError
from tasks.words import Join, Local, Moment, Money, Share, Text, Value, Words, _, _n, error_words

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)  # a Tuesday


def moment(text: str) -> Moment:
    return Moment(int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp() * 1000))


@pytest.fixture(scope="module")
def translator() -> Translator:
    return Translator(lambda: int(NOW.timestamp() * 1000))


def test_a_sentence_is_said_in_the_persons_language(translator: Translator) -> None:
    assert translator.words(_("Welcome!"), "en") == "Welcome!"
    assert translator.words(_("Welcome!"), "ko") == "반가워요!"


def test_a_sentence_that_no_catalogue_has_is_english(translator: Translator) -> None:
    assert translator.words(_("Not there {x}", x=1), "ko") == "Not there 1"


def test_no_words_are_no_words(translator: Translator) -> None:
    assert translator.words(Text(""), "ko") == ""


def test_a_plain_string_is_shown_as_typed(translator: Translator) -> None:
    assert translator.words("Skip {n} <b>", "ko") == "Skip {n} <b>"


@pytest.mark.parametrize(
    ("n", "english", "korean"),
    [
        (0, "0 items left", "0건 남음"),
        (1, "1 item left", "1건 남음"),
        (2, "2 items left", "2건 남음"),
        (1234, "1,234 items left", "1,234건 남음"),
    ],
)
def test_plurals_follow_the_language(translator: Translator, n: int, english: str, korean: str) -> None:
    words = _n("{n} item left", "{n} items left", n)
    assert translator.words(words, "en") == english
    assert translator.words(words, "ko") == korean


@pytest.mark.parametrize(
    ("value", "english", "korean"),
    [
        (1_234_567, "1,234,567", "1,234,567"),
        (-5, "-5", "-5"),
        (Money(61_000, "KRW"), "₩61,000", "₩61,000"),
        (Money(1_250, "USD"), "$12.50", "US$12.50"),
        (Money(5, "JPY"), "¥5", "JP¥5"),
        (Money(1, "points"), "1 point", "1점"),
        (Money(2_000, "points"), "2,000 points", "2,000점"),
        (Money(3, "beans"), "3 beans", "3 beans"),
        (Share(0.94), "94%", "94%"),
        (Share(0.997), "99%", "99%"),
        (Share(1.0), "100%", "100%"),
        (timedelta(seconds=30), "30 sec", "30초"),
        (timedelta(seconds=75), "1 min", "1분"),
        (timedelta(minutes=4), "4 min", "4분"),
        (timedelta(minutes=90), "90 min", "90분"),
        (timedelta(hours=1), "1 hr", "1시간"),
        (timedelta(hours=24), "1 day", "1일"),
        (timedelta(hours=47), "47 hr", "47시간"),
        (timedelta(days=7), "7 days", "7일"),
        (moment("2026-11-24 18:00"), "today 18:00", "오늘 18:00"),
        (moment("2026-11-25 09:05"), "tomorrow 09:05", "내일 09:05"),
        (moment("2026-11-23 09:05"), "yesterday 09:05", "어제 09:05"),
        (moment("2026-11-27 18:00"), "Fri 18:00", "금요일 18:00"),
        (moment("2026-12-01 18:00"), "Dec 1", "12월 1일"),
        (moment("2026-11-20 18:00"), "Nov 20", "11월 20일"),
        (moment("2027-01-02 18:00"), "Jan 2, 2027", "2027년 1월 2일"),
        ("typed {n}", "typed {n}", "typed {n}"),
    ],
)
def test_values_follow_the_language(translator: Translator, value: Value, english: str, korean: str) -> None:
    assert translator.words(_("{value}", value=value), "en") == english
    assert translator.words(_("{value}", value=value), "ko") == korean


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "today 20:00"),
        ("Asia/Seoul", "tomorrow 05:00"),
        ("Nowhere/Land", "today 20:00"),
        ("../x", "today 20:00"),
    ],
)
def test_a_moment_is_told_in_the_persons_zone(translator: Translator, zone: str, said: str) -> None:
    assert translator.words(_("{at}", at=moment("2026-11-24 20:00")), "en", zone) == said


@pytest.mark.parametrize(
    ("by_language", "language", "said"),
    [
        ({"en": "Cat", "ko": "고양이"}, "ko", "고양이"),
        ({"en": "Cat", "ko": "고양이"}, "ko-KR", "고양이"),
        ({"en": "Cat", "ja": "猫"}, "ja", "猫"),
        ({"pt-BR": "Gato", "en": "Cat"}, "pt_BR", "Gato"),
        ({"": "cat.", "en": "Cat"}, "ko", "cat."),
        ({"ja": "猫", "en": "Cat"}, "ko", "Cat"),
        ({"ja": "猫", "de": "Katze"}, "ko", "猫"),
        ({}, "ko", ""),
    ],
)
def test_a_requesters_words_are_as_near_as_they_can_be(
    translator: Translator, by_language: dict[str, str], language: str, said: str
) -> None:
    assert translator.words(Local(by_language), language) == said


def test_words_go_into_words(translator: Translator) -> None:
    inner = Join([Local({"en": "Cat", "ko": "고양이"}), "✓", _("Skip")], " ")
    assert translator.words(_("↶ Undo “{answer}”", answer=inner), "ko") == "↶ “고양이 ✓ 건너뛰기” 취소"


@pytest.mark.parametrize("typed", ["مرحبا", "שלום!", "a\u202eb", "𐤀"])
def test_right_to_left_values_do_not_turn_the_sentence(translator: Translator, typed: str) -> None:
    assert translator.words(_("↶ Undo “{answer}”", answer=typed), "en") == f"↶ Undo “\u2068{typed}\u2069”"


@pytest.mark.parametrize("typed", ["한국어", "naïve", "😀", "日本", "plain"])
def test_other_values_are_left_as_they_are(translator: Translator, typed: str) -> None:
    assert translator.words(_("↶ Undo “{answer}”", answer=typed), "en") == f"↶ Undo “{typed}”"


@pytest.mark.parametrize(
    ("wanted", "language"),
    [("ko", "ko"), ("ko-KR", "ko"), ("ko_KR", "ko"), ("KO", "ko"), ("ko-Hang-KR", "ko"), ("en-GB", "en"), ("en", "en")],
)
def test_the_nearest_language_is_found(translator: Translator, wanted: str, language: str) -> None:
    assert translator.negotiate(wanted) == language


@pytest.mark.parametrize("wanted", ["", "xx", "ja", "-", "../../etc", "k" * 10_000, "\x00"])
def test_a_language_that_is_not_there_is_none_and_reads_english(translator: Translator, wanted: str) -> None:
    assert translator.negotiate(wanted) == ""
    assert translator.words(_("Welcome!"), wanted) == "Welcome!"


def test_languages_are_called_as_they_call_themselves(translator: Translator) -> None:
    assert translator.languages()[:1] == ("en",)
    assert {language: translator.name(language) for language in ("en", "ko")} == {"en": "English", "ko": "한국어"}


class HardError(InputError):
    """One with all sorts of values."""

    message = "Take {thing}: {n} of {share} are {kind}."


def test_an_error_says_its_sentence_whatever_its_values_are(translator: Translator) -> None:
    words = error_words(HardError(thing="a {brace}", n=1200, share=0.5, kind=None))
    assert translator.words(words, "en") == "Take a {brace}: 1,200 of 0.5 are None."


def test_a_language_with_many_plural_forms(tmp_path: Path) -> None:
    folder = tmp_path / "pl" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    header = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    plural = (
        'msgid "{n} cat"\nmsgid_plural "{n} cats"\nmsgstr[0] "{n} kot"\nmsgstr[1] "{n} koty"\nmsgstr[2] "{n} kotów"\n'
    )
    (folder / "messages.po").write_text(f"{header}\n{plural}", encoding="utf-8")
    english = tmp_path / "en" / "LC_MESSAGES"
    english.mkdir(parents=True)
    (english / "messages.po").write_text(header, encoding="utf-8")
    translator = Translator(lambda: 0, tmp_path)
    said = [translator.words(_n("{n} cat", "{n} cats", n), "pl") for n in (1, 2, 5, 22)]
    assert said == ["1 kot", "2 koty", "5 kotów", "22 koty"]
    assert translator.languages() == ("en", "pl")
    assert translator.name("pl") == "Polski"


@given(st.dictionaries(st.sampled_from(["", "en", "ko", "ja"]), st.text(), min_size=1), st.text(max_size=12))
def test_whatever_is_typed_comes_out_as_typed(by_language: dict[str, str], language: str) -> None:
    translator = Translator(lambda: 0)
    assert translator.words(Local(by_language), language) in by_language.values()


@pytest.mark.parametrize("language", ["en", "ko"])
def test_any_value_of_any_size_is_said(translator: Translator, language: str) -> None:
    rng = random.Random(7)  # noqa: S311 - numbers for a test
    amounts = [rng.randrange(-(10**12), 10**12) for _i in range(50)]
    words: list[Words] = [_("{v}", v=Money(n, rng.choice(["KRW", "USD", "points", "KWD"]))) for n in amounts]
    words += [_("{v}", v=Share(rng.random())) for _i in range(50)]
    words += [_("{v}", v=timedelta(seconds=rng.random() * 10**7)) for _i in range(50)]
    words += [_("{v}", v=Moment(rng.randrange(0, 4 * 10**12))) for _i in range(50)]
    assert all(set(translator.words(one, language)) & set(string.digits) for one in words)
