"""Passes that meet: two at once, a kill in the middle, a project that is closed or has a model's guesses."""

from __future__ import annotations

from typing import Any

import pytest

from db.queries import quality
from db.session import Database
from db.statement import change
from tasks.consensus.ballots import Ballot
from tasks.consensus.consensus import believe
from tasks.consensus.reestimate import reestimate
from tasks.consensus.revise import Revised, revise
from tasks.kinds import KINDS, Question
from tasks.projects import lifecycle
from tasks.quality.model import CrowdModel, Record, read_model
from tests.conftest import Clock
from tests.property.rig import OVERLAP, SETTLED, SLOTS, TALLY, Rig, a_rig
from tests.support.working import spoiled, work_through

HELD = (SLOTS, OVERLAP, SETTLED, TALLY)


class KilledError(Exception):
    """The process ends here."""


def standing(rig: Rig) -> quality.Standing:
    """Where the passes stand."""
    found = rig.run(lambda tx, known: tx.one(quality.STANDING, project=known.id))
    assert found
    return found


def test_while_one_passes_no_other_begins(database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    rig = a_rig(database, clock(), workers=4, tasks=40, changed={"overlap": 3})
    work_through(rig, clock, dict.fromkeys(rig.workers, 0.1))
    others: list[Revised] = []

    def meanwhile(*given: Any, **also: Any) -> Any:
        clock.pass_ms(300_000)
        others.append(revise(database, rig.catalog, rig.known_id, clock))
        return reestimate(*given, **also)

    monkeypatch.setattr("tasks.consensus.revise.reestimate", meanwhile)
    assert revise(database, rig.catalog, rig.known_id, clock).answers == 120
    assert others == [Revised()]


def test_a_pass_that_was_killed_is_made_up_for(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = spoiled(database, clock, reopen=0.05)

    def killed(*_given: Any) -> Any:
        raise KilledError

    with monkeypatch.context() as patch:
        patch.setattr("tasks.consensus.revise._settle_open", killed)
        patch.setattr("tasks.consensus.revise._let_go", _nothing)
        with pytest.raises(KilledError):
            revise(database, rig.catalog, rig.known_id, clock)
    assert not rig.broken(HELD)
    assert revise(database, rig.catalog, rig.known_id, clock) == Revised()
    clock.pass_ms(3_600_000)
    assert revise(database, rig.catalog, rig.known_id, clock).reopened > 0


def test_the_budget_holds_over_passes_and_kills(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = spoiled(database, clock, reopen=0.05)
    with monkeypatch.context() as patch:
        patch.setattr("tasks.consensus.revise.Revised", _killed)
        with pytest.raises(KilledError):
            revise(database, rig.catalog, rig.known_id, clock)
    first = standing(rig).reopened
    assert 0 < first <= 6
    for seed in range(3):
        clock.pass_ms(60_000)
        work_through(rig, clock, dict.fromkeys(rig.workers[2:], 0.3), seed=seed)
        revise(database, rig.catalog, rig.known_id, clock)
    assert first <= standing(rig).reopened <= 6
    assert not rig.broken(HELD)


def _nothing(*_given: Any, **_also: Any) -> None:
    """What a process that was killed does."""


def _killed(*_given: Any) -> Any:
    raise KilledError


def test_a_project_closed_meanwhile_stays_as_it_was(
    database: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rig = spoiled(database, clock, reopen=0.5)

    def meanwhile(*given: Any, **also: Any) -> Any:
        database.run(lambda tx: lifecycle.pause(tx, rig.catalog, "animals", clock())).result()
        database.run(lambda tx: lifecycle.close(tx, rig.catalog, "animals", clock())).result()
        return reestimate(*given, **also)

    monkeypatch.setattr("tasks.consensus.revise.reestimate", meanwhile)
    done = revise(database, rig.catalog, rig.known_id, clock)
    assert (done.settled, done.reopened) == (0, 0)
    assert revise(database, rig.catalog, rig.known_id, clock) == Revised()


def test_guesses_of_a_model_are_no_answers(database: Database, clock: Clock) -> None:
    rig = a_rig(database, clock(), workers=4, tasks=60, changed={"overlap": 2})
    guess = change("UPDATE task SET prior = '\"cat\"' WHERE project_id = :project")
    rig.run(lambda tx, known: tx.run(guess, project=known.id))
    work_through(rig, clock, dict.fromkeys(rig.workers, 0.1))
    done = revise(database, rig.catalog, rig.known_id, clock)
    assert done.answers == 180
    assert standing(rig).answers == 120
    guesser = rig.run(lambda _tx, known: known.crowd.guesser)
    assert guesser.seen == 60
    assert guesser.correct / guesser.seen == pytest.approx(0.5, abs=0.2)


@pytest.mark.parametrize(
    "changed",
    [
        {"kind": "text", "labels": []},
        {"kind": "multi-choice"},
    ],
)
def test_kinds_that_cannot_be_listed_are_left_alone(
    sqlite_database: Database, clock: Clock, changed: dict[str, Any]
) -> None:
    rig = a_rig(sqlite_database, clock(), workers=2, tasks=3, changed={"overlap": 2, **changed})
    assert revise(sqlite_database, rig.catalog, rig.known_id, clock) == Revised()


def test_two_hundred_labels_are_weighed_by_accuracy_alone(sqlite_database: Database, clock: Clock) -> None:
    labels = [{"key": key, "text": key} for key in ("cat", "dog", *(f"k{n}" for n in range(198)))]
    rig = a_rig(sqlite_database, clock(), workers=4, tasks=40, changed={"overlap": 3, "labels": labels})
    work_through(rig, clock, dict.fromkeys(rig.workers, 0.1))
    assert revise(sqlite_database, rig.catalog, rig.known_id, clock).answers == 120
    assert rig.run(lambda _tx, known: known.crowd.accuracy) > 0.7


def test_a_newcomer_whose_word_says_little_is_no_more_than_one() -> None:
    crowd = CrowdModel(accuracy=0.55, prior=(0.97, 0.03))
    belief = believe(KINDS["choice"], Question(labels=("cat", "dog")), [Ballot("cat", Record())], crowd)
    assert not belief.backed


def test_what_a_later_version_knows_is_passed_over() -> None:
    question = Question(labels=("cat", "dog"))
    assert read_model('{"novel": 1, "accuracy": 0.7}', KINDS["choice"], question).accuracy == pytest.approx(0.7)
