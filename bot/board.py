"""The demonstration's board: how far the projects are, what was just agreed, how your last item stands."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from db.queries import board
from db.queries.board import Standing
from db.session import Tx
from handlers.ask import ASKS
from tasks.projects.catalog import Catalog, Known, Progress, progress
from tasks.words import Join, Local, Share, Words, _, _n

_JUST_AGREED = 3

Say = Callable[[Words], str]
"""Puts words into the reader's language."""
Card = Mapping[str, Any]
"""``{head, rows: [{text, note, share?, href?, link?}]}``, as ``board.js`` draws it."""


def draw(tx: Tx, catalog: Catalog, user: str, say: Say) -> Mapping[str, Any]:
    """The board as the page gets it: ``{sum, share, cards}``."""
    counts = [(known, progress(tx, known.id)) for known in catalog.live(tx)]
    answers = sum(each.answers for _known, each in counts)
    agreed, total = (sum(getattr(each, name) for _known, each in counts) for name in ("agreed", "tasks"))
    given = _n("{n} answer", "{n} answers", answers)
    return {
        "sum": say(Join((given, _("{agreed} of {total} agreed", agreed=agreed, total=total)), " · ")),
        "share": agreed / total if total else 0,
        "cards": [card for card in _cards(tx, catalog, user, counts, say) if card["rows"]],
    }


def _cards(tx: Tx, catalog: Catalog, user: str, counts: Sequence[tuple[Known, Progress]], say: Say) -> Sequence[Card]:
    mine = tx.one(board.MY_LAST, channel="web", user=user)
    settled = tx.all(board.JUST_AGREED, most=_JUST_AGREED)
    return [
        {
            "head": say(_("Your last item")),
            "rows": [_standing(tx, catalog, mine, say) | {"share": mine.confidence}] if mine else [],
        },
        {
            "head": say(_("You and the simulated crowd")),
            "rows": [_project(known, each, say) for known, each in reversed(counts)],
        },
        {"head": say(_("Just agreed")), "rows": [_standing(tx, catalog, one, say) for one in settled]},
    ]


def _project(known: Known, counts: Progress, say: Say) -> Mapping[str, Any]:
    note: list[Words] = [_("{agreed} of {total} agreed", agreed=counts.agreed, total=counts.tasks)]
    if counts.decided:
        note.append(_n("{n} decided by reviewers", "{n} decided by reviewers", counts.decided))
    return {
        "text": say(Local(known.spec.title)),
        "note": say(Join(note, " · ")),
        "share": (counts.agreed + counts.decided) / counts.tasks if counts.tasks else 0,
        "href": f"/chat/results/{known.key}.csv",
        "link": say(_("Download results")),
    }


def _standing(tx: Tx, catalog: Catalog, task: Standing, say: Say) -> dict[str, Any]:
    spec = catalog.get(tx, task.project).spec
    text = json.loads(task.item).get(spec.show.text or "") or say(Local(spec.title))
    label = ASKS[spec.kind].words(spec, json.loads(task.label))
    note = _n(
        "“{label}”, {share} sure after {n} answer",
        "“{label}”, {share} sure after {n} answers",
        task.answers,
        label=label,
        share=Share(task.confidence),
    )
    return {"text": text, "note": say(note)}
