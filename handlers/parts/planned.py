"""What an import would do, in a few lines: rows, the most that it costs, the work and the people that it needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from handlers.talk import Line, Style
from tasks.projects.estimate import costs
from tasks.words import Join, Local, Words, _, _n

_PARTS: Mapping[str, Any] = {
    "practice": lambda n: _n("{n} for practice", "{n} for practice", n),
    "quiz": lambda n: _n("{n} for the quiz", "{n} for the quiz", n),
    "gold": lambda n: _n("{n} hidden check", "{n} hidden checks", n),
}


def planned(outcome: Mapping[str, Any]) -> Sequence[Line]:
    """The lines of a dry run's outcome (``bot.jobs.files``)."""
    lines = [Line(Local(outcome["title"]), Style.STRONG), Line(_rows(outcome))]
    if outcome["unchanged"]:
        there = _n("{n} is there already and stays as it is", "{n} are there already and stay as they are",
                   outcome["unchanged"])  # fmt: skip
        lines.append(Line(there))
    if outcome["splits"].get("work"):
        lines += [*_cost(outcome), Line(_work(outcome["estimate"]))]
    return lines


def _rows(outcome: Mapping[str, Any]) -> Words:
    added = outcome["added"]
    if not added and not outcome["unchanged"]:
        return _("The project follows its file; no items are added.")
    parts = [say(n) for split, say in _PARTS.items() if (n := outcome["splits"].get(split))]
    rows = _n("{n} item would be added", "{n} items would be added", added)
    return Join((rows, Join(parts, ", ")), ": ") if parts else rows


def _cost(outcome: Mapping[str, Any]) -> Sequence[Line]:
    needs = outcome["estimate"]
    told = costs(needs["cost"], outcome["currency"], outcome["overlap"], within_budget=needs["within_budget"])
    return [Line(words) for words in told]


def _work(needs: Mapping[str, Any]) -> Words:
    time = timedelta(minutes=max(1, needs["minutes"]))
    each = timedelta(seconds=needs["seconds"])
    work = _("About {time} of work, at {each} an answer", time=time, each=each)
    if needs["until"]:
        people = _n(
            "in time with {n} person at an hour a day", "in time with {n} people at an hour a day", needs["until"]
        )
        return Join((work, people), "; ")
    people = _n("it needs {n} person at the least", "it needs {n} people at the least", needs["people"])
    return Join((work, people), "; ")
