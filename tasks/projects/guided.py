"""A project put together from a few answers: each is read with one sentence where it is wrong, then all make a file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from db.errors import InputError, told
from tasks.calendar import zone_of
from tasks.kinds import KINDS, AnswerError
from tasks.money.amounts import POINTS, example, minor_units
from tasks.projects.spec import Spec

KINDS_OFFERED = ("choice", "multi-choice", "rating", "text")
LABELLED = frozenset({"choice", "multi-choice"})
"""Kinds that ask for labels."""
MOST_LABELS, LONGEST_LABEL = 40, 64
LONGEST_TITLE, LONGEST_QUESTION = 100, 500
MOST_ITEMS, LONGEST_ITEM = 200, 3_000
_LONGEST_KEY, _LONGEST_ID = 60, 40
_HOUR = 18
"""At which a day without a time ends."""
_LONGEST_DAYS = 3_650
_MOMENT = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[ T]+(\d{1,2}):(\d{2}))?")

Draft = Mapping[str, Any]
"""What has been answered so far (JSON): ``kind``, ``title``, ``question``, ``labels``, ``scale``, ``length``,
``overlap``, ``needs``, ``pay``, ``who``, ``until``; words are by language."""


class GuidedError(InputError):
    """An answer that does not fit, with an example of one that does."""


class NothingSaidError(GuidedError):
    """Nothing is left of it."""

    message = told("Write a question, such as “Is this dish spicy?”: this is empty.")


class LongWordsError(GuidedError):
    """Too long for a screen."""

    message = told(
        "Write it shorter: {length} characters here, {most} are the most. For example “Is this dish spicy?”."
    )


class FewLabelsError(GuidedError):
    """Nothing to choose between."""

    message = told("Write two labels or more, each on a line of its own. For example:\nSpicy\nMild")


class ManyLabelsError(GuidedError):
    """More than a phone shows."""

    message = told("Write at most {most} labels, each on a line of its own: here are {found}.")


class LongLabelError(GuidedError):
    """Too long for a button."""

    message = told("Write shorter labels, such as “Spicy”: “{label}” is longer than {most} characters.")


class SameLabelError(GuidedError):
    """Two alike."""

    message = told("Write each label once: “{label}” stands there twice.")


class OtherCountError(GuidedError):
    """A translation with more or fewer labels."""

    message = told("Write the same {wanted} labels in the same order: here are {found}.")


class EndsError(GuidedError):
    """Not two ends."""

    message = told("Write what the lowest and the highest mark mean, with a dash between. For example: bad – good")


class PayError(GuidedError):
    """Not an amount."""

    message = told("Write what an answer pays, a space, and the most that all may cost. For example: {answer} {budget}")


class PoorBudgetError(GuidedError):
    """It pays for no answer."""

    message = told("Let all of it cost more than one answer. For example: {answer} {budget}")


class UntilError(GuidedError):
    """Not a day to come."""

    message = told("Write a day to come, perhaps with a time. For example: {example}")


class ManyItemsError(GuidedError):
    """More than somebody types."""

    message = told("Send a file with so many items: {most} are the most that can be written here.")


class LongItemError(GuidedError):
    """One that no screen shows."""

    message = told("Write shorter items, one a line: {most} characters are the most.")


# --------------------------------------------------------------------------- reading answers


def read_words(text: str) -> tuple[str, str]:
    """Title and question: one line is both, of two or more the first is the title. Raises GuidedError."""
    lines = [line for line in (_clean(line) for line in text.splitlines()) if line]
    if not lines:
        raise NothingSaidError
    title, question = lines[0], "\n".join(lines[1:]) or lines[0]
    for said, most in ((title, LONGEST_TITLE), (question, LONGEST_QUESTION)):
        if len(said) > most:
            raise LongWordsError(length=len(said), most=most)
    return title, question


def read_labels(text: str, wanted: int | None = None) -> list[str]:
    """Labels, one a line; ``wanted`` of them where they translate others. Raises GuidedError."""
    labels = [line for line in (_clean(line) for line in text.splitlines()) if line]
    if wanted is not None and len(labels) != wanted:
        raise OtherCountError(wanted=wanted, found=len(labels))
    if len(labels) < 2:  # noqa: PLR2004 - something to choose between
        raise FewLabelsError
    if len(labels) > MOST_LABELS:
        raise ManyLabelsError(most=MOST_LABELS, found=len(labels))
    for at, label in enumerate(labels):
        if len(label) > LONGEST_LABEL:
            raise LongLabelError(label=label[:LONGEST_LABEL], most=LONGEST_LABEL)
        if label in labels[:at]:
            raise SameLabelError(label=label)
    return labels


def read_ends(text: str) -> tuple[str, str]:
    """What the ends of a scale mean. Raises GuidedError."""
    ends = [_clean(end) for end in re.split(r"\s[–—-]\s|\n|[–—]", text.strip()) if _clean(end)]
    if len(ends) != 2 or max(map(len, ends)) > LONGEST_LABEL:  # noqa: PLR2004 - two ends
        raise EndsError
    return ends[0], ends[1]


def read_pay(text: str, currency: str) -> tuple[str, str]:
    """What an answer pays and the most that all may cost, as project files write them. Raises GuidedError."""
    parts = text.replace(",", "").split()
    amounts = [minor_units(part, currency) for part in parts]
    small, large = pay_example(currency)
    if len(parts) != 2 or None in amounts or not amounts[0]:  # noqa: PLR2004 - two amounts
        raise PayError(answer=small, budget=large)
    if (amounts[1] or 0) < (amounts[0] or 0):
        raise PoorBudgetError(answer=small, budget=large)
    return parts[0], parts[1]


def pay_example(currency: str) -> tuple[str, str]:
    """Two amounts as somebody would write them."""
    if currency == POINTS:
        return "1", "1000"
    return ("20", "100000") if example(currency, 1) == "1000" else ("0.05", "100")


def read_until(text: str, zone: str, now: int) -> str:
    """A day to come, with its time there, as project files write it. Raises GuidedError."""
    near = datetime.fromtimestamp(now / 1000, zone_of(zone)) + timedelta(days=10)
    wrong = UntilError(example=f"{near:%Y-%m-%d} {_HOUR}:00")
    match = _MOMENT.fullmatch(text.strip())
    if match is None:
        raise wrong
    hour, minute = (match[4], match[5]) if match[4] else (_HOUR, 0)
    try:
        year, month, day = int(match[1]), int(match[2]), int(match[3])
        then = datetime(year, month, day, int(hour), int(minute), tzinfo=zone_of(zone))
        days = (then.timestamp() * 1000 - now) / 86_400_000
    except (ValueError, OverflowError):
        raise wrong from None
    if not 0 < days <= _LONGEST_DAYS:
        raise wrong
    return then.isoformat(timespec="minutes")


def in_days(days: int, zone: str, now: int) -> str:
    """The evening so many days from now there, as project files write it."""
    then = datetime.fromtimestamp(now / 1000, zone_of(zone)) + timedelta(days=days)
    return then.replace(hour=_HOUR, minute=0, second=0, microsecond=0).isoformat(timespec="minutes")


def _clean(line: str) -> str:
    """A line without what no screen shows."""
    return "".join(c if unicodedata.category(c) not in {"Cc", "Cs"} else " " for c in line).strip()


# --------------------------------------------------------------------------- items that are written


def read_items(spec: Spec, text: str, before: Sequence[Sequence[str]] = ()) -> list[list[str]]:
    """Items, one a line, after those there are: each with its known answer, or ``""``. Raises GuidedError."""
    items = [list(item) for item in before]
    for line in filter(None, map(_clean, text.splitlines())):
        item, answer = _known(spec, line)
        if len(item) > LONGEST_ITEM:
            raise LongItemError(most=LONGEST_ITEM)
        if item not in [one for one, _answer in items]:
            items.append([item, answer])
    if len(items) > MOST_ITEMS:
        raise ManyItemsError(most=MOST_ITEMS)
    return items


def _known(spec: Spec, line: str) -> tuple[str, str]:
    """An item and the answer behind its last “=”, where it is one."""
    item, equals, said = line.rpartition("=")
    said = said.strip()
    if not equals or not item.strip() or not said or spec.kind == "text":
        return line, ""
    by_text = {text.casefold(): label.key for label in spec.labels for text in label.text.values()}
    answer = by_text.get(said.casefold(), said)
    try:
        KINDS[spec.kind].read(spec.question_for_kind(), answer)
    except AnswerError:
        return line, ""
    return item.strip(), answer


def rows(spec: Spec, items: Sequence[Sequence[str]]) -> list[dict[str, str]]:
    """The items as rows of a data file; the same item has the same id whenever it is written."""
    column = spec.show.text or "text"
    named = [(f"w{sha256(item.encode()).hexdigest()[:12]}", item, gold) for item, gold in items]
    return [{"id": name, column: item, "gold": gold} for name, item, gold in named]


# --------------------------------------------------------------------------- the file


def project(draft: Draft, taken: Collection[str], now: int) -> Spec:
    """The project that the answers make; its id is none of ``taken``."""
    kind = draft["kind"]
    raw: dict[str, Any] = {"id": _id(draft, taken, now), "title": draft["title"], "kind": kind}
    raw |= {"question": draft["question"], "show": {"text": "text"}, "overlap": draft.get("overlap", "3")}
    if kind in LABELLED:
        raw["labels"] = [
            {"key": key, "text": text} for key, text in zip(_keys(draft["labels"]), draft["labels"], strict=True)
        ]
    raw |= {key: draft[key] for key in ("scale", "length") if draft.get(key) and kind == _OF_KIND[key]}
    needs = draft.get("needs") or {}
    raw |= {"qualification": needs} if needs else {}
    raw |= {"reward": draft["pay"]} if draft.get("pay") else {}
    raw |= {"audience": draft["who"]} if draft.get("who") else {}
    raw |= {"schedule": {"deadline": draft["until"]}} if draft.get("until") else {}
    return Spec.model_validate(raw)


_OF_KIND = {"scale": "rating", "length": "text"}


def _id(draft: Draft, taken: Collection[str], now: int) -> str:
    """Of the English title, else of the kind and the day."""
    title = draft["title"].get("en") or next(iter(draft["title"].values()))
    stem = _slug(title)[:_LONGEST_ID].strip("-")
    if len(stem) < 3:  # noqa: PLR2004 - a word
        stem = f"{draft['kind']}-{datetime.fromtimestamp(now / 1000, zone_of('')):%Y-%m-%d}"
    return next(name for n in range(1, len(taken) + 2) if (name := stem if n == 1 else f"{stem}-{n}") not in taken)


def _keys(labels: Sequence[Mapping[str, str]]) -> list[str]:
    """A key for each label, of its English text where there is one, else of the first."""
    keys: list[str] = []
    for label in labels:
        stem = _key(label.get("en") or next(iter(label.values())))
        keys.append(
            next(key for n in range(1, len(labels) + 2) if (key := stem if n == 1 else f"{stem}-{n}") not in keys)
        )
    return keys


def _key(text: str) -> str:
    latin = _slug(text)
    if latin:
        return latin[: _LONGEST_KEY - 3]
    words = re.sub(r"[^\w]+", "-", text).strip("-_")
    return words.encode()[: _LONGEST_KEY - 3].decode(errors="ignore").strip("-") or "label"


def _slug(text: str) -> str:
    """Small letters, digits and dashes, where it is written in Latin letters; else empty."""
    plain = unicodedata.normalize("NFKD", text)
    if any(c.isalpha() and not c.isascii() for c in plain if not unicodedata.combining(c)):
        return ""
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode().lower()).strip("-")


def currency_of(language: str, zone: str) -> str:
    """The money of where somebody is, as far as it can be guessed from their clock, else from their language."""
    from babel import Locale  # noqa: PLC0415 - only this talk asks
    from babel.core import get_global  # noqa: PLC0415 - as above
    from babel.numbers import get_territory_currencies  # noqa: PLC0415 - as above

    territory = get_global("zone_territories").get(zone, "")
    if not territory or territory == "001":
        likely = get_global("likely_subtags").get(language.replace("-", "_"), "")
        territory = Locale.parse(likely).territory if likely else ""
    found = get_territory_currencies(territory) if territory else []
    return str(found[0]) if found else "USD"
