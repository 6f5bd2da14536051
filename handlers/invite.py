"""``/invite``: a link that brings people here, to one project or to all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.consent import ask
from handlers.flow import Flow, Menu, Visit, show
from handlers.parts.own import spoken
from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Screen, State, Style, Turn
from tasks.access import may
from tasks.outreach.invitation import Terms, invite, may_invite, terms_of
from tasks.privacy.consent import agreed
from tasks.projects.catalog import Known
from tasks.words import Local, Moment, _, _n

_ON_A_PAGE = 6
_PLACES = (1, 10, 50, 200)


def _invite(visit: Visit, _argument: str) -> Turn:
    spoken(visit)
    return _choose(visit, 0)


def _choose(visit: Visit, page: int | None) -> Turn:
    """To which project; whoever works here has agreed before, whoever only runs it need not."""
    if not agreed(visit.who) and not _rules(visit):
        return ask(visit)
    mine = [known for known in visit.desk.catalog.live(visit.tx) if may_invite(visit.tx, visit.who, known)]
    page, shown = page_of(mine, page or 0, _ON_A_PAGE)
    keys = [
        [Key(_("To all projects"), _next(visit), {"project": 0})],
        *([Key(Local(known.spec.title), _next(visit), {"project": known.id})] for known in shown),
        *pager("invite.choose", page, len(mine), _ON_A_PAGE),
        [Key(_("To the projects"), "menu.projects")],
    ]
    lines = [
        Line(_("What would you like to invite others to?"), Style.STRONG),
        Line(_("You get a link to pass on. Whoever opens it comes to you here, and to that project first.")),
    ]
    return show(State("invite"), Screen(lines, keys))


def _next(visit: Visit) -> str:
    return "invite.places" if _rules(visit) else "invite.make"


def _rules(visit: Visit) -> bool:
    return may(visit.who.role, "administer")


def _places(_visit: Visit, value: Mapping[str, Any]) -> Turn:
    """For how many people: an admin says it."""
    keys = [Key(_n("{n} person", "{n} people", n), "invite.make", {**value, "places": n}) for n in _PLACES]
    rows = [keys[:2], keys[2:], [Key(_("Any number"), "invite.make", dict(value))]]
    lines = [Line(_("For how many people?"), Style.STRONG)]
    return show(State("invite"), Screen(lines, [*rows, [Key(_("Back"), "invite.choose", 0)]]))


def _make(visit: Visit, value: Mapping[str, Any]) -> Turn:
    known = visit.desk.catalog.get(visit.tx, int(value["project"])) if value["project"] else None
    code = invite(visit.tx, visit.who, known, Terms(value.get("places")), visit.now, visit.desk.rng)
    keys = [[Key(_("Another link"), "invite.choose", 0)], [Key(_("To the projects"), "menu.projects")]]
    return show(State("invite"), Screen(_link(visit, known, code), keys))


def _link(visit: Visit, known: Known | None, code: str) -> Sequence[Line]:
    """The link to pass on; on a channel that has none, what to write to the bot."""
    address = visit.desk.link(visit.who.channel, code)
    terms = terms_of(visit.tx, code)
    to = _("An invitation to “{project}”", project=Local(known.spec.title)) if known else _("An invitation to all")
    lines = [
        Line(to, Style.STRONG),
        Line(_("Pass this on:") if address else _("Whom you invite writes this to the bot:")),
        Line(address or f"/start {code}", Style.QUOTE),
    ]
    if terms.places is not None:
        lines.append(Line(_n("{n} place is left.", "{n} places are left.", terms.places)))
    if terms.ends_at is not None:
        lines.append(Line(_("It is good until {when}.", when=Moment(terms.ends_at))))
    return lines


INVITE = Flow(
    "invite",
    commands={"invite": Menu(_invite, _("Invite others"))},
    presses={"choose": _choose, "places": _places, "make": _make},
)
