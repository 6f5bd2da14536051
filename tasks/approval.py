"""A second admin's word: what touches very many people, or very much money, one asks for and another confirms.

What is asked for stands in a row until somebody else who has charge, or the shell, confirms it: then it is done in the
same turn. What has changed meanwhile makes it void. See docs/decisions/second-admin.md.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from db.errors import InputError, told
from db.queries import approvals, qualification, staff
from db.queries.approvals import Asked
from db.session import Tx
from tasks.access import may
from tasks.asked import DEEDS, named
from tasks.asked import touches as now_touches
from tasks.limits import Limits, over
from tasks.notices import tell
from tasks.privacy.audit import Act, Actor, record
from tasks.projects import funding
from tasks.projects.catalog import Catalog, Known
from tasks.projects.spec import Spec
from tasks.staff import MOST_OF_REASON, NoReasonError
from tasks.words import Moment, Money, Words, _

__all__ = ["Ask", "Decided", "Limits", "ask", "decide", "over", "waiting"]

EXPIRES_MS = 7 * 24 * 3_600_000
"""So long it waits."""
_MOST = 50

Given = Callable[[str, str], str]
"""The role that the settings give to somebody, by channel and its id of them; empty leaves what the database says."""


class ApprovalError(InputError):
    """It cannot be decided so."""


class SettledError(ApprovalError):
    """Somebody has decided, or it was never asked."""

    message = told("Look at /approvals again: this does not wait any more.")


class AskedYourselfError(ApprovalError):
    """Who asked for it wants to confirm it."""

    message = told("Ask another admin to confirm it: you have asked for it yourself.")


class ShellAskedError(ApprovalError):
    """The shell wants to confirm what the shell has asked for."""

    message = told("Confirm it in the chat, under /approvals: it was asked for in the shell.")


class DearerError(ApprovalError):
    """A file lets a project that runs cost more than one admin alone may spend."""

    message = told(
        "Raise the budget under /projects first: by this file it may cost {amount}, a second admin confirms it."
    )


class UnboundedError(ApprovalError):
    """More items let a project that runs without a budget cost more than one admin alone may spend."""

    message = told(
        "Give it a budget first: with these items it may cost {amount}, and a second admin confirms a budget of so "
        "much."
    )

    def __init__(self, amount: Money) -> None:
        super().__init__(amount=amount)
        self.amount = amount


@dataclass(frozen=True, slots=True)
class Ask:
    """What is asked for: ``what`` of ``tasks.asked.DEEDS`` with its arguments (JSON), and what it touches."""

    what: str
    arguments: Mapping[str, Any]
    people: int = 0
    amount: int = 0
    currency: str = ""


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of it: whether it was done, and in words what, or why not."""

    done: bool
    said: Words
    project: str = ""
    """The “id” of the project that it is about."""


def nobody(_channel: str, _user: str) -> str:
    """Settings that name nobody."""
    return ""


def ask(tx: Tx, actor: Actor, wanted: Ask, now: int) -> int:
    """Let it wait for a second admin: under which number. What waits already is not asked for twice.

    Where it touches more or less by now, the old one waits no longer.
    """
    arguments = kept(actor, wanted)
    same = tx.one(approvals.SAME, what=wanted.what, arguments=arguments, since=now - EXPIRES_MS)
    if same is not None and (same.people, same.amount, same.currency) == (
        wanted.people,
        wanted.amount,
        wanted.currency,
    ):
        return same.id
    if same is not None:
        _settle(tx, actor, same, now, accepted=False)
    touches = {"people": wanted.people, "amount": wanted.amount, "currency": wanted.currency}
    made = tx.one(approvals.ASK, what=wanted.what, arguments=arguments, actor=actor.id, now=now, **touches)
    assert made is not None  # noqa: S101 - it was just made
    _record(tx, actor, "ask approval", _one(tx, made.n, now), now)
    return made.n


def kept(actor: Actor, wanted: Ask) -> str:
    """The arguments as a row has them (JSON); who has none behind them, but a rule, is named there."""
    given = {**wanted.arguments, **({"rule": actor.rule} if actor.rule else {})}
    return json.dumps(given, sort_keys=True, ensure_ascii=False)


def ask_money(tx: Tx, actor: Actor, what: str, arguments: Mapping[str, Any], money: Money | None, now: int) -> int:
    """The same for what costs so much."""
    amount, currency = (money.minor, money.currency) if money else (0, "")
    return ask(tx, actor, Ask(what, arguments, amount=amount, currency=currency), now)


