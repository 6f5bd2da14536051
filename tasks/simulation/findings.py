"""What a simulated crowd has come to: who ends where, how much each was checked, false alarms, misses, the result."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from db.queries import simulation
from db.queries.simulation import Ended
from db.session import Tx
from tasks.kinds import KINDS
from tasks.reports.card import ALIKE
from tasks.simulation.crowd import SORTS, Sort
from tasks.simulation.world import World

ENOUGH = 20
"""Whoever answers fewer items cannot be told apart, and is no miss."""
GATES = 5


@dataclass(frozen=True, slots=True)
class Group:
    """People of one sort. ``gates``: how many end at each, from 0 to 4; figures an item are medians of who worked."""

    sort: Sort
    people: int
    """Who came."""
    gates: Sequence[int]
    items: float
    checks: float
    """On how many of these each was checked: hidden checks, and answers that others' answers stand beside."""
    golds: float
    """The hidden checks among them."""
    paused: int
    proposed: int
    alike: int
    doubted: int
    false_alarms: int
    misses: int
    few: int
    """Who do not look, got in, and answered fewer than ``ENOUGH`` items."""
    kept_out: int
    """Who came and never got as far as the work."""
    late: int
    """Who came when all was done."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of the items; shares from 0 to 1. What is settled is agreed or disputed."""

    items: int
    settled: int
    agreed: int
    right: float
    """Of what is settled, by the label that is believed, disputed or not."""
    right_agreed: float
    """Of what is agreed."""
    answers: int
    """All of them, hidden checks too."""
    answers_an_item: float
    """Of settled items."""
    hours: float
    cost: int | None
    """Minor units of the currency, for all answers."""


@dataclass(frozen=True, slots=True)
class Findings:
    """All of it."""

    groups: Sequence[Group]
    outcome: Outcome

    @property
    def false_alarms(self) -> int:
        """Of all who look."""
        return sum(group.false_alarms for group in self.groups)

    @property
    def misses(self) -> int:
        """Of all who do not."""
        return sum(group.misses for group in self.groups)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was done to whom: numbers of people."""

    paused: Collection[int] = field(default_factory=frozenset)
    proposed: Collection[int] = field(default_factory=frozenset)
    alike: Collection[int] = field(default_factory=frozenset)

    def noticed(self, one: Ended) -> bool:
        """Whether an admin is shown them: proposed for suspension, in doubt, or alike."""
        return one.person in self.proposed or one.person in self.alike or one.doubted > 0


def findings(world: World) -> Findings:
    """Read the world's database."""
    return world.database.run(lambda tx: _findings(tx, world)).result()


def _findings(tx: Tx, world: World) -> Findings:
    ended = {one.person: one for one in tx.all(simulation.ENDED, project=world.project)}
    seen = _seen(tx, world.project)
    of: dict[Sort, list[Ended]] = {sort: [] for sort in SORTS}
    late: Counter[Sort] = Counter()
    for life in world.lives:
        if life.came:
            of[life.somebody.sort].append(ended[life.who.id])
        late[life.somebody.sort] += not life.came
    groups = [_group(sort, people, seen, late[sort]) for sort, people in of.items() if people or late[sort]]
    return Findings(groups, _outcome(tx, world))


def _seen(tx: Tx, project: int) -> _Seen:
    paused = {row.person for row in tx.all(simulation.DONE) if row.what == "pause"}
    proposed = {row.person for row in tx.all(simulation.PROPOSED) if row.what == "suspend"}
    pairs = tx.all(simulation.ALIKE, project=project, least=ALIKE)
    return _Seen(paused, proposed, {number for pair in pairs for number in pair})


def _group(sort: Sort, people: Sequence[Ended], seen: _Seen, late: int) -> Group:
    gates = Counter(one.gate for one in people)
    worked = [one for one in people if one.answered]
    enough = [one for one in worked if one.answered >= ENOUGH]
    missed = [one for one in enough if not seen.noticed(one) and one.person not in seen.paused]
    return Group(
        sort,
        len(people),
        [gates[gate] for gate in range(GATES)],
        median([one.answered for one in worked] or [0]),
        median([one.gold_seen + one.checked for one in worked] or [0]),
        median([one.gold_seen for one in worked] or [0]),
        sum(one.person in seen.paused for one in people),
        sum(one.person in seen.proposed for one in people),
        sum(one.person in seen.alike for one in people),
        sum(one.doubted for one in people),
        sum(map(seen.noticed, people)) if sort.looks else 0,
        0 if sort.looks else len(missed),
        0 if sort.looks else len(worked) - len(enough),
        len(people) - len(worked),
        late,
    )


def _outcome(tx: Tx, world: World) -> Outcome:
    known = world.scene.catalog.get(tx, world.project)
    results = tx.all(simulation.RESULTS, project=world.project)
    spent = tx.one(simulation.SPENT, project=world.project)
    settled = [row for row in results if row.status != "open"]
    agreed = [row for row in results if row.status == "agreed"]
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()

    def right(row: simulation.Result) -> bool:
        label = None if row.label is None else json.loads(row.label)
        return label is not None and kind.distance(question, label, world.scene.items[row.task].truth) == 0

    answers, work_ms = (spent.answers, spent.work_ms) if spent else (0, 0)
    return Outcome(
        len(results),
        len(settled),
        len(agreed),
        _share(settled, right),
        _share(agreed, right),
        answers,
        sum(row.answers for row in settled) / max(len(settled), 1),
        work_ms / 3_600_000,
        known.spec.reward.answer * answers if known.spec.reward else None,
    )


def _share(rows: Sequence[simulation.Result], of: Callable[[simulation.Result], bool]) -> float:
    return sum(map(of, rows)) / len(rows) if rows else 0.0


def plain(found: Findings) -> Mapping[str, object]:
    """For a program."""
    groups = [
        {"sort": group.sort.key, **{name: getattr(group, name) for name in Group.__slots__ if name != "sort"}}
        for group in found.groups
    ]
    outcome = {name: getattr(found.outcome, name) for name in Outcome.__slots__}
    totals = {"false_alarms": found.false_alarms, "misses": found.misses}
    return {"people": groups, **totals, "result": outcome}
