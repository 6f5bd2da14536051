"""Answers a day, over all projects, by the clock of the person's own zone."""

from __future__ import annotations

from db.queries import person as rows
from db.session import Tx
from tasks.calendar import local_day


def answered(tx: Tx, person: int, at: int, zone: str) -> None:
    """An answer was handed in at that moment."""
    tx.run(rows.COUNT_DAY, person=person, day=local_day(at, zone), n=1)


def taken_back(tx: Tx, person: int, at: int | None) -> None:
    """An answer that was handed in at that moment is taken back."""
    said = tx.one(rows.ZONE, person=person)
    if at is not None:
        tx.run(rows.UNCOUNT_DAY, person=person, day=local_day(at, said.zone if said else ""))
