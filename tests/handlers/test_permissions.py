"""Who may do what, role by role: the table of docs/permissions.md, the registry and what really happens are the same.

A new command or conversation needs one line in that table, and nothing here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha256
from importlib import import_module
from itertools import pairwise, product
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from typer.main import get_command

from bot import saved
from bot.cli.group import COMMANDS
from bot.render import data
from db.session import Database, Tx
from handlers.all import all_flows
from handlers.flow import Flow
from handlers.talk import Command, Finished, Heard, Key, Line, Press, Said, Screen, Sent, Shared
from tasks.access import PERMITS, SUSPENDED, may
from tests.conftest import Clock
from tests.handlers.test_screens import _VALUES as VALUES
from tests.support.bots import ANIMALS, Talker, a_bot, add_project

ROLES = tuple(PERMITS)
_PAGE = Path(__file__).parents[2] / "docs" / "permissions.md"
_ROW = re.compile(r"^\| `(?P<what>[^`]+)` \|.*?\|(?P<marks>(?: (?:yes|–) \|){6})$", re.MULTILINE)
_SHELL = re.compile(r"^- `(?P<what>[^`]+)`", re.MULTILINE)
_VALUES: tuple[Any, ...] = (None, 1, {})


def _written() -> Mapping[str, tuple[bool, ...]]:
    """The table of the page: what → whether each role may."""
    rows = _ROW.finditer(_PAGE.read_text("utf-8"))
    return {row["what"]: tuple(mark == "yes" for mark in re.findall(r"yes|–", row["marks"])) for row in rows}


def _flows() -> Mapping[str, Flow]:
    return all_flows().by_name


def _registered() -> Mapping[str, tuple[bool, ...]]:
    """The same from the registry: each command, and the keys and messages of each conversation."""
    permits = {f"/{name}": menu.permit for name, menu in all_flows().commands.items()}
    permits |= {f"keys of {name}": flow.permit for name, flow in _flows().items()}
    return {what: tuple(may(role, permit) for role in ROLES) for what, permit in permits.items()}


def test_the_page_has_a_line_for_everything_and_for_nothing_else() -> None:
    assert ROLES == (SUSPENDED, "worker", "reviewer", "requester", "admin", "owner"), "the columns of the page"
    assert _written() == _registered()


def test_the_page_names_every_command_of_the_shell() -> None:
    assert set(_SHELL.findall(_PAGE.read_text("utf-8"))) == set(_shell())


def _shell() -> Iterator[str]:
    for name in COMMANDS:
        command = get_command(import_module(f"bot.cli.{name}").app)
        inner = getattr(command, "commands", {})
        yield from (f"{name} {verb}" for verb in inner) if inner else [name]


def test_nobody_may_what_is_not_written_down() -> None:
    assert not may("", "own")
    assert not may("emperor", "work")
    assert not may("admin", "everything")


def test_whoever_may_more_may_all_that_others_may() -> None:
    for road in ((SUSPENDED, "worker", "reviewer", "admin", "owner"), ("worker", "requester", "admin")):
        for less, more in pairwise(road):
            assert PERMITS[less] < PERMITS[more]


# --------------------------------------------------------------------------- by really speaking


def _commands_closed_to(role: str) -> list[str]:
    return [name for name, menu in all_flows().commands.items() if not may(role, menu.permit)]


def _flows_closed_to(role: str) -> list[Flow]:
    return [flow for flow in _flows().values() if not may(role, flow.permit)]


_CLOSED_ROLES = [role for role in ROLES if _flows_closed_to(role)]


def _state(tx: Tx) -> str:
    """A digest of all rows but of where talks stand: what was done would show."""
    tables = tx.connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")).scalars()
    kept = [name for name in tables if name != "conversation"]
    rows = {name: [tuple(row) for row in tx.connection.execute(text(f"SELECT * FROM {name}"))] for name in kept}  # noqa: S608 - names of our tables
    return sha256(repr(rows).encode()).hexdigest()


def _stand(database: Database, user: str, flow: str, key: Key | None = None, memory: Any = None) -> None:
    """Leave somebody in a conversation, with a key of it on the screen: as who was in charge until just now."""
    screen = saved.dump(Screen([Line("here")], [[key]] if key else []))
    there = "person_id = (SELECT id FROM person WHERE external_id = :user)"
    change = f"UPDATE conversation SET flow = :flow, memory = :memory, screen = :screen WHERE {there}"  # noqa: S608 - constants
    values = {"user": user, "flow": flow, "memory": json.dumps(memory or {}), "screen": screen}
    database.run(lambda tx: tx.connection.execute(text(change), values)).result()


def _watch(flows: dict[str, Flow], heard: list[str]) -> None:
    """Note whatever conversation hears something."""

    def spied(name: str, hear: Any) -> Any:
        def noted(*given: Any) -> Any:
            heard.append(name)
            return hear(*given)

        return noted if hear else None

    for name, flow in flows.items():
        hears = {each: spied(name, getattr(flow, each)) for each in ("said", "sent", "shared")}
        presses = {verb: spied(name, hear) for verb, hear in flow.presses.items()}
        finished = {job: spied(name, hear) for job, hear in flow.finished.items()}
        flows[name] = replace(flow, **hears, presses=presses, finished=finished)


async def _somebody(database: Database, bot: Any, channel: Any, clock: Clock, role: str) -> Talker:
    """One of a role, who has agreed and stands at the projects."""
    someone = Talker(bot, channel, "someone", clock)
    await someone.says("/start")
    await someone.presses("I agree, let’s go")
    await someone.presses("Later")
    suspended = clock() if role == SUSPENDED else None
    change = text("UPDATE person SET role = :role, suspended_at = :at WHERE external_id = 'someone'")
    values = {"role": "worker" if suspended else role, "at": suspended}
    database.run(lambda tx: tx.connection.execute(change, values)).result()
    return someone


@pytest.mark.parametrize("role", _CLOSED_ROLES)
async def test_commands_of_others_are_as_if_they_were_not(
    role: str, sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    add_project(sqlite_database, ANIMALS, [{"id": "t1", "caption": "one"}], clock())
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        someone = await _somebody(sqlite_database, bot, channel, clock, role)
        before = sqlite_database.run(_state).result()
        await someone.says("/nonsense-of-nobody")
        for name, argument in product(_commands_closed_to(role), ("", "1", "animals t1", "here")):
            await someone.hears(Command(name, argument))
            told = someone.screen.text
            assert "is suspended" in told if role == SUSPENDED else f"/{name}" in told, (name, told)
            assert sqlite_database.run(_state).result() == before, name


@pytest.mark.parametrize("role", _CLOSED_ROLES)
async def test_keys_and_messages_of_others_do_nothing(
    role: str, sqlite_database: Database, clock: Clock, tmp_path: Path
) -> None:
    """Also where the conversation stands there still: somebody was in charge until just now."""
    add_project(sqlite_database, ANIMALS, [{"id": "t1", "caption": "one"}], clock())
    heard: list[str] = []
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        someone = await _somebody(sqlite_database, bot, channel, clock, role)
        before = sqlite_database.run(_state).result()
        _watch(bot.flows.by_name, heard)
        for flow in _flows_closed_to(role):
            for verb, value in product(flow.presses, _VALUES):
                _stand(sqlite_database, "someone", flow.name, Key("Do it", f"{flow.name}.{verb}", value))
                await someone.hears(Press(_only_key(sqlite_database)), press="someone")
            said: list[Heard] = [Said("1"), Sent("document", "a.yaml"), Shared("location", {})]
            said += [Finished(job, {"failed": True}) for job in flow.finished]
            for each in said:
                _stand(sqlite_database, "someone", flow.name)
                await someone.hears(each)
        assert {flow.name for flow in _flows_closed_to(role)}.isdisjoint(heard)
        assert sqlite_database.run(_state).result() == before


def _only_key(database: Database) -> str:
    """What the only key of the screen is pressed with."""
    query = text("SELECT serial FROM conversation")
    return data(database.run(lambda tx: tx.connection.execute(query).scalar_one()).result(), 0, 0)


# --------------------------------------------------------------------------- a requester and the projects of others

_SECRET = "What nobody else may see"


def _others(flow: Flow, verb: str) -> list[Any]:
    """Whatever a key may carry that names the project of somebody else, in the shape that the key has."""
    shape = VALUES.get(f"{flow.name}.{verb}", "animals")
    if isinstance(shape, dict):
        named = {"key": "animals", "project": "animals"}
        return [{**shape, name: value} for name, value in named.items()] + [{**shape, **named, "row": "t1"}]
    return [1 if isinstance(shape, int) else "animals"]


def _pressed(flow: Flow) -> list[tuple[str, Any]]:
    return [(verb, value) for verb in flow.presses for value in _others(flow, verb)]


def _requesters() -> list[Flow]:
    """Conversations that are open to requesters, and not to everybody who works."""
    return [flow for flow in _flows().values() if may("requester", flow.permit) and not may("worker", flow.permit)]


def _secret(database: Database, clock: Clock) -> None:
    """A project of somebody else, with something to see and to do, and one of theirs."""
    paid = {"reward": {"answer": "20", "currency": "KRW", "budget": "1000"}, "title": {"en": _SECRET, "ko": _SECRET}}
    add_project(database, {**ANIMALS, **paid}, [{"id": "t1", "caption": _SECRET}], clock())
    add_project(database, {**ANIMALS, "id": "animals-of-mine"}, [{"id": "t1", "caption": "mine"}], clock(), "paused")
    own = "UPDATE project SET owner_id = (SELECT id FROM person WHERE external_id = 'someone') WHERE id = 2"
    database.run(lambda tx: tx.connection.execute(text(own))).result()


async def test_a_requester_finds_no_project_of_others(
    sqlite_database: Database, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every key, command, word and finished job that names one: nothing changes, nothing of it is shown or begun."""
    begun: list[Any] = []
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        someone = await _somebody(sqlite_database, bot, channel, clock, "requester")
        _secret(sqlite_database, clock)
        monkeypatch.setattr(type(bot.conversations), "_work", lambda _self, _incoming, start: _noted(begun, start))
        before = sqlite_database.run(_state).result()
        for flow in _requesters():
            for verb, value in _pressed(flow):
                memory = dict(value) if isinstance(value, dict) else {"key": value, "project": value}
                _stand(sqlite_database, "someone", flow.name, Key("Do it", f"{flow.name}.{verb}", value), memory)
                await someone.hears(Press(_only_key(sqlite_database)), press="someone")
                for heard in (
                    Said("100"),
                    *(Finished(job, {"key": "animals", "ahead": ["x"]}) for job in flow.finished),
                ):
                    _stand(sqlite_database, "someone", flow.name, None, memory)
                    await someone.hears(heard)
            for name, argument in product(flow.commands, ("animals", "animals t1", "1")):
                await someone.hears(Command(name, argument))
                assert not _seen(someone), (name, argument)
            assert not _seen(someone), flow.name
            assert sqlite_database.run(_state).result() == before, flow.name
    assert not [start for start in begun if "animals" in str(start.arguments.values())], begun


async def _noted(begun: list[Any], start: Any) -> None:
    begun.append(start)


def _seen(someone: Talker) -> list[str]:
    return [message.text for message in someone.seen.messages.values() if _SECRET in message.text]


async def test_a_requester_has_all_of_it_for_their_own(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    async with a_bot(sqlite_database, clock, tmp_path) as (bot, channel):
        someone = await _somebody(sqlite_database, bot, channel, clock, "requester")
        _secret(sqlite_database, clock)
        await someone.says("/projects")
        assert [key.label for row in someone.screen.buttons for key in row] == ["Which animal?", "New project"]
        await someone.says("/project animals")
        assert any("Did you mean “animals-of-mine”?" in one.text for one in someone.seen.messages.values())
        await someone.says("/project animals-of-mine")
        await someone.presses("Go on")
        assert "Which animal? · running" in someone.screen.text
