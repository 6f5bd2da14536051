"""Simulated people: they look at a screen as anybody does, and tap what they believe, right or wrong."""

from __future__ import annotations

import itertools
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.channel import Button, Hear, Incoming, Message
from bot.channels.recorder import Recorder
from handlers.talk import Command, Event, Heard, Press, Said, Sender
from tasks.kinds import Answer


@dataclass(frozen=True, slots=True)
class Lesson:
    """What a person could know of one project, in the language they read."""

    title: str
    truth: Mapping[str, Answer]
    """The right answer by the item's text, or by the content of its picture."""
    labels: Mapping[str, str] = field(default_factory=dict)
    """Text of a label's button by its key."""
    steps: Sequence[int] = ()
    """The steps of a rating."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """What a reviewer writes to an item, by the same."""


@dataclass(frozen=True, slots=True)
class Tap:
    """Press the button with this data. ``answers``: it hands an answer in."""

    data: str
    answers: bool = False


@dataclass(frozen=True, slots=True)
class Write:
    """Say this."""

    text: str


class Mind:
    """Decides what to do with a screen; wrong with probability ``errs``. The same chance gives the same life."""

    def __init__(self, lessons: Sequence[Lesson], errs: float, rng: Random) -> None:
        self._lessons, self._errs, self._rng = lessons, errs, rng
        self._believed: tuple[str, Answer] | None = None
        self._answered = ""

    def look(self, screen: Message) -> Tap | Write | None:
        """The next thing to do; None where there is nothing to press."""
        buttons = [button for row in screen.buttons for button in row]
        item = _item(screen)
        for lesson in self._lessons:
            if item in lesson.truth:
                if item == self._answered:  # it is still there: practice has said why it was wrong
                    self._believed, self._answered = (item, lesson.truth[item]), ""
                act = self._answer(lesson, item, lesson.truth[item], buttons)
                if isinstance(act, Tap) and act.answers:
                    self._answered = item
                return act
        titles = [button for button in buttons if any(button.label == lesson.title for lesson in self._lessons)]
        if titles:
            return Tap(self._rng.choice(titles).data)
        return Tap(buttons[0].data) if buttons else None

    def _answer(self, lesson: Lesson, item: str, truth: Answer, buttons: Sequence[Button]) -> Tap | Write | None:
        if self._believed is None or self._believed[0] != item:
            self._believed = (item, self._belief(lesson, truth))
        belief = self._believed[1]
        if isinstance(belief, list):
            return self._tick(lesson, belief, buttons)
        if lesson.labels or lesson.steps:
            label = lesson.labels.get(str(belief), str(belief))
            return _tap(buttons, label, answers=True) or (Tap(buttons[0].data) if buttons else None)
        handing = [button for button in buttons[:1] if len(buttons) > 3]  # noqa: PLR2004 - tools alone are at most 3
        return Tap(handing[0].data, answers=True) if handing else Write(str(belief))

    def _tick(self, lesson: Lesson, belief: Sequence[str], buttons: Sequence[Button]) -> Tap | None:
        for key, text in lesson.labels.items():
            ticked = any(button.label == f"☑ {text}" for button in buttons)
            if ticked != (key in belief):
                return _tap(buttons, f"{'☑' if ticked else '☐'} {text}")
        boxes = sum(button.label[:1] in "☐☑" for button in buttons)
        return Tap(buttons[boxes].data, answers=True) if len(buttons) > boxes else None

    def _belief(self, lesson: Lesson, truth: Answer) -> Answer:
        if self._rng.random() >= self._errs:
            return truth
        if isinstance(truth, list):
            flipped = self._rng.choice(list(lesson.labels))
            return [key for key in lesson.labels if (key in truth) != (key == flipped)] or [flipped]
        if lesson.steps:
            return self._rng.choice([step for step in lesson.steps if abs(step - truth) == 1])
        others = [key for key in lesson.labels if key != truth]
        return self._rng.choice(others) if others else f"{truth}?"


class Judge:
    """A reviewer's mind: votes for what it believes, with a note where it has one."""

    def __init__(self, lessons: Sequence[Lesson]) -> None:
        self._lessons = lessons
        self._noted = ""

    def look(self, screen: Message) -> Tap | Write | None:
        """The next thing to do; None where nothing waits."""
        buttons = [button for row in screen.buttons for button in row]
        item = _item(screen)
        for lesson in self._lessons:
            if item in lesson.truth:
                return self._vote(lesson, item, buttons)
        ways = (button for button in buttons for lesson in self._lessons if button.label.endswith(f": {lesson.title}"))
        return next((Tap(button.data) for button in ways), None)

    def _vote(self, lesson: Lesson, item: str, buttons: Sequence[Button]) -> Tap | Write | None:
        note = lesson.notes.get(item)
        if note and self._noted != item:
            self._noted = item
            return Write(note)
        label = lesson.labels.get(str(lesson.truth[item]), str(lesson.truth[item]))
        vote = next(
            (Tap(button.data, answers=True) for button in buttons if button.label.endswith(f" · {label}")), None
        )
        return vote or next((Tap(button.data) for button in buttons if button.label == "Skip"), None)


def _item(screen: Message) -> str:
    """The content of the picture, else the text that is set as a quotation; ``""`` where there is neither."""
    if screen.picture:
        return screen.picture.content
    units = screen.text.encode("utf-16-le")
    quotes = [span for span in screen.spans if span.style == "quote"]
    return "".join(units[2 * one.offset : 2 * (one.offset + one.length)].decode("utf-16-le") for one in quotes[:1])


def _tap(buttons: Sequence[Button], label: str, *, answers: bool = False) -> Tap | None:
    return next((Tap(button.data, answers) for button in buttons if button.label == label), None)


class Simulated:
    """One simulated person on a recording channel."""

    def __init__(
        self,
        user: str,
        mind: Mind | Judge,
        language: str,
        hear: Hear,
        channel: Recorder,
        now: Callable[[], int],
        home: str = "tasks",
    ) -> None:
        self._sender, self._home = Sender(channel.name, user, language), home
        self._mind, self._hear, self._channel, self._now = mind, hear, channel, now
        self._ids: Iterator[int] = itertools.count(now())

    async def step(self) -> bool:
        """Do one thing; whether it handed an answer in."""
        seen = self._channel.chats[self._sender.user]
        if not seen.messages:
            await self._do(Command("start"))
            return False
        act = self._mind.look(seen.last)
        if isinstance(act, Tap):
            await self._do(Press(act.data), seen.last_id)
            return act.answers
        await self._do(Said(act.text) if act else Command(self._home))
        return False

    async def _do(self, heard: Heard, message_id: str = "") -> None:
        event = Event(f"crowd-{next(self._ids)}", self._now(), self._sender, heard)
        press = self._sender.user if isinstance(heard, Press) else ""
        await self._hear(Incoming(event, self._sender.user, press, message_id))


async def work_on(people: Sequence[Simulated], rng: Random, pause: Callable[[], Awaitable[Any]]) -> None:
    """Let them work, one after the other by chance, with a pause after each answer; for ever."""
    while True:
        person = rng.choice(people)
        for _ in range(8):
            if await person.step():
                break
        await pause()
