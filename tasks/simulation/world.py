"""One simulated project from its file to its end: a temporary database, a virtual clock, the real services."""

from __future__ import annotations

import heapq
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random

from db.migrations.upgrade import upgrade
from db.queries import people, simulation
from db.session import Database, Tx, open_database
from tasks.behaviour.pool import pool
from tasks.consensus.revise import revise
from tasks.people import Who
from tasks.privacy.consent import ADULT, agree
from tasks.projects import lifecycle
from tasks.projects.catalog import Catalog
from tasks.projects.catalog import progress as progress_of
from tasks.projects.importing import import_project, quiet
from tasks.projects.media import MediaStore
from tasks.projects.rules import Rule
from tasks.projects.spec import Spec
from tasks.simulation import items
from tasks.simulation.crowd import Somebody, crowd
from tasks.simulation.life import Life, Scene, step

BEGINS = 1_800_000_000_000
"""The virtual clock's first moment (milliseconds since 1970)."""
_ARRIVALS_MS = 24 * 3_600_000
"""Over so long people come."""
_DAYS_MS = 30 * 24 * 3_600_000
"""After so long everybody stops."""
_AT_ONCE = 100
"""Steps in one transaction."""
_A_PASS_EVERY = 0.1
"""A batch pass after this part more answers than at the last, as the clock job would."""
_FEWEST = 200

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated. ``data`` None makes up ``items`` items."""

    spec: Spec
    people: int
    seed: int
    items: int
    data: Path | None = None
    rules: Sequence[Rule] = ()


@dataclass(frozen=True, slots=True)
class World:
    """A project that was worked through, and its people."""

    database: Database
    project: int
    scene: Scene
    lives: Sequence[Life]


@contextmanager
def simulated(plan: Plan, progress: Progress = quiet) -> Iterator[World]:
    """Work the project through; the database is there until the end of the block. Raises what an import raises."""
    with tempfile.TemporaryDirectory(prefix="crowdloom-") as name:
        folder = Path(name)
        database = open_database(f"sqlite:///{folder / 'simulation.db'}")
        try:
            upgrade(database.engine)
            world = _opened(database, plan, folder)
            _live(world, progress)
            yield world
        finally:
            database.close()


def _opened(database: Database, plan: Plan, folder: Path) -> World:
    """The project as the file says, launched, and everybody who will come."""
    rng = _chance(plan.seed)
    spec, asked = items.simulated(plan.spec), items.questions_of(plan.spec)
    data = plan.data
    if data is None:
        spec, data = items.made_up(spec), folder / "made-up.csv"
        items.write(data, spec, plan.items, rng)
    catalog = Catalog()
    import_project(database, catalog, spec, data, MediaStore(folder / "media"), BEGINS, quiet)
    known = database.run(lambda tx: lifecycle.launch(tx, catalog, spec.id, BEGINS)).result()
    rows = database.run(lambda tx: tx.all(simulation.ROWS, project=known.id)).result()
    truths = items.truths([(row.task, row.gold) for row in rows], asked, rng)
    scene = Scene(catalog, known.id, truths, asked, plan.rules, rng, BEGINS + _DAYS_MS)
    cast = crowd(plan.people, asked, rng)
    lives = database.run(lambda tx: [_join(tx, number, one) for number, one in enumerate(cast, 1)]).result()
    return World(database, known.id, scene, lives)


def _join(tx: Tx, number: int, somebody: Somebody) -> Life:
    """Somebody who has said hello and has agreed."""
    made = tx.one(people.JOIN, channel="simulation", user=str(number), role="worker", now=BEGINS)
    assert made is not None  # noqa: S101 - the database is new
    who = Who(made.id, "en", "UTC", "worker", "", "simulation")
    return Life(agree(tx, who, ADULT, "", BEGINS), somebody)


# --------------------------------------------------------------------------- time

_Turns = list[tuple[int, int]]
"""When whose next step is: (moment, place among the lives), a heap."""


def _live(world: World, progress: Progress) -> None:
    """Let everybody live to their end, one after the other as the virtual clock says."""
    turns: _Turns = [
        (BEGINS + round(life.somebody.days.random() * _ARRIVALS_MS) + n, n) for n, life in enumerate(world.lives)
    ]
    heapq.heapify(turns)
    total, passed = sum(life.somebody.items for life in world.lives), 0
    while turns:
        now = world.database.run(partial(_some, world=world, turns=turns)).result()
        done = sum(life.done for life in world.lives)
        progress(done, total)
        if world.database.run(lambda tx: _is_done(tx, world.project)).result():
            break
        if done - passed >= max(_FEWEST, _A_PASS_EVERY * passed):
            passed = done
            _pass(world, now)
    _pass(world, world.scene.ends)


def _is_done(tx: Tx, project: int) -> bool:
    """Whether nothing is left to settle: the admin closes the project, and nobody comes any more."""
    counts = progress_of(tx, project)
    return counts.agreed + counts.disputed >= counts.tasks


def _some(tx: Tx, world: World, turns: _Turns) -> int:
    """The next steps of all, in one transaction; the moment of the last."""
    now = turns[0][0]
    for _ in range(_AT_ONCE):
        if not turns:
            break
        now, who = heapq.heappop(turns)
        then = step(tx, world.scene, world.lives[who], now)
        if then is not None:
            heapq.heappush(turns, (then, who))
    return now


def _pass(world: World, now: int) -> None:
    pool(world.database, world.project)
    revise(world.database, world.scene.catalog, world.project, lambda: now)


def _chance(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - the same seed gives the same crowd
