"""What waits for a second admin's word."""

from __future__ import annotations

from db.session import Tx
from tasks import approval, asked
from tasks.privacy.audit import Actor
from tasks.projects.catalog import Known


def waits_for_a_word(tx: Tx, known: Known, now: int) -> int:
    """A budget that a schedule would raise, so that anybody in charge may decide on it: its number."""
    wanted = approval.Ask("budget", asked.of_budget(known, "90000"), amount=90_000, currency="KRW")
    return approval.ask(tx, Actor(rule="schedule"), wanted, now)
