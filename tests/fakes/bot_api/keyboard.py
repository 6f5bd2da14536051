"""Keyboards: what an inline keyboard may hold."""

from __future__ import annotations

from typing import Any

from tests.fakes.bot_api.params import Params
from tests.fakes.bot_api.refusal import bad

MOST_BUTTONS = 100
MOST_DATA = 64
MOST_BYTES = 10_240
_ACTIONS = ("callback_data", "url", "web_app", "login_url", "switch_inline_query", "copy_text", "pay", "callback_game")
_OTHERS = ("keyboard", "remove_keyboard", "force_reply")


def markup(params: Params) -> dict[str, Any] | None:
    """The reply markup of a call, checked; None where there is none."""
    found: dict[str, Any] | None = params.json("reply_markup", dict, "reply markup")
    if found is None or any(name in found for name in _OTHERS):
        return found
    rows = found.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    buttons = [button for row in rows for button in row]
    for button in buttons:
        _check(button)
    if len(buttons) > MOST_BUTTONS or len(params.text("reply_markup").encode()) > MOST_BYTES:
        raise bad("reply markup is too long")
    return {"inline_keyboard": [row for row in rows if row]} if buttons else None


def _check(button: object) -> None:
    if not isinstance(button, dict):
        raise bad("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad("can't parse inline keyboard button: Can't find field \"text\"")
    if not button["text"].strip():
        raise bad("inline keyboard button text must be non-empty")
    if not any(button.get(name) not in (None, "") for name in _ACTIONS):
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    data = button.get("callback_data")
    if data is not None and not (isinstance(data, str) and 1 <= len(data.encode()) <= MOST_DATA):
        raise bad("BUTTON_DATA_INVALID")
