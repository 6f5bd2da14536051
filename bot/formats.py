"""Values as one language writes them: numbers, money, percentages, times and spans of time."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType

from babel import Locale
from babel.core import get_global
from babel.dates import format_skeleton, get_day_names
from babel.numbers import format_currency, format_decimal, format_percent, get_currency_precision, is_currency
from babel.units import format_unit

_KEPT = 4096
"""How many written values a language keeps of each sort: people see the same few numbers all day."""

_ALMOST = 0.99
_CITIES: Mapping[tuple[str, str], str] = MappingProxyType(
    {("ko", "Asia/Ho_Chi_Minh"): "호찌민", ("ko", "Asia/Yangon"): "양곤"}
)
"""What people say today, where CLDR has a name of former days."""


@lru_cache(_KEPT)
def _names_of(zone: str) -> tuple[str, ...]:
    """All names that a zone has had, this one first."""
    aliases = get_global("zone_aliases")
    now = aliases.get(zone, zone)
    return (zone, now, *(before for before, name in aliases.items() if name == now))


class Formats:
    """The formats of one language."""

    def __init__(self, language: str) -> None:
        self._locale = Locale.parse(language)
        self.number = lru_cache(_KEPT)(self._number)
        self.money = lru_cache(_KEPT)(self._money)
        self.share = lru_cache(_KEPT)(self._share)
        self.span = lru_cache(_KEPT)(self._span)

    def _number(self, value: int) -> str:
        return str(format_decimal(value, locale=self._locale))

    def _money(self, minor: int, currency: str) -> str:
        """``minor`` units of an ISO 4217 currency; a currency that nobody knows is a number and its own name."""
        if not is_currency(currency, self._locale):
            return f"{self.number(minor)} {currency}"
        major = Decimal(minor).scaleb(-get_currency_precision(currency))
        return format_currency(major, currency, locale=self._locale)

    def _share(self, value: float) -> str:
        """Whole percent; 100 only when nothing is left."""
        return format_percent(min(value, _ALMOST) if value < 1 else value, locale=self._locale)

    def _span(self, span: timedelta) -> str:
        """One unit, as people say it: 30 seconds, 4 minutes, 90 minutes, 2 hours, 3 days."""
        seconds = max(span.total_seconds(), 0)
        for unit, length in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
            if seconds >= 2 * length or seconds == length:
                return self._unit(seconds / length, unit)
        return self._unit(seconds / 60, "minute") if seconds > 60 else self._unit(seconds, "second")  # noqa: PLR2004

    def _unit(self, amount: float, unit: str) -> str:
        return str(format_unit(round(amount), f"duration-{unit}", length="short", locale=self._locale))

    def city(self, zone: str) -> str:
        """The city of a time zone (IANA name); CLDR knows some zones by a name that they had before."""
        said = _CITIES.get((self._locale.language, zone))
        if said:
            return said
        known = self._locale.time_zones
        named = (known[name]["city"] for name in _names_of(zone) if "city" in known.get(name, {}))
        return str(next(named, zone.rpartition("/")[2].replace("_", " ")))

    def time(self, moment: datetime) -> str:
        """Hour and minute, 0 to 24."""
        return format_skeleton("Hm", moment, locale=self._locale)

    def day(self, moment: datetime) -> str:
        """The day of the week, short; in full where the short form is one character, which reads as no day."""
        short, full = (get_day_names(width, "stand-alone", self._locale) for width in ("abbreviated", "wide"))
        name = short[moment.weekday()]
        return str(name if len(name) > 1 else full[moment.weekday()])

    def date(self, moment: datetime, *, year: bool) -> str:
        """Month and day, with the year where it is not this one."""
        return format_skeleton("yMMMd" if year else "MMMd", moment, locale=self._locale)
