"""``/payouts``: what people ask to be paid out, handed out as a file; the same file sent back says what was paid."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.flow import Flow, Menu, Visit, show
from handlers.parts.own import spoken
from handlers.talk import Document, Key, Line, Screen, Sent, Show, Start, State, Style, Toast, Turn
from tasks.money import batch
from tasks.words import Join, Moment, Money, Words, _, _n

_AGAIN = Key(_("Look again"), "payouts.home")


def _command(visit: Visit, _argument: str) -> Turn:
    spoken(visit)
    return _home(visit)


def _home(visit: Visit, _value: object = None, toast: Words | None = None) -> Turn:
    return show(State("payouts"), _screen(visit), toast)


def _screen(visit: Visit) -> Screen:
    waiting, made = batch.waiting(visit.tx), batch.batches(visit.tx)
    lines = [Line(_("Payouts"), Style.STRONG)]
    lines += [Line(_asked(one)) for one in waiting] or [Line(_("Nobody asks for a payout now."))]
    lines += [Line(_made(one)) for one in made]
    keys = [
        [Key(_("Hand out {amount}", amount=Money(one.total, one.currency)), "payouts.ask", one.currency)]
        for one in waiting
    ]
    keys += [[Key(_file(one), "payouts.again", one.id)] for one in made if one.settled < one.payouts or not one.control]
    if made:
        how = _("What is paid: add a column “status” (paid or failed) to the file and send it here.")
        lines.append(Line(how, Style.FAINT))
    return Screen(lines, [*keys, [_AGAIN]])


def _asked(one: batch.Waiting) -> Words:
    amount = Money(one.total, one.currency)
    return _n("{n} person asks for {amount}", "{n} people ask for {amount}", one.payouts, amount=amount)


def _file(one: batch.Batch) -> Words:
    if not one.control:
        return _("Finish No. {number}", number=str(one.id))
    return _("File No. {number} again", number=str(one.id))


def _made(one: batch.Batch) -> Words:
    head = _("No. {number}, {when}: {amount}", number=str(one.id), when=Moment(one.made_at),
             amount=Money(one.total, one.currency))  # fmt: skip
    if not one.control:
        return Join((head, _("being put together")), " · ")
    settled = _n(
        "{settled} of {n} payout settled", "{settled} of {n} payouts settled", one.payouts, settled=one.settled
    )
    return Join((head, settled), " · ")


# --------------------------------------------------------------------------- handing out


def _ask(visit: Visit, currency: str) -> Turn:
    one = next((one for one in batch.waiting(visit.tx) if one.currency == currency), None)
    if one is None:
        return _home(visit)
    amount = Money(one.total, currency)
    lines = [
        Line(_n("Hand out {amount} to {n} person?", "Hand out {amount} to {n} people?", one.payouts, amount=amount),
             Style.STRONG),
        Line(_("You get a file with where each payout goes. From then on nobody can take theirs back.")),
    ]  # fmt: skip
    keys = [[Key(_("Hand it out"), "payouts.out", currency)], [Key(_("Back"), "payouts.home")]]
    return show(State("payouts"), Screen(lines, keys))


def _out(visit: Visit, currency: str) -> Turn:
    return _begins(visit, "hand_out", {"currency": currency})


def _once_more(visit: Visit, number: int) -> Turn:
    return _begins(visit, "payouts_again", {"batch": number})


def _begins(visit: Visit, job: str, arguments: Mapping[str, Any]) -> Turn:
    actor = {"person": visit.who.id, "channel": visit.who.channel}
    return Turn(None, [Toast(_("Your file is on its way.")), Start(job, {**arguments, **actor})])


def _written(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    if "path" not in outcome:
        return _mistakes(outcome)
    return Turn(State("payouts"), [Document(outcome["path"], outcome["name"]), Show(_screen(visit), fresh=True)])


# --------------------------------------------------------------------------- confirmations


def sent(visit: Visit, file: Sent) -> Turn:
    """A file of confirmations, which is read outside of the turn."""
    lines = [Line(_("Reading what was paid …"))]
    actor = {"person": visit.who.id, "channel": visit.who.channel}
    job = Start("payouts_confirm", {"path": file.path, **actor})
    return Turn(State("payouts"), [Show(Screen(lines, [[_AGAIN]])), job])


def _confirmed(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    if "paid" not in outcome:
        return _mistakes(outcome)
    paid, failed, unchanged = (int(outcome[name]) for name in ("paid", "failed", "unchanged"))
    if not paid + failed:
        return _home(visit, toast=_("Nothing has changed: all of it was settled so before."))
    said: Sequence[Words] = [
        _n("{n} payout is paid", "{n} payouts are paid", paid),
        *([_n("{n} has failed and can be asked for again", "{n} have failed and can be asked for again", failed)]
          if failed else []),
        *([_n("{n} was settled before", "{n} were settled before", unchanged)] if unchanged else []),
    ]  # fmt: skip
    return _home(visit, toast=Join(said, " · "))


def _mistakes(outcome: Mapping[str, Any]) -> Turn:
    said = outcome.get("mistakes") or [_("Please try again in a moment: something on our side did not work.")]
    return show(State("payouts"), Screen([Line(words, Style.STRONG) for words in said], [[_AGAIN]]))


PAYOUTS = Flow(
    "payouts",
    permit="administer",
    commands={"payouts": Menu(_command, _("Payouts"), permit="administer")},
    presses={"home": _home, "ask": _ask, "out": _out, "again": _once_more},
    finished={"hand_out": _written, "payouts_again": _written, "payouts_confirm": _confirmed},
)
