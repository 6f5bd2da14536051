"""aiogram imported without its models: quicker, and still whole."""

from __future__ import annotations

import subprocess
import sys

_CHECK = """
import time
import pydantic
began = time.process_time()
from bot.channels.aiogram import AiogramChannel
from aiogram.types import Update, Message, TelegramObject
from aiogram.methods import GetUpdates, SendMessage, SendPoll
from aiogram.methods.base import Response
built = [one for one in TelegramObject.__subclasses__() if one.__pydantic_complete__]
assert len(built) < 20, f"{len(built)} models were built at import"
message = {"message_id": 3, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "q"}
found = Response[list[Update]].model_validate({"ok": True, "result": [{"update_id": 1, "message": message}]})
assert isinstance(found.result[0].message, Message)
assert found.result[0].message.chat.type == "private"
assert Update.model_validate({"update_id": 1, "message": message}).message.text == "q"
assert SendMessage(chat_id=1, text="x").model_dump()["text"] == "x"
assert SendPoll(chat_id=1, question="?", options=["a", "b"]).options == ["a", "b"]
class Ours(pydantic.BaseModel):
    number: int
assert Ours.__pydantic_complete__ and Ours(number="3").number == 3
assert "defer_build" not in pydantic.BaseModel.model_config
"""


def test_models_are_built_when_they_are_used() -> None:
    done = subprocess.run([sys.executable, "-c", _CHECK], capture_output=True, text=True, check=False)  # noqa: S603
    assert done.returncode == 0, done.stderr
