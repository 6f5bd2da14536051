"""The sentences of the chat page itself, put into the person's language on the server."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tasks.words import Text, _

PAGE: Mapping[str, Text] = MappingProxyType(
    {
        "online": _("online"),
        "connecting": _("connecting…"),
        "offline": _("no connection: what you send waits here"),
        "see_as": _("See it as"),
        "worker": _("Worker"),
        "reviewer": _("Reviewer"),
        "admin": _("Admin"),
        "chat": _("Chat"),
        "write": _("Write a message"),
        "send": _("Send"),
        "attach": _("Send a file"),
        "commands": _("Commands"),
        "newest": _("To the newest message"),
        "enlarge": _("Enlarge the picture"),
        "close": _("Close"),
        "waiting": _("Waiting for the connection"),
        "download": _("Download"),
        "refused": _("That could not be sent. Please load the page again."),
        "too_big": _("Send a smaller file: at most 50 MB."),
        "you": _("You"),
        "crowd": _("The crowd"),
        "results": _("Download results"),
        "keyboard": _("Keys 1 to 9 press the buttons."),
        "picture": _("Picture"),
    }
)
"""Name in the page's script → sentence."""
