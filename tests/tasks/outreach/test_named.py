"""A list of people: whom it names, in whatever form it comes, and that a bad one names nobody."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.session import Database, Tx
from db.tables import Person
from tasks.outreach import named


@pytest.mark.parametrize(
    ("text", "name", "names"),
    [
        ("12\n40\n", "", ["12", "40"]),
        ("12, 40; telegram:99 12", "", ["12", "40", "telegram:99"]),
        ("\ufeffweb:abc-admin\r\n\r\n7", "list.txt", ["web:abc-admin", "7"]),
        ("12,Ann\n40,Ben\n", "a.csv", ["12", "40"]),
        ("name,person\nAnn,12\n", "a.csv", ["12"]),
        ("worker,name\n12,Ann\n", "a.csv", ["12"]),
        ("name\tperson\nAnn\ttelegram:5\n", "A.TSV", ["telegram:5"]),
    ],
)
def test_forms_of_a_list(text: str, name: str, names: list[str]) -> None:
    assert named.read(text.encode(), name) == names


@pytest.mark.parametrize(
    ("raw", "name", "told"),
    [
        (b"", "", "Write numbers of people, or channel:id, one a line: there is none here."),
        (b"person\n", "a.csv", "Write numbers of people"),
        (b"\xff\xfe1", "a.txt", "Save the list as UTF-8 text or CSV: “a.txt” cannot be read."),
        (b"12\nAnn", "", "Line 2: write a number or channel:id: “Ann” is neither"),
        (b"12,a\n,b\n", "a.csv", "Line 2: write a number or channel:id: “” is neither"),
        (b"9" * 19, "", "is neither"),
    ],
)
def test_a_bad_list_names_nobody(raw: bytes, name: str, told: str) -> None:
    with pytest.raises(named.ListError, match=told.replace("(", r"\(")):
        named.read(raw, name)


def test_a_list_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named, "MOST_PEOPLE", 2)
    assert named.read(b"1 2 2 1") == ["1", "2"]
    with pytest.raises(named.LongListError, match="at most 2 people"):
        named.read(b"1 2 3")


@given(st.binary(max_size=200), st.sampled_from(["", "a.csv", "a.tsv"]))
def test_whatever_comes_is_a_list_or_one_sentence(raw: bytes, name: str) -> None:
    with suppress(named.ListError):
        assert named.read(raw, name)


def test_whom_it_names(database: Database) -> None:
    def joined(tx: Tx) -> list[int]:
        people = [Person(channel="test", external_id=f"p{n}", joined_at=1) for n in range(3)]
        people[2].erased_at = 2
        tx.orm.add_all(people)
        tx.orm.flush()
        return [person.id or 0 for person in people]

    one, two, gone = database.run(joined).result()
    wanted = ["test:p1", str(one), str(two), str(gone), "test:p2", "test:nobody", "999"]
    found = database.run(lambda tx: named.find(tx, wanted)).result()
    assert list(found.people) == [two, one]
    assert list(found.unknown) == [str(gone), "test:p2", "test:nobody", "999"]
