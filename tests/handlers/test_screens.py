"""Every command, key and finished job of every conversation, in every language: what it shows is fit to be shown."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest

from bot import saved
from bot.translate import Translator
from db.session import Database, Tx
from db.tables import Proposal, Remark
from handlers.all import all_flows
from handlers.ask import ASKS
from handlers.flow import Desk, Flow, Visit
from handlers.menu import projects
from handlers.parts import task as parts
from handlers.talk import Command, Heard, Key, Line, Press, Said, Screen, Sent, Shared, Show, Turn
from tasks.assignment.deal import NoWork, Offer, offer
from tasks.cases import dispute
from tasks.kinds import KINDS
from tasks.people import Who
from tasks.privacy.consent import VERSION
from tasks.projects.catalog import Known
from tasks.projects.spec import Spec
from tasks.review import seats
from tasks.words import Money, Text
from tests.conftest import NOON, Clock
from tests.handlers.broadcasts import BROADCASTS, add_broadcasts
from tests.handlers.broadcasts import memory as broadcast_memory
from tests.handlers.screens import LANGUAGES, faults, faults_of_turn
from tests.property.rig import a_rig
from tests.support.approvals import waits_for_a_word
from tests.support.payouts import asks, earns
from tests.support.returned import sent_back, waits_for_a_look, wanted_rejected
from tests.support.schedules import add_schedules
from tests.talks.projects import PROJECTS

TRANSLATOR = Translator(lambda: NOON)
_KNOWN = {name: Known(7, name, "live", 1, Spec.model_validate(dict(spec))) for name, spec in PROJECTS.items()}
_DRAFTS: Mapping[str, Any] = {"choice": None, "multi-choice": ["food", "place"], "rating": None, "text": "a draft"}
_ANSWERS: Mapping[str, Any] = {
    "animals": "cat",
    "captions": "z" * 500,
    "moods": 4,
    "tags": ["food"],
    "forty": "s1",
    "shapes": "cat",
}


def _screens() -> Iterator[tuple[str, Screen]]:
    for name, known in _KNOWN.items():
        ask = ASKS[known.spec.kind]
        yield f"{name} instructions", parts.instructions(known, begin=True)
        yield f"{name} instructions again", parts.instructions(known, begin=False)
        undo = ask.words(known.spec, _ANSWERS[name])
        for length in (5, 3_000, 30_000):
            found = Offer(7, 1, {"caption": "가" * length}, {}, 3, can_undo=True)
            for draft in (None, _DRAFTS[known.spec.kind]):
                memory = {"done": 4, "draft": draft, "page": 99}
                yield f"{name} item of {length}", parts.item(known, ask, found, memory, 20, undo, 1)
        yield f"{name} sitting", parts.sitting({"done": 1, "checked": 2, "right": 1}, Money(20, "KRW"))
        yield f"{name} long sitting", parts.sitting({"done": 20, "checked": 0})
    for reason in ("done", "day", "share", "closed"):
        for answered in (0, 1, 1_234):
            yield f"no work: {reason}", parts.no_work(_KNOWN["animals"], NoWork(reason, answered))
    yield "skip", parts.reasons(parts.SKIP_REASONS[0][1], parts.SKIP_REASONS, "work.skipped")
    yield "report", parts.reasons(parts.REPORT_REASONS[0][1], parts.REPORT_REASONS, "work.reported")
    yield "more", parts.more(_KNOWN["animals"])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "screen"), list(_screens()))
def test_screen(name: str, screen: Screen, language: str) -> None:
    assert faults(screen, TRANSLATOR, language) == [], name


@pytest.mark.parametrize(("name", "screen"), list(_screens()))
def test_a_screen_is_saved_and_read_as_it_was(name: str, screen: Screen) -> None:
    again = saved.load(saved.dump(screen))
    for language in LANGUAGES:
        from_row, from_memory = (one.lines for one in (again, screen))
        assert [TRANSLATOR.words(line.words, language) for line in from_row] == [
            TRANSLATOR.words(line.words, language) for line in from_memory
        ], name


def test_what_is_wrong_is_found() -> None:
    bad = Screen([Line(Text("Nobody has translated this")), Line("{this}")], [[Key(" ", "a.b")]])
    told = " ".join(faults(bad, TRANSLATOR, "ko"))
    assert "a field is left" in told
    assert "not in ko" in told
    assert "empty button" in told


def test_each_kind_is_asked() -> None:
    assert set(KINDS) == set(ASKS) == {known.spec.kind for known in _KNOWN.values()}


# --------------------------------------------------------------------------- conversations

_VALUES: Mapping[str, Any] = {
    "welcome.speak": "ko",
    **dict.fromkeys((f"schedule.{verb}" for verb in ("run", "pausing", "pause", "times")), "leases"),
    **dict.fromkeys(("schedule.card", "schedule.resume"), "holds"),
    **dict.fromkeys(("schedule.removing", "schedule.remove"), "news"),
    "schedule.list": 0,
    "schedule.at": ["digest", "08:00"],
    "schedule.every": ["leases", 60_000],
    "schedule.cron": ["news", "0 9 * * *"],
    "schedule.when": 1,
    "schedule.make": [1, "0 9 * * *"],
    "delivered.open": {"code": "nobodys", "project": 1},
    "menu.projects": 0,
    "profile.zone": "Asia/Seoul",
    "profile.hours": [1320, 480],
    "profile.end": 1320,
    "profile.like": "kind:choice",
    "profile.tongue": "ja",
    "profile.level": ["ja", 2],
    "invite.places": {"project": 0},
    "invite.make": {"project": 0, "places": 10},
    "qualify.answer": "cat",
    "qualify.page": 1,
    "qualify.because": "cat",
    "work.choose": 1,
    "work.take_up": 1,
    "outreach.turn": "new",
    "outreach.mute": "assignment",
    "outreach.unmute": "assignment",
    "figures.project": 1,
    "work.answer": "cat",
    "work.page": 1,
    "work.skipped": "unsure",
    "work.reported": "broken",
    "evidence.page": {"key": "animals", "row": "w0", "page": 0},
    "evidence.picture": {"key": "animals", "row": "w0", "page": 0},
    "evidence.file": {"key": "animals", "row": "w0", "page": 0},
    "audit.page": {"person": 1, "before": 9},
    "wallet.days": 0,
    "wallet.day": [0, 2**53 - 1, 0],
    "wallet.line": 1,
    "payout.begin": "KRW",
    "payout.where": "KRW",
    "payout.ask": "KRW",
    "payout.cancel": 1,
    "payouts.ask": "EUR",
    "payouts.out": "EUR",
    "payouts.again": 1,
    "people.proposal": 1,
    "people.pair": [1, 1, 2],
    "people.card": 1,
    "roll.page": {"by": "newest"},
    "roll.by": {"by": "project"},
    "person.card": 2,
    "person.projects": 1,
    "person.figures": [1, 1],
    "person.timeline": {"person": 1},
    "person.returned": {"person": 1},
    "person.money": 1,
    "person.notes": 2,
    "person.unnote": 1,
    "person.answers": {"person": 1},
    "deeds.all": 2,
    "deeds.roles": 2,
    "deeds.days": 2,
    "deeds.skills": 2,
    "deeds.ask": {"deed": "suspend", "person": 2},
    "bonus.ask": 2,
    "bonus.amount": {"person": 2, "project": 1},
    "bonus.give": {"person": 2, "project": 1, "amount": 5_000, "why": "careful"},
    "rejections.of_person": 1,
    "rejections.reasons": {"project": 1, "person": 1, "reasons": ["unreadable"]},
    "rejections.preview": {"project": 1, "person": None, "reasons": ["unreadable"]},
    "rejections.one": 1,
    "rejections.confirm": 1,
    "rejections.decline": 1,
    "budget.change": {"key": "animals", "written": "50000"},
    "approvals.one": 1,
    "edit.field": {"key": "animals", "field": "title"},
    "edit.mine": {"key": "animals", "field": "title", "revision": 1, "said": "Cats?"},
    "approvals.confirm": 1,
    "approvals.take_back": 1,
    "approvals.why": 1,
    "stats.all": 0,
    "new.ask": "answers",
    "new.put": {"what": "kind", "value": "choice"},
    "new.add": "ko",
    "new.to": "animals",
    "new.items": "animals",
    "new.change": "animals",
    "new.preview": {"key": "animals", "page": 1, "language": "ko"},
    "sent_back.one": 1,
    "sent_back.again": 1,
    "sent_back.accept": 1,
    "sent_back.disagree": 1,
    "sent_back.send": 1,
    "sent_back.send_all": 1,
    "appeal_review.take": 1,
    "appeal_review.vote": True,
    "review.vote": {"fault": "gap"},
    "review.answer": "cat",
    "review.page": 1,
    "review.read": 0,
    "review.alone": 2,
    "review.revealed": 2,
    "review_answer.why": "redo",
    "review_answer.read": 0,
    "review_answer.tick": "copied",
    "review_answer.answer": "dog",
    "review_answer.page": 1,
    "spot.choose": 2,
    "spot.draw": {"person": 2, "project": 1},
    "projects.list": 0,
    **BROADCASTS,
    "teaching.lesson": 1,
    "teaching.make": "practice",
    "suggest.lesson": 1,
    "exports.write": {"key": "animals", "what": "results"},
}
"""What a key carries that names what it acts on; keys of an admin carry a project's."""
_OF_PROJECT = {
    "work.choose", "qualify.practise", "qualify.begin", "qualify.review", "qualify.begin_review", "qualify.old_enough",
    "figures.project", "review.start", "review_answer.start",
}  # fmt: skip
"""Keys that carry the project's number."""


