"""A bot with a crowd that answers as fast as it can, until it is killed; each confirmed answer is a line of output.

Started as ``python -m tests.kill.crowd DATABASE_URL SEED FOLDER``. A line is written only after the toast has been
seen, as ``person item label``; it is flushed at once, so that what is read has been confirmed.
"""

from __future__ import annotations

import asyncio
import os
import random
import sys
import time
from pathlib import Path

from bot.channels.recorder import Recorder
from bot.wiring import Bot
from db.session import open_database
from tests.support.bots import Talker, a_bot

PEOPLE = 8
_ITEM = "item number "


def _now() -> int:
    return time.time_ns() // 1_000_000


def _item(talker: Talker) -> str:
    """The item that is shown; empty when there is none."""
    _before, _sign, rest = talker.screen.text.partition(_ITEM)
    return rest.split("\n")[0].strip()


async def _one(bot: Bot, channel: Recorder, name: str, rng: random.Random) -> None:
    """Join or go on, then answer until nothing is left."""
    talker = Talker(bot, channel, name, _now, ids=iter(range(rng.getrandbits(40), 1 << 50)))
    await talker.says("/start")
    if any(button.label.startswith("I agree") for row in talker.screen.buttons for button in row):
        await talker.presses("I agree, let’s go")
        await talker.presses("Later")
    await talker.presses("Which animal?")
    await talker.presses("Start")
    while True:
        if any(button.label == "Go on" for row in talker.screen.buttons for button in row):
            await talker.presses("Go on")
        item, label = _item(talker), rng.choice(("Cat", "Dog"))
        if not item:
            return
        before = len(talker.seen.toasts)
        await talker.presses(label)
        if talker.seen.toasts[before:] == [f"✓ {label}"]:
            os.write(1, f"{name} {item} {label.lower()}\n".encode())


async def _crowd(url: str, seed: int, folder: Path) -> None:
    database = open_database(url)
    recorder = Recorder()
    recorder._count = seed * 1_000_000  # no message of this life has the number of one of an earlier life
    async with a_bot(database, _now, folder, [recorder], seed=seed) as (bot, channel):
        await asyncio.gather(
            *(_one(bot, channel, f"person-{n}", random.Random(seed * 100 + n)) for n in range(PEOPLE))  # noqa: S311
        )
    database.close()
    os.write(1, b"done\n")


if __name__ == "__main__":
    asyncio.run(_crowd(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3])))
