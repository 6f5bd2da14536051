"""Rejecting many answers at once: an admin proposes it, another one confirms, the clock carries it out.

Each answer is rejected as by a reviewer, with a case of its own, so that each can be appealed against. What a reviewer
has accepted, or an appeal was granted for, stays. See docs/decisions/appeals.md.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from db.errors import InputError, told
from db.queries import cases as raised
from db.queries import mass, qualification, work
from db.queries.mass import Mass, Stands
from db.queries.staff import Listed
from db.session import Tx
from tasks import cases
from tasks.notices import tell, tell_together
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Catalog, Known
from tasks.review import reasons, rejecting
from tasks.review.mass_cost import Cost
from tasks.staff import MOST_OF_REASON, NoReasonError, YourselfError
from tasks.words import Join, Local, Moment, Words, _, _n

_WAITING_SHOWN = 20


class MassError(InputError):
    """These answers cannot be rejected together."""


class NothingToRejectError(MassError):
    """There are none."""

    message = told("Choose others: there is no answer here that could be rejected.")


class UnknownReasonError(MassError):
    """None of the project's reasons."""

    message = told("Choose one of {reasons}: “{reason}” is no reason of this project.")


class WaitsAlreadyError(MassError):
    """The same was proposed, or is under way."""

    message = told("Decide first on what waits: rejecting these answers has been proposed already.")


class ClosedError(MassError):
    """The project is closed."""

    message = told("Nothing has changed: the project is closed, and what was handed in stands.")


class SameAdminError(MassError):
    """Who proposed it wants to confirm it."""

    message = told("Ask another admin to confirm it: you have proposed it yourself.")


class ShellTwiceError(MassError):
    """The shell wants to confirm what the shell has proposed."""

    message = told(
        "Confirm it in the chat, under /people: it was proposed in the shell, which is nobody in particular."
    )


class DecidedError(MassError):
    """Somebody has decided, or it was never proposed."""

    message = told("Look at the list again: this does not wait for a decision any more.")


# --------------------------------------------------------------------------- wanted


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whose answers are to be rejected, None for everybody's; for which reasons of the project, and why in words."""

    person: Listed | None
    keys: Sequence[str]
    why: str


def propose(tx: Tx, known: Known, actor: Actor, wanted: Wanted, cost: Cost, now: int) -> Mass:
    """Ask another admin to confirm that the answers of a preview are rejected. Raises MassError, StaffError."""
    worker, keys = wanted.person.id if wanted.person else None, wanted.keys
    why = _why(wanted.why)
    _refuse(tx, known, actor, worker, keys)
    if not cost.answers:
        raise NothingToRejectError
    made = tx.one(
        mass.PROPOSE,
        project=known.id,
        worker=worker,
        reason=json.dumps(list(dict.fromkeys(keys))),
        why=why,
        answers=cost.answers,
        people=cost.people,
        amount=cost.amount,
        actor=actor.id,
        until=cost.until,
        now=now,
    )
    assert made is not None  # noqa: S101 - it was just made
    row = _of(tx, made.n)
    _record(tx, actor, "propose rejection", row, now)
    return row


def _why(why: str) -> str:
    why = " ".join(why.split())
    if len(why) > MOST_OF_REASON or not any(map(str.isalpha, why)):
        raise NoReasonError(most=MOST_OF_REASON)
    return why


def _refuse(tx: Tx, known: Known, actor: Actor, worker: int | None, keys: Sequence[str]) -> None:
    if worker is not None and worker == actor.id:
        raise YourselfError
    if known.state == "closed":
        raise ClosedError
    there = [one.key for one in reasons.reasons(known)]
    unknown = next((key for key in keys if key not in there), None if keys else "")
    if unknown is not None:
        raise UnknownReasonError(reason=unknown[:64], reasons=", ".join(there))
    if tx.one(mass.WAITING_FOR, project=known.id, worker=worker or 0):
        raise WaitsAlreadyError


# --------------------------------------------------------------------------- decided


def waiting(tx: Tx) -> Sequence[Mass]:
    """What nobody has confirmed yet, and what is under way; the oldest first."""
    return tx.all(mass.WAITING, most=_WAITING_SHOWN)


def one(tx: Tx, number: int) -> Mass:
    """What was proposed under this number and nobody has decided on. Raises DecidedError."""
    row = _of(tx, number)
    if row.state != "proposed":
        raise DecidedError
    return row


def confirm(tx: Tx, catalog: Catalog, actor: Actor, number: int, now: int) -> Mass:
    """It shall be done; the clock does it. Raises MassError, YourselfError."""
    row = one(tx, number)
    if actor.id is None and row.made_by is None:
        raise ShellTwiceError
    if actor.id is not None and actor.id == row.made_by:
        raise SameAdminError
    if actor.id is not None and actor.id == row.worker:
        raise YourselfError
    if catalog.get(tx, row.project).state == "closed":
        raise ClosedError
    return _decide(tx, actor, row, "accepted", "confirm rejection", now)


def decline(tx: Tx, actor: Actor, number: int, now: int) -> Mass:
    """It shall not be done; who proposed it may say so too. Raises DecidedError."""
    return _decide(tx, actor, one(tx, number), "declined", "decline rejection", now)


