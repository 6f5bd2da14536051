"""Evidence: how an item's answer came about, for reviewers and admins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.ask import ASKS
from handlers.flow import Flow, Menu, Visit, again, show
from handlers.parts.pager import page_of, pager
from handlers.talk import Document, Key, Line, Picture, Screen, Start, State, Style, Toast, Turn
from tasks.access import may
from tasks.consensus.evidence import Cast, Evidence, Given, evidence
from tasks.kinds import KINDS
from tasks.projects.catalog import Known
from tasks.review.dispute import FAULTS
from tasks.words import Join, Local, Share, Words, _, _n

_ON_A_PAGE = 8
_BARS = 6
_BAR = 10
_LEAST_SHARE = 0.01
_MOST_OF_ITEM = 400
_MOST_OF_ANSWER = 80
_MOST_OF_NOTE = 80
_VOTES = 4
"""So many votes are shown, and of the answers below them no more."""
_MOST_LABELS = 3
_FAULT = "fault: "
_NOTHING = 0.05
"""A multiple of a newcomer's weight that is shown as none."""

_WHY: Mapping[tuple[str, str], Words] = {
    ("agreed", "overlap"): _("All answers that the project asks for are in."),
    ("agreed", "confidence"): _("It stopped here because the answers are as sure as the project asks for."),
    ("disputed", "overlap"): _("All answers are in, and they do not agree: reviewers decide."),
    ("disputed", "most answers"): _("The most answers are in and it is still not sure enough: reviewers decide."),
    ("disputed", "reported"): _("Two people have reported the item itself: reviewers decide."),
    ("disputed", "rule"): _("A rule asks reviewers about this item: they decide."),
    ("decided", "gold"): _("This is a hidden check: its answer was known from the start."),
    ("decided", "verdict"): _("Reviewers have decided it by their votes."),
    ("decided", "admin"): _("It was decided without a vote: by an admin, or a senior reviewer."),
    ("decided", "accepted"): _("A reviewer has accepted the one answer that is asked for."),
    ("decided", "repaired"): _("A reviewer has accepted an answer and corrected it."),
}


def _command(visit: Visit, argument: str) -> Turn:
    key, _space, row = argument.strip().partition(" ")
    if not row.strip():
        lines = [
            Line(_("Write the project and the item behind the command, such as: /evidence animals row-7")),
            Line(_("The item’s id is the one in the data file and in the results."), Style.FAINT),
        ]
        return show(State("evidence"), Screen(lines, [[Key(_("To the projects"), "menu.projects")]]))
    return _page(visit, {"key": key, "row": row.strip(), "page": 0})


