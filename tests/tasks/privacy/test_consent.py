"""The agreement: text and version go together, receipts stay, and taking it back lets go of all that was held."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlmodel import select

from bot.translate import Translator
from db.session import Database, Tx
from db.tables import Assignment, Person, Quiz, Receipt, Task
from tasks.assignment.deal import NoWork, offer
from tasks.people import Who
from tasks.privacy import consent
from tasks.projects.catalog import Known
from tasks.qualification import gates, skills
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig, chance

_PINNED = {
    "en": "765b648fb59da3cacec48a5451b05a377c5754efae624093efd7b9fe4af4fee2",
    "ko": "550f066ec594a472197f6743b59a2537a8d1a2df6353cd4f34c24aca2bfbdc51",
}
"""SHA-256 of the text of this version. Where one of them changes, the text has: give it the version of today."""
_PINNED_VERSION = "2026-11-24"


def test_a_text_cannot_change_without_its_version() -> None:
    translator = Translator(lambda: 0)
    found = {code: consent.digest(lambda words, c=code: translator.words(words, c)) for code in translator.languages()}  # type: ignore[misc]
    assert (consent.VERSION, {code: found[code] for code in _PINNED}) == (_PINNED_VERSION, _PINNED)


@pytest.fixture
def rig(database: Database, clock: Clock) -> Rig:
    return a_rig(database, clock(), workers=2, tasks=3, golds=0)


def who(rig: Rig, **changed: Any) -> Who:
    return replace(Who(rig.workers[0], "ko", "", "worker", "", "test"), **changed)


def receipts(rig: Rig) -> list[Receipt]:
    def turn(tx: Tx, _known: Known) -> list[Receipt]:
        found = sorted(tx.orm.exec(select(Receipt)), key=lambda receipt: receipt.agreed_at)
        tx.orm.expunge_all()
        return found

    return rig.run(turn)


def test_whoever_agrees_has_a_receipt_and_the_first_gate(rig: Rig, clock: Clock) -> None:
    done = rig.run(lambda tx, _known: consent.agree(tx, who(rig), consent.ADULT, "digest", clock()))
    assert (consent.agreed(done), done.age, done.gate) == (True, 18, 1)
    (receipt,) = receipts(rig)
    assert (receipt.version, receipt.language, receipt.digest) == (consent.VERSION, "ko", "digest")
    assert (receipt.agreed_at, receipt.withdrawn_at) == (clock(), None)
    person = rig.run(lambda tx, _known: tx.orm.get_one(Person, rig.workers[0]).model_dump())
    assert (person["consent"], person["gate"], person["age"]) == (consent.VERSION, 1, 18)


def test_whoever_is_younger_agrees_too_and_has_no_age(rig: Rig, clock: Clock) -> None:
    done = rig.run(lambda tx, _known: consent.agree(tx, who(rig), 0, "digest", clock()))
    assert (consent.agreed(done), done.age) == (True, 0)


def test_an_older_version_is_no_agreement_any_more_and_its_gate_stays(rig: Rig, clock: Clock) -> None:
    before = who(rig, consent="2025-01-01", gate=3, age=30)
    assert not consent.agreed(before)
    done = rig.run(lambda tx, _known: consent.agree(tx, before, consent.ADULT, "digest", clock()))
    assert (consent.agreed(done), done.gate, done.age) == (True, 3, 30)


def test_receipts_keep_their_order_where_the_clock_was_put_back(rig: Rig, clock: Clock) -> None:
    for moment in (clock(), clock() - 3_600_000, clock() - 3_600_000):
        rig.run(lambda tx, _known, at=moment: consent.agree(tx, who(rig), 18, "digest", at))  # type: ignore[misc]
        rig.run(lambda tx, _known, at=moment: consent.withdraw(tx, who(rig), at))  # type: ignore[misc]
    assert [receipt.agreed_at - clock() for receipt in receipts(rig)] == [0, 1, 2]
    assert all(receipt.withdrawn_at for receipt in receipts(rig))


def test_taking_it_back_gives_back_what_was_held(rig: Rig, clock: Clock) -> None:
    def hold(tx: Tx, known: Known) -> int:
        found = offer(tx, known, rig.workers[0], clock(), chance(1))
        assert not isinstance(found, NoWork)
        quiz: dict[str, Any] = {
            "what": "quiz",
            "skill": "animals",
            "rules": "{}",
            "questions": "[]",
            "asked_at": 0,
            "started_at": 0,
        }
        tx.orm.add(Quiz(person_id=rig.workers[0], project_id=known.id, **quiz))
        return found.task

    task = rig.run(hold)
    rig.run(lambda tx, _known: consent.agree(tx, who(rig), 18, "digest", clock()))
    before = rig.run(lambda tx, known: tx.orm.get_one(Task, (known.id, task)).slots)
    done = rig.run(lambda tx, _known: consent.withdraw(tx, who(rig, consent=consent.VERSION, gate=2), clock() + 1))
    assert (consent.agreed(done), done.gate) == (False, 0)

    def left(tx: Tx, known: Known) -> tuple[str, int, str, str]:
        lease = tx.orm.get_one(Assignment, (known.id, task, rig.workers[0]))
        (quiz,) = tx.orm.exec(select(Quiz))
        return (
            lease.state,
            tx.orm.get_one(Task, (known.id, task)).slots,
            quiz.state,
            tx.orm.get_one(Person, rig.workers[0]).consent,
        )

    assert rig.run(left) == ("expired", before + 1, "left", "")
    assert receipts(rig)[0].withdrawn_at == clock() + 1
    assert rig.broken() == []
    again = rig.run(lambda tx, known: offer(tx, known, rig.workers[1], clock(), chance(1)))
    assert not isinstance(again, NoWork)


def test_whoever_comes_back_stands_where_their_record_holds_them(rig: Rig, clock: Clock) -> None:
    def turn(tx: Tx, known: Known) -> list[int]:
        person = consent.agree(tx, who(rig), 18, "digest", clock())
        skills.grant(tx, person.id, "animals", 0.9, "quiz", known.id, None, clock())
        gates.reached(tx, person.id, gates.QUALIFIED, "quiz", clock())
        back = consent.withdraw(tx, person, clock())
        return [person.gate, back.gate, consent.agree(tx, back, 18, "digest", clock()).gate]

    assert rig.run(turn) == [1, 0, 3]


def test_whoever_comes_back_has_practised_still(rig: Rig, clock: Clock) -> None:
    def turn(tx: Tx, _known: Known) -> int:
        person = consent.agree(tx, who(rig), 18, "digest", clock())
        gates.reached(tx, person.id, gates.TRAINED, "practice finished", clock())
        return consent.agree(tx, consent.withdraw(tx, person, clock()), 18, "digest", clock()).gate

    assert rig.run(turn) == gates.TRAINED
