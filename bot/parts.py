"""What a bot is made of, before its parts are joined (``bot.wiring``)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from db.session import Database
from tasks.limits import Limits
from tasks.money.payout import Minimums
from tasks.outreach.reminders import PER_DAY
from tasks.rules.defaults import operators_rules
from tasks.schedules.charge import Named

if TYPE_CHECKING:
    from tasks.projects.catalog import Catalog
    from tasks.projects.media import MediaStore
    from tasks.projects.rules import Rule


@dataclass(frozen=True, slots=True)
class Parts:
    """What a bot is made of: see ``bot.cli.context.Opened``, which has the same."""

    database: Database
    catalog: Catalog
    media: MediaStore
    now_ms: Callable[[], int]
    rng: Random
    files: Path
    """A folder for what comes in and goes out."""
    rules: Sequence[Rule] = field(default_factory=operators_rules)
    """Those of projects that have none of their own."""
    auto_reviewers: bool = False
    """Whether who passes a reviewer's quiz is a reviewer at once."""
    minimums: Minimums = field(default_factory=dict)
    """The least that is paid out, by currency."""
    limits: Limits = field(default_factory=Limits)
    """What one admin may do alone."""
    reminders: int = PER_DAY
    """How many reminders a person gets in a day."""
    named: Named = ()
    """Those whom the settings make owners."""
