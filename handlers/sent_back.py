"""``/returned``: answers that were sent back, why, and what one makes of it: again, all right, or not agreed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.flow import Flow, Menu, Visit, again, show
from handlers.parts import case
from handlers.parts import returned as way
from handlers.parts.own import spoken
from handlers.talk import Key, Line, Picture, Said, Screen, State, Style, Turn
from handlers.work import resume
from tasks.access import may
from tasks.privacy.consent import agreed
from tasks.review import appeals, returned
from tasks.review.returned import Listed, SentBack
from tasks.words import Join, Local, Moment, Share, Words, _, _n

_SHOWN, _GROUPS = 8, 3
_MOST_OF_ITEM = 600
_TO_PROJECTS = Key(_("To the projects"), "menu.projects")
_BACK = Key(_("All that was sent back"), "sent_back.home")


def _command(visit: Visit, _argument: str) -> Turn:
    spoken(visit)
    return _home(visit)


# --------------------------------------------------------------------------- all of them


def _home(visit: Visit, _value: object = None, toast: Words | None = None) -> Turn:
    """All that waits for a word; the one, where it is the only one."""
    who, catalog = visit.who.id, visit.desk.catalog
    found = returned.listed(visit.tx, catalog, who, visit.now, _SHOWN + 1)
    running = returned.appealing(visit.tx, catalog, who, _SHOWN)
    if len(found) == 1 and not running:
        return _one(visit, found[0].case, toast)
    lines = [Line(_("Answers sent back"), Style.HEAD), *_waiting(found), *_running(running)]
    rows = [[Key(_("“{item}”", item=row.item), "sent_back.one", row.case)] for row in found[:_SHOWN]]
    rows += [
        [Key(_("Disagree with all ({n})", n=group.n), "sent_back.disagree_all", group.case)]
        for group in returned.together(visit.tx, who, visit.now, _GROUPS)
    ]
    return show(State("sent_back"), Screen(lines, [*rows, [_TO_PROJECTS]]), toast)


def _waiting(found: Sequence[Listed]) -> list[Line]:
    if not found:
        return [Line(_("Nothing here waits for you."), Style.STRONG)]
    more = [Line(_("There are more: they come up as these are answered."), Style.FAINT)] if len(found) > _SHOWN else []
    said = _n(
        "{n} answer waits for your choice, until {when}.",
        "{n} answers wait for your choice, the first until {when}.",
        min(len(found), _SHOWN),
        when=Moment(found[0].ends_at),
    )
    return [Line(said, Style.STRONG), *more]


def _running(found: Sequence[Listed]) -> list[Line]:
    lines = [Line(_("“{item}”: decided by {when}.", item=row.item, when=Moment(row.ends_at))) for row in found]
    return [Line(_("With the reviewers"), Style.STRONG), *lines] if lines else []


# --------------------------------------------------------------------------- one of them


def _one(visit: Visit, case: int, toast: Words | None = None) -> Turn:
    found = returned.one(visit.tx, visit.desk.catalog, visit.who.id, case)
    if found.case.ends_at is None or found.case.ends_at < visit.now:
        return _home(visit, toast=toast)  # answered, or its time is over
    lines = [*_head(found), *_why(found), Line(_left(found), Style.FAINT)]
    rows = [[key] for key in _choices(visit, found)]
    if returned.count(visit.tx, visit.who.id, visit.now) > 1:
        rows.append([_BACK])
    return show(State("sent_back"), Screen(lines, [*rows, [_TO_PROJECTS]], _picture(found)), toast)


def _head(found: SentBack) -> list[Line]:
    spec = found.known.spec
    text = found.item.get(spec.show.text or "", "")
    answer = case.answer(found.known, found.given)
    return [
        Line(Local(spec.title), Style.HEAD),
        Line(_("One answer was sent back"), Style.STRONG),
        *([Line(_cut(text), Style.QUOTE)] if text else []),
        Line(_("You were asked: {question}", question=Local(spec.question or spec.title))),
        Line(_("Your answer: {answer}", answer=answer)),
    ]


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_OF_ITEM else text[: _MOST_OF_ITEM - 1] + "…"


def _why(found: SentBack) -> list[Line]:
    lines = [Line(_("Why: {reasons}", reasons=Join(found.why, "; ")))] if found.why else []
    return [*lines, Line(_("The reviewer writes: {note}", note=found.note))] if found.note else lines


def _left(found: SentBack) -> Words:
    """What becomes of it without a word."""
    until = Moment(found.case.ends_at or 0)
    if not found.rejected:
        again = _("You can do it again until {when}; after that it goes to others.", when=until)
        purse = found.known.purse
        return Join((again, _("Done again, it is paid as any.")), " ") if purse and purse.answer else again
    final = _("Without a word of yours it is final after {when}.", when=until)
    if not found.kept or found.known.purse is None:
        return final
    return Join((final, _("{share} of its pay is yours all the same.", share=Share(found.kept))), " ")


def _choices(visit: Visit, found: SentBack) -> list[Key]:
    case, until = found.case.id, Moment(found.case.ends_at or 0)
    works = found.open and may(visit.who.role, "work") and agreed(visit.who)
    if not found.rejected:
        redo = [Key(_("Do it again (until {when})", when=until), "sent_back.again", case)] if works else []
        return [*redo, Key(_("Leave it"), "sent_back.accept", case)]
    redo = [Key(_("Do it again"), "sent_back.again", case)] if works else []
    disagree = Key(_("I disagree (until {when})", when=until), "sent_back.disagree", case)
    return [*redo, disagree, Key(_("All right"), "sent_back.accept", case)]


def _picture(found: SentBack) -> Picture | None:
    content = found.pictures.get(found.known.spec.show.image or "")
    return Picture(content, found.item.get(found.known.spec.show.text or "", "")) if content else None


def _again(visit: Visit, case: int) -> Turn:
    if not (may(visit.who.role, "work") and agreed(visit.who)):
        return _home(visit)
    known = returned.known_of(visit.tx, visit.desk.catalog, case)
    returned.again(visit.tx, known, case, visit.who.id, visit.now)
    return resume(visit, known, _("Here it is once more."))


def _accept(visit: Visit, case: int) -> Turn:
    known = returned.known_of(visit.tx, visit.desk.catalog, case)
    returned.accept(visit.tx, known, case, visit.who.id, visit.now)
    return _home(visit, toast=_("Done: nothing is left to do about it."))


# --------------------------------------------------------------------------- not agreed


def _disagree(visit: Visit, case: int) -> Turn:  # noqa: ARG001 - every press is given the visit
    lines = [
        Line(_("What did the reviewer overlook?"), Style.STRONG),
        Line(_("Write it as a message. Others who have not seen it before decide; nobody sees who you are.")),
    ]
    back = Key(_("Back"), "sent_back.one", case)
    return show(State("sent_back", {"case": case}), Screen(lines, [[back]]))


def _disagree_all(visit: Visit, case: int) -> Turn:
    """With all that was sent back together with one."""
    n = returned.alike(visit.tx, visit.who.id, case, visit.now)
    if not n:
        return _home(visit)
    found = returned.one(visit.tx, visit.desk.catalog, visit.who.id, case)
    lines = [
        Line(Local(found.known.spec.title), Style.HEAD),
        *_why(found),
        Line(_n("What was overlooked in {n} answer?", "What was overlooked in {n} answers?", n), Style.STRONG),
        Line(_("Write it once, as a message. It goes with each of them, and others decide on each by itself.")),
    ]
    return show(State("sent_back", {"case": case, "all": True}), Screen(lines, [[_BACK]]))


def _said(visit: Visit, said: Said) -> Turn:
    """What was overlooked, shown back before it is sent."""
    case, each = visit.memory.get("case"), bool(visit.memory.get("all"))
    if case is None:
        return again(_("Please tap one of the keys below the message."))
    words = appeals.checked(said.text)
    lines = [Line(_("You write to the reviewers:"), Style.FAINT), Line(words, Style.QUOTE)]
    send, change = ("send_all", "disagree_all") if each else ("send", "disagree")
    rows = [[Key(_("Send"), f"sent_back.{send}", case), Key(_("Change"), f"sent_back.{change}", case)]]
    rows.append([_BACK] if each else [Key(_("Back"), "sent_back.one", case)])
    return show(State("sent_back", {"case": case, "words": words, "all": each}), Screen(lines, rows))


def _send(visit: Visit, case: int) -> Turn:
    known = returned.known_of(visit.tx, visit.desk.catalog, case)
    made = appeals.appeal(visit.tx, known, case, visit.who.id, str(visit.memory.get("words", "")), visit.now)
    lines = [Line(_("Sent."), Style.STRONG), _looked_at(made.wanted, made.ends_at)]
    return show(State("sent_back"), Screen(lines, [*way.keys(visit), [_TO_PROJECTS]]))


def _send_all(visit: Visit, case: int) -> Turn:
    """What waits after so many goes with one more tap."""
    person, words = visit.who.id, str(visit.memory.get("words", ""))
    known = returned.known_of(visit.tx, visit.desk.catalog, case)
    made = returned.disagree_with_all(visit.tx, known, case, person, words, visit.now)
    said = _n("Sent, for {n} answer.", "Sent, for {n} answers.", len(made))
    lines = [Line(said, Style.STRONG), _looked_at(made[0].wanted, made[0].ends_at)]
    left = returned.alike(visit.tx, person, case, visit.now)
    more = [[Key(_("Send it for {n} more", n=left), "sent_back.send_all", case)]] if left else []
    kept = {"words": words} if left else {}
    return show(State("sent_back", kept), Screen(lines, [*more, *way.keys(visit), [_TO_PROJECTS]]))


def _looked_at(wanted: int, ends_at: int | None) -> Line:
    """Who decides on an appeal, and by when."""
    return Line(
        _n(
            "At least {n} other reviewer looks at it by {when}; if nobody does, it counts for you.",
            "At least {n} other reviewers look at it by {when}; if nobody does, it counts for you.",
            wanted,
            when=Moment(ends_at or 0),
        )
    )


def _presses() -> Mapping[str, Any]:
    heard: Sequence[Any] = (_home, _one, _again, _accept, _disagree, _send, _disagree_all, _send_all)
    return {hear.__name__.removeprefix("_"): hear for hear in heard}


SENT_BACK = Flow(
    "sent_back",
    permit="own",
    commands={"returned": Menu(_command, _("Answers sent back"), permit="own")},
    presses=_presses(),
    said=_said,
)
