"""What people in charge see of one person: work, figures, qualifications, what was done to them; never who they are."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from db.queries import review, staff
from db.queries.review import Reviews
from db.queries.staff import Done, Earned, Listed, Proposed, Twins, Works
from db.session import Tx
from tasks.kept import unpack
from tasks.projects.catalog import Catalog, Known
from tasks.projects.errors import UnknownProjectError
from tasks.words import Join, Local, Moment, Share, Text, Words, _, _n

_MOST_PROJECTS, _MOST_ACTS, _MOST_TWINS = 5, 5, 3
_MOST_OF_REASON = 120
ALIKE = 0.9
"""Two people are shown as alike from this strength on."""

ROLES: Mapping[str, Text] = MappingProxyType(
    {
        "worker": _("Worker"),
        "reviewer": _("Reviewer"),
        "requester": _("Requester"),
        "admin": _("Admin"),
        "owner": _("Owner"),
        "suspended": _("suspended"),
    }
)
GATES: Sequence[Text] = (_("not joined yet"), _("joined"), _("trained"), _("qualified"), _("proven"))
PROPOSALS: Mapping[str, Text] = MappingProxyType(
    {
        "suspend": _("to suspend them"),
        "reviewer": _("to make them a reviewer"),
        "no-reviewer": _("to take the reviewer’s role back"),
    }
)


@dataclass(frozen=True, slots=True)
class Card:
    """One person. ``works`` are their projects, the most answers first; ``acts`` the newest first."""

    person: Listed
    works: Sequence[tuple[Known, Works]]
    earned: Sequence[Earned]
    acts: Sequence[Done]
    waiting: Sequence[Proposed]
    twins: Sequence[Twins]
    reviews: Reviews | None = None
    """How they review, where they have."""


def card(tx: Tx, catalog: Catalog, person: Listed) -> Card:
    """All of it."""
    works = [(catalog.get(tx, row.project), row) for row in tx.all(staff.WORKS, person=person.id, most=_MOST_PROJECTS)]
    return Card(
        person,
        works,
        tx.all(staff.EARNED, person=person.id),
        tx.all(staff.DONE, person=person.id, most=_MOST_ACTS),
        tx.all(staff.WAITING_FOR, person=person.id),
        [twins for twins in tx.all(staff.TWINS_OF, person=person.id, most=_MOST_TWINS) if twins.strength >= ALIKE],
        tx.one(review.REVIEWS, person=person.id),
    )


# --------------------------------------------------------------------------- in words


def head(person: Listed) -> Words:
    """Number, role, gate: the one line that names somebody."""
    role = ROLES["suspended" if person.suspended_at is not None else person.role]
    return _("No. {number} · {role} · {gate}", number=person.id, role=role, gate=GATES[person.gate])


def works(known: Known, row: Works) -> Words:
    """A project in a line: answers, how right, hidden checks, how much of it is checked."""
    said: list[Words] = [
        Local(known.spec.title),
        _n("{n} answer", "{n} answers", row.answered),
    ]
    if row.skipped:
        said.append(_n("{n} skipped", "{n} skipped", row.skipped))
    if row.seen:
        said.append(_("right {share}", share=Share(row.correct / row.seen)))
    if row.gold_seen:
        said.append(_("hidden checks {right} of {seen}", right=row.gold_correct, seen=row.gold_seen))
    said.append(_("one answer in {n} is checked", n=row.checks) if row.checks > 1 else _("every answer is checked"))
    if row.paused_until is not None:
        said.append(_("paused until {when}", when=Moment(row.paused_until)))
    return Join(said, " · ")


def reviews(row: Reviews) -> Words:
    """How somebody reviews, in a line."""
    said: list[Words] = [_n("{n} vote as a reviewer", "{n} votes as a reviewer", row.votes)]
    if row.judged:
        said.append(_("{agreed} of {judged} as it was decided", agreed=row.agreed, judged=row.judged))
    if row.planted:
        said.append(_("{agreed} of {planted} planted ones right", agreed=row.planted_agreed, planted=row.planted))
    if row.rejected:
        said.append(_("{n} of {rejected} rejections undone by an appeal", n=row.overturned, rejected=row.rejected))
    if row.fast:
        said.append(_n("{n} vote faster than one can read", "{n} votes faster than one can read", row.fast))
    return Join(said, " · ")


def earned(row: Earned) -> Words:
    """A qualification in a line."""
    said = _("{skill}: {share}", skill=row.skill, share=Share(row.score))
    return said if row.ends_at is None else Join((said, _("until {when}", when=Moment(row.ends_at))), " · ")


def act(row: Done) -> Words:
    """What was done, when, by whom, and why."""
    figures = json.loads(row.figures)
    if row.rule and row.what not in _BY_ITSELF:
        return _("{when}: the rule “{rule}”", when=Moment(row.at), rule=row.rule)
    who = _("the shell") if row.channel == "shell" else _("No. {number}", number=row.actor or 0)
    who = _("reviewers") if row.what == "verdict" and row.actor is None else who
    what = deed(row.what, figures)
    if row.what in _BY_ITSELF:
        return _("{when}: {what}", when=Moment(row.at), what=what)
    said = _("{when}: {what}, by {who}", when=Moment(row.at), what=what, who=who)
    why = str(figures.get("why") or "")
    return Join((said, why if len(why) <= _MOST_OF_REASON else why[:_MOST_OF_REASON] + "…"), " · ") if why else said


def deed(what: str, figures: Mapping[str, Any]) -> Words:
    """What a record says was done."""
    if what == "gate":
        return _("{before} → {after}", before=GATES[figures.get("before", 0)], after=GATES[figures.get("after", 0)])
    if what == "role":
        before, after = (ROLES.get(str(figures.get(key)), "") for key in ("before", "after"))
        return _("{before} → {after}", before=before, after=after)
    if what == "decide":
        return _("proposal accepted") if figures.get("accepted") else _("proposal declined")
    if what in _OF_BROADCASTS:
        return Text(_OF_BROADCASTS[what].message, {"number": str(figures.get("broadcast", ""))})
    return _ACTS.get(what, _("changed"))


_BY_ITSELF = frozenset({"gate", "qualification", "more checks"})
"""What follows from the work, by no rule of a file."""
_ACTS: Mapping[str, Text] = MappingProxyType(
    {
        "suspend": _("suspended"),
        "lift": _("suspension lifted"),
        "qualification": _("qualification earned"),
        "more checks": _("more checks"),
        "verdict": _("a verdict"),
        "propose rejection": _("rejection of many answers proposed"),
        "confirm rejection": _("rejection of many answers confirmed"),
        "decline rejection": _("rejection of many answers declined"),
        "ask approval": _("a second admin asked"),
        "approve": _("confirmed by a second admin"),
        "decline approval": _("declined by a second admin"),
        "approval void": _("void: it has changed since it was asked for"),
        "approval expired": _("not confirmed in time"),
        "rejection done": _("many answers rejected"),
        "spot check": _("answers drawn for a look"),
        "bonus": _("bonus paid"),
        "rest": _("paused for some days"),
        "rest over": _("pause ended"),
        "skill": _("a skill given"),
        "skill back": _("a skill taken back"),
        "proven": _("made proven"),
        "proven back": _("proven no more"),
        "note": _("a note written"),
        "note removed": _("a note removed"),
        "message": _("a message sent"),
        "answer": _("answered a message"),
        "look up": _("looked up by their id"),
        "contact": _("how to reach them shown"),
        "launch": _("opened to workers"),
        "empty": _("items taken away"),
        "pause schedule": _("schedule paused"),
        "resume schedule": _("schedule resumed"),
        "run schedule": _("schedule done at once"),
        "change schedule": _("time of a schedule changed"),
        "add schedule": _("schedule added"),
        "remove schedule": _("schedule taken away"),
        "pause": _("paused"),
        "close": _("closed"),
        "budget": _("budget changed"),
        "import": _("items added"),
        "revise": _("project file changed"),
        "export": _("file handed out"),
        "export_payouts": _("payouts handed out"),
        "confirm_payouts": _("payouts confirmed"),
        "weigh again": _("items weighed again"),
        "teach": _("an item teaches from now on"),
        "suggest-teaching": _("an item suggested for practice"),
        "group": _("a group of reviewers changed"),
        "invite": _("invitation made"),
        "erase": _("erased"),
    }
)
_OF_BROADCASTS: Mapping[str, Text] = MappingProxyType(
    {
        "write broadcast": _("broadcast {number} written"),
        "change broadcast": _("broadcast {number} changed"),
        "send broadcast": _("broadcast {number} sent"),
        "pause broadcast": _("broadcast {number} paused"),
        "resume broadcast": _("broadcast {number} went on"),
        "cancel broadcast": _("broadcast {number} called off"),
    }
)


def proposed(tx: Tx, catalog: Catalog, row: Proposed) -> Words:
    """What a rule proposes, and why."""
    said: list[Words] = [PROPOSALS[row.what]]
    if row.project is not None:
        said.append(title(tx, catalog, row.project))
    return Join((*said, unpack(json.loads(row.why))), " · ")


def doubts(kept: str | None) -> Sequence[Words]:
    """Why somebody is in doubt, in words."""
    return [cast("Words", unpack(why)) for why in json.loads(kept or "[]")]


def title(tx: Tx, catalog: Catalog, project: int) -> Words:
    """A project's title."""
    try:
        return Local(catalog.get(tx, project).spec.title)
    except UnknownProjectError:
        return ""


