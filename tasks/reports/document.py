"""The report for an audit as one file that anybody can open: HTML with its pictures inside, or JSON."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from tasks.reports import charts
from tasks.reports.canvas import Voice
from tasks.reports.course import Course
from tasks.reports.dossier import Dossier
from tasks.words import Share, Words, _

_TEMPLATE = Path(__file__).with_name("report.html")


_NOTHING = _("Nothing of this kind is on record.")


@dataclass(frozen=True, slots=True)
class _Table:
    """Cells are numbers, or words that are in the reader's language already."""

    heads: Sequence[str]
    rows: Sequence[Sequence[Any]]
    caption: str = ""


@dataclass(frozen=True, slots=True)
class _Section:
    """A question an auditor asks, and what answers it."""

    title: str
    intro: str
    tables: Sequence[_Table]
    pictures: Sequence[Mapping[str, str]] = field(default=())


def as_json(dossier: Dossier) -> str:
    """The figures alone, for a program."""
    return json.dumps(dossier, ensure_ascii=False, indent=1) + "\n"


def as_html(dossier: Dossier, course: Course, voice: Voice, language: str) -> str:
    """One file: no script, nothing from elsewhere; what people wrote is text, never markup."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATE.parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    title = voice.say(_("Quality of “{title}”", title=course.title))
    made = voice.say(
        _("Project {key}, as of {when} (UTC). People are named by pseudonyms.", key=course.key, when=dossier["made_at"])
    )
    sections = list(_Writer(dossier, course, voice).sections())
    page = environment.get_template(_TEMPLATE.name)
    return page.render(language=language, title=title, made=made, sections=sections, nothing=voice.say(_NOTHING))


class _Writer:
    """Puts the figures into sections."""

    def __init__(self, dossier: Dossier, course: Course, voice: Voice) -> None:
        self._told, self._say, self._voice = dossier, voice.say, voice
        drawn: list[tuple[Words, Callable[..., bytes | None]]] = list(charts.PICTURES)
        made = [(self._say(title), paint(course, voice, title)) for title, paint in drawn]
        self._drawn = [{"title": title, "data": b64encode(png).decode()} if png else None for title, png in made]

    def sections(self) -> Iterator[_Section]:
        """In the order in which one asks."""
        yield self._section(
            _("What was made"), _("How many items there are, and where they stand."), self._project(), 0, 1
        )
        yield self._section(
            _("How people were admitted"),
            _("What the project file asks of people before they work, and how they did at it."),
            self._admission(),
        )
        yield self._section(
            _("How the data was checked"),
            _("How many answers an item gets, hidden checks, reviewers; and in which way each item came to its state."),
            self._checks(),
        )
        yield self._section(
            _("Agreement"),
            _(
                "Krippendorff’s alpha: 1 is full agreement, 0 is chance; with the 95 % interval of a bootstrap. "
                "Below it each label against the rest, and what was answered where which label is right."
            ),
            self._agreement(), 2, 3, 4,
        )  # fmt: skip
        yield self._section(
            _("Accuracy on hidden checks"),
            _("Items whose answer was known and hidden; with Wilson’s 95 % interval."),
            self._gold(),
        )
        yield self._section(
            _("Disputes and verdicts"),
            _("Why reviewers were asked, what they decided, and how far they agree."),
            [self._figures(self._told["review"])], 6,
        )  # fmt: skip
        yield self._section(
            _("Exceptions"),
            _("Answers that were rejected, sent back or corrected; appeals; items weighed again, or that look wrong."),
            self._exceptions(),
        )
        yield self._section(_("People"), _("Each worker’s answers and figures."), [self._people()], 5, 7)
        yield self._section(
            _("Who changed what"),
            _(
                "{n} records of this project, the newest first; each with the hash that chains it to the one before.",
                n=self._told["records"]["count"],
            ),
            [self._records()],
        )

    def _section(self, title: Words, intro: Words, tables: Sequence[_Table], *pictures: int) -> _Section:
        shown = [picture for number in pictures if (picture := self._drawn[number])]
        return _Section(self._say(title), self._say(intro), tables, shown)

    def _heads(self, *heads: Words) -> list[str]:
        return [self._say(head) for head in heads]

    def _share(self, value: float | None) -> str | None:
        return None if value is None else self._voice.value(Share(value))

    # ----------------------------------------------------------------------- tables

    def _named(self, values: Mapping[str, Any], caption: Words = "") -> _Table:
        """A row for each key of the file or of the data: keys are never translated."""
        rows = [(name, _plain(value)) for name, value in values.items()]
        return _Table(self._heads(_("key"), _("value")), rows, self._say(caption))

    def _project(self) -> list[_Table]:
        return [self._named({name: value for name, value in self._told["project"].items() if name != "title"})]

    def _admission(self) -> list[_Table]:
        told = self._told["admission"]
        asked = [self._named(values, name) for name, values in told["asked"].items()]
        people = self._named({name: told[name] for name in ("enrolled", "worked", "paused")}, _("People"))
        heads = self._heads(_("quiz"), _("outcome"), _("attempts"), _("People"), _("mean score"))
        rows = [
            (row["what"], row["state"], row["attempts"], row["people"], self._share(row["score"]))
            for row in told["quizzes"]
        ]
        return [*asked, people, _Table(heads, rows, self._say(_("Quizzes")))]

    def _checks(self) -> list[_Table]:
        told = self._told["checks"]
        rules = [self._named(told[name], name) for name in ("overlap", "gold", "review")]
        heads = self._heads(_("split"), _("state"), _("way"), _("items"), _("Answers"))
        rows = [tuple(row[name] for name in ("split", "status", "method", "tasks", "answers")) for row in told["ways"]]
        return [*rules, _Table(heads, rows, self._say(_("How items came to their state")))]

    def _agreement(self) -> list[_Table]:
        told = self._told["agreement"]
        heads = self._heads(_("label"), _("alpha"), _("from"), _("to"))
        whole = [(self._say(_("all labels")), *_interval(told["alpha"]))] if told["alpha"] else []
        rows = [*whole, *((one["label"], *_interval(one)) for one in told["labels"])]
        shares = [(one["label"], self._share(one["share"])) for one in told["shares"]]
        mixed = [(one["right"], one["answered"], self._share(one["share"])) for one in told["confusion"]]
        return [
            _Table(heads, rows),
            _Table(self._heads(_("label"), _("share of the items")), shares),
            _Table(self._heads(_("what is right"), _("what was answered"), _("share")), mixed),
        ]

    def _gold(self) -> list[_Table]:
        told = self._told["gold"]
        shares = [self._share(told[name]) for name in ("share", "low", "high")]
        heads = self._heads(_("answered"), _("answered right"), _("share"), _("from"), _("to"))
        return [_Table(heads, [(told["seen"], told["right"], *shares)])]

    def _figures(self, figures: Sequence[Mapping[str, Any]]) -> _Table:
        heads = self._heads(_("subject"), _("figure"), _("value"), _("from"), _("to"), _("note"))
        return _Table(heads, [(row["subject"], row["figure"], *_interval(row), row["note"]) for row in figures])

    def _exceptions(self) -> list[_Table]:
        told = self._told["exceptions"]
        counts = self._named({name: told[name] for name in ("answers", "rejected", "weighed_again")})
        items = [(row["task_id"], row["figure"], _number(row["value"]), row["note"]) for row in told["items"]]
        heads = self._heads(_("item"), _("figure"), _("value"), _("note"))
        return [counts, self._figures(told["reviewed"]), _Table(heads, items)]

    def _people(self) -> _Table:
        """A row for each: their figures with intervals; what those are made of is in the JSON and the table."""
        people = self._told["people"]
        figures = list(dict.fromkeys(name for one in people for name in one["figures"] if ":" not in name))
        rows = [(one["worker"], *(_spread(one["figures"].get(name)) for name in figures)) for one in people]
        return _Table([*self._heads(_("Worker")), *figures], rows)

    def _records(self) -> _Table:
        heads = self._heads(_("When"), _("by"), _("What was done"), _("about"), _("before, after, why"), _("hash"))
        rows = [
            (row["at"], row["by"], row["what"], row["about"], _plain(row["figures"]), row["hash"])
            for row in self._told["records"]["newest"]
        ]
        return _Table(heads, rows)


def _interval(found: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(_number(found[part]) for part in ("value", "low", "high"))


def _plain(value: Any) -> Any:
    """A cell: numbers as they are, the rest as it is written in a file."""
    if value is None or (isinstance(value, int | float) and not isinstance(value, bool)):
        return _number(value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _number(value: float | None) -> float | None:
    """As exactly as one reads it."""
    return value if value is None or isinstance(value, int) else int(value) if value == int(value) else round(value, 3)


def _spread(found: Mapping[str, Any] | None) -> Any:
    """A value with its interval, in one cell."""
    if found is None:
        return None
    value, low, high = _interval(found)
    return value if low is None or high is None else f"{value} ({low} – {high})"
