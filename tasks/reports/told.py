"""How a project has gone, in a few lines of words, and as the rows of a file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from tasks.reports.course import CAUSES, Course
from tasks.reports.forecast import HOUR_MS
from tasks.words import Join, Moment, Money, Share, Words, _, _n

COLUMNS = ("section", "subject", "figure", "value", "low", "high")
TEXT = ("subject",)
"""Columns that people's words fill."""
_MOST, _LEAST_MISTAKEN = 4, 0.02
_TODAY = 24


def lines(course: Course) -> list[Words]:
    """The figures of the pictures, the most important first."""
    told = [*ahead(course), *_answers(course), *_quality(course), *_labels(course), *_workers(course)]
    return [*told, *_disputes(course), *_cost(course)]


# --------------------------------------------------------------------------- when it is done


def ahead(course: Course) -> Iterator[Words]:
    """When it will be done, whether that is in time, and how fast it goes."""
    left = course.tasks - course.settled
    if course.forecast:
        spread = {"low": Moment(course.forecast.low), "high": Moment(course.forecast.high)}
        ahead: Words = _("Done {low} – {high}", **spread)
        yield Join((ahead, *_due(course)), " · ")
    elif course.state == "live" and left and course.answers:
        none = _("It takes years at this pace") if course.pace else _("Nothing was settled lately: no forecast")
        yield Join((none, *_due(course)), " · ")
    elif course.deadline and left:
        yield _("due {when}", when=Moment(course.deadline))
    if course.pace and left and course.state == "live":
        yield _n("{n} item a day is settled", "{n} items a day are settled", max(1, round(course.pace)))


def _due(course: Course) -> list[Words]:
    """Whether that is in time."""
    if course.deadline is None:
        return []
    when = Moment(course.deadline)
    if course.forecast is None:
        return [_("due {when}", when=when)]
    if course.forecast.high <= course.deadline:
        return [_("due {when} ✓ in time", when=when)]
    if course.forecast.low <= course.deadline:
        return [_("due {when} ⚠ it may be late", when=when)]
    return [_("due {when} ✗ too late at this pace", when=when)]


# --------------------------------------------------------------------------- what was answered


def _answers(course: Course) -> Iterator[Words]:
    if course.answers:
        this = course.now // HOUR_MS
        lately = sum(hour.answers for hour in course.hours if hour.hour > this - _TODAY)
        yield _("{n} answers, {lately} of them in the last 24 hours", n=course.answers, lately=lately)


def _quality(course: Course) -> Iterator[Words]:
    right, seen = course.gold
    said: list[Words] = []
    if course.agreement is not None:
        said.append(_("answers as settled {share}", share=Share(course.agreement)))
    if seen:
        said.append(_("known answers right {share} of {n}", share=Share(right / seen), n=seen))
    if said:
        yield Join(said, " · ")


def _labels(course: Course) -> Iterator[Words]:
    total = sum(one.tasks for one in course.mix)
    shown = [_("{label} {share}", label=one.label.words, share=Share(one.tasks / total)) for one in course.mix[:_MOST]]
    if shown:
        yield Join((*shown, *(["…"] if len(course.mix) > _MOST else [])), " · ")
    for right, given, share in course.mistaken[:1]:
        if share >= _LEAST_MISTAKEN:
            names = {"right": course.labels[right].words, "given": course.labels[given].words}
            yield _("Mistaken most: {right} → {given}, {share}", share=Share(share), **names)


def _workers(course: Course) -> Iterator[Words]:
    if not course.workers:
        return
    middle = sorted(one.seconds for one in course.workers)[len(course.workers) // 2]
    took = timedelta(seconds=round(middle, 1) if middle < 1 else round(middle))
    people = len(course.workers)
    yield _n("{n} worker, {time} for an answer", "{n} workers, mostly {time} for an answer", people, time=took)
    lowest = sorted(course.workers, key=lambda one: one.high)[:2]
    if len(course.workers) > len(lowest):
        said = [_("{name} {share} of {n}", name=one.name, share=Share(one.right), n=one.answers) for one in lowest]
        yield _("Least often right: {people}", people=Join(said, " · "))


# --------------------------------------------------------------------------- disputes and cost


def _disputes(course: Course) -> Iterator[Words]:
    waiting = sum(one.cases for one in course.disputes if one.end == "waiting")
    total = sum(one.cases for one in course.disputes)
    if total:
        causes: Counter[str] = Counter()
        for one in course.disputes:
            causes[one.cause] += one.cases
        counts = [_("{cause} {n}", cause=CAUSES.get(cause, cause), n=n) for cause, n in causes.most_common()]
        head = _n("{n} dispute", "{n} disputes", total)
        yield Join((head, _("waiting {n}", n=waiting), *counts), " · ")
    elif course.disputed:
        yield _n("{n} item stays disputed", "{n} items stay disputed", course.disputed)


def _cost(course: Course) -> Iterator[Words]:
    if course.currency and course.spent and course.settled:
        each = Money(round(course.spent / course.settled), course.currency)
        yield _("{spent} earned, {each} for a settled item", spent=Money(course.spent, course.currency), each=each)


# --------------------------------------------------------------------------- as rows


def rows(course: Course) -> Iterator[Sequence[Any]]:
    """Every figure of the pictures: ``section``, ``subject``, ``figure``, ``value``, ``low``, ``high``.

    Hours and moments are written in UTC, money in minor units.
    """
    yield from _of_project(course)
    for hour in course.hours:
        at = _iso(hour.hour * HOUR_MS)
        yield from (("hour", at, name, value, None, None) for name, value in hour._asdict().items() if name != "hour")
    for one in course.mix:
        yield ("label", one.label.key, "tasks", one.tasks, None, None)
    for right, row in zip(course.labels, course.confusion, strict=False):
        for given, n in zip(course.labels, row, strict=True):
            yield ("confusion", right.key, f"answered {given.key}", round(n, 3), None, None)
    for worker in course.workers:
        yield ("worker", worker.name, "answers", worker.answers, None, None)
        yield ("worker", worker.name, "seconds", round(worker.seconds, 3), None, None)
        yield ("worker", worker.name, "right", *(round(part, 4) for part in (worker.right, worker.low, worker.high)))
    for dispute in course.disputes:
        yield ("dispute", dispute.cause, dispute.end, dispute.cases, None, None)


def _of_project(course: Course) -> Iterator[Sequence[Any]]:
    for name in ("tasks", "answers", "agreed", "disputed", "decided", "settled"):
        yield ("project", course.key, name, getattr(course, name), None, None)
    right, seen = course.gold
    yield ("project", course.key, "agreement", course.agreement, None, None)
    yield ("project", course.key, "hidden checks", seen, None, None)
    yield ("project", course.key, "hidden checks right", right, None, None)
    yield ("project", course.key, "settled a day", round(course.pace, 3), None, None)
    if course.forecast:
        low, middle, high = (_iso(moment) for moment in course.forecast)
        yield ("project", course.key, "done", middle, low, high)
    if course.deadline:
        yield ("project", course.key, "due", _iso(course.deadline), None, None)
    if course.currency:
        yield ("project", course.key, f"spent ({course.currency}, minor units)", course.spent, None, None)


def _iso(millis: int) -> str:
    return datetime.fromtimestamp(millis / 1000, UTC).isoformat(timespec="minutes").replace("+00:00", "Z")
