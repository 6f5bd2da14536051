"""A small crowd walks the whole road; the same seed is the same life, and each sort ends where it should."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from db.queries import staff
from tasks.projects.spec import Spec
from tasks.rules.defaults import operators_rules
from tasks.simulation import crowd as sorts
from tasks.simulation.findings import Findings, findings, plain
from tasks.simulation.plan import Cell, best, grid
from tasks.simulation.world import Plan, simulated
from tests.property.rig import INVARIANTS, broken

LABELS = [{"key": key, "text": key} for key in ("spicy", "mild", "cannot-tell")]
_FILE: Mapping[str, Any] = {
    "id": "dishes",
    "title": "Dishes",
    "kind": "choice",
    "labels": LABELS,
    "overlap": {"min": 1, "max": 5, "confidence": 0.95},
    "gold": {"share": 0.1},
    "reward": {"answer": "20", "currency": "KRW"},
}
_QUIZ: Mapping[str, Any] = {"qualification": {"practice": 2, "quiz": 6, "pass": 0.8}}


def _plan(people: int = 14, items: int = 40, seed: int = 1, **changed: Any) -> Plan:
    spec = Spec.model_validate({**_FILE, **changed})
    return Plan(spec, people, seed, items, None, operators_rules(None))


def _found(plan: Plan) -> Findings:
    with simulated(plan) as world:
        return findings(world)


def test_the_whole_road_and_what_must_hold_in_the_rows_on_the_way() -> None:
    with simulated(_plan(**_QUIZ)) as world:
        found = findings(world)
        only = INVARIANTS[:5]
        assert world.database.run(lambda tx: broken(tx, world.project, 5, only)).result() == []
    assert sum(group.people + group.late for group in found.groups) == 14
    assert all(sum(group.gates) == group.people for group in found.groups)
    assert sum(sum(group.gates[3:]) for group in found.groups) > 4
    assert all(group.items == 0 for group in found.groups if group.kept_out == group.people)
    assert 0 < found.outcome.settled <= 40
    assert found.outcome.cost == 20 * found.outcome.answers
    assert found.outcome.right > 0.7


def test_the_same_seed_is_the_same_life() -> None:
    first, again, another = (plain(_found(_plan(seed=seed))) for seed in (3, 3, 4))
    assert first == again
    assert first != another


def test_a_rating_and_several_labels_go_the_same_road() -> None:
    for changed in ({"kind": "rating", "labels": []}, {"kind": "multi-choice"}):
        assert _found(_plan(items=25, **changed)).outcome.settled == 25


def test_own_data_is_used_whoever_it_is_for(tmp_path: Path) -> None:
    rows = [f"{n},dish {n},{'mild' if n < 20 else ''}" for n in range(30)]
    (tmp_path / "data.csv").write_text("\n".join(["id,dish,gold", *rows]))
    plan = _plan(audience={"languages": ["ko"], "gate": 4, "invited": True}, show={"text": "dish"})
    found = _found(Plan(plan.spec, 12, 1, 0, tmp_path / "data.csv"))
    assert found.outcome.settled == found.outcome.items == 27


def test_with_no_gold_and_a_fixed_overlap_it_goes_too() -> None:
    found = _found(_plan(overlap=2, gold={"share": 0}, reward=None))
    assert found.outcome.answers == 80
    assert found.outcome.cost is None


def test_ways_to_run_it_are_compared_and_the_least_effort_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tasks.simulation.plan._PEOPLE", 12)
    monkeypatch.setattr("tasks.simulation.plan._ITEMS_EACH", 2)
    monkeypatch.setattr("tasks.simulation.plan.OVERLAPS", ("2", {"min": "1", "max": "3", "confidence": "0.9"}))
    told: list[tuple[int, int]] = []
    cells = list(grid(_plan(), lambda done, total: told.append((done, total))))
    assert [(cell.overlap.min, cell.overlap.max) for cell in cells[:3]] == [(2, 2), (1, 3), (1, 5)]
    assert [cell.gold for cell in cells] == [0.1, 0.1, 0.1, 0.05, 0.2]
    assert told == [(n, 5) for n in range(1, 6)]
    assert best(cells) in cells


def test_a_point_of_accuracy_is_worth_one_more_answer() -> None:
    overlap = Spec.model_validate(_FILE).overlap
    cheap, dear = (Cell(overlap, 0.1, right, 0.0, answers, 1.0, None) for right, answers in ((0.95, 3.0), (0.97, 4.5)))
    assert best([cheap, dear]) is dear
    assert best([cheap, Cell(overlap, 0.1, 0.97, 0.0, 5.5, 1.0, None)]) is cheap
    assert best([Cell(overlap, 0.1, 0.97, 0.5, 4.5, 1.0, None), cheap]) is cheap


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_hundred_people_end_where_they_should() -> None:
    with simulated(_plan(200, 3_000, **_QUIZ)) as world:
        found = findings(world)
        pairs = world.database.run(lambda tx: tx.all(staff.TWINS, least=0.5, most=99)).result()
        of = {life.who.id: life.somebody for life in world.lives}
    groups = {group.sort: group for group in found.groups}
    assert groups[sorts.CAREFUL].gates[4] > 0.7 * groups[sorts.CAREFUL].people
    assert groups[sorts.EXPERT].kept_out == 0
    assert all(groups[sort].gates[4] <= 1 for sort in (sorts.RANDOM, sorts.SAME))
    assert found.false_alarms <= 2
    assert found.misses <= 5
    assert found.outcome.right > 0.93
    assert pairs
    assert not any(of[number].sort.looks for pair in pairs for number in (pair.worker, pair.other))
    assert sum(of[pair.worker].sheet is of[pair.other].sheet for pair in pairs) >= len(pairs) // 2
    assert all(pair.wrong > pair.chance for pair in pairs)
