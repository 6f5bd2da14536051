"""The tables, one file for each part of the work. Times are milliseconds since 1970 UTC (BIGINT)."""

from db.tables.audit import Audit, Chain, Proposal
from db.tables.behaviour import Event, Habit
from db.tables.money import Account, Payout, PayoutBatch, Posting
from db.tables.people import Conversation, Day, GroupChat, Invitation, Invited, Notice, Person, Receipt, Speaks
from db.tables.projects import Media, MediaHandle, Project, Tally, Task
from db.tables.qualification import Qualification, Quiz
from db.tables.quality import Alike, Correction, Crowd
from db.tables.review import MassRejection, ReviewCase, Reviewer, Vote
from db.tables.work import Answer, Assignment, Enrolment, Returned

__all__ = [
    "Account",
    "Alike",
    "Answer",
    "Assignment",
    "Audit",
    "Chain",
    "Conversation",
    "Correction",
    "Crowd",
    "Day",
    "Enrolment",
    "Event",
    "GroupChat",
    "Habit",
    "Invitation",
    "Invited",
    "MassRejection",
    "Media",
    "MediaHandle",
    "Notice",
    "Payout",
    "PayoutBatch",
    "Person",
    "Posting",
    "Project",
    "Proposal",
    "Qualification",
    "Quiz",
    "Receipt",
    "Returned",
    "ReviewCase",
    "Reviewer",
    "Speaks",
    "Tally",
    "Task",
    "Vote",
]
