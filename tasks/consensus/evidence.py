"""How a task's label came about: the belief, every answer with what it counts for, and why it stopped."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from db.errors import InputError, told
from db.queries import evidence as queries
from db.queries import quality, verdicts, weighing
from db.session import Tx
from tasks.consensus.ballots import Ballot
from tasks.consensus.consensus import believe
from tasks.consensus.settle import weighed
from tasks.kinds import KINDS, Answer
from tasks.privacy.pseudonym import pseudonym
from tasks.projects.catalog import Known


class UnknownTaskError(InputError):
    """The project has no such row."""

    message = told("Check the item’s id: “{task}” is not in this project.")


@dataclass(frozen=True, slots=True)
class Given:
    """One answer. ``counts`` is its weight as a multiple of a newcomer's; None where it was not weighed."""

    worker: str
    """A pseudonym, as in the exports."""
    value: Answer
    counts: float | None


@dataclass(frozen=True, slots=True)
class Cast:
    """A reviewer's vote: ``value`` as verdicts are written."""

    reviewer: str
    """A pseudonym, as workers have one."""
    value: Mapping[str, Any]
    note: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What reviewers decided, and how."""

    value: Mapping[str, Any]
    """``{"answer": …}`` or ``{"fault": reason}``."""
    why: str
    admin: bool
    """Whether an admin decided it, not the votes."""
    votes: Sequence[Cast]


@dataclass(frozen=True, slots=True)
class Evidence:
    """All there is to one task's label, as the database has it."""

    item: Mapping[str, str]
    pictures: Mapping[str, str]
    status: str
    """open | agreed | disputed | decided"""
    method: str
    """Why it stopped: overlap | confidence | most answers | reported | gold; empty while it is open."""
    missing: int
    """How many answers more are wanted as things stand."""
    label: Answer | None
    confidence: float | None
    shares: Sequence[tuple[Answer, float]]
    """Labels and their probabilities, as far as they are kept; the most probable first."""
    doubted: tuple[Answer, float] | None
    """What it would be settled with today and how sure that is, where the last batch pass found it in doubt."""
    guess: Answer | None
    """What a model said, in the data file."""
    given: Sequence[Given]
    """The first answer first."""
    waits: bool = False
    """Whether reviewers are deciding it just now."""
    verdict: Verdict | None = None


def evidence(tx: Tx, known: Known, row: str) -> Evidence:
    """The evidence for the task whose row has this id. Raises UnknownTaskError."""
    task = tx.one(queries.TASK, project=known.id, row=row)
    if task is None:
        raise UnknownTaskError(task=row)
    return Evidence(
        json.loads(task.item),
        json.loads(task.pictures),
        task.status,
        task.method,
        max(0, task.wanted - task.answers) if task.status == "open" else 0,
        _read(task.label),
        task.confidence,
        sorted(map(tuple, _read(task.posterior) or []), key=lambda share: -share[1]),
        _doubted(tx, known, task),
        _read(task.prior),
        _given(tx, known, task),
        *_reviewed(tx, known, task.id),
    )


def _reviewed(tx: Tx, known: Known, task: int) -> tuple[bool, Verdict | None]:
    """Whether it waits for reviewers, and what they decided: votes are nobody's to see before."""
    found = tx.one(verdicts.OF_TASK, project=known.id, task=task)
    if found is None or found.state != "decided" or found.verdict is None:
        return found is not None, None
    votes = [
        Cast(pseudonym(known.id, one.reviewer, one.joined_at or 0), json.loads(one.value), one.note)
        for one in tx.all(verdicts.CAST, case_id=found.id)
    ]
    return False, Verdict(json.loads(found.verdict), found.why, found.decided_by is not None, votes)


def _doubted(tx: Tx, known: Known, task: queries.Shown) -> tuple[Answer, float] | None:
    wrong = tx.one(quality.CORRECTION, project=known.id, task=task.id)
    return (_read(wrong.label), wrong.confidence) if wrong and task.status == "agreed" else None


def _read(stored: str | None) -> Any:
    return None if stored is None else json.loads(stored)


def _given(tx: Tx, known: Known, task: queries.Shown) -> list[Given]:
    """The answers. What they count for was kept when the task was settled; while it is open it is weighed anew."""
    voices = tx.all(queries.VOICES, project=known.id, task=task.id)
    weights: dict[int, float | None] = {voice.worker: voice.weight for voice in voices}
    if task.status == "open" and voices:
        answers = tx.all(weighing.COUNTED, project=known.id, task=task.id)
        belief = weighed(tx, known, task.id, task.prior, answers)
        weights = dict(zip((answer.worker for answer in answers), belief.weights, strict=True))
    return [
        Given(
            pseudonym(known.id, voice.worker, voice.joined_at or 0),
            json.loads(voice.value),
            _times(known, json.loads(voice.value), weights[voice.worker]),
        )
        for voice in voices
    ]


def _times(known: Known, value: Answer, weight: float | None) -> float | None:
    """A weight as a multiple of what the same answer of a newcomer counts for."""
    if weight is None:
        return None
    kind, question = KINDS[known.spec.kind], known.spec.question_for_kind()
    return weight / believe(kind, question, [Ballot(value)], known.crowd).weights[0]
