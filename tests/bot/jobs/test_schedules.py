"""Projects open, are due and close by themselves, broadcasts repeat, mornings are told, items are taken away."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.jobs.schedules import Schedules, Settings
from bot.translate import Translator
from db.session import Database
from db.statement import Statement, change
from tasks.exchange.handing_out import Wanted, hand_out
from tasks.limits import Limits
from tasks.outreach import broadcast
from tasks.outreach.content import Content
from tasks.outreach.queue import read
from tasks.outreach.timing import Timing
from tasks.privacy.audit import SHELL, Actor
from tasks.projects import lifecycle
from tasks.projects.catalog import Catalog
from tasks.projects.errors import ClosedForGoodError
from tasks.projects.importing import import_project, quiet
from tasks.projects.media import MediaStore
from tasks.schedules import pattern, retention, table
from tasks.schedules.errors import NoPatternError
from tasks.schedules.standing import standing
from tests.conftest import Clock
from tests.support.bots import ANIMALS, add_project

_MINUTE, _HOUR, _DAY = 60_000, 3_600_000, 86_400_000
_ROWS = [{"caption": f"item number {n}"} for n in range(1, 4)]


class _Told(NamedTuple):
    person: int
    topic: str
    words: str


class _One(NamedTuple):
    it: Any


_TOLD = Statement("SELECT person_id, topic, words FROM delivery WHERE words IS NOT NULL ORDER BY id", _Told)
_PERSON = Statement(
    """
    INSERT INTO person (channel, external_id, language, zone, role, consent, joined_at, age, gate, likes, invitation,
                        muted, notices)
    VALUES ('telegram', :user, 'en', :zone, :role, 'v', 1, 0, 1, '[]', '', :muted, 0) RETURNING id
    """,
    _One,
)
_STATE = Statement("SELECT state FROM project WHERE key = :key", _One)
_RULES = Statement("SELECT what FROM audit WHERE rule = 'schedule' ORDER BY id", _One)
_BROADCASTS = Statement("SELECT state FROM broadcast ORDER BY id", _One)
_ITEMS = Statement("SELECT item FROM task ORDER BY project_id, id", _One)
_ADD_BUDGET = change("UPDATE project SET spec = :spec, revision = revision + 1 WHERE key = :key")


class Rig:
    """Schedules over a database, one admin of the settings, and what people have been told."""

    def __init__(self, database: Database, now: Clock, folder: Path) -> None:
        self.database, self.now, self.folder = database, now, folder
        self.catalog, self.media = Catalog(), MediaStore(folder / "media")
        self.limits = Limits(people=2, amounts={"KRW": 10_000})
        self.admin = self.person("admin", zone="Asia/Seoul")
        self._heard = 0
        self.run(lambda tx: table.make_missing(tx, now()))

    @property
    def schedules(self) -> Schedules:
        """What the clock does."""
        settings = Settings(self.limits, (("telegram", "admin"),), lambda _c, user: "owner" if user == "admin" else "")
        return Schedules(self.database, self.catalog, self.media, self.now, self.folder / "files", settings)

    def run(self, work: Any) -> Any:
        """What a turn hands back."""
        return self.database.run(work).result()

    def person(self, user: str, role: str = "worker", zone: str = "", muted: Sequence[str] = ()) -> int:
        """Somebody new; their number."""
        values = {"user": user, "role": role, "zone": zone, "muted": json.dumps(list(muted))}
        return int(self.run(lambda tx: tx.one(_PERSON, **values)).it)

    def project(self, rows: Sequence[Any] = _ROWS, state: str = "draft", **spec: Any) -> int:
        """A project whose file says so."""
        return add_project(self.database, {**ANIMALS, **spec}, rows, self.now(), state)

    def at(self, ms: int) -> str:
        """A moment from now, as files write it."""
        return datetime.fromtimestamp((self.now() + ms) / 1000, UTC).isoformat()

    def state(self, key: str = "animals") -> str:
        """Of a project."""
        return str(self.run(lambda tx: tx.one(_STATE, key=key)).it)

    def heard(self, person: int | None = None) -> list[str]:
        """What people have been told since this was last asked, in English."""
        every = self.run(lambda tx: tx.all(_TOLD))
        new, self._heard = every[self._heard :], len(every)
        say = Translator(self.now)
        return [say.words(read(one.words)[0], "en") for one in new if person in {None, one.person}]

    def all_of(self, statement: Any) -> list[Any]:
        """The one column of all rows."""
        return [row.it for row in self.run(lambda tx: tx.all(statement))]

    def row(self, name: str) -> Any:
        """A schedule."""
        return self.run(lambda tx: table.one(tx, name))

    async def morning(self, name: str) -> None:
        """The clock comes by a schedule, as it does every quarter of an hour."""
        row = self.row(name)
        await getattr(self.schedules, name)(row)
        began = self.now()
        self.run(lambda tx: table.ran(tx, row, began, 1, self.now(), None))

    def shown(self, project: int) -> list[str]:
        """What the card says of its times."""
        known = self.run(lambda tx: self.catalog.get(tx, project))
        words = self.run(lambda tx: standing(tx, known, self.now()))
        return [Translator(self.now).words(one, "en") for one in words]


@pytest.fixture
def rig(database: Database, clock: Clock, tmp_path: Path) -> Rig:
    return Rig(database, clock, tmp_path)


# --------------------------------------------------------------------------- opening


async def test_a_project_opens_at_its_time_by_itself(rig: Rig) -> None:
    project = rig.project(schedule={"opens": rig.at(_HOUR)})
    await rig.schedules.opening()
    assert (rig.state(), rig.shown(project)) == ("draft", ["opens today 15:13"])
    rig.now.pass_ms(_HOUR)
    await rig.schedules.opening()
    assert rig.state() == "live"
    assert rig.all_of(_RULES) == ["launch"]
    assert rig.heard(rig.admin) == ["“Which animal?” has opened, as its file says."]
    await rig.schedules.opening()
    assert rig.heard() == []


async def test_what_is_missing_is_told_once_and_then_it_opens(rig: Rig) -> None:
    pays = {"answer": "20", "currency": "KRW", "budget": "10"}
    project = rig.project(schedule={"opens": rig.at(_HOUR)}, reward=pays)
    rig.now.pass_ms(2 * _HOUR)
    await rig.schedules.opening()
    await rig.schedules.opening()
    assert rig.state() == "draft"
    (said,) = rig.heard(rig.admin)
    assert said.endswith("pays for no answer.\nIt opens by itself as soon as that is done.")
    assert rig.shown(project) == ["was to open today 15:13, and opens once all is there"]
    known = rig.run(lambda tx: rig.catalog.get(tx, project))
    reward = known.spec.reward.model_copy(update={"budget": 1_000})
    spec = known.spec.model_copy(update={"reward": reward}).model_dump_json()
    rig.run(lambda tx: tx.run(_ADD_BUDGET, key="animals", spec=spec))
    await rig.schedules.opening()
    assert rig.state() == "live"


async def test_the_requester_is_told_where_there_is_one(rig: Rig) -> None:
    owner = rig.person("requester", "requester")
    project = rig.project(rows=[], schedule={"opens": rig.at(_HOUR)})
    rig.run(lambda tx: tx.run(change("UPDATE project SET owner_id = :person WHERE id = :id"), person=owner, id=project))
    rig.now.pass_ms(2 * _HOUR)
    await rig.schedules.opening()
    assert rig.heard(rig.admin) == []
    rig._heard = 0
    assert "Add data to “animals” first" in rig.heard(owner)[0]


async def test_what_costs_much_asks_a_second_admin_once(rig: Rig) -> None:
    pays = {"answer": "20", "currency": "KRW", "budget": "20000"}
    rig.project(schedule={"opens": rig.at(_HOUR)}, reward=pays)
    rig.now.pass_ms(2 * _HOUR)
    for _again in range(2):
        await rig.schedules.opening()
    assert (rig.state(), rig.all_of(_RULES)) == ("draft", ["ask approval"])
    assert len(rig.heard(rig.admin)) == 1
    rig.run(lambda tx: tx.run(change("UPDATE approval SET decided_at = 1, accepted = FALSE")))
    await rig.schedules.opening()
    assert rig.all_of(_RULES) == ["ask approval"]


async def test_an_old_file_opens_nothing(rig: Rig) -> None:
    project = rig.project(schedule={"opens": rig.at(-_DAY)})
    await rig.schedules.opening()
    assert (rig.state(), rig.heard()) == ("draft", [])
    assert "launch it by hand" in rig.shown(project)[0]


# --------------------------------------------------------------------------- deadlines


async def test_a_deadline_is_told_a_day_before_and_then_closes(rig: Rig) -> None:
    project = rig.project(state="live", schedule={"deadline": rig.at(3 * _DAY)})
    await rig.schedules.due()
    assert rig.heard() == []
    rig.now.pass_ms(2 * _DAY + _HOUR)
    for _again in range(2):
        await rig.schedules.due()
        await rig.schedules.closing()
    (said,) = rig.heard(rig.admin)
    assert "0 of 3 items are settled" in said
    assert "later “deadline”" in said
    assert rig.shown(project)[0].startswith("due ")
    rig.now.pass_ms(_DAY)
    for _again in range(2):
        await rig.schedules.closing()
    assert (rig.state(), rig.all_of(_RULES)) == ("closed", ["close"])
    assert rig.heard(rig.admin) == ["“Which animal?” was due and is closed now: 0 of 3 items are settled."]


async def test_a_deadline_that_was_over_when_it_was_written_closes_nothing(rig: Rig) -> None:
    project = rig.project(state="live", schedule={"deadline": rig.at(-_HOUR)})
    await rig.schedules.closing()
    assert (rig.state(), rig.heard()) == ("live", [])
    assert "close it by hand" in rig.shown(project)[0]


# --------------------------------------------------------------------------- broadcasts by cron


def _written(rig: Rig, **more: Any) -> int:
    made = broadcast.Draft(Content(({"": "Hello"},)), **more)
    return int(rig.run(lambda tx: broadcast.draft(tx, SHELL, made, rig.now())))


async def test_each_run_sends_a_new_one_like_the_draft(rig: Rig) -> None:
    number = _written(rig, timing=Timing(day="2026-01-01", minute=9 * 60))
    rig.run(lambda tx: pattern.add(tx, Actor(rig.admin, "telegram"), "news", "0 6 * * *", "UTC", number, rig.now()))
    rig.now.now = rig.row("news").next_at + 5 * _DAY
    row = rig.row("news")
    await rig.schedules.broadcast(row)
    await rig.schedules.broadcast(row)  # by another process that believes to lead
    assert rig.all_of(_BROADCASTS) == ["draft", "choosing"]
    assert rig.row("news").next_at == row.next_at + 6 * _DAY
    sent = rig.run(lambda tx: broadcast.standing(tx, number + 1))
    assert sent.draft.timing.day == datetime.fromtimestamp(rig.now() / 1000, UTC).date().isoformat()


async def test_to_many_people_a_second_admin_is_asked_each_time(rig: Rig) -> None:
    for name in ("a", "b", "c"):
        rig.person(name)
    number = _written(rig)
    rig.run(lambda tx: pattern.add(tx, SHELL, "news", "0 6 * * *", "UTC", number, rig.now()))
    rig.now.now = rig.row("news").next_at
    await rig.schedules.broadcast(rig.row("news"))
    assert rig.all_of(_BROADCASTS) == ["draft", "waiting"]


async def test_without_its_draft_it_says_so(rig: Rig) -> None:
    number = _written(rig)
    with pytest.raises(NoPatternError):
        rig.run(lambda tx: pattern.add(tx, SHELL, "other", "0 6 * * *", "UTC", number + 7, rig.now()))
    rig.run(lambda tx: pattern.add(tx, SHELL, "news", "0 6 * * *", "UTC", number, rig.now()))
    rig.run(lambda tx: broadcast.cancel(tx, SHELL, number, rig.now()))
    with pytest.raises(NoPatternError):
        await rig.schedules.broadcast(rig.row("news"))
    assert "“news” was not sent" in rig.heard(rig.admin)[0]


async def test_nobody_answers_for_one_whose_maker_has_charge_no_more(rig: Rig) -> None:
    maker = rig.person("maker")
    number = _written(rig)
    rig.run(lambda tx: pattern.add(tx, Actor(maker), "news", "0 6 * * *", "UTC", number, rig.now()))
    with pytest.raises(Exception, match="not in charge any more"):
        await rig.schedules.broadcast(rig.row("news"))
    assert rig.row("news").paused
    assert len(rig.heard(rig.admin)) == 1


# --------------------------------------------------------------------------- mornings


async def test_those_in_charge_are_told_on_their_own_morning_what_happened(rig: Rig) -> None:
    project = rig.project(state="live")
    rig.now.now = 1_790_035_200_000  # 22 September 2026, 00:00 UTC: 09:00 in Seoul
    await rig.morning("digest")
    assert rig.heard() == []
    rig.run(lambda tx: tx.run(change("UPDATE tally SET answers = 7, agreed = 2 WHERE project_id = :p"), p=project))
    rig.person("somebody")
    for _quarter in range(4 * 24):
        rig.now.pass_ms(15 * _MINUTE)
        await rig.morning("digest")
    (said,) = rig.heard(rig.admin)
    assert said.split("\n\n")[1:] == [
        "“Which animal?”: 2 of 3 items settled\n+ 7 answers · settled 2",
        "1 person has joined.",
    ]
    rig.now.pass_ms(3 * _DAY)  # nobody ran, and nothing happened
    await rig.morning("digest")
    assert rig.heard() == []


async def test_workers_who_want_it_are_told_on_mondays_how_their_week_was(rig: Rig) -> None:
    wants = rig.person("w1", zone="Asia/Seoul", muted=["+digest"])
    idle = rig.person("w2", zone="Asia/Seoul", muted=["+digest"])
    other = rig.person("w3", zone="Asia/Seoul", muted=["new"])
    day = change("INSERT INTO day (person_id, day, answers) VALUES (:person, :day, 12)")
    for person in (wants, other):
        rig.run(lambda tx, person=person: tx.run(day, person=person, day=20_720))  # Wednesday 23 September 2026
    rig.now.now = 1_790_553_600_000 - _HOUR  # Monday the 28th, 08:00 in Seoul
    for _quarter in range(8):
        await rig.morning("week")
        rig.now.pass_ms(15 * _MINUTE)
    told = rig.run(lambda tx: tx.all(_TOLD))
    assert [(one.person, one.topic) for one in told] == [(wants, "digest")]
    assert idle not in {one.person for one in told}
    assert rig.heard(wants)[0].startswith("Your week: 12 answers.")


# --------------------------------------------------------------------------- retention


async def test_items_are_taken_away_when_their_time_is_over(rig: Rig) -> None:
    first = rig.project(state="live", privacy={"keep": "30d"})
    add_project(rig.database, {**ANIMALS, "id": "kept"}, _ROWS, rig.now(), "live")
    for key in ("animals", "kept"):
        rig.run(lambda tx, key=key: lifecycle.close(tx, rig.catalog, key, rig.now()))
    out = rig.folder / "files" / "out"
    out.mkdir(parents=True)
    for name in ("17-animals-results.csv", "17-kept-results.csv"):
        (out / name).write_text("x")
    await rig.schedules.retention()
    assert "item number 1" in rig.all_of(_ITEMS)[0]
    rig.now.pass_ms(30 * _DAY)
    for _again in range(2):
        await rig.schedules.retention()
    items = [json.loads(item) for item in rig.all_of(_ITEMS)]
    assert items[:3] == [{"caption": ""}] * 3
    assert items[3]["caption"] == "item number 1"
    assert rig.all_of(_RULES) == ["empty"]
    assert [file.name for file in out.iterdir()] == ["17-kept-results.csv"]
    assert rig.shown(first)[0].startswith("its items were taken away")
    results = rig.folder / "results.csv"
    hand_out(rig.database, rig.catalog, SHELL, Wanted("animals", "results", results, "csv"), rig.now(), quiet)
    header, first_row, *_rest = results.read_text("utf-8-sig").splitlines()
    assert header == "task_id,caption,label,confidence,answers,status,method"
    assert first_row.split(",")[1] == ""
    data = rig.folder / "again.csv"
    data.write_text("id,caption\n1,item number 1\n")
    spec = rig.run(lambda tx: rig.catalog.get(tx, first)).spec
    with pytest.raises(ClosedForGoodError):
        import_project(rig.database, rig.catalog, spec, data, rig.media, rig.now(), quiet)


async def test_pictures_that_others_show_stay(rig: Rig, tmp_path: Path) -> None:
    def picture(letter: str) -> str:
        content = letter * 64
        file = tmp_path / "media" / content[:2] / f"{content}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"x")
        return content

    own, shared = picture("a"), picture("b")
    rig.project(state="live", privacy={"keep": "1d"})
    add_project(rig.database, {**ANIMALS, "id": "other"}, _ROWS, rig.now(), "live")
    put = change("UPDATE task SET pictures = :pictures WHERE project_id = :project AND id = :id")
    for project, task, content in ((1, 1, own), (1, 2, shared), (2, 1, shared)):
        values = {"pictures": json.dumps({"photo": content}), "project": project, "id": task}
        rig.run(lambda tx, values=values: tx.run(put, **values))
    rig.run(lambda tx: lifecycle.close(tx, rig.catalog, "animals", rig.now()))
    rig.now.pass_ms(2 * _DAY)
    await rig.schedules.retention()
    assert (rig.media.has(own), rig.media.has(shared)) == (False, True)


async def test_messages_and_files_of_long_ago_are_forgotten(rig: Rig) -> None:
    put = change("""
        INSERT INTO delivery (person_id, topic, cause, variant, state, due_at, tries, message_id, why)
        VALUES (:person, 'notice', :cause, 0, :state, :due, 0, '', '')
    """)
    for n, (state, age) in enumerate((("sent", 91), ("queued", 91), ("failed", 89), ("sent", 1))):
        values = {"person": rig.admin, "cause": str(n), "state": state, "due": rig.now() - age * _DAY}
        rig.run(lambda tx, values=values: tx.run(put, **values))
    inbox = rig.folder / "files" / "in"
    inbox.mkdir(parents=True)
    for name, age in (("old.csv", 8), ("new.csv", 6)):
        (inbox / name).write_text("x")
        os.utime(inbox / name, ((rig.now() - age * _DAY) / 1000,) * 2)
    await rig.schedules.cleaning()
    assert rig.all_of(Statement("SELECT cause FROM delivery ORDER BY id", _One)) == ["1", "2", "3"]
    assert [file.name for file in inbox.iterdir()] == ["new.csv"]


_MADE = change("""
    INSERT INTO delivery (person_id, topic, state, due_at, variant, tries, message_id, why)
    VALUES (:person, 'broadcast', :state, :due, 0, 0, '', '')
""")


async def test_what_is_still_to_be_sent_keeps_nothing_that_was_sent(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "_DELIVERIES_AT_ONCE", 2)
    for state, due in (("queued", 300 * _DAY), ("queued", 300 * _DAY), ("sent", 0), ("sent", 99 * _DAY)):
        values = {"person": rig.admin, "state": state, "due": rig.now() + due}
        rig.run(lambda tx, values=values: tx.run(_MADE, **values))
    rig.now.pass_ms(91 * _DAY)
    await rig.schedules.cleaning()
    states = Statement("SELECT state FROM delivery ORDER BY id", _One)
    assert rig.all_of(states) == ["queued", "queued", "sent"]
