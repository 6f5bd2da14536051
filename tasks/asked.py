"""What a second admin can be asked for: how each is done, what makes it void, and what it is called."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from db.errors import InputError
from db.session import Tx
from tasks import bonus, staff, touching
from tasks.outreach import broadcast
from tasks.outreach.broadcast import Draft
from tasks.outreach.told import beginning
from tasks.privacy.audit import Actor
from tasks.projects import funding, lifecycle
from tasks.projects.catalog import Catalog, Known
from tasks.projects.errors import UnknownProjectError
from tasks.words import Local, Money, Words, _, _n

Arguments = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Deed:
    """One of them. ``permit`` is what who asks for it must still be allowed to when it is confirmed."""

    permit: str
    named: Callable[[Tx, Catalog, Arguments], Words]
    void: Callable[[Tx, Catalog, Arguments], Words | None]
    """Why it cannot be done any more as it was asked for; None while it can."""
    do: Callable[[Tx, Catalog, Actor, Arguments, int], object]
    """Do it, as who confirms it. Raises InputError; then nothing has changed."""
    touches: Callable[[Tx, Catalog, Arguments], Sequence[Words]]
    drop: Callable[[Tx, Arguments], object] = lambda _tx, _arguments: None
    """Let go of what waited with it."""
    costs: Callable[[Tx, Catalog, Arguments], Money | None] = lambda _tx, _catalog, _arguments: None
    """What it may cost by now, where that can be more than was asked for although nothing of it was edited."""


def named(tx: Tx, catalog: Catalog, what: str, arguments: Arguments) -> Words:
    """What is asked for, in words; it is named, and can be declined, whatever has become of its project."""
    try:
        return DEEDS[what].named(tx, catalog, arguments)
    except InputError:
        return _("something that cannot be done any more")


def touches(tx: Tx, catalog: Catalog, what: str, arguments: Arguments) -> Sequence[Words]:
    """What it would touch by now, in words; nothing where it cannot be done any more."""
    try:
        return DEEDS[what].touches(tx, catalog, arguments)
    except InputError:
        return []


# --------------------------------------------------------------------------- projects


def of_launch(known: Known) -> Arguments:
    """The arguments of ``launch``: the project as it stands."""
    return {"project": known.id, "revision": known.revision, "state": known.state}


def of_budget(known: Known, written: str) -> Arguments:
    """The arguments of ``budget``: an amount as files write it, or “none”."""
    return {**of_launch(known), "written": written}


def _moved(tx: Tx, catalog: Catalog, arguments: Arguments) -> Words | None:
    try:
        known = catalog.get(tx, arguments["project"])
    except UnknownProjectError:
        return _("the project is not there any more")
    if known.revision != arguments["revision"]:
        return _("“{title}” has been edited since", title=Local(known.spec.title))
    if known.state != arguments["state"]:
        return _("“{title}” is not as it was: somebody has started, paused or closed it since",
                 title=Local(known.spec.title))  # fmt: skip
    return None


def _title(tx: Tx, catalog: Catalog, arguments: Arguments) -> Words:
    return Local(catalog.get(tx, arguments["project"]).spec.title)


def _launch_named(tx: Tx, catalog: Catalog, arguments: Arguments) -> Words:
    known = catalog.get(tx, arguments["project"])
    title, most = Local(known.spec.title), funding.at_most(tx, known)
    if most is None:
        return _("Launch “{title}”", title=title)
    return _("Launch “{title}”: it may cost {amount}", title=title, amount=most)


def _launch(tx: Tx, catalog: Catalog, actor: Actor, arguments: Arguments, now: int) -> object:
    return lifecycle.launch(tx, catalog, catalog.get(tx, arguments["project"]).key, now, actor)


def _launch_costs(tx: Tx, catalog: Catalog, arguments: Arguments) -> Money | None:
    return funding.at_most(tx, catalog.get(tx, arguments["project"]))


def _launch_touches(tx: Tx, catalog: Catalog, arguments: Arguments) -> Sequence[Words]:
    return touching.launch(tx, catalog.get(tx, arguments["project"]))


def _budget_touches(tx: Tx, catalog: Catalog, arguments: Arguments) -> Sequence[Words]:
    return touching.budget_change(tx, catalog.get(tx, arguments["project"]), arguments["written"])


def _budget_named(tx: Tx, catalog: Catalog, arguments: Arguments) -> Words:
    known = catalog.get(tx, arguments["project"])
    title, amount = Local(known.spec.title), funding.read(known, arguments["written"])
    if amount is None:
        return _("Let “{title}” cost as much as it takes", title=title)
    return _("Raise the budget of “{title}” to {amount}", title=title, amount=amount)


def _budget(tx: Tx, catalog: Catalog, actor: Actor, arguments: Arguments, now: int) -> object:
    key = catalog.get(tx, arguments["project"]).key
    return funding.change(tx, catalog, key, arguments["written"], now, actor)


# --------------------------------------------------------------------------- people


def of_bonus(known: Known, person: int, amount: int, why: str) -> Arguments:
    """The arguments of ``bonus``: ``amount`` in minor units of the project's currency."""
    currency = known.purse.currency if known.purse else ""
    return {"project": known.id, "person": person, "amount": amount, "currency": currency, "why": why}


