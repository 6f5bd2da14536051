"""The tables, one file for each part of the work. Times are milliseconds since 1970 UTC (BIGINT)."""

from db.tables.audit import Approval, Audit, Chain, Proposal
from db.tables.behaviour import Event, Habit
from db.tables.money import Account, Payout, PayoutBatch, Posting
from db.tables.outreach import Broadcast, Delivery, Schedule
from db.tables.people import Conversation, Day, GroupChat, Invitation, Invited, Notice, Person, Receipt, Remark, Speaks
from db.tables.projects import Media, MediaHandle, Project, Tally, Task
from db.tables.qualification import Qualification, Quiz
from db.tables.quality import Alike, Correction, Crowd
from db.tables.review import MassRejection, ReviewCase, Reviewer, Vote
from db.tables.work import Answer, Assignment, Enrolment, Returned

__all__ = [
    "Account",
    "Alike",
    "Answer",
    "Approval",
    "Assignment",
    "Audit",
    "Broadcast",
    "Chain",
    "Conversation",
    "Correction",
    "Crowd",
    "Day",
    "Delivery",
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
    "Remark",
    "Returned",
    "ReviewCase",
    "Reviewer",
    "Schedule",
    "Speaks",
    "Tally",
    "Task",
    "Vote",
]
