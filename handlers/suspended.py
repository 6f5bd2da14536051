"""What somebody who is suspended sees, whatever they do: that it is so, who decided and why, and what stays theirs."""

from __future__ import annotations

from handlers.flow import Visit, show
from handlers.talk import Key, Line, Screen, State, Style, Turn
from tasks.staff import suspension
from tasks.words import Moment, _


def suspended(visit: Visit) -> Turn:
    """The one screen. Its key leads to the projects as soon as the suspension is over."""
    found = suspension(visit.tx, visit.who.id)
    lines = [Line(_("Your work here is suspended."), Style.STRONG)]
    if found.why:
        lines += [
            Line(_("An admin decided it, {when}; no program did.", when=Moment(found.since))),
            Line(_("The reason: {why}", why=found.why)),
        ]
    lines += [
        Line(_("What you have earned stays yours. If you think it is a mistake, tell the team that invited you.")),
        Line(_("Your data stays yours: /me shows it, /mydata sends it as a file, /forget erases it."), Style.FAINT),
    ]
    return show(State("menu"), Screen(lines, [[Key(_("Look again"), "menu.projects")]]))
