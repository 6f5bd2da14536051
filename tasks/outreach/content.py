"""What a broadcast says: one or two texts in one or more languages, a picture, keys; and what of it cannot be sent."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from db.errors import InputError, told

TEXT, CAPTION, LABEL = 4096, 1024, 64
"""The most that a message, one below a picture, and a key hold (UTF-16 units, as the Bot API counts)."""
RESERVED = 96
"""Of a text where places are limited: room for the line that says how many are left."""
MOST_KEYS, MOST_VARIANTS, MOST_URL = 4, 2, 512
TO = ("project", "tasks", "url")
"""What a key may lead to: a project (its number), the list of projects, an address."""
_ENGLISH = "en"


class OutreachError(InputError):
    """A broadcast cannot be as it is, or cannot be done with what is asked."""


class EmptyTextError(OutreachError):
    """A text without words."""

    message = told("Write what the message is to say: without words there is nothing to send.")


class LongTextError(OutreachError):
    """A text that no message holds."""

    message = told("Make the text {over} characters shorter: it has {length}, and a message holds {most}.")


class LongCaptionError(OutreachError):
    """A text that no message with a picture holds."""

    message = told(
        "Make the text {over} characters shorter, or leave the picture out: it has {length}, {most} fit below one."
    )


class UnknownLanguageError(OutreachError):
    """A language that nobody can choose here."""

    message = told("Choose one of {known}: nobody reads “{language}” here.")


class VariantsError(OutreachError):
    """Not one text and not two."""

    message = told("Write one text, or two to compare: more than two are not sent.")


class KeysError(OutreachError):
    """More keys than a message should have."""

    message = told("Leave out a key: a message has at most {most} of them.")


class KeyLabelError(OutreachError):
    """A key that says nothing, or too much."""

    message = told("Write on each key what it does, in up to {most} characters.")


class KeyTargetError(OutreachError):
    """A key that leads nowhere."""

    message = told(
        "Let each key lead to a project, to the projects, or to an address with https://: “{to}” is neither."
    )


@dataclass(frozen=True, slots=True)
class ContentKey:
    """A key below the message: its words by language (``""`` for all), and what it leads to (``TO``)."""

    text: Mapping[str, str]
    to: str
    value: int | str | None = None


@dataclass(frozen=True, slots=True)
class Content:
    """Texts by language (``""`` for all), for one or two variants; a picture by its content in the media store."""

    variants: tuple[Mapping[str, str], ...]
    picture: str = ""
    keys: tuple[ContentKey, ...] = ()

    def pack(self) -> str:
        """As JSON."""
        keys = [[dict(key.text), key.to, key.value] for key in self.keys]
        packed = {"variants": [dict(text) for text in self.variants], "picture": self.picture, "keys": keys}
        return json.dumps(packed, ensure_ascii=False)


def unpack(text: str) -> Content:
    """What ``pack`` made JSON of."""
    packed = json.loads(text)
    keys = tuple(ContentKey(said, to, value) for said, to, value in packed["keys"])
    return Content(tuple(packed["variants"]), packed["picture"], keys)


def read_in(text: Mapping[str, str], language: str) -> str:
    """Which of a text's languages somebody of ``language`` gets: theirs, else that for all, English, the first."""
    base = language.partition("-")[0].partition("_")[0]
    return next((one for one in (language, base, "", _ENGLISH) if one in text), next(iter(text), ""))


def check(content: Content, languages: Sequence[str], *, places: bool = False) -> None:
    """Raises OutreachError where it cannot be sent; ``languages`` are the codes that people can choose."""
    if not 1 <= len(content.variants) <= MOST_VARIANTS:
        raise VariantsError if content.variants else EmptyTextError
    for variant in content.variants:
        if not variant:
            raise EmptyTextError
        for language, text in variant.items():
            _check_language(language, languages)
            _check_text(text, picture=bool(content.picture), places=places)
    if len(content.keys) > MOST_KEYS:
        raise KeysError(most=MOST_KEYS)
    for key in content.keys:
        _check_key(key, languages)


def _check_language(language: str, languages: Sequence[str]) -> None:
    if language and language not in languages:
        raise UnknownLanguageError(language=language[:16], known=", ".join(languages))


def _check_text(text: str, *, picture: bool, places: bool) -> None:
    if not any(map(str.isprintable, text.strip())) or not text.strip():
        raise EmptyTextError
    most = (CAPTION if picture else TEXT) - (RESERVED if places else 0)
    if (length := units(text)) > most:
        raise (LongCaptionError if picture else LongTextError)(over=length - most, length=length, most=most)


def _check_key(key: ContentKey, languages: Sequence[str]) -> None:
    if not key.text:
        raise KeyLabelError(most=LABEL)
    for language, text in key.text.items():
        _check_language(language, languages)
        if not text.strip() or units(text) > LABEL:
            raise KeyLabelError(most=LABEL)
    if key.to not in TO or (key.to == "project") != isinstance(key.value, int):
        raise KeyTargetError(to=str(key.value or key.to)[:64])
    if key.to == "url" and not _is_address(str(key.value)):
        raise KeyTargetError(to=str(key.value)[:64])


def _is_address(url: str) -> bool:
    """Whether it is a whole address that opens in a browser, without a name or a password in it."""
    try:
        parts = urlsplit(url)
        host, user = parts.hostname or "", parts.username
    except ValueError:
        return False
    plain = url.isprintable() and not any(map(str.isspace, url)) and len(url) <= MOST_URL
    return plain and parts.scheme in {"https", "http"} and "." in host and user is None


def units(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
