"""What a broadcast may say, and what each that may not is answered."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tasks.outreach import content
from tasks.outreach.content import Content, ContentKey, OutreachError, check, read_in

LANGUAGES = ("en", "ko")
OPEN = ContentKey({"": "Open"}, "project", 1)


def _with_key(text: Mapping[str, str], to: str, value: int | str | None = None) -> Content:
    return Content(({"en": "Hello"},), keys=(ContentKey(text, to, value),))


@pytest.mark.parametrize(
    "fine",
    [
        Content(({"": "x" * 4096},)),
        Content(({"en": "Hello", "ko": "안녕"}, {"en": "Hi", "ko": "야"}), "ab" * 32, (OPEN,)),
        Content(({"en": "<b>never closed & _so_"},)),
        _with_key({"en": "Look"}, "url", "https://example.org/a?b=c"),
        _with_key({"en": "Look"}, "tasks"),
    ],
)
def test_what_can_be_sent(fine: Content) -> None:
    check(fine, LANGUAGES)
    assert content.unpack(fine.pack()) == fine


@pytest.mark.parametrize(
    ("wrong", "error"),
    [
        (Content(()), content.EmptyTextError),
        (Content(({},)), content.EmptyTextError),
        (Content(({"en": " \n "},)), content.EmptyTextError),
        (Content(({"en": "x" * 5000},)), content.LongTextError),
        (Content(({"en": "👍" * 2049},)), content.LongTextError),
        (Content(({"en": "x" * 1025},), "ab" * 32), content.LongCaptionError),
        (Content(({"fr": "Bonjour"},)), content.UnknownLanguageError),
        (Content(({"en": "a"},) * 3), content.VariantsError),
        (Content(({"en": "a"},), keys=(OPEN,) * 5), content.KeysError),
        (_with_key({}, "tasks"), content.KeyLabelError),
        (_with_key({"en": "x" * 65}, "tasks"), content.KeyLabelError),
        (_with_key({"en": "Go"}, "nowhere"), content.KeyTargetError),
        (_with_key({"en": "Go"}, "project", "one"), content.KeyTargetError),
        (_with_key({"en": "Go"}, "url", "javascript:alert(1)"), content.KeyTargetError),
        (_with_key({"en": "Go"}, "url", "https://me:secret@example.org"), content.KeyTargetError),
        (_with_key({"en": "Go"}, "url", "https://[broken.org"), content.KeyTargetError),
        (_with_key({"en": "Go"}, "url", "https://exa mple.org"), content.KeyTargetError),
    ],
)
def test_what_cannot(wrong: Content, error: type[OutreachError]) -> None:
    with pytest.raises(error):
        check(wrong, LANGUAGES)


def test_limited_places_take_room_of_the_text() -> None:
    long = Content(({"en": "x" * 4096},))
    with pytest.raises(content.LongTextError, match="4096, and a message holds 4000"):
        check(long, LANGUAGES, places=True)


def test_everybody_gets_the_nearest_text() -> None:
    both = {"en": "Hello", "ko": "안녕"}
    assert [read_in(both, language) for language in ("ko", "ko-KR", "fr", "")] == ["ko", "ko", "en", "en"]
    assert read_in({"": "all", "en": "Hello"}, "fr") == ""
    assert read_in({"ko": "안녕"}, "en") == "ko"
