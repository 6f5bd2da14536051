"""All conversations there are."""

from handlers.admin.approvals import APPROVALS
from handlers.admin.audit import AUDIT
from handlers.admin.bonus import BONUS
from handlers.admin.broadcast import BROADCAST
from handlers.admin.budget import BUDGET
from handlers.admin.deeds import DEEDS
from handlers.admin.edit import EDIT
from handlers.admin.exports import EXPORTS
from handlers.admin.fits import FITS
from handlers.admin.new import NEW
from handlers.admin.payouts import PAYOUTS
from handlers.admin.people import PEOPLE
from handlers.admin.person import PERSON
from handlers.admin.projects import PROJECTS
from handlers.admin.rejections import REJECTIONS
from handlers.admin.roll import ROLL
from handlers.admin.schedule import SCHEDULE
from handlers.admin.spot import SPOT
from handlers.admin.stats import STATS
from handlers.admin.teaching import SUGGEST, TEACHING
from handlers.appeal import APPEAL_REVIEW
from handlers.consent import CONSENT
from handlers.delivered import DELIVERED
from handlers.evidence import EVIDENCE
from handlers.figures import FIGURES
from handlers.flow import Flows
from handlers.forget import FORGET
from handlers.invite import INVITE
from handlers.letter import LETTER
from handlers.me import ME
from handlers.menu import MENU
from handlers.my_data import MY_DATA
from handlers.outreach import OUTREACH
from handlers.payout import PAYOUT
from handlers.profile import PROFILE
from handlers.qualify import QUALIFY
from handlers.review import REVIEW
from handlers.review_answer import REVIEW_ANSWER
from handlers.sent_back import SENT_BACK
from handlers.stop import STOP
from handlers.wallet import WALLET
from handlers.welcome import WELCOME, hello
from handlers.work import WORK


def all_flows() -> Flows:
    """The registry, in the order in which a menu lists their commands."""
    own = (SENT_BACK, WALLET, PAYOUT, ME, FIGURES, PROFILE, OUTREACH, MY_DATA, FORGET)
    return Flows(
        (
            WELCOME,
            CONSENT,
            MENU,
            WORK,
            STOP,
            QUALIFY,
            DELIVERED,
            *own,
            LETTER,
            INVITE,
            REVIEW,
            REVIEW_ANSWER,
            APPEAL_REVIEW,
            SUGGEST,
            EVIDENCE,
            PROJECTS,
            EXPORTS,
            EDIT,
            FITS,
            NEW,
            STATS,
            BUDGET,
            BROADCAST,
            PEOPLE,
            ROLL,
            PERSON,
            DEEDS,
            BONUS,
            PAYOUTS,
            REJECTIONS,
            SPOT,
            TEACHING,
            APPROVALS,
            SCHEDULE,
            AUDIT,
        ),
        hello,
    )
