"""What one person has done and earned, for themselves: from their own rows alone, in constant time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.queries import behaviour
from db.queries import person as rows
from db.session import Tx
from tasks.behaviour import signals
from tasks.behaviour.habits import Habits
from tasks.calendar import local_day
from tasks.projects.catalog import Catalog, Known

DAYS_SHOWN = 14
_LONGEST_STREAK = 400
_FEWEST_CHECKED = 10
"""Below so many an accuracy says nothing; and their number moves in steps of so many."""
_STEPS = 20


@dataclass(frozen=True, slots=True)
class Skill:
    """A qualification that holds: what it is called, for which project, until when."""

    name: str
    project: Known | None
    ends_at: int | None


@dataclass(frozen=True, slots=True)
class Pace:
    """Typical seconds an item, and what is typical for others on the same projects."""

    own: float
    others: float | None


@dataclass(frozen=True, slots=True)
class Standing:
    """How one person stands."""

    answered: int
    checked: int
    """Items whose truth became known, in whole tens."""
    right: float | None
    """Part of these that they had right, roughly; None where they are too few."""
    pace: Pace | None
    streak: int
    """Days in a row with answers, up to today or yesterday."""
    days: Sequence[int]
    """Answers of the last days, the oldest first."""
    today: int
    """Which day the last of them is, in days since 1970."""
    skills: Sequence[Skill]


def standing(tx: Tx, catalog: Catalog, person: int, zone: str, now: int) -> Standing:
    """How they stand at this moment, by their own clock."""
    projects = tx.all(rows.OWN_PROJECTS, person=person)
    checked = int(sum(one.seen for one in projects)) // _FEWEST_CHECKED * _FEWEST_CHECKED
    right = roughly(sum(one.correct for one in projects) / sum(one.seen for one in projects)) if checked else None
    today = local_day(now, zone)
    days = _days(tx, person, today)
    return Standing(
        sum(one.answered for one in projects),
        checked,
        right,
        pace(tx, person),
        _streak(days, today),
        [days.get(day, 0) for day in range(today - DAYS_SHOWN + 1, today + 1)],
        today,
        [_skill(tx, catalog, one) for one in tx.all(rows.OWN_SKILLS, person=person, now=now)],
    )


def roughly(share: float) -> float:
    """In steps of 5 %: what moved with each answer would tell which items are checks."""
    return round(share * _STEPS) / _STEPS


def projects_of(tx: Tx, catalog: Catalog, person: int) -> Sequence[Known]:
    """The projects in which they have answered, those with most answers first."""
    found = [one for one in tx.all(rows.OWN_PROJECTS, person=person) if one.answered]
    return [catalog.get(tx, one.project) for one in sorted(found, key=lambda one: -one.answered)]


def pace(tx: Tx, person: int) -> Pace | None:
    """Medians of each project, averaged by how much they answered in each; others' where they are known everywhere."""
    found = [
        (habits.answers, habits.seconds(), signals.median_seconds(Habits.unpack(row.crowd)) if row.crowd else None)
        for row in tx.all(behaviour.RECORDS, worker=person)
        if row.kept and (habits := Habits.unpack(row.kept)).answers
    ]
    total = sum(answers for answers, _own, _others in found)
    if not total:
        return None
    own = sum(answers * (seconds or 0) for answers, seconds, _others in found) / total
    others = [answers * seconds for answers, _own, seconds in found if seconds is not None]
    return Pace(own, sum(others) / total if len(others) == len(found) else None)


def _days(tx: Tx, person: int, today: int) -> dict[int, int]:
    since = today - _LONGEST_STREAK
    return {one.day: one.answers for one in tx.all(rows.OWN_DAYS, person=person, since=since, most=_LONGEST_STREAK)}


def _streak(days: dict[int, int], today: int) -> int:
    """Who has not answered today yet has not broken it."""
    day = today if today in days else today - 1
    first = day
    while day in days:
        day -= 1
    return first - day


def _skill(tx: Tx, catalog: Catalog, one: rows.OwnSkill) -> Skill:
    return Skill(one.skill, None if one.project is None else catalog.get(tx, one.project), one.ends_at)
