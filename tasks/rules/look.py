"""The door of the rules: after each answer and skip, look at somebody's figures and do what the rules in force say."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from db.queries import standing
from db.queries.standing import Stands
from db.session import Tx
from tasks.behaviour import habits
from tasks.privacy.audit import Act, Actor, record
from tasks.projects.catalog import Known
from tasks.projects.rules import Rule
from tasks.qualification import gates
from tasks.rules import words
from tasks.rules.actions import ACTS, Case
from tasks.rules.defaults import in_force
from tasks.rules.evaluate import Clocks, Firing, evaluate
from tasks.rules.figures import Standing
from tasks.words import Words

_LEVELS = frozenset({"promote", "demote"})
"""By one level in a look, however many rules say so."""


@dataclass(frozen=True, slots=True)
class Done:
    """What a rule has done, and what the person is told of it."""

    firing: Firing
    words: Words

    @property
    def action(self) -> str:
        """What was done."""
        return self.firing.rule.then.action


def look(tx: Tx, operators: Sequence[Rule], known: Known, worker: int, now: int) -> Sequence[Done]:
    """Do what the project's rules say (else the operator's), and write each down with the figures that caused it.

    One statement where no rule fires, and one more where a rule asks for somebody's way of working.
    """
    rules = in_force(known.spec.rules, operators)
    here = tx.one(standing.STANDS, project=known.id, worker=worker) if rules else None
    if here is None:
        return ()
    fired: dict[str, Clocks] = json.loads(here.fired)
    after, done = here, []
    for firing in evaluate(rules, _standing(tx, known, worker, here), fired):
        if firing.rule.then.action in _LEVELS and after.checks != here.checks:  # it has been said by another rule
            fired[firing.rule.key] = firing.clocks
            continue
        case = Case(tx, known, worker, now, firing, words.why(firing))
        outcome = ACTS[firing.rule.then.action](case, after)
        if outcome is None:
            continue
        after, told = outcome
        fired[firing.rule.key] = firing.clocks
        done.append(Done(firing, told))
        act = Act(firing.rule.then.action, worker, known.id, _written(case, here, after))
        record(tx, Actor(rule=str(firing.rule)), act, now)
    if done:
        _save(tx, known, worker, after, _of(rules, fired))
        if here.proven_at is not None and after.proven_at is None:
            gates.recount(tx, worker, "rule", now, project=known.id)
    return done


def _standing(tx: Tx, known: Known, worker: int, here: Stands) -> Standing:
    return Standing(
        gold=here.recent_gold or b"",
        agreed=here.recent_agreed or b"",
        reviewed=here.recent_reviewed or b"",
        golds=here.gold_seen,
        settled=here.settled,
        reviews=here.reviewed,
        answers=here.answered,
        skips=here.skipped,
        skips_in_row=here.skips_in_row,
        doubt=here.doubt,
        habits=cache(lambda: habits.read(tx, known.id, worker)),
    )


def _written(case: Case, before: Stands, after: Stands) -> Mapping[str, object]:
    """The figures that made it fire, and what is otherwise now."""
    changed = {name: [was, now] for name, was, now in zip(before._fields, before, after, strict=True) if was != now}
    return {"figures": case.figures, **({"changed": changed} if changed else {})}


def _of(rules: Sequence[Rule], fired: Mapping[str, Clocks]) -> Mapping[str, Clocks]:
    """Without those of rules that are in force no longer."""
    keys = {rule.key for rule in rules}
    return {key: clocks for key, clocks in fired.items() if key in keys}


def _save(tx: Tx, known: Known, worker: int, after: Stands, fired: Mapping[str, Clocks]) -> None:
    tx.run(
        standing.STAND,
        project=known.id,
        worker=worker,
        checks=after.checks,
        further=after.further,
        more_gold=after.more_gold,
        proven_at=after.proven_at,
        paused_until=after.paused_until,
        fired=json.dumps(fired),
    )
