"""``/audit``: what was done by people in charge and by rules, the newest first; whether the records are unbroken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from handlers.flow import Flow, Menu, Visit, again, show
from handlers.parts.own import spoken
from handlers.talk import Key, Line, Said, Screen, Start, State, Style, Toast, Turn
from tasks import staff
from tasks.privacy.listing import About, newest
from tasks.projects import own
from tasks.reports import records
from tasks.words import Moment, Words, _, _n

_ON_A_PAGE = 8
_ONE_OF_ALL = _("To see those of one person or project, write their number or its id.")
_ONE_OF_THEIRS = _("To see those of one project, write its id.")


def _command(visit: Visit, argument: str) -> Turn:
    spoken(visit)
    return _about(visit, argument) if argument.strip() else _home(visit)


def _said(visit: Visit, said: Said) -> Turn:
    return _about(visit, said.text)


def _about(visit: Visit, named: str) -> Turn:
    """Of a person, by their number; else of a project, by its “id”. Requesters see those of their own projects."""
    word = named.strip()
    if word.isdigit() and own.owner(visit.who) is None:
        return _page(visit, {"person": staff.find(visit.tx, word).id})
    return _page(visit, {"project": visit.project(word).key})


def _home(visit: Visit, _value: object = None) -> Turn:
    return _page(visit, {})


def _page(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    """``wanted``: person (a number), project (an “id”), before (the row after which the page begins)."""
    key = wanted.get("project")
    project, owner = visit.project(key).id if key else None, own.owner(visit.who)
    of = About(wanted.get("person") if owner is None else None, project, owner=owner)
    found = newest(visit.tx, of, _ON_A_PAGE + 1, **({"before": wanted["before"]} if "before" in wanted else {}))
    shown = found[:_ON_A_PAGE]
    lines = [_head(wanted)]
    said = records.line if owner is None else records.line_for_requester
    lines += [Line(said(visit.tx, visit.desk.catalog, row)) for row in shown]
    if not shown:
        lines.append(Line(_("No such records."), Style.STRONG))
    lines.append(Line(_ONE_OF_ALL if owner is None else _ONE_OF_THEIRS, Style.FAINT))
    older = [[Key(_("Older records"), "audit.page", {**wanted, "before": shown[-1].id})]] if found[_ON_A_PAGE:] else []
    all_of_them = [[Key(_("All records"), "audit.home")]] if wanted else [[Key(_("Look again"), "audit.home")]]
    unbroken = [[Key(_("Are they unbroken?"), "audit.verify")]] if owner is None else []
    keys = [*older, *all_of_them, *unbroken]
    return show(State("audit"), Screen(lines, keys))


def _head(wanted: Mapping[str, Any]) -> Line:
    if "person" in wanted:
        return Line(_("What was done about No. {number}", number=wanted["person"]), Style.HEAD)
    if "project" in wanted:
        return Line(_("What was done in {project}", project=wanted["project"]), Style.HEAD)
    return Line(_("What was done"), Style.HEAD)


# --------------------------------------------------------------------------- verifying


def _verify(visit: Visit, _value: object = None) -> Turn:
    if own.owner(visit.who) is not None:
        return _home(visit)
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
    permit="request",
    commands={"audit": Menu(_command, _("What was done, by whom"), permit="request")},
    presses={"home": _home, "page": _page, "verify": _verify},
    said=_said,
    finished={"audit_verify": _verified},
)
