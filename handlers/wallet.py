"""``/wallet``: what is payable, on hold, on its way and paid out; and where it came from, day by day, line by line."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence

from handlers.ask import ASKS
from handlers.flow import Flow, Menu, Visit, show
from handlers.parts.own import MY_WALLET, spoken
from handlers.talk import Key, Line, Screen, State, Style, Turn
from tasks.calendar import local_day
from tasks.money import payout, wallet
from tasks.money.amounts import POINTS
from tasks.money.wallet import Balance, Detail, Entry
from tasks.projects.catalog import Known
from tasks.words import Day, Join, Local, Moment, Money, Words, _

TO_PROJECTS = Key(_("To the projects"), "menu.projects")
_BY_DAY = Key(_("By day"), "wallet.days", 0)
_DAYS_ON_A_PAGE, _LINES_ON_A_PAGE = 7, 8
_END_OF_TIME = 2**53 - 1
"""The latest moment that a key can carry."""
_MOST_OF_ITEM, _MOST_ON_A_KEY = 600, 30


# --------------------------------------------------------------------------- balances


def overview(visit: Visit, _value: object = None, toast: Words | None = None) -> Turn:
    """Balances by state, a line for each currency; what can be paid out first."""
    spoken(visit)
    found = wallet.balances(visit.tx, visit.who.id)
    if not found:
        return show(State("wallet"), _empty(visit), toast)
    asked = {one.currency: one for one in payout.open_of(visit.tx, visit.who.id)}
    lines = [Line(_("Your wallet"), Style.STRONG), *(Line(words) for one in found for words in _balance(visit, one))]
    if any(one.pending for one in found):
        lines.append(
            Line(
                _("What is on hold can still be looked at. What is not sent back becomes payable by itself."),
                Style.FAINT,
            )
        )
    keys = [[Key(_("Pay out {amount}", amount=Money(one.payable, one.currency)), "payout.begin", one.currency)]
            for one in found if one.currency not in asked and _enough(visit, one)]  # fmt: skip
    back = [[Key(_("Take back: {amount}", amount=Money(one.amount, one.currency)), "payout.cancel", one.id)]
             for one in asked.values() if one.state == "requested"]  # fmt: skip
    return show(State("wallet"), Screen(lines, [*keys, [_BY_DAY], *back, [TO_PROJECTS]]), toast)


def _balance(visit: Visit, one: Balance) -> Sequence[Words]:
    """What is 0 is not said."""
    said: list[Words] = []
    if one.payable and one.currency == POINTS:
        said.append(_("Collected: {amount}", amount=Money(one.payable, one.currency)))
    elif one.payable:
        said.append(_("Payable: {amount}", amount=Money(one.payable, one.currency)))
    if one.pending:
        said.append(_held(visit, one))
    if one.requested:
        said.append(_("On its way: {amount}", amount=Money(one.requested, one.currency)))
    if one.paid:
        said.append(_("Paid out: {amount}", amount=Money(one.paid, one.currency)))
    least = visit.desk.minimums.get(one.currency, 0)
    missing = least - one.payable
    if one.payable and missing > 0:
        said.append(_("Payouts begin at {least}: {missing} to go", least=Money(least, one.currency),
                      missing=Money(missing, one.currency)))  # fmt: skip
    elif one.payable and one.requested:
        said.append(_("You can ask for the rest once the payout that is on its way has arrived."))
    return said


def _held(visit: Visit, one: Balance) -> Words:
    amount, newest = Money(one.pending, one.currency), wallet.held_until(visit.tx, visit.who.id)
    if newest is None or newest[0] != one.currency:
        return _("On hold: {amount}", amount=amount)
    return _("On hold: {amount} (your newest answer until {when})", amount=amount, when=Moment(newest[1]))


def _enough(visit: Visit, one: Balance) -> bool:
    """Points are counted and never paid out."""
    return one.currency != POINTS and one.payable >= max(1, visit.desk.minimums.get(one.currency, 0))


def _empty(visit: Visit) -> Screen:
    rewards = [known.spec.reward for known in visit.desk.catalog.live(visit.tx)]
    if any(reward and (reward.answer or reward.vote) for reward in rewards):
        lines = [
            Line(_("Your wallet is empty so far."), Style.STRONG),
            Line(_("What an item pays stands on its project.")),
        ]
    else:
        lines = [
            Line(_("Work here is not paid."), Style.STRONG),
            Line(_("So there is no wallet. Thank you for all you do!")),
        ]
    return Screen(lines, [[TO_PROJECTS]])


# --------------------------------------------------------------------------- days


def _days(visit: Visit, before: int) -> Turn:
    """Days that brought something, the newest first; ``before`` 0 for the newest there is."""
    zone = visit.who.zone
    found = wallet.days(visit.tx, visit.who.id, zone, before or _END_OF_TIME, _DAYS_ON_A_PAGE + 1)
    if not found:
        return overview(visit)
    shown = found[:_DAYS_ON_A_PAGE]
    lines = [Line(_("By day"), Style.STRONG), *(Line(_day_words(day, zone)) for day in shown)]
    keys = [[Key(_("{day}", day=Day(local_day(day.since, zone))), "wallet.day", [day.since, day.before, 0])]
            for day in shown]  # fmt: skip
    if len(found) > len(shown):
        keys.append([Key(_("Earlier days"), "wallet.days", shown[-1].since)])
    return show(State("wallet"), Screen(lines, [*keys, [MY_WALLET]]))


def _day_words(day: wallet.Day, zone: str) -> Words:
    said: list[Words] = []
    for one in day.sums:
        for minor, say in ((one.earned, _plus), (one.reversed, _minus), (one.paid, _paid)):
            said += [say(minor, one.currency)] if minor else []
    return _("{day}: {sums}", day=Day(local_day(day.since, zone)), sums=Join(said, " · "))


def _plus(minor: int, currency: str) -> Words:
    return _("+{amount}", amount=Money(minor, currency))


def _minus(minor: int, currency: str) -> Words:
    return _("−{amount}", amount=Money(minor, currency))


def _paid(minor: int, currency: str) -> Words:
    return _("paid out {amount}", amount=Money(minor, currency))


def _day(visit: Visit, where: Sequence[int]) -> Turn:
    """One day's lines, the newest first, each with a key; ``where``: since, before, and the last line shown before."""
    since, before, last = where
    found = wallet.lines(visit.tx, visit.who.id, since, before, last, _LINES_ON_A_PAGE + 1)
    if not found:
        return _days(visit, 0)
    shown = found[:_LINES_ON_A_PAGE]
    lines = [Line(_("{day}", day=Day(local_day(since, visit.who.zone))), Style.STRONG),
             Line(_("Tap a line to see what it is for."), Style.FAINT)]  # fmt: skip
    keys = [[Key(_entry(visit, one), "wallet.line", one.id)] for one in shown]
    if len(found) > len(shown):
        keys.append([Key(_("Further lines"), "wallet.day", [since, shown[-1].at, shown[-1].id])])
    return show(State("wallet"), Screen(lines, [*keys, [_BY_DAY], [MY_WALLET]]))


