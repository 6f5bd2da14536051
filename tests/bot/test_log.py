"""Logs: no token, no password, no person's id in any line, whoever writes it."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog
from pydantic import SecretStr

from bot.log import configure, redact

TOKEN = "7123456789:AAF-abcdefghijklmnopqrstuvwxyz_0123"


@pytest.fixture(params=["text", "json"])
def lines(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """What has been logged."""
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    configure(str(request.param), "info", b"key of this test", stream)
    yield stream
    root.handlers[:], root.level = before
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


def test_a_token_shows_nowhere(lines: io.StringIO) -> None:
    log = structlog.stdlib.get_logger("bot.test")
    log.info("calling /bot%s", TOKEN, url=f"https://api.example/bot{TOKEN}/x", nested={"a": [TOKEN, {TOKEN: 1}]})
    log.info("secret", token=SecretStr("not even a token"), raw=TOKEN.encode())
    log.info("positional %s", TOKEN)
    logging.getLogger("httpx").warning("HTTP Request: POST %s", f"https://api.example/bot{TOKEN}/getMe")
    logging.getLogger("aiogram").error("failed for bot%s", TOKEN, extra={"bot": TOKEN})
    text = lines.getvalue()
    assert TOKEN not in text
    assert "not even a token" not in text
    assert text.count("\n") == 5
    assert "[hidden]" in text


def test_a_token_in_an_exception_and_its_traceback_is_hidden(lines: io.StringIO) -> None:
    def fail() -> None:
        raise ValueError(f"bad answer of https://api.example/bot{TOKEN}/sendMessage")

    for log in (structlog.stdlib.get_logger("bot.test"), logging.getLogger("telegram.ext")):
        try:
            fail()
        except ValueError:
            log.exception("it failed")
    text = lines.getvalue()
    assert TOKEN not in text
    assert text.count("ValueError: bad answer") == 2


def test_people_are_hashed_alike_and_never_named(lines: io.StringIO) -> None:
    log = structlog.stdlib.get_logger("bot.test")
    log.info("one", person=987654321)
    log.info("two", user="987654321", project="dish-photos")
    text = lines.getvalue()
    assert "987654321" not in text
    assert "dish-photos" in text
    if text.startswith("{"):
        first, second = (json.loads(line) for line in text.splitlines())
        assert first["person"] == second["user"]
        assert len(first["person"]) == 10


def test_a_password_in_an_address_is_hidden(lines: io.StringIO) -> None:
    logging.getLogger("db").warning("cannot open postgresql+psycopg://me:hunter2@host/db")
    assert "hunter2" not in lines.getvalue()
    assert "me:[hidden]@host" in lines.getvalue()


def test_chatty_libraries_are_quiet(lines: io.StringIO) -> None:
    logging.getLogger("apscheduler.executors").info("running job")
    logging.getLogger("httpx").info("HTTP Request")
    assert lines.getvalue() == ""


def test_redact_leaves_ordinary_words_alone() -> None:
    for words in ("at 12:30", "see https://example.org/a:b", "1234567:short", "postgresql://host/db"):
        assert redact(words) == words