def _link(channel: str, code: str) -> str:
    return f"https://{channel}.example/{code}"


class _UndoneError(Exception):
    """Takes a visit back."""


class Room:
    """One project with an item in hand, to be visited again and again; each visit is taken back."""

    def __init__(self, database: Database, now: int) -> None:
        rig = a_rig(database, now, workers=2, tasks=3, changed={"reward": {"answer": "20", "currency": "KRW"}})
        self._database, self._now, self._worker = database, now, rig.workers[0]
        names = {code: TRANSLATOR.name(code) for code in TRANSLATOR.languages()}
        self._desk = Desk(rig.catalog, random.Random(1), names, TRANSLATOR.negotiate, TRANSLATOR.words, _link)  # noqa: S311 - a test's chance
        self._project = rig.known_id
        proposal = Proposal(person_id=self._worker, what="suspend", why='"why"', made_at=now)
        rig.run(lambda tx, _known: tx.orm.add(proposal))
        noted = Remark(person_id=rig.workers[1], made_by=self._worker, at=now, words="careful with small type")
        rig.run(lambda tx, _known: tx.orm.add(noted))
        for currency in ("KRW", "EUR"):
            earns(database, self._worker, 12_400, currency)
        asks(database, self._worker, "EUR")
        rig.run(lambda tx, known: sent_back(tx, known, self._worker, 3, now))
        rig.run(lambda tx, _known: tx.connection.exec_driver_sql("UPDATE review_case SET cause = 'mass'"))
        rig.run(lambda tx, known: wanted_rejected(tx, known, now))
        rig.run(lambda tx, known: offer(tx, known, self._worker, now, random.Random(1)))  # noqa: S311 - as above
        rig.run(lambda tx, known: dispute(tx, known, 2, "rule", now))
        rig.run(lambda tx, known: waits_for_a_word(tx, known, now))
        rig.run(lambda tx, known: add_broadcasts(tx, known.id, now))
        rig.run(lambda tx, _known: add_schedules(tx, now))
        rig.run(lambda tx, known: waits_for_a_look(tx, known, rig.workers[1], 2, now))

    def visit(self, language: str, does: Callable[[Visit], Turn], flow: str = "work", state: str = "live") -> Turn:
        """What somebody of all permits is answered."""
        answered: list[Turn] = []

        def turn(tx: Tx) -> None:
            tx.connection.exec_driver_sql(f"UPDATE project SET state = '{state}'")  # noqa: S608 - a test's own words
            who = Who(self._worker, language, "UTC", "admin", VERSION, "test")
            memory = {"project": self._project, "task": 1, "key": "animals", "done": 2, "what": "quiz", "number": 0}
            memory |= {"currency": "KRW", "address": "my bank, 123"}
            memory |= {"case": 1, "words": "The ears can be seen.", "reasons": ["unreadable"], "person": None}
            if flow == "broadcast":
                memory = dict(broadcast_memory(self._project))
            if flow == "review":
                memory |= {"case": 2, "chosen": {"answer": "cat"}, "reason": "The ears can be seen."}
            if flow == "review_answer":
                known = self._desk.catalog.get(tx, self._project)
                seat = seats.take(tx, known, who, "answer", self._now, self._desk.rng)
                assert seat is not None
                memory |= {"case": seat.case.id, "what": "reject", "ticked": ["unreadable"], "corrected": "dog"}
            answered.append(does(Visit(tx, self._desk, who, self._now, flow, memory, guess=language)))
            raise _UndoneError

        with pytest.raises(_UndoneError):
            self._database.run(turn).result(10)
        return answered[0]


