"""What a simulated person does next: through the door, practice, quiz, item after item, breaks, until they have enough.

Each step first finishes what was begun (an answer takes time, and others act meanwhile), then begins the next thing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from random import Random

from db.session import Tx
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, Offer, offer
from tasks.assignment.errors import AssignmentError
from tasks.behaviour.recording import Where
from tasks.people import Who
from tasks.projects.catalog import Catalog, Known
from tasks.projects.rules import Rule
from tasks.qualification import practice, quiz, running
from tasks.qualification.door import Door, door
from tasks.rules.look import look
from tasks.simulation.crowd import Somebody
from tasks.simulation.items import Item, Questions

_SITTING = 20
"""Items after which people have a break."""
_BREAK_MS = 4 * 3_600_000
"""How long, on average."""
_MOMENT_MS = 2_000
"""Until somebody looks again whose door has opened."""
_AGAIN_MS = 2 * 3_600_000
"""When somebody looks again who found nothing to do."""
_MOST_TRIES, _MOST_VISITS = 60, 3
"""Tries at practice, and visits in vain, after which people give up."""

Pending = Callable[[Tx, Known, int], None]


@dataclass(frozen=True, slots=True)
class Scene:
    """What everybody shares. ``rules`` are the operator's."""

    catalog: Catalog
    project: int
    items: Mapping[int, Item]
    questions: Questions
    rules: Sequence[Rule]
    rng: Random
    ends: int
    """When everybody stops (milliseconds)."""


@dataclass(slots=True)
class Life:
    """Somebody on their way."""

    who: Who
    somebody: Somebody
    pending: Pending | None = None
    came: bool = False
    """Whether they came before all was done."""
    done: int = 0
    """Items answered or skipped."""
    tries: int = 0
    visits: int = 0
    told: dict[int, object] = field(default_factory=dict)
    """What practice has shown them."""


def step(tx: Tx, scene: Scene, life: Life, now: int) -> int | None:
    """One step at this moment; when the next one is, None after the last."""
    known = scene.catalog.get(tx, scene.project)
    life.came, rested = True, False
    if life.pending:
        pending, life.pending = life.pending, None
        before = life.done
        pending(tx, known, now)
        rested = life.done > before and life.done % _SITTING == 0
    if life.done >= life.somebody.items or now > scene.ends:
        return None
    if rested:
        return now + 1 + round(life.somebody.days.expovariate(1 / _BREAK_MS))
    here = door(tx, known, life.who, now)
    return _ROOMS[here.state](tx, scene, known, life, here, now)


def _closed(_tx: Tx, _scene: Scene, _known: Known, _life: Life, here: Door, now: int) -> int | None:
    return max(here.opens_at, now) + _MOMENT_MS if here.opens_at is not None else None


def _practice(tx: Tx, scene: Scene, known: Known, life: Life, _here: Door, now: int) -> int | None:
    found = practice.exercise(tx, known, life.who.id, now, scene.rng)
    life.tries += 1
    if found is None or life.tries > _MOST_TRIES:
        return None
    item = scene.items[found.task]
    said = life.told.get(item.task) if life.somebody.sort.looks else None
    raw = life.somebody.exam(item, scene.questions) if said is None else said
    life.pending = partial(_tried, life, item, raw)
    return now + life.somebody.ms()


def _tried(life: Life, item: Item, raw: object, tx: Tx, known: Known, now: int) -> None:
    practice.attempt(tx, known, life.who.id, item.task, raw, now)
    life.told[item.task] = item.truth


def _quiz(tx: Tx, scene: Scene, known: Known, life: Life, _here: Door, now: int) -> int | None:
    attempt = quiz.start(tx, known, life.who, now, scene.rng)
    if attempt.state != "running":
        return now + _MOMENT_MS
    raw = life.somebody.exam(scene.items[attempt.question["task"]], scene.questions)
    life.pending = partial(_examined, life, attempt.number, raw)
    return now + life.somebody.ms()


def _examined(life: Life, number: int, raw: object, tx: Tx, known: Known, now: int) -> None:
    running.answer(tx, known, life.who.id, quiz.QUIZ, number, raw, now)


def _work(tx: Tx, scene: Scene, known: Known, life: Life, _here: Door, now: int) -> int | None:
    found = offer(tx, known, life.who.id, now, scene.rng)
    if isinstance(found, NoWork):
        return _in_vain(life, found, now)
    life.visits = 0
    item = scene.items[found.task]
    if life.somebody.skips(item):
        life.pending = partial(_skip, scene, life, found)
    else:
        life.pending = partial(_hand_in, scene, life, found, life.somebody.answer(item, scene.questions))
    return now + life.somebody.ms()


def _in_vain(life: Life, found: NoWork, now: int) -> int | None:
    if found.until is not None:
        return max(found.until, now) + _MOMENT_MS
    life.visits += 1
    return None if found.reason == "closed" or life.visits > _MOST_VISITS else now + _AGAIN_MS


def _hand_in(scene: Scene, life: Life, found: Offer, raw: object, tx: Tx, known: Known, now: int) -> None:
    try:
        done = answering.submit(tx, known, life.who.id, found.task, raw, now, Where(life.who.channel, life.who.zone))
    except AssignmentError:  # the lease has ended, and others were quicker
        return
    life.done += 1
    if done.right is None:  # as in conversations: a rule that speaks at once would give the check away
        look(tx, scene.rules, known, life.who.id, now)


def _skip(scene: Scene, life: Life, found: Offer, tx: Tx, known: Known, now: int) -> None:
    answering.skip(tx, known, life.who.id, found.task, "unsure", now, Where(life.who.channel, life.who.zone))
    life.done += 1
    look(tx, scene.rules, known, life.who.id, now)


_ROOMS: Mapping[str, Callable[[Tx, Scene, Known, Life, Door, int], int | None]] = {
    "open": _work,
    "practice": _practice,
    "quiz": _quiz,
    "age": _closed,
    "closed": _closed,
}
