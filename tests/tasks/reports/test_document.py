"""The report for an audit as a document: whole, in one file, in the reader's language, and only text where text is."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from bot.translate import Translator
from db.session import Database
from tasks.exchange.complete import UnwritableError
from tasks.exchange.documents import write_report
from tasks.privacy.audit import SHELL, Act, Actor, record
from tasks.projects.errors import UnknownProjectError
from tests.conftest import Clock
from tests.property.rig import Rig, a_rig
from tests.support.working import work_through

_VOID = {"meta", "img", "br", "hr", "link"}
_MARKUP = "<script>alert('x')</script>&amp;"


class _Reader(HTMLParser):
    """Fails where tags do not match; keeps addresses, tags and text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "srcset", "action"}]
        assert not any(name.startswith("on") for name, _value in attrs)
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def _worked(database: Database, clock: Clock, **changed: Any) -> Rig:
    rig = a_rig(database, clock(), workers=5, tasks=40, changed={"overlap": 3, **changed})
    work_through(rig, clock, dict.fromkeys(rig.workers, 0.1))
    return rig


def _write(rig: Rig, database: Database, clock: Clock, out: Path, language: str = "en") -> str:
    reading = Translator(clock).reading(language, "Asia/Seoul", clock())
    write_report(database, rig.catalog, SHELL, "animals", out, out.suffix[1:], reading)
    return out.read_text("utf-8")


def _read(text: str) -> _Reader:
    reader = _Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


@pytest.mark.parametrize("language", ["en", "ko"])
def test_one_file_tells_everything(sqlite_database: Database, clock: Clock, tmp_path: Path, language: str) -> None:
    rig = _worked(sqlite_database, clock)
    read = _read(_write(rig, sqlite_database, clock, tmp_path / "q.html", language))
    assert "script" not in read.tags
    assert all(address.startswith(("#", "data:image/png;base64,")) for address in read.addresses)
    assert read.tags.count("img") >= 4
    assert read.tags.count("section") == 9
    wanted = {"en": ["Agreement", "Krippendorff", "Who changed what"], "ko": ["일치도", "누가 무엇을 바꿨나"]}[language]
    assert all(words in read.text for words in wanted)
    if language == "ko":
        assert "How people were admitted" not in read.text


def test_what_people_wrote_is_text(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    rig = _worked(sqlite_database, clock, title=f"Which {_MARKUP}"[:100])
    act = Act("pause", project=rig.known_id, figures={"why": _MARKUP})
    rig.run(lambda tx, _known: record(tx, Actor(rig.workers[0], "web"), act, clock()))
    text = _write(rig, sqlite_database, clock, tmp_path / "q.html")
    assert _MARKUP not in text
    read = _read(text)
    assert "<script>" in read.text
    assert "script" not in read.tags


def test_it_names_no_person_and_loads_nothing(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    rig = _worked(sqlite_database, clock)
    text = _write(rig, sqlite_database, clock, tmp_path / "q.html")
    plain = re.sub(r"base64,[^\"]+", "", text)
    assert "//" not in plain
    assert "url(" not in plain
    assert "w-" in plain


def test_as_json_it_is_the_same_figures(database: Database, clock: Clock, tmp_path: Path) -> None:
    rig = _worked(database, clock)
    told = json.loads(_write(rig, database, clock, tmp_path / "q.json"))
    assert set(told) == {
        "version", "made_at", "project", "admission", "checks", "agreement", "gold", "review", "exceptions", "people",
        "records",
    }  # fmt: skip
    alpha = told["agreement"]["alpha"]
    assert 0.3 < alpha["low"] <= alpha["value"] <= alpha["high"] <= 1
    assert sum(way["tasks"] for way in told["checks"]["ways"]) == 40
    assert told["exceptions"]["rejected"] == 0
    assert told["exceptions"]["answers"] == 120
    assert len(told["people"]) == 5
    assert told["records"]["newest"][0]["what"] == "export", "that it was taken out is on record"
    assert re.fullmatch("[0-9a-f]{64}", told["records"]["newest"][0]["hash"] or "")


@pytest.mark.parametrize("kind", ["text", "multi-choice", "rating"])
@pytest.mark.parametrize("form", ["html", "json"])
def test_a_project_without_answers_has_one_too(
    sqlite_database: Database, clock: Clock, tmp_path: Path, kind: str, form: str
) -> None:
    changed: dict[str, object] = {"kind": kind} | ({} if kind == "multi-choice" else {"labels": []})
    rig = a_rig(sqlite_database, clock(), workers=1, tasks=2, changed=changed)
    assert "animals" in _write(rig, sqlite_database, clock, tmp_path / f"q.{form}")


def test_what_cannot_be_written_is_not_on_record(sqlite_database: Database, clock: Clock, tmp_path: Path) -> None:
    rig = a_rig(sqlite_database, clock(), workers=1, tasks=2)
    with pytest.raises(UnwritableError):
        _write(rig, sqlite_database, clock, tmp_path / "nowhere" / "q.html")
    reading = Translator(clock).reading("en", "", clock())
    with pytest.raises(UnknownProjectError):
        write_report(sqlite_database, rig.catalog, SHELL, "nothing", tmp_path / "q.html", "html", reading)
    assert list(tmp_path.glob("*.html")) == []
    told = json.loads(_write(rig, sqlite_database, clock, tmp_path / "q.json"))
    assert told["records"]["count"] == 1
