"""What reviewers did in a project, for the report on quality: disputes, votes, single answers, appeals."""

from __future__ import annotations

import json
from array import array
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

import numpy as np

from db.queries import verdicts
from db.session import Reader
from tasks.projects.catalog import Known
from tasks.quality.agreement import measure
from tasks.quality.crowd import Crowd
from tasks.reports.interval import wilson

Told = tuple[str, str, float | None, float | None, float | None, str]
"""Subject, figure, value, low, high, note."""
_SEED = 20_261_126
"""Of the bootstrap: the same votes give the same interval."""
_OUTCOMES = {
    "open": "waiting for votes",
    "senior": "waiting for an admin",
    "withdrawn": "withdrawn",
    '{"answer': "decided: an answer",
    '{"accept': "accepted",
    '{"repair': "accepted with a correction",
    '{"redo":': "sent back to be done again",
    '{"reject': "rejected",
}
_SUBJECTS = {"dispute": "disputes", "answer": "answers reviewed", "appeal": "appeals"}


def reviews(reader: Reader, known: Known) -> Iterator[Told]:
    """The most general first; nothing where nothing was reviewed."""
    votes = 0
    for row in reader.stream(verdicts.OUTCOMES, project=known.id):
        votes += row.votes
        note = "by an admin" if row.admin else ""
        yield (_SUBJECTS[row.what], f"{row.cause}: {_outcome(row.outcome)}", row.cases, None, None, note)
    if votes:
        yield ("votes", "given", votes, None, None, "")
        yield from _agreement(reader, known)
        yield from _against_the_crowd(reader, known)


def _outcome(kept: str) -> str:
    if kept in _OUTCOMES:
        return _OUTCOMES[kept]
    verdict = json.loads(kept)
    if "fault" in verdict:
        return f"decided: the item is at fault, {verdict['fault']}"
    return "granted" if verdict["granted"] else "dismissed"


# --------------------------------------------------------------------------- disputes


def _agreement(reader: Reader, known: Known) -> Iterator[Told]:
    """How far reviewers agree with the verdicts, and with one another."""
    case, reviewer, label = array("i"), array("i"), array("i")
    cases: dict[int, int] = {}
    people: dict[int, int] = {}
    labels: dict[str, int] = {}
    right = judged = 0
    for vote in reader.stream(verdicts.VOTES, project=known.id):
        case.append(cases.setdefault(vote.case, len(cases)))
        reviewer.append(people.setdefault(vote.reviewer, len(people)))
        label.append(labels.setdefault(_choice(vote.value), len(labels)))
        judged += vote.agreed is not None
        right += bool(vote.agreed)
    if judged:
        yield ("votes", "the same as the verdict", right / judged, *wilson(right, judged), f"of {judged}")
    if case:
        votes, voters, choices = (np.frombuffer(column, np.int32) for column in (case, reviewer, label))
        crowd = Crowd(votes, voters, choices, len(cases), len(people), len(labels))
        alpha = measure(crowd, np.random.default_rng(_SEED)).whole
        yield ("votes", "Krippendorff's alpha", *alpha, "of reviewers")


def _choice(value: str) -> str:
    """What a vote is for; all faults are one."""
    return "fault" if "fault" in json.loads(value) else value


def _against_the_crowd(reader: Reader, known: Known) -> Iterator[Told]:
    """Verdicts that are not what most had answered; of answers that are equally frequent any will do."""
    decided = changed = 0
    for _case, rows in groupby(reader.stream(verdicts.AGAINST, project=known.id), key=lambda row: row.case):
        given = list(rows)
        decided += 1
        changed += _canonical(json.loads(given[0].verdict)["answer"]) not in _most([row.value for row in given])
    if decided:
        yield ("disputes", "verdicts unlike what most had answered", changed, None, None, f"of {decided}")


def _most(values: Sequence[str]) -> set[str]:
    counts = Counter(_canonical(json.loads(value)) for value in values)
    most = max(counts.values())
    return {value for value, n in counts.items() if n == most}


def _canonical(answer: Any) -> str:
    return json.dumps(answer, ensure_ascii=False, sort_keys=True)
