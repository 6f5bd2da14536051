"""What people in charge do for one person by chat: each is asked for, with its reason, and done by the message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from handlers.admin import spot
from handlers.admin.person import card
from handlers.flow import Flow, Visit, again, show
from handlers.talk import Key, Line, Note, Said, Screen, State, Style, Turn
from tasks import staff, touching
from tasks.access import ROLES
from tasks.personnel import contact, granting, letters, remarks, resting
from tasks.reports import card as cards
from tasks.reports import profile
from tasks.reports.roll import Listed
from tasks.words import Text, Words, _, _n

_MOST_SKILLS = 8
_TOLD = _("Write the reason as a message: the person is told it word for word. Nothing has changed yet.")


def _all(visit: Visit, number: int) -> Turn:
    """Everything there is to do; what is somebody else's to do is not offered."""
    person = staff.find(visit.tx, str(number))
    found = cards.card(visit.tx, visit.desk.catalog, person)
    lines = [Line(cards.head(person), Style.STRONG)]
    keys: list[Key] = []
    if visit.charge.over(person):
        keys = _charged(visit, person)
    else:
        lines.append(Line(_("Roles, pauses and skills of theirs are for owners: ask one.")))
    rows = [[key] for key in keys[:1]] + [keys[at : at + 2] for at in range(1, len(keys), 2)]
    rows += spot.keys(found)
    if found.works:
        reject = Key(_("Reject their answers"), "rejections.of_person", number)
        rows.append([Key(_("Give a bonus"), "bonus.ask", number), reject])
    return show(State("person", {"person": number}), Screen(lines, [*rows, [_back(number)]]))


def _charged(visit: Visit, person: Listed) -> list[Key]:
    whole = profile.whole(visit.tx, cards.card(visit.tx, visit.desk.catalog, person))
    until = whole.profile.paused_until
    paused = until is not None and until > visit.now
    wanted = {"person": person.id}
    keys = [
        Key(_("Change the role"), "deeds.roles", person.id),
        Key(_("End the pause"), "deeds.ask", {**wanted, "deed": "go-on"})
        if paused
        else Key(_("Pause for some days"), "deeds.days", person.id),
        Key(_("End the suspension"), "deeds.ask", {**wanted, "deed": "lift"})
        if person.suspended_at is not None
        else Key(_("Suspend"), "deeds.ask", {**wanted, "deed": "suspend"}),
        Key(_("Skills"), "deeds.skills", person.id),
    ]
    if whole.profile.proven_at is not None:
        keys.append(Key(_("Take “proven” back"), "deeds.ask", {**wanted, "deed": "unprove"}))
    elif person.gate:
        keys.append(Key(_("Make them proven"), "deeds.ask", {**wanted, "deed": "prove"}))
    return [*keys, Key(_("How to reach them"), "deeds.ask", {**wanted, "deed": "reach"})]


# --------------------------------------------------------------------------- what comes before the reason


def _roles(visit: Visit, number: int) -> Turn:
    """Those that this admin may give."""
    person = staff.find(visit.tx, str(number))
    given = [role for role in ROLES if role != person.role and visit.charge.gives(role)]
    lines = [Line(cards.head(person), Style.STRONG), Line(_("What shall they be?"))]
    keys = [[Key(cards.ROLES[role], "deeds.ask", {"deed": "role", "role": role, "person": number})] for role in given]
    return show(State("person", {"person": number}), Screen(lines, [*keys, [_to_deeds(number)]]))


def _days(visit: Visit, number: int) -> Turn:
    lines = [
        Line(cards.head(staff.find(visit.tx, str(number))), Style.STRONG),
        Line(_("For how long do they get no new items? What they hold they may finish, and it ends by itself.")),
    ]
    keys = [
        Key(_n("{n} day", "{n} days", days), "deeds.ask", {"deed": "pause", "days": days, "person": number})
        for days in resting.DAYS
    ]
    return show(State("person", {"person": number}), Screen(lines, [keys[:2], keys[2:], [_to_deeds(number)]]))


