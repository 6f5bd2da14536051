"""People work, rules look after each act: whatever happens the rows hold, and nobody is suspended or loses work."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db.session import Database, Tx, open_database
from db.statement import Statement
from tasks.assignment import answering
from tasks.assignment.deal import NoWork, offer
from tasks.assignment.errors import AssignmentError
from tasks.projects.catalog import Known
from tasks.projects.rules import Rule
from tasks.rules.look import look
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig, chance

_RULES = [
    Rule.model_validate(rule)
    for rule in (
        {"if": {"accuracy": {"from": 0.7, "last": 3}}, "then": "promote"},
        {"if": {"accuracy": {"below": 0.5, "last": 3}}, "then": "demote"},
        {"if": {"gold_accuracy": {"below": 0.6, "last": 2}}, "then": "raise-checks"},
        {"if": {"agreement": {"below": 0.6, "last": 2}}, "then": "more-answers"},
        {"if": {"skips_in_row": {"from": 2}}, "then": {"pause": "10m"}},
        {"if": {"gold_accuracy": {"below": 0.5, "last": 3}}, "then": "propose-suspension"},
        {"if": {"answers": {"from": 4}}, "then": {"skill": "steady"}},
        {"if": {"sameness": {"from": 4}}, "then": "invite-to-practice"},
        {"if": {"sameness": {"from": 3}}, "then": "dispute"},
    )
]


class Odd(NamedTuple):
    """Something that should not be."""

    what: str


_ODD = Statement(
    """
    SELECT 'level ' || checks FROM enrolment WHERE checks NOT IN (1, 3, 5, 10)
    UNION ALL SELECT 'proven at level 1' FROM enrolment WHERE proven_at IS NOT NULL AND checks < 3
    UNION ALL SELECT 'ring of ' || worker_id FROM enrolment
        WHERE LENGTH(recent_gold) > 64 OR LENGTH(recent_agreed) > 64 OR LENGTH(recent_agreed) > settled
        OR LENGTH(recent_gold) <> gold_seen
    UNION ALL SELECT 'suspended' FROM person WHERE suspended_at IS NOT NULL
    UNION ALL SELECT 'gate of ' || p.id || ' is ' || p.gate FROM person p
        WHERE p.gate = 4 AND NOT EXISTS (SELECT 1 FROM enrolment e WHERE e.worker_id = p.id AND proven_at IS NOT NULL)
    UNION ALL SELECT 'two proposals' FROM proposal GROUP BY person_id HAVING COUNT(*) > 1
    """,
    Odd,
)


class Fired(NamedTuple):
    """A record of a rule."""

    rule: str
    figures: str


_FIRED = Statement("SELECT rule, figures FROM audit WHERE rule <> 'gate'", Fired)
_ACTS = st.tuples(
    st.integers(0, 3), st.sampled_from(["answer", "answer", "answer", "skip", "undo", "wait"]), st.sampled_from("cd")
)
_LABELS = {"c": "cat", "d": "dog"}


def _act(tx: Tx, known: Known, worker: int, what: str, label: str, now: int) -> None:
    if what == "undo":
        answering.undo(tx, known, worker, now)
        return
    found = offer(tx, known, worker, now, chance(now))
    if isinstance(found, NoWork):
        return
    if what == "skip":
        answering.skip(tx, known, worker, found.task, "unsure", now)
    else:
        answering.submit(tx, known, worker, found.task, _LABELS[label], now)
    look(tx, _RULES, known, worker, now)


def _live(rig: Rig, clock: Clock, acts: Sequence[tuple[int, str, str]]) -> None:
    for who, what, label in acts:
        clock.pass_ms(20 * 60_000 if what == "wait" else 3_000)
        try:
            rig.run(partial(_act, worker=rig.workers[who], what=what, label=label, now=clock()))
        except AssignmentError:
            continue


def _holds(rig: Rig) -> None:
    assert rig.broken() == []
    assert rig.run(lambda tx, _known: tx.all(_ODD)) == []
    for fired in rig.run(lambda tx, _known: tx.all(_FIRED)):
        assert fired.rule.startswith("if: ")
        assert json.loads(fired.figures)["figures"]


@given(acts=st.lists(_ACTS, max_size=50), least=st.integers(1, 2))
@settings(deadline=None, max_examples=20, suppress_health_check=list(HealthCheck), derandomize=True)
def test_rules_break_nothing(
    acts: Sequence[tuple[int, str, str]], least: int, sqlite_template: Path, tmp_path: Path
) -> None:
    file = tmp_path / "rules.db"
    file.write_bytes(sqlite_template.read_bytes())
    database, clock = open_database(f"sqlite:///{file}"), Clock()
    overlap = {"min": least, "max": 4, "confidence": 0.9}
    rig = a_rig(database, clock(), 4, 12, 6, {"overlap": overlap, "gold": {"share": 0.3}})
    try:
        _live(rig, clock, acts)
        _holds(rig)
    finally:
        database.close()
        file.unlink()


def test_rules_break_nothing_on_either_database(database: Database, clock: Clock) -> None:
    overlap = {"min": 1, "max": 4, "confidence": 0.9}
    rig = a_rig(database, clock(), 4, 30, 12, {"overlap": overlap, "gold": {"share": 0.3}})
    rng = chance(7)
    kinds = ["answer"] * 8 + ["skip", "undo", "wait"]
    _live(rig, clock, [(rng.randrange(4), rng.choice(kinds), "c" if rng.random() < 0.8 else "d") for _ in range(160)])
    _holds(rig)
    assert {fired.rule.rpartition("then: ")[2] for fired in rig.run(lambda tx, _known: tx.all(_FIRED))} >= {"promote"}
