"""Which flow hears what: the registry of conversations, and what a flow is given on a visit."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from rapidfuzz import fuzz, process

from handlers.talk import (
    SAMPLE,
    Again,
    Command,
    Finished,
    Heard,
    Key,
    Press,
    Said,
    Sent,
    Shared,
    Show,
    State,
    Toast,
    Turn,
)
from tasks.access import SUSPENDED, may
from tasks.charge import Charge, nobody
from tasks.limits import Limits
from tasks.money.payout import Minimums
from tasks.outreach.reminders import PER_DAY
from tasks.people import Who
from tasks.privacy.audit import Actor
from tasks.privacy.consent import agreed
from tasks.projects import own
from tasks.projects.catalog import Catalog, Known
from tasks.projects.rules import Rule
from tasks.rules.defaults import operators_rules
from tasks.store import CrowdloomError, Tx
from tasks.words import Text, Words, _, error_words

_IN_HAND = {"work": "task", "review": "case", "review_answer": "case", "appeal_review": "case"}
"""What the memory of a flow holds while one item follows the other."""


@dataclass(frozen=True, slots=True)
class Desk:
    """What all visits share."""

    catalog: Catalog
    rng: random.Random
    languages: Mapping[str, str]
    """Codes of the languages there are, and their own names."""
    negotiate: Callable[[str], str]
    """The language to use for what a person's app says."""
    say: Callable[[Words, str], str]
    """Words in a language, as they stand on a screen."""
    link: Callable[[str, str], str]
    """The address that opens the bot on a channel with the code of an invitation; empty where there is none."""
    auto_reviewers: bool = False
    """Whether who passes a reviewer's quiz is a reviewer at once, without an admin."""
    rules: Sequence[Rule] = field(default_factory=operators_rules)
    """Those of projects that have none of their own."""
    minimums: Minimums = field(default_factory=dict)
    """The least that is paid out, by currency."""
    limits: Limits = field(default_factory=Limits)
    """What one admin may do alone."""
    reminders: int = PER_DAY
    """How many reminders a person gets in a day."""
    given: Callable[[str, str], str] = nobody
    """The role that the settings give to the id of a channel; empty where they say nothing."""


@dataclass(slots=True)
class Visit:
    """One event of one person, inside its transaction. ``who`` may be replaced when the person changes."""

    tx: Tx
    desk: Desk
    who: Who
    now: int
    flow: str
    memory: Mapping[str, Any]
    guess: str = ""
    """What the person's app says of their language."""

    @property
    def actor(self) -> Actor:
        """Who does what is done here, for the record."""
        return Actor(self.who.id, self.who.channel)

    def project(self, named: str | int) -> Known:
        """The project of that “id” or number, if it is one that they may have to do with.

        Raises UnknownProjectError: to a requester those of others are not there.
        """
        return own.find(self.tx, self.desk.catalog, self.who, named)

    @property
    def charge(self) -> Charge:
        """The same for what is decided about people."""
        return Charge(self.actor, self.who.role, self.desk.given)


@dataclass(frozen=True, slots=True)
class Menu:
    """A command as the channel's menu lists it; ``permit`` is what one must be allowed to."""

    hear: Callable[[Visit, str], Turn]
    says: Text | None = None
    permit: str = "work"


@dataclass(frozen=True, slots=True)
class Flow:
    """A conversation: what it does with commands, presses, texts, files, and jobs that have finished."""

    name: str
    commands: Mapping[str, Menu] = field(default_factory=dict)
    presses: Mapping[str, Callable[[Visit, Any], Turn]] = field(default_factory=dict)
    permit: str = "work"
    consented: bool = False
    """Whether it is only for people who have agreed to what is kept of them: what they do here is recorded."""
    said: Callable[[Visit, Said], Turn] | None = None
    sent: Callable[[Visit, Sent], Turn] | None = None
    takes: frozenset[str] = frozenset({"document"})
    """Which of what is not text it hears, while the conversation stands in it."""
    anywhere: bool = False
    """Whether it hears documents wherever the conversation stands, where nothing nearer does."""
    shared: Callable[[Visit, Shared], Turn] | None = None
    finished: Mapping[str, Callable[[Visit, Mapping[str, Any]], Turn]] = field(default_factory=dict)


def again(words: Words) -> Turn:
    """Say a word on the side and show the current screen once more."""
    return Turn(None, [Toast(words), Again()])


def in_hand(heard: Heard, state: State) -> bool:
    """Whether item follows item just now: nothing comes between them, what is to be told waits for the next rest."""
    return not isinstance(heard, Command) and state.memory.get(_IN_HAND.get(state.flow, "")) is not None


def _open(visit: Visit, flow: Flow) -> bool:
    """Whether a conversation is for this person now."""
    return may(visit.who.role, flow.permit) and (agreed(visit.who) or not flow.consented)


