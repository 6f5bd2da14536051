"""A turn of a conversation: load, run the flow, save, commit; then show. In order for each person."""

from __future__ import annotations

import asyncio
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from weakref import WeakValueDictionary

import structlog

from bot import saved
from bot.channel import ChannelError, Incoming
from bot.groups import Groups, GroupSpoken, posted
from bot.inbox import Inbox
from bot.menus import Menus
from bot.observer import NoObserver, Observer
from bot.presenter import Played, Presenter, View
from bot.views import late, view_of, who_of
from db.queries import people
from db.queries.people import Stands
from db.session import Database, Tx
from handlers.flow import Desk, Flows, Visit, in_hand
from handlers.kept import carried
from handlers.talk import (
    Action,
    Again,
    Event,
    Finished,
    Heard,
    Key,
    Line,
    Note,
    Press,
    Sender,
    Sent,
    Show,
    Start,
    State,
    Toast,
    Turn,
)
from tasks.access import SUSPENDED, may
from tasks.behaviour.recording import retried
from tasks.notices import take
from tasks.outreach import letter
from tasks.people import Who
from tasks.words import _

_log = structlog.stdlib.get_logger(__name__)
_EVENTS_REMEMBERED = 64
_DAY_MS = 86_400_000
_LONGEST_WAIT = 120.0
_LONGEST_SHOW = 30.0
"""Seconds. A send that hangs holds up its own chat, and what its channel may confirm, no longer than this."""

RoleOf = Callable[[Sender], str]
"""The role that the settings give to a sender; ``""`` leaves what the person has."""
Job = Callable[[Mapping[str, Any]], Awaitable[Mapping[str, Any]]]
"""Work too long for a turn: arguments in, outcome out (JSON). A file at ``path`` for ``once`` is deleted after it."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a turn leaves to do once it is committed."""

    view: View
    jobs: tuple[Start, ...] = ()
    menu: str | None = None
    """What the chat's own menu is to list from now on; None where it lists that."""


