"""When a project will be done: what steady work, nights and bad luck make of it."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tasks.reports.forecast import HOUR_MS, forecast

_NOW = 1_790_000_000_000


def _rng() -> np.random.Generator:
    return np.random.default_rng(1)


def test_steady_work_is_done_when_it_is_divided_out() -> None:
    found = forecast([10] * 24, 100, _NOW, _rng())
    assert found is not None
    assert all(abs(moment - _NOW - 10 * HOUR_MS) < HOUR_MS / 100 for moment in found)


def test_nights_are_nights_in_the_future_too() -> None:
    day = [0] * 12 + [10] * 12
    found = forecast(day * 4, 30, _NOW, _rng())
    assert found is not None
    assert round((found.middle - _NOW) / HOUR_MS) == 15, "the night, and three hours of the day"


def test_uneven_days_are_a_wide_interval() -> None:
    rng = _rng()
    days = [int(n) for size in (2, 20, 5, 30, 1, 25, 8) for n in rng.poisson(size, 24)]
    found = forecast(days, 2_000, _NOW, _rng())
    assert found is not None
    assert found.low < found.middle < found.high
    even = forecast([13] * 168, 2_000, _NOW, _rng())
    assert even is not None
    assert found.high - found.low > 4 * (even.high - even.low)


def test_it_holds_as_often_as_it_says() -> None:
    """80 % of futures like the past end inside."""
    rng, inside, times = _rng(), 0, 120
    for _time in range(times):
        rates = rng.gamma(4, 3, 40)
        hours = [int(n) for rate in rates for n in rng.poisson(rate, 24)]
        found = forecast(hours[: 7 * 24], 800, _NOW, rng)
        assert found is not None
        end = _NOW + HOUR_MS * int(np.searchsorted(np.cumsum(hours[7 * 24 :]), 800) + 1)
        inside += found.low - HOUR_MS <= end <= found.high + HOUR_MS
    assert 0.6 < inside / times < 0.95


def test_nothing_settled_is_no_forecast() -> None:
    assert forecast([], 10, _NOW, _rng()) is None
    assert forecast([0] * 30, 10, _NOW, _rng()) is None
    assert forecast([1], 0, _NOW, _rng()) is None
    assert forecast([1] + [0] * 167, 10**9, _NOW, _rng()) is None, "longer than anybody plans"


@settings(deadline=None)
@given(st.lists(st.integers(0, 50), max_size=400), st.integers(0, 5_000))
def test_it_is_in_order_and_not_in_the_past(hours: list[int], left: int) -> None:
    found = forecast(hours, left, _NOW, _rng())
    if found is not None:
        assert _NOW <= found.low <= found.middle <= found.high
