"""``/stop``: stops now, wherever one is, and says what was done."""

from __future__ import annotations

from handlers.flow import Flow, Menu, Visit, show
from handlers.parts.own import spoken
from handlers.talk import Key, Line, Screen, State, Style, Turn
from handlers.work import pause
from tasks.words import _


def _stop(visit: Visit, _argument: str) -> Turn:
    return pause(visit) or _stopped(visit)


def _stopped(visit: Visit) -> Turn:
    spoken(visit)
    lines = [
        Line(_("You have stopped."), Style.STRONG),
        Line(_("Your place is kept. /messages says what may be sent to you meanwhile, and turns it off.")),
    ]
    return show(State("stop"), Screen(lines, [[Key(_("To the projects"), "menu.projects")]]))


STOP = Flow("stop", permit="own", commands={"stop": Menu(_stop, _("Stop for now"), permit="own")})
