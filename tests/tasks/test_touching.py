"""What a deed would touch, in numbers: exactly what it touches then."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from db.queries.staff import Listed
from db.session import Database, Tx
from db.statement import change
from tasks import staff, touching
from tasks.charge import the_shell
from tasks.outreach import broadcast
from tasks.privacy.audit import Actor
from tasks.projects.catalog import Catalog
from tasks.projects.estimate import costs, plan
from tasks.projects.importing import Imported
from tasks.words import Text, Words
from tests.conftest import NOON
from tests.property.rig import a_rig
from tests.support.outreach import a_draft
from tests.tasks.review.disputes import Room, disputed

_PROPOSED = change("""
    INSERT INTO mass_rejection (project_id, until_at, reasons, why, answers, people, amount, state, made_by, made_at,
                                after_task, rejected)
    VALUES (:project, 1, '[]', 'same', 1, 1, 0, 'proposed', :person, 1, 0, 0)
""")
_ROLE_OF = change("UPDATE person SET role = :role WHERE id = :person")


@pytest.fixture
def room(database: Database) -> Room:
    """A reviewer who sits at a case, has proposed a rejection of many answers and sends a broadcast."""
    room = disputed(database)
    reviewer = room.reviewers[0].id
    assert room.sit(room.reviewers[0])
    room.run(lambda tx, known: tx.run(_PROPOSED, project=known.id, person=reviewer))
    room.run(lambda tx, _known: _sends(tx, reviewer, room.now))
    return room


def _sends(tx: Tx, person: int, now: int) -> None:
    by = Actor(person, "test")
    number = broadcast.draft(tx, by, a_draft(), now)
    broadcast.send(tx, Catalog(), by, number, now)


def _said(words: Sequence[Words]) -> list[tuple[str, object]]:
    return [(one.message, one.values.get("n")) for one in words if isinstance(one, Text)]


_SEAT = ("They review {n} case just now: it goes to others.", 1)
_CHARGE = [
    ("{n} rejection of many answers that they propose waits no longer.", 1),
    ("{n} broadcast of theirs is paused.", 1),
]
_ROLE = ("No. {number}: {before} → {after}", None)


def _reviewer(room: Room, role: str) -> Listed:
    person = room.reviewers[0].id
    room.run(lambda tx, _known: tx.run(_ROLE_OF, person=person, role=role))
    return room.run(lambda tx, _known: staff.find(tx, str(person)))


def test_what_a_suspension_ends(room: Room) -> None:
    person = _reviewer(room, "admin")
    said = room.run(lambda tx, _known: touching.suspend(tx, person))
    assert _said(said) == [("No. {number} has nothing in hand.", None), _SEAT, *_CHARGE]
    assert said == room.run(lambda tx, _known: touching.proposal(tx, person, "suspend"))
    room.run(lambda tx, _known: staff.suspend(tx, the_shell(), person, "x", room.now))
    suspended = room.run(lambda tx, _known: staff.find(tx, str(person.id)))
    assert _said(room.run(lambda tx, _known: touching.suspend(tx, suspended))) == [
        ("No. {number} has nothing in hand.", None)
    ]
    assert room.run(lambda tx, _known: touching.proposal(tx, suspended, "suspend")) == ()


@pytest.mark.parametrize(
    ("before", "after", "ends"),
    [
        ("admin", "owner", []),
        ("admin", "reviewer", _CHARGE),
        ("admin", "worker", [_SEAT, *_CHARGE]),
        ("worker", "admin", []),
    ],
)
def test_what_a_role_ends(room: Room, before: str, after: str, ends: list[tuple[str, object]]) -> None:
    person = _reviewer(room, before)
    assert _said(room.run(lambda tx, _known: touching.role(tx, person, after))) == [_ROLE, *ends]
    room.run(lambda tx, _known: staff.set_role(tx, the_shell(), person, after, "x", room.now))
    left = _said(room.run(lambda tx, _known: [*touching.suspend(tx, person)]))[1:]
    assert left == [one for one in [_SEAT, *_CHARGE] if one not in ends]


def test_what_a_proposal_would_do(room: Room) -> None:
    person = _reviewer(room, "reviewer")
    found = room.run(lambda tx, _known: touching.proposal(tx, person, "no-reviewer"))
    assert _said(found) == [_ROLE, _SEAT, *_CHARGE]
    assert room.run(lambda tx, _known: touching.proposal(tx, person, "reviewer")) == ()


@pytest.mark.parametrize(("budget", "cost"), [(None, 170 * 2), (10_000, 170 * 2), (100, 100)])
def test_a_launch_and_the_dry_run_of_an_import_name_the_same_cost(
    database: Database, budget: int | None, cost: int
) -> None:
    """The smaller of what all answers and votes come to and of the budget."""
    reward = {"answer": "20", "vote": "10", "currency": "KRW", **({"budget": str(budget)} if budget else {})}
    rig = a_rig(database, NOON, 1, 2, changed={"overlap": 5, "reward": reward})
    spec = rig.run(lambda _tx, known: known.spec)
    imported = Imported(spec.id, 2, 0, {"work": 2})
    planned = plan(rig.database, rig.catalog, spec, imported, NOON)["estimate"]
    assert planned["cost"] == cost
    words = costs(cost, "KRW", 5, within_budget=planned["within_budget"])
    said = rig.run(touching.launch)
    assert said[1 : 1 + len(words)] == words
