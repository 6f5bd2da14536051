"""What waits for reviewers: how a case begins, and how it or a seat at it ends without a verdict.

The rooms below the review raise cases here; what becomes of them is ``tasks.review``'s. See docs/decisions/review.md.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from hashlib import blake2b

from db.queries import cases, work
from db.queries.cases import Seat
from db.session import Tx
from tasks.kinds import KINDS, Answer
from tasks.money import budget
from tasks.projects.catalog import Known

SEATS_AT_ONCE = 500
_EVER = 2**62
_MOST_QUOTED = 600
"""Characters."""
ASIDE = frozenset({"reported", "rule"})
"""Methods of tasks that were taken from the crowd before its answers settled them: nobody was credited."""


# --------------------------------------------------------------------------- beginning


def dispute(tx: Tx, known: Known, task: int, cause: str, now: int) -> bool:
    """Reviewers shall decide this task; False where they are asked already. ``cause``: crowd, reported, rule, audit."""
    review = known.spec.review
    wanted = {"wanted": review.votes, "most": review.most_votes}
    return bool(tx.run(cases.DISPUTE, project=known.id, task=task, cause=cause, now=now, **wanted))


def raised(tx: Tx, known: Known, task: int, cause: str) -> bool:
    """Whether the task has ever been disputed for this cause."""
    return tx.one(cases.RAISED, project=known.id, task=task, cause=cause) is not None


def set_aside(tx: Tx, known: Known, task: int, cause: str, now: int) -> bool:
    """Ask the crowd no more about an open task, but reviewers; False where it is not open. ``cause``: see ``ASIDE``."""
    aside = bool(tx.run(work.SET_ASIDE, project=known.id, task=task, method=cause, now=now))
    return aside and dispute(tx, known, task, cause, now)


def ask(tx: Tx, known: Known, task: int, worker: int, value: Answer, cause: str, now: int) -> bool:
    """A reviewer shall look at this answer; False where one is asked already. ``cause``: share, spot."""
    given = json.dumps(value, ensure_ascii=False)
    return bool(tx.run(cases.ASK, project=known.id, task=task, worker=worker, value=given, cause=cause, now=now))


def audited(known: Known, task: int) -> bool:
    """Whether the task, once agreed, is decided by reviewers too: chance that is the same at every look."""
    part: float = known.spec.review.audit
    return _drawn(f"audit/{known.id}/{task}") < part


def reviewed(known: Known, task: int, worker: int, checks: int) -> bool:
    """Whether a reviewer looks at this answer; the share falls with the worker's record (``checks``: 1, 3, 5 or 10)."""
    part: float = share(known) / max(1, checks) ** 0.5
    return _drawn(f"review/{known.id}/{task}/{worker}") < part


def share(known: Known) -> float:
    """The part of a newcomer's answers that reviewers look at."""
    asked: float | None = known.spec.review.share
    if asked is not None:
        return asked
    alone = KINDS[known.spec.kind].belief == "open" and known.spec.overlap.max == 1
    return 1.0 if alone else 0.0


def _drawn(what: str) -> float:
    drawn = blake2b(what.encode(), digest_size=8).digest()
    return int.from_bytes(drawn, "big") / 2**64


def quoted(notes: Iterable[str]) -> str:
    """What a verdict says for itself: the notes of the votes that speak for it, the first ones."""
    return " / ".join(filter(None, notes))[:_MOST_QUOTED]


# --------------------------------------------------------------------------- ending


def withdraw(tx: Tx, project: int, task: int, what: str, now: int, worker: int = 0) -> None:
    """What is open needs no decision any more: the task or the answer has changed. Votes that are in stay, and paid."""
    for case in tx.all(cases.OPEN, project=project, task=task, what=what, worker=worker):
        tx.run(cases.WITHDRAW, case_id=case.id, now=now)
        _end(tx, tx.all(cases.SEATS, case_id=case.id), "expired")


def leave(tx: Tx, person: int) -> int:
    """Whatever somebody has before them as a reviewer goes to others now; how many cases."""
    held = tx.all(cases.SEATS_OF, person=person)
    _end(tx, held, "expired")
    return len(held)


def expire(tx: Tx, now: int, most: int = SEATS_AT_ONCE) -> int:
    """Give back the seats of reviewers who did not vote in time; how many (call again while it is ``most``)."""
    overdue = tx.all(cases.OVERDUE, now=now, most=most)
    _end(tx, sorted(overdue), "expired", before=now)
    return len(overdue)


def end_seats(tx: Tx, case: int) -> None:
    """Somebody decides it alone: whoever has it before them need not any more. The case is locked."""
    _end(tx, tx.all(cases.SEATS, case_id=case), "expired")


def skip(tx: Tx, seat: Seat) -> None:
    """The reviewer would rather not: the seat goes to another."""
    _end(tx, [seat], "skipped")


def left(tx: Tx, project: int, reviewer: int) -> tuple[int, int] | None:
    """Account and amount that a seat which the reviewer has left in this turn was promised; once."""
    of, account, amount = tx.known.pop(_left(reviewer), (None, 0, 0))
    return (account, amount) if of == project else None


def _left(reviewer: int) -> tuple[str, int]:
    return "left", reviewer


def _end(tx: Tx, seats: Iterable[Seat], state: str, before: int = _EVER) -> None:
    """End the seats whose lease ends before that; each case is locked before its votes, as voting does it."""
    promised: Counter[int] = Counter()
    for seat in seats:
        case = tx.one(cases.CASE_LOCKED, case_id=seat.case)
        if not tx.run(cases.END_SEAT, case_id=seat.case, reviewer=seat.reviewer, state=state, before=before):
            continue
        if not seat.planted:
            tx.run(cases.FREE_SEAT, case_id=seat.case)
        if seat.budget is not None:
            promised[seat.budget] += seat.pay
            tx.known[_left(seat.reviewer)] = (case and case.project, seat.budget, seat.pay)
    for account in sorted(promised):
        budget.release(tx, account, promised[account])
