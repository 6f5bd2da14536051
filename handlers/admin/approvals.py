"""``/approvals``: what one admin asks for and another confirms, each with what it would touch."""

from __future__ import annotations

from handlers.flow import Flow, Menu, Visit, again, show
from handlers.parts.own import spoken
from handlers.talk import Key, Line, Said, Screen, State, Style, Turn
from tasks import approval
from tasks.words import Words, _

_HOME = Key(_("Back"), "approvals.home")


def _command(visit: Visit, _argument: str) -> Turn:
    spoken(visit)
    return _home(visit)


def _home(visit: Visit, _value: object = None, toast: Words | None = None) -> Turn:
    found = approval.waiting(visit.tx, visit.now)
    lines = [Line(_("These wait for a second admin"), Style.STRONG)]
    keys = []
    for one in found:
        said = approval.said(visit.tx, visit.desk.catalog, one)
        lines.append(Line(_("{number}: {what}", number=str(one.id), what=said)))
        keys.append([Key(_("Look at {number}", number=str(one.id)), "approvals.one", one.id)])
    if not found:
        lines.append(Line(_("Nothing waits: what touches very many people or very much money comes here first.")))
    return show(State("approvals"), Screen(lines, [*keys, [Key(_("Look again"), "approvals.home")]]), toast)


def _one(visit: Visit, number: int) -> Turn:
    """What it would touch by now; whoever asked for it can only take it back."""
    asked = approval.one(visit.tx, number, visit.now)
    mine = asked.made_by == visit.who.id
    lines = [
        Line(approval.said(visit.tx, visit.desk.catalog, asked), Style.STRONG),
        *map(Line, approval.touches(visit.tx, visit.desk.catalog, asked)),
    ]
    if mine:
        lines.append(Line(_("You have asked for it: another admin confirms it."), Style.FAINT))
        keys = [[Key(_("Take it back"), "approvals.take_back", number)]]
    else:
        keys = [[Key(_("Confirm"), "approvals.confirm", number), Key(_("Decline"), "approvals.why", number)]]
    return show(State("approvals"), Screen(lines, [*keys, [_HOME]]))


def _confirm(visit: Visit, number: int) -> Turn:
    return _decided(visit, number, accept=True)


def _take_back(visit: Visit, number: int) -> Turn:
    """Whoever asked gives no reason; to everybody else it is a refusal, with one."""
    if approval.one(visit.tx, number, visit.now).made_by != visit.who.id:
        return _why(visit, number)
    return _decided(visit, number, accept=False)


def _decided(visit: Visit, number: int, why: str = "", *, accept: bool) -> Turn:
    done = approval.decide(
        visit.tx,
        visit.desk.catalog,
        visit.actor,
        number,
        visit.now,
        accept=accept,
        why=why,
        given=visit.desk.given,
    )
    return _home(visit, toast=_("Done: {what}", what=done.said) if done.done else done.said)


def _why(visit: Visit, number: int) -> Turn:
    asked = approval.one(visit.tx, number, visit.now)
    lines = [
        Line(approval.said(visit.tx, visit.desk.catalog, asked), Style.HEAD),
        Line(_("Decline it: why?"), Style.STRONG),
        Line(_("Write the reason as a message: who asked for it is told it word for word. Nothing has changed yet.")),
    ]
    keys = [[Key(_("Back"), "approvals.one", number)]]
    return show(State("approvals", {"declines": number}), Screen(lines, keys))


def _said(visit: Visit, said: Said) -> Turn:
    number = visit.memory.get("declines")
    if number is None:
        return again(_("Please tap one of the keys below the message."))
    return _decided(visit, int(number), said.text, accept=False)


APPROVALS = Flow(
    "approvals",
    permit="administer",
    commands={"approvals": Menu(_command, _("What waits for a second admin"), permit="administer")},
    presses={"home": _home, "one": _one, "confirm": _confirm, "take_back": _take_back, "why": _why},
    said=_said,
)