def _page(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    known = visit.project(wanted["key"])
    found = evidence(visit.tx, known, wanted["row"])
    if found.waits and not may(visit.who.role, "administer"):
        return show(State("evidence"), _sealed(known, wanted["row"], found))
    whole = _whole(visit, known)
    return show(State("evidence"), screen(known, wanted["row"], found, wanted["page"], whole=whole))


def _sealed(known: Known, row: str, found: Evidence) -> Screen:
    """What a reviewer may see while it can still be voted on: who answered what would weigh on the votes."""
    lines = [
        *_item(known, row, found),
        Line(_("Reviewers are deciding this one: the answers are shown once they have."), Style.STRONG),
    ]
    here = Key(_("Look again"), "evidence.page", {"key": known.key, "row": row, "page": 0})
    return Screen(lines, [[here], [Key(_("To the projects"), "menu.projects")]])


def screen(known: Known, row: str, found: Evidence, page: int, *, whole: bool = False) -> Screen:
    """The belief about an item, and a page of its answers. The picture has a screen of its own: captions are short.

    ``whole`` offers its whole history as a file.
    """
    size = _VOTES if found.verdict else _ON_A_PAGE
    page, shown = page_of(found.given, page, size)
    lines = [*_item(known, row, found), *_belief(known, found), *_answers(known, found, shown)]
    here = {"key": known.key, "row": row, "page": page}
    pages = [
        [Key(key.words, key.to, {**here, "page": key.value}) for key in keys]
        for keys in pager("evidence.page", page, len(found.given), size)
    ]
    tools = [Key(_("Look again"), "evidence.page", here)]
    if _content(known, found):
        tools.append(Key(_("See the picture"), "evidence.picture", here))
    file = [[Key(_("As a file"), "evidence.file", here)]] if whole else []
    return Screen(lines, [tools, *pages, *file, [Key(_("To the projects"), "menu.projects")]])


def _picture(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    known = visit.project(wanted["key"])
    content = _content(known, evidence(visit.tx, known, wanted["row"]))
    back = [[Key(_("Back"), "evidence.page", dict(wanted))]]
    picture = Picture(content) if content else None
    return show(State("evidence"), Screen([_head(known, wanted["row"])], back, picture))


def _file(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    """The whole history, for who has charge of the project: it says which items are checks, and who decided what."""
    if not _whole(visit, visit.project(wanted["key"])):
        return again(_("Ask an admin for the file: it holds what reviewers are not shown."))
    of = {"key": wanted["key"], "row": wanted["row"], "person": visit.who.id, "channel": visit.who.channel}
    return Turn(None, [Toast(_("Your file is on its way.")), Start("evidence", of)])


def _whole(visit: Visit, known: Known) -> bool:
    return may(visit.who.role, "administer") or (may(visit.who.role, "request") and known.owner == visit.who.id)


def _written(visit: Visit, outcome: Mapping[str, Any]) -> Turn:  # noqa: ARG001 - every job is given the visit
    if "path" not in outcome:
        return again(_("Please try again in a moment: the file could not be written."))
    return Turn(None, [Document(outcome["path"], outcome["name"])])


def _content(known: Known, found: Evidence) -> str | None:
    return found.pictures.get(known.spec.show.image or "")


def _head(known: Known, row: str) -> Line:
    return Line(Join((Local(known.spec.title), " · ", row)), Style.HEAD)


def _item(known: Known, row: str, found: Evidence) -> list[Line]:
    text = found.item.get(known.spec.show.text or "", "")
    return [_head(known, row), *([Line(_cut(text, _MOST_OF_ITEM), Style.QUOTE)] if text else [])]


def _belief(known: Known, found: Evidence) -> list[Line]:
    """The label with how sure it is, a bar for each label, and why it stopped."""
    if found.method.startswith(_FAULT):
        fault = FAULTS.get(found.method.removeprefix(_FAULT), _("for another reason"))
        return [Line(_("The item itself is at fault: {why}", why=fault), Style.STRONG), *_votes(known, found)]
    if found.label is None:
        return [Line(_("Nobody has answered it yet."), Style.STRONG), *_guess(known, found)]
    said = _("{answer}: {share} sure", answer=_words(known, found.label), share=Share(found.confidence or 0.0))
    bars = [Line(_bar(known, label, share)) for label, share in found.shares[:_BARS] if share >= _LEAST_SHARE]
    still = _n(
        "It is still open: {n} more answer is wanted.", "It is still open: {n} more answers are wanted.", found.missing
    )
    why = still if found.status == "open" else _WHY.get((found.status, found.method))
    return [
        Line(said, Style.STRONG),
        *bars,
        *_guess(known, found),
        *([Line(why)] if why else []),
        *_votes(known, found),
        *_doubt(known, found),
    ]


def _votes(known: Known, found: Evidence) -> list[Line]:
    """What reviewers voted for, and their notes; nothing before it is decided."""
    verdict = found.verdict
    if verdict is None:
        return []
    why = [Line(_cut(verdict.why, 2 * _MOST_OF_NOTE), Style.QUOTE)] if verdict.admin and verdict.why else []
    if not verdict.votes:
        return why
    head = Line(_n("{n} vote of reviewers", "{n} votes of reviewers", len(verdict.votes)), Style.STRONG)
    return [*why, head, *(Line(Join(_vote(known, vote), " · ")) for vote in verdict.votes[:_VOTES])]


def _vote(known: Known, vote: Cast) -> list[Words]:
    said = FAULTS.get(vote.value["fault"], "") if "fault" in vote.value else _words(known, vote.value["answer"])
    return [said, vote.reviewer, *([_("“{note}”", note=_cut(vote.note, _MOST_OF_NOTE))] if vote.note else [])]


def _doubt(known: Known, found: Evidence) -> list[Line]:
    """What a later look at all answers together says."""
    if found.doubted is None:
        return []
    answer, share = found.doubted
    return [
        Line(
            _(
                "⚠ By what is known now it is not sure any more: {answer}, {share}.",
                answer=_words(known, answer),
                share=Share(share),
            )
        )
    ]


def _guess(known: Known, found: Evidence) -> list[Line]:
    if found.guess is None:
        return []
    return [Line(_("A model guessed: {answer}", answer=_words(known, found.guess)), Style.FAINT)]


def _bar(known: Known, label: Any, share: float) -> Words:
    full = round(share * _BAR)
    words = _words(known, [label] if KINDS[known.spec.kind].belief == "many" else label)
    return _("{bar} {share} {label}", bar="▓" * full + "░" * (_BAR - full), share=Share(share), label=words)


def _answers(known: Known, found: Evidence, shown: Sequence[Given]) -> list[Line]:
    if not shown:
        return []
    lines = [Line(_n("{n} answer", "{n} answers", len(found.given)), Style.STRONG)]
    lines += [Line(Join(_answer(known, given), " · ")) for given in shown]
    return [*lines, Line(_("×1 is what an answer of somebody new counts for."), Style.FAINT)]


def _answer(known: Known, given: Given) -> list[Words]:
    said = [_words(known, given.value), given.worker]
    if given.counts is None:
        return said
    if given.counts < _NOTHING:
        return [*said, _("counts for nothing")]
    return [*said, _("counts ×{times}", times=f"{given.counts:.1f}")]


def _words(known: Known, answer: Any) -> Words:
    """An answer in a line; of many labels the first."""
    shown = answer[:_MOST_LABELS] if isinstance(answer, list) else answer
    words = ASKS[known.spec.kind].words(known.spec, shown)
    if shown != answer:
        more = len(answer) - len(shown)
        return Join((words, " ", _n("… and {n} more", "… and {n} more", more)))
    return _cut(words, _MOST_OF_ANSWER) if isinstance(words, str) else words


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


EVIDENCE = Flow(
    "evidence",
    permit="inspect",
    commands={"evidence": Menu(_command, _("How an answer came about"), permit="inspect")},
    presses={"page": _page, "picture": _picture, "file": _file},
    finished={"evidence": _written},
)
