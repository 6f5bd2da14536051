"""Pauses, skills, remarks, letters, contact: what they change and refuse; what is told, and what is on record."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from db.queries import card, qualification, staff
from db.queries.staff import Listed
from db.session import Database, Tx
from db.statement import change
from tasks import staff as service
from tasks.charge import (
    Charge,
    HigherRoleError,
    NoReasonError,
    OwnersGiveItError,
    SettingsAdminError,
    StaffError,
    YourselfError,
    the_shell,
)
from tasks.notices import take
from tasks.personnel import contact, granting, letters, remarks, resting
from tasks.privacy.audit import Actor
from tasks.privacy.erase import forget
from tasks.qualification.door import standing
from tasks.words import Text
from tests.conftest import NOON
from tests.property.rig import Rig, a_rig, chance

DAY = 86_400_000
AGREE = change("UPDATE person SET gate = 1")
ROLE = change("UPDATE person SET role = :role WHERE id = :person")


@pytest.fixture
def rig(database: Database) -> Rig:
    made = a_rig(database, NOON, workers=3, tasks=3)
    made.run(lambda tx, _known: tx.run(AGREE))
    return made


def _admin(rig: Rig, given: Callable[[str, str], str] | None = None) -> Charge:
    """The last of the people has charge."""
    actor = Actor(rig.workers[2], "test")
    return Charge(actor, "admin", given) if given else Charge(actor, "admin")


def _do(rig: Rig, deed: Callable[[Tx, Listed], object], person: int = 0) -> None:
    rig.run(lambda tx, _known: deed(tx, service.find(tx, str(rig.workers[person]))))


def _why_told(rig: Rig, person: int) -> list[object]:
    said = rig.run(lambda tx, _known: take(tx, rig.workers[person]))
    return [words.values.get("why") for words in said if isinstance(words, Text)]


def _acts(rig: Rig, person: int = 0) -> list[tuple[str, int | None]]:
    rows = rig.run(lambda tx, _known: tx.all(staff.DONE, person=rig.workers[person], most=9))
    return [(row.what, row.actor) for row in reversed(rows) if row.what not in {"gate", "qualification"}]


def test_a_pause_ends_by_itself_or_before(rig: Rig) -> None:
    by = _admin(rig)
    _do(rig, lambda tx, who: resting.pause(tx, by, who, 3, "much done", NOON))
    found = rig.run(lambda tx, _known: tx.one(card.PROFILE, person=rig.workers[0]))
    assert found is not None
    assert (found.paused_until, found.paused_for) == (NOON + 3 * DAY, "much done")
    _do(rig, lambda tx, who: resting.pause(tx, by, who, 1, "less", NOON))
    _do(rig, lambda tx, who: resting.go_on(tx, by, who, "come back", NOON))
    with pytest.raises(resting.NotPausedError):
        _do(rig, lambda tx, who: resting.go_on(tx, by, who, "again", NOON))
    assert _why_told(rig, 0) == ["much done", "less", "come back"]
    admin = rig.workers[2]
    assert _acts(rig) == [("rest", admin), ("rest", admin), ("rest over", admin)]
    _do(rig, lambda tx, who: resting.pause(tx, by, who, 1, "over soon", NOON))
    with pytest.raises(resting.NotPausedError):
        _do(rig, lambda tx, who: resting.go_on(tx, by, who, "over", NOON + DAY))


@pytest.mark.parametrize("days", [0, -1, resting.MOST_DAYS + 1])
def test_a_pause_has_its_length(rig: Rig, days: int) -> None:
    with pytest.raises(resting.LongPauseError):
        _do(rig, lambda tx, who: resting.pause(tx, _admin(rig), who, days, "why", NOON))
    assert _acts(rig) == []


def test_a_skill_is_given_and_taken_back(rig: Rig) -> None:
    by = _admin(rig)
    _do(rig, lambda tx, who: granting.grant(tx, by, who, "birds", 7, "knows them", NOON))
    held = rig.run(lambda tx, _known: standing(tx, rig.workers[0]))
    assert held.holds("birds", NOON)
    assert not held.holds("birds", NOON + 7 * DAY)
    assert rig.run(lambda tx, _known: service.find(tx, str(rig.workers[0])).gate) == 3
    _do(rig, lambda tx, who: granting.revoke(tx, by, who, "birds", "did not", NOON))
    assert not rig.run(lambda tx, _known: standing(tx, rig.workers[0])).holds("birds", NOON)
    assert rig.run(lambda tx, _known: service.find(tx, str(rig.workers[0])).gate) == 2
    with pytest.raises(granting.NoSuchSkillError):
        _do(rig, lambda tx, who: granting.revoke(tx, by, who, "birds", "did not", NOON))
    assert _why_told(rig, 0) == ["knows them", "did not"]
    assert [what for what, _by in _acts(rig)] == ["skill", "skill back"]


@pytest.mark.parametrize("name", ["", "Big Birds", "a" * 65, "-x", "가"])
def test_a_skill_has_a_name_of_project_files(rig: Rig, name: str) -> None:
    with pytest.raises(granting.SkillNameError):
        _do(rig, lambda tx, who: granting.grant(tx, _admin(rig), who, name, None, "why", NOON))


def test_who_an_admin_made_proven_stays_so_until_an_admin_takes_it_back(rig: Rig) -> None:
    by = _admin(rig)

    def gate(tx: Tx) -> int:
        return service.find(tx, str(rig.workers[0])).gate

    _do(rig, lambda tx, who: granting.prove(tx, by, who, "years elsewhere", NOON))
    with pytest.raises(granting.ProvenAlreadyError):
        _do(rig, lambda tx, who: granting.prove(tx, by, who, "again", NOON))
    rig.run(lambda tx, _known: tx.run(qualification.RECOUNT, person=rig.workers[0], now=NOON))
    assert rig.run(lambda tx, _known: gate(tx)) == 4
    _do(rig, lambda tx, who: granting.unprove(tx, by, who, "a mix-up", NOON))
    assert rig.run(lambda tx, _known: gate(tx)) == 2
    with pytest.raises(granting.NotProvenError):
        _do(rig, lambda tx, who: granting.unprove(tx, by, who, "again", NOON))
    assert [what for what, _by in _acts(rig)] == ["proven", "proven back"]


def test_remarks_are_found_by_a_word_and_removed_by_who_wrote_them(rig: Rig) -> None:
    by = _admin(rig)
    _do(rig, lambda tx, who: remarks.add(tx, by, who, "Careful with 100% of it!", NOON))
    _do(rig, lambda tx, who: remarks.add(tx, the_shell(), who, "seen at the fair", NOON), 1)
    found = rig.run(lambda tx, _known: [one.id for one in remarks.mentioning(tx, "CAREFUL")])
    assert found == [rig.workers[0]]
    assert rig.run(lambda tx, _known: [one.id for one in remarks.mentioning(tx, "100% o")]) == [rig.workers[0]]
    assert rig.run(lambda tx, _known: remarks.mentioning(tx, "%%")) == []
    with pytest.raises(remarks.ShortWordError):
        rig.run(lambda tx, _known: remarks.mentioning(tx, " a "))
    [kept] = rig.run(lambda tx, _known: remarks.of_person(tx, rig.workers[0]))
    with pytest.raises(remarks.NotYoursError):
        rig.run(lambda tx, _known: remarks.remove(tx, the_shell(), kept.id, NOON))
    assert rig.run(lambda tx, _known: remarks.remove(tx, by, kept.id, NOON)) == rig.workers[0]
    assert rig.run(lambda tx, _known: remarks.count(tx, rig.workers[0])) == 0
    assert _acts(rig) == [("note", rig.workers[2]), ("note removed", rig.workers[2])]
    assert _why_told(rig, 0) == []


def test_nobody_is_found_by_remarks_once_they_are_erased(rig: Rig) -> None:
    _do(rig, lambda tx, who: remarks.add(tx, the_shell(), who, "seen at the fair", NOON))
    rig.run(lambda tx, _known: forget(tx, rig.workers[0], NOON, chance(1)))
    assert rig.run(lambda tx, _known: remarks.mentioning(tx, "fair")) == []


def test_a_letter_is_answered_once_and_who_wrote_it_reads_that(rig: Rig) -> None:
    by, worker, admin = _admin(rig), rig.workers[0], rig.workers[2]
    rig.run(lambda tx, _known: tx.run(ROLE, role="admin", person=admin))
    actor = Actor(worker, "test")

    def answer(words: str, now: int) -> None:
        rig.run(lambda tx, _known: letters.answer(tx, actor, words, lambda _channel, _user: "", now))

    with pytest.raises(letters.AnsweredError):
        answer("hello?", NOON)
    _do(rig, lambda tx, who: letters.write(tx, by, who, "Could you look again?", NOON))
    with pytest.raises(letters.LetterError):
        answer(" … ", NOON)
    answer("Gladly.", NOON + 1)
    with pytest.raises(letters.AnsweredError):
        answer("And more.", NOON + 2)
    _do(rig, lambda tx, who: letters.write(tx, by, who, "Thank you.", NOON + 3))
    assert rig.run(lambda tx, _known: letters.newest(tx, worker, NOON + 4)) == "Thank you."
    with pytest.raises(letters.AnsweredError):
        answer("Too late.", NOON + 15 * DAY)
    assert [what for what, _by in _acts(rig)] == ["message", "answer", "message"]
    [told] = rig.run(lambda tx, _known: take(tx, admin))
    assert isinstance(told, Text)
    assert told.values == {"number": worker, "words": "Gladly."}


def test_a_letter_of_the_shell_is_answered_on_the_card_alone(rig: Rig) -> None:
    _do(rig, lambda tx, who: letters.write(tx, the_shell(), who, "Hello.", NOON))
    actor = Actor(rig.workers[0], "test")
    rig.run(lambda tx, _known: letters.answer(tx, actor, "Hello!", lambda _channel, _user: "", NOON))
    assert [what for what, _by in _acts(rig)] == ["message", "answer"]


def test_contact_is_shown_for_a_reason_and_each_look_is_on_record_without_it(rig: Rig) -> None:
    by = _admin(rig)
    person = rig.run(lambda tx, _known: service.find(tx, str(rig.workers[0])))
    named = f"{person.channel}:{person.external_id}"
    with pytest.raises(NoReasonError):
        _do(rig, lambda tx, who: contact.reach(tx, by, who, "  ", NOON))
    assert rig.run(lambda tx, _known: contact.look_up(tx, by, str(person.id), NOON)) == person
    assert _acts(rig) == []
    assert rig.run(lambda tx, _known: contact.look_up(tx, by, named, NOON)) == person
    shown = rig.run(lambda tx, _known: contact.reach(tx, by, person, "a payout came back", NOON))
    assert shown == person.external_id
    assert _acts(rig) == [("look up", by.actor.id), ("contact", by.actor.id)]
    rows = rig.run(lambda tx, _known: tx.all(staff.DONE, person=person.id, most=9))
    assert person.external_id not in json.dumps([row.figures for row in rows])
    rig.run(lambda tx, _known: forget(tx, person.id, NOON, chance(1)))
    for again in (str(person.id), named):
        with pytest.raises(service.UnknownPersonError):
            rig.run(lambda tx, _known, again=again: contact.look_up(tx, by, again, NOON))  # type: ignore[misc]


# --------------------------------------------------------------------------- in whose charge


_DEEDS: list[Callable[[Tx, Charge, Listed], object]] = [
    lambda tx, by, who: service.set_role(tx, by, who, "reviewer", "why", NOON),
    lambda tx, by, who: service.suspend(tx, by, who, "why", NOON),
    lambda tx, by, who: resting.pause(tx, by, who, 1, "why", NOON),
    lambda tx, by, who: granting.grant(tx, by, who, "birds", None, "why", NOON),
    lambda tx, by, who: granting.prove(tx, by, who, "why", NOON),
    lambda tx, by, who: contact.reach(tx, by, who, "why", NOON),
]


@pytest.mark.parametrize("deed", _DEEDS)
@pytest.mark.parametrize(
    ("role", "theirs", "error"),
    [
        ("admin", "worker", None),
        ("admin", "requester", None),
        ("admin", "admin", HigherRoleError),
        ("admin", "owner", HigherRoleError),
        ("owner", "owner", None),
        ("requester", "requester", HigherRoleError),
        ("worker", "worker", HigherRoleError),
        ("", "worker", HigherRoleError),
    ],
)
def test_nobody_decides_about_their_equals_but_owners(
    sqlite_database: Database,
    deed: Callable[[Tx, Charge, Listed], object],
    role: str,
    theirs: str,
    error: type[StaffError] | None,
) -> None:
    rig = a_rig(sqlite_database, NOON, workers=3, tasks=3)
    rig.run(lambda tx, _known: tx.run(AGREE))
    rig.run(lambda tx, _known: tx.run(ROLE, role=theirs, person=rig.workers[0]))
    by = Charge(Actor(rig.workers[2], "test"), role)
    if error is None:
        _do(rig, lambda tx, who: deed(tx, by, who))
        return
    with pytest.raises(error):
        _do(rig, lambda tx, who: deed(tx, by, who))
    assert _acts(rig) == []
    with pytest.raises(YourselfError):
        _do(rig, lambda tx, who: deed(tx, by, who), 2)


@pytest.mark.parametrize("new", ["admin", "owner"])
def test_only_owners_say_who_is_in_charge(rig: Rig, new: str) -> None:
    with pytest.raises(OwnersGiveItError):
        _do(rig, lambda tx, who: service.set_role(tx, _admin(rig), who, new, "why", NOON))
    owner = Charge(Actor(rig.workers[2], "test"), "owner")
    _do(rig, lambda tx, who: service.set_role(tx, owner, who, new, "why", NOON))
    assert rig.run(lambda tx, _known: service.find(tx, str(rig.workers[0])).role) == new


@pytest.mark.parametrize("role", ["owner", "admin"])
def test_whom_the_settings_name_only_the_settings_change(rig: Rig, role: str) -> None:
    """Although their row says that they are a worker."""
    person = rig.run(lambda tx, _known: service.find(tx, str(rig.workers[0])))
    given = {(person.channel, person.external_id): role}
    for by in (_admin(rig, lambda c, u: given.get((c, u), "")), the_shell(lambda c, u: given.get((c, u), ""))):
        with pytest.raises(SettingsAdminError):
            _do(rig, lambda tx, who, by=by: service.suspend(tx, by, who, "why", NOON))  # type: ignore[misc]
        assert not by.over(person)
