"""Who gives no information is found, with the reason; whoever looks is not, however slow, poor or odd they are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from tasks.quality.crowd import UNKNOWN, Crowd
from tasks.quality.reasons import reasons
from tasks.quality.suspicion import FEWEST_ANSWERS, Explanation, Suspicion, suspect
from tests.support.town import EACH, HONEST, TASKS, Town


def _said(suspicion: Suspicion, worker: int) -> list[str]:
    return [reason.message for reason in reasons(suspicion, worker)]


@pytest.mark.parametrize("labels", [2, 3, 8])
def test_chance_is_found(labels: int) -> None:
    town = Town(labels, seed=2)
    worker = town.add(town.some(), town.any_label)
    found = suspect(town.crowd())
    assert found.flag.tolist() == [False] * HONEST + [True]
    assert found.explanation[worker] == Explanation.CHANCE
    (why,) = reasons(found, worker)
    assert why.message.startswith("About {agreed} of {n} answers fit")
    assert why.values["n"] == EACH
    assert abs(int(str(why.values["agreed"])) - EACH / labels) < EACH / 5


def test_one_label_is_found() -> None:
    town = Town()
    worker = town.add(town.some(), lambda place, _task: 1 if place != 7 else 2)
    found = suspect(town.crowd())
    assert found.flag[worker]
    assert found.explanation[worker] == Explanation.ONE_LABEL
    first, second = reasons(found, worker)
    assert (first.message, first.values) == (
        "Nearly always the same label: {same} of {n} answers.",
        {"same": EACH - 1, "n": EACH},
    )
    assert second.message.startswith("About")


def test_the_usual_mix_of_labels_is_found() -> None:
    town = Town(labels=3, shares=(0.7, 0.2, 0.1))
    worker = town.add(town.some(120), lambda *_: int(town.rng.choice(3, p=(0.7, 0.2, 0.1))))
    found = suspect(town.crowd())
    assert found.flag[worker]
    assert found.explanation[worker] == Explanation.SHARES
    assert _said(found, worker)[0] == "The labels come in their usual mix, but hardly depend on the item."


def test_a_shared_sheet_is_found_and_its_pairs() -> None:
    town = Town()
    sheet, tasks = town.rng.integers(3, size=TASKS), town.some()
    group = [town.add(tasks, lambda _place, task: int(sheet[task])) for _ in range(3)]
    found = suspect(town.crowd())
    assert found.flag.tolist() == [False] * HONEST + [True] * 3
    assert {int(kind) for kind in found.explanation[group]} == {Explanation.COPYING}
    pairs = list(zip(found.alike.worker.tolist(), found.alike.other.tolist(), strict=True))
    assert pairs == [(group[0], group[1]), (group[0], group[2]), (group[1], group[2])]
    assert found.alike.strength.min() > 0.99
    (why,) = reasons(found, group[0])
    assert (why.values["equal"], why.values["shared"]) == (EACH, EACH)


def test_who_copies_an_honest_person_is_found_and_not_the_person() -> None:
    town = Town(able=(5.0, 3.0))
    tasks, labels, _seconds = town.sheets[0]
    given = dict(zip(tasks, labels, strict=True))
    # A task later each: the copy always comes after its original.
    worker = town.add([*town.some(1), *tasks], lambda _place, task: given.get(task, 0))
    found = suspect(town.crowd())
    assert found.flag[worker]
    assert found.explanation[worker] == Explanation.COPYING
    assert not found.flag[0]
    assert (found.alike.worker.tolist(), found.alike.other.tolist()) == ([0], [worker])


def test_falling_asleep_is_found_with_the_place() -> None:
    town = Town()
    worker = town.add(town.some(), lambda place, task: town.seen(task, 0.95) if place < 25 else town.any_label())
    found = suspect(town.crowd())
    assert found.flag[worker]
    assert found.explanation[worker] == Explanation.ASLEEP
    assert found.awake[worker] == pytest.approx(25, abs=4)
    assert _said(found, worker) == ["The first {before} of {n} answers fit; those since look like chance."]


def test_haste_speaks_against_somebody_and_is_named() -> None:
    town = Town(able=(6.0, 3.0))
    slow = town.add(town.some(14), town.any_label)
    town.sheets.append(town.sheets[slow]._replace(seconds=0.8))
    crowd = town.crowd(timed=True)
    # The same answers, once in the usual time and once in a tenth of it, in crowds of their own.
    keep = [np.flatnonzero(crowd.worker != other) for other in (slow + 1, slow)]
    calm, hasty = (suspect(_part(crowd, places)) for places in keep)
    assert hasty.log_odds[slow + 1] > calm.log_odds[slow] + 1
    assert hasty.flag[slow + 1]
    assert _said(hasty, slow + 1)[-1] == "Much faster than usual: {own} an item where others take {usual}."


def _part(crowd: Crowd, places: np.ndarray) -> Crowd:
    seconds = None if crowd.seconds is None else crowd.seconds[places]
    return replace(
        crowd, task=crowd.task[places], worker=crowd.worker[places], label=crowd.label[places], seconds=seconds
    )


def test_nobody_who_looks_is_flagged() -> None:
    town = Town()
    slow_expert = town.looks(0.98, seconds=60.0)
    quick_expert = town.looks(0.95, seconds=1.0)
    poor = town.looks(0.55, n=100)
    swapper = town.add(town.some(), lambda _place, task: (1, 0, 2)[int(town.seen(task, 0.9))])
    ones = [task for task in town.some(TASKS) if town.truth[task] == 0][:40]
    specialist = town.add(ones, lambda _place, task: town.seen(task, 0.95))
    newcomer = town.add(town.some(3), town.any_label)
    wrong_newcomer = town.add(town.some(FEWEST_ANSWERS - 1), lambda _place, task: int((town.truth[task] + 1) % 3))
    twins = [town.add(tasks, lambda _place, task: town.seen(task, 0.97)) for tasks in [town.some()] * 2]
    found = suspect(town.crowd(timed=True))
    good = [slow_expert, quick_expert, poor, swapper, specialist, newcomer, wrong_newcomer, *twins]
    assert found.flag[good].tolist() == [False] * len(good)
    assert not found.flag.any()
    assert reasons(found, poor) == ()
    assert len(found.alike.worker) == 0


def test_poor_people_rank_below_those_without_information() -> None:
    town = Town()
    poor = [town.looks(0.5) for _ in range(4)]
    idle = [town.add(town.some(), town.any_label) for _ in range(4)]
    odds = suspect(town.crowd()).log_odds
    assert odds[poor].max() < odds[idle].min()


def test_the_numbering_of_workers_tasks_and_labels_changes_nothing() -> None:
    town = Town()
    tasks, sheet = town.some(), town.rng.integers(3, size=TASKS)
    for give in (town.any_label, *[lambda _place, task: int(sheet[task])] * 2, lambda *_: 1):
        town.add(tasks, give)
    crowd = town.crowd(timed=True)
    renumber = [np.random.default_rng(1).permutation(n).astype(np.int32) for n in (TASKS, crowd.workers, crowd.labels)]
    tasks_to, workers_to, labels_to = renumber
    gold = np.full(TASKS, UNKNOWN, np.int32)
    assert crowd.gold is not None
    gold[tasks_to] = np.where(crowd.gold == UNKNOWN, UNKNOWN, labels_to[crowd.gold])
    other = replace(
        crowd, task=tasks_to[crowd.task], worker=workers_to[crowd.worker], label=labels_to[crowd.label], gold=gold
    )
    before, after = suspect(crowd), suspect(other)
    assert after.log_odds[workers_to] == pytest.approx(before.log_odds, abs=1e-6)
    assert (after.flag[workers_to] == before.flag).all()
    assert (after.explanation[workers_to] == before.explanation).all()


def test_it_is_the_same_bit_for_bit() -> None:
    town = Town()
    town.add(town.some(), town.any_label)
    crowd = town.crowd(timed=True)
    first, second = suspect(crowd), suspect(crowd)
    assert first.log_odds.tobytes() == second.log_odds.tobytes()
    assert first.agreed.tobytes() == second.agreed.tobytes()


def test_a_belief_that_is_given_is_started_from() -> None:
    town = Town()
    worker = town.add(town.some(), town.any_label)
    certain = np.eye(3)[town.truth]
    found = suspect(town.crowd(gold=0.0), certain)
    assert found.flag.tolist() == [False] * HONEST + [True]
    assert found.explanation[worker] == Explanation.CHANCE


@pytest.mark.parametrize("labels", [1, 2, 5])
def test_crowds_of_hardly_anybody(labels: int) -> None:
    none = np.empty(0, np.int32)
    empty = suspect(Crowd(none, none, none, 3, 2, labels))
    assert not empty.flag.any()
    assert np.isfinite(empty.log_odds).all()
    alone = np.arange(12, dtype=np.int32)
    one = suspect(Crowd(alone, np.zeros(12, np.int32), alone % labels, 12, 1, labels, seconds=np.full(12, np.nan)))
    assert np.isfinite(one.log_odds).all()
    assert not one.flag.any()
