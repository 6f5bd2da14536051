"""Schedules for the screens that show them: one that is paused, one that did not go well, one that was added."""

from __future__ import annotations

from db.session import Tx
from tasks.privacy.audit import SHELL
from tasks.schedules import table
from tasks.words import _


def add_schedules(tx: Tx, now: int) -> None:
    """Those that are always there, and one more."""
    table.make_missing(tx, now)
    table.pause(tx, SHELL, "holds", now)
    error = _("It did not work ({error}): the log says more.", error="OSError")
    table.ran(tx, table.one(tx, "passes"), now, 40, now, error)
    table.add(tx, SHELL, table.New("news", "broadcast", "0 9 * * 1", "Asia/Seoul", {"broadcast": 1}), now)