class Flows:
    """All conversations; hears an event and asks the flow that it is for."""

    def __init__(self, flows: Sequence[Flow], hello: Callable[[Visit], Turn]) -> None:
        self.by_name = {flow.name: flow for flow in flows}
        self.commands = {name: menu for flow in flows for name, menu in flow.commands.items()}
        self._consented = {name for flow in flows if flow.consented for name in flow.commands}
        self._hello = hello

    def menu(self, role: str) -> Sequence[tuple[str, Words]]:
        """The commands that a role finds in its menu, and what each does."""
        return [(name, menu.says) for name, menu in self.commands.items() if menu.says and may(role, menu.permit)]

    def hear(self, visit: Visit, heard: Heard, key: Key | None) -> Turn:
        """The answer to an event. ``key`` is the key of the current screen that was pressed; None for a stale one."""
        try:
            return self._hear(visit, heard, key)
        except CrowdloomError as error:
            return again(error_words(error))

    def _hear(self, visit: Visit, heard: Heard, key: Key | None) -> Turn:  # noqa: PLR0911 - a line for each thing heard
        if isinstance(heard, Command):
            return self._command(visit, heard)
        if not visit.flow:
            return self._hello(visit)
        if key is not None:
            return self._press(visit, key)
        if isinstance(heard, Finished):
            return self._finished(visit, heard)
        if isinstance(heard, Said):
            return self._said(visit, heard)
        if isinstance(heard, Sent):
            return self._sent(visit, heard)
        if isinstance(heard, Shared):
            return self._shared(visit, heard)
        if isinstance(heard, Press):
            if heard.data.startswith(f"{SAMPLE}."):
                return again(_("This only shows how it looks to others: its keys work for them."))
            return again(_("Go on here: that key belongs to an earlier message."))
        return again(_("Please tap one of the keys below the message: nothing else is needed here."))

    def _command(self, visit: Visit, command: Command) -> Turn:
        menu = self.commands.get(command.name)
        if menu and visit.who.role == SUSPENDED and not may(SUSPENDED, menu.permit):
            return self._hello(visit)
        if menu is None or not may(visit.who.role, menu.permit):
            known = [name for name, one in self.commands.items() if may(visit.who.role, one.permit)]
            near = process.extractOne(command.name, known, scorer=fuzz.ratio, score_cutoff=60)
            if near:
                return again(_("Try /{near}: there is no command /{name}.", near=near[0], name=command.name[:32]))
            return again(_("Tap /help to see all commands: /{name} is not one of them.", name=command.name[:32]))
        if not agreed(visit.who) and command.name in self._consented:
            return self._hello(visit)
        return menu.hear(visit, command.argument)

    def _press(self, visit: Visit, key: Key) -> Turn:
        name, _dot, verb = key.to.partition(".")
        flow = self.by_name.get(name)
        hear = flow.presses.get(verb) if flow else None
        if flow is None or hear is None or not _open(visit, flow):
            return self._hello(visit)
        return hear(visit, key.value)

    def _finished(self, visit: Visit, done: Finished) -> Turn:
        for flow in self.by_name.values():
            if done.job in flow.finished and may(visit.who.role, flow.permit):
                return flow.finished[done.job](visit, done.outcome)
        return Turn(None, [])

    def _said(self, visit: Visit, said: Said) -> Turn:
        if said.edited:
            return again(_("Send it as a new message: changes to an old one are not seen here."))
        flow = self.by_name.get(visit.flow)
        if flow and not _open(visit, flow):
            return self._hello(visit)
        if flow and flow.said:
            return flow.said(visit, said)
        return again(_("Please tap one of the keys below the message."))

    def _shared(self, visit: Visit, shared: Shared) -> Turn:
        flow = self.by_name.get(visit.flow)
        if flow and not _open(visit, flow):
            return self._hello(visit)
        if flow and flow.shared:
            return flow.shared(visit, shared)
        return again(_("Please tap one of the keys below the message: nothing else is needed here."))

    def _sent(self, visit: Visit, sent: Sent) -> Turn:
        here = self.by_name.get(visit.flow)
        if here and here.sent and sent.what in here.takes and _open(visit, here):
            return here.sent(visit, sent)
        for flow in self.by_name.values():
            if flow.sent and flow.anywhere and sent.what == "document" and may(visit.who.role, flow.permit):
                return flow.sent(visit, sent)
        if here and here.said:
            return again(_("Please write it as a text message: pictures, stickers and recordings cannot be read here."))
        return again(_("Please tap one of the keys below the message: nothing else is needed here."))


def show(state: Any, screen: Any, toast: Words | None = None, *, fresh: bool = False) -> Turn:
    """A turn that moves to a screen, with a word on the side."""
    actions: list[Any] = [Toast(toast)] if toast else []
    return Turn(state, [*actions, Show(screen, fresh=fresh)])