def refuse_dearer(tx: Tx, limits: Limits, known: Known, spec: Spec) -> None:
    """Raises DearerError where a changed file would do what a raised budget asks a second admin for."""
    if known.state == "draft":
        return  # it is asked about when it is launched
    before, after = funding.at_most(tx, known), funding.at_most(tx, replace(known, spec=spec))
    if after is not None and after.minor > (before.minor if before else 0) and over(limits, money=after):
        raise DearerError(amount=after)


def refuse_unbounded(tx: Tx, limits: Limits, known: Known, more: int) -> None:
    """Raises UnboundedError where so many more items do what a raised budget asks a second admin for.

    A budget that is named bounds them, however many they are.
    """
    if known.state == "draft" or not more:
        return
    before, after = funding.at_most(tx, known), funding.at_most(tx, known, more)
    if before is not None and after is not None and after.minor > before.minor and over(limits, money=after):
        raise UnboundedError(after)


def waiting(tx: Tx, now: int) -> Sequence[Asked]:
    """What waits, the oldest first."""
    return tx.all(approvals.WAITING, since=now - EXPIRES_MS, most=_MOST)


def about(tx: Tx, project: int, now: int) -> Sequence[Asked]:
    """What waits about one project."""
    return [row for row in waiting(tx, now) if json.loads(row.arguments).get("project") == project]


def count(tx: Tx, now: int) -> int:
    """How much waits."""
    found = tx.one(approvals.WAIT, since=now - EXPIRES_MS)
    return found.n if found else 0


def one(tx: Tx, number: int, now: int) -> Asked:
    """What waits under this number. Raises SettledError."""
    return _one(tx, number, now)


def decide(
    tx: Tx,
    catalog: Catalog,
    actor: Actor,
    number: int,
    now: int,
    *,
    accept: bool,
    why: str = "",
    given: Given = nobody,
) -> Decided:
    """Do what was asked for, or decline it with a reason, which who asked is told. Whoever asked may take it back.

    Raises ApprovalError, NoReasonError, and what doing it raises: then nothing has changed, and it goes on waiting.
    """
    asked = _one(tx, number, now)
    if accept:
        _refuse_same(actor, asked)
    elif actor.id is None or actor.id != asked.made_by:
        why = _reason(why)
    if asked.made_by is not None:
        tx.one(qualification.LOCK_PERSON, person=asked.made_by)
    about = named(tx, catalog, asked.what, json.loads(asked.arguments))
    void = _void(tx, catalog, asked, given) if accept else None
    _settle(tx, actor, asked, now, accepted=accept and void is None)
    if void is not None:
        return _voided(tx, actor, asked, void, now)
    if not accept:
        return _declined(tx, actor, asked, about, why, now)
    _record(tx, actor, "approve", asked, now)
    DEEDS[asked.what].do(tx, catalog, actor, json.loads(asked.arguments), now)
    _tell(tx, actor, asked, _("Another admin has confirmed it, and it is done: {what}", what=about), now)
    return Decided(done=True, said=about, project=_key(tx, catalog, asked))


def expire(tx: Tx, catalog: Catalog, now: int) -> int:
    """Let go of what nobody has decided in time, and tell who asked; how many."""
    due = tx.all(approvals.OVERDUE, since=now - EXPIRES_MS, most=_MOST)
    for asked in due:
        _settle(tx, Actor(rule="schedule"), asked, now, accepted=False)
        about = named(tx, catalog, asked.what, json.loads(asked.arguments))
        DEEDS[asked.what].drop(tx, json.loads(asked.arguments))
        _record(tx, Actor(rule="schedule"), "approval expired", asked, now)
        _tell(tx, Actor(), asked, _("Ask again: nobody has confirmed it within 7 days: {what}", what=about), now)
    return len(due)


def said(tx: Tx, catalog: Catalog, asked: Asked) -> Words:
    """What is asked for, by whom, until when."""
    return _(
        "{what} · asked by {who} · until {when}",
        what=named(tx, catalog, asked.what, json.loads(asked.arguments)),
        who=_who(asked),
        when=Moment(asked.made_at + EXPIRES_MS),
    )


def plain(asked: Asked) -> Mapping[str, Any]:
    """The same as JSON has it."""
    return {**asked._asdict(), "arguments": json.loads(asked.arguments)}


