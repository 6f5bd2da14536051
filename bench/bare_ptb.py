"""The reference: a bot of python-telegram-bot alone that answers each press and edits the message."""

import asyncio
import itertools
import os
import sys
from typing import Any

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes

_COUNT = itertools.count()


def keys() -> InlineKeyboardMarkup:
    """One key, never the same twice."""
    return InlineKeyboardMarkup([[InlineKeyboardButton("Cat", callback_data=str(next(_COUNT)))]])


async def hello(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Send something to press."""
    if update.message:
        await update.message.reply_text("Which is it? 0", reply_markup=keys())


async def pressed(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
    """Answer and edit, at once."""
    query = update.callback_query
    if query:
        edit = query.edit_message_text(f"Which is it? {query.data}", reply_markup=keys())
        await asyncio.gather(query.answer("Cat"), edit)


async def ready(_application: Any) -> None:
    """Tell who waits."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()


def main() -> None:
    """Poll until told to stop."""
    base = os.environ["CROWDLOOM_API_URL"]
    application = (
        Application.builder()
        .token(os.environ["CROWDLOOM_BOT_TOKEN"])
        .base_url(f"{base}/bot")
        .connection_pool_size(128)
        .concurrent_updates(64)
        .post_init(ready)
        .build()
    )
    application.add_handler(CommandHandler("start", hello))
    application.add_handler(CallbackQueryHandler(pressed))
    application.run_polling(timeout=5)


if __name__ == "__main__":
    main()