def _decide(tx: Tx, actor: Actor, row: Mass, state: str, what: str, now: int) -> Mass:
    if not tx.run(mass.DECIDE, number=row.id, state=state, actor=actor.id, now=now):
        raise DecidedError
    _record(tx, actor, what, row, now)
    return _of(tx, row.id)


def _of(tx: Tx, number: int) -> Mass:
    row = tx.one(mass.MASS, number=number)
    if row is None:
        raise DecidedError
    return row


def _record(tx: Tx, actor: Actor, what: str, row: Mass, now: int) -> None:
    figures: dict[str, object] = {"number": row.id, "answers": row.answers, "people": row.people, "amount": row.amount}
    figures |= {"reasons": json.loads(row.reasons), "why": row.why}
    record(tx, actor, Act(what, row.worker, row.project, figures), now)


# --------------------------------------------------------------------------- done


@dataclass(frozen=True, slots=True)
class Place:
    """Where a rejection of many answers stands: its number, and the task whose answers are next."""

    number: int
    task: int


def place(tx: Tx) -> Place | None:
    """What ``carry_on`` does next; task 0 where it only has to say that it is done."""
    row = tx.one(mass.UNDER_WAY, after=0)
    if row is None:
        return None
    found = tx.one(mass.NEXT, after=row.after, **_wanted(row))
    return Place(row.id, found.task if found else 0)


def pass_over(tx: Tx, at: Place) -> None:
    """The answers to this task cannot be rejected: they stand, and the others are not held back by them."""
    tx.run(mass.STEP, number=at.number, task=at.task, n=0)


def carry_on(tx: Tx, catalog: Catalog, now: int) -> bool:
    """Reject the answers to the next task, of what was confirmed first; False where nothing is left to do.

    A crash between two tasks goes on after the last; an answer is rejected once, whatever happens.
    """
    row = tx.one(mass.UNDER_WAY, after=0)
    if row is None:
        return False
    known = catalog.get(tx, row.project)
    wanted = _wanted(row)
    found = tx.one(mass.NEXT, after=row.after, **wanted)
    if found is None:
        _done(tx, known, row, now)
        return True
    given = _locked(tx, known, found.task, wanted)
    for answer in given:
        _reject(tx, known, row, found.task, answer, now)
    tx.run(mass.STEP, number=row.id, task=found.task, n=len(given))
    return True


def _wanted(row: Mass) -> dict[str, int]:
    return {"project": row.project, "worker": row.worker or 0, "until": row.until}


def _done(tx: Tx, known: Known, row: Mass, now: int) -> None:
    """It is done; both admins are told of answers that it could not reject: these stand, and can be proposed again."""
    left = 0
    if row.rejected < row.answers:  # else none can be left, and nobody waits while all are counted
        left = sum(pays.answers for pays in tx.all(mass.COSTS, **_wanted(row)))
    tx.run(mass.DONE, number=row.id)
    figures = {"rejected": row.rejected, **({"left": left} if left else {})}
    record(tx, Actor(row.decided_by), Act("rejection done", row.worker, row.project, figures), now)
    words = _n(
        "{n} answer in “{title}” could not be rejected and stands: ask an operator to look at the log, then propose it "
        "again.",
        "{n} answers in “{title}” could not be rejected and stand: ask an operator to look at the log, then propose it "
        "again.",
        left,
        title=Local(known.spec.title),
    )
    for admin in sorted({one for one in (row.made_by, row.decided_by) if one is not None and left}):
        tell(tx, admin, words, now)


def _locked(tx: Tx, known: Known, task: int, wanted: dict[str, int]) -> Sequence[Stands]:
    """The answers, with people, assignments and the task locked in their order."""
    for answer in tx.all(mass.ANSWERS, task=task, **wanted):
        tx.one(qualification.LOCK_PERSON, person=answer.worker)
    given = tx.all(mass.ANSWERS, task=task, **wanted)
    for answer in given:
        tx.one(work.LEASE, project=known.id, task=task, worker=answer.worker)
    tx.one(work.TASK_LOCKED, project=known.id, task=task)
    return given


def _reject(tx: Tx, known: Known, row: Mass, task: int, answer: Stands, now: int) -> None:
    cases.withdraw(tx, known.id, task, "answer", now, answer.worker)
    verdict = json.dumps({"reject": json.loads(row.reasons)})
    made = tx.one(
        mass.REJECTED,
        project=known.id,
        task=task,
        worker=answer.worker,
        value=answer.value,
        label=verdict,
        why=row.why,
        actor=row.decided_by,
        now=now,
    )
    assert made is not None  # noqa: S101 - it was just made
    rejecting.reject(tx, known, task, answer.worker, made.n, now)
    case = tx.one(raised.CASE, case_id=made.n)
    _tell(tx, known, row, answer.worker, (case.ends_at if case else None) or now, now)


def _tell(tx: Tx, known: Known, row: Mass, worker: int, until: int, now: int) -> None:
    """One notice, however many there are."""
    title = Local(known.spec.title)

    def digest(n: int, before: Words | None) -> Words:
        head = _n(
            "An answer of yours in “{title}” was sent back. The reason: {why}",
            "{n} of your answers in “{title}” were sent back. The reason: {why}",
            n,
            title=title,
            why=row.why,
        )
        first = _("/returned shows it: if you disagree, say so there until {when}.", when=Moment(until))
        return Join((head, before.parts[1] if isinstance(before, Join) else first), " ")

    tell_together(tx, worker, f"rejection {row.id}", digest, now)
