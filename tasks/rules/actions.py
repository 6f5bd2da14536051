"""What rules do. None rejects an answer or suspends anybody: they check more or less, pause, invite, propose."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from db.queries import qualification, standing, work
from db.queries.standing import Stands
from db.session import Tx
from tasks import cases
from tasks.assignment import checks
from tasks.consensus import settle
from tasks.kept import pack
from tasks.projects.catalog import Known
from tasks.qualification import gates, skills
from tasks.rules import words
from tasks.rules.evaluate import Firing
from tasks.words import Words

_MOST_GOLD = 0.5
_MORE_GOLD = 0.2
_MOST_FURTHER = 2


@dataclass(frozen=True, slots=True)
class Case:
    """Whose work a rule fires for, where and when, and why."""

    tx: Tx
    known: Known
    worker: int
    now: int
    firing: Firing
    why: Words

    @property
    def figures(self) -> Mapping[str, Any]:
        """What made it fire, for records."""
        return {name: [round(figure.value, 4), figure.of] for name, figure in self.firing.figures.items()}


Outcome = tuple[Stands, Words] | None
"""Where they stand afterwards, and what they are told; None if nothing is left to do."""


def _raise_checks(case: Case, here: Stands) -> Outcome:
    more = min(_MOST_GOLD, max(_MORE_GOLD, 2 * case.known.spec.gold.share, 2 * here.more_gold))
    if more <= here.more_gold:
        return None
    return here._replace(more_gold=more), words.checked_more(case.why)


def _more_answers(case: Case, here: Stands) -> Outcome:
    if here.further >= _MOST_FURTHER or case.known.spec.overlap.fixed:
        return None
    return here._replace(further=here.further + 1), words.asked_more(case.why)


def _promote(case: Case, here: Stands) -> Outcome:
    after = here._replace(checks=checks.up(here.checks), further=0, more_gold=0.0)
    if after == here:
        return None
    proven = after.checks >= checks.PROVEN and here.proven_at is None
    if proven:
        after = after._replace(proven_at=case.now)
        gates.reached(case.tx, case.worker, gates.PROVEN, "rule", case.now, project=case.known.id, **case.figures)
    return after, words.promoted(after.checks, case.why, proven=proven)


def _demote(case: Case, here: Stands) -> Outcome:
    after = here._replace(checks=checks.down(here.checks))
    if after == here:
        return None
    if after.checks < checks.PROVEN:
        after = after._replace(proven_at=None)
    return after, words.demoted(after.checks, case.why)


def _pause(case: Case, here: Stands) -> Outcome:
    if here.paused_until is not None and here.paused_until > case.now:
        return None
    until = case.now + (case.firing.rule.then.pause_ms or 0)
    kept = json.dumps(pack(case.why), ensure_ascii=False)
    case.tx.run(standing.PAUSED_FOR, project=case.known.id, worker=case.worker, why=kept)
    return here._replace(paused_until=until), words.paused(until, case.why)


def _skill(case: Case, here: Stands) -> Outcome:
    skill = case.firing.rule.then.skill or case.known.spec.skill
    if case.tx.one(standing.HOLDS, worker=case.worker, skill=skill, now=case.now):
        return None
    score = min((figure.value for name, figure in case.firing.figures.items() if name in _SCORES), default=1.0)
    skills.grant(case.tx, case.worker, skill, score, "rule", case.known.id, None, case.now)
    return here, words.earned(skill, case.why)


_SCORES = frozenset({"gold_accuracy", "agreement", "accuracy", "acceptance"})


def _invite(case: Case, here: Stands) -> Outcome:
    return here, words.invited_to_practice(case.why, there=case.known.spec.qualification.practice > 0)


def _propose(case: Case, here: Stands) -> Outcome:
    key = {"project": case.known.id, "what": "suspend"}
    if case.tx.one(standing.PROPOSED, worker=case.worker, **key):
        return None
    case.tx.run(
        qualification.PROPOSE,
        person=case.worker,
        why=json.dumps(pack(case.why), ensure_ascii=False),
        figures=json.dumps(case.figures),
        now=case.now,
        **key,
    )
    return here, words.proposed(case.why)


def _dispute(case: Case, here: Stands) -> Outcome:
    """Reviewers are asked about the last item: an open one is set aside for them, a settled one stays as it is."""
    tx, known = case.tx, case.known
    enrolled = tx.one(work.ENROLLED, project=known.id, worker=case.worker)
    task = enrolled.last_task if enrolled else None
    row = tx.one(work.TASK_LOCKED, project=known.id, task=task) if task is not None else None
    if task is None or row is None or row.split != "work" or cases.raised(tx, known, task, "rule"):
        return None
    if cases.set_aside(tx, known, task, "rule", case.now):
        settle.tally(tx, known.id, settle.Change(disputed=1))
    elif row.status != "agreed" or not cases.dispute(tx, known, task, "rule", case.now):
        return None
    return here, words.asked_reviewers(case.why)


ACTS: Mapping[str, Callable[[Case, Stands], Outcome]] = {
    "raise-checks": _raise_checks,
    "more-answers": _more_answers,
    "promote": _promote,
    "demote": _demote,
    "pause": _pause,
    "skill": _skill,
    "invite-to-practice": _invite,
    "propose-suspension": _propose,
    "dispute": _dispute,
}
