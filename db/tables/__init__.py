"""The tables, one file for each part of the work. Times are milliseconds since 1970 UTC (BIGINT)."""

from db.tables.people import Conversation, GroupChat, Person
from db.tables.projects import Media, MediaHandle, Project, Tally, Task
from db.tables.quality import Alike, Correction, Crowd
from db.tables.work import Answer, Assignment, Enrolment, Returned

__all__ = [
    "Alike",
    "Answer",
    "Assignment",
    "Conversation",
    "Correction",
    "Crowd",
    "Enrolment",
    "GroupChat",
    "Media",
    "MediaHandle",
    "Person",
    "Project",
    "Returned",
    "Tally",
    "Task",
]
