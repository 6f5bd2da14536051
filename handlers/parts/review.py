"""The screens of reviewers: what waits, a dispute, what else it may be, all votes once it is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from handlers.ask import ASKS
from handlers.parts import case
from handlers.parts.pager import page_of, pager
from handlers.talk import Key, Line, Picture, Screen, Style
from tasks.projects.catalog import Known
from tasks.review.dispute import FAULTS, Seen, Shown, answer_words, text_of, words
from tasks.review.reveal import Became, Revealed
from tasks.review.seats import MOST_COUNTED, Waiting
from tasks.words import Join, Local, Money, Share, Words, _, _n

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST_READ = 3_500


class _Room(NamedTuple):
    """Characters of the item, of each candidate and of each note, and how many votes are shown."""

    item: int
    candidate: int
    note: int
    votes: int


_ALONE, _BELOW_A_PICTURE = _Room(1_200, 200, 100, 12), _Room(200, 60, 60, 4)
"""The caption of a picture is short."""
_ON_KEYS = frozenset({"choice", "rating"})
"""Kinds whose answers are short enough to stand on their keys."""
_PROJECTS = Key(_("To the projects"), "menu.projects")
_DOORS: Mapping[str, str] = {
    "dispute": "review.start",
    "answer": "review_answer.start",
    "appeal": "appeal_review.take",
}
"""What takes the next case of each sort; the project's number goes with the key."""


# --------------------------------------------------------------------------- what waits


def home(
    waits: Sequence[Waiting], held: tuple[Known, str] | None, senior: int, new: int, voted: int, last: Words | None
) -> Screen:
    """What waits, by project and sort; first what is in hand, and what only this person decides."""
    lines = [Line(_("Reviews"), Style.STRONG)]
    keys = _first(held, senior)
    for one in waits:
        lines.append(Line(Join((Local(one.known.spec.title), " · ", _waiting(one)))))
        if held is None or (held[0].id, held[1]) != (one.known.id, one.what):  # the key above leads there
            keys.append([Key(_key(one), _DOORS[one.what], one.known.id)])
    if senior:
        lines.append(
            Line(_n("{n} item waits for you alone: votes did not decide it.",
                    "{n} items wait for you alone: votes did not decide them.", senior))
        )  # fmt: skip
    if not waits and not senior and held is None:
        lines += [
            Line(_("Nothing to review just now. Thank you for looking!"), Style.STRONG),
            Line(_("Items without agreement, answers and appeals come here. Look in again a little later.")),
        ]
    if new or voted:
        became = _n("What became of your votes ({n} new)", "What became of your votes ({n} new)", new)
        keys.append([Key(became if new else _("What became of your votes"), "review.decided")])
    if last is not None:
        keys.append([_change(last)])
    return Screen(lines, [*keys, [Key(_("Look again"), "review.home"), _PROJECTS]])


def _first(held: tuple[Known, str] | None, senior: int) -> list[list[Key]]:
    keys = []
    if held is not None:
        known, what = held
        keys.append([Key(_("Go on with the one in hand"), _DOORS[what], known.id)])
    if senior:
        keys.append([Key(_("Decide what votes did not"), "review.senior")])
    return keys


def _waiting(one: Waiting) -> Words:
    if one.n >= MOST_COUNTED:
        return Join((_MANY[one.what], _pay(one.known)))
    said = {
        "dispute": _n("{n} item without agreement", "{n} items without agreement", one.n),
        "answer": _n("{n} answer to look at", "{n} answers to look at", one.n),
        "appeal": _n("{n} appeal", "{n} appeals", one.n),
    }
    return Join((said[one.what], _pay(one.known)))


_MANY: Mapping[str, Words] = {
    "dispute": _("100 items without agreement, or more"),
    "answer": _("100 answers to look at, or more"),
    "appeal": _("100 appeals, or more"),
}
_VERBS: Mapping[str, Words] = {
    "dispute": _("Vote"),
    "answer": _("Look at answers"),
    "appeal": _("Decide appeals"),
}


def _pay(known: Known) -> Words:
    purse = known.purse
    if purse is None or not purse.vote:
        return ""
    return Join((" · ", _("{amount} a vote", amount=Money(purse.vote, purse.currency))))


def _key(one: Waiting) -> Words:
    return Join((_VERBS[one.what], ": ", Local(one.known.spec.title)))


# --------------------------------------------------------------------------- a dispute


