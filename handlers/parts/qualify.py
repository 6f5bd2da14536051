"""The screens before the work: practice, the quiz, what it came to, the reviewer's quiz."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from handlers.ask import ASKS
from handlers.parts.task import example_lines
from handlers.talk import Key, Line, Picture, Screen, Style
from tasks.projects.catalog import Known
from tasks.qualification.attempt import Attempt
from tasks.qualification.door import Door
from tasks.qualification.practice import Exercise
from tasks.words import Join, Local, Moment, Words, _, _n

_MOST_OF_ITEM, _MOST_OF_WRONG, _WRONG_SHOWN = 2_000, 160, 5
_EXAMPLES = 3
OTHERS = Key(_("Other projects"), "menu.projects")
STOP = Key(_("Stop for now"), "menu.projects")


@dataclass(frozen=True, slots=True)
class Item:
    """What is looked at."""

    columns: Mapping[str, str]
    pictures: Mapping[str, str]

    def text(self, known: Known) -> str:
        """The text that is shown of it."""
        return self.columns.get(known.spec.show.text or "", "")

    def content(self, known: Known) -> str:
        """The picture that is shown of it."""
        return self.pictures.get(known.spec.show.image or "", "")


def _item_lines(known: Known, item: Item) -> list[Line]:
    text = item.text(known)
    return [Line(_cut(text, _MOST_OF_ITEM), Style.QUOTE)] if text else []


def _picture(known: Known, item: Item) -> Picture | None:
    content = item.content(known)
    return Picture(content, item.text(known)) if content else None


def _question(known: Known) -> Line:
    return Line(Local(known.spec.question or known.spec.title), Style.STRONG)


def _answers(known: Known, draft: Any, page: int) -> Sequence[Sequence[Key]]:
    """The answer keys of the kind, heard here."""
    rows = ASKS[known.spec.kind].rows(known.spec, draft, page)
    return [[replace(key, to=key.to.replace("work.", "qualify.", 1)) for key in row] for row in rows]


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


# --------------------------------------------------------------------------- practice


def practice_begins(known: Known, door: Door) -> Screen:
    """What it is about, worked examples, and what practice is."""
    spec = known.spec
    lines = [Line(Local(spec.title), Style.STRONG)]
    if spec.instructions:
        lines.append(Line(Local(spec.instructions)))
    for example in spec.examples[:_EXAMPLES]:
        lines += example_lines(known, example)
    lines.append(
        Line(
            _n(
                "First {n} item to practise: you see at once whether it is right, and why.",
                "First {n} items to practise: you see at once whether they are right, and why.",
                max(1, door.left),
            )
        )
    )
    lines.append(Line(_("Practice is not paid, and nobody counts the mistakes."), Style.FAINT))
    picture = next((one.image for one in spec.examples[:_EXAMPLES] if one.image), None)
    keys = [[Key(_("Practise"), "qualify.practise", known.id)], [OTHERS]]
    return Screen(lines, keys, Picture(picture) if picture else None)


def exercise(known: Known, found: Exercise, memory: Mapping[str, Any], hint: Words | None = None) -> Screen:
    """A practice item; with a hint after a try that was not right."""
    ask, draft = ASKS[known.spec.kind], memory.get("draft")
    item = Item(found.item, found.pictures)
    lines = [Line(Join((Local(known.spec.title), " · ", _practised(known, found))), Style.HEAD)]
    lines += _item_lines(known, item)
    lines += [_question(known), *ask.lines(known.spec, draft)]
    if hint is not None:
        lines.append(Line(hint))
    return Screen(lines, [*_answers(known, draft, memory.get("page", 0)), [STOP]], _picture(known, item))


def _practised(known: Known, found: Exercise) -> Words:
    wanted = known.spec.qualification.practice
    if found.practised >= wanted:
        return _("practice")
    return _("practice, {n} of {total}", n=found.practised + 1, total=wanted)


def practise_more(known: Known) -> Key:
    """More practice, asked for."""
    return Key(_("Practise more"), "qualify.practise", known.id)


def look_again(why: str) -> Words:
    """After a try that was not right."""
    return _("Look again: {why}", why=why) if why else _("Look again: it is something else.")


def well_done(known: Known, found: Exercise, value: Any, *, done: bool) -> Screen:
    """After a right one: why it is, and the way forward."""
    item = Item(found.item, found.pictures)
    said = ASKS[known.spec.kind].words(known.spec, value)
    yes = _("✓ Yes: {why}", why=found.why) if found.why else _("✓ Yes: {why}", why=said)
    lines = [
        Line(Join((Local(known.spec.title), " · ", _practised(known, found))), Style.HEAD),
        *_item_lines(known, item),
        _question(known),
        Line(said),
        Line(yes),
    ]
    forward = [Key(_("Next item"), "qualify.practise", known.id)]
    if done:
        lines.append(Line(_("That was the practice.")))
        forward = [Key(_("Go on"), "work.choose", known.id)]
    more = [[practise_more(known)]] if done else []
    return Screen(lines, [forward, *more, [STOP]], _picture(known, item))


# --------------------------------------------------------------------------- the quiz


def quiz_begins(known: Known, questions: int, needed: int) -> Screen:
    """The rules, before the clock runs."""
    needs = known.spec.qualification
    lines = [
        Line(Local(known.spec.title), Style.STRONG),
        Line(_n("A quiz of {n} question.", "A quiz of {n} questions.", questions)),
        Line(_n("{n} right answer passes.", "{n} right answers pass.", needed)),
        Line(_("Your first answer counts, and there are no hints.")),
    ]
    if needs.per_question_ms:
        each = timedelta(milliseconds=needs.per_question_ms)
        lines.append(Line(_("You have {time} for each question, also while you are away.", time=each)))
    keys = [[Key(_("Begin the quiz"), "qualify.begin", known.id)]]
    if needs.practice:
        keys.append([practise_more(known)])
    return Screen(lines, [*keys, [OTHERS]])


def dots(done: int, total: int) -> str:
    """How far it is, for the eye; the words beside it say the same."""
    return "●" * done + "○" * (total - done) if total <= 20 else ""  # noqa: PLR2004 - what fits in a line of a phone


def _far(known: Known, attempt: Attempt) -> list[Line]:
    total = attempt.rules.count
    far = _("question {n} of {total}", n=attempt.number + 1, total=total)
    lines = [Line(Join((Local(known.spec.title), " · ", far)), Style.HEAD)]
    bar = dots(attempt.number, total)
    return [*lines, Line(bar, Style.FAINT)] if bar else lines


def question(known: Known, attempt: Attempt, item: Item, memory: Mapping[str, Any]) -> Screen:
    """A question of the quiz: no hints, no way back."""
    ask, draft = ASKS[known.spec.kind], memory.get("draft")
    lines = [*_far(known, attempt), *_item_lines(known, item), _question(known), *ask.lines(known.spec, draft)]
    if attempt.rules.per_question_ms:
        each = timedelta(milliseconds=attempt.rules.per_question_ms)
        lines.append(Line(_("{time} for this question", time=each), Style.FAINT))
    return Screen(lines, [*_answers(known, draft, memory.get("page", 0)), [STOP]], _picture(known, item))


def result(known: Known, attempt: Attempt, door: Door, wrong: Sequence[Item], ends_at: int | None) -> Screen:
    """The score, what it means, which items were wrong, and the next key."""
    asked, right = attempt.number, attempt.right
    score = _n("{right} of {n} question was right.", "{right} of {n} questions were right.", asked, right=right)
    lines = [Line(Local(known.spec.title), Style.HEAD)]
    if attempt.state == "passed":
        lines += [Line(_("Passed!"), Style.STRONG), Line(score)]
        if ends_at:
            lines.append(Line(_("This counts until {when}.", when=Moment(ends_at))))
    else:
        lines += [Line(_("Not passed this time."), Style.STRONG), Line(Join((score, _needed(attempt)), " "))]
        if asked < attempt.rules.count:
            lines.append(Line(_("It ended early, as it could not be passed any more."), Style.FAINT))
        lines.append(Line(_next_time(attempt, door)))
    return Screen([*lines, *_wrong_lines(known, wrong)], [*_onward(known, attempt, door), [OTHERS]])


def _needed(attempt: Attempt) -> Words:
    return _("{n} of {total} would have passed.", n=attempt.rules.needed, total=attempt.rules.count)


def _next_time(attempt: Attempt, door: Door) -> Words:
    if attempt.state == "again":
        return _("That was close: practise a little and try again. It does not count as an attempt.")
    if door.opens_at is not None:
        return _("You can try again {when}.", when=Moment(door.opens_at))
    if door.state == "closed":
        return _("That was the last attempt here. There are other projects.")
    return _("You can try again.")


def _onward(known: Known, attempt: Attempt, door: Door) -> list[list[Key]]:
    if door.state == "open" and attempt.state == "passed":
        return [[Key(_("Start to work"), "work.choose", known.id)]]
    if door.state == "practice":
        return [[Key(_("Practise"), "qualify.practise", known.id)]]
    if door.state == "quiz":
        return [[Key(_("To the quiz"), "work.choose", known.id)]]
    waits = door.opens_at is not None and known.spec.qualification.practice
    return [[practise_more(known)]] if waits else []


def _wrong_lines(known: Known, wrong: Sequence[Item]) -> list[Line]:
    texts = [text for item in wrong if (text := item.text(known))]
    if not texts:
        return []
    lines = [Line(_("These were not right:"), Style.FAINT)]
    return lines + [Line(_cut(text, _MOST_OF_WRONG), Style.QUOTE) for text in texts[:_WRONG_SHOWN]]


# --------------------------------------------------------------------------- the reviewer's quiz


def review_begins(known: Known, questions: int) -> Screen:
    """What a reviewer does, and how the quiz goes."""
    lines = [
        Line(_("Become a reviewer"), Style.STRONG),
        Line(_("Reviewers decide where others disagree.")),
        Line(
            _n(
                "You see {n} answer: accept it, or reject it and say what is wrong.",
                "You see {n} answers: accept each, or reject it and say what is wrong.",
                questions,
            )
        ),
        Line(_("Your first word counts, and there are no hints.")),
    ]
    return Screen(lines, [[Key(_("Begin the quiz"), "qualify.begin_review", known.id)], [OTHERS]])


def planted(known: Known, attempt: Attempt, item: Item) -> Screen:
    """An answer to be judged."""
    lines = [*_far(known, attempt), *_item_lines(known, item), _question(known)]
    said = ASKS[known.spec.kind].words(known.spec, attempt.question["shown"])
    lines.append(Line(_("Somebody answered: {answer}", answer=said)))
    keys = [[Key(_("Accept"), "qualify.accept"), Key(_("Reject"), "qualify.reject")], [STOP]]
    return Screen(lines, keys, _picture(known, item))


def reasons(known: Known, attempt: Attempt, item: Item, page: int) -> Screen:
    """What is wrong with an answer that was rejected."""
    lines = [*_far(known, attempt), *_item_lines(known, item)]
    shown = attempt.question["shown"]
    lines.append(Line(_("Somebody answered: {answer}", answer=ASKS[known.spec.kind].words(known.spec, shown))))
    if isinstance(shown, list):
        lines.append(Line(_("What is wrong with it?"), Style.STRONG))
        keys = [[Key(words, "qualify.because", reason)] for reason, words in _SETS]
    else:
        lines.append(Line(_("Which answer would be right?"), Style.STRONG))
        rows = _answers(known, None, page)
        keys = [
            [replace(key, to=key.to.replace(".answer", ".because")) for key in row if key.value != shown]
            for row in rows
        ]
    back = [Key(_("Back"), "qualify.back")]
    return Screen(lines, [*(row for row in keys if row), back], _picture(known, item))


_SETS: Sequence[tuple[str, Words]] = (
    ("missing", _("Something is missing")),
    ("extra", _("One too many is ticked")),
    ("both", _("One is missing, and one too many is ticked")),
)


def review_result(known: Known, attempt: Attempt, *, auto: bool) -> Screen:
    """What it came to, and what happens next."""
    asked = attempt.number
    score = _n("{right} of {n} question was right.", "{right} of {n} questions were right.", asked, right=attempt.right)
    lines = [Line(Local(known.spec.title), Style.HEAD)]
    if attempt.state == "passed":
        then = (
            _("You are a reviewer now: /review shows what waits.") if auto else _("An admin decides, and you are told.")
        )
        lines += [Line(_("Passed!"), Style.STRONG), Line(score), Line(then)]
    else:
        lines += [Line(_("Not passed this time."), Style.STRONG), Line(Join((score, _needed(attempt)), " "))]
    return Screen(lines, [[OTHERS]])


# --------------------------------------------------------------------------- other doors


def asks_age(known: Known, said: int) -> Screen:
    """A project that is for people of an age; whoever has ``said`` that they are younger is led elsewhere first."""
    age = known.spec.audience.age
    lines = [
        Line(Local(known.spec.title), Style.STRONG),
        Line(_("This project is for people aged {age} and over.", age=age)),
    ]
    old_enough = Key(_("I am {age} or older", age=age), "qualify.old_enough", known.id)
    return Screen(lines, [[old_enough], [OTHERS]] if said else [[OTHERS], [old_enough]])


def shut(known: Known, door: Door) -> Screen:
    """Somebody at work whose door has closed."""
    lines = [
        Line(Local(known.spec.title), Style.HEAD),
        Line(_("This project is closed to you just now."), Style.STRONG),
        Line(door.why),
    ]
    return Screen(lines, [[OTHERS]])
