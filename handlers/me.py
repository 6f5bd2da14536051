"""``/me``: where a person stands, how they do, and what is theirs to decide."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from handlers.flow import Flow, Menu, Visit, show
from handlers.parts import returned
from handlers.parts.bars import bars, most_of
from handlers.parts.own import MY_WALLET, spoken
from handlers.talk import Key, Line, Screen, State, Style, Turn
from tasks.money.wallet import earned
from tasks.privacy.consent import withdraw
from tasks.reports.person import Skill, Standing, standing
from tasks.words import Join, Local, Moment, Share, Words, _, _n

_SKILLS_SHOWN = 4
_LEAST_STREAK = 2
_TO_PROJECTS = Key(_("To the projects"), "menu.projects")
_BACK = Key(_("My page"), "me.overview")

_GATES: Mapping[int, tuple[Words, Words]] = {
    0: (_("You have not joined yet"), _("Next: read what is kept of you, and agree. /start begins.")),
    1: (_("You have joined"), _("Next: a project’s practice. It is short, and shows at once what is right.")),
    2: (_("You are trained"), _("Next: a quiz. Passing it opens projects that ask for it.")),
    3: (_("You are qualified"), _("Next: go on as you do. A good record makes you proven, and fewer checks follow.")),
    4: (_("You are proven"), _("Nothing is left to show: fewer of your answers are checked.")),
}
"""What each stage is called, and what the next one asks."""
_LAST_GATE = 4


def _overview(visit: Visit, _argument: object = None) -> Turn:
    spoken(visit)
    who = visit.who
    mine = standing(visit.tx, visit.desk.catalog, who.id, who.zone, visit.now)
    lines = [*_stage(who.gate), *_skills(mine.skills), *_figures(visit, mine), *_chart(mine)]
    keys = [
        *returned.keys(visit),
        [_TO_PROJECTS],
        *([[MY_WALLET]] if earned(visit.tx, who.id) else []),
        [Key(_("About me"), "profile.show"), Key(_("My figures"), "figures.show")],
        [Key(_("What is stored of me, and what for"), "me.stored")],
    ]
    return show(State("me"), Screen(lines, keys))


def _stage(gate: int) -> Sequence[Line]:
    named, following = _GATES[gate]
    head = named if not gate else _("{named} · stage {n} of {last}", named=named, n=gate, last=_LAST_GATE)
    return [Line(head, Style.STRONG), Line(following)]


def _skills(skills: Sequence[Skill]) -> Sequence[Line]:
    lines = [Line(Join(("✓ ", _skill(one)))) for one in skills[:_SKILLS_SHOWN]]
    more = len(skills) - len(lines)
    return [*lines, Line(_n("… and {n} more", "… and {n} more", more), Style.FAINT)] if more else lines


def _skill(one: Skill) -> Words:
    title = one.project and one.project.key == one.name and Local(one.project.spec.title)
    name: Words = title or one.name
    return name if one.ends_at is None else _("{skill}, until {when}", skill=name, when=Moment(one.ends_at))


def _figures(visit: Visit, mine: Standing) -> Sequence[Line]:
    """Only what there is something to say of."""
    said: list[Words] = []
    if mine.right is not None:
        said.append(_("Right: about {share} of more than {n} checked items", share=Share(mine.right), n=mine.checked))
    if mine.pace:
        said.append(_pace(mine.pace.own, mine.pace.others))
    if mine.streak >= _LEAST_STREAK:
        said.append(_n("{n} day in a row", "{n} days in a row", mine.streak))
    amounts: list[Words] = [_("{amount}", amount=one) for one in earned(visit.tx, visit.who.id)]
    if amounts:
        said.append(_("Earned: {amount}", amount=Join(amounts, ", ")))
    return [Line(words) for words in said]


def _pace(own: float, others: float | None) -> Words:
    time = _seconds(own)
    return _("{time} an item", time=time) if others is None else _(
        "{time} an item; others take {theirs}", time=time, theirs=_seconds(others)
    )  # fmt: skip


def _seconds(seconds: float) -> timedelta:
    return timedelta(seconds=max(1, round(seconds)))


def _chart(mine: Standing) -> Sequence[Line]:
    """The bars, and the same in words for whoever hears the screen."""
    answers = sum(mine.days)
    if not answers:
        return []
    total = _n("{n} answer in 14 days", "{n} answers in 14 days", answers)
    return [Line(bars(mine.days)), Line(Join((total, most_of(mine.days, mine.today)), ". "), Style.FAINT)]


# --------------------------------------------------------------------------- what is stored


def _stored(visit: Visit, _value: object = None) -> Turn:
    lines = [
        Line(_("What is stored of you, and what for"), Style.STRONG),
        Line(_("• Your account, language, time and likes: to reach you with work that fits")),
        Line(_("• Your answers: they are the work")),
        Line(_("• How you gave them, with times: to know what to check; it never rejects or suspends by itself")),
        Line(_("• What you have shown: it opens projects")),
        Line(_("• What people in charge did about you: so that it can be checked")),
    ]
    keys = [[Key(_("Get it all as a file"), "my_data.get")]]
    if visit.who.consent:
        keys.append([Key(_("Take my agreement back"), "me.withdraw")])
    keys += [[Key(_("Erase everything about me"), "forget.ask")], [_BACK]]
    return show(State("me"), Screen(lines, keys))


def _withdraw(visit: Visit, _value: object) -> Turn:  # noqa: ARG001 - every press is given the visit
    lines = [
        Line(_("Take your agreement back?"), Style.STRONG),
        Line(_("You get no more items and nothing more is recorded, until you agree again. What is there stays.")),
    ]
    keys = [[_BACK], [Key(_("Take it back"), "me.withdrawn")]]
    return show(State("me"), Screen(lines, keys))


def _withdrawn(visit: Visit, _value: object) -> Turn:
    visit.who = withdraw(visit.tx, visit.who, visit.now)
    lines = [
        Line(_("Your agreement is taken back."), Style.STRONG),
        Line(_("What you had in hand went to others. Whenever you like, /start asks you again.")),
    ]
    keys = [[Key(_("What is stored of me, and what for"), "me.stored")]]
    return show(State("me"), Screen(lines, keys))


ME = Flow(
    "me",
    permit="own",
    commands={"me": Menu(_overview, _("My page"), permit="own")},
    presses={"overview": _overview, "stored": _stored, "withdraw": _withdraw, "withdrawn": _withdrawn},
)
