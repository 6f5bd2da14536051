"""Words into a person's language, at the last moment: the catalogues of ``locales/`` and the formats of CLDR."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from babel import Locale, negotiate_locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations

from bot.formats import Formats
from tasks.money.amounts import POINTS
from tasks.words import City, Day, Join, Local, Moment, Money, Share, Text, Words, _, _n

if TYPE_CHECKING:
    from tasks.exchange.documents import Reading

LOCALES = Path(__file__).parent.parent / "locales"
ENGLISH = "en"
_ASKED_LANGUAGES = 512
_WEEK = 7
_DAYS: Mapping[int, str] = MappingProxyType(
    {
        -1: _("yesterday {time}").message,
        0: _("today {time}").message,
        1: _("tomorrow {time}").message,
    }
)
_DAYS_AGO: Mapping[int, Text] = MappingProxyType({0: _("Today, {date}"), 1: _("Yesterday, {date}")})
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_RIGHT_TO_LEFT = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)


class _Tongue:
    """One language that is loaded: its sentences and its formats."""

    def __init__(self, language: str, file: Path) -> None:
        compiled = BytesIO()
        with file.open("rb") as source:
            write_mo(compiled, read_po(source, locale=language))
        compiled.seek(0)
        self.sentences = Translations(compiled)
        self.formats = Formats(language)


class _Reader:
    """Somebody who reads: the language asked for, the language that is loaded for it, the zone."""

    __slots__ = ("asked", "formats", "sentences", "zone")

    def __init__(self, asked: str, tongue: _Tongue, zone: str) -> None:
        self.asked = asked
        self.sentences = tongue.sentences
        self.formats = tongue.formats
        self.zone = zone


class Translator:
    """Says words in any language of ``folder``; a language is read the first time that somebody needs it."""

    def __init__(self, now_ms: Callable[[], int], folder: Path = LOCALES) -> None:
        self._now_ms = now_ms
        self._files = {file.parent.parent.name: file for file in sorted(folder.glob("*/LC_MESSAGES/messages.po"))}
        self._tongues: dict[str, _Tongue] = {}
        self.negotiate = lru_cache(_ASKED_LANGUAGES)(self._negotiate)
        self._reader = lru_cache(_ASKED_LANGUAGES)(self._new_reader)
        self._say: dict[type, Callable[[Any, _Reader], str]] = {
            str: lambda typed, _reader: typed,
            int: lambda number, reader: reader.formats.number(number),
            Text: self._text,
            Local: self._local,
            City: lambda city, reader: reader.formats.city(city.zone),
            Join: self._join,
            Money: self._money,
            Share: lambda share, reader: reader.formats.share(share.value),
            Moment: self._moment,
            Day: self._day,
            timedelta: lambda span, reader: reader.formats.span(span),
        }

    # ----------------------------------------------------------------------- languages

    def languages(self) -> tuple[str, ...]:
        """The languages that people can choose, English first."""
        return (ENGLISH, *(language for language in self._files if language != ENGLISH))

    def name(self, language: str) -> str:
        """A language's name in itself: ``한국어``."""
        locale = Locale.parse(language)
        name = locale.get_display_name(locale) or language
        return name[0].upper() + name[1:]

    def date(self, moment: datetime, language: str) -> str:
        """Month and day, as that language writes them."""
        return self._reader(language, "").formats.date(moment, year=False)

    def reading(self, language: str, zone: str, now: int) -> Reading:
        """Somebody who reads a document."""
        from tasks.exchange.documents import Reading  # noqa: PLC0415 - people are spoken to without it

        return Reading(
            lambda words: self.words(words, language, zone), lambda day: self.date(day, language), zone, language, now
        )

    def _negotiate(self, wanted: str) -> str:
        """The language of ours that is nearest to ``wanted`` (BCP 47, as an app says it); ``""`` when none is."""
        parts = wanted.replace("-", "_").split("_")
        nearer = ["_".join(parts[:end]) for end in range(len(parts), 0, -1)]
        found = negotiate_locale(nearer, self.languages(), sep="_") or ""
        return next((ours for ours in self.languages() if ours.lower() == found.lower()), "")

    # ----------------------------------------------------------------------- words

    def words(self, words: Words, language: str, zone: str = "UTC") -> str:
        """What a person with this language and zone (IANA name, empty while it is not known) reads."""
        if type(words) is str:
            return words
        return self._say[type(words)](words, self._reader(language, zone))

    def _new_reader(self, language: str, zone: str) -> _Reader:
        ours = self.negotiate(language) or ENGLISH
        if ours not in self._tongues:
            self._tongues[ours] = _Tongue(ours, self._files[ours])
        return _Reader(language.replace("-", "_"), self._tongues[ours], zone)

    def _text(self, text: Text, reader: _Reader) -> str:
        if not text.message:  # gettext would answer with its header
            return ""
        if text.plural is None:
            sentence = reader.sentences.gettext(text.message)
        else:
            sentence = reader.sentences.ngettext(text.message, text.plural, text.values["n"])  # type: ignore[arg-type]
        if "{" not in sentence:
            return sentence
        return sentence.format_map({name: self._inserted(value, reader) for name, value in text.values.items()})

    def _inserted(self, value: object, reader: _Reader) -> str:
        say = self._say.get(type(value))
        said = say(value, reader) if say else str(value)
        if said.isascii() or not _RIGHT_TO_LEFT.search(said):
            return said
        return f"\u2068{said}\u2069"  # isolated, so that it does not turn the sentence around it

    def _local(self, local: Local, reader: _Reader) -> str:
        said = local.by_language
        base = reader.asked.partition("_")[0]
        for language in (reader.asked, reader.asked.replace("_", "-"), base, "", ENGLISH):
            if language in said:
                return said[language]
        return next(iter(said.values()), "")

    def _join(self, join: Join, reader: _Reader) -> str:
        return join.between.join([self._say[type(part)](part, reader) for part in join.parts])

    def _money(self, money: Money, reader: _Reader) -> str:
        if money.currency == POINTS:
            return self._text(_n("{n} point", "{n} points", money.minor), reader)
        return reader.formats.money(money.minor, money.currency)

    def _moment(self, moment: Moment, reader: _Reader) -> str:
        zone = _zone(reader.zone)
        then = datetime.fromtimestamp(moment.millis / 1000, zone)
        now = datetime.fromtimestamp(self._now_ms() / 1000, zone)
        days = (then.date() - now.date()).days
        time = reader.formats.time(then) if reader.zone else f"{reader.formats.time(then)} UTC"
        if days in _DAYS:
            return self._text(Text(_DAYS[days], {"time": time}), reader)
        if 0 < days < _WEEK:
            return self._text(_("{day} {time}", day=reader.formats.day(then), time=time), reader)
        return reader.formats.date(then, year=then.year != now.year)

    def _day(self, day: Day, reader: _Reader) -> str:
        then = _EPOCH + timedelta(days=day.day)
        now = datetime.fromtimestamp(self._now_ms() / 1000, _zone(reader.zone))
        ago = (now.date() - then.date()).days
        date = reader.formats.date(then, year=then.year != now.year)
        return self._text(Text(_DAYS_AGO[ago].message, {"date": date}), reader) if ago in _DAYS_AGO else date


def _zone(name: str) -> tzinfo:
    """A zone by its IANA name; one that this machine does not know is UTC."""
    if name in {"", "UTC"}:
        return UTC
    try:
        return ZoneInfo(name)
    except (LookupError, ValueError, OSError):
        return UTC
