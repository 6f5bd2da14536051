"""``/audit``: what was done by people in charge and by rules, the newest first; whether the records are unbroken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.flow import Flow, Menu, Visit, again, show
from handlers.parts.own import spoken
from handlers.talk import Key, Line, Said, Screen, Start, State, Style, Toast, Turn
from tasks import staff
from tasks.privacy.listing import About, newest
from tasks.reports import records
from tasks.words import Moment, Words, _, _n

_ON_A_PAGE = 8


def _command(visit: Visit, argument: str) -> Turn:
    spoken(visit)
    return _about(visit, argument) if argument.strip() else _home(visit)


def _said(visit: Visit, said: Said) -> Turn:
    return _about(visit, said.text)


def _about(visit: Visit, named: str) -> Turn:
    """Of a person, by their number; else of a project, by its “id”."""
    word = named.strip()
    if word.isdigit():
        return _page(visit, {"person": staff.find(visit.tx, word).id})
    return _page(visit, {"project": visit.desk.catalog.by_key(visit.tx, word).key})


def _home(visit: Visit, _value: object = None) -> Turn:
    return _page(visit, {})


def _page(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    """``wanted``: person (a number), project (an “id”), before (the row after which the page begins)."""
    key = wanted.get("project")
    project = visit.desk.catalog.by_key(visit.tx, key).id if key else None
    of = About(wanted.get("person"), project)
    found = newest(visit.tx, of, _ON_A_PAGE + 1, **({"before": wanted["before"]} if "before" in wanted else {}))
    shown = found[:_ON_A_PAGE]
    lines = [_head(wanted)]
    lines += [Line(records.line(visit.tx, visit.desk.catalog, row)) for row in shown]
    if not shown:
        lines.append(Line(_("No such records."), Style.STRONG))
    lines.append(Line(_("To see those of one person or project, write their number or its id."), Style.FAINT))
    older = [[Key(_("Older records"), "audit.page", {**wanted, "before": shown[-1].id})]] if found[_ON_A_PAGE:] else []
    all_of_them = [[Key(_("All records"), "audit.home")]] if wanted else [[Key(_("Look again"), "audit.home")]]
    keys = [*older, *all_of_them, [Key(_("Are they unbroken?"), "audit.verify")]]
    return show(State("audit"), Screen(lines, keys))


def _head(wanted: Mapping[str, Any]) -> Line:
    if "person" in wanted:
        return Line(_("What was done about No. {number}", number=wanted["person"]), Style.HEAD)
    if "project" in wanted:
        return Line(_("What was done in {project}", project=wanted["project"]), Style.HEAD)
    return Line(_("What was done"), Style.HEAD)


# --------------------------------------------------------------------------- verifying


def _verify(visit: Visit, _value: object = None) -> Turn:  # noqa: ARG001 - every press is given the visit
    return Turn(None, [Toast(_("They are being read.")), Start("audit_verify", {})])


def _verified(visit: Visit, outcome: Mapping[str, Any]) -> Turn:  # noqa: ARG001 - every job is given the visit
    if "records" not in outcome:
        return again(_("Please try again in a moment: something on our side did not work."))
    return show(State("audit"), Screen(_told(outcome), [[Key(_("All records"), "audit.home")]]))


def _told(outcome: Mapping[str, Any]) -> list[Line]:
    breaks: list[Words] = outcome["breaks"]
    if breaks:
        lines = [Line(_("The chain of records is broken. Tell the operator:"), Style.STRONG), *map(Line, breaks)]
        more = outcome["broken"] - len(breaks)
        return lines + ([Line(_n("… and {n} more", "… and {n} more", more), Style.FAINT)] if more else [])
    if outcome["since"] is None:
        return [Line(_("No records yet."), Style.STRONG)]
    said = _n("{n} record, unbroken since {when}.", "{n} records, unbroken since {when}.", outcome["records"],
              when=Moment(outcome["since"]))  # fmt: skip
    return [Line(said, Style.STRONG), Line(_("The newest hash: {hash}", hash=outcome["hash"]), Style.FAINT)]


AUDIT = Flow(
    "audit",
    permit="administer",
    commands={"audit": Menu(_command, _("What was done, by whom"), permit="administer")},
    presses={"home": _home, "page": _page, "verify": _verify},
    said=_said,
    finished={"audit_verify": _verified},
)
