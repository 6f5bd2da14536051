"""What went wrong at Telegram, in our words: refusals by their text, and answers that never came."""

from __future__ import annotations

import re

from bot.channel import Blocked, ChannelError, Gone, RetryAfter, Unanswered, Unchanged
from db.errors import FailureError, told

_UNCHANGED = re.compile("message is not modified|CHAT_NOT_MODIFIED", re.IGNORECASE)
_GONE = re.compile(
    "message to edit not found|message can't be edited|there is no text in the message|message to delete not found"
    "|message to pin not found"
    "|message can't be deleted|MESSAGE_ID_INVALID|there is no media in the message|message identifier is not specified",
    re.IGNORECASE,
)
_BLOCKED = re.compile(
    "chat not found|user is deactivated|PEER_ID_INVALID|bot was kicked|bot was blocked", re.IGNORECASE
)
TOO_OLD = re.compile("query is too old|query ID is invalid|QUERY_ID_INVALID", re.IGNORECASE)
_HANDLE = re.compile("file identifier|wrong file_id|can't use file of type|FILE_REFERENCE|file_id", re.IGNORECASE)


class TokenRefusedError(FailureError):
    """Telegram does not know the token."""

    message = told("Set CROWDLOOM_BOT_TOKEN to the token that BotFather gave you: Telegram does not know this one.")


class HandleRefusedError(ChannelError):
    """Telegram does not take this file id: it is unknown, or of another kind."""


class UnreadableError(ChannelError):
    """A file of ours that is to be sent cannot be read."""


class Refused(Exception):  # noqa: N818 - what the API did, not what went wrong with us
    """The API said no: its status and its words."""

    def __init__(self, status: int, words: str, seconds: float | None = None) -> None:
        super().__init__(words)
        self.status, self.words, self.seconds = status, words, seconds


class Lost(Exception):  # noqa: N818 - as above
    """No answer came. ``sent`` tells whether the call may have arrived."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__("the connection broke" if sent else "no connection")
        self.sent = sent


_KINDS = ((_UNCHANGED, Unchanged), (_GONE, Gone), (_BLOCKED, Blocked), (_HANDLE, HandleRefusedError))


def ours(error: Refused | Lost) -> Exception:
    """What our side is told. Telegram's words carry no address; a library's might carry the token."""
    if isinstance(error, Lost):
        return Unanswered(str(error))
    if error.seconds is not None:
        return RetryAfter(error.seconds)
    if error.status == 401:  # noqa: PLR2004 - Unauthorized
        return TokenRefusedError()
    if error.status >= 500:  # noqa: PLR2004 - trouble of the API's own
        return Unanswered(error.words)
    for pattern, kind in _KINDS:
        if pattern.search(error.words):
            return kind(error.words)
    return Blocked(error.words) if error.status == 403 else ChannelError(error.words)  # noqa: PLR2004 - Forbidden
