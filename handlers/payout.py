"""Asking to be paid out: where to, once more to be sure, done; and taking it back while nobody has paid it."""

from __future__ import annotations

from handlers import wallet
from handlers.flow import Flow, Visit, again, show
from handlers.talk import Key, Line, Said, Screen, State, Style, Turn
from tasks.money import payout
from tasks.words import Money, _

_BACK = Key(_("Back"), "wallet.show")


def _begin(visit: Visit, currency: str) -> Turn:
    """Straight to the last question for whoever has said before where it shall go."""
    known = payout.last_address(visit.tx, visit.who.id)
    return _sure(visit, currency, known) if known else _where(visit, currency)


def _where(visit: Visit, currency: str) -> Turn:
    amount = _payable(visit, currency)
    lines = [
        Line(_("Where shall {amount} go?", amount=amount), Style.STRONG),
        Line(_("Write it as a message: your bank, your account number and your name, or whatever you are paid by.")),
        Line(_("Only who pays you reads it."), Style.FAINT),
    ]
    return show(State("payout", {"currency": currency}), Screen(lines, [[_BACK]]))


def _sure(visit: Visit, currency: str, address: str) -> Turn:
    amount = _payable(visit, currency)
    lines = [
        Line(_("{amount} goes to:", amount=amount), Style.STRONG),
        Line(address, Style.QUOTE),
        Line(_("Is that right? You can take it back until it is being paid."), Style.FAINT),
    ]
    keys = [
        [Key(_("Ask for {amount}", amount=amount), "payout.ask", currency)],
        [Key(_("Somewhere else"), "payout.where", currency)],
        [_BACK],
    ]
    return show(State("payout", {"currency": currency, "address": address}), Screen(lines, keys))


def _said(visit: Visit, said: Said) -> Turn:
    currency = visit.memory.get("currency")
    if currency is None:
        return again(_("Please tap one of the keys below the message."))
    return _sure(visit, currency, payout.address(said.text))


def _ask(visit: Visit, currency: str) -> Turn:
    address = str(visit.memory.get("address", ""))
    minor = payout.request(visit.tx, visit.who.id, currency, address, visit.desk.minimums, visit.now)
    told = _("Asked for: {amount}. You are told when it is paid.", amount=Money(minor, currency))
    return wallet.overview(visit, toast=told)


def _cancel(visit: Visit, number: int) -> Turn:
    found = payout.cancel(visit.tx, visit.who.id, number, visit.now)
    told = _("Taken back: {amount} can be paid out again.", amount=Money(found.amount, found.currency))
    return wallet.overview(visit, toast=told)


def _payable(visit: Visit, currency: str) -> Money:
    return Money(payout.payable(visit.tx, visit.who.id, currency, visit.desk.minimums), currency)


PAYOUT = Flow(
    "payout",
    permit="own",
    presses={"begin": _begin, "where": _where, "ask": _ask, "cancel": _cancel},
    said=_said,
)
