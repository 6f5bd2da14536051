"""Projects by chat: all of them, one as a card; launch, pause, close, each after what it would touch; weighed again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.admin.project_card import STATES, ahead, card, more
from handlers.flow import Flow, Menu, Visit, again, show
from handlers.parts import approvals
from handlers.parts.own import spoken
from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Screen, Start, State, Style, Toast, Turn
from tasks import approval, asked, touching
from tasks.projects import funding, lifecycle, own
from tasks.projects.catalog import Known
from tasks.store import Tx
from tasks.words import Local, Money, Words, _, _n

__all__ = ["PROJECTS", "card", "manage"]

_ON_A_PAGE = 8


# --------------------------------------------------------------------------- seeing


def manage(visit: Visit, argument: str = "") -> Turn:
    """All projects that they have charge of, whatever their state; or the one that is named."""
    spoken(visit)
    return card(visit, argument.strip()) if argument.strip() else _list(visit, 0)


def _list(visit: Visit, page: int | None, toast: Words | None = None) -> Turn:
    every = sorted(visit.desk.catalog.all(visit.tx, own.owner(visit.who)), key=lambda known: -known.id)
    page, shown = page_of(every, page or 0, _ON_A_PAGE)
    lines = [Line(_n("{n} project", "{n} projects", len(every)), Style.STRONG)]
    lines += [Line(_("{title} · {state}", title=Local(one.spec.title), state=STATES[one.state])) for one in shown]
    lines.append(Line(_("To begin a new one, tap the key below or send its project file here."), Style.FAINT))
    keys = [*approvals.keys(visit), *([Key(Local(one.spec.title), "projects.card", one.key)] for one in shown)]
    keys += [list(row) for row in pager("projects.list", page, len(every), _ON_A_PAGE)]
    return show(State("projects"), Screen(lines, [*keys, [Key(_("New project"), "new.home")]]), toast)


# --------------------------------------------------------------------------- moving on


def _asking(head: Words, touches: Callable[[Tx, Known], Sequence[Words]], go: Words, to: str, warns: Words | None = None
            ) -> Callable[[Visit, str], Turn]:  # fmt: skip
    """A screen that says what would be touched, before anything is."""

    def press(visit: Visit, key: str) -> Turn:
        known = visit.project(key)
        lines = [
            Line(Local(known.spec.title), Style.HEAD),
            Line(head, Style.STRONG),
            *map(Line, touches(visit.tx, known)),
            *([Line(warns)] if warns else []),
        ]
        keys = [[Key(go, to, known.key)], [Key(_("Back"), "projects.card", known.key)]]
        return show(State("projects", {"key": known.key, "at": to}), Screen(lines, keys))

    return press


def _launching(visit: Visit, key: str) -> Turn:
    """What it would cost; without a budget to pay one answer the way on is to give it one. Going on asks nothing."""
    known = visit.project(key)
    if funding.unfunded(visit.tx, known):
        return _no_budget(visit, known)
    if known.state != "draft":
        return _launch(visit, key)
    lifecycle.check(visit.tx, known)
    most = funding.at_most(visit.tx, known)
    if approval.over(visit.desk.limits, money=most):
        return _second(visit, known, most)
    return _asking(_("Launch it?"), touching.launch, _("Launch it"), "projects.launch")(visit, key)


def _no_budget(visit: Visit, known: Known) -> Turn:
    stands = funding.funds(visit.tx, known)
    lines = [
        Line(Local(known.spec.title), Style.HEAD),
        Line(_("Give it a budget first"), Style.STRONG),
        *(Line(words) for words in (funding.told_of(known, stands) if stands else ())),
        Line(_("What is left of its budget pays for no answer, so nobody could be given any.")),
    ]
    keys = [[Key(_("Set the budget"), "budget.ask", known.key)], [Key(_("Back"), "projects.card", known.key)]]
    return show(State("projects", {"key": known.key, "at": "budget"}), Screen(lines, keys))


def _second(visit: Visit, known: Known, most: Money | None) -> Turn:
    lines = [
        Line(Local(known.spec.title), Style.HEAD),
        Line(_("Ask a second admin to launch it?"), Style.STRONG),
        *map(Line, touching.launch(visit.tx, known)),
        Line(_("So much money one admin alone does not spend: another confirms it under /approvals.")),
    ]
    keys = [
        [Key(_("Ask a second admin"), "projects.launch", known.key)],
        [Key(_("Change the budget"), "budget.ask", known.key)] if most else [],
        [Key(_("Back"), "projects.card", known.key)],
    ]
    return show(State("projects", {"key": known.key, "at": "second"}), Screen(lines, [row for row in keys if row]))


def _launch(visit: Visit, key: str) -> Turn:
    known = visit.project(key)
    most = funding.at_most(visit.tx, known)
    if known.state == "draft" and approval.over(visit.desk.limits, money=most):
        lifecycle.check(visit.tx, known)
        return waits(
            visit, known, approval.ask_money(visit.tx, visit.actor, "launch", asked.of_launch(known), most, visit.now)
        )
    lifecycle.launch(visit.tx, visit.desk.catalog, key, visit.now, visit.actor)
    return card(visit, key, _("It is running."))


def waits(visit: Visit, known: Known, number: int) -> Turn:
    """What was asked for stands on the card; and how it is confirmed where there is no other admin."""
    turn = card(visit, known.key, _("A second admin is asked."))
    alone = _(
        "Another admin confirms it under /approvals. Is there none? An owner makes one under /people, or it is "
        "confirmed in the shell: python main.py approval confirm {number}",
        number=str(number),
    )
    lines = [
        Line(Local(known.spec.title), Style.HEAD),
        Line(_("It waits for a second admin"), Style.STRONG),
        Line(approval.said(visit.tx, visit.desk.catalog, approval.one(visit.tx, number, visit.now))),
        Line(alone, Style.FAINT),
    ]
    keys = [[Key(_("The project"), "projects.card", known.key)]]
    return Turn(
        State("projects", {"key": known.key, "at": "waits"}),
        [turn.actions[0], *show(None, Screen(lines, keys)).actions],
    )


def _changing(change: Callable[..., object], done: Words) -> Callable[[Visit, str], Turn]:
    def press(visit: Visit, key: str) -> Turn:
        visit.project(key)
        change(visit.tx, visit.desk.catalog, key, visit.now, visit.actor)
        return card(visit, key, done)

    return press


# --------------------------------------------------------------------------- weighing again


def _by(visit: Visit) -> Mapping[str, Any]:
    """Who starts a job, for the record."""
    return {"person": visit.who.id, "channel": visit.who.channel}


def _again(visit: Visit, key: str) -> Turn:
    known = visit.project(key)
    return Turn(None, [Toast(_("They are being weighed again.")), Start("again", {"key": known.key, **_by(visit)})])


def _weighed(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    if "tasks" not in outcome:
        return again(_("Please try again in a moment: something on our side did not work."))
    done = _(
        "Weighed again: {tasks}. One more answer is asked for {asked} of them, {changed} are decided otherwise.",
        tasks=outcome["tasks"],
        asked=outcome["asked"],
        changed=outcome["changed"],
    )
    return card(visit, outcome["key"], done)


_FOR_GOOD = _("Nobody can answer any more, and it cannot be opened again. The results stay.")

PROJECTS = Flow(
    "projects",
    permit="request",
    commands={
        "projects": Menu(manage, _("Projects"), permit="request"),
        "project": Menu(manage, permit="request"),
    },
    presses={
        "list": _list,
        "card": card,
        "more": more,
        "launching": _launching,
        "launch": _launch,
        "pausing": _asking(_("Pause it?"), touching.pause, _("Pause it"), "projects.pause"),
        "pause": _changing(lifecycle.pause, _("It is paused.")),
        "again": _again,
        "closing": _asking(_("Close it for good?"), touching.close, _("Close for good"), "projects.close", _FOR_GOOD),
        "close": _changing(lifecycle.close, _("It is closed.")),
    },
    finished={"again": _weighed, "ahead": ahead},
)
