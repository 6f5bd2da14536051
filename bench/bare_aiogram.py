"""The reference: a bot of aiogram alone that answers each press and edits the message."""

import asyncio
import itertools
import os
import sys
from collections.abc import Awaitable

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.filters import CommandStart
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

_COUNT = itertools.count()


def keys() -> InlineKeyboardMarkup:
    """One key, never the same twice."""
    data = str(next(_COUNT))
    return InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Cat", callback_data=data)]])


async def hello(message: Message) -> None:
    """Send something to press."""
    await message.answer("Which is it? 0", reply_markup=keys())


async def pressed(query: CallbackQuery) -> None:
    """Answer and edit, at once."""
    if isinstance(query.message, Message):
        edit = query.message.edit_text(f"Which is it? {query.data}", reply_markup=keys())
        await asyncio.gather(call(query.answer("Cat")), call(edit))


async def call(method: Awaitable[object]) -> None:
    """A method of aiogram as a coroutine, which is what gather wants."""
    await method


async def main() -> None:
    """Poll until told to stop."""
    server = TelegramAPIServer.from_base(os.environ["CROWDLOOM_API_URL"])
    bot = Bot(os.environ["CROWDLOOM_BOT_TOKEN"], session=AiohttpSession(api=server))
    dispatcher = Dispatcher()
    dispatcher.message.register(hello, CommandStart())
    dispatcher.callback_query.register(pressed)
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    await dispatcher.start_polling(bot, polling_timeout=5)


if __name__ == "__main__":
    asyncio.run(main())