def _skills(visit: Visit, number: int) -> Turn:
    """Those they hold, to be taken back; those that projects ask for, to be given."""
    person = staff.find(visit.tx, str(number))
    held = cards.card(visit.tx, visit.desk.catalog, person).earned
    lines = [Line(cards.head(person), Style.STRONG), *(Line(cards.earned(row)) for row in held)]
    lines += [Line(_("No skills yet."))] if not held else []
    lines.append(Line(_("To give another one, write its name."), Style.FAINT))
    names = {row.skill for row in held}
    asked = [name for name in _asked_for(visit) if name not in names][:_MOST_SKILLS]
    back = [
        [Key(_("Take back: {skill}", skill=name), "deeds.ask", {"deed": "revoke", "skill": name, "person": number})]
        for name in sorted(names)[:_MOST_SKILLS]
    ]
    give = [
        [Key(_("Give: {skill}", skill=name), "deeds.ask", {"deed": "grant", "skill": name, "person": number})]
        for name in asked
    ]
    memory = {"person": number, "wants": "skill"}
    return show(State("deeds", memory), Screen(lines, [*back, *give, [_to_deeds(number)]]))


def _asked_for(visit: Visit) -> list[str]:
    """Skills that projects ask for, by the alphabet."""
    found: set[str] = set()
    for known in visit.desk.catalog.all(visit.tx):
        found |= {*known.spec.audience.skills, *([known.spec.skill] if known.spec.qualification.quiz else [])}
    return sorted(found)


# --------------------------------------------------------------------------- asking

_ASKS: Mapping[str, tuple[Text, Text]] = {
    "accept": (_("Accept it: why?"), _TOLD),
    "decline": (_("Decline it: why?"), _TOLD),
    "role": (_("Make them {role}: why?"), _TOLD),
    "suspend": (_("Suspend them: why?"), _TOLD),
    "lift": (_("End the suspension: why?"), _TOLD),
    "pause": (_("Pause them: why?"), _TOLD),
    "go-on": (_("End the pause: why?"), _TOLD),
    "grant": (_("Give “{skill}”: why?"), _TOLD),
    "revoke": (_("Take “{skill}” back: why?"), _TOLD),
    "prove": (_("Make them proven: why?"), _TOLD),
    "unprove": (_("Take “proven” back: why?"), _TOLD),
    "note": (
        _("What is to be noted?"),
        _("Write it as a message: it is for people in charge, and the person finds it in the file of /mydata."),
    ),
    "letter": (
        _("What shall they read?"),
        _(
            "Write it as a message: they get it word for word, from the team, and can answer once. They read "
            "{language}."
        ),
    ),
    "reach": (
        _("Why do you need to reach them outside of the bot?"),
        _("Write the reason as a message: it is on record that you looked, and why."),
    ),
}


def _ask(visit: Visit, wanted: Mapping[str, Any], toast: Words | None = None) -> Turn:
    deed = wanted["deed"]
    person = staff.find(visit.tx, str(wanted["person"]))
    question, hint = _ASKS[deed]
    code = person.language or visit.who.language
    values = {"skill": wanted.get("skill", ""), "role": cards.ROLES.get(wanted.get("role", ""), "")}
    lines = [
        Line(cards.head(person), Style.HEAD),
        Line(Text(question.message, values), Style.STRONG),
        *map(Line, _touches(visit, person, wanted)),
        Line(Text(hint.message, {"language": visit.desk.languages.get(code, code)})),
    ]
    back = Key(_("Back"), "people.proposal", wanted["proposal"]) if "proposal" in wanted else _back(person.id)
    return show(State("deeds", dict(wanted)), Screen(lines, [[back]]), toast)


def _touches(visit: Visit, person: Listed, wanted: Mapping[str, Any]) -> Sequence[Words]:
    """In numbers, where it touches more than what it says."""
    if wanted["deed"] == "suspend":
        return touching.suspend(visit.tx, person)
    if wanted["deed"] == "role":
        return touching.role(visit.tx, person, wanted["role"])
    if wanted["deed"] == "accept":
        return touching.proposal(visit.tx, person, staff.proposal_of(visit.tx, wanted["proposal"]).what)
    return ()


