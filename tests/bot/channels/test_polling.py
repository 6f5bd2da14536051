"""The backlog: an offset confirms what is done, nothing else."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.polling import Backlog


def _updates(*numbers: int) -> list[dict[str, Any]]:
    return [{"update_id": number} for number in numbers]


def test_the_offset_stays_before_the_oldest_that_is_not_done() -> None:
    backlog = Backlog()
    assert backlog.offset == 0
    assert backlog.fresh(_updates(12, 10, 11, 10)) == _updates(10, 11, 12)
    backlog.finish(12)
    backlog.finish(11)
    assert backlog.offset == 10
    assert backlog.fresh(_updates(10, 11, 12, 13)) == _updates(13), "in hand or done: not new"
    backlog.finish(10)
    assert backlog.offset == 13
    backlog.finish(13)
    assert backlog.offset == 14
    assert backlog.idle.is_set()


@given(st.data())
def test_each_update_is_begun_once_and_confirmed_once_done(data: st.DataObject) -> None:
    backlog, waiting = Backlog(), list(range(5, 25))
    begun: list[int] = []
    hand: list[int] = []
    while waiting or hand:
        waiting = [number for number in waiting if number >= backlog.offset]
        fresh = backlog.fresh(_updates(*waiting[:7]))
        begun += [one["update_id"] for one in fresh]
        hand += [one["update_id"] for one in fresh]
        for number in data.draw(st.lists(st.sampled_from(hand), unique=True, min_size=1) if hand else st.just([])):
            hand.remove(number)
            backlog.finish(number)
        assert all(number >= backlog.offset for number in hand)
    assert begun == list(range(5, 25))
    assert backlog.offset == 25
