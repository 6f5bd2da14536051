"""Amounts as files write them: major units with a point, as many digits after it as the currency has."""

from __future__ import annotations

import re
from decimal import Decimal

POINTS = "points"
"""The currency of a project that counts and does not pay; it has no digits."""
_AMOUNT = re.compile(r"[0-9]{1,15}(?:\.([0-9]+))?")


def precision(currency: str) -> int:
    """Digits after the point of a currency (CLDR)."""
    if currency == POINTS:
        return 0
    from babel.numbers import get_currency_precision  # noqa: PLC0415 - only projects that pay need it

    return int(get_currency_precision(currency))


def example(currency: str, major: int) -> str:
    """How an amount is written, to be shown: a thousand times as much where the currency has no digits."""
    return str(major if precision(currency) else 1_000 * major)


def write_amount(minor: int, currency: str) -> str:
    """The amount in major units, such as “0.05”."""
    return format(Decimal(minor).scaleb(-precision(currency)), "f")


def minor_units(written: str, currency: str) -> int | None:
    """Minor units of what ``write_amount`` writes; None for anything else, such as “1,5”, “1e9” or too many digits."""
    match = _AMOUNT.fullmatch(written)
    digits = precision(currency)
    if not match or len(match[1] or "") > digits:
        return None
    return int(Decimal(written).scaleb(digits))
