"""Every knob of the bot, typed, each with its sentence; read from the environment and from ``.env``."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from db.errors import InputError, told
from tasks.limits import Limits

PREFIX = "CROWDLOOM_"
TELEGRAM = "https://api.telegram.org"

_NOT_SETTINGS = frozenset({"BOOTSTRAP", "BROWSER", "CHROMIUM"})
"""Names with our prefix that are read elsewhere: by the bootstrap, and by the browser tests."""


class SettingError(InputError):
    """A setting has a value that it cannot have."""

    message = told("Set {name} to {expected}: “{value}” is something else.")


class SecretSettingError(InputError):
    """A secret setting has a value that it cannot have; the value is not shown."""

    message = told("Set {name} to {expected}: its value now is something else.")


def _knob(default: Any, sentence: str, expected: str, **bounds: Any) -> Any:
    """A field with what it means, and what a value has to be."""
    return Field(default, description=sentence, json_schema_extra={"expected": expected}, **bounds)


def _match(pattern: str, value: str) -> str:
    if not re.fullmatch(pattern, value):
        raise ValueError
    return value


class Settings(BaseSettings):
    """What an operator may set; ``CROWDLOOM_`` goes before each name."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        str_strip_whitespace=True,
    )

    bot_token: SecretStr | None = _knob(
        None, "The token from BotFather; never printed, never logged.", "the token as BotFather wrote it"
    )
    bot_library: Literal["aiogram", "python-telegram-bot"] = _knob(
        "aiogram", "Which of the two libraries receives.", "aiogram or python-telegram-bot"
    )
    api_url: str = _knob(TELEGRAM, "Base address of the Bot API server.", "an address such as http://127.0.0.1:8081")
    database_url: str = _knob(
        "sqlite:///var/crowdloom.db",
        "Where the work is stored: one SQLite file, or PostgreSQL for several processes.",
        "sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    )
    admins: Annotated[tuple[int, ...], NoDecode] = _knob(
        (), "Telegram user ids of the admins, comma-separated.", "numbers with commas between them, as in 1001,1002"
    )
    webhook_url: str | None = _knob(
        None, "Public address that Telegram calls; empty means polling.", "an address that starts with https://"
    )
    webhook_secret: SecretStr | None = _knob(
        None,
        "What Telegram repeats in each call to the webhook; drawn anew at each start when empty.",
        "16 to 256 letters, digits, “_” and “-”",
    )
    listen: str = _knob(
        "127.0.0.1:8080",
        "Where webhook, health, metrics and pages are served; port 0 takes any free one.",
        "host:port, as in 127.0.0.1:8080",
    )
    media_dir: Path = _knob(Path("var/media"), "Pictures and recordings, by content.", "a folder")
    reviewers: Literal["ask", "auto"] = _knob(
        "ask", "Whether an admin is asked before who passes a reviewer’s quiz becomes a reviewer.", "ask or auto"
    )
    rules: Path | None = _knob(
        None,
        "A file of rules for all projects that give none; what it has no rules for is done by default.",
        "a file of rules",
    )
    payout_minimum: Annotated[Mapping[str, int], NoDecode] = _knob(
        {},
        "The least that is paid out in a currency; any amount where none is named.",
        "amounts as in KRW=5000, EUR=10",
    )
    second_admin: Annotated[Limits, NoDecode] = _knob(
        Limits(),
        "Above how many people, and how much money of a currency, a second admin is asked to confirm.",
        "amounts as in people=1000, KRW=1000000",
    )
    log_format: Literal["text", "json"] = _knob("text", "How a line of the log is written.", "text or json")
    log_level: Literal["debug", "info", "warning", "error"] = _knob(
        "info", "From which weight on something is logged.", "debug, info, warning or error"
    )
    sends_per_second: float = _knob(
        28.0,
        "How many messages a second the bot may start by itself.",
        "a number above 0 and up to 1000",
        gt=0,
        le=1000,
    )
    reminders_per_day: int = _knob(
        3, "How many reminders a person gets in a day of theirs; 0 for none.", "a number from 0 to 100", ge=0, le=100
    )

    @field_validator("bot_token")
    @classmethod
    def _a_token(cls, value: SecretStr | None) -> SecretStr | None:
        return value and SecretStr(_match(r"\d+:[\w-]+", value.get_secret_value().strip()))

    @field_validator("webhook_secret")
    @classmethod
    def _a_secret(cls, value: SecretStr | None) -> SecretStr | None:
        return value and SecretStr(_match(r"[A-Za-z0-9_-]{16,256}", value.get_secret_value().strip()))

    @field_validator("api_url")
    @classmethod
    def _an_address(cls, value: str) -> str:
        return _match(r"https?://[^\s/]+(/\S*)?", value).rstrip("/")

    @field_validator("webhook_url")
    @classmethod
    def _a_public_address(cls, value: str | None) -> str | None:
        return value and _match(r"https://[^\s/]+(/\S*)?", value)

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: str) -> str:
        plain = re.sub(r"^postgres(ql\+psycopg)?://", "postgresql://", value)
        return _match(r"sqlite:///\S.*|postgresql://\S+", plain)

    @field_validator("listen")
    @classmethod
    def _host_and_port(cls, value: str) -> str:
        _match(r"(\[[0-9a-fA-F:]+\]|[^:\s]+):\d{1,5}", value)
        if int(value.rpartition(":")[2]) > 65_535:  # noqa: PLR2004 - the last port there is
            raise ValueError
        return value

    @field_validator("admins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("payout_minimum", mode="before")
    @classmethod
    def _amounts(cls, value: object) -> object:
        return _minimums(value) if isinstance(value, str) else value

    @field_validator("second_admin", mode="before")
    @classmethod
    def _limits(cls, value: object) -> object:
        return _second_admin(value) if isinstance(value, str) else value

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @property
    def address(self) -> tuple[str, int]:
        """Host and port of ``listen``."""
        host, _, port = self.listen.rpartition(":")
        return host.strip("[]"), int(port)


def _minimums(written: str) -> Mapping[str, int]:
    """Minor units by currency. Raises ValueError."""
    from babel.numbers import list_currencies  # noqa: PLC0415 - only where it is set

    from tasks.money.amounts import minor_units  # noqa: PLC0415 - as above

    found: dict[str, int] = {}
    for part in written.split(","):
        currency, equals, amount = (piece.strip() for piece in part.partition("="))
        minor = minor_units(amount, currency) if equals and currency in list_currencies() else None
        if minor is None or currency in found:
            raise ValueError
        found[currency] = minor
    return found


def _second_admin(written: str) -> Limits:
    """``people`` and amounts by currency; what is not named, or left empty, is never asked for. Raises ValueError."""
    parts = [part.strip() for part in written.split(",") if part.strip()]
    people = [part.partition("=")[2].strip() for part in parts if part.partition("=")[0].strip() == "people"]
    amounts = [part for part in parts if part.partition("=")[0].strip() != "people"]
    named = [part for part in amounts if part.partition("=")[2].strip()]
    if len(people) > 1 or not all(re.fullmatch(r"\d{0,9}", one, re.ASCII) for one in people):
        raise ValueError
    if any("=" not in part for part in parts):
        raise ValueError
    most = int(people[0]) if people and people[0] else None
    return Limits(most, _minimums(",".join(named)) if named else {})


def load_settings(env_file: Path | None = Path(".env"), **given: Any) -> Settings:
    """The settings as they stand; ``given`` wins over the environment. Raises SettingError."""
    try:
        return Settings(_env_file=env_file, **given)  # type: ignore[call-arg]
    except ValidationError as error:
        raise _told(error) from None


def _told(error: ValidationError) -> InputError:
    first = error.errors(include_url=False)[0]
    name = str(first["loc"][0]).lower().removeprefix(PREFIX.lower())
    field = Settings.model_fields[name]
    extra = field.json_schema_extra
    expected = str(extra["expected"]) if isinstance(extra, dict) else ""
    if "SecretStr" in str(field.annotation):
        return SecretSettingError(name=PREFIX + name.upper(), expected=expected)
    return SettingError(name=PREFIX + name.upper(), expected=expected, value=_without_password(str(first["input"])))


def _without_password(value: str) -> str:
    return re.sub(r"(://[^:/@\s]*):[^@\s]*@", r"\1:…@", value)


def unknown_settings(environ: Mapping[str, str] = os.environ, env_file: Path = Path(".env")) -> list[tuple[str, str]]:
    """Names that look like ours and are not, each with the nearest that is (or ``""``)."""
    from dotenv import dotenv_values  # noqa: PLC0415 - only where a .env is looked at
    from rapidfuzz.process import extractOne  # noqa: PLC0415 - only where a name is wrong

    known = {name.upper() for name in Settings.model_fields}
    names = [*environ, *(dotenv_values(env_file) if env_file.is_file() else ())]
    ours = sorted({name for name in names if name.upper().startswith(PREFIX)})
    strange = [name for name in ours if name.upper().removeprefix(PREFIX) not in known | _NOT_SETTINGS]
    return [(name, _nearest(extractOne(name.upper().removeprefix(PREFIX), known, score_cutoff=60))) for name in strange]


def _nearest(match: tuple[str, float, object] | None) -> str:
    return PREFIX + match[0] if match else ""
