"""New work that fits somebody: which projects, and how they are told of them."""

from __future__ import annotations

from collections.abc import Sequence

from db.queries import reminders as queries
from db.queries.reminders import Reached
from db.session import Tx
from tasks import profile
from tasks.access import may
from tasks.money.budget import used_up
from tasks.outreach.queue import Go
from tasks.people import Who
from tasks.projects.catalog import Catalog, Known, progress
from tasks.qualification.door import decide, standing
from tasks.words import Join, Local, Money, Text, Words, _, _n

NEW_FOR_MS = 3 * 86_400_000
"""How long a project is new."""
MOST_SHOWN = 3
_MOST_LOOKED_AT = 50
_WAYS_IN = frozenset({"open", "practice", "quiz"})


def fitting(tx: Tx, catalog: Catalog, person: Reached, now: int) -> Sequence[Known]:
    """Projects opened since somebody came, or was last told of new ones, that they can work in and have not been in.

    The newest first; of what they like only, where they have said what they like.
    """
    if may(person.role, "administer"):  # they opened it
        return []
    told = tx.one(queries.LAST_OF, person=person.person, since=now - NEW_FOR_MS, topic="new")
    since = max(now - NEW_FOR_MS, person.joined_at, (told.at if told else None) or 0)
    opened = tx.all(queries.OPENED, since=since, most=_MOST_LOOKED_AT)
    if not opened:
        return []
    stands, likes = standing(tx, person.person), profile.read(tx, person.person).likes
    who = _who(person)
    found = [catalog.get(tx, one.project) for one in opened]
    return [
        known
        for known in found
        if known.id not in stands.places
        and profile.liked(likes, known.spec)
        and decide(known, who, stands, now).state in _WAYS_IN
        and _left(tx, known)
        and not used_up(tx, known.purse)
    ]


def _who(person: Reached) -> Who:
    return Who(
        person.person,
        person.language,
        person.zone,
        person.role,
        person.consent,
        person.channel,
        person.age,
        person.gate,
        person.paused_until,
    )


def _left(tx: Tx, known: Known) -> int:
    counts = progress(tx, known.id)
    return max(0, counts.tasks - counts.settled)


def told_of_new(tx: Tx, found: Sequence[Known]) -> tuple[Words, Go]:
    """What they read, and the key below it: to the project where it is one, else to all."""
    more = len(found) - MOST_SHOWN
    lines: list[Words] = [
        _n("A new project fits you:", "{n} new projects fit you:", len(found)),
        *(_line(tx, known) for known in found[:MOST_SHOWN]),
        *([_n("… and {n} more", "… and {n} more", more)] if more > 0 else []),
    ]
    go = (
        Go(_("Have a look"), "work.choose", found[0].id)
        if len(found) == 1
        else Go(_("See the projects"), "menu.projects")
    )
    return Join(lines, "\n"), go


def _line(tx: Tx, known: Known) -> Words:
    facts: list[Words] = [Join(("• ", Local(known.spec.title)))]
    if known.spec.reward and known.spec.reward.answer:
        facts.append(_each(known))
    facts.append(_n("{n} item", "{n} items", _left(tx, known)))
    return Join(facts, " · ")


def _each(known: Known) -> Text:
    reward = known.spec.reward
    assert reward is not None  # noqa: S101 - asked before
    return _("{amount} each", amount=Money(reward.answer, reward.currency))
