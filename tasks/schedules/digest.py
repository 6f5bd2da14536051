"""What happened since yesterday, for those in charge: one message on their own morning, none where nothing happened."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.queries import digests
from db.session import Tx
from tasks import approval
from tasks.outreach.queue import Go, remind
from tasks.projects.catalog import Catalog, Known, progress
from tasks.schedules import table
from tasks.schedules.charge import Named, admins
from tasks.schedules.standing import standing
from tasks.words import Join, Local, Money, Words, _, _n

NAME = "digest"
_PROJECTS = 10
_OPEN = frozenset({"draft", "live", "paused"})


@dataclass(frozen=True, slots=True)
class Snapshot:
    """How all stands at a moment: per project answers, settled, disputed, and spent by currency; the newest person."""

    projects: Mapping[int, Mapping[str, Any]]
    person: int

    def pack(self) -> Mapping[str, Any]:
        """As JSON."""
        return {"projects": {str(project): one for project, one in self.projects.items()}, "person": self.person}


def unpack(packed: Mapping[str, Any]) -> Snapshot:
    """What ``pack`` made."""
    return Snapshot({int(project): one for project, one in packed["projects"].items()}, packed["person"])


def zones(tx: Tx, named: Named) -> frozenset[str]:
    """Where those in charge are."""
    return frozenset([one.zone for one in admins(tx, named)] + [one.zone for one in tx.all(digests.REQUESTERS)])


def tell(tx: Tx, catalog: Catalog, zone: str, day: int, named: Named, now: int) -> int:
    """Write to those in charge who are in this zone; to how many. What stands now is what the next one is set against.

    They are told once for each day of theirs, whatever happens in between.
    """
    row = table.one(tx, NAME)
    arguments = json.loads(row.arguments)
    kept = arguments.setdefault("before", {})
    before, stands = (unpack(kept[zone]) if zone in kept else None), snapshot(tx)
    every = [known for known in catalog.all(tx) if known.state in _OPEN or _moved(known, before, stands)]
    told = 0
    for reader in admins(tx, named):
        if reader.zone == zone:
            waits = _waits(tx, now)
            told += _write(
                tx, reader.id, day, [*_about(tx, every, before, stands, now), *_joined(tx, before), *waits], now
            )
    for owner in tx.all(digests.REQUESTERS):
        if owner.zone == zone:
            own = [known for known in every if known.owner == owner.id]
            told += _write(tx, owner.id, day, list(_about(tx, own, before, stands, now)), now)
    kept[zone] = stands.pack()
    tx.run(digests.KEEP, name=NAME, arguments=json.dumps(arguments))
    return told


def snapshot(tx: Tx) -> Snapshot:
    """How all stands now."""
    counts = {row.project: {"n": list(row[1:]), "spent": {}} for row in tx.all(digests.COUNTS)}
    for row in tx.all(digests.SPENT):
        one = counts.setdefault(row.project, {"n": [0, 0, 0], "spent": {}})
        one["spent"][row.currency] = row.amount  # type: ignore[index]
    newest = tx.one(digests.NEWEST_PERSON)
    return Snapshot(counts, newest.n if newest else 0)


def _write(tx: Tx, person: int, day: int, said: Sequence[Words], now: int) -> int:
    if not said:
        return 0
    words = Join((_("Good morning. Since the last digest:"), *said), "\n\n")
    go = Go(_("All projects"), "projects.list", 0)
    return int(remind(tx, person, "digest", f"digest:{person}:{day}", words, now, go=go))


# --------------------------------------------------------------------------- projects


def _about(tx: Tx, every: Sequence[Known], before: Snapshot | None, stands: Snapshot, now: int) -> Iterator[Words]:
    moved = [known for known in every if _moved(known, before, stands)]
    for known in moved[:_PROJECTS]:
        yield Join(list(_lines(tx, known, before, stands, now)), "\n")
    if len(moved) > _PROJECTS:
        yield _n("… and {n} more project", "… and {n} more projects", len(moved) - _PROJECTS)


def _moved(known: Known, before: Snapshot | None, stands: Snapshot) -> bool:
    return bool(before) and _of(before, known) != _of(stands, known)


def _of(snapshot: Snapshot | None, known: Known) -> Mapping[str, Any]:
    return (snapshot.projects if snapshot else {}).get(known.id, {"n": [0, 0, 0], "spent": {}})


def _lines(tx: Tx, known: Known, before: Snapshot | None, stands: Snapshot, now: int) -> Iterator[Words]:
    """At most five."""
    counts, was, is_ = progress(tx, known.id), _of(before, known), _of(stands, known)
    done = {"settled": counts.settled, "total": counts.tasks}
    yield _("“{title}”: {settled} of {total} items settled", title=Local(known.spec.title), **done)
    answers, settled, disputed = (new - old for new, old in zip(is_["n"], was["n"], strict=True))
    said: list[Words] = [_n("{n} answer", "{n} answers", answers)]
    if settled > 0:
        said.append(_("settled {n}", n=settled))
    if disputed > 0:
        said.append(_("disputed {n}", n=disputed))
    yield Join(("+ ", Join(said, " · ")))
    for currency, amount in is_["spent"].items():
        spent = amount - was["spent"].get(currency, 0)
        if spent > 0:
            yield _("{amount} spent", amount=Money(spent, currency))
            break
    yield from standing(tx, known, now)[:2]


# --------------------------------------------------------------------------- people, and what waits


def _joined(tx: Tx, before: Snapshot | None) -> Iterator[Words]:
    joined = tx.one(digests.JOINED, last=before.person) if before else None
    if joined and joined.n:
        yield _n("{n} person has joined.", "{n} people have joined.", joined.n)


def _waits(tx: Tx, now: int) -> Sequence[Words]:
    """What waits for a decision of theirs, and where."""
    proposals, payouts = tx.one(digests.PROPOSALS), tx.one(digests.PAYOUTS)
    said: list[Words] = []
    if asked := approval.count(tx, now):
        said.append(_("to confirm {n} (/approvals)", n=asked))
    if proposals and proposals.n:
        said.append(_("to decide about people {n} (/people)", n=proposals.n))
    if payouts and payouts.n:
        said.append(_("payouts {n} (/payouts)", n=payouts.n))
    return [_("Waiting for you: {what}", what=Join(said, " · "))] if said else []
