"""The check of the ledger: it sums to zero, and says the same as leases, answers, votes and payouts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import islice
from types import MappingProxyType

from bot.checks.finding import Finding, good, wrong
from db.session import Database
from tasks.money.recount import Difference, differences, has_accounts
from tasks.words import Text, Words, _

_MOST = 5
_WHAT: Mapping[str, str] = MappingProxyType(
    {
        "sum": _("all accounts in {name} together hold {found} instead of nothing").message,
        "balance": _("{name} holds {found}, and its postings say {expected}").message,
        "promised": _("{name} has promised {found}, and what is under way says {expected}").message,
        "on hold": _("{name} holds {found}, and answers on hold say {expected}").message,
        "asked for": _("{name} holds {found}, and payouts on their way say {expected}").message,
        "answer": _("{name} was paid {found} instead of {expected}").message,
        "vote": _("{name} was paid {found} instead of {expected}").message,
    }
)


def ledger(opened: Database) -> Iterable[Finding]:
    """Nothing to say where nothing was ever paid."""
    with opened.reading() as reader:
        if not has_accounts(reader):
            return
        off = list(islice(differences(reader), _MOST))
    for one in off:
        yield wrong(_("Ledger"), _("Hand out no payout before this is explained: {what}.", what=_said(one)))
    if not off:
        yield good(_("Ledger"), _("adds up"))


def _said(one: Difference) -> Words:
    return Text(_WHAT[one.check], {"name": one.name, "found": one.found, "expected": one.expected})
