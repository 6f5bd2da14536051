"""Words as JSON: how what people read is kept in a row, not yet in a language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from tasks.words import City, Day, Join, Local, Moment, Money, Share, Text


def pack(value: Any) -> Any:  # noqa: C901, PLR0911 - one line a shape
    """Words, or a value in them, as JSON has it."""
    if isinstance(value, str | int):
        return value
    if isinstance(value, Text):
        return {"text": value.message, "values": {k: pack(v) for k, v in value.values.items()}, "plural": value.plural}
    if isinstance(value, Local):
        return {"local": dict(value.by_language)}
    if isinstance(value, City):
        return {"city": value.zone}
    if isinstance(value, Join):
        return {"join": [pack(part) for part in value.parts], "between": value.between}
    if isinstance(value, Money):
        return {"money": [value.minor, value.currency]}
    if isinstance(value, Share):
        return {"share": value.value}
    if isinstance(value, Moment):
        return {"moment": value.millis}
    if isinstance(value, Day):
        return {"day": value.day}
    if isinstance(value, timedelta):
        return {"seconds": value.total_seconds()}
    return str(value)


def unpack(value: Any) -> Any:  # noqa: PLR0911 - one line a shape
    """What ``pack`` made JSON of."""
    if not isinstance(value, dict):
        return value
    if "text" in value:
        return Text(value["text"], {k: unpack(v) for k, v in value["values"].items()}, value["plural"])
    if "local" in value:
        return Local(value["local"])
    if "city" in value:
        return City(value["city"])
    if "join" in value:
        return Join([unpack(part) for part in value["join"]], value["between"])
    if "money" in value:
        return Money(*value["money"])
    if "share" in value:
        return Share(value["share"])
    if "moment" in value:
        return Moment(value["moment"])
    if "day" in value:
        return Day(value["day"])
    return timedelta(seconds=value["seconds"])
