"""What came of a broadcast: by text, beyond chance or not, and whom it did not reach."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.session import Database, Tx
from db.tables import Assignment, Broadcast, Delivery, Project, Task
from tasks.outreach import broadcast as service
from tasks.outreach.outcome import Outcome, Variant, difference, outcome_of
from tests.conftest import NOON
from tests.support.outreach import people

_COUNTS = st.integers(0, 400).flatmap(lambda sent: st.tuples(st.just(sent), st.integers(0, sent)))


def _sent(tx: Tx, who: list[int], project: int | None) -> None:
    tx.orm.add_all(Project(id=n, key=f"p{n}", spec="{}", created_at=NOON) for n in (7, 8))
    tx.orm.flush()
    tx.orm.add_all(Task(project_id=n, id=1, row="1", digest="", item="{}", place=1, wanted=1, slots=1) for n in (7, 8))
    content = '{"variants": [{"en": "a"}, {"en": "b"}], "picture": "", "keys": []}'
    tx.orm.add(
        Broadcast(id=3, state="done", project_id=project, made_at=NOON, content=content, audience="{}", began_at=NOON)
    )
    tx.orm.flush()
    states = ["sent", "sent", "sent", "sent", "blocked", "failed", "failed", "dropped"]
    for at, (person, state) in enumerate(zip(who, states, strict=True)):
        why = "Bad Request" if state == "failed" else ""
        tx.orm.add(
            Delivery(
                broadcast_id=3, person_id=person, variant=at % 2, state=state, due_at=NOON, sent_at=NOON + 10, why=why
            )
        )
    for at, n, when in ((0, 7, 20), (1, 7, 5), (2, 8, 20), (4, 7, 20)):
        tx.orm.add(Assignment(project_id=n, task_id=1, worker_id=who[at], offered_at=NOON + when, lease_ends=NOON + 99))


@pytest.mark.parametrize(("project", "began"), [(7, (1, 0)), (None, (2, 0))])
def test_who_began_to_work_and_who_was_missed(database: Database, project: int | None, began: tuple[int, int]) -> None:
    who = people(database, *({} for _ in range(8)))
    database.run(lambda tx: _sent(tx, who, project)).result()
    stands = database.run(lambda tx: service.standing(tx, 3)).result()
    with database.reading() as reader:
        found = outcome_of(reader, stands)
    assert [one.sent for one in found.variants] == [2, 2]
    assert tuple(one.began for one in found.variants) == began
    assert [(row.state, row.why, row.n) for row in found.missed] == [
        ("failed", "Bad Request", 2),
        ("blocked", "", 1),
        ("dropped", "", 1),
    ]
    assert found.better is None


def test_newcombes_interval() -> None:
    """The first example of Newcombe (1998), its method 10: 56/70 and 48/80."""
    low, high = difference(Variant(70, 56), Variant(80, 48))
    assert (round(low, 4), round(high, 4)) == (0.0524, 0.3339)
    assert Outcome([Variant(70, 56), Variant(80, 48)], []).better == 0
    assert Outcome([Variant(80, 48), Variant(70, 56)], []).better == 1


@given(_COUNTS, _COUNTS)
def test_a_difference_and_its_opposite(one: tuple[int, int], other: tuple[int, int]) -> None:
    a, b = Variant(*one), Variant(*other)
    low, high = difference(a, b)
    assert -1 <= low <= a.share - b.share <= high <= 1 or not (a.sent and b.sent)
    assert difference(b, a) == pytest.approx((-high, -low))
