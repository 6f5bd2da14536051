"""The card of a project: how it stands in a few lines, and what can be done with it, the way forward first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.flow import Visit, show
from handlers.talk import Key, Line, Screen, Start, State, Style, Turn
from tasks import approval
from tasks.access import may
from tasks.consensus import corrections
from tasks.consensus.corrections import Doubts
from tasks.projects import funding
from tasks.projects.catalog import Known, Progress, progress
from tasks.reports.interval import give_or_take
from tasks.schedules.standing import standing
from tasks.words import Join, Local, Share, Words, _, _n

_BAR = 10
STATES: Mapping[str, Words] = {
    "draft": _("not launched yet"),
    "live": _("running"),
    "paused": _("paused"),
    "closed": _("closed"),
}


def card(visit: Visit, key: str, toast: Words | None = None) -> Turn:
    """How one project stands, and what can be done with it. When it will be done comes a moment later (``ahead``)."""
    known = visit.project(key)
    counts = progress(visit.tx, known.id)
    turn = show(State("projects", {"key": key}), _screen(visit, known, counts), toast)
    if toast or known.state != "live" or not counts.settled or counts.settled >= counts.tasks:
        return turn  # a word on the side may stand in the same message
    return Turn(turn.state, [*turn.actions, Start("ahead", {"key": key})])


def ahead(visit: Visit, outcome: Mapping[str, Any]) -> Turn:
    """The same card with when it will be done, where it stands there still."""
    if not outcome.get("ahead") or visit.flow != "projects" or visit.memory != {"key": outcome["key"]}:
        return Turn(None, [])
    known = visit.project(outcome["key"])
    screen = _screen(visit, known, progress(visit.tx, known.id), outcome["ahead"])
    return show(State("projects", visit.memory), screen)


def _screen(visit: Visit, known: Known, counts: Progress, coming: Sequence[Words] = ()) -> Screen:
    found = corrections.doubts(visit.tx, known)
    stands = funding.funds(visit.tx, known)
    money = [Line(words) for words in funding.told_of(known, stands)] if stands else []
    when = [Line(words) for words in (coming or _when(visit, known))]
    lines = [*_figures(known, counts), *money, *when, *_waits(visit, known), *_found(found)]
    return Screen(lines, _keys(visit, known, found))


# --------------------------------------------------------------------------- lines


def _figures(known: Known, counts: Progress) -> Sequence[Line]:
    settled = counts.settled
    share = settled / counts.tasks if counts.tasks else 0.0
    full = round(share * _BAR)
    bar = "▓" * full + "░" * (_BAR - full)
    how_far = _("{bar} {share}: {settled} of {total} items settled", bar=bar, share=Share(share), settled=settled,
                total=counts.tasks)  # fmt: skip
    said: list[Words] = [_n("{n} answer so far", "{n} answers so far", counts.answers)]
    if settled:
        agreed, disputed = (Share(part / settled) for part in (counts.agreed, counts.disputed))
        said.append(_("agreed {agreed} · disputed {disputed}", agreed=agreed, disputed=disputed))
    if counts.decided:
        said.append(_("decided by reviewers {share}", share=Share(counts.decided / settled)))
    return [
        Line(_("{title} · {state}", title=Local(known.spec.title), state=STATES[known.state]), Style.STRONG),
        Line(how_far),
        Line(Join(said, " · ")),
        *_gold(counts),
    ]


def _gold(counts: Progress) -> list[Line]:
    """How right people are on hidden checks, with half the width of its 95 % interval in points."""
    if not counts.gold_seen:
        return []
    right = Share(counts.gold_correct / counts.gold_seen)
    give = str(round(100 * give_or_take(counts.gold_correct, counts.gold_seen)))
    return [Line(_("right on hidden checks {share} ± {points}", share=right, points=give))]


def _when(visit: Visit, known: Known) -> list[Words]:
    """When it opens, when it is due, when its items are taken away."""
    said = standing(visit.tx, known, visit.now)
    return [Join(said, " · ")] if said else []


def _waits(visit: Visit, known: Known) -> list[Line]:
    """What of it a second admin is asked to confirm."""
    return [
        Line(_("Waits for a second admin: {what}", what=approval.said(visit.tx, visit.desk.catalog, asked)))
        for asked in approval.about(visit.tx, known.id, visit.now)
    ]


def _found(found: Doubts) -> Sequence[Line]:
    """What the cross-checks of all answers together say that a person should look at."""
    said: list[tuple[Words, Style]] = []
    if found.settled:
        said.append(
            (
                _n(
                    "⚠ {n} settled item is not sure any more by what is known now",
                    "⚠ {n} settled items are not sure any more by what is known now",
                    found.settled,
                ),
                Style.PLAIN,
            )
        )
    if found.known:
        said.append(
            (
                _n(
                    "⚠ Check {n} known answer: nearly everybody contradicts it, it is not asked any more ({rows})",
                    "⚠ Check {n} known answers: nearly everybody contradicts them, none is asked any more ({rows})",
                    found.known_count,
                    rows=", ".join(found.known) + (" …" if found.known_count > len(found.known) else ""),
                ),
                Style.PLAIN,
            )
        )
    if found.people:
        said.append(
            (
                _n(
                    "The answers of {n} person hardly depend on the item: they count for little now",
                    "The answers of {n} people hardly depend on the item: they count for little now",
                    found.people,
                ),
                Style.FAINT,
            )
        )
    return [Line(words, style) for words, style in said]


# --------------------------------------------------------------------------- keys


def _keys(visit: Visit, known: Known, found: Doubts) -> Sequence[Sequence[Key]]:
    key = known.key
    forward: Mapping[str, Sequence[Key]] = {
        "draft": [Key(_("Launch"), "projects.launching", key)],
        "live": [Key(_("Pause"), "projects.pausing", key)],
        "paused": [Key(_("Go on"), "projects.launching", key), Key(_("Close"), "projects.closing", key)],
        "closed": [],
    }
    money = [Key(_("Change the budget"), "budget.ask", key)] if funding.unfunded(visit.tx, known) else []
    some = min(found.settled, corrections.MOST)
    again = [Key(_n("Weigh {n} item again", "Weigh {n} items again", some), "projects.again", key)]
    rows = [
        forward[known.state],
        money if known.state != "closed" else [],
        again if found.settled and known.state != "closed" else [],
        [*_broadcast(visit, known), Key(_("Plots"), "stats.draw", key)],
        [Key(_("Export"), "exports.choose", key), Key(_("Audience"), "fits.look", key)],
        [Key(_("Edit"), "edit.fields", key), Key(_("Preview"), "new.preview", key)],
        [Key("⋯", "projects.more", key), Key(_("All projects"), "projects.list", 0)],
    ]
    return [row for row in rows if row]


def _broadcast(visit: Visit, known: Known) -> list[Key]:
    """Messages to people are for admins; a project that is not live has nothing to tell of."""
    tells = known.state == "live" and may(visit.who.role, "administer")
    return [Key(_("Broadcast"), "broadcast.of_project", known.key)] if tells else []


def more(visit: Visit, key: str) -> Turn:
    """The rest of what can be done with it."""
    known = visit.project(key)
    whole, open_ = may(visit.who.role, "administer"), known.state != "closed"
    answered = progress(visit.tx, known.id).answers > 0
    rows = [
        [Key(_("Change the budget"), "budget.ask", key)] if known.spec.reward and open_ else [],
        [Key(_("Reject answers"), "rejections.of_project", key)] if answered and open_ and whole else [],
        [Key(_("Close"), "projects.closing", key)] if known.state == "live" else [],
        [Key(_("What was done"), "audit.page", {"project": key}), Key(_("Look again"), "projects.card", key)],
        [Key(_("Back"), "projects.card", key)],
    ]
    lines = [
        Line(Local(known.spec.title), Style.STRONG),
        Line(_("Its id: {key}", key=key), Style.FAINT),
        Line(_("To see how one answer came about, write: /evidence {key} and the item’s id", key=key), Style.FAINT),
    ]
    return show(State("projects", {"key": key}), Screen(lines, [row for row in rows if row]))
