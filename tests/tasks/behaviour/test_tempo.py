"""Times: a median from a histogram is right within a bucket, and reading takes its time in each script."""

from __future__ import annotations

import math
from statistics import median_low

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.behaviour import tempo


@given(st.lists(st.integers(250, 3_600_000), min_size=1, max_size=300))
def test_the_median_is_right_within_a_bucket(times: list[int]) -> None:
    counts = [0] * tempo.BUCKETS
    for millis in times:
        counts[tempo.bucket(millis)] += 1
    found = tempo.quantile(counts, 0.5)
    assert found is not None
    assert abs(math.log(found / median_low(times))) <= math.log(tempo.RATIO) + 1e-9


@given(st.floats(1, 1e9))
def test_each_time_has_a_bucket(millis: float) -> None:
    n = tempo.bucket(millis)
    assert 0 <= n < tempo.BUCKETS
    if 250 < millis < 3_600_000:
        assert 250 * tempo.RATIO**n <= millis * (1 + 1e-9)
        assert millis <= 250 * tempo.RATIO ** (n + 1) * (1 + 1e-9)


def test_the_spread_of_a_normal_logarithm() -> None:
    counts = [0] * tempo.BUCKETS
    for n in range(1, 2_000):
        counts[tempo.bucket(8_000 * math.exp(0.5 * _normal(n / 2_000)))] += 1
    assert tempo.spread(counts) == pytest.approx(0.5, rel=0.05)
    assert tempo.spread([0] * tempo.BUCKETS) is None


def _normal(share: float) -> float:
    from statistics import NormalDist  # noqa: PLC0415 - only here

    return NormalDist().inv_cdf(share)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("", 0),
        ("word " * 238, 60),
        ("가" * 600, 60),
        ("漢" * 255, 60),
        ("かな漢" * 119, 60),
        ("한국어 " * 100 + "word " * 119, 60),
        ("слово " * 119, 30),
    ],
)
def test_reading(text: str, seconds: float) -> None:
    assert tempo.reading_ms(text) / 1000 == pytest.approx(seconds, rel=0.01)


def test_only_what_is_shown_has_to_be_read() -> None:
    assert tempo.reading_ms("a " * 1_000) == tempo.reading_ms("a " * 100_000)


def test_skimming_is_allowed_and_nobody_taps_in_no_time() -> None:
    assert tempo.least_ms(0) == 500
    assert tempo.least_ms(30_000) == 10_000
    assert [tempo.length(reading) for reading in (0, 2_000, 2_001, 8_001, 31_000)] == [0, 0, 1, 2, 3]
