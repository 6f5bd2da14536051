"""What is stored of a person: each part with what it is and what it is for, and what of it is left out, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tasks.words import Text, _

Names = frozenset[str]
_NONE: Names = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """The rows of one table whose column ``who`` says the person."""

    name: str
    table: str
    who: str
    what: Text
    by_project: bool = False
    others: Names = _NONE
    """Columns left out because they are about somebody else."""
    checks: Names = _NONE
    """Columns left out until the project is closed, of parts of no project always: they show which items are checks."""
    asked: Names = _NONE
    """Columns left out because others are still to be asked the same."""


def parts() -> Sequence[Part]:
    """All parts there are."""
    return (*_themselves(), *_work(), *_shown(), *_cases(), *_money(), *_reached(), *_acts())


def _themselves() -> Sequence[Part]:
    return (
        Part("person", "person", "id", _("Who you are here: to reach you, in your language, with work that fits you.")),
        Part("languages", "speaks", "person_id", _("Languages you speak: to choose work that you can read.")),
        Part("agreements", "receipt", "person_id", _("What you agreed to and when: to prove it.")),
        Part(
            "conversation",
            "conversation",
            "person_id",
            _("Where our talk stands: to go on where you stopped."),
            checks=frozenset({"memory"}),
        ),
        Part("notices", "notice", "person_id", _("What you are to be told when you are next here.")),
        Part("days", "day", "person_id", _("Answers a day: for your own chart.")),
        Part("came-by", "invited", "person_id", _("The invitation you came by: it opens its project to you.")),
        Part(
            "invitations", "invitation", "inviter_id", _("Invitations that you made: so that people can come by them.")
        ),
    )


def _work() -> Sequence[Part]:
    return (
        Part(
            "projects",
            "enrolment",
            "worker_id",
            _("Where you are in each project, and how right you were: to choose your items and weigh your answers."),
            by_project=True,
            checks=frozenset(
                {"gold_cursor", "gold_from", "gold_seen", "gold_correct", "seen", "correct", "confusion", "recent_gold"}
                | {"cursor", "returned_cursor"}
            ),
        ),
        Part(
            "assignments",
            "assignment",
            "worker_id",
            _("How you worked on each item, with times: to check answers and find what is unclear."),
            by_project=True,
            checks=frozenset({"gold"}),
        ),
        Part(
            "answers",
            "answer",
            "worker_id",
            _("Your answers: they are the work, and stay in the data set."),
            by_project=True,
            checks=frozenset({"gold_correct", "agreed", "weight", "further"}),
        ),
        Part(
            "events",
            "event",
            "worker_id",
            _("What was seen of how each answer was made: the habits below are made of it."),
            by_project=True,
        ),
        Part(
            "habits",
            "habit",
            "worker_id",
            _("How you usually work: for the figures in /me, and to know which answers to check."),
            by_project=True,
        ),
        *(
            Part(
                name,
                "alike",
                who,
                _("That your answers are much like somebody else’s: such answers count for less together."),
                by_project=True,
                others=frozenset({other}),
            )
            for name, who, other in (("alike", "worker_id", "other_id"), ("alike-2", "other_id", "worker_id"))
        ),
    )


def _shown() -> Sequence[Part]:
    return (
        Part("qualifications", "qualification", "person_id", _("What you have shown: it opens projects to you.")),
        Part(
            "quizzes",
            "quiz",
            "person_id",
            _("Your quizzes, with your answers: what your qualifications rest on."),
            asked=frozenset({"questions"}),
        ),
    )


def _cases() -> Sequence[Part]:
    return (
        Part(
            "reviews",
            "review_case",
            "worker_id",
            _("What reviewers were asked about your answers, what you wrote to them, and what they decided."),
            others=frozenset({"decided_by", "confidence"}),  # of whoever looked at it: how often they are right
        ),
        Part(
            "votes",
            "vote",
            "reviewer_id",
            _("Your votes as a reviewer: they decide what is disputed."),
            checks=frozenset({"planted", "agreed", "weight", "told", "case_id"}),
        ),
        Part(
            "reviewer",
            "reviewer",
            "person_id",
            _("How you do as a reviewer: it says how much your votes weigh."),
            checks=frozenset({"planted", "planted_agreed"}),
        ),
        Part(
            "review-decisions",
            "review_case",
            "decided_by",
            _("What you decided as somebody in charge."),
            others=frozenset({"worker_id", "given", "words"}),
        ),
        *(
            Part(name, "mass_rejection", who, what, others=_MASS - {who})
            for name, who, what in (
                ("mass-rejections", "worker_id", _("That somebody wanted many of your answers rejected at once.")),
                ("mass-rejections-2", "made_by", _("What you proposed as somebody in charge.")),
                ("mass-rejections-3", "decided_by", _("What you decided as somebody in charge.")),
            )
        ),
    )


_MASS: Names = frozenset({"worker_id", "made_by", "decided_by"})


def _money() -> Sequence[Part]:
    """What they have earned."""
    return (
        Part("accounts", "account", "person_id", _("Your balances: what is on hold, payable, on its way, paid out.")),
        Part(
            "postings",
            "posting",
            "person_id",
            _("What you have earned and been paid, line by line: to pay you, and to prove it."),
            others=frozenset({"from_id", "to_id"}),
            checks=frozenset({"cause"}),
        ),
        Part("payouts", "payout", "person_id", _("What you asked to be paid out, and where to: to pay you.")),
        Part("payout-batches", "payout_batch", "made_by", _("Payouts that you handed out as somebody in charge.")),
    )


def _reached() -> Sequence[Part]:
    """What the bot sent them by itself; what they themselves had it send and do."""
    decided = _("What you decided as somebody in charge.")
    made = _("What you began as somebody in charge.")
    return (
        Part("messages", "delivery", "person_id", _("Messages that came by themselves: to send each of them once.")),
        Part(
            "remarks",
            "remark",
            "person_id",
            _("What people in charge noted about you: so that they know it of each other."),
            others=frozenset({"made_by"}),
        ),
        Part(
            "remarks-2",
            "remark",
            "made_by",
            _("What you noted as somebody in charge."),
            others=frozenset({"person_id"}),
        ),
        Part("broadcasts", "broadcast", "made_by", made),
        Part("schedules", "schedule", "made_by", made),
        Part("approvals", "approval", "made_by", made, others=frozenset({"decided_by", "arguments"})),
        Part("approvals-2", "approval", "decided_by", decided, others=frozenset({"made_by", "arguments"})),
        Part("own-projects", "project", "owner_id", made, others=frozenset({"spec"})),
    )


_CHAIN: Names = frozenset({"salt", "digest", "hash"})
"""By these it could be tried who did it, and why, where that is left out."""


def _acts() -> Sequence[Part]:
    about, by = _("What people in charge and rules did about you: so that it can be checked."), "actor_id"
    return (
        Part("acts", "audit", "person_id", about, others=_CHAIN | {by}),
        Part(
            "own-acts",
            "audit",
            by,
            _("What you did as somebody in charge: so that it can be checked."),
            others=_CHAIN | {"person_id", "figures"},
        ),
        Part(
            "proposals",
            "proposal",
            "person_id",
            _("What rules proposed about you, and what was decided."),
            others=frozenset({"decided_by"}),
        ),
        Part(
            "decisions",
            "proposal",
            "decided_by",
            _("What you decided as somebody in charge."),
            others=frozenset({"person_id", "why", "figures"}),
        ),
    )
