"""Reviewing: what will be here."""

from __future__ import annotations

from handlers.flow import Flow, Menu, Visit, show
from handlers.talk import Key, Line, Screen, State, Style, Turn
from tasks.words import _


def review(_visit: Visit, _argument: str = "") -> Turn:
    """The items that wait for votes."""
    lines = [
        Line(_("Nothing to review yet."), Style.STRONG),
        Line(_("Items that the crowd cannot agree on will come here, and reviewers will vote on them.")),
    ]
    return show(State("review"), Screen(lines, [[Key(_("To the projects"), "menu.projects")]]))


REVIEW = Flow("review", permit="review", commands={"review": Menu(review, _("Disputed items"), permit="review")})
