"""Everybody's habits in a project added up, so that one person's can be held against them."""

from __future__ import annotations

from functools import partial

from db.queries import behaviour, quality
from db.session import Database, Tx
from tasks.behaviour.habits import Habits
from tasks.projects.catalog import progress

_FEWEST_NEW, _NEW_SHARE = 20, 0.05
"""It is done again after this part of the answers that it rests on: reading everybody's row stays a small share of the
work, however many there are."""


def pool(database: Database, project: int) -> bool:
    """Add everybody's up, if enough has been answered since the last time; whether it was done."""
    if not database.run(partial(_due, project=project)).result():
        return False
    crowd = Habits()
    with database.reading() as reader:
        for row in reader.stream(behaviour.EVERYBODYS, project=project):
            crowd.add(Habits.unpack(row.kept))
    database.run(partial(_keep, project=project, crowd=crowd)).result()
    return True


def _due(tx: Tx, project: int) -> bool:
    row = tx.one(behaviour.CROWDS, project=project)
    before = Habits.unpack(row.kept).answers if row else 0
    return abs(progress(tx, project).answers - before) >= max(_FEWEST_NEW, _NEW_SHARE * before)


def _keep(tx: Tx, project: int, crowd: Habits) -> None:
    tx.run(quality.BEGIN, project=project)
    tx.run(behaviour.POOL, project=project, kept=crowd.pack())
