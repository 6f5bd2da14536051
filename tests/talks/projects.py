"""The projects that talks are about, and what else is there when a talk begins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from db.session import Database, Tx
from db.tables import Invitation
from tasks.outreach import broadcast
from tasks.outreach.content import Content
from tasks.privacy.audit import SHELL
from tests.support.bots import ANIMALS, add_project
from tests.talks.looked_at import LOOKED_AT
from tests.talks.paying import PAYING
from tests.talks.qualified import QUALIFIED, pools
from tests.talks.returned import RETURNED
from tests.talks.reviewed import REVIEWED
from tests.talks.ruled import RULED
from tests.talks.script import Talk

_NEWS: Mapping[str, str] = {"en": "There is new work: come and see it.", "ko": "새 일이 있어요. 와서 보세요."}
_BASE: Mapping[str, Any] = {"show": {"text": "caption"}, "overlap": 3, "gold": {"share": 0}}

CAPTIONS: Mapping[str, Any] = {
    **_BASE,
    "id": "captions",
    "title": {"en": "Say it shorter", "ko": "더 짧게 쓰기"},
    "kind": "text",
    "question": {"en": "How would you say it in a few words?", "ko": "몇 마디로 줄이면요?"},
    "length": {"min": 3, "max": 20},
    "reward": {"answer": "20", "currency": "KRW"},
}
MOODS: Mapping[str, Any] = {
    **_BASE,
    "id": "moods",
    "title": {"en": "How friendly?", "ko": "얼마나 친절한가요?"},
    "kind": "rating",
    "question": {"en": "How friendly does it sound?", "ko": "얼마나 친절하게 들리나요?"},
    "scale": {
        "min": 1,
        "max": 5,
        "low": {"en": "rude", "ko": "무례함"},
        "high": {"en": "warm", "ko": "따뜻함"},
    },
}
TAGS: Mapping[str, Any] = {
    **_BASE,
    "id": "tags",
    "title": {"en": "What is in it?", "ko": "무엇이 들어 있나요?"},
    "kind": "multi-choice",
    "question": {"en": "What does it mention?", "ko": "무엇이 나오나요?"},
    "labels": [
        {"key": "food", "text": {"en": "Food", "ko": "음식"}},
        {"key": "place", "text": {"en": "A place", "ko": "장소"}},
        {"key": "person", "text": {"en": "A person", "ko": "사람"}},
    ],
}
FORTY: Mapping[str, Any] = {
    **_BASE,
    "id": "forty",
    "title": {"en": "Which shelf?", "ko": "어느 선반인가요?"},
    "kind": "choice",
    "question": {"en": "Which shelf does it belong on?", "ko": "어느 선반에 둘까요?"},
    "labels": [{"key": f"s{n}", "text": {"en": f"Shelf {n}", "ko": f"선반 {n}"}} for n in range(1, 41)],
}
SHAPES: Mapping[str, Any] = {
    **ANIMALS,
    "id": "shapes",
    "title": {"en": "Which shape?", "ko": "어떤 모양일까요?"},
    "question": {"en": "Which shape is it?", "ko": "어떤 모양인가요?"},
    "show": {"text": "caption", "image": "photo"},
}
PROJECTS: Mapping[str, Mapping[str, Any]] = {
    str(spec["id"]): spec for spec in (ANIMALS, CAPTIONS, MOODS, TAGS, FORTY, SHAPES)
}
"""By name, as the header ``# project:`` has it."""


_PICTURE = Path(__file__).parents[2] / "examples/choice/shapes/01.png"


def rows(many: int) -> Sequence[Mapping[str, Any]]:
    """Items to be asked about; only one project shows their picture."""
    pictures = {"photo": str(_PICTURE)}
    return [{"id": f"row-{n}", "caption": f"item number {n}", "pictures": pictures} for n in range(1, many + 1)]


def set_up(talk: Talk, database: Database, now: int) -> None:
    """The projects of a talk, and the invitations to them."""
    items = rows(int(talk.headers.get("rows", "30")))
    state = talk.headers.get("state", "live")
    specs = {**PROJECTS, **QUALIFIED, **RULED, **REVIEWED, **RETURNED, **LOOKED_AT, **PAYING}
    numbers = {name: add_project(database, specs[name], [*items, *pools(name)], now, state) for name in talk.projects}

    def invite(tx: Tx) -> None:
        for code, project, places in talk.invitations:
            tx.orm.add(Invitation(code=code, project_id=numbers.get(project), places=places, made_at=now))

    database.run(invite).result()
    for _draft in range(int(talk.headers.get("drafts", "0"))):
        database.run(lambda tx: broadcast.draft(tx, SHELL, broadcast.Draft(Content((_NEWS,))), now)).result()
