"""What belongs to everybody's own affairs: they are heard from the first word on, agreed or not."""

from __future__ import annotations

from handlers.flow import Visit
from handlers.talk import Key
from tasks.people import speak
from tasks.words import _

MY_WALLET = Key(_("Wallet"), "wallet.show")
"""The way to what they have earned; for whoever has earned anything."""


def spoken(visit: Visit) -> None:
    """Speak the language of their app, English where that is none of ours, if they have not chosen one."""
    if not visit.who.language:
        visit.who = speak(visit.tx, visit.who, visit.desk.negotiate(visit.guess) or "en")
