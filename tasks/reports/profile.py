"""A person on one screen, for people in charge: who they are here, how they work, what is so of them just now.

Figures are told with their parts: of how many, and between which bounds (95 %).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from db.queries import card as rows
from db.queries import person as own
from db.queries import remarks, roll
from db.queries.card import Profile
from db.queries.staff import Proposed, Works
from db.session import Tx
from tasks.behaviour.measures import Part, share
from tasks.projects.catalog import Catalog
from tasks.reports import card as cards
from tasks.reports.card import Card
from tasks.reports.person import Pace, pace
from tasks.words import City, Join, Moment, Share, Words, _, _n

_MOST_COUNTED = 1_000
_DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Sums:
    """What somebody has done over all projects, and how right it was."""

    answered: int
    gold: Part | None
    """Hidden checks that they had right; None where they met none."""
    agreed: Part | None
    """Answers that are what their items were settled with, without hidden checks."""
    reviewed: Part | None
    """Answers that reviewers accepted, of the last that they looked at."""
    pace: Pace | None


@dataclass(frozen=True, slots=True)
class Whole:
    """All that the card says."""

    card: Card
    profile: Profile
    sums: Sums
    remarks: int
    sent_back: int
    seen_day: int


def whole(tx: Tx, found: Card) -> Whole:
    """What stands on the card of somebody."""
    person = found.person.id
    profile = tx.one(rows.PROFILE, person=person)
    assert profile is not None  # noqa: S101 - there is such a person
    noted, sent = tx.one(remarks.COUNT, person=person), tx.one(rows.SENT_BACK_MANY, person=person, most=_MOST_COUNTED)
    seen = tx.one(roll.SEEN, person=person)
    return Whole(
        found, profile, sums(tx, person), noted.n if noted else 0, sent.n if sent else 0, seen.day if seen else 0
    )


def sums(tx: Tx, person: int) -> Sums:
    """From their enrolments alone, however much they have answered."""
    projects = tx.all(own.RECORDS_OF, person=person)
    gold, right = sum(one.gold_seen for one in projects), sum(one.gold_correct for one in projects)
    settled = sum(one.seen for one in projects) - gold
    agreed = sum(one.correct for one in projects) - right
    looked = b"".join(one.recent_reviewed or b"" for one in projects)
    return Sums(
        sum(one.answered for one in projects),
        _share("gold", right, gold) if gold else None,
        _share("agreement", max(0.0, agreed), settled) if settled >= 1 else None,
        _share("reviewed", sum(looked) / 255, len(looked)) if looked else None,
        pace(tx, person),
    )


def _share(name: str, right: float, of: float) -> Part:
    """The plain share, as the lines of single projects tell it, with its interval."""
    return replace(share(name, right, of), value=right / of)


# --------------------------------------------------------------------------- in words


def head(found: Whole, language: str) -> Words:
    """Language, where their clock is, since when, last here: never who they are."""
    person, profile = found.card.person, found.profile
    said: list[Words] = [language] if language else []
    if profile.zone:
        said.append(City(profile.zone))
    said.append(_("since {when}", when=Moment(person.joined_at)))
    seen = profile.seen_at or found.seen_day * _DAY_MS
    if seen:
        said.append(_("last here {when}", when=Moment(seen)))
    return Join(said, " · ")


def states(found: Whole, now: int) -> Sequence[Words]:
    """What is so of them just now, and out of the ordinary."""
    person, profile = found.card.person, found.profile
    said: list[Words] = []
    if person.suspended_at is not None:
        said.append(_("Suspended since {when}", when=Moment(person.suspended_at)))
    if profile.paused_until is not None and profile.paused_until > now:
        why = profile.paused_for
        said.append(_("No new items until {when}: {why}", when=Moment(profile.paused_until), why=why))
    if profile.blocked_at is not None:
        said.append(_("Cannot be reached since {when}: they have blocked the bot", when=Moment(profile.blocked_at)))
    return said


def figures(found: Sums) -> Sequence[Words]:
    """How much, how right, how fast: a line each, with what it is made of."""
    if not found.answered:
        return [_("No answers yet.")]
    said: list[Words] = [_n("{n} answer", "{n} answers", found.answered)]
    if found.gold:
        said.append(_("Hidden checks right: {figure}", figure=_figure(found.gold)))
    if found.agreed:
        said.append(_("As it was settled: {figure}", figure=_figure(found.agreed)))
    if found.reviewed:
        said.append(_("Accepted by reviewers: {figure}", figure=_figure(found.reviewed)))
    if found.pace:
        said.append(_pace(found.pace))
    return said


def _figure(part: Part) -> Words:
    low, high = part.low or 0.0, part.high if part.high is not None else 1.0
    return _n(
        "{share} of {n} ({low} – {high})",
        "{share} of {n} ({low} – {high})",
        part.count,
        share=Share(part.value),
        low=Share(low),
        high=Share(high),
    )


def _pace(found: Pace) -> Words:
    own_pace = timedelta(seconds=round(found.own, 1))
    if found.others is None:
        return _("Typically {seconds} an item", seconds=own_pace)
    others = timedelta(seconds=round(found.others, 1))
    return _("Typically {seconds} an item; others {others}", seconds=own_pace, others=others)


def alarms(tx: Tx, catalog: Catalog, found: Card) -> Sequence[Words]:
    """What a rule proposes, who answers alike, where they are in doubt: a line each."""
    said = [_proposed(tx, catalog, row) for row in found.waiting]
    for twins in found.twins:
        other = twins.other if twins.worker == found.person.id else twins.worker
        said.append(_("Answers suspiciously like No. {number}", number=other))
    said += [_doubted(tx, catalog, row) for _known, row in found.works if row.doubts]
    return said


def _proposed(tx: Tx, catalog: Catalog, row: Proposed) -> Words:
    return _("A rule proposes {what}", what=cards.proposed(tx, catalog, row))


def _doubted(tx: Tx, catalog: Catalog, row: Works) -> Words:
    return _("In doubt: {title}, {why}", title=cards.title(tx, catalog, row.project), why=cards.doubts(row.doubts)[0])


# --------------------------------------------------------------------------- for a program


def figures_plain(found: Whole) -> Mapping[str, Any]:
    """What the card says beside its rows, as JSON has it; nothing that leads to who they are."""
    parts = {"gold": found.sums.gold, "agreement": found.sums.agreed, "reviewed": found.sums.reviewed}
    figures = {name: asdict(part) if part else None for name, part in parts.items()}
    pace_of = {"own": found.sums.pace.own, "others": found.sums.pace.others} if found.sums.pace else None
    profile = found.profile._asdict()
    return {**profile, "answers": found.sums.answered, **figures, "seconds": pace_of, "remarks": found.remarks}
