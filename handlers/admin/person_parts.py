"""Lines of one person's screens: figures, timeline, answers, what was sent back, money, notes."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from handlers.ask import ASKS
from handlers.figures import NAMES, PARTS
from handlers.flow import Visit
from handlers.talk import Key, Line, Style
from tasks.behaviour.figures import Figure, figures
from tasks.behaviour.measures import Part
from tasks.money import wallet
from tasks.personnel.remarks import Noted
from tasks.privacy.listing import About, newest
from tasks.projects.catalog import Known
from tasks.reports import answers, records
from tasks.reports import card as cards
from tasks.reports.roll import Listed
from tasks.review import reasons
from tasks.words import Join, Local, Moment, Money, Share, Words, _

_ON_A_PAGE = 8
_SHORT = 60


def short(words: str, most: int = 30) -> str:
    """Some words of somebody, to fit a line or a key."""
    line = " ".join(words.split())
    return line if len(line) <= most else line[: most - 1] + "…"


def project_key(known: Known, number: int) -> Key:
    """The way to what the figures of a project are made of."""
    return Key(_("Figures: {title}", title=Local(known.spec.title)), "person.figures", [number, known.id])


def behaviour(visit: Visit, known: Known, number: int) -> list[Line]:
    """The three figures, and below each its parts: of how many, between which bounds."""
    found = figures(visit.tx, known, number)
    lines = [Line(Local(known.spec.title), Style.STRONG)]
    for field, name in NAMES.items():
        figure: Figure = getattr(found, field)
        value: Words = _("not known yet") if figure.value is None else _("{share}", share=Share(figure.value))
        lines.append(Line(_("{name}: {value}", name=name, value=value)))
        if figure.parts:
            lines.append(Line(Join([_part(part) for part in figure.parts], " · "), Style.FAINT))
    lines.append(Line(_("They route work and raise checks; nobody is rejected or suspended by them."), Style.FAINT))
    return lines


def _part(part: Part) -> Words:
    said = _("{share} {part} (of {n})", share=Share(part.value), part=PARTS[part.name], n=part.count)
    if part.low is None or part.high is None:
        return said
    return Join((said, _("{low} – {high}", low=Share(part.low), high=Share(part.high))), ", ")


def timeline(visit: Visit, person: Listed, before: int | None) -> tuple[list[Line], int | None]:
    """Records about them, and where the next page begins."""
    found = newest(visit.tx, About(person.id), _ON_A_PAGE + 1, **({"before": before} if before else {}))
    shown = found[:_ON_A_PAGE]
    lines = []
    for row in shown:
        done = cards.act(records.done(row))
        title = cards.title(visit.tx, visit.desk.catalog, row.project) if row.project else ""
        lines.append(Line(Join((done, title), " · ") if title else done))
    if len(found) > _ON_A_PAGE:
        return lines, shown[-1].id
    return [*lines, Line(_("{when}: came here", when=Moment(person.joined_at)))], None


# --------------------------------------------------------------------------- answers


def answer(visit: Visit, row: Mapping[str, Any]) -> list[Line]:
    """The item, and below it what they answered, what it was settled with, how long it took."""
    known = visit.desk.catalog.get(visit.tx, row["project"])
    said: list[Words] = [_("answered {label}", label=_label(known, row["value"]))]
    if row["gold"] is not None:
        said.append(_("hidden check: right") if row["gold"] else _("hidden check: wrong"))
    elif row["label"] is not None and row["status"] in {"agreed", "decided"}:
        said.append(_("settled: {label}", label=_label(known, row["label"])))
    else:
        said.append(_("disputed") if row["status"] == "disputed" else _("not settled yet"))
    if row["rejected"]:
        said.append(_("sent back"))
    said += [_("{n} s", n=round(row["work_ms"] / 1000)), _("{when}", when=Moment(row["at"]))]
    return [Line(_item(known, row["item"]), Style.QUOTE), Line(Join(said, " · "))]


def _label(known: Known, kept: str) -> Words:
    return ASKS[known.spec.kind].words(known.spec, json.loads(kept))


def _item(known: Known, kept: str) -> str:
    return short(answers.told(known, kept), _SHORT) or "…"


def returned(visit: Visit, number: int, before: int | None) -> tuple[list[Line], int | None]:
    """Rejections and redos, with the reason and what came of an appeal; and where the next page begins."""
    found = answers.sent_back(visit.tx, number, before, _ON_A_PAGE + 1)
    lines: list[Line] = []
    for row in found[:_ON_A_PAGE]:
        known = visit.desk.catalog.get(visit.tx, row.project)
        verdict: Mapping[str, Sequence[str]] = json.loads(row.verdict)
        [(what, keys)] = verdict.items()
        head: Words = _("Rejected") if what == "reject" else _("To be done again")
        said: list[Words] = [head, reasons.said(known, keys)]
        said += [row.why] if row.why else []
        said += [_("{when}", when=Moment(row.at))] if row.at else []
        said.append(_appeal(row.appeal, row.outcome))
        lines += [Line(_item(known, row.item), Style.QUOTE), Line(Join(said, " · "))]
    if not lines:
        lines = [Line(_("Nothing was sent back to them."))]
    return lines, found[_ON_A_PAGE - 1].id if len(found) > _ON_A_PAGE else None


def _appeal(state: str | None, outcome: str | None) -> Words:
    if state is None:
        return _("no appeal")
    if state in {"open", "senior"}:
        return _("an appeal waits")
    if state == "decided" and outcome:
        return _("appeal granted") if json.loads(outcome).get("granted") else _("appeal not granted")
    return _("appeal withdrawn")


# --------------------------------------------------------------------------- money, notes


def money(visit: Visit, number: int) -> list[Line]:
    """Balances by state; where it is paid to stands nowhere here."""
    lines = []
    for one in wallet.balances(visit.tx, number):
        said: list[Words] = [_("Earned: {amount}", amount=Money(one.earned, one.currency))]
        for words, amount in (
            (_("on hold {amount}", amount=Money(one.pending, one.currency)), one.pending),
            (_("payable {amount}", amount=Money(one.payable, one.currency)), one.payable),
            (_("asked for {amount}", amount=Money(one.requested, one.currency)), one.requested),
            (_("paid out {amount}", amount=Money(one.paid, one.currency)), one.paid),
        ):
            said += [words] if amount else []
        lines.append(Line(Join(said, " · ")))
    return lines or [Line(_("They have earned nothing yet."))]


def note(row: Noted) -> list[Line]:
    """What was noted, and by whom."""
    who = _("the shell") if row.by is None else _("No. {number}", number=row.by)
    return [Line(row.words, Style.QUOTE), Line(_("{when}, by {who}", when=Moment(row.at), who=who), Style.FAINT)]