def dispute(known: Known, found: Shown, memory: Mapping[str, Any], last: Words | None, *, alone: bool) -> Screen:
    """The item, the question, the candidates; ``last`` are the words of a vote that can be changed still."""
    lines = [*_item(known, found, _head(memory)), *_written(known, found), *_note(str(memory.get("note", "")))]
    keys = [[_candidate(known, number, value)] for number, value in enumerate(found.candidates)]
    keys.append([Key(_("Another answer"), "review.other"), Key(_("The item is at fault"), "review.fault")])
    tools = [Key(_("Skip"), "review.skip"), case.TO_REVIEWS]
    if memory.get("changing") or memory.get("alone"):
        tools = [Key(_("Leave it as it is"), "review.leave")]
        last = None
    more = [[Key(_("Read all in full"), "review.read", 0)]] if _too_long(known, found) else []
    more += [[_change(last)]] if last is not None else []
    more += [[Key(_("Decide it alone"), "review.alone", memory["case"])]] if alone else []
    return Screen(lines, [*keys, tools, *more], _picture(known, found))


def other(known: Known, found: Shown, memory: Mapping[str, Any]) -> Screen:
    """Any answer there is, asked as workers are asked."""
    ask, draft = ASKS[known.spec.kind], memory.get("draft")
    rows = ask.rows(known.spec, draft, int(memory.get("page", 0)))
    keys = [[replace(key, to=key.to.replace("work.", "review.", 1)) for key in row] for row in rows]
    lines = [*_item(known, found, _("Another answer")), *ask.lines(known.spec, draft)]
    return Screen(lines, [*keys, [Key(_("Back"), "review.back")]], _picture(known, found))


def fault(known: Known, found: Shown) -> Screen:
    """Why the item itself is at fault."""
    keys = [[Key(said, "review.vote", {"fault": reason})] for reason, said in FAULTS.items()]
    lines = [*_item(known, found, _("The item is at fault"))[:-1], Line(_("What is wrong with it?"), Style.STRONG)]
    return Screen(lines, [*keys, [Key(_("Back"), "review.back")]], _picture(known, found))


def _change(last: Words) -> Key:
    return Key(_("↶ Change “{vote}”", vote=last), "review.change")


def _head(memory: Mapping[str, Any]) -> Words:
    if memory.get("alone"):
        return _("You decide")
    return _("Change your vote") if memory.get("changing") else _("No agreement")


def _item(known: Known, found: Shown | Revealed, what: Words) -> list[Line]:
    most = _room(known, found).item
    return case.item(known, {name: _cut(text, most) for name, text in found.item.items()}, what)


def _room(known: Known, found: Shown | Revealed) -> _Room:
    return _BELOW_A_PICTURE if (known.spec.show.image or "") in found.pictures else _ALONE


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _picture(known: Known, found: Shown | Revealed) -> Picture | None:
    return case.picture(known, found.pictures, found.item)


def _written(known: Known, found: Shown) -> list[Line]:
    """What is too long for a key stands in a line, after the letter of its key."""
    if not found.candidates:
        return [Line(_("Nobody has answered it yet."), Style.FAINT)]
    if known.spec.kind in _ON_KEYS:
        return []
    each = _room(known, found).candidate
    return [
        Line(
            Join(
                (
                    _LETTERS[number],
                    "  ",
                    _cut(value, each) if isinstance(value, str) else answer_words(known.spec, value),
                )
            )
        )
        for number, value in enumerate(found.candidates)
    ]


def _too_long(known: Known, found: Shown) -> bool:
    """Whether something stands there cut."""
    room = _room(known, found)
    written = [] if known.spec.kind in _ON_KEYS else [value for value in found.candidates if isinstance(value, str)]
    return len(text_of(known, found.item)) > room.item or any(len(value) > room.candidate for value in written)


def read(known: Known, found: Shown, page: int) -> Screen:
    """The item, then each candidate, in full: one a page."""
    texts: list[tuple[Words, str]] = [(_("The item"), text_of(known, found.item))]
    texts += [(_LETTERS[n], value) for n, value in enumerate(found.candidates) if isinstance(value, str)]
    page, ((head, text),) = page_of(texts, page, 1)
    lines = [Line(head, Style.HEAD), Line(_cut(text, _MOST_READ), Style.QUOTE)]
    return Screen(lines, [[Key(_("Back"), "review.back")], *pager("review.read", page, len(texts), 1)])


def _candidate(known: Known, number: int, value: Any) -> Key:
    letter: Words = _LETTERS[number]
    if known.spec.kind in _ON_KEYS:
        letter = Join((letter, " · ", ASKS[known.spec.kind].words(known.spec, value)))
    return Key(letter, "review.vote", {"answer": value})


