"""Turns in a group: the bot explains itself once; where an admin has said so, reviewers vote."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot import saved
from bot.channel import Incoming
from bot.presenter import View
from db.queries import groups, people
from db.queries.groups import Group
from db.session import Tx
from handlers import review_group
from handlers.flow import Desk
from handlers.review_group import Answer, Member, Room
from handlers.talk import Action, Line, Note, Press, Screen, Sender, Show, Toast
from tasks.access import SUSPENDED
from tasks.words import _

_STRANGER = Member(0, "", "")


@dataclass(frozen=True, slots=True)
class GroupSpoken:
    """What a turn in a group leaves to show: one view after the other."""

    views: tuple[View, ...]


class Groups:
    """All groups on all channels."""

    def __init__(self, desk: Desk, role_of: Callable[[Sender], str]) -> None:
        self._desk, self._role_of = desk, role_of

    def turn(self, tx: Tx, incoming: Incoming) -> GroupSpoken | None:
        """Hear what was said or pressed in a group; the row first, then who speaks."""
        sender, event = incoming.event.sender, incoming.event
        key = {"channel": sender.channel, "chat": sender.group}
        new = bool(tx.run(people.EXPLAINED, now=event.at, **key))
        row = tx.one(groups.GROUP, **key)
        assert row is not None  # noqa: S101 - made just now, or there before
        room, who = Room(bool(row.reviews), row.language, row.case), self._member(tx, sender)
        visit = review_group.Visit(tx, self._desk, who, room, event.at, sender.channel, sender.group)
        answer = review_group.hear(visit, event.heard, saved.pressed(incoming, row.serial, row.screen, row.message_id))
        language = self._desk.negotiate(sender.language) or "en"
        if answer is None or (isinstance(event.heard, Press) and not room.reviews):
            return _explained(incoming, language) if new else _aside(incoming, answer, language)
        return _written(tx, incoming, row, answer, who.language or language)

    def _member(self, tx: Tx, sender: Sender) -> Member:
        """Who it is, if they have ever spoken to the bot; nothing here makes them known."""
        found = tx.one(people.FIND, channel=sender.channel, user=sender.user)
        if found is None:
            return _STRANGER
        role = self._role_of(sender) or (found.role if found.suspended_at is None else SUSPENDED)
        return Member(found.person, role, found.language)


def _written(tx: Tx, incoming: Incoming, row: Group, answer: Answer, language: str) -> GroupSpoken:
    """Keep what stands there now. Keys that stay the same keep their number: two who tap at once both are heard."""
    sender, room = incoming.event.sender, answer.room
    shown = answer.post or answer.edit
    changed = shown is not None and (answer.post is not None or _keys(shown) != _kept(row))
    serial = row.serial + changed
    tx.run(
        groups.SAVE,
        channel=sender.channel,
        chat=sender.group,
        reviews=room.reviews,
        language=room.language,
        case_id=room.case,
        serial=serial,
        screen=saved.dump(shown) if shown else row.screen,
    )
    said: list[Action] = [Toast(answer.toast)] if answer.toast else []
    views = []
    if answer.edit is not None or answer.post is None:
        actions = [*said, *([Show(answer.edit)] if answer.edit else [])]
        here = _language(actions, room, language)
        views.append(View(0, here, "UTC", incoming.chat, serial, None, row.message_id, actions, fresh=False))
    if answer.post is not None:
        actions = [*([] if views else said), Show(answer.post)]
        views.append(View(0, room.language or language, "UTC", incoming.chat, serial, None, "", actions, fresh=True))
    return GroupSpoken(tuple(views))


def _keys(screen: Screen) -> list[list[tuple[str, object]]]:
    return [[(key.to, key.value) for key in row] for row in screen.keys]


def _kept(row: Group) -> list[list[tuple[str, object]]]:
    return _keys(saved.load(row.screen)) if row.screen else []


def _language(actions: list[Action], room: Room, language: str) -> str:
    """A toast alone is in the language of who pressed; what all see is in the group's."""
    return room.language or language if any(isinstance(action, Show) for action in actions) else language


def _explained(incoming: Incoming, language: str) -> GroupSpoken:
    line = Line(_("Write to me in a private chat to work here: in groups I stay quiet."))
    return GroupSpoken((View(0, language, "UTC", incoming.chat, 0, None, "", [Note([line])], fresh=True),))


def _aside(incoming: Incoming, answer: Answer | None, language: str) -> GroupSpoken | None:
    """A word to who pressed a key that is worth nothing any more."""
    if answer is None or not answer.toast:
        return None
    return GroupSpoken((View(0, language, "UTC", incoming.chat, 0, None, "", [Toast(answer.toast)], fresh=False),))


def posted(tx: Tx, sender: Sender, serial: int, message_id: str) -> None:
    """The channel has taken a message: its keys are heard from now on, if it is still the current one."""
    tx.run(groups.POSTED, channel=sender.channel, chat=sender.group, serial=serial, message_id=message_id)
