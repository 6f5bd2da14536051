"""The evidence package of one task: its whole history as one JSON file, people by the pseudonyms of exports."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlmodel import SQLModel, col, select

from db.queries import audit, stored
from db.session import Database, Tx
from db.tables import Account, Answer, Assignment, Posting, ReviewCase, Task, Vote
from tasks.consensus.evidence import UnknownTaskError
from tasks.exchange.complete import complete
from tasks.privacy.audit import Act, Actor, record
from tasks.privacy.listing import moment, wordless
from tasks.privacy.pseudonym import pseudonym
from tasks.projects.catalog import Catalog, Known
from tasks.projects.changes import fingerprint

FORMAT = "crowdloom-evidence-1"
_JSON = frozenset({"item", "pictures", "gold", "prior", "label", "posterior", "value", "verdict", "given"})
_WORKED = (
    "state position offered_at delivered_at first_tap_at changes instructions undone undone_at submitted_at skipped_at "
    "reason reported lease_ends"
)
_ANSWERED = "value submitted_at work_ms gold_correct agreed weight rejected"
_DECIDED = "what cause given words state opened_at ends_at verdict why confidence decided_at answered_at"
_VOTED = "state offered_at voted_at work_ms value note changes weight agreed"
_STANDS = "status method label confidence posterior wanted answers settled_at"

Name = Callable[[int | None], str | None]


def write(database: Database, catalog: Catalog, actor: Actor, named: tuple[str, str], out: Path, now: int) -> None:
    """Write the package of a task, named by its project's key and its row's id; on record.

    Raises UnknownProjectError, UnknownTaskError, UnwritableError; then nothing is left behind.
    """
    key, row = named

    def turn(tx: Tx) -> Mapping[str, Any]:
        known = catalog.by_key(tx, key)
        found = package(tx, known, row, now)
        record(tx, actor, Act("export", project=known.id, figures={"what": "evidence", "task": row}), now)
        return found

    with complete(out) as part:
        part.write_text(json.dumps(database.run(turn).result(), ensure_ascii=False, indent=1) + "\n", "utf-8")


def package(tx: Tx, known: Known, row: str, now: int) -> Mapping[str, Any]:
    """All of it. While reviewers are deciding a case its votes are left out. Raises UnknownTaskError."""
    task = tx.orm.exec(select(Task).where(Task.project_id == known.id, Task.row == row)).first()
    if task is None:
        raise UnknownTaskError(task=row)
    name = _names(tx, known)
    cases = tx.orm.exec(_of_task(ReviewCase, known.id, task.id).order_by(col(ReviewCase.id))).all()
    people = _people(tx, known.id, task.id, [case.id for case in cases])
    return {
        "format": FORMAT,
        "made_at": moment(now),
        "project": {
            "id": known.key,
            "state": known.state,
            "file_sha256": fingerprint(known.spec),
            "file": known.spec.model_dump(mode="json"),
        },
        "item": {"id": task.row, **_told(task, "item pictures split gold prior")},
        "stands": _told(task, _STANDS),
        "assignments": _assignments(tx, known.id, task.id, name),
        "cases": [_case(tx, case, name) for case in cases],
        "payments": _payments(tx, known.id, task.id, people, name),
        "records": _records(tx, known.id, row, {case.id for case in cases}, name),
    }


def _of_task(table: Any, project: int, task: int) -> Any:
    return select(table).where(table.project_id == project, table.task_id == task)


def _names(tx: Tx, known: Known) -> Name:
    """Pseudonyms, as in the exports of the project."""
    names: dict[int, str] = {}

    def name(person: int | None) -> str | None:
        if person is None:
            return None
        if person not in names:
            joined = tx.one(stored.JOINED, person=person)
            names[person] = pseudonym(known.id, person, joined.at if joined else 0)
        return names[person]

    return name


def _told(row: SQLModel, fields: str) -> dict[str, Any]:
    """Some columns of a row: points in time as ISO 8601, what is stored as JSON as what it says."""
    return {field: _cell(field, getattr(row, field)) for field in fields.split()}


def _cell(field: str, cell: Any) -> Any:
    if cell is None:
        return None
    if field.endswith(("_at", "_ends")):
        return moment(cell)
    return json.loads(cell) if field in _JSON else cell


def _assignments(tx: Tx, project: int, task: int, name: Name) -> Sequence[Mapping[str, Any]]:
    answers = {row.worker_id: row for row in tx.orm.exec(_of_task(Answer, project, task))}
    found = tx.orm.exec(_of_task(Assignment, project, task).order_by(col(Assignment.offered_at)))
    return [
        {
            "worker": name(row.worker_id),
            **_told(row, _WORKED),
            "answer": _told(answers[row.worker_id], _ANSWERED) if row.worker_id in answers else None,
        }
        for row in found
    ]


def _case(tx: Tx, case: ReviewCase, name: Name) -> Mapping[str, Any]:
    """A dispute, a review of an answer, or an appeal; its votes once nobody is influenced by them."""
    votes = select(Vote).where(Vote.case_id == case.id, col(Vote.planted).is_(False)).order_by(col(Vote.offered_at))
    decided = case.state == "decided"
    return {
        "number": case.id,
        "worker": name(case.worker_id),
        "about": case.about_id,
        "decided_by": name(case.decided_by),
        **_told(case, _DECIDED),
        "votes": [{"reviewer": name(vote.reviewer_id), **_told(vote, _VOTED)} for vote in tx.orm.exec(votes)]
        if decided
        else None,
    }


def _people(tx: Tx, project: int, task: int, cases: Sequence[int | None]) -> Collection[int]:
    """Who may have been paid for it: postings are found by person."""
    worked = tx.orm.exec(
        select(Assignment.worker_id).where(Assignment.project_id == project, Assignment.task_id == task)
    )
    voted = tx.orm.exec(select(Vote.reviewer_id).where(col(Vote.case_id).in_(cases)))
    return {*worked, *voted}


def _payments(tx: Tx, project: int, task: int, people: Collection[int], name: Name) -> Sequence[Mapping[str, Any]]:
    """Postings that this task brought about; ``amount`` in minor units."""
    wanted = (
        select(Posting, Account.currency)
        .join(Account, col(Account.id) == col(Posting.from_id))
        .where(col(Posting.person_id).in_(people), Posting.project_id == project, Posting.task_id == task)
        .order_by(col(Posting.id))
    )
    return [
        {"person": name(row.person_id), "currency": currency, **_told(row, "amount reason"), "at": moment(row.at)}
        for row, currency in tx.orm.exec(wanted)
    ]


def _records(tx: Tx, project: int, row: str, cases: set[int | None], name: Name) -> Sequence[Mapping[str, Any]]:
    """Records that name the task or one of its cases, or that changed the project, each with its hash."""
    found = []
    named = json.dumps(row, ensure_ascii=False).replace("\\", "_").replace("%", "_")
    for one in tx.all(audit.ABOUT_TASK, project=project, named=f"%{named}%"):
        figures = json.loads(one.figures)
        about = figures.get("task") == row or figures.get("case") in cases
        if about or one.what in {"import", "revise", "launch", "pause", "close"}:
            who = {"by": name(one.actor), "channel": one.channel, "rule": one.rule, "person": name(one.person)}
            said = {"number": one.number, "at": moment(one.at), "what": one.what, "figures": figures}
            found.append({**said, **who, "without_words": wordless(one), "hash": one.hash})
    return found
