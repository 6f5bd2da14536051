"""A process that leads until it is killed: started as ``python -m tests.bot.jobs.holder DATABASE_URL``."""

from __future__ import annotations

import asyncio
import os
import sys

from bot.jobs.lead import Lead
from bot.log import configure
from db.lock import lock_of
from db.session import open_database


async def _hold(url: str) -> None:
    lead = Lead(lock_of(open_database(url).engine), patience=30)
    async with lead.standing():
        os.write(1, b"leads\n" if lead.held else b"waits\n")
        await asyncio.to_thread(sys.stdin.readline)


if __name__ == "__main__":
    configure("text", "warning")
    asyncio.run(_hold(sys.argv[1]))
