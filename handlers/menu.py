"""The open projects, as cards: what each is, what it pays, how long an item takes, what is left."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from handlers.flow import Flow, Menu, Visit, show
from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Screen, State, Style, Turn
from tasks.projects.catalog import Known, Progress, progress
from tasks.words import Join, Local, Money, Words, _, _n

_ON_A_PAGE = 6
_FIRST_GATE = 1


def projects(visit: Visit, page: int = 0, toast: Words | None = None) -> Turn:
    """The list of open projects, those that the person can do first."""
    live = sorted(visit.desk.catalog.live(visit.tx), key=lambda known: (_lock(visit, known) is not None, -known.id))
    if not live:
        lines = [
            Line(_("Nothing to do just now."), Style.STRONG),
            Line(_("New projects appear here. Look again a little later.")),
        ]
        return show(State("menu"), Screen(lines, [[Key(_("Look again"), "menu.projects")]]), toast)
    page, shown = page_of(live, page, _ON_A_PAGE)
    lines = [Line(_n("{n} open project", "{n} open projects", len(live)), Style.HEAD)]
    for known in shown:
        lines += _card(visit, known)
    keys = [[Key(Local(known.spec.title), "work.choose", known.id)] for known in shown if _lock(visit, known) is None]
    return show(State("menu"), Screen(lines, [*keys, *pager("menu.projects", page, len(live), _ON_A_PAGE)]), toast)


def _card(visit: Visit, known: Known) -> Sequence[Line]:
    lines = [Line(Local(known.spec.title), Style.STRONG)]
    lock = _lock(visit, known)
    if lock is not None:
        return [*lines, Line(Join(("🔒 ", lock)))]
    counts = progress(visit.tx, known.id)
    facts: list[Words] = []
    if known.spec.reward and known.spec.reward.answer:
        facts.append(_("{amount} each", amount=Money(known.spec.reward.answer, known.spec.reward.currency)))
    if counts.answers:
        facts.append(_("about {time} an item", time=_typical(counts)))
    facts.append(_n("{n} item left", "{n} items left", max(0, counts.tasks - counts.agreed - counts.disputed)))
    return [*lines, Line(Join(facts, " · "))]


def _typical(counts: Progress) -> timedelta:
    return timedelta(seconds=max(1, round(counts.work_ms / counts.answers / 1000)))


def _lock(visit: Visit, known: Known) -> Words | None:
    """Why a person cannot do this project; None when they can."""
    wanted = known.spec.audience.languages
    if wanted and visit.who.language not in wanted:
        names = Join([visit.desk.languages.get(code, code) for code in wanted], ", ")
        return _("for people who read {languages}", languages=names)
    if known.spec.audience.gate > _FIRST_GATE:
        return _("for people who have done more here already")
    return None


def locked(visit: Visit, known: Known) -> bool:
    """Whether this person cannot do this project."""
    return _lock(visit, known) is not None


def _tasks(visit: Visit, _argument: str) -> Turn:
    return projects(visit)


def _projects(visit: Visit, page: int | None) -> Turn:
    return projects(visit, page or 0)


MENU = Flow(
    "menu", consented=True, commands={"tasks": Menu(_tasks, _("Open projects"))}, presses={"projects": _projects}
)
