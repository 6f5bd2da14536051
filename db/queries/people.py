"""Statements on people and their conversations."""

from typing import NamedTuple

from db.statement import Statement, change


class Stands(NamedTuple):
    """A person and where their conversation stands."""

    person: int
    language: str
    zone: str
    role: str
    consent: str
    suspended_at: int | None
    blocked_at: int | None
    age: int
    gate: int
    notices: int
    chat: str
    flow: str
    memory: str
    serial: int
    screen: str
    message_id: str
    heard: str
    seen_at: int
    menu: str
    paused_until: int | None
    paused_for: str


class Id(NamedTuple):
    """A number by which something is known."""

    id: int


_FIND = """
    SELECT p.id, p.language, p.zone, p.role, p.consent, p.suspended_at, p.blocked_at,
           p.age, p.gate, p.notices,
           c.chat, c.flow, c.memory, c.serial, c.screen, c.message_id, c.heard, c.seen_at, c.menu,
           p.paused_until, p.paused_for
    FROM person p JOIN conversation c ON c.person_id = p.id
    WHERE p.channel = :channel AND p.external_id = :user
"""

FIND = Statement(_FIND, Stands, postgresql=_FIND + " FOR NO KEY UPDATE OF p, c")
"""Locked, so that turns of one person never overlap, across processes too."""

JOIN = Statement(
    """
    INSERT INTO person (channel, external_id, language, zone, role, consent, joined_at)
    VALUES (:channel, :user, '', '', :role, '', :now)
    ON CONFLICT (channel, external_id) DO NOTHING
    RETURNING id
    """,
    Id,
)

OPEN = change("""
    INSERT INTO conversation (person_id, chat, flow, memory, serial, screen, message_id, heard)
    VALUES (:person, :chat, '', '{}', 0, '', '', '[]')
""")

SAVE = change("""
    UPDATE conversation
    SET chat = :chat, flow = :flow, memory = :memory, serial = :serial, screen = :screen, heard = :heard,
        seen_at = :seen
    WHERE person_id = :person
""")

POSTED = change("UPDATE conversation SET message_id = :message_id WHERE person_id = :person AND serial = :serial")
"""Only for the screen that is still the current one."""

MENU = change("UPDATE conversation SET menu = :menu WHERE person_id = :person")
SEEN = change("UPDATE person SET seen_day = :day WHERE id = :person")
SPEAK = change("UPDATE person SET language = :language WHERE id = :person")
CONSENT = change("UPDATE person SET consent = :version, consented_at = :now WHERE id = :person")
UNREACHABLE = change("UPDATE person SET blocked_at = :now WHERE id = :person AND erased_at IS NULL")
REACHABLE = change("UPDATE person SET blocked_at = NULL WHERE id = :person")


class Said(NamedTuple):
    """Words for a person, not yet in a language (JSON)."""

    id: int
    topic: str
    words: str


TELL = change("""
    INSERT INTO notice (person_id, at, words, topic, n) VALUES (:person, :now, :words, :topic, :n)
""")


class Together(NamedTuple):
    """A notice that tells several things of one topic."""

    id: int
    n: int
    words: str


_TOGETHER = "SELECT id, n, words FROM notice WHERE person_id = :person AND topic = :topic ORDER BY id LIMIT 1"
TOLD_TOGETHER = Statement(_TOGETHER, Together, postgresql=_TOGETHER + " FOR NO KEY UPDATE")
TELL_MORE = change("UPDATE notice SET n = n + :n, words = :words, at = :now WHERE id = :notice")
TELLS = change("UPDATE person SET notices = notices + 1 WHERE id = :person AND erased_at IS NULL")
TOLD = Statement("SELECT id, topic, words FROM notice WHERE person_id = :person ORDER BY id", Said)
DROP_ONE_TOLD = change("DELETE FROM notice WHERE id = :notice")
FEWER_TO_TELL = change("""
    UPDATE person SET notices = (SELECT COUNT(*) FROM notice n WHERE n.person_id = :person) WHERE id = :person
""")
DROP_TOLD = change("DELETE FROM notice WHERE person_id = :person")
NOTHING_TO_TELL = change("UPDATE person SET notices = 0 WHERE id = :person")

EXPLAINED = change("""
    INSERT INTO group_chat (channel, chat, explained_at) VALUES (:channel, :chat, :now)
    ON CONFLICT (channel, chat) DO NOTHING
""")


class Handle(NamedTuple):
    """A channel's own id of a picture."""

    handle: str


HANDLE = Statement("SELECT handle FROM media_handle WHERE bot = :bot AND content = :content", Handle)
KEEP_HANDLE = change("""
    INSERT INTO media_handle (bot, content, handle) VALUES (:bot, :content, :handle)
    ON CONFLICT (bot, content) DO UPDATE SET handle = excluded.handle
""")
