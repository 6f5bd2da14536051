"""The screens of working: an item, its instructions, reasons, the end of a sitting."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from handlers.ask import ASKS, Ask
from handlers.parts.own import MY_WALLET
from handlers.talk import Key, Line, Picture, Screen, Style
from tasks.assignment.deal import NoWork, Offer
from tasks.kinds import KINDS
from tasks.projects.catalog import Known
from tasks.projects.spec import Example
from tasks.words import Join, Local, Moment, Money, Words, _, _n

SKIPPED: Mapping[str, bool] = {"skipped": True}
"""What a conversation remembers in place of the last answer after a skip."""
REPORTED: Mapping[str, bool] = {"reported": True}
"""The same after a report."""

SKIP_REASONS: Sequence[tuple[str, Words]] = (
    ("unsure", _("I cannot tell")),
    ("unclear", _("The question does not fit")),
    ("broken", _("I cannot see or read it")),
    ("unwilling", _("I would rather not")),
)
REPORT_REASONS: Sequence[tuple[str, Words]] = (
    ("broken", _("It is broken or empty")),
    ("personal", _("It shows somebody’s personal data")),
    ("offensive", _("It is offensive")),
    ("unclear", _("The question does not fit")),
)
_WHY_NONE: Mapping[str, tuple[Words, Words]] = {
    "done": (_("You have done all there is for you here."), _("Others may leave some items: look in again later.")),
    "day": (
        _("That is enough for today."),
        _("You have reached this project’s number for one day. See you tomorrow!"),
    ),
    "share": (
        _("You have done your share here."),
        _("The rest is for others, so that the result rests on many people."),
    ),
    "closed": (_("This project is closed just now."), _("Your answers are safe.")),
    "budget": (
        _("Choose another project: this one cannot pay for more just now."),
        _("What you have earned here is yours. It goes on when its owner adds to its budget."),
    ),
}
_FEWEST_DONE = 10
"""Of a shorter sitting nothing is told of checked items: it would tell which of them are checks."""
_MOST_OF_ITEM = 2_000
_EXAMPLES = 3


def item(
    known: Known, ask: Ask, offer: Offer, memory: Mapping[str, Any], sitting: int, undo: Words | None, worker: int
) -> Screen:
    """One item with its question: head, item, question, answer keys, and always the same row of tools."""
    spec, draft = known.spec, memory.get("draft")
    head = Join((Local(spec.title), " · ", _("{n} of {total}", n=memory.get("done", 0) + 1, total=sitting)))
    lines = [Line(head, Style.HEAD)]
    text = offer.item.get(spec.show.text or "", "")
    if text:
        lines.append(Line(_cut(text), Style.QUOTE))
    lines += [Line(Local(spec.question or spec.title), Style.STRONG), *ask.lines(spec, draft)]
    tools = [Key(_("Skip"), "work.skip"), Key("⋯", "work.more")]
    if undo is not None:
        tools.insert(0, Key(undo, "work.undo"))
    content = offer.pictures.get(spec.show.image or "")
    return Screen(
        lines,
        [*ask.rows(spec, draft, memory.get("page", 0)), tools],
        Picture(content, text) if content else None,
        receipt=(known.id, offer.task, worker),
    )


def instructions(known: Known, *, begin: bool) -> Screen:
    """What to look for, with examples; the way forward first."""
    spec = known.spec
    lines = [Line(Local(spec.title), Style.STRONG)]
    if spec.instructions:
        lines.append(Line(Local(spec.instructions)))
    lines.append(Line(Join((_("You will be asked:"), " ", Local(spec.question or spec.title)))))
    shown = spec.examples[:_EXAMPLES]
    for example in shown:
        lines += example_lines(known, example)
    picture = next((one.image for one in shown if one.image), None)
    forward = Key(_("Start"), "work.begin") if begin else Key(_("Back to the item"), "work.back")
    others = [Key(_("Other projects"), "menu.projects")] if begin else []
    return Screen(lines, [[forward], others] if others else [[forward]], Picture(picture) if picture else None)


def example_lines(known: Known, example: Example) -> Sequence[Line]:
    """A worked example."""
    kind = KINDS[known.spec.kind]
    answer = kind.read(known.spec.question_for_kind(), example.answer)
    lines = [Line(_("For example"), Style.FAINT)]
    if example.text:
        lines.append(Line(Local(example.text), Style.QUOTE))
    right: list[Words] = ["✓ ", ASKS[known.spec.kind].words(known.spec, answer)]
    if example.why:
        right += [" — ", Local(example.why)]
    return [*lines, Line(Join(right))]


def reasons(question: Words, choices: Sequence[tuple[str, Words]], to: str) -> Screen:
    """Why? One tap, or back."""
    keys = [[Key(words, to, reason)] for reason, words in choices]
    return Screen([Line(question, Style.STRONG)], [*keys, [Key(_("Back to the item"), "work.back")]])


def more(known: Known) -> Screen:
    """What else one can do with an item."""
    whole = [[Key(_("See the picture in full"), "work.whole")]] if shows_whole(known) else []
    return Screen(
        [Line(_("What would you like to do?"), Style.STRONG)],
        [
            [Key(_("Back to the item"), "work.back")],
            *whole,
            [Key(_("Read the instructions"), "work.instructions")],
            [Key(_("Report this item"), "work.report")],
            [Key(_("Stop for now"), "work.stop")],
        ],
    )


def shows_whole(known: Known) -> bool:
    """Whether people may have an item's picture as a file: not where it is to be protected or marked."""
    return known.spec.show.image is not None and not (known.spec.privacy.protect or known.spec.privacy.watermark)


def sitting(memory: Mapping[str, Any], earned: Money | None = None) -> Screen:
    """What was done, what it earned, how the checked ones went; on or enough."""
    done, checked = memory.get("done", 0), memory.get("checked", 0)
    thanks = _n("{n} item done. Thank you!", "{n} items done. Thank you!", done) if done else _("See you soon!")
    lines = [Line(thanks, Style.STRONG)]
    if earned:
        lines.append(Line(_("Earned: {amount}", amount=earned)))
    if checked and done >= _FEWEST_DONE:
        lines.append(
            Line(
                _n(
                    "{right} of {n} checked item was right.",
                    "{right} of {n} checked items were right.",
                    checked,
                    right=memory.get("right", 0),
                )
            )
        )
        if memory.get("right", 0) < checked:
            lines.append(Line(_("A look at the instructions may help with the next ones."), Style.FAINT))
    keys = [[Key(_("Go on"), "work.go_on")], [Key(_("Enough for now"), "menu.projects")]]
    return Screen(lines, [*keys, *([[MY_WALLET]] if earned else [])])


def no_work(known: Known, found: NoWork) -> Screen:
    """Why there is no item, and the way on."""
    first, why = _why_paused(found) if found.reason == "paused" else _WHY_NONE[found.reason]
    lines = [Line(Local(known.spec.title), Style.HEAD), Line(first, Style.STRONG), Line(why)]
    if found.answered:
        lines.append(
            Line(_n("You gave {n} answer. Thank you!", "You gave {n} answers. Thank you!", found.answered), Style.FAINT)
        )
    return Screen(lines, [[Key(_("Other projects"), "menu.projects")]])


def _why_paused(found: NoWork) -> tuple[Words, Words]:
    again = _("This project is open for you again {time}.", time=Moment(found.until or 0))
    why = found.why or _("Your answers are safe.")
    return _("Have a break here: other projects are open."), Join((again, why), " ")


def _cut(text: str) -> str:
    return text if len(text) <= _MOST_OF_ITEM else text[: _MOST_OF_ITEM - 1] + "…"
