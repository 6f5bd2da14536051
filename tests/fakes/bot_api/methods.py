"""The methods of the Bot API that a bot of ours may call, each with what it refuses."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any

from tests.fakes.bot_api.files import Files, Stored
from tests.fakes.bot_api.keyboard import markup
from tests.fakes.bot_api.params import Params
from tests.fakes.bot_api.refusal import bad
from tests.fakes.bot_api.text import caption, message_text
from tests.fakes.bot_api.updates import Updates
from tests.fakes.bot_api.world import Chat, World

MOST_COMMANDS = 100
TOAST = 200
_WORDS = {"Description": "description", "ShortDescription": "short_description", "Name": "name"}
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_ACTIONS = {"typing", "upload_photo", "upload_document", "find_location", "choose_sticker", "record_voice"}


class Methods:
    """The verbs over a world, its files and its queue of updates."""

    def __init__(self, world: World, files: Files, updates: Updates) -> None:
        self.world = world
        self.files = files
        self.updates = updates
        self.queries: dict[str, Chat] = {}
        self.menus: dict[tuple[str, str], list[dict[str, str]]] = {}
        self.words: dict[tuple[str, str], str] = {}

    async def call(self, method: str, params: Params) -> Any:
        """Do what a call asks."""
        params.check_names(method)
        if method == "getUpdates":
            return await self.updates.poll(params)
        return self._table()[method](params)

    def _table(self) -> dict[str, Callable[[Params], Any]]:
        table: dict[str, Callable[[Params], Any]] = {
            "getMe": lambda _: self.world.bot,
            "logOut": lambda _: True,
            "close": lambda _: True,
            "setWebhook": self.updates.set_webhook,
            "deleteWebhook": self.updates.delete_webhook,
            "getWebhookInfo": lambda _: self.updates.webhook_info(),
            "sendMessage": self._send_message,
            "sendPhoto": lambda params: self._send_file(params, "Photo"),
            "sendDocument": lambda params: self._send_file(params, "Document"),
            "sendMediaGroup": self._send_album,
            "sendChatAction": self._send_action,
            "editMessageText": self._edit_text,
            "editMessageCaption": self._edit_caption,
            "editMessageMedia": self._edit_media,
            "editMessageReplyMarkup": self._edit_markup,
            "deleteMessage": self._delete,
            "pinChatMessage": self._pin,
            "answerCallbackQuery": self._answer,
            "getFile": lambda params: self.files.path_of(params.text("file_id")),
            "setMyCommands": self._set_commands,
            "getMyCommands": lambda params: self.menus.get(_menu(params), []),
            "deleteMyCommands": lambda params: self.menus.pop(_menu(params), None) is not None or True,
        }
        for name, field in _WORDS.items():
            table[f"setMy{name}"] = partial(self._set_words, field)
            table[f"getMy{name}"] = partial(self._get_words, field)
        return table

    # ----------------------------------------------------------------- sending

    def _send_message(self, params: Params) -> dict[str, Any]:
        chat = self.world.reachable(params.integer("chat_id"))
        text, entities = message_text(params)
        return self._post(chat, {"text": text, "entities": entities, "reply_markup": markup(params)})

    def _send_file(self, params: Params, kind: str) -> dict[str, Any]:
        chat = self.world.reachable(params.integer("chat_id"))
        words = _caption(params)
        file = self.files.given(params, params.text(kind.lower()), kind, kind.lower())
        return self._post(chat, _media(file) | words | {"reply_markup": markup(params)})

    def _send_album(self, params: Params) -> list[dict[str, Any]]:
        chat = self.world.reachable(params.integer("chat_id"))
        items = params.json("media", list, "media") or []
        if not 2 <= len(items) <= 10:
            raise bad("there are no messages to send" if not items else "wrong number of messages in the media group")
        contents = [self._input_media(params, item) for item in items]
        album = str(len(chat.messages) + 7_000_000)
        return [self._post(chat, content | {"media_group_id": album}) for content in contents]

    def _send_action(self, params: Params) -> bool:
        self.world.reachable(params.integer("chat_id"))
        if params.text("action") not in _ACTIONS:
            raise bad("wrong parameter action in request")
        return True

    def _post(self, chat: Chat, content: dict[str, Any]) -> dict[str, Any]:
        return self.world.post(chat, self.world.bot, content)

    def _input_media(self, params: Params, item: object) -> dict[str, Any]:
        if not isinstance(item, dict):
            raise bad("can't parse InputMedia: expected an Object")
        kind = {"photo": "Photo", "document": "Document"}.get(item.get("type", ""))
        if kind is None:
            raise bad(f'can\'t parse InputMedia: type "{item.get("type", "")}" is unsupported')
        file = self.files.given(params, item.get("media", ""), kind, "media")
        words = {name: _as_text(value) for name, value in item.items() if name not in {"type", "media"}}
        return _media(file) | _caption(Params(words))

    # ----------------------------------------------------------------- editing

    def _target(self, params: Params) -> tuple[Chat, dict[str, Any]]:
        chat = self.world.reachable(params.integer("chat_id"))
        return chat, self.world.editable(chat, params.message_id())

    def _edit_text(self, params: Params) -> dict[str, Any]:
        text, entities = message_text(params)
        chat, message = self._target(params)
        if "text" not in message:
            raise bad("there is no text in the message to edit")
        return self.world.change(chat, message, {"text": text, "entities": entities, "reply_markup": markup(params)})

    def _edit_caption(self, params: Params) -> dict[str, Any]:
        chat, message = self._target(params)
        if "text" in message:
            raise bad("there is no caption in the message to edit")
        media = {name: message[name] for name in ("photo", "document") if name in message}
        return self.world.change(chat, message, media | _caption(params) | {"reply_markup": markup(params)})

    def _edit_media(self, params: Params) -> dict[str, Any]:
        item = params.json("media", dict, "input media")
        if item is None:
            raise bad("media is not specified")
        chat, message = self._target(params)
        return self.world.change(chat, message, self._input_media(params, item) | {"reply_markup": markup(params)})

    def _edit_markup(self, params: Params) -> dict[str, Any]:
        chat, message = self._target(params)
        return self.world.change(chat, message, message | {"edit_date": None, "reply_markup": markup(params)})

    def _delete(self, params: Params) -> bool:
        chat = self.world.reachable(params.integer("chat_id"))
        self.world.remove(chat, params.message_id())
        return True

    def _pin(self, params: Params) -> bool:
        chat = self.world.reachable(params.integer("chat_id"))
        message = chat.messages.get(params.message_id())
        if message is None:
            raise bad("message to pin not found")
        if chat.pinned[-1:] == [message["message_id"]]:
            raise bad("CHAT_NOT_MODIFIED")
        chat.pinned.append(message["message_id"])
        chat.touch()
        return True

    def _answer(self, params: Params) -> bool:
        chat = self.queries.get(params.text("callback_query_id"))
        if chat is None:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        if len(params.text("text")) > TOAST:
            raise bad("MESSAGE_TOO_LONG")
        if params.text("text"):
            chat.toasts.append(params.text("text"))
        chat.touch()
        return True

    # ----------------------------------------------------------------- the bot's own page

    def _set_commands(self, params: Params) -> bool:
        commands = params.json("commands", list, "commands") or []
        if len(commands) > MOST_COMMANDS:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        for command in commands:
            if not _COMMAND.fullmatch(command.get("command", "")):
                raise bad("BOT_COMMAND_INVALID")
            if not command.get("description"):
                raise bad("command description must be non-empty")
            if len(command["description"]) > 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        _check_language(params)
        self.menus[_menu(params)] = commands
        return True

    def _set_words(self, field: str, params: Params) -> bool:
        _check_language(params)
        if len(params.text(field)) > {"description": 512, "short_description": 120, "name": 64}[field]:
            raise bad(f"bot {field} is too long")
        self.words[field, params.text("language_code")] = params.text(field)
        return True

    def _get_words(self, field: str, params: Params) -> dict[str, str]:
        return {field: self.words.get((field, params.text("language_code")), "")}


def _media(file: Stored) -> dict[str, Any]:
    return {"photo": [file.json()]} if file.kind == "Photo" else {"document": file.json()}


def _caption(params: Params) -> dict[str, Any]:
    text, entities = caption(params)
    return {"caption": text, "caption_entities": entities}


def _menu(params: Params) -> tuple[str, str]:
    return params.text("language_code"), params.text("scope")


def _check_language(params: Params) -> None:
    if not re.fullmatch(r"([a-z]{2})?", params.text("language_code")):
        raise bad("LANG_CODE_INVALID")


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)
