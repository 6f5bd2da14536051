"""Everybody's habits in a project added up, so that one person's can be held against them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from db.queries import behaviour, quality
from db.session import Database, Tx
from tasks.behaviour import tempo
from tasks.behaviour.habits import SLOTS, Counts, Habits
from tasks.behaviour.packed import packed, unpacked
from tasks.behaviour.sittings import BEGINNING
from tasks.projects.catalog import progress

_SIZE = max(tempo.BUCKETS, SLOTS, 24)
_FEWEST_NEW, _NEW_SHARE = 20, 0.05
"""It is done again after this part of the answers that it rests on: reading everybody's row stays a small share of the
work, however many there are."""


def pool(database: Database, project: int) -> bool:
    """Add everybody's up, if enough has been answered since the last time; whether it was done."""
    answers = database.run(partial(_due, project=project)).result()
    if not answers:
        return False
    with database.reading() as reader:
        crowd = added_up(Habits.unpack(row.kept) for row in reader.stream(behaviour.EVERYBODYS, project=project))
    database.run(partial(_keep, project=project, crowd=crowd, answers=answers)).result()
    return True


def added_up(people: Iterable[Habits]) -> Habits:
    """Of several people: where they stand adds up too, and the longest run is the longest."""
    counts, now, places = Counts(), BEGINNING, [[0] * _SIZE for _list in Habits().counted]
    for one in people:
        for name in Counts.__slots__:
            setattr(counts, name, getattr(counts, name) + getattr(one.counts, name))
        now = now.joined(one.now)
        for n, kept in enumerate(one.counted):
            if kept[1]:
                places[n] = [a + b for a, b in zip(places[n], unpacked(kept, _SIZE), strict=True)]
    return Habits(counts, now, counted=[packed(some) for some in places])


def _due(tx: Tx, project: int) -> int:
    """How many answers there are now; 0 while they are too few to do it again."""
    row = tx.one(behaviour.ADDED_UP, project=project)
    before = row.answers if row else 0
    now = progress(tx, project).answers
    return now if abs(now - before) >= max(_FEWEST_NEW, _NEW_SHARE * before) else 0


def _keep(tx: Tx, project: int, crowd: Habits, answers: int) -> None:
    tx.run(quality.BEGIN, project=project)
    tx.run(behaviour.POOL, project=project, kept=crowd.pack(), answers=answers)