def _said(visit: Visit, said: Said) -> Turn:
    wanted = visit.memory
    if wanted.get("wants") == "skill":
        return _ask(visit, {"deed": "grant", "skill": said.text.strip()[:64], "person": wanted["person"]})
    if wanted.get("deed") not in _DEEDS:
        return again(_("Please tap one of the keys below the message."))
    person = staff.find(visit.tx, str(wanted["person"]))
    return _DEEDS[wanted["deed"]](visit, person, said.text)


# --------------------------------------------------------------------------- doing

Deed = Callable[[Visit, Listed, str], Turn]


def _told(does: Callable[[Visit, Listed, str], object]) -> Deed:
    """A deed that the person is told of; then their card."""

    def deed(visit: Visit, person: Listed, why: str) -> Turn:
        does(visit, person, why)
        return card(visit, person.id, _("Done: No. {number} is told.", number=person.id))

    return deed


def _decided(visit: Visit, person: Listed, why: str) -> Turn:
    accept = visit.memory["deed"] == "accept"
    staff.decide(visit.tx, visit.charge, visit.memory["proposal"], why, visit.now, accept=accept)
    return card(visit, person.id, _("Decided: No. {number} is told.", number=person.id))


def _noted(visit: Visit, person: Listed, words: str) -> Turn:
    remarks.add(visit.tx, visit.charge, person, words, visit.now)
    return card(visit, person.id, _("Noted, for people in charge."))


def _written(visit: Visit, person: Listed, words: str) -> Turn:
    letters.write(visit.tx, visit.charge, person, words, visit.now)
    return card(visit, person.id, _("It is on its way to No. {number}.", number=person.id))


def _reached(visit: Visit, person: Listed, why: str) -> Turn:
    """In a message of its own, which no screen keeps."""
    user = contact.reach(visit.tx, visit.charge, person, why, visit.now)
    told = _("No. {number} on {channel}: {user}", number=person.id, channel=person.channel, user=user)
    faint = Line(_("Delete this message when you have written to them. It is on record that you looked."), Style.FAINT)
    turn = card(visit, person.id)
    return Turn(turn.state, [Note([Line(told), faint]), *turn.actions])


_DEEDS: Mapping[str, Deed] = {
    "accept": _decided,
    "decline": _decided,
    "role": _told(lambda v, who, why: staff.set_role(v.tx, v.charge, who, v.memory["role"], why, v.now)),
    "suspend": _told(lambda v, who, why: staff.suspend(v.tx, v.charge, who, why, v.now)),
    "lift": _told(lambda v, who, why: staff.lift(v.tx, v.charge, who, why, v.now)),
    "pause": _told(lambda v, who, why: resting.pause(v.tx, v.charge, who, v.memory["days"], why, v.now)),
    "go-on": _told(lambda v, who, why: resting.go_on(v.tx, v.charge, who, why, v.now)),
    "grant": _told(lambda v, who, why: granting.grant(v.tx, v.charge, who, v.memory["skill"], None, why, v.now)),
    "revoke": _told(lambda v, who, why: granting.revoke(v.tx, v.charge, who, v.memory["skill"], why, v.now)),
    "prove": _told(lambda v, who, why: granting.prove(v.tx, v.charge, who, why, v.now)),
    "unprove": _told(lambda v, who, why: granting.unprove(v.tx, v.charge, who, why, v.now)),
    "note": _noted,
    "letter": _written,
    "reach": _reached,
}


def _back(number: int) -> Key:
    return Key(_("Back"), "person.card", number)


def _to_deeds(number: int) -> Key:
    return Key(_("Back"), "deeds.all", number)


DEEDS = Flow(
    "deeds",
    permit="administer",
    presses={"all": _all, "roles": _roles, "days": _days, "skills": _skills, "ask": _ask},
    said=_said,
)