def touches(tx: Tx, catalog: Catalog, asked: Asked) -> Sequence[Words]:
    """What it would touch by now, in numbers."""
    return now_touches(tx, catalog, asked.what, {**json.loads(asked.arguments), "people": asked.people})


def _who(asked: Asked) -> Words:
    if asked.made_by is not None:
        return _("No. {number}", number=asked.made_by)
    return _("the schedule") if "rule" in json.loads(asked.arguments) else _("the shell")


# --------------------------------------------------------------------------- deciding


def _one(tx: Tx, number: int, now: int) -> Asked:
    asked = tx.one(approvals.ONE, number=number)
    if asked is None or asked.decided_at is not None or asked.made_at <= now - EXPIRES_MS:
        raise SettledError
    return asked


def _refuse_same(actor: Actor, asked: Asked) -> None:
    if asked.made_by is None and actor.id is None and "rule" not in json.loads(asked.arguments):
        raise ShellAskedError
    if asked.made_by is not None and actor.id == asked.made_by:
        raise AskedYourselfError


def _reason(why: str) -> str:
    why = " ".join(why.split())
    if len(why) > MOST_OF_REASON or not any(map(str.isalnum, why)):
        raise NoReasonError(most=MOST_OF_REASON)
    return why


def _void(tx: Tx, catalog: Catalog, asked: Asked, given: Given) -> Words | None:
    """Why it cannot be done any more, although it could when it was asked for."""
    deed = DEEDS[asked.what]
    by = tx.one(staff.BY_NUMBER, person=asked.made_by) if asked.made_by is not None else None
    if by is not None:
        role = given(by.channel, by.external_id) or (by.role if by.suspended_at is None else "")
        if not may(role, deed.permit):
            return _("who asked for it has charge of it no longer")
    void = deed.void(tx, catalog, json.loads(asked.arguments))
    dearer = deed.costs(tx, catalog, json.loads(asked.arguments)) if void is None else None
    if dearer is not None and (dearer.minor > asked.amount or dearer.currency != asked.currency):
        return _("it may cost {amount} by now", amount=dearer)
    return void


def _settle(tx: Tx, actor: Actor, asked: Asked, now: int, *, accepted: bool) -> None:
    """Once it is settled the words of somebody about somebody stand in the records alone, where they can be erased."""
    plain = {name: value for name, value in json.loads(asked.arguments).items() if name != "why"}
    arguments = json.dumps(plain, sort_keys=True, ensure_ascii=False)
    values = {"actor": actor.id, "now": now, "accepted": accepted, "arguments": arguments}
    if not tx.run(approvals.DECIDE, number=asked.id, **values):
        raise SettledError


def _voided(tx: Tx, actor: Actor, asked: Asked, void: Words, now: int) -> Decided:
    DEEDS[asked.what].drop(tx, json.loads(asked.arguments))
    _record(tx, actor, "approval void", asked, now)
    _tell(tx, actor, asked, _("Ask again, if you still want it: {why}.", why=void), now)
    return Decided(done=False, said=_("Nothing was done: {why}.", why=void))


def _declined(tx: Tx, actor: Actor, asked: Asked, about: Words, why: str, now: int) -> Decided:
    DEEDS[asked.what].drop(tx, json.loads(asked.arguments))
    _record(tx, actor, "decline approval", asked, now, why)
    _tell(tx, actor, asked, _("Another admin has declined it: {what}. The reason: {why}", what=about, why=why), now)
    return Decided(done=False, said=_("Declined: {what}", what=about))


def _tell(tx: Tx, actor: Actor, asked: Asked, words: Words, now: int) -> None:
    """To who asked, unless they did it themselves."""
    if asked.made_by is not None and asked.made_by != actor.id:
        tell(tx, asked.made_by, words, now)


def _record(tx: Tx, actor: Actor, what: str, asked: Asked, now: int, why: str | None = None) -> None:
    arguments = json.loads(asked.arguments)
    figures = {"approval": asked.id, "what": asked.what, "asked_by": asked.made_by, "people": asked.people}
    figures |= {"amount": asked.amount, "currency": asked.currency} if asked.currency else {}
    figures |= {"why": why} if why else {}
    record(tx, actor, Act(what, arguments.get("person"), arguments.get("project"), figures), now)


def _key(tx: Tx, catalog: Catalog, asked: Asked) -> str:
    project = json.loads(asked.arguments).get("project")
    return catalog.get(tx, project).key if project is not None else ""