def _note(note: str) -> list[Line]:
    if note:
        return [Line(_("Your note: {note}", note=_cut(note, 200)))]
    return [Line(_("To say why, write a message before you tap: it is shown with the verdict."), Style.FAINT)]


# --------------------------------------------------------------------------- deciding alone


def alone(known: Known, found: Shown, memory: Mapping[str, Any], votes: Sequence[Seen]) -> Screen:
    """The dispute with the votes that have not decided it; a reason is asked for once something is chosen."""
    screen = dispute(known, found, memory, None, alone=False)
    return replace(screen, lines=[*screen.lines[:-1], *_so_far(known, votes, _room(known, found))])


def _so_far(known: Known, votes: Sequence[Seen], room: _Room) -> list[Line]:
    if not votes:
        return [Line(_("Nobody has voted yet."), Style.FAINT)]
    return [Line(_("The votes so far"), Style.STRONG), *_votes(known, votes, room)]


def why(known: Known, value: Mapping[str, Any]) -> Screen:
    """The reason is asked for."""
    lines = [
        Line(_("Your decision: {verdict}", verdict=words(known.spec, value)), Style.STRONG),
        Line(_("Write why as a message: everybody who answered or voted is told. Nothing has changed yet.")),
    ]
    return Screen(lines, [[Key(_("Back"), "review.back")]])


def confirm(known: Known, value: Mapping[str, Any], reason: str) -> Screen:
    """Once more, before it is done."""
    lines = [
        Line(_("Your decision: {verdict}", verdict=words(known.spec, value)), Style.STRONG),
        Line(reason, Style.QUOTE),
        Line(_("It cannot be taken back.")),
    ]
    return Screen(lines, [[Key(_("Decide"), "review.decide"), Key(_("Back"), "review.back")]])


# --------------------------------------------------------------------------- once it is decided


def decided(found: Sequence[Became]) -> Screen:
    """Disputes that one voted on, each a key."""
    lines = [Line(_("What became of your votes"), Style.STRONG)]
    if not found:
        lines.append(Line(_("Nothing you voted on is decided yet: others are still voting.")))
    keys = [
        [Key(Join((_("New"), " · ", one.item)) if one.new else one.item, "review.revealed", one.case)] for one in found
    ]
    return Screen(lines, [*keys, [case.TO_REVIEWS]])


def revealed(found: Revealed) -> Screen:
    """The verdict, and all votes with their notes."""
    known, decided_case = found.known, found.case
    lines = [*_item(known, found, _("Decided")), *_appealed(found)]
    if found.verdict is not None:
        said = words(known.spec, found.verdict)
        lines.append(Line(_("The verdict: {verdict}", verdict=said), Style.STRONG))
    if decided_case.decided_by is not None:
        lines.append(Line(_("Decided by one person, as votes did not: {why}", why=_cut(decided_case.why, 200))))
    elif decided_case.what == "dispute" and decided_case.confidence is not None:
        lines.append(
            Line(_("{share} sure, going by how these reviewers voted before", share=Share(decided_case.confidence)))
        )
    lines += _votes(known, found.votes, _room(known, found))
    keys = [[Key(_("Back"), "review.decided"), case.TO_REVIEWS]]
    return Screen(lines, keys, _picture(known, found))


def _appealed(found: Revealed) -> list[Line]:
    """The answer of an appeal, and what its author said."""
    if found.case.what != "appeal":
        return []
    room = _room(found.known, found)
    answer = ASKS[found.known.spec.kind].words(found.known.spec, found.given)
    author = Join((_("Its author writes:"), _cut(found.case.words, room.candidate)), " ")
    return [Line(_("The answer: {answer}", answer=answer)), Line(author)]


def _votes(known: Known, votes: Sequence[Seen], room: _Room) -> list[Line]:
    lines = [Line(_vote(known, number, vote, room)) for number, vote in enumerate(votes[: room.votes], 1)]
    more = len(votes) - len(lines)
    return [*lines, *([Line(_n("… and {n} more", "… and {n} more", more))] if more > 0 else [])]


def _vote(known: Known, number: int, vote: Seen, room: _Room) -> Words:
    said: list[Words] = [_("You") if vote.mine else _("Reviewer {n}", n=number), words(known.spec, vote.value)]
    if vote.note:
        said.append(_("“{note}”", note=_cut(vote.note, room.note)))
    return Join(said, " · ")
