"""Amounts computed from amounts: whole minor units, rounded half up, without a float in between."""

from __future__ import annotations

from fractions import Fraction


def part(amount: int, share: float) -> int:
    """The part of an amount that a share of 0 to 1 stands for; never more than the whole.

    A share means the decimal number that it is written as: 0.29 of 100 are 29, although the float is below.
    """
    exact = amount * Fraction(repr(share))
    rounded = (2 * exact.numerator + exact.denominator) // (2 * exact.denominator)
    return max(0, min(amount, rounded))
