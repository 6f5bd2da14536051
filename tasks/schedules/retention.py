"""Taking away the items of a closed project when ``privacy.keep`` is over: its answers, labels and records stay.

All in turns of bounded size, each of which may be done twice: what a crash cuts short is completed the next time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from db.queries import retention, schedules
from db.session import Database, Tx, chunks
from tasks.privacy.audit import Act, record
from tasks.projects.catalog import Catalog, Known
from tasks.projects.media import MediaStore
from tasks.schedules.opening import RULE

AT_ONCE = 1_000
_WORKERS_AT_ONCE = 50
_KEPT_MS = 90 * 24 * 3_600_000
"""So long what became of a message can be looked up."""
_DELIVERIES_AT_ONCE = 2_000
_ENDED = frozenset({"sent", "failed", "blocked", "dropped"})


@dataclass(frozen=True, slots=True)
class Emptied:
    """What was taken away: items, and pictures that nothing else shows."""

    items: int
    pictures: int


def due(tx: Tx, catalog: Catalog, now: int) -> Sequence[Known]:
    """Closed projects whose time is over; one whose file names none is kept."""
    found = []
    for row in tx.all(retention.FULL):
        known, times = catalog.get(tx, row.id), tx.one(schedules.TIMES, project=row.id)
        keep = known.spec.privacy.keep_ms
        if keep is not None and times and times.closed_at is not None and times.closed_at + keep <= now:
            found.append(known)
    return found


def empty(database: Database, catalog: Catalog, media: MediaStore, known: Known, now: int) -> Emptied:
    """Take it all away; pictures first, since items name them. Not in a turn."""
    pictures = _drop_pictures(database, catalog, media, known.id)
    if known.spec.kind == "text":
        _walk(database, partial(_plain_typed, project=known.id))
    items = _walk(database, partial(_blank, project=known.id))
    figures = {"items": items, "pictures": pictures, "keep_ms": known.spec.privacy.keep_ms}

    def turn(tx: Tx) -> None:
        if tx.run(retention.EMPTIED, project=known.id, now=now):
            record(tx, RULE, Act("empty", project=known.id, figures=figures), now)

    database.run(turn).result()
    return Emptied(items, pictures)


def _walk(database: Database, step: Callable[..., tuple[int, int]]) -> int:
    """Step by step from number to number; how many there were."""
    after, total = 0, 0
    while True:
        n, after = database.run(lambda tx, after=after: step(tx, after=after)).result()  # type: ignore[misc]
        total += n
        if not n:
            return total


def _blank(tx: Tx, project: int, after: int) -> tuple[int, int]:
    """Items keep their columns, with nothing in them; a digest could tell what was there."""
    rows = tx.all(retention.ITEMS, project=project, after=after, most=AT_ONCE)
    blank = [
        {"project": project, "id": row.id, "item": json.dumps(dict.fromkeys(json.loads(row.item), ""))} for row in rows
    ]
    tx.many(retention.BLANK, blank)
    return len(rows), rows[-1].id if rows else after


def _plain_typed(tx: Tx, project: int, after: int) -> tuple[int, int]:
    """What was typed and typed over; what was handed in is an answer, and stays."""
    rows = tx.all(retention.WORKERS, project=project, after=after, most=_WORKERS_AT_ONCE)
    tx.many(retention.PLAIN_TYPED, [{"project": project, "worker": row.id} for row in rows])
    return len(rows), rows[-1].id if rows else after


# --------------------------------------------------------------------------- pictures


def _drop_pictures(database: Database, catalog: Catalog, media: MediaStore, project: int) -> int:
    """Those that nothing else shows.

    They are forgotten first, and looked for once more: whoever has brought one again meanwhile keeps it.
    """
    with database.reading() as reader:
        own = {content for row in reader.stream(retention.OF_PROJECT, project=project) for content in _of(row.pictures)}
    unused = own - _elsewhere(database, catalog, project, own)
    for some in chunks(sorted(unused), AT_ONCE):
        database.run(partial(_forget, contents=some)).result()
    unused -= _elsewhere(database, catalog, project, unused)
    for some in chunks(sorted(unused), AT_ONCE):
        for content in database.run(partial(_forgotten, contents=some)).result():
            media.drop(content.hex())
    return len(unused)


def _elsewhere(database: Database, catalog: Catalog, project: int, own: set[bytes]) -> set[bytes]:
    """Which of them other projects, examples of any, or broadcasts show."""
    if not own:
        return set()
    known = database.run(catalog.all).result()
    used = {bytes.fromhex(one.image) for spec in (each.spec for each in known) for one in spec.examples if one.image}
    with database.reading() as reader:
        for row in reader.stream(retention.OF_OTHERS, project=project):
            used.update(own.intersection(_of(row.pictures)))
        for written in reader.stream(retention.OF_BROADCASTS):
            picture = json.loads(written.content).get("picture")
            used.update([bytes.fromhex(picture)] if picture else [])
    return own & used


def _of(pictures: str) -> list[bytes]:
    return [bytes.fromhex(content) for content in json.loads(pictures).values()]


def _forget(tx: Tx, contents: Sequence[bytes]) -> None:
    named = [{"content": content.hex()} for content in contents]
    tx.many(retention.DROP_HANDLES, named)
    tx.many(retention.DROP_MEDIA, named)


def _forgotten(tx: Tx, contents: Sequence[bytes]) -> Sequence[bytes]:
    return [content for content in contents if tx.one(retention.MEDIUM, content=content.hex()) is None]


# --------------------------------------------------------------------------- messages


def forget_messages(database: Database, now: int) -> int:
    """Deliveries that ended long ago, the oldest first; their broadcasts keep their counts. How many."""
    after, total, more = 0, 0, True
    while more:
        step = partial(_forget_messages, after=after, before=now - _KEPT_MS)
        forgotten, after, more = database.run(step).result()
        total += forgotten
    return total


def _forget_messages(tx: Tx, after: int, before: int) -> tuple[int, int, bool]:
    """How many of a stretch, its end, and whether what follows may be as old.

    Numbers rise with time, but for what is still to be sent: that may be due in a year.
    """
    rows = tx.all(retention.DELIVERIES, after=after, most=_DELIVERIES_AT_ONCE)
    old = [row for row in rows if row.due_at < before]
    tx.many(retention.FORGET, [{"id": row.id} for row in old if row.state in _ENDED])
    may = bool(old) or any(row.state not in _ENDED for row in rows)
    return len(old), rows[-1].id if rows else after, may and len(rows) == _DELIVERIES_AT_ONCE
