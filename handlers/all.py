"""All conversations there are."""

from handlers.admin.people import PEOPLE
from handlers.admin.projects import PROJECTS
from handlers.consent import CONSENT
from handlers.evidence import EVIDENCE
from handlers.flow import Flows
from handlers.invite import INVITE
from handlers.menu import MENU
from handlers.profile import PROFILE
from handlers.qualify import QUALIFY
from handlers.review import REVIEW
from handlers.welcome import WELCOME, hello
from handlers.work import WORK


def all_flows() -> Flows:
    """The registry, in the order in which a menu lists their commands."""
    return Flows((WELCOME, CONSENT, MENU, WORK, QUALIFY, PROFILE, INVITE, REVIEW, EVIDENCE, PROJECTS, PEOPLE), hello)
