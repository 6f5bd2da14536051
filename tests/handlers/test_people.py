"""An admin's screens of people: with all there can be, they fit, in every language; no contact is ever on them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import pytest

from bot.translate import Translator
from db.session import Database, Tx
from db.tables import Alike, Audit, Enrolment, Person, Proposal, Qualification
from handlers.admin.deeds import DEEDS
from handlers.admin.people import PEOPLE
from handlers.admin.person import PERSON
from handlers.admin.roll import ROLL
from handlers.flow import Desk, Visit
from handlers.talk import Said, Show, Toast, Turn
from tasks.kept import pack
from tasks.people import Who
from tasks.projects.catalog import Catalog
from tasks.staff import StaffError
from tasks.words import _
from tests.conftest import NOON
from tests.handlers.screens import LANGUAGES, faults_of_turn, render
from tests.support.bots import ANIMALS, add_project

TRANSLATOR = Translator(lambda: NOON)
LONG = "가" * 100
DEEDS_ASKED = (
    "role",
    "suspend",
    "lift",
    "pause",
    "go-on",
    "grant",
    "revoke",
    "prove",
    "unprove",
    "note",
    "letter",
    "reach",
)


def _long_title(database: Database, n: int) -> int:
    spec = {**ANIMALS, "id": f"p{n}", "title": {"en": LONG, "ko": LONG}}
    return add_project(database, spec, [{"id": "w", "caption": "x"}], NOON)


class _UndoneError(Exception):
    """Takes a visit back."""


class Office:
    """An admin among ten people of whom everything bad and good is said, in six projects with the longest titles."""

    def __init__(self, database: Database) -> None:
        self._database = database
        projects = [_long_title(database, n) for n in range(6)]
        database.run(self._people).result()
        database.run(lambda tx: self._said_of_them(tx, projects)).result()
        names = {code: TRANSLATOR.name(code) for code in TRANSLATOR.languages()}
        rng = random.Random(1)  # noqa: S311 - a test's chance
        self._desk = Desk(Catalog(), rng, names, TRANSLATOR.negotiate, TRANSLATOR.words, lambda _channel, code: code)

    def _people(self, tx: Tx) -> None:
        people = [Person(channel="telegram", external_id=f"secret-{n}", joined_at=NOON, gate=3) for n in range(10)]
        people[3].role, people[4].role, people[5].suspended_at = "reviewer", "admin", NOON
        tx.orm.add_all(people)

    def _said_of_them(self, tx: Tx, projects: list[int]) -> None:
        doubts = json.dumps([pack(_("Nearly always the same label: {same} of {n} answers.", same=59, n=60))] * 2)
        why = json.dumps(pack(_("Nearly always the same label: {same} of {n} answers.", same=1, n=2)))
        for person in range(1, 10):
            for project in projects:
                tx.orm.add(
                    Enrolment(
                        project_id=project,
                        worker_id=person,
                        joined_at=NOON,
                        answered=1_234_567,
                        skipped=99,
                        seen=900,
                        correct=801.5,
                        gold_seen=88,
                        gold_correct=77,
                        doubt=0.99,
                        doubts=doubts,
                        paused_until=NOON,
                    )
                )
            tx.orm.add(Proposal(person_id=person, project_id=projects[0], what="suspend", why=why, made_at=NOON))
            tx.orm.add(Proposal(person_id=person, what="reviewer", why='"x"', made_at=NOON))
            tx.orm.add(
                Qualification(
                    person_id=person, skill=f"skill-{LONG}"[:64], source="quiz", score=0.9, earned_at=NOON, ends_at=NOON
                )
            )
            for what in ("role", "suspend", "lift", "decide", "gate", "pause", "something new"):
                rule = "if: x\nthen: pause" if what == "pause" else ""
                figures = json.dumps({"why": "나" * 300, "before": 1, "after": 2})
                tx.orm.add(Audit(at=NOON, actor_id=2, rule=rule, what=what, person_id=person, figures=figures))
        tx.orm.flush()
        for other in range(2, 10):
            one = Alike(
                project_id=projects[0],
                worker_id=1,
                other_id=other,
                strength=0.99,
                shared=300,
                same=299,
                wrong=123,
                chance=1.23,
            )
            tx.orm.add(one)

    def visit(self, language: str, does: Callable[[Visit], Turn], memory: dict[str, object] | None = None) -> Turn:
        """What the admin, who is number 10, is answered; it is taken back."""
        who = Who(10, language, "Asia/Seoul", "admin", "2026-11", "telegram")
        answered: list[Turn] = []

        def turn(tx: Tx) -> None:
            answered.append(does(Visit(tx, self._desk, who, NOON, "people", memory or {}, guess=language)))
            raise _UndoneError

        with pytest.raises(_UndoneError):
            self._database.run(turn).result(10)
        return answered[0]


@pytest.fixture
def office(sqlite_database: Database) -> Office:
    return Office(sqlite_database)


def _press(verb: str, value: object = None) -> Callable[[Visit], Turn]:
    """``verb`` alone is of ``/people``, else ``flow.verb``."""
    flow, _dot, name = f"people.{verb}".rpartition(".")
    flows = {"people": PEOPLE, "people.roll": ROLL, "people.person": PERSON, "people.deeds": DEEDS}
    return lambda visit: flows[flow].presses[name](visit, value)


def _text(turn: Turn, language: str = "en") -> str:
    screen = next(action.screen for action in turn.actions if isinstance(action, Show))
    shown = render(screen, TRANSLATOR, language)
    return "\n".join([shown.text, *(key.label for row in shown.buttons for key in row)])


_SCREENS: list[tuple[str, object]] = [
    ("home", None),
    *(("proposal", proposal) for proposal in (1, 2)),
    *(("pair", [project, 1, 2]) for project in (1, 2)),
    *(("card", person) for person in (1, 4, 5, 6, 10)),
    *(
        (f"person.{verb}", value)
        for verb, value in (
            ("projects", 1),
            ("figures", [1, 1]),
            ("timeline", {"person": 1}),
            ("returned", {"person": 1}),
            ("notes", 1),
            ("money", 1),
        )
    ),
    *((f"roll.{verb}", value) for verb, value in (("page", {}), ("filters", None), ("by", {"by": "skill"}))),
    *(("roll.page", {"by": by}) for by in ("newest", "active", "silent", "doubt", "paused", "suspended")),
    *((f"deeds.{verb}", person) for verb in ("all", "roles", "days", "skills") for person in (1, 4, 5, 6)),
    *(("deeds.ask", {"deed": deed, "person": 1, "skill": "a", "role": "reviewer"}) for deed in DEEDS_ASKED),
    *(("deeds.ask", {"deed": deed, "person": 1, "proposal": 1}) for deed in ("accept", "decline")),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_fits_and_names_nobody(language: str, office: Office) -> None:
    for verb, value in _SCREENS:
        turn = office.visit(language, _press(verb, value))
        assert faults_of_turn(turn, TRANSLATOR, language) == [], (verb, value)
        assert "secret" not in _text(turn, language)


def test_what_waits_comes_first_then_the_alike_then_the_doubted(office: Office) -> None:
    home = _text(office.visit("en", _press("home")))
    places = [home.index(words) for words in ("Waits for your decision", "Answer suspiciously alike", "In doubt by")]
    assert places == sorted(places)
    assert "There are more" in home
    assert "Decide on No. 1" in home


def test_the_evidence_on_two_who_answer_alike(office: Office) -> None:
    pair = _text(office.visit("en", _press("pair", [1, 1, 2])))
    assert "300 items answered by both · 299 answers the same · 123 of these are wrong by all answers together" in pair
    assert "by chance about 1.2 the same wrong ones · strength 99%" in pair
    assert "Answers suspiciously like No. 1" in _text(office.visit("en", _press("card", 2)))


_DEEDS: list[tuple[dict[str, object], str]] = [
    ({"deed": "accept", "person": 1, "proposal": 1}, "Decided: No. 1 is told."),
    ({"deed": "decline", "person": 1, "proposal": 2}, "Decided: No. 1 is told."),
    ({"deed": "role", "role": "reviewer", "person": 1}, "Done: No. 1 is told."),
    ({"deed": "role", "role": "worker", "person": 4}, "Done: No. 4 is told."),
    ({"deed": "pause", "days": 3, "person": 1}, "Done: No. 1 is told."),
    ({"deed": "grant", "skill": "birds", "person": 1}, "Done: No. 1 is told."),
    ({"deed": "prove", "person": 1}, "Done: No. 1 is told."),
    ({"deed": "note", "person": 5}, "Noted, for people in charge."),
    ({"deed": "letter", "person": 5}, "It is on its way to No. 5."),
    ({"deed": "suspend", "person": 1}, "Done: No. 1 is told."),
    ({"deed": "lift", "person": 6}, "Done: No. 6 is told."),
]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_reason_is_written_and_it_is_done(language: str, office: Office) -> None:
    assert DEEDS.said is not None
    said = DEEDS.said
    for memory, then in _DEEDS:
        turn = office.visit(language, lambda visit: said(visit, Said("He answers in 0.4 s.")), memory)
        assert faults_of_turn(turn, TRANSLATOR, language) == [], memory
        toasts = [TRANSLATOR.words(action.words, language) for action in turn.actions if isinstance(action, Toast)]
        assert language != "en" or toasts == [then]


def test_a_number_is_looked_up_and_nonsense_is_not(office: Office) -> None:
    assert PEOPLE.said is not None
    said = PEOPLE.said
    assert "No. 7" in _text(office.visit("en", lambda visit: said(visit, Said(" 7 "))))
    with pytest.raises(StaffError, match="nobody known as “77”"):
        office.visit("en", lambda visit: said(visit, Said("77")))
    assert "There is no such note" in _text(office.visit("en", lambda visit: said(visit, Said("Kim"))))
