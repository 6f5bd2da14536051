"""What the clock can do: what each is for, how often, and what stands still while it is paused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tasks.words import Words, _

_SECOND, _MINUTE, _HOUR, _DAY = 1_000, 60_000, 3_600_000, 86_400_000
QUARTERS = "*/15 * * * *"
"""Zones are apart by whole quarters of an hour."""


@dataclass(frozen=True, slots=True)
class Work:
    """One of them; ``name`` is that of its schedule too, where it is always there.

    ``tells`` is whether people are written to: it comes after what else is due, so that they are told how things stand.
    """

    name: str
    called: Words
    """What it is called on screens: ``name`` is for the shell."""
    says: Words
    every_ms: int = 0
    cron: str = ""
    stops: Words = ""
    """What no longer works while it is paused."""
    tells: bool = False
    at: str = ""
    """At which time of the day there people are told, in their own zone."""


_EVERYTHING = (
    Work(
        "leases",
        _("Unanswered items"),
        _("gives back what nobody answered in time"),
        15 * _SECOND,
        stops=_("Items that people leave lying go to nobody else."),
    ),
    Work(
        "reviews",
        _("Reviews, appeals"),
        _("gives back seats of reviewers, ends appeals in time, and rejects many answers at once"),
        _MINUTE,
        stops=_("Reviews that nobody ends, and appeals that nobody decides, go on for ever; nothing is rejected."),
    ),
    Work(
        "holds",
        _("Pay on hold"),
        _("makes pay due that has been held long enough"),
        _MINUTE,
        stops=_("What people have earned stays on hold: they cannot be paid."),
    ),
    Work(
        "closing",
        _("Deadlines"),
        _("closes projects at their deadline"),
        15 * _SECOND,
        stops=_("Projects go on after their deadline."),
    ),
    Work(
        "opening",
        _("Opening times"),
        _("opens projects at their time"),
        15 * _SECOND,
        stops=_("Projects open by hand only."),
    ),
    Work(
        "queue",
        _("Items given back"),
        _("tidies up items that were given back"),
        5 * _MINUTE,
        stops=_("Dealing items gets slower, little by little."),
    ),
    Work(
        "endings",
        _("Qualifications"),
        _("ends qualifications, and tells their holders before"),
        10 * _MINUTE,
        stops=_("Qualifications do not end, and nobody is told that they will."),
        tells=True,
    ),
    Work(
        "reminders",
        _("Reminders"),
        _("reminds people of items left open, of notices that wait, and of new work"),
        _MINUTE,
        stops=_("Nobody is reminded of anything; notices wait until people come."),
        tells=True,
    ),
    Work(
        "approvals",
        _("Confirmations"),
        _("lets go of what no second admin has confirmed in time"),
        10 * _MINUTE,
        stops=_("What waits for a second admin is shown for ever."),
    ),
    Work(
        "passes",
        _("Weighing answers"),
        _("weighs everybody’s answers anew, all together"),
        5 * _MINUTE,
        stops=_("How well people work is estimated from single answers only."),
    ),
    Work(
        "due",
        _("Deadlines near"),
        _("tells requesters a day before a deadline how far it is"),
        10 * _MINUTE,
        stops=_("Nobody is told that a deadline comes near."),
        tells=True,
    ),
    Work(
        "retention",
        _("Time of keeping"),
        _("takes away items of closed projects when their time is over"),
        _HOUR,
        stops=_("Items are kept longer than their projects promise."),
    ),
    Work("cleaning", _("Old messages"), _("forgets messages sent long ago"), _DAY, stops=_("The database grows.")),
    Work(
        "digest",
        _("Morning digest"),
        _("tells those in charge each morning what happened"),
        cron=QUARTERS,
        stops=_("Nobody gets a digest in the morning."),
        tells=True,
        at="09:00",
    ),
    Work(
        "week",
        _("Weekly letter"),
        _("tells workers who want it on Mondays how their week was"),
        cron=QUARTERS,
        stops=_("Nobody is told how their week was."),
        tells=True,
        at="09:00",
    ),
)
ALWAYS: Mapping[str, Work] = MappingProxyType({work.name: work for work in _EVERYTHING})
"""Those that are always there, in the order in which they are done when many are due at once."""

BROADCAST = Work("broadcast", _("A broadcast"), _("sends a broadcast, each time a new one like the draft"), tells=True)
ADDED: Mapping[str, Work] = MappingProxyType({BROADCAST.name: BROADCAST})
"""Those that people in charge add, as often as they like."""

RANK: Mapping[str, int] = MappingProxyType({name: rank for rank, name in enumerate([*ALWAYS, *ADDED])})


def work_of(what: str) -> Work | None:
    """What is done under that name; None for what an earlier or a later version does."""
    return ALWAYS.get(what) or ADDED.get(what)