def _entry(visit: Visit, entry: Entry) -> Words:
    say = _SAYS.get(entry.reason, _plus)
    about = _about(visit, entry)
    return Join((say(entry.amount, entry.currency), *([about] if about else [])), " · ")


_SAYS: Mapping[str, Callable[[int, str], Words]] = {"paid": _paid, "reversal": _minus, "forgone": _minus}


def _about(visit: Visit, entry: Entry) -> Words | None:
    """How the item begins; the project where the item has no words."""
    if entry.project is None:
        return None
    known = visit.desk.catalog.get(visit.tx, entry.project)
    found = wallet.work_of(visit.tx, visit.who.id, entry)
    text = _text(known, found.item) if found else ""
    return _cut(text, _MOST_ON_A_KEY) if text else Local(known.spec.title)


# --------------------------------------------------------------------------- one line


def _line(visit: Visit, posting: int) -> Turn:
    """What a line is for: the item, the answer, and what became of the pay."""
    found = wallet.detail(visit.tx, visit.who.id, posting)
    if found is None:
        return overview(visit)
    entry, zone = found.line, visit.who.zone
    lines = [*_item(visit, found), Line(_("{amount} · {state}", amount=Money(entry.amount, entry.currency),
                                          state=_state(found)), Style.STRONG)]  # fmt: skip
    day = local_day(entry.at, zone)
    since, before = wallet.bounds(day, zone)
    return show(
        State("wallet"), Screen(lines, [[Key(_("Back to the day"), "wallet.day", [since, before, 0])], [MY_WALLET]])
    )


def _item(visit: Visit, found: Detail) -> Sequence[Line]:
    if found.line.project is None:
        return []
    known = visit.desk.catalog.get(visit.tx, found.line.project)
    lines = [Line(Local(known.spec.title), Style.HEAD)]
    text = _text(known, found.work.item) if found.work else ""
    if text:
        lines.append(Line(_cut(text, _MOST_OF_ITEM), Style.QUOTE))
    if found.work and found.work.value and found.line.reason in {"answer", "reversal"}:
        answer = ASKS[known.spec.kind].words(known.spec, json.loads(found.work.value))
        lines.append(Line(_("Your answer: {answer}", answer=answer)))
    return lines


def _state(found: Detail) -> Words:
    if found.state == "held" and found.moment:
        return _("on hold until {when}, if nobody accepts it before", when=Moment(found.moment))
    if found.state == "part":
        return _("{part} of it is yours, as the answer was rejected", part=Money(found.part or 0, found.line.currency))
    return _STATES.get(found.state, _STATES["payable"])


_STATES: Mapping[str, Words] = {
    "held": _("on hold until somebody looks at it"),
    "contested": _("on hold, as the answer was sent back: you can still say what you think of it"),
    "payable": _("yours"),
    "taken": _("not paid, as the answer was taken back or sent back"),
    "vote": _("yours, for your vote as a reviewer"),
    "bonus": _("yours, as a bonus"),
    "reversal": _("gone again, as the answer was taken back or sent back"),
    "paid": _("paid out to you"),
    "forgone": _("given up"),
}


def _text(known: Known, item: str) -> str:
    """What the item says; nothing where its project protects it: an item that was answered is not shown again."""
    if known.spec.privacy.protect:
        return ""
    return str(json.loads(item).get(known.spec.show.text or "", "") or "")


def _cut(text: str, most: int) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= most else plain[: most - 1] + "…"


def _command(visit: Visit, _argument: str) -> Turn:
    return overview(visit)


WALLET = Flow(
    "wallet",
    permit="own",
    commands={"wallet": Menu(_command, _("What you have earned"), permit="own")},
    presses={"show": overview, "days": _days, "day": _day, "line": _line},
)