@pytest.fixture
def room(sqlite_database: Database, clock: Clock) -> Room:
    return Room(sqlite_database, clock())


_FLOWS = {flow.name: flow for flow in all_flows().by_name.values()}
_COMMANDS = [(flow, name) for flow in _FLOWS.values() for name in flow.commands]
_PRESSES = [(flow, verb) for flow in _FLOWS.values() for verb in flow.presses]


def _press(flow: Flow, verb: str, visit: Visit) -> Turn:
    value = _VALUES.get(f"{flow.name}.{verb}", "animals" if flow.permit in {"administer", "request"} else None)
    if f"{flow.name}.{verb}" in _OF_PROJECT:
        value = visit.memory["project"]
    return flow.presses[verb](visit, value)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("flow", "name"), _COMMANDS, ids=[f"/{name}" for _flow, name in _COMMANDS])
def test_command(flow: Flow, name: str, language: str, room: Room) -> None:
    turn = room.visit(language, lambda visit: flow.commands[name].hear(visit, ""))
    assert faults_of_turn(turn, TRANSLATOR, language) == []
    assert any(isinstance(action, Show) for action in turn.actions)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("flow", "verb"), _PRESSES, ids=[f"{flow.name}.{verb}" for flow, verb in _PRESSES])
def test_press(flow: Flow, verb: str, language: str, room: Room) -> None:
    state = {"launch": "paused", "launching": "paused", "close": "paused"}.get(verb, "live")
    turn = room.visit(
        language, lambda visit: _press(flow, verb, visit), flow.name if flow.name != "menu" else "work", state
    )
    assert faults_of_turn(turn, TRANSLATOR, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("state", ["draft", "live", "paused", "closed"])
@pytest.mark.parametrize(
    "verb", ["list", "card", "more", "launching", "launch", "pausing", "pause", "closing", "close"]
)
def test_a_project_in_each_state(verb: str, state: str, language: str, room: Room) -> None:
    key = Key("x", f"projects.{verb}", 0 if verb == "list" else "animals")
    turn = room.visit(language, lambda visit: all_flows().hear(visit, Press(""), key), "projects", state)
    assert faults_of_turn(turn, TRANSLATOR, language) == []
    assert faults_of_turn(room.visit(language, projects, "menu", state), TRANSLATOR, language) == []


_HEARD: list[Heard] = [
    Command("nonsense"), Command("task"), Said("hello"), Said("hello", edited=True), Sent("sticker"),
    Sent("document", name="a.yaml"), Sent("document", name="a.exe", path="/x"), Press("1.0.0"), Shared("contact", {}),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("heard", _HEARD, ids=str)
@pytest.mark.parametrize("flow", [*_FLOWS, ""])
def test_what_nobody_waits_for(flow: str, heard: Heard, language: str, room: Room) -> None:
    turn = room.visit(language, lambda visit: all_flows().hear(visit, heard, None), flow)
    assert turn.actions
    assert faults_of_turn(turn, TRANSLATOR, language) == []


_OUTCOMES: list[Mapping[str, Any]] = [
    {"failed": True},
    {"mistakes": ["a", "b"], "more": 3},
    {"key": "animals", "title": {"en": "x", "ko": "y"}, "path": "/x", "name": "x.csv", "added": 3, "unchanged": 0}
    | {"pictures": [], "lines": [], "ahead": ["soon"]},
]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("outcome", _OUTCOMES, ids=["failed", "mistakes", "fine"])
@pytest.mark.parametrize(
    ("flow", "job"), [(flow, job) for flow in _FLOWS.values() for job in flow.finished], ids=lambda one: str(one)[:12]
)
def test_a_job_that_has_ended(flow: Flow, job: str, outcome: Mapping[str, Any], language: str, room: Room) -> None:
    turn = room.visit(language, lambda visit: flow.finished[job](visit, outcome), "projects")
    assert faults_of_turn(turn, TRANSLATOR, language) == []
