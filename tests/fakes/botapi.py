"""The fake Bot API server: ``BotApi`` in a test, ``python -m tests.fakes.botapi --port N`` beside a bench."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import Any

from tests.fakes.bot_api.crowd import Crowd
from tests.fakes.bot_api.people import Person, Place, Seen
from tests.fakes.bot_api.refusal import Refused
from tests.fakes.bot_api.server import TOKEN, BotApi, Call

__all__ = ["TOKEN", "BotApi", "Call", "Crowd", "Person", "Place", "Refused", "Seen"]


async def serve(arguments: argparse.Namespace) -> None:
    """Run until interrupted, or until the crowd has tapped enough; then one line of JSON tells how it went."""
    api = await BotApi(token=arguments.token, record=False).start(arguments.port)
    _say({"url": api.url, "token": api.token})
    try:
        if arguments.crowd:
            crowd = Crowd(api, arguments.crowd, arguments.opens, arguments.press)
            running = asyncio.ensure_future(crowd.run(arguments.taps, warm=arguments.warm))
            await crowd.begun()
            _say({"begun": True})
            _say(await running)
        else:
            await asyncio.Event().wait()
    finally:
        await api.stop()


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--token", default=TOKEN)
    parser.add_argument(
        "--crowd",
        type=int,
        default=0,
        help="so many people who tap as fast as they are answered; a line is printed when the clock starts",
    )
    parser.add_argument("--opens", default="/start", help="what each of them says first")
    parser.add_argument("--press", default=".*", help="which keys they tap: a regular expression, the first match")
    parser.add_argument("--taps", type=int, default=2000, help="taps after which to stop")
    parser.add_argument("--warm", type=int, default=200, help="taps before the clock starts")
    try:
        asyncio.run(serve(parser.parse_args()))
    except KeyboardInterrupt:
        return


if __name__ == "__main__":
    main()
