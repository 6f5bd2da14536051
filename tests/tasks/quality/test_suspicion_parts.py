"""The parts of telling who looks: sheets in blocks, pairs within bounds, tempo."""

from __future__ import annotations

import numpy as np
import pytest

from tasks.quality import copying, honest
from tasks.quality.copying import find
from tasks.quality.habits import learn, others
from tasks.quality.honest import kinds
from tasks.quality.idle import asleep
from tasks.quality.kernel import Table
from tasks.quality.passes import votes
from tasks.quality.sheets import Sheets, by_worker
from tasks.quality.tempo import tempo
from tests.support.town import EACH, HONEST, TASKS, Town


def _with_a_sheet(of: int) -> Town:
    town = Town()
    tasks, sheet = town.some(), town.rng.integers(3, size=TASKS)
    for _ in range(of):
        town.add(tasks, lambda _place, task: int(sheet[task]))
    return town


def test_sheets_keep_each_workers_order() -> None:
    town = Town()
    crowd = town.crowd()
    sheets, order = by_worker(crowd)
    for worker, sheet in enumerate(town.sheets):
        part = sheets.part(worker, worker + 1)
        assert (part.task.tolist(), part.label.tolist()) == (sheet.tasks, sheet.labels)
    assert (crowd.task[order] == sheets.task).all()


@pytest.mark.parametrize("most", [1, EACH, 3 * EACH + 1, 10**6])
def test_blocks_hold_everybody_once(most: int) -> None:
    sheets, _order = by_worker(Town().crowd())
    blocks = list(sheets.blocks(most))
    assert [block.first_worker for block in blocks] == np.cumsum([0, *(b.workers for b in blocks)])[:-1].tolist()
    assert np.concatenate([block.task for block in blocks]).tolist() == sheets.task.tolist()
    assert all(len(block) <= max(most, EACH) for block in blocks)
    assert np.concatenate([block.by_label() for block in blocks]).tolist() == sheets.by_label().tolist()


def test_what_the_others_say_leaves_out_the_author_and_whoever_is_alike() -> None:
    crowd = _with_a_sheet(of=4).crowd(gold=0.0)
    sheets, _order = by_worker(crowd)
    habits = learn(Table(crowd), crowd, votes(crowd), np.full(crowd.workers, 0.9))
    alone = others(habits, crowd, sheets, sheets, None)
    apart = others(habits, crowd, sheets, sheets, find(sheets, habits).company(len(sheets)))
    sheet = sheets.worker >= HONEST
    own = np.arange(len(sheets)), sheets.label
    assert alone.sum(axis=1) == pytest.approx(np.ones(len(sheets)))
    assert apart[own][sheet].mean() < alone[own][sheet].mean() - 0.05
    assert apart[own][sheet].mean() == pytest.approx(1 / 3, abs=0.05)


def test_a_group_is_found_in_crowded_tasks_too(monkeypatch: pytest.MonkeyPatch) -> None:
    crowd = _with_a_sheet(of=3).crowd()
    sheets, _order = by_worker(crowd)
    habits = learn(Table(crowd), crowd, votes(crowd), np.full(crowd.workers, 0.9))
    free = find(sheets, habits)
    assert (free.worker[:3].tolist(), free.other[:3].tolist()) == ([30, 30, 31], [31, 32, 32])
    assert np.bincount(free.pair)[:3].tolist() == [EACH] * 3
    assert (free.worker < free.other).all()
    assert (sheets.task[free.mine] == sheets.task[free.theirs]).all()
    monkeypatch.setattr(copying, "MOST_ITEMS", 3 * EACH)
    few = find(sheets, habits)
    assert (few.worker.tolist(), few.other.tolist()) == ([30, 30, 31], [31, 32, 32])
    monkeypatch.setattr(copying, "MOST_PRODUCTS", 4 * TASKS)
    assert len(find(sheets, habits)) < 3


def test_kinds_that_tell_little_are_no_kinds_of_looking() -> None:
    crowd = Town().crowd()
    habits = learn(Table(crowd), crowd, votes(crowd), np.full(crowd.workers, 0.9))
    people = kinds(habits)
    assert people.tables.sum(axis=2) == pytest.approx(np.ones(people.tables.shape[:2]))
    assert people.possible[0].all()
    assert not people.possible.all()
    assert (np.diff(people.tables[:, 0, 0]) > 0).all()


def test_frequencies_of_kinds_follow_the_crowd() -> None:
    able, poor = (_frequent_ability(Town(able=able)) for able in ((40.0, 2.0), (10.0, 10.0)))
    assert able > poor
    # Ability is measured against the crowd's own usual one, so both are about 0.
    assert abs(able) < 1 > abs(poor)


def _frequent_ability(town: Town) -> float:
    crowd = town.crowd()
    sheets, _order = by_worker(crowd)
    habits = learn(Table(crowd), crowd, votes(crowd), np.full(crowd.workers, 0.9))
    people = kinds(habits)
    chance = honest.chances(people, others(habits, crowd, sheets, sheets, None), sheets.label)
    share = honest.fit(people, honest.evidence(people, sheets, chance), np.ones(crowd.workers))
    assert share.sum() == pytest.approx(1)
    return float(share.sum(axis=0) @ people.abilities)


def test_the_place_of_falling_asleep_is_the_likeliest() -> None:
    chance = np.concatenate([np.full(12, 0.9), np.full(8, 0.05)])[None, :]
    nobody = np.zeros(20, np.int32)
    sheets = Sheets(nobody, nobody, nobody, np.array([0, 20]), labels=4)
    logs, before = asleep(sheets, chance, np.ones(1))
    assert before.tolist() == [12]
    places = [s * np.log(0.9) if s <= 12 else 12 * np.log(0.9) + (s - 12) * np.log(0.05) for s in range(5, 16)]
    every = [place + (20 - s) * np.log(0.25) - np.log(20) for s, place in zip(range(5, 16), places, strict=True)]
    assert logs[0] == pytest.approx(np.logaddexp.reduce(every))


def test_tempo_is_silent_where_nothing_is_known() -> None:
    sheets, order = by_worker(Town().crowd())
    assert not tempo(sheets, None).odds.any()
    unknown = np.full(len(sheets), np.nan)
    assert not tempo(sheets, unknown).odds.any()
    unknown[:EACH] = 0.0
    assert not tempo(sheets, unknown[order]).odds.any()


def test_only_those_far_faster_than_usual_are_hasty() -> None:
    town = Town()
    for seconds in (0.8, 4.0, 80.0):
        town.looks(0.9, seconds=seconds)
    crowd = town.crowd(timed=True)
    assert crowd.seconds is not None
    sheets, order = by_worker(crowd)
    pace = tempo(sheets, crowd.seconds[order])
    fast, brisk, slow = pace.odds[HONEST:]
    assert fast > 1
    assert max(brisk, slow) < 0.5
    assert pace.usual == pytest.approx(8.0, rel=0.1)
    assert pace.seconds[HONEST] == pytest.approx(0.8, rel=0.2)
