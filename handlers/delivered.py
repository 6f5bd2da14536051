"""The way on from a message that came by itself: to its project, with one of the places if they are limited."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.flow import Flow, Visit
from handlers.menu import projects
from handlers.talk import Toast, Turn
from handlers.work import choose
from tasks.outreach.invitation import InvitationError, accept, terms_of
from tasks.outreach.letter import left_words
from tasks.store import CrowdloomError
from tasks.words import Words, _, error_words


def _open(visit: Visit, value: Mapping[str, Any]) -> Turn:
    """A place is taken once; what is full is said, and the other projects are shown."""
    said: Words | None = None
    if value["code"]:
        try:
            accept(visit.tx, visit.who, value["code"], visit.now)
        except InvitationError:
            return projects(visit, toast=left_words(0))
        left = terms_of(visit.tx, value["code"]).places
        said = _kept(left) if left is not None else None
    try:
        turn = choose(visit, value["project"])
    except CrowdloomError as error:  # the project is not there any more
        return projects(visit, toast=error_words(error))
    return Turn(turn.state, [Toast(said), *turn.actions]) if said else turn


def _kept(left: int) -> Words:
    """To who took a place; the last one hears nothing of places that are gone."""
    if not left:
        return _("Your place is kept: it was the last one.")
    return _("Your place is kept. {left}.", left=left_words(left))


DELIVERED = Flow("delivered", consented=True, presses={"open": _open})
