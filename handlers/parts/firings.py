"""What people see when a rule has fired: a note above the next item, or an invitation to practise in its place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from handlers.talk import Action, Key, Line, Note, Screen, Show, Turn
from tasks.projects.catalog import Known
from tasks.rules.look import Done
from tasks.words import _


def told(known: Known, turn: Turn, done: Sequence[Done]) -> Turn:
    """The turn with what was done; ``turn`` shows the next item, the end of a sitting, or why there is no item.

    A pause is told where it does not show by itself.
    """
    notes: list[Action] = []
    for one in done:
        if one.action == "invite-to-practice" and _shows_item(turn):
            turn = replace(turn, actions=[_invites(known, action, one) for action in turn.actions])
        elif one.action != "pause" or _shows_item(turn) or _rests(turn):
            notes.append(Note([Line(one.words)]))
    if not notes:
        return turn
    below = [replace(action, fresh=True) if isinstance(action, Show) else action for action in turn.actions]
    return replace(turn, actions=[*notes, *below])


def _shows_item(turn: Turn) -> bool:
    return any(isinstance(action, Show) and action.screen.receipt is not None for action in turn.actions)


def _rests(turn: Turn) -> bool:
    return turn.state is not None and turn.state.memory.get("task") is None


def _invites(known: Known, action: Action, done: Done) -> Action:
    """The invitation in place of the item, which waits behind “Go on”."""
    if not isinstance(action, Show):
        return action
    keys = [[Key(_("Read the instructions"), "work.instructions")], [Key(_("Go on"), "work.back")]]
    if known.spec.qualification.practice:
        keys.insert(0, [Key(_("Practise"), "qualify.practise", known.id)])
    return replace(action, screen=Screen([Line(done.words)], keys))
