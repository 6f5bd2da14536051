"""Evidence: how an item's answer came about, for reviewers and admins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.ask import ASKS
from handlers.flow import Flow, Menu, Visit, show
from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Picture, Screen, State, Style, Turn
from tasks.consensus.evidence import Evidence, Given, evidence
from tasks.kinds import KINDS
from tasks.projects.catalog import Known
from tasks.words import Join, Local, Share, Words, _, _n

_ON_A_PAGE = 8
_BARS = 6
_BAR = 10
_LEAST_SHARE = 0.01
_MOST_OF_ITEM = 600
_MOST_OF_ANSWER = 80
_MOST_LABELS = 3
_NOTHING = 0.05
"""A multiple of a newcomer's weight that is shown as none."""

_WHY: Mapping[tuple[str, str], Words] = {
    ("agreed", "overlap"): _("All answers that the project asks for are in."),
    ("agreed", "confidence"): _("It stopped here because the answers are as sure as the project asks for."),
    ("disputed", "overlap"): _("All answers are in, and they do not agree: reviewers decide."),
    ("disputed", "most answers"): _("The most answers are in and it is still not sure enough: reviewers decide."),
    ("disputed", "reported"): _("Two people have reported the item itself: reviewers decide."),
    ("decided", "gold"): _("This is a hidden check: its answer was known from the start."),
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
    known = visit.desk.catalog.by_key(visit.tx, wanted["key"])
    found = evidence(visit.tx, known, wanted["row"])
    return show(State("evidence"), screen(known, wanted["row"], found, wanted["page"]))


def screen(known: Known, row: str, found: Evidence, page: int) -> Screen:
    """The belief about an item, and a page of its answers. The picture has a screen of its own: captions are short."""
    page, shown = page_of(found.given, page, _ON_A_PAGE)
    lines = [*_item(known, row, found), *_belief(known, found), *_answers(known, found, shown)]
    here = {"key": known.key, "row": row, "page": page}
    pages = [
        [Key(key.words, key.to, {**here, "page": key.value}) for key in keys]
        for keys in pager("evidence.page", page, len(found.given), _ON_A_PAGE)
    ]
    tools = [Key(_("Look again"), "evidence.page", here)]
    if _content(known, found):
        tools.append(Key(_("See the picture"), "evidence.picture", here))
    return Screen(lines, [tools, *pages, [Key(_("To the projects"), "menu.projects")]])


def _picture(visit: Visit, wanted: Mapping[str, Any]) -> Turn:
    known = visit.desk.catalog.by_key(visit.tx, wanted["key"])
    content = _content(known, evidence(visit.tx, known, wanted["row"]))
    back = [[Key(_("Back"), "evidence.page", dict(wanted))]]
    picture = Picture(content) if content else None
    return show(State("evidence"), Screen([_head(known, wanted["row"])], back, picture))


def _content(known: Known, found: Evidence) -> str | None:
    return found.pictures.get(known.spec.show.image or "")


def _head(known: Known, row: str) -> Line:
    return Line(Join((Local(known.spec.title), " · ", row)), Style.HEAD)


def _item(known: Known, row: str, found: Evidence) -> list[Line]:
    text = found.item.get(known.spec.show.text or "", "")
    return [_head(known, row), *([Line(_cut(text, _MOST_OF_ITEM), Style.QUOTE)] if text else [])]


def _belief(known: Known, found: Evidence) -> list[Line]:
    """The label with how sure it is, a bar for each label, and why it stopped."""
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
        *_doubt(known, found),
    ]


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
    permit="review",
    commands={"evidence": Menu(_command, _("How an answer came about"), permit="review")},
    presses={"page": _page, "picture": _picture},
)
