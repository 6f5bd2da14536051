"""All conversations there are."""

from handlers.admin.projects import PROJECTS
from handlers.evidence import EVIDENCE
from handlers.flow import Flows
from handlers.menu import MENU
from handlers.review import REVIEW
from handlers.welcome import WELCOME, hello
from handlers.work import WORK


def all_flows() -> Flows:
    """The registry, in the order in which a menu lists their commands."""
    return Flows((WELCOME, MENU, WORK, REVIEW, EVIDENCE, PROJECTS), hello)
