"""Runs measurements and prints a table each."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module

from rich.console import Console
from rich.table import Table

MEASUREMENTS = (
    "turn",
    "behaviour",
    "growth",
    "own",
    "rules",
    "verdict",
    "wallet",
    "payouts",
    "consensus",
    "ledger",
    "people",
    "roll",
    "aggregate",
    "audit",
    "charts",
    "methods",
    "suspicion",
    "overlap",
    "telegram",
    "start",
    "audience",
    "broadcast",
    "reminders",
)
_SIZES = {
    "people": "how many people there are, where a measurement asks for it",
    "rate": "how many messages a second the bot may send",
    "kills": "how often it is killed on the way",
}


def main() -> int:
    """Run what was asked for; 0 when all of it worked."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("what", nargs="*", choices=[*MEASUREMENTS, []], help="which measurements; all by default")
    parser.add_argument("--short", action="store_true", help="a few seconds each, to see that they work")
    for name, says in _SIZES.items():
        parser.add_argument(f"--{name}", type=int, help=says)
    given = parser.parse_args()
    console = Console()
    for name in given.what or MEASUREMENTS:
        module = import_module(f"bench.{name}")
        table = Table("what", *module.COLUMNS, title=(module.__doc__ or name).splitlines()[0])
        sizes = {
            name: getattr(given, name) for name in getattr(module, "SIZES", ()) if getattr(given, name) is not None
        }
        for row in module.measure(short=given.short, **sizes):
            table.add_row(*row)
        console.print(table)
    return 0


if __name__ == "__main__":
    sys.exit(main())
