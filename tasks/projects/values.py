"""Values of a project file with a notation of their own: words, durations, amounts, keys; read and written alike."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, GetCoreSchemaHandler, PlainSerializer
from pydantic_core import core_schema

from tasks.money.amounts import POINTS, precision
from tasks.projects.mistakes import Path, WrongError
from tasks.words import Text, _

_SECONDS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_DURATION = re.compile(r"([0-9]{1,9}) ?([smhdw])")
_LONGEST_DAYS = 3_650
_AMOUNT = re.compile(r"[0-9]{1,12}(?:\.([0-9]+))?")
_MOST_KEY_BYTES = 60

# --------------------------------------------------------------------------- words


Words = dict[str, str]
"""Words by language; ``""`` holds those of a plain string."""


@dataclass(frozen=True)
class Said:
    """Marks ``Words`` of a file: a plain string or one for each language, at most ``most`` characters."""

    most: int
    optional: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        """How pydantic reads and writes them."""
        return core_schema.no_info_before_validator_function(
            self._read, handler(source), serialization=core_schema.plain_serializer_function_ser_schema(_write_words)
        )

    def _read(self, raw: object) -> Words:
        if self.optional and not raw:
            return {}
        by_language = {"": raw} if isinstance(raw, str) else raw
        if not isinstance(by_language, dict):
            raise WrongError(_("write words, or words for each language: {{en: …, ko: …}}"))
        wrongs = [wrong for code, said in by_language.items() for wrong in _words_wrong(code, said, self.most)]
        if not by_language:
            wrongs.append(((), _("write something here: it is empty")))
        if wrongs:
            raise WrongError(*wrongs)
        return {_language(code): said.strip() for code, said in by_language.items()}


def _write_words(by_language: Words) -> str | Words:
    return by_language[""] if set(by_language) == {""} else by_language


def _words_wrong(code: str, said: object, longest: int) -> list[tuple[Path, Text]]:
    path: Path = (code,) if code else ()
    wrongs: list[tuple[Path, Text]] = []
    if code and not is_language(code):
        wrongs.append((path, _("use a language's code such as en or ko: “{code}” is none", code=code)))
    if not isinstance(said, str) or not said.strip():
        wrongs.append((path, _("write something here: it is empty")))
    elif len(said.strip()) > longest:
        wrongs.append(
            (
                path,
                _("write it in at most {most} characters: it has {length}", most=longest, length=len(said.strip())),
            )
        )
    elif any(unicodedata.category(c) == "Cc" and c not in "\n\t" for c in said):
        wrongs.append((path, _("take the control characters out: no screen can show them")))
    return wrongs


def is_language(code: object) -> bool:
    """Whether CLDR knows the language."""
    from babel import Locale, UnknownLocaleError  # noqa: PLC0415 - stored projects without languages need none of it

    try:
        Locale.parse(str(code).replace("_", "-"), sep="-")
    except (UnknownLocaleError, ValueError):
        return False
    return True


def _language(code: str) -> str:
    return code.replace("_", "-")


def _read_language(code: str) -> str:
    if not is_language(code):
        raise WrongError(_("use a language's code such as en or ko: “{code}” is none", code=code))
    return _language(code)


Language = Annotated[str, AfterValidator(_read_language)]
"""A language's code."""

# --------------------------------------------------------------------------- durations


def _read_duration(raw: object) -> int:
    match = _DURATION.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if not match:
        raise WrongError(_("write a number with its unit, such as 15m, 24h or 7d: “{found}” is not", found=str(raw)))
    seconds = int(match[1]) * _SECONDS[match[2]]
    if not 0 < seconds <= _LONGEST_DAYS * _SECONDS["d"]:
        raise WrongError(_("choose a time from 1s to {days}d", days=_LONGEST_DAYS))
    return seconds * 1000


def _write_duration(millis: int) -> str:
    return f"{millis // 1000}s"


Duration = Annotated[int, BeforeValidator(_read_duration), PlainSerializer(_write_duration)]
"""``15m``, ``24h``, ``7d`` in the file; milliseconds in the program."""


def _read_wait(raw: object) -> int:
    return 0 if raw in {"0s", "0"} else _read_duration(raw)


Wait = Annotated[int, BeforeValidator(_read_wait), PlainSerializer(_write_duration)]
"""The same, or ``0s`` for none."""

# --------------------------------------------------------------------------- amounts


def read_amount(raw: object, currency: str) -> int:
    """Minor units of an amount such as “0.05”. Raises WrongError."""
    digits = precision(currency)
    match = _AMOUNT.fullmatch(raw) if isinstance(raw, str) else None
    if not match:
        raise WrongError(_("write the amount in plain digits, such as “{example}”", example=_example(digits)))
    if len(match[1] or "") > digits:
        raise WrongError(
            _(
                "write the amount as {currency} has it, such as “{example}”: “{found}” has too many digits",
                currency=currency,
                example=_example(digits),
                found=match[0],
            )
        )
    return int(Decimal(match[0]).scaleb(digits))


def _example(digits: int) -> str:
    return f"{Decimal(5).scaleb(-digits):f}" if digits else "20"


def _read_currency(raw: str) -> str:
    from babel.numbers import list_currencies  # noqa: PLC0415 - as above

    if raw != POINTS and raw not in list_currencies():
        raise WrongError(_("use a currency's code such as KRW, EUR or USD, or points: “{found}” is none", found=raw))
    return raw


Currency = Annotated[str, AfterValidator(_read_currency)]
"""ISO 4217 code, or ``points``."""

# --------------------------------------------------------------------------- keys


def _read_label_key(key: str) -> str:
    if not key or key != key.strip():
        raise WrongError(_("write a key without spaces around it"))
    if any(unicodedata.category(c) == "Cc" for c in key):
        raise WrongError(_("take the control characters out of the key"))
    if len(key.encode()) > _MOST_KEY_BYTES:
        raise WrongError(
            _(
                "choose a shorter key: “{key}” has {length} bytes, {most} is the most",
                key=key,
                length=len(key.encode()),
                most=_MOST_KEY_BYTES,
            )
        )
    return key


LabelKey = Annotated[str, AfterValidator(_read_label_key)]
"""What stands for a label in data and exports."""


def unique(name: Callable[[Any], str], key: str) -> Callable[[tuple[Any, ...]], tuple[Any, ...]]:
    """A check that no two entries of a list have the same name; ``key`` is the key that holds it."""

    def check(entries: tuple[Any, ...]) -> tuple[Any, ...]:
        seen: set[str] = set()
        wrongs: list[tuple[Path, Text]] = []
        for index, entry in enumerate(entries):
            if name(entry) in seen:
                wrongs.append(((index, key), _("use each key once: “{key}” stands here again", key=name(entry))))
            seen.add(name(entry))
        if wrongs:
            raise WrongError(*wrongs)
        return entries

    return check
