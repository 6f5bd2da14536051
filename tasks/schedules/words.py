"""A schedule in words: what it does, when it comes, how it went."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from tasks.schedules.table import Row, error_of
from tasks.schedules.work import work_of
from tasks.words import City, Join, Moment, Words, _

TIMES: Mapping[str, Words] = MappingProxyType(
    {
        "0 9 * * *": _("Every day at 09:00"),
        "0 9 * * 1": _("Mondays at 09:00"),
        "0 9 1 * *": _("On the 1st of each month at 09:00"),
    }
)
"""Lines of cron that have words."""
_LONG_MS = 1_000
"""What takes less is not worth a word."""


def called(row: Row) -> Words:
    """Its name on screens; of a broadcast the one that it is like."""
    work, arguments = work_of(row.what), json.loads(row.arguments)
    if "broadcast" in arguments:
        return _("A broadcast like {number}", number=arguments["broadcast"])
    return work.called if work else row.name


def says(row: Row) -> Words:
    """What it does."""
    work = work_of(row.what)
    return work.says if work else _("nothing that this version knows")


def often(row: Row) -> Words:
    """How often, or by which line in which zone."""
    arguments = json.loads(row.arguments)
    if "at" in arguments:
        return _("at {time}, by each person’s own clock", time=arguments["at"])
    if row.every_ms:
        return _("every {time}", time=timedelta(milliseconds=row.every_ms))
    if row.cron in TIMES:
        return _("{time}, {city} time", time=TIMES[row.cron], city=City(row.zone))
    return _("by “{cron}”, {city} time", cron=row.cron, city=City(row.zone))


def upcoming(row: Row) -> Words:
    """When it comes next."""
    if row.next_at is not None:
        return _("next {when}", when=Moment(row.next_at))
    return _("paused") if row.paused else _("never again")


def went(row: Row) -> Words:
    """When it was done last, and whether it went well."""
    if row.last_at is None:
        return _("not done yet")
    error = error_of(row)
    if error is not None:
        return _("⚠ not well {when}: {error}", when=Moment(row.last_at), error=error)
    if (row.last_ms or 0) < _LONG_MS:
        return _("went well {when}", when=Moment(row.last_at))
    return _("went well {when}, in {span}", when=Moment(row.last_at), span=timedelta(milliseconds=row.last_ms))


def lines(row: Row) -> Sequence[Words]:
    """All that its card says."""
    arguments, work = json.loads(row.arguments), work_of(row.what)
    said = [says(row), often(row)]
    if "broadcast" in arguments:
        said.append(_("like broadcast {number}", number=arguments["broadcast"]))
    said += [upcoming(row), went(row)]
    return [*said, Join(("⚠ ", work.stops))] if row.paused and work and work.stops else said


def plain(row: Row) -> Mapping[str, Any]:
    """The same as JSON has it."""
    arguments = {key: value for key, value in json.loads(row.arguments).items() if key != "before"}
    known = row._asdict() | {"arguments": arguments, "went_well": row.last_at and not row.last_error}
    return {key: value for key, value in known.items() if key not in {"id", "last_error"}}