class Conversations:
    """All conversations on all channels. ``hear`` is what channels call."""

    def __init__(
        self,
        database: Database,
        flows: Flows,
        desk: Desk,
        presenters: Mapping[str, Presenter],
        jobs: Mapping[str, Job],
        role_of: RoleOf,
        now: Callable[[], int],
        inbox: Inbox,
        observer: Observer | None = None,
        menus: Menus | None = None,
    ) -> None:
        self._database, self._flows, self._desk = database, flows, desk
        self._presenters, self._jobs, self._role_of, self._now = presenters, jobs, role_of, now
        self._inbox, self._observer, self._menus = inbox, observer or NoObserver(), menus
        self._groups = Groups(desk, role_of)
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        self._background: set[asyncio.Task[None]] = set()

    # ----------------------------------------------------------------- from channels

    async def hear(self, incoming: Incoming) -> None:
        """Take an event: its effect is stored and shown when this returns. Never raises."""
        sender = incoming.event.sender
        lock = self._locks.setdefault((sender.channel, incoming.chat), asyncio.Lock())
        async with lock:
            await self._hear(incoming)

    async def settle(self) -> None:
        """Wait for what still runs in the background (jobs, screens to be shown again)."""
        while self._background:
            await asyncio.gather(*self._background, return_exceptions=True)

    async def stop(self) -> None:
        """Let go of what runs in the background: it is shown again at the person's next event."""
        for task in self._background:
            task.cancel()
        await asyncio.gather(*self._background, return_exceptions=True)

    async def _hear(self, incoming: Incoming) -> None:
        presenter = self._presenters[incoming.event.sender.channel]
        began = time.perf_counter()
        failed = True
        try:
            incoming = await self._fetched(incoming, presenter)
            spoken = await asyncio.wrap_future(self._database.run(lambda tx: self._turn(tx, incoming)))
            failed = False
        except Exception:  # noqa: BLE001 - the turn is rolled back; the person is told, everybody else goes on
            _log.exception("turn failed", channel=incoming.event.sender.channel)
            words = _("Please try again in a moment: something on our side did not work.")
            language = self._desk.negotiate(incoming.event.sender.language) or "en"
            await presenter.sorry(incoming.chat, incoming.press, words, language)
            return
        finally:
            heard = type(incoming.event.heard).__name__.lower()
            self._observer.turn(presenter.channel.name, heard, time.perf_counter() - began, failed=failed)
        try:
            async with asyncio.timeout(_LONGEST_SHOW):
                await self._show(incoming, spoken, presenter)
        except Exception:  # noqa: BLE001 - it is stored: the next event shows the saved screen
            _log.exception("not shown", channel=incoming.event.sender.channel)

    async def _fetched(self, incoming: Incoming, presenter: Presenter) -> Incoming:
        """With the file that somebody sent who runs projects; nobody else's is worth fetching."""
        heard = incoming.event.heard
        sender = incoming.event.sender
        if not incoming.file or not isinstance(heard, Sent) or sender.group or not await self._requests(sender):
            return incoming
        try:
            fetched = await presenter.channel.fetch(incoming.file, self._inbox.folder())
            path = await asyncio.to_thread(self._inbox.named, fetched, heard.name)
        except (ChannelError, OSError):
            return incoming
        return replace(incoming, event=replace(incoming.event, heard=replace(heard, path=str(path))))

    async def _requests(self, sender: Sender) -> bool:
        key = {"channel": sender.channel, "user": sender.user}
        found = await asyncio.wrap_future(self._database.run(lambda tx: tx.one(people.FIND, **key)))
        held = found.role if found and found.suspended_at is None else ""
        return may(self._role_of(sender) or held, "request")

    # ----------------------------------------------------------------- inside the transaction

    def _turn(self, tx: Tx, incoming: Incoming) -> Spoken | GroupSpoken | None:
        event = incoming.event
        if event.sender.group:
            return self._groups.turn(tx, incoming)
        stands = self._stands(tx, incoming)
        if stands is None:
            return self._to_a_stranger(incoming)
        remembered: list[str] = json.loads(stands.heard)
        who = who_of(incoming, stands)
        screen = saved.load(stands.screen) if stands.screen else None
        if screen is not None and screen.receipt is not None and (event.id in remembered or late(incoming, stands)):
            project, task, worker = screen.receipt
            retried(tx, project, task, worker, event.at)
        if event.id in remembered:
            return Spoken(view_of(incoming, stands, who, screen, stands.serial, Turn(None, [Again()]), tells=False))
        memory = json.loads(stands.memory)
        visit = Visit(tx, self._desk, who, event.at, stands.flow, memory, guess=event.sender.language)
        beside = _delivered(tx, who, event.heard)
        on_screen = saved.pressed(incoming, stands.serial, stands.screen, stands.message_id)
        turn = self._flows.hear(visit, event.heard, beside or on_screen)
        if beside is not None:  # below the message that was pressed, which stays
            turn = replace(turn, actions=[_fresh(action) for action in turn.actions])
        tells = bool(stands.notices) and not in_hand(event.heard, turn.state or State(stands.flow, memory))
        if tells:
            turn = replace(turn, actions=[*(Note([Line(told)]) for told in take(tx, who.id)), *turn.actions])
        shown = next((action.screen for action in turn.actions if isinstance(action, Show)), None)
        serial = stands.serial + (shown is not None)
        before = State(stands.flow, memory)
        state = carried(before, turn.state or before, event.at)
        tx.run(
            people.SAVE,
            person=who.id,
            chat=incoming.chat,
            flow=state.flow,
            memory=json.dumps(dict(state.memory), ensure_ascii=False),
            serial=serial,
            screen=saved.dump(shown) if shown else stands.screen,
            heard=json.dumps([*remembered, event.id][-_EVENTS_REMEMBERED:]),
            seen=stands.seen_at if isinstance(event.heard, Finished) else event.at,
        )
        jobs = tuple(action for action in turn.actions if isinstance(action, Start))
        view = view_of(incoming, stands, visit.who, shown or screen, serial, turn, tells=tells)
        return Spoken(view, jobs, self._menus.changed(visit.who, stands.menu) if self._menus else None)

    def _stands(self, tx: Tx, incoming: Incoming) -> Stands | None:
        """The person's row, made at their first word; nothing else begins anything with somebody unknown."""
        sender = incoming.event.sender
        key = {"channel": sender.channel, "user": sender.user}
        role = self._role_of(sender)
        stands = tx.one(people.FIND, **key)
        if stands is None:
            if isinstance(incoming.event.heard, Press | Finished):
                return None
            made = tx.one(people.JOIN, now=incoming.event.at, role="worker", **key)
            if made is not None:
                tx.run(people.OPEN, person=made.id, chat=incoming.chat)
            stands = tx.one(people.FIND, **key)
            assert stands is not None  # noqa: S101 - made by this turn or by one that it waited for
        if role:  # for this turn: whoever is taken from the settings has it no longer
            stands = stands._replace(role=role)
        elif stands.suspended_at is not None:
            stands = stands._replace(role=SUSPENDED)
        if stands.blocked_at is not None:
            tx.run(people.REACHABLE, person=stands.person)
        day = incoming.event.at // _DAY_MS
        if day != stands.seen_at // _DAY_MS and not isinstance(incoming.event.heard, Finished):
            tx.run(people.SEEN, person=stands.person, day=day)
        return stands

    def _to_a_stranger(self, incoming: Incoming) -> Spoken | None:
        """A key of somebody who is unknown, or is known no more: it must not make them known."""
        if not incoming.press:
            return None
        language = self._desk.negotiate(incoming.event.sender.language) or "en"
        told = Toast(_("Write /start to begin: this key is of an earlier time."))
        return Spoken(View(0, language, "UTC", incoming.chat, 0, None, "", [told], fresh=True))

    # ----------------------------------------------------------------- after the commit

    async def _show(self, incoming: Incoming, spoken: Spoken | GroupSpoken | None, presenter: Presenter) -> None:
        if spoken is None:
            if incoming.press:
                await presenter.sorry(incoming.chat, incoming.press, "", "en")
            return
        if isinstance(spoken, GroupSpoken):
            await self._show_group(incoming, spoken, presenter)
            return
        for job in spoken.jobs:
            self._spawn(self._work(incoming, job))
        if self._menus and spoken.menu is not None:
            where = (presenter.channel.name, incoming.chat, spoken.view.person)
            self._spawn(self._menus.follow(*where, spoken.menu))
        played = await presenter.play(spoken.view, incoming.press)
        await self._after(spoken.view, played)
        if played.wait:
            self._spawn(self._show_later(incoming, played.wait))

    async def _show_group(self, incoming: Incoming, spoken: GroupSpoken, presenter: Presenter) -> None:
        """One message after the other; what the channel took is the one that stands there from now on."""
        press, place = incoming.press, incoming.event.sender
        for view in spoken.views:
            played = await presenter.play(view, press)
            press = ""
            if played.wait and played.wait <= _LONGEST_WAIT:
                await asyncio.sleep(played.wait)
                played = await presenter.play(view, "")
            if played.shown and played.message_id != view.message_id:
                await self._write(partial(posted, sender=place, serial=view.serial, message_id=played.message_id))

    async def _after(self, view: View, played: Played) -> None:
        if played.blocked:
            await self._write(lambda tx: tx.run(people.UNREACHABLE, person=view.person, now=self._now()))
        elif played.shown and played.message_id != view.message_id:
            await self._write(
                lambda tx: tx.run(people.POSTED, person=view.person, serial=view.serial, message_id=played.message_id)
            )

    async def _write(self, work: Callable[[Tx], object]) -> None:
        await asyncio.wrap_future(self._database.run(work))

    async def _show_later(self, incoming: Incoming, seconds: float) -> None:
        """Show what is current once the channel allows it, if nothing has been shown since."""
        if seconds > _LONGEST_WAIT:
            return
        await asyncio.sleep(seconds)
        refresh = replace(incoming, event=replace(incoming.event, heard=Press("")), press="")
        await self.hear(refresh)

    async def _work(self, incoming: Incoming, start: Start) -> None:
        try:
            outcome = await self._jobs[start.job](start.arguments)
        except Exception:  # noqa: BLE001 - the conversation is told that it failed
            _log.exception("job failed", job=start.job)
            outcome = {"failed": True}
        event = Event(f"job-{uuid.uuid4().hex}", self._now(), incoming.event.sender, Finished(start.job, outcome))
        try:
            await self.hear(Incoming(event, incoming.chat))
        finally:
            if outcome.get("once"):  # nobody else's, and sent by now or never
                Path(outcome["path"]).unlink(missing_ok=True)  # noqa: ASYNC240 - takes no time

    def _spawn(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)


def _delivered(tx: Tx, who: Who, heard: Heard) -> Key | None:
    """The key that was pressed of a message that came by itself, if it came to this person."""
    found = letter.pressed(tx, who.id, heard.data) if isinstance(heard, Press) else None
    return None if found is None else Key("", *found)


def _fresh(action: Action) -> Action:
    return replace(action, fresh=True) if isinstance(action, Show) else action
