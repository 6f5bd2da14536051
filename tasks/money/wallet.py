"""A person's wallet: balances by state, and a statement by day, newest first.

Everything is read from a few accounts and from short ranges of one index: a page costs the same after ten million
postings. See docs/decisions/payouts.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from db.queries import money, wallet
from db.queries.wallet import Line, Sum, Work
from db.session import Tx
from tasks.calendar import local_day, starts
from tasks.money import payout
from tasks.words import Money

Entry = Line
"""A posting as its person reads it: a line of the statement."""


@dataclass(frozen=True, slots=True)
class Balance:
    """What somebody has in one currency, in minor units."""

    currency: str
    pending: int = 0
    payable: int = 0
    requested: int = 0
    paid: int = 0

    @property
    def earned(self) -> int:
        """All of it."""
        return self.pending + self.payable + self.requested + self.paid


@dataclass(frozen=True, slots=True)
class Day:
    """One day of somebody's own calendar, from ``since`` to before ``before``."""

    since: int
    before: int
    sums: Sequence[Sum]


@dataclass(frozen=True, slots=True)
class Detail:
    """A line with what it is about, and what has become of it.

    ``state`` is its reason, or of an answer: held, contested (rejected, not for good yet), payable, taken, part.
    """

    line: Line
    work: Work | None
    state: str
    moment: int | None = None
    """When it became so, or until when it is on hold; None where that is not known."""
    part: int | None = None
    """Of what was rejected: the amount that is paid all the same."""


# --------------------------------------------------------------------------- balances


def balances(tx: Tx, person: int) -> Sequence[Balance]:
    """By currency; none where nothing was ever earned."""
    found: dict[str, dict[str, int]] = {}
    for account in tx.all(money.OF_PERSON, person=person):
        found.setdefault(account.currency, {})[account.kind] = account.balance
    every = [Balance(currency, **kinds) for currency, kinds in sorted(found.items())]
    return [one for one in every if one.earned]


def earned(tx: Tx, person: int) -> Sequence[Money]:
    """All that was earned and not taken back, an amount for each currency."""
    return [Money(one.earned, one.currency) for one in balances(tx, person)]


def earned_since(tx: Tx, person: int, project: int, currency: str, since: int) -> Money:
    """What the answers in a project since that moment have earned; what is rejected has earned nothing."""
    found = tx.one(wallet.EARNED_SINCE, person=person, project=project, since=since)
    return Money(found.amount if found else 0, currency)


def being_paid(tx: Tx, person: int) -> Sequence[Money]:
    """What is handed out to be paid, and not settled yet: it comes even to whoever leaves."""
    return [Money(one.amount, one.currency) for one in payout.open_of(tx, person) if one.state == "exported"]


def at_stake(tx: Tx, person: int) -> Sequence[Money]:
    """What they would give up by leaving now: all that is not paid out or handed out to be paid."""
    leaving = {one.currency: one.minor for one in being_paid(tx, person)}
    left = [
        Money(one.pending + one.payable + one.requested - leaving.get(one.currency, 0), one.currency)
        for one in balances(tx, person)
    ]
    return [one for one in left if one.minor]


def held_until(tx: Tx, person: int) -> tuple[str, int] | None:
    """Currency and end of the hold of their newest answer; None where nothing says when."""
    newest = tx.one(wallet.NEWEST_ANSWER, person=person)
    work = newest and work_of(tx, person, newest)
    return (newest.currency, work.due_at) if newest and work and work.due_at and not work.rejected else None


# --------------------------------------------------------------------------- statement


def days(tx: Tx, person: int, zone: str, before: int, most: int) -> Sequence[Day]:
    """Days with something on them, the newest first, from the last that begins before ``before``."""
    found: list[Day] = []
    while len(found) < most:
        newest = tx.one(wallet.NEWEST, person=person, before=before)
        if newest is None:
            break
        day = local_day(newest.at, zone)
        since, end = bounds(day, zone)
        found.append(Day(since, end, tx.all(wallet.OF_DAY, person=person, since=since, before=end)))
        before = since
    return found


def lines(tx: Tx, person: int, since: int, before: int, last: int, most: int) -> Sequence[Line]:
    """A day's lines, the newest first, from before the line ``last`` of the moment ``before`` (0: all before it)."""
    return tx.all(wallet.LINES, person=person, since=since, before=before, last=last, most=most)


def detail(tx: Tx, person: int, posting: int) -> Detail | None:
    """A line with the item and the answer behind it; None where it is none of theirs."""
    line = tx.one(wallet.LINE, posting=posting, person=person)
    if line is None:
        return None
    return _detail(tx, line, work_of(tx, person, line))


def _detail(tx: Tx, line: Line, work: Work | None) -> Detail:
    if line.reason != "answer":
        return Detail(line, work, line.reason, line.at)
    released, gone = (_caused(tx, line, reason) for reason in ("release", "reversal"))
    if gone:
        state, kept = ("part", released.amount) if released else ("taken", None)
        return Detail(line, work, state, gone.at, kept)
    if work and work.due_at is not None:
        return Detail(line, work, "contested") if work.rejected else Detail(line, work, "held", work.due_at)
    return Detail(line, work, "payable")


def bounds(day: int, zone: str) -> tuple[int, int]:
    """When a day there begins, and the next."""
    return starts(day, zone), starts(day + 1, zone)


def _caused(tx: Tx, line: Line, reason: str) -> Line | None:
    """The posting that became of an answer's: the same assignment, the same round."""
    return tx.one(wallet.BY_CAUSE, cause=reason + line.cause.removeprefix("answer"))


def work_of(tx: Tx, person: int, line: Line) -> Work | None:
    """The item behind a line, and the answer to it."""
    if line.project is None or line.task is None:
        return None
    return tx.one(wallet.WORK, project=line.project, task=line.task, person=person)
