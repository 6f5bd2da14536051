"""Projects that are closed at their deadline, and what their requester is told a day before."""

from __future__ import annotations

from collections.abc import Sequence

from db.queries import schedules
from db.session import Reader, Tx
from tasks.projects import lifecycle
from tasks.projects.catalog import Catalog, Known, progress
from tasks.schedules.charge import Named, of_project, tell
from tasks.schedules.opening import RULE, millis
from tasks.words import Join, Local, Moment, Words, _, _n

_BEFORE_MS = 24 * 3_600_000
_OPEN = frozenset({"live", "paused"})


def due(tx: Tx, catalog: Catalog, now: int) -> Sequence[Known]:
    """Launched projects whose deadline has come."""
    return [known for known in catalog.all(tx) if known.state in _OPEN and _over(tx, known, now)]


def _over(tx: Tx, known: Known, now: int) -> bool:
    deadline = millis(known.spec.schedule.deadline)
    return deadline is not None and deadline <= now and not _set_late(tx, known, deadline)


def _set_late(tx: Tx, known: Known, deadline: int) -> bool:
    """Whether the deadline was over already when it was launched, or when its file last came.

    Closing is for good: a slip of the pen in a date closes nothing.
    """
    times, revised = tx.one(schedules.TIMES, project=known.id), tx.one(schedules.REVISED, project=known.id)
    launched = times.launched_at if times else None
    return max(launched or 0, (revised.at if revised else None) or 0) > deadline


def close(tx: Tx, catalog: Catalog, project: int, named: Named, now: int) -> bool:
    """Close it, and say so; whether it was. Leases end with it, reviewers go on with what is open."""
    known = catalog.get(tx, project)
    if known.state not in _OPEN or not _over(tx, known, now):
        return False
    lifecycle.close(tx, catalog, known.key, now, RULE)
    counts, cases = progress(tx, project), tx.one(schedules.OPEN_CASES, project=project)
    said: list[Words] = [
        _(
            "“{title}” was due and is closed now: {settled} of {total} items are settled.",
            title=Local(known.spec.title),
            settled=counts.settled,
            total=counts.tasks,
        )
    ]
    if cases and cases.n:
        said.append(_n("Reviewers go on with {n} open case.", "Reviewers go on with {n} open cases.", cases.n))
    tell(tx, known, named, f"closed:{project}", Join(said, "\n"), now)
    return True


def nearing(tx: Tx, catalog: Catalog, now: int) -> Sequence[Known]:
    """Launched projects whose deadline comes within a day."""
    found = []
    for known in catalog.all(tx):
        deadline = millis(known.spec.schedule.deadline)
        if known.state in _OPEN and deadline is not None and now < deadline <= now + _BEFORE_MS:
            found.append(known)
    return found


def outlook(reader: Reader, known: Known, now: int) -> Words:
    """How far it is, and when it will be done by the forecast."""
    from tasks.reports.progress import read  # noqa: PLC0415 - loads NumPy
    from tasks.reports.told import ahead  # noqa: PLC0415 - as above

    course = read(reader, known, now)
    said: list[Words] = [
        _(
            "“{title}” is due {when}: {settled} of {total} items are settled.",
            title=Local(known.spec.title),
            when=Moment(millis(known.spec.schedule.deadline) or now),
            settled=course.settled,
            total=course.tasks,
        ),
        *(ahead(course) if known.state == "live" else [_("It is paused.")]),
        _("It is closed then. To give it more time, send its file again with a later “deadline”."),
    ]
    return Join(said, "\n")


def told_near(tx: Tx, known: Known, named: Named) -> bool:
    """Whether everybody who should know has been told."""
    readers = of_project(tx, known, named)
    return all(tx.one(schedules.CAUSED, cause=f"{_cause(known)}:{reader.id}") for reader in readers)


def _cause(known: Known) -> str:
    return f"due:{known.id}:{millis(known.spec.schedule.deadline)}"


def tell_near(tx: Tx, known: Known, words: Words, named: Named, now: int) -> int:
    """Say it once for each deadline; to how many."""
    return tell(tx, known, named, _cause(known), words, now)
