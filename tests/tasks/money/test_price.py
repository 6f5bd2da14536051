"""Parts of amounts."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.money.price import part


@pytest.mark.parametrize(
    ("amount", "share", "kept"),
    [
        (100, 0.29, 29),  # 0.29 * 100 is 28.999999999999996 as a float
        (100, 0.57, 57),
        (5, 0.5, 3),
        (5, 0.1, 1),
        (4, 0.1, 0),
        (20, 0.0, 0),
        (20, 1.0, 20),
        (10**15 + 1, 0.5, (10**15 + 2) // 2),
        (7, 1e-05, 0),
        (0, 0.5, 0),
        (3, 1, 3),
    ],
)
def test_part(amount: int, share: float, kept: int) -> None:
    assert part(amount, share) == kept


@given(amount=st.integers(0, 10**15), share=st.floats(0, 1))
def test_a_part_and_the_rest_are_the_whole(amount: int, share: float) -> None:
    kept = part(amount, share)
    assert 0 <= kept <= amount
    assert abs(Fraction(kept) - amount * Fraction(repr(share))) <= Fraction(1, 2)


@given(amount=st.integers(0, 10**12), hundredths=st.integers(0, 100))
def test_hundredths_are_meant_as_they_are_written(amount: int, hundredths: int) -> None:
    assert part(amount, hundredths / 100) == (2 * amount * hundredths + 100) // 200
