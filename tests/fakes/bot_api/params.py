"""The parameters of a call: accepted names, required ones, and their types."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.bot_api.refusal import bad

_SEND = "chat_id reply_markup disable_notification protect_content allow_paid_broadcast reply_parameters"
_CAPTION = "caption parse_mode caption_entities show_caption_above_media has_spoiler"
_EDIT = "chat_id message_id inline_message_id reply_markup business_connection_id"
_MENU = "language_code scope"

ACCEPTED = {
    name: frozenset(words.split())
    for name, words in {
        "getMe": "",
        "logOut": "",
        "close": "",
        "getUpdates": "offset limit timeout allowed_updates",
        "setWebhook": "url secret_token max_connections allowed_updates drop_pending_updates ip_address certificate",
        "deleteWebhook": "drop_pending_updates",
        "getWebhookInfo": "",
        "sendMessage": f"{_SEND} text parse_mode entities link_preview_options",
        "sendPhoto": f"{_SEND} {_CAPTION} photo",
        "sendDocument": f"{_SEND} {_CAPTION} document thumbnail disable_content_type_detection",
        "sendMediaGroup": "chat_id media disable_notification protect_content reply_parameters",
        "sendChatAction": "chat_id action",
        "editMessageText": f"{_EDIT} text parse_mode entities link_preview_options",
        "editMessageCaption": f"{_EDIT} {_CAPTION}",
        "editMessageMedia": f"{_EDIT} media",
        "editMessageReplyMarkup": _EDIT,
        "deleteMessage": "chat_id message_id",
        "pinChatMessage": "chat_id message_id disable_notification business_connection_id",
        "answerCallbackQuery": "callback_query_id text show_alert url cache_time",
        "getFile": "file_id",
        "setMyCommands": f"{_MENU} commands",
        "getMyCommands": _MENU,
        "deleteMyCommands": _MENU,
        "setMyDescription": f"{_MENU} description",
        "getMyDescription": "language_code",
        "setMyShortDescription": f"{_MENU} short_description",
        "getMyShortDescription": "language_code",
        "setMyName": "language_code name",
        "getMyName": "language_code",
    }.items()
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a call."""

    name: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Params:
    """What a call carries; read by name and type, refused in Telegram's words."""

    values: dict[str, str]
    files: dict[str, Upload] = field(default_factory=dict)

    def check_names(self, method: str) -> None:
        """Refuse a misspelt parameter (the real server would ignore it, which helps nobody)."""
        for name in self.values:
            if name not in ACCEPTED[method]:
                raise bad(f"the fake knows no parameter {name!r} of {method}")

    def text(self, name: str) -> str:
        """A value as it came; empty where it is missing."""
        return self.values.get(name, "")

    def integer(self, name: str, default: int | None = None) -> int:
        """A whole number; missing is refused unless there is a default."""
        value = self.values.get(name, "")
        if not value and default is not None:
            return default
        try:
            return int(value)
        except ValueError:
            what = "chat_id is empty" if name == "chat_id" and not value else f"{name} must be a valid Integer"
            raise bad(what if value or name == "chat_id" else f"{name} is not specified") from None

    def message_id(self) -> int:
        """The message that a call is about."""
        if not self.text("message_id"):
            raise bad("message identifier is not specified")
        return self.integer("message_id")

    def json(self, name: str, kind: type, complaint: str) -> Any:
        """A JSON value of a given kind; None where it is missing."""
        value = self.values.get(name, "")
        if not value:
            return None
        try:
            found = json.loads(value)
        except ValueError:
            raise bad(f"can't parse {complaint} JSON object") from None
        if not isinstance(found, kind):
            raise bad(f"{'array' if kind is list else 'object'} expected as {complaint}")
        return found
