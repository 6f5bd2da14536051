"""Statements on groups that the bot is in: those in which reviewers vote, and what is shown there."""

from typing import NamedTuple

from db.queries.cases import COLUMNS, Case
from db.statement import Statement, change


class Group(NamedTuple):
    """A group and what stands in it."""

    reviews: bool
    language: str
    case: int | None
    serial: int
    screen: str
    message_id: str


_GROUP = """
    SELECT reviews, language, case_id, serial, screen, message_id FROM group_chat
    WHERE channel = :channel AND chat = :chat
"""
GROUP = Statement(_GROUP, Group, postgresql=_GROUP + " FOR NO KEY UPDATE")
"""Locked before anybody in it, so that turns of one group never overlap."""
SAVE = change("""
    UPDATE group_chat
    SET reviews = :reviews, language = :language, case_id = :case_id, serial = :serial, screen = :screen
    WHERE channel = :channel AND chat = :chat
""")
POSTED = change("""
    UPDATE group_chat SET message_id = :message_id WHERE channel = :channel AND chat = :chat AND serial = :serial
""")
"""Only for the screen that is still the current one."""

NEXT = Statement(
    f"""
    SELECT {COLUMNS} FROM review_case c JOIN project p ON p.id = c.project_id
    WHERE c.what = 'dispute' AND c.state = 'open' AND c.seats > 0 AND p.state <> 'draft' AND c.id > :after
    ORDER BY c.id LIMIT 1
    """,  # noqa: S608 - put together from constants
    Case,
)
