"""Checks of the connection to Telegram; those that use the network only when they are asked for."""

from __future__ import annotations

import json
import re
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterable
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

from bot.checks.finding import Finding, advice, good, wrong
from bot.settings import TELEGRAM, Settings
from tasks.words import _

_PATIENCE = 10.0
_MOST_DRIFT = 60.0
"""Seconds that the clock may differ from the server's."""


def token(settings: Settings) -> Finding:
    """Whether the token looks like one; it is never shown."""
    if settings.bot_token is None:
        return advice(_("Token"), _("Set CROWDLOOM_BOT_TOKEN for “run”; demo and chat need none."))
    if re.fullmatch(r"\d{6,}:[A-Za-z0-9_-]{30,}", settings.bot_token.get_secret_value()):
        return good(_("Token"), _("looks like one of BotFather's"))
    return wrong(_("Token"), _("Copy the whole token from BotFather: CROWDLOOM_BOT_TOKEN does not look like one."))


def server(settings: Settings) -> Iterable[Finding]:
    """A Bot API server of one's own answers at its address."""
    if settings.api_url == TELEGRAM:
        return
    parts = urlsplit(settings.api_url)
    try:
        with socket.create_connection((parts.hostname or "", parts.port or _usual(parts.scheme)), timeout=_PATIENCE):
            yield good(_("Bot API server"), settings.api_url)
    except OSError:
        yield wrong(
            _("Bot API server"),
            _("Start it, or take CROWDLOOM_API_URL away: {url} does not answer.", url=settings.api_url),
        )


def _usual(scheme: str) -> int:
    return 443 if scheme == "https" else 80


def online(settings: Settings) -> Iterable[Finding]:
    """What the server says of the bot: its name, its webhook; and what time it is there."""
    if settings.bot_token is None:
        return
    try:
        me, date = _call(settings, "getMe")
        hook, _date = _call(settings, "getWebhookInfo")
    except urllib.error.HTTPError as error:
        yield wrong(
            _("Telegram"), _("Get a new token from BotFather: the server refuses this one ({code}).", code=error.code)
        )
        return
    except (OSError, ValueError):
        yield wrong(_("Telegram"), _("Check this machine's way to the network: the server does not answer."))
        return
    yield good(_("Telegram"), "@" + str(me.get("username", "")))
    yield _webhook(settings, str(hook.get("url", "")))
    yield _drift(date)


def _call(settings: Settings, method: str) -> tuple[dict[str, Any], str]:
    """A method's result, and the server's date."""
    secret = settings.bot_token.get_secret_value() if settings.bot_token else ""
    url = f"{settings.api_url}/bot{secret}/{method}"
    with urllib.request.urlopen(url, timeout=_PATIENCE) as answer:  # noqa: S310 - http(s), as the settings make sure
        return dict(json.load(answer)["result"]), str(answer.headers.get("Date", ""))


def _webhook(settings: Settings, registered: str) -> Finding:
    """Telegram hands each update to one receiver only: the webhook if there is one, else one poller."""
    if registered and not settings.webhook_url:
        return advice(
            _("Receiver"), _("Polling takes the updates over at the next start: a webhook is registered elsewhere now.")
        )
    if settings.webhook_url:
        return good(_("Receiver"), _("webhook"))
    return good(_("Receiver"), _("long polling, by one process at a time"))


def _drift(date: str) -> Finding:
    seconds = abs(parsedate_to_datetime(date).timestamp() - time.time()) if date else 0.0
    if seconds > _MOST_DRIFT:
        return wrong(
            _("Clock"), _("Set the clock of this machine: it differs from the server's by {n} seconds.", n=int(seconds))
        )
    return good(_("Clock"), _("as at the server"))
