"""Every screen of a new project, in every language: each step with each kind, what an import would do, and files."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pytest

from bot.translate import Translator
from db.session import Database, Tx
from handlers.admin import guided
from handlers.all import all_flows
from handlers.ask import ASKS
from handlers.flow import Desk, Visit
from handlers.parts.planned import planned
from handlers.talk import Key, Press, Said, Screen, Sent, Turn
from tasks.people import Who
from tasks.privacy.consent import VERSION
from tasks.projects.catalog import Catalog
from tests.conftest import NOON
from tests.handlers.screens import LANGUAGES, faults, faults_of_turn

TRANSLATOR = Translator(lambda: NOON)
_NAMES = {code: TRANSLATOR.name(code) for code in TRANSLATOR.languages()}
_WORDS: Mapping[str, Any] = {
    "title": {"en": "Spicy?", "ko": "매운가요?"},
    "question": {"en": "Spicy?", "ko": "매운가요?"},
}
_SAID: Mapping[str, str] = {
    "words": "Spicy or not\nIs it spicy?",
    "answers": "bad – good",
    "pay": "20 100000",
    "who": "2027-01-01",
}


def visit(tx: Tx, language: str, memory: Mapping[str, Any], flow: str = "new") -> Visit:
    desk = Desk(Catalog(), random.Random(1), _NAMES, TRANSLATOR.negotiate, TRANSLATOR.words, lambda _c, _k: "")  # noqa: S311 - a test's chance
    return Visit(tx, desk, Who(1, language, "Asia/Seoul", "admin", VERSION, "test"), NOON, flow, memory)


def drafts() -> Iterator[tuple[str, Mapping[str, Any]]]:
    for kind in ASKS:
        yield f"{kind}, nothing said", {"kind": kind}
        labels = [{"en": "Spicy", "ko": "매워요"}, {"en": "Mild", "ko": "안 매워요"}]
        scale = {"min": "1", "max": "5", "low": {"en": "bad"}, "high": {"en": "good"}}
        pay = {"currency": "KRW", "answer": "20", "budget": "100000"}
        more = {"labels": labels, "scale": scale, "pay": pay, "until": "2026-12-10T18:00+09:00"}
        yield f"{kind}, all said", {"kind": kind, **_WORDS, **more, "who": {"gate": "4"}, "needs": {"quiz": "10"}}
        yield f"{kind}, half said", {"kind": kind, **_WORDS, "labels": [{"en": "A"}, {"en": "B"}], "overlap": "3"}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("step", [*guided.STEPS, "none"])
@pytest.mark.parametrize(("name", "draft"), list(drafts()))
def test_each_step_is_fit_to_be_shown(
    name: str, draft: Mapping[str, Any], step: str, language: str, sqlite_database: Database
) -> None:
    def turns(tx: Tx) -> list[Turn]:
        here = visit(tx, language, {"draft": draft, "step": step, "language": "ko"})
        shown = [guided.ask(here, step)]
        key = Key("", "new.put", {"what": "kind", "value": "text"})
        shown.append(all_flows().hear(here, Press(""), key))
        shown += [all_flows().hear(here, Said(said), None) for said in ("", "x" * 3_000, _SAID.get(step, "x"))]
        shown.append(guided.finish(here))
        return shown

    for turn in sqlite_database.run(turns).result():
        assert faults_of_turn(turn, TRANSLATOR, language) == [], name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("cost", [None, 183_000])
@pytest.mark.parametrize("until", [None, 3])
@pytest.mark.parametrize("added", [0, 1, 3_050])
def test_what_an_import_would_do(added: int, until: int | None, cost: int | None, language: str) -> None:
    needs = {"cost": cost, "within_budget": added != 1, "minutes": 2_500, "seconds": 9, "until": until, "people": 5}
    splits = {"work": added, "gold": 40, "practice": 12, "quiz": 10} if added else {}
    outcome = {"title": {"en": "x", "ko": "가"}, "added": added, "unchanged": 300 * (added > 1), "splits": splits}
    lines = planned({**outcome, "estimate": needs, "currency": "KRW", "overlap": 5})
    assert faults(Screen(lines), TRANSLATOR, language) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["a.yaml", "a.csv", "a.ZIP", "a.exe", ""])
@pytest.mark.parametrize("flow", ["new", "menu"])
def test_whatever_is_sent(flow: str, name: str, language: str, sqlite_database: Database) -> None:
    for file in (Sent("document", name, "/nowhere"), Sent("document", name, too_big=True), Sent("document", name)):
        turn = sqlite_database.run(partial(_sends, file, language, flow)).result()
        assert turn.actions
        assert faults_of_turn(turn, TRANSLATOR, language) == []


def _sends(file: Sent, language: str, flow: str, tx: Tx) -> Turn:
    return all_flows().hear(visit(tx, language, {}, flow), file, None)
