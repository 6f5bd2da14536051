"""What is long about broadcasts, done outside of any turn: a picture or a list that was sent, what came of one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from bot.conversation import Job
from db.errors import CrowdloomError
from db.session import Database
from tasks.outreach import broadcast, named
from tasks.outreach.outcome import Variant, outcome_of
from tasks.projects.media import MediaStore
from tasks.projects.mistakes import because
from tasks.words import _, error_words

_AT_ONCE = 1_000
"""Names that are looked up in one turn."""

Arguments = Mapping[str, Any]
Outcome = Mapping[str, Any]


class BroadcastJobs:
    """Each hands back what it was given but for the file, so that whoever began it knows what it is for."""

    def __init__(self, database: Database, media: MediaStore) -> None:
        self._database, self._media = database, media

    def all(self) -> Mapping[str, Job]:
        """Jobs by name."""
        return {
            "broadcast_picture": _threaded(self._picture),
            "broadcast_people": _threaded(self._people),
            "broadcast_outcome": _threaded(self._outcome),
        }

    def _picture(self, arguments: Arguments) -> Outcome:
        from tasks.projects.pictures import PictureError, made_small  # noqa: PLC0415 - loads what pictures need

        raw = _taken(arguments["path"])
        try:
            return {"content": self._media.put(made_small(raw, arguments["name"]))}
        except PictureError as error:
            return {"mistakes": [_("Please {remedy}.", remedy=because(error))]}

    def _people(self, arguments: Arguments) -> Outcome:
        raw = _taken(arguments["path"]) if "path" in arguments else arguments["text"].encode("utf-8", "replace")
        names = named.read(raw, arguments.get("name", ""))
        people: dict[int, None] = {}
        unknown: list[str] = []
        for at in range(0, len(names), _AT_ONCE):
            found = self._database.run(partial(named.find, names=names[at : at + _AT_ONCE])).result()
            people |= dict.fromkeys(found.people)
            unknown += found.unknown
        return {"people": list(people), "unknown": unknown}

    def _outcome(self, arguments: Arguments) -> Outcome:
        stands = self._database.run(lambda tx: broadcast.standing(tx, arguments["number"])).result()
        with self._database.reading() as reader:
            found = outcome_of(reader, stands)
        return {
            "variants": [_plain(one) for one in found.variants],
            "better": found.better,
            "missed": [list(row) for row in found.missed],
        }


def _plain(one: Variant) -> Mapping[str, Any]:
    low, high = one.interval
    return {"sent": one.sent, "began": one.began, "share": one.share, "low": low, "high": high}


def _threaded(work: Callable[[Arguments], Outcome]) -> Job:
    def guarded(arguments: Arguments) -> Outcome:
        given = {name: value for name, value in arguments.items() if name not in {"path", "text"}}
        try:
            return {**given, **work(arguments)}
        except CrowdloomError as error:
            return {**given, "mistakes": [error_words(error)]}

    async def run(arguments: Arguments) -> Outcome:
        return await asyncio.to_thread(guarded, arguments)

    return run


def _taken(path: str) -> bytes:
    """What is in a file that came in, which is not needed any more."""
    file = Path(path)
    raw = file.read_bytes()
    file.unlink(missing_ok=True)
    return raw