def twins(row: Twins) -> Sequence[Words]:
    """Why two people are taken to be suspiciously alike: the evidence, in two lines."""
    told = [
        _n("{n} item answered by both", "{n} items answered by both", row.shared),
        _n("{n} answer the same", "{n} answers the same", row.same),
        _n(
            "{n} of these is wrong by all answers together", "{n} of these are wrong by all answers together", row.wrong
        ),
    ]
    chance = _(
        "by chance about {chance} the same wrong ones · strength {strength}",
        chance=f"{row.chance:.1f}",
        strength=Share(row.strength),
    )
    return [Join(told, " · "), chance]


# --------------------------------------------------------------------------- for a program


def plain(found: Card) -> dict[str, Any]:
    """The card as JSON has it."""
    person = found.person
    return {
        **listed(person),
        "projects": [{**row._asdict(), "project": known.key, "doubts": None} for known, row in found.works],
        "qualifications": [row._asdict() for row in found.earned],
        "acts": [{**row._asdict(), "figures": json.loads(row.figures)} for row in found.acts],
        "proposals": [{"number": row.id, "what": row.what, "made_at": row.made_at} for row in found.waiting],
        "alike": [row._asdict() for row in found.twins],
        "reviews": found.reviews._asdict() if found.reviews else None,
    }


def listed(person: Listed) -> dict[str, Any]:
    """A person as JSON has them: nothing that leads to who they are."""
    names = ("channel", "role", "gate", "language", "joined_at", "suspended_at")
    return {"number": person.id, **{name: getattr(person, name) for name in names}}
