"""Habits: what was added is taken away again, bytes and back, the last answers one by one."""

from __future__ import annotations

from statistics import median

from hypothesis import given
from hypothesis import strategies as st

from tasks.behaviour import tempo
from tasks.behaviour.habits import RING, SLOTS, Habits, Made
from tasks.behaviour.packed import bumped, packed, unpacked
from tasks.behaviour.pool import added_up
from tasks.behaviour.sittings import GAP_MS

SOME = st.integers(0, 3)
HOW = st.builds(
    Made,
    at=st.integers(-GAP_MS, 3 * GAP_MS),  # after the one before; below 0 the clock goes back
    millis=st.integers(0, 3_600_000),
    length=st.integers(0, tempo.LENGTHS - 1),
    fast=st.booleans(),
    slot=st.integers(0, SLOTS - 1),
    mark=st.integers(0, 2),
    hour=st.none() | st.integers(0, 23),
    changes=SOME,
    edits=SOME,
    instructions=SOME,
    media=SOME,
    retries=SOME,
)
DEEDS = st.lists(st.tuples(st.sampled_from(["answer", "answer", "skip", "undo"]), HOW), max_size=40)


def _do(habits: Habits, what: str, made: Made) -> None:
    if what == "answer":
        habits.answered(made)
    else:
        habits.skipped(made)


def _undo(habits: Habits, what: str, made: Made) -> None:
    if what == "answer":
        habits.unanswered(made)
    else:
        habits.unskipped(made)


def _told(habits: Habits) -> tuple[object, ...]:
    """All that anybody reads of them; that something was undone stays."""
    habits.counts.undone = 0
    shown = habits.ring[-RING:]
    return habits.counts, habits.now, habits.times, habits.mix, habits.hours, shown


@given(DEEDS)
def test_what_was_undone_has_never_been(deeds: list[tuple[str, Made]]) -> None:
    habits, kept, now, undoable = Habits(), list[tuple[str, Made]](), 1_000_000, False
    for what, made in deeds:
        if what == "undo":
            if undoable:
                _undo(habits, *kept.pop())
            undoable = False
            continue
        now += made.at
        kept.append((what, made._replace(at=now)))
        _do(habits, *kept[-1])
        undoable = True
    again = Habits()
    for what, made in kept:
        _do(again, what, made)
    assert _told(habits) == _told(again)


@given(DEEDS)
def test_bytes_and_back(deeds: list[tuple[str, Made]]) -> None:
    habits = Habits()
    for what, made in deeds:
        _do(habits, "skip" if what == "undo" else what, made._replace(at=abs(made.at)))
    assert Habits.unpack(habits.pack()) == habits
    assert habits.now.sitting == 0 or habits.now.place > 0


@given(st.lists(DEEDS, max_size=4))
def test_the_crowd_is_the_sum(people: list[list[tuple[str, Made]]]) -> None:
    several = []
    for deeds in people:
        one = Habits()
        for what, made in deeds:
            _do(one, "skip" if what == "undo" else what, made._replace(at=abs(made.at)))
        several.append(one)
    crowd = added_up(several)
    answers = sum(one.answers for one in several)
    assert crowd.answers == answers == sum(crowd.mix) == sum(map(sum, crowd.times))
    assert crowd.hours == [sum(hour) for hour in zip([0] * 24, *(one.hours for one in several), strict=True)]
    assert Habits.unpack(crowd.pack()) == crowd


@given(st.lists(st.integers(250, 3_600_000), min_size=1, max_size=200))
def test_the_last_answers_are_kept_one_by_one(times: list[int]) -> None:
    habits = Habits()
    for at, millis in enumerate(times):
        habits.answered(Made(at, millis=millis, fast=millis < 1_000))
    for last in (1, 10, RING, 1_000):
        seen = times[-min(last, RING) :]
        seconds, fast = habits.seconds(last), habits.fast_share(last)
        assert seconds is not None
        assert abs(seconds / (median(seen) / 1000) - 1) < 0.05
        assert fast == sum(one < 1_000 for one in seen) / len(seen)


@given(st.lists(st.tuples(st.integers(0, 55), st.integers(1, 3)), max_size=30))
def test_counts_as_bytes(bumps: list[tuple[int, int]]) -> None:
    counts, kept = [0] * 56, packed([0] * 56)
    for place, by in bumps:
        counts[place] += by
        kept = bumped(kept, place, by)
    assert kept == packed(counts)
    for place, by in bumps:
        kept = bumped(kept, place, -by)
    assert unpacked(kept, 56) == [0] * 56


def test_nothing_is_told_of_nobody() -> None:
    assert (Habits().seconds(), Habits().fast_share(), Habits().run, Habits().answers) == (None, None, 0, 0)


def test_the_same_answer_in_a_row_is_a_run() -> None:
    habits, runs = Habits(), []
    for at, mark in enumerate([5, 5, 5, 7, 7]):
        habits.answered(Made(at, mark=mark))
        runs.append(habits.run)
    assert runs == [1, 2, 3, 1, 2]
    habits.unanswered(Made(4, mark=7))
    assert (habits.run, habits.now.longest) == (1, 3)


def test_a_gap_ends_a_sitting_and_a_skip_has_its_place() -> None:
    habits, stood = Habits(), []
    for at in (0, 10_000, 10_000 + GAP_MS, 10_001 + 2 * GAP_MS):
        habits.answered(Made(1_000 + at))
        habits.skipped(Made(1_000 + at))
        stood.append((habits.now.sitting, habits.now.place))
    assert stood == [(1, 2), (1, 4), (1, 6), (2, 2)]


def test_a_clock_that_goes_back_begins_nothing() -> None:
    habits = Habits()
    day = 86_400_000
    for at in (10 * day, 3 * day, 10 * day + 1):
        habits.answered(Made(at))
    assert (habits.now.sitting, habits.now.place, habits.now.days, habits.now.last_at) == (1, 3, 1, 10 * day + 1)


def test_an_undo_of_what_was_never_recorded_changes_nothing() -> None:
    habits = Habits()
    habits.unanswered(Made(1, changes=3))
    habits.unskipped(Made(1, media=3))
    assert habits == Habits()


def test_nothing_is_counted_below_nothing() -> None:
    kept = packed([0, 0, 2])
    assert bumped(packed([]), 3, -1) == packed([])
    assert [bumped(kept, place, -1) for place in (1, 4)] == [kept, kept]
    assert unpacked(bumped(kept, 2, -3), 3) == [0, 0, 0]
