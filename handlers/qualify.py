"""Before the work: practice in the thread, the quiz, the reviewer's quiz; all of it stands in rows, not here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from handlers.ask import ASKS, Drafted, HandIn
from handlers.flow import Flow, Visit, again, show
from handlers.menu import projects
from handlers.parts import qualify as parts
from handlers.parts.task import instructions
from handlers.talk import Album, Picture, Said, Show, State, Turn
from tasks.assignment.errors import NotYoursError
from tasks.people import reached_age
from tasks.projects.catalog import Known
from tasks.qualification import practice, quiz, review_quiz, running
from tasks.qualification.attempt import Attempt, Rules
from tasks.qualification.door import Door, door
from tasks.qualification.quiz import QUIZ
from tasks.qualification.running import Exam, QuizError, StaleQuestionError
from tasks.words import Join, Words, _, error_words

_MOST_PICTURES = 10


def _known(visit: Visit) -> Known:
    return visit.desk.catalog.get(visit.tx, int(visit.memory["project"]))


def _closed(visit: Visit) -> Turn:
    return projects(visit, toast=_("Choose another project: this one is closed just now."))


def arrive(visit: Visit, known: Known) -> Turn:
    """To the door of a project: its instructions, what lies before the work, or why it is closed."""
    found = door(visit.tx, known, visit.who, visit.now)
    if found.state == "closed":
        return _closed(visit)
    if found.state == "open":
        return _open(known)
    return enter(visit, known, found)


def _open(known: Known) -> Turn:
    """To the work; with more practice for whoever would like it."""
    screen = instructions(known, begin=True)
    if known.spec.qualification.practice:
        forward, *others = screen.keys
        screen = replace(screen, keys=[forward, [parts.practise_more(known)], *others])
    return show(State("work", {"project": known.id}), screen)


def enter(visit: Visit, known: Known, found: Door, toast: Words | None = None) -> Turn:
    """What lies before the work in a project whose door is not open yet."""
    state = State("qualify", {"project": known.id})
    if found.state == "age":
        return show(state, parts.asks_age(known, visit.who.age), toast)
    if found.state == "practice":
        return show(state, parts.practice_begins(known, found), toast)
    if found.running:
        return _quiz(visit, known, toast=toast)
    needs = known.spec.qualification
    return show(state, parts.quiz_begins(known, needs.quiz, Rules(needs.quiz, needs.pass_share).needed), toast)


def _old_enough(visit: Visit, project: int) -> Turn:
    known = visit.desk.catalog.get(visit.tx, project)
    visit.who = reached_age(visit.tx, visit.who, known.spec.audience.age)
    return arrive(visit, known)


# --------------------------------------------------------------------------- practice


def _practise(visit: Visit, project: int) -> Turn:
    known = visit.desk.catalog.get(visit.tx, project)
    if known.state != "live":
        return _closed(visit)
    return _exercise(visit, known, {})


def _exercise(
    visit: Visit, known: Known, memory: Mapping[str, Any], hint: Words | None = None, toast: Words | None = None
) -> Turn:
    found = practice.exercise(visit.tx, known, visit.who.id, visit.now, visit.desk.rng)
    if found is None:
        practice.waive(visit.tx, known, visit.who.id)
        return projects(visit, toast=_("There is nothing to practise on here: go on without it."))
    memory = {"draft": None, "page": 0, **memory, "project": known.id, "what": "practice", "task": found.task}
    return show(State("qualify", memory), parts.exercise(known, found, memory, hint), toast)


def _try(visit: Visit, known: Known, raw: object) -> Turn:
    found = practice.exercise(visit.tx, known, visit.who.id, visit.now, visit.desk.rng)
    if found is None or known.state != "live":
        return _closed(visit)
    try:
        tried = practice.attempt(visit.tx, known, visit.who.id, int(visit.memory["task"]), raw, visit.now)
    except NotYoursError:
        return _exercise(visit, known, {})
    if not tried.right:
        said = ASKS[known.spec.kind].words(known.spec, tried.value)
        page = {"page": visit.memory.get("page", 0)}
        return _exercise(visit, known, page, parts.look_again(found.why), _("Not “{answer}”", answer=said))
    done = tried.practised >= known.spec.qualification.practice
    return show(State("qualify", {"project": known.id}), parts.well_done(known, found, tried.value, done=done))


# --------------------------------------------------------------------------- quizzes


def _begin(visit: Visit, project: int) -> Turn:
    known = visit.desk.catalog.get(visit.tx, project)
    try:
        attempt = quiz.start(visit.tx, known, visit.who, visit.now, visit.desk.rng)
    except QuizError as error:
        return projects(visit, toast=error_words(error))
    return _stands(visit, known, QUIZ, attempt)


def _quiz(visit: Visit, known: Known, exam: Exam = QUIZ, toast: Words | None = None) -> Turn:
    """Where the running quiz stands."""
    attempt = running.look(visit.tx, known, visit.who.id, exam, visit.now)
    if attempt is None or attempt.state == "left":
        return projects(visit, toast=_("Choose a project: this quiz is over."))
    return _stands(visit, known, exam, attempt, toast)


def _stands(visit: Visit, known: Known, exam: Exam, attempt: Attempt, toast: Words | None = None) -> Turn:
    if attempt.given and attempt.given[-1].late and attempt.asked_at == visit.now:
        toast = _("Time was up: that question counts as not right.")
    if attempt.state != "running":
        return _result(visit, known, exam, attempt, toast)
    memory = {"project": known.id, "what": exam.what, "number": attempt.number, "draft": None, "page": 0}
    return _question(visit, known, exam, attempt, memory, toast)


def _question(
    visit: Visit, known: Known, exam: Exam, attempt: Attempt, memory: Mapping[str, Any], toast: Words | None = None
) -> Turn:
    item = _items(visit, known, [attempt.question])[0]
    if exam.what == QUIZ.what:
        screen = parts.question(known, attempt, item, memory)
    elif memory.get("draft"):
        screen = parts.reasons(known, attempt, item, memory.get("page", 0))
    else:
        screen = parts.planted(known, attempt, item)
    return show(State("qualify", memory), screen, toast)


def _items(visit: Visit, known: Known, questions: Sequence[Mapping[str, Any]]) -> list[parts.Item]:
    return [parts.Item(*running.item(visit.tx, known, question)) for question in questions]


def _result(visit: Visit, known: Known, exam: Exam, attempt: Attempt, toast: Words | None) -> Turn:
    state = State("qualify", {"project": known.id})
    if exam.what != QUIZ.what:
        return show(state, parts.review_result(known, attempt, auto=visit.desk.auto_reviewers), toast)
    found = door(visit.tx, known, visit.who, visit.now)
    wrong = _items(visit, known, attempt.wrong)
    lasts = attempt.rules.expires_after_ms
    screen = parts.result(known, attempt, found, wrong, visit.now + lasts if lasts else None)
    turn = show(state, screen, toast)
    pictures = [Picture(content) for item in wrong if not item.text(known) and (content := item.content(known))]
    if len(pictures) < 2:  # noqa: PLR2004 - an album has two pictures or more
        return turn
    below = [replace(action, fresh=True) if isinstance(action, Show) else action for action in turn.actions]
    return Turn(turn.state, [Album(pictures[:_MOST_PICTURES]), *below])


def _hand_in(visit: Visit, known: Known, exam: Exam, raw: object, said: Words) -> Turn:
    number = int(visit.memory["number"])
    try:
        attempt = running.answer(visit.tx, known, visit.who.id, exam, number, raw, visit.now)
    except StaleQuestionError as error:
        return _quiz(visit, known, exam, error_words(error))
    except QuizError:
        return _quiz(visit, known, exam)
    return _stands(visit, known, exam, attempt, Join(("✓ ", said)))


def _current(visit: Visit, known: Known, memory: Mapping[str, Any], toast: Words | None = None) -> Turn:
    """The question or the practice item once more, as the memory has it."""
    if memory.get("what") == "practice":
        return _exercise(visit, known, memory)
    exam = _exam(visit)
    attempt = running.look(visit.tx, known, visit.who.id, exam, visit.now)
    if attempt is None or attempt.state != "running" or attempt.number != memory.get("number"):
        return _quiz(visit, known, exam) if attempt is None else _stands(visit, known, exam, attempt)
    return _question(visit, known, exam, attempt, memory, toast)


def _exam(visit: Visit) -> Exam:
    return QUIZ if visit.memory.get("what") == QUIZ.what else review_quiz.reviews(auto=visit.desk.auto_reviewers)


# --------------------------------------------------------------------------- answering


def _answer(visit: Visit, value: Any) -> Turn:
    known = _known(visit)
    return _take(visit, known, ASKS[known.spec.kind].pressed(known.spec, visit.memory.get("draft"), value))


def _said(visit: Visit, said: Said) -> Turn:
    if visit.memory.get("what") not in {"practice", QUIZ.what}:
        return again(_("Please tap one of the keys below the message."))
    known = _known(visit)
    taken = ASKS[known.spec.kind].said(known.spec, visit.memory.get("draft"), said.text)
    if taken is None:
        return again(_("Please answer with a tap on one of the keys: this question needs no text."))
    return _take(visit, known, taken)


def _take(visit: Visit, known: Known, taken: HandIn | Drafted) -> Turn:
    if isinstance(taken, Drafted):
        return _current(visit, known, {**visit.memory, "draft": taken.draft})
    if visit.memory.get("what") == "practice":
        return _try(visit, known, taken.raw)
    return _hand_in(visit, known, QUIZ, taken.raw, _words(known, taken.raw))


def _words(known: Known, raw: Any) -> Words:
    return ASKS[known.spec.kind].words(known.spec, raw)


def _page(visit: Visit, page: int) -> Turn:
    return _current(visit, _known(visit), {**visit.memory, "page": page})


# --------------------------------------------------------------------------- the reviewer's quiz


def _review(visit: Visit, project: int) -> Turn:
    known = visit.desk.catalog.get(visit.tx, project)
    if not review_quiz.offered(visit.tx, known, visit.who, visit.now):
        return projects(visit, toast=_("Choose another project: this quiz cannot be begun just now."))
    return show(State("qualify", {"project": known.id}), parts.review_begins(known, known.spec.review.quiz))


def _begin_review(visit: Visit, project: int) -> Turn:
    known, auto = visit.desk.catalog.get(visit.tx, project), visit.desk.auto_reviewers
    try:
        attempt = review_quiz.start(visit.tx, known, visit.who, visit.now, visit.desk.rng, auto=auto)
    except QuizError as error:
        return projects(visit, toast=error_words(error))
    return _stands(visit, known, review_quiz.reviews(auto=auto), attempt)


def _accept(visit: Visit, _value: object) -> Turn:
    return _hand_in(visit, _known(visit), _exam(visit), {"accept": True}, _("Accepted"))


def _reject(visit: Visit, _value: object) -> Turn:
    return _current(visit, _known(visit), {**visit.memory, "draft": "rejected"})


def _because(visit: Visit, reason: Any) -> Turn:
    return _hand_in(visit, _known(visit), _exam(visit), {"accept": False, "reason": reason}, _("Rejected"))


def _back(visit: Visit, _value: object) -> Turn:
    return _current(visit, _known(visit), {**visit.memory, "draft": None, "page": 0})


def _presses() -> Mapping[str, Any]:
    heard: Sequence[Any] = (
        _old_enough, _practise, _begin, _answer, _page, _review, _begin_review, _accept, _reject, _because, _back,
    )  # fmt: skip
    return {hear.__name__.removeprefix("_"): hear for hear in heard}


QUALIFY = Flow("qualify", consented=True, presses=_presses(), said=_said)
