"""Reads how a project has gone from a read connection: some sums in SQL, put together here."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

import numpy as np

from db.queries import progress, projects, verdicts
from db.session import Reader
from tasks.kinds import KINDS
from tasks.privacy.pseudonym import pseudonym
from tasks.projects.catalog import Known
from tasks.reports.course import Course, Disputed, Hour, Label, Labelled, Worked
from tasks.reports.forecast import HOUR_MS, WINDOW, Forecast, forecast
from tasks.reports.interval import wilson
from tasks.words import Join, Local

_SEED = 20_261_126
"""Of the forecast: the same rows give the same picture."""
_MOST_LABELS, _MOST_WORKERS = 50, 300
_ENOUGH = 400_000
"""Answers from which how fast people are is told well enough."""
_LEAST_SEEN = 5
"""Answers with a known truth from which somebody is shown by how right they are."""


def read(reader: Reader, known: Known, now: int) -> Course:
    """All figures of a project, from one moment of the database."""
    sums = reader.one(projects.SUMS, project=known.id) or projects.Sums(0, 0, 0, 0, 0, 0, 0)
    hours = _hours(reader, known)
    people = list(reader.stream(progress.KNOWN, project=known.id))
    deadline = known.spec.schedule.deadline
    return Course(
        key=known.key,
        title=Local(known.spec.title),
        state=known.state,
        now=now,
        tasks=sums.tasks,
        answers=sums.answers,
        agreed=sums.agreed,
        disputed=sums.disputed,
        decided=sums.decided,
        hours=hours,
        forecast=_forecast(reader, known, hours, sums.tasks - sums.settled, now),
        deadline=round(deadline.timestamp() * 1000) if deadline else None,
        mix=[
            Labelled(_label(known, row.label), row.tasks)
            for row in reader.stream(progress.MIX, project=known.id, most=_MOST_LABELS)
        ],
        labels=[_label(known, json.dumps(option)) for option in _options(known)],
        confusion=_confusion(people, len(_options(known))),
        workers=_workers(reader, known, people, sums.answers),
        disputes=_disputes(reader, known),
        currency=known.spec.reward.currency if known.spec.reward else "",
    )


def ahead(reader: Reader, known: Known, now: int) -> Course:
    """Only what says when it will be done: one pass over the items, and none over the answers."""
    sums = reader.one(projects.SUMS, project=known.id) or projects.Sums(0, 0, 0, 0, 0, 0, 0)
    hours = [Hour(row.hour, settled=row.tasks) for row in reader.stream(progress.SETTLED, project=known.id)]
    deadline = known.spec.schedule.deadline
    return Course(
        known.key,
        Local(known.spec.title),
        known.state,
        now,
        sums.tasks,
        sums.answers,
        sums.agreed,
        sums.disputed,
        sums.decided,
        hours,
        _forecast(reader, known, hours, sums.tasks - sums.settled, now),
        round(deadline.timestamp() * 1000) if deadline else None,
    )


def _hours(reader: Reader, known: Known) -> Sequence[Hour]:
    """Every hour in which anything was answered, settled or paid."""
    hours = {row.hour: Hour(*row) for row in reader.stream(progress.HOURS, project=known.id)}
    for settled in reader.stream(progress.SETTLED, project=known.id):
        hours[settled.hour] = hours.get(settled.hour, Hour(settled.hour))._replace(settled=settled.tasks)
    for spent in reader.stream(progress.SPENT, project=known.id) if known.spec.reward else ():
        hours[spent.hour] = hours.get(spent.hour, Hour(spent.hour))._replace(spent=spent.amount)
    return [hours[hour] for hour in sorted(hours)]


def _forecast(reader: Reader, known: Known, hours: Sequence[Hour], left: int, now: int) -> Forecast | None:
    """Only of a project that runs; from its launch on, or for as far back as is looked."""
    if known.state != "live" or not hours:
        return None
    launched = reader.one(progress.LAUNCHED, project=known.id)
    begun = launched.launched_at // HOUR_MS if launched and launched.launched_at else hours[0].hour
    this = now // HOUR_MS
    settled = {hour.hour: hour.settled for hour in hours}
    first = max(this - WINDOW, min(begun, hours[0].hour))
    # the hour that is not over yet counts only where there is none before it
    past = [settled.get(hour, 0) for hour in range(first, this)] or [settled.get(this, 0)]
    if not sum(past):
        past = [*past[1:], settled.get(this, 0)]
    return forecast(past, left, now, np.random.default_rng(_SEED))


# --------------------------------------------------------------------------- labels


def _options(known: Known) -> Sequence[object]:
    kind = KINDS[known.spec.kind]
    return list(kind.options(known.spec.question_for_kind())) if kind.belief == "one" else []


def _label(known: Known, value: str) -> Label:
    """A label as people read it: the words of the file, or what was written."""
    answer = json.loads(value)
    key = str(KINDS[known.spec.kind].write(known.spec.question_for_kind(), answer))
    texts = {label.key: Local(label.text) for label in known.spec.labels}
    chosen = answer if isinstance(answer, list) else [answer]
    if chosen and all(one in texts for one in chosen):
        return Label(key, Join([texts[one] for one in chosen], " + "))
    return Label(key, key)


def _confusion(people: Sequence[progress.Known], labels: int) -> Sequence[Sequence[float]]:
    """Everybody's record together; empty where none is kept."""
    kept = [np.frombuffer(one.confusion, "<f8") for one in people if one.confusion]
    whole = [table for table in kept if len(table) == labels * labels]
    if not whole:
        return ()
    table = np.sum(whole, axis=0).reshape(labels, labels)
    return [[float(n) for n in row] for row in table] if table.sum() else ()


# --------------------------------------------------------------------------- people


def _workers(reader: Reader, known: Known, people: Sequence[progress.Known], answers: int) -> Sequence[Worked]:
    """Those with the most answers, of whom enough is known."""
    every = answers // _ENOUGH + 1
    speed = {row.worker: row.work_ms for row in reader.stream(progress.SPEED, project=known.id, every=every)}
    shown = [one for one in people if one.seen >= _LEAST_SEEN and one.worker in speed][:_MOST_WORKERS]
    return [
        Worked(
            pseudonym(known.id, one.worker, one.joined_at or 0),
            one.answered,
            float(speed[one.worker]) / 1000,
            one.correct / one.seen,
            *wilson(one.correct, one.seen),
        )
        for one in shown
    ]


# --------------------------------------------------------------------------- disputes


def _disputes(reader: Reader, known: Known) -> Sequence[Disputed]:
    counts: Counter[tuple[str, str]] = Counter()
    for row in reader.stream(verdicts.OUTCOMES, project=known.id):
        if row.what == "dispute":
            counts[row.cause, _end(row.outcome)] += row.cases
    return [Disputed(cause, end, n) for (cause, end), n in counts.most_common()]


def _end(outcome: str) -> str:
    if outcome in {"open", "senior"}:
        return "waiting"
    if outcome == "withdrawn":
        return "withdrawn"
    return "fault" if outcome.startswith('{"fault') else "answer"
