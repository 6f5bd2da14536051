"""Who speaks, and what a turn shows them, from the row of their conversation."""

from __future__ import annotations

from typing import Any

from bot.channel import Incoming
from bot.presenter import View
from bot.render import current, read_data
from db.queries.people import Stands
from handlers.talk import Finished, Press, Turn
from tasks.people import Who


def late(incoming: Incoming, stands: Stands) -> bool:
    """Whether it is a press on a key of the screen before this one: it came twice, or was tapped twice."""
    heard = incoming.event.heard
    read = read_data(heard.data) if isinstance(heard, Press) else None
    return read is not None and current(stands.serial - 1, read[0])


def who_of(incoming: Incoming, stands: Stands) -> Who:
    """The person as flows know them."""
    channel = incoming.event.sender.channel
    return Who(
        stands.person,
        stands.language,
        stands.zone,
        stands.role,
        stands.consent,
        channel=channel,
        age=stands.age,
        gate=stands.gate,
        paused_until=stands.paused_until,
        paused_for=stands.paused_for,
    )


def view_of(incoming: Incoming, stands: Stands, who: Who, screen: Any, serial: int, turn: Turn, *, tells: bool) -> View:
    """What the presenter is given; ``tells`` is whether something was told above."""
    written = not isinstance(incoming.event.heard, Press | Finished) and not incoming.press
    fresh = written or tells  # below what was just told
    return View(
        who.id,
        who.language or "en",
        who.zone,
        incoming.chat,
        serial,
        screen,
        stands.message_id,
        turn.actions,
        fresh,
    )
