"""What Telegram tells (the JSON of an update) as what our conversations hear."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.channel import Incoming
from handlers.talk import Command, Event, Heard, Press, Said, Sender, Sent, Shared

ALLOWED = ("message", "edited_message", "channel_post", "callback_query")
"""The updates we ask for."""

DOWNLOAD_BYTES = 20 * 2**20
"""Larger files the Bot API does not hand over."""

_Json = Mapping[str, Any]
_COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@(\w+))?(?:\s+(.*))?", re.DOTALL)
_KINDS = {
    "photo": "photo",
    "sticker": "sticker",
    "voice": "voice",
    "audio": "voice",
    "video": "video",
    "video_note": "video",
    "animation": "video",
    "document": "document",
}
"""Field of a message to what it is for us; the first that is there counts (an animation is a document too)."""
_HAPPENINGS = frozenset(
    {
        "pinned_message",
        "message_auto_delete_timer_changed",
        "write_access_allowed",
        "chat_background_set",
        "proximity_alert_triggered",
        "users_shared",
        "chat_shared",
        "web_app_data",
        "boost_added",
        "connected_website",
        "video_chat_started",
        "video_chat_ended",
        "video_chat_scheduled",
        "video_chat_participants_invited",
        "giveaway_created",
        "successful_payment",
        "refunded_payment",
    }
)
"""Fields of messages that nobody has written: in a private chat they are passed over."""


def incoming(update: _Json, at: int, bot_name: str = "") -> Incoming | None:
    """The event of an update, received ``at`` (milliseconds); None where there is nothing to hear.

    ``bot_name`` is the bot's user name: in a group a command may be meant for another bot.
    """
    number = str(update["update_id"])
    if query := update.get("callback_query"):
        return _press(number, query, at)
    for kind in ("message", "edited_message", "channel_post"):
        if message := update.get(kind):
            return _message(number, message, at, bot_name, edited=kind == "edited_message")
    return None


def _press(number: str, query: _Json, at: int) -> Incoming | None:
    message = query.get("message")
    if message is None:  # of an inline message: we send none
        return None
    event = Event(number, at, _sender(query["from"], message["chat"]), Press(query.get("data", "")))
    return Incoming(event, str(message["chat"]["id"]), press=query["id"], message_id=str(message["message_id"]))


def _message(number: str, message: _Json, at: int, bot_name: str, *, edited: bool) -> Incoming | None:
    chat = message["chat"]
    private = chat["type"] == "private"
    heard = _edited(message) if edited else _heard(message, bot_name)
    if heard is None or (private and not _HAPPENINGS.isdisjoint(message)):
        return None
    event = Event(number, at, _sender(message.get("from") or chat, chat), heard)
    return Incoming(event, str(chat["id"]), file=_file(heard, message))


def _file(heard: Heard, message: _Json) -> str:
    """What there is to fetch: a document, or a photo in the largest of its sizes."""
    if not isinstance(heard, Sent) or heard.too_big:
        return ""
    if heard.what == "document":
        return str(message["document"]["file_id"])
    return str(message["photo"][-1]["file_id"]) if heard.what == "photo" else ""


def _sender(who: _Json, chat: _Json) -> Sender:
    group = "" if chat["type"] == "private" else str(chat["id"])
    return Sender("telegram", str(who["id"]), who.get("language_code", ""), group)


def _heard(message: _Json, bot_name: str) -> Heard | None:
    if "text" in message:
        return _text(message, bot_name)
    if "contact" in message:
        return _contact(message)
    if "location" in message and "venue" not in message:
        place = message["location"]
        return Shared("location", {"latitude": place["latitude"], "longitude": place["longitude"]})
    return _sent(message)


def _edited(message: _Json) -> Heard | None:
    text = message.get("text", message.get("caption"))
    return None if text is None else Said(text, edited=True)


def _text(message: _Json, bot_name: str) -> Heard | None:
    text = message["text"]
    forwarded = "forward_origin" in message
    command = None if forwarded else _COMMAND.fullmatch(text)
    if command is None:
        return Said(text, forwarded=forwarded)
    name, bot, argument = command.groups()
    if bot and bot_name and bot.lower() != bot_name.lower():
        return None
    return Command(name.lower(), (argument or "").strip())


def _contact(message: _Json) -> Shared:
    contact = message["contact"]
    own = contact.get("user_id") is not None and contact["user_id"] == message.get("from", {}).get("id")
    return Shared("contact", {"phone": contact["phone_number"], "name": contact["first_name"], "own": own})


def _sent(message: _Json) -> Sent:
    kind = next((kind for kind in _KINDS if kind in message), "")
    caption = message.get("caption", "")
    if kind != "document":
        return Sent(_KINDS.get(kind, "other"), caption=caption)
    document = message["document"]
    too_big = document.get("file_size", 0) > DOWNLOAD_BYTES
    return Sent("document", name=document.get("file_name", ""), caption=caption, too_big=too_big)