def _bonus_named(tx: Tx, catalog: Catalog, arguments: Arguments) -> Words:
    return _(
        "Pay No. {number} a bonus of {amount} from “{title}”: {why}",
        number=arguments["person"],
        amount=Money(arguments["amount"], arguments["currency"]),
        title=_title(tx, catalog, arguments),
        why=arguments["why"],
    )


def _bonus_void(tx: Tx, catalog: Catalog, arguments: Arguments) -> Words | None:
    try:
        staff.find(tx, str(arguments["person"]))
    except staff.UnknownPersonError:
        return _("No. {number} is not here any more", number=arguments["person"])
    purse = catalog.get(tx, arguments["project"]).purse
    if purse is None or purse.currency != arguments["currency"]:
        return _("the project pays in another way now")
    return None


def _bonus_touches(tx: Tx, catalog: Catalog, arguments: Arguments) -> Sequence[Words]:
    known = catalog.get(tx, arguments["project"])
    return touching.bonus(tx, known, arguments["person"], arguments["amount"])


def _bonus(tx: Tx, catalog: Catalog, actor: Actor, arguments: Arguments, now: int) -> None:
    known, person = catalog.get(tx, arguments["project"]), staff.find(tx, str(arguments["person"]))
    bonus.give(tx, known, actor, person, arguments["amount"], arguments["why"], now)


# --------------------------------------------------------------------------- messages


def of_broadcast(number: int, made: Draft, people: int) -> Arguments:
    """The arguments of ``broadcast``: its number, how it was seen, and how many people it reaches."""
    return {"broadcast": number, "seen": broadcast.mark(made), "people": people}


def _broadcast_named(tx: Tx, _catalog: Catalog, arguments: Arguments) -> Words:
    number = arguments["broadcast"]
    words = beginning(broadcast.standing(tx, number).draft.content, "")
    return _("Send broadcast {number}: “{words}”", number=number, words=words)


def _broadcast_void(tx: Tx, _catalog: Catalog, arguments: Arguments) -> Words | None:
    stands = broadcast.standing(tx, arguments["broadcast"])
    if stands.state == "waiting" and broadcast.mark(stands.draft) == arguments["seen"]:
        return None
    return _("the broadcast has been changed, sent or dropped since")


def _broadcast(tx: Tx, catalog: Catalog, actor: Actor, arguments: Arguments, now: int) -> None:
    broadcast.send(tx, catalog, actor, arguments["broadcast"], now, seen=arguments["seen"])


def _broadcast_touches(_tx: Tx, _catalog: Catalog, arguments: Arguments) -> Sequence[Words]:
    return [_n("It goes to {n} person.", "It goes to {n} people.", arguments.get("people", 0))]


def _broadcast_drop(tx: Tx, arguments: Arguments) -> None:
    """Unless it has been changed, and waits for another word by now."""
    if broadcast.mark(broadcast.standing(tx, arguments["broadcast"]).draft) == arguments["seen"]:
        broadcast.unwait(tx, arguments["broadcast"])


DEEDS: Mapping[str, Deed] = MappingProxyType(
    {
        "launch": Deed("request", _launch_named, _moved, _launch, _launch_touches, costs=_launch_costs),
        "budget": Deed("request", _budget_named, _moved, _budget, _budget_touches),
        "bonus": Deed("administer", _bonus_named, _bonus_void, _bonus, _bonus_touches),
        "broadcast": Deed(
            "administer", _broadcast_named, _broadcast_void, _broadcast, _broadcast_touches, _broadcast_drop
        ),
    }
)
